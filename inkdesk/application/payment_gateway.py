"""The port to Stripe: what InkDesk asks of it, and the ways it can fail.

Facts that come back are the domain's (``inkdesk.domain.reconciling``). A failure never tells that nothing
happened: after GatewayUnreachable the call may have worked, so it is repeated word for word with its saved key.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from inkdesk.domain.connect import AccountFacts
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.message import Message, message
from inkdesk.domain.reconciling import ChargeFacts, RefundFacts, SessionFacts
from inkdesk.domain.statement import BalanceLine
from inkdesk.domain.studio import Mode

REFUND_KEY: Final = "inkdesk_refund"
"""The metadata field by which a refund of ours is found again at Stripe."""


class GatewayFailure(InkDeskError):
    """Stripe did not do what was asked. ``seen_at`` is Stripe's time of its answer, None if it gave none."""

    def __init__(self, code: ErrorCode, sentence: Message, *, seen_at: datetime | None = None) -> None:
        super().__init__(code, sentence)
        self.seen_at = seen_at


class GatewayUnreachable(GatewayFailure):
    """No answer, a server's failure, or something that is not Stripe answered: try again later."""

    def __init__(self, *, seen_at: datetime | None = None) -> None:
        super().__init__(
            ErrorCode.INTERNAL_ERROR,
            message("Stripe cannot be reached. Nothing is lost: InkDesk tries again until it answers."),
            seen_at=seen_at,
        )


class GatewayBroken(GatewayUnreachable):
    """Stripe answered this one call with a failure of its own (5xx), perhaps one that it keeps for the call's key.

    The call may have worked all the same; other calls may well be answered.
    """


class GatewayInFlight(GatewayBroken):
    """Stripe is still carrying out an earlier call with the same key: its answer is not known yet, ask again later."""


class GatewayBusy(GatewayFailure):
    """Stripe asks for fewer requests (429), or our back-off after one is not over."""

    def __init__(self, *, seen_at: datetime | None = None) -> None:
        super().__init__(
            ErrorCode.INTERNAL_ERROR,
            message("Stripe is busy. Nothing is lost: InkDesk tries again in a moment."),
            seen_at=seen_at,
        )


class GatewayRefused(GatewayFailure):
    """Stripe understood and said no, in the words ``answer``.

    ``reason`` is its code, ``param`` the parameter at fault ("" = none named).
    """

    def __init__(
        self,
        reason: str,
        answer: str,
        *,
        param: str = "",
        seen_at: datetime | None = None,
        sentence: Message | None = None,
    ) -> None:
        told = sentence or message("Stripe refused the request: {answer}", answer=answer)
        super().__init__(ErrorCode.PAYMENT_MISMATCH, told, seen_at=seen_at)
        self.reason = reason
        self.answer = answer
        self.param = param

    @property
    def is_about_account(self) -> bool:
        """Whether the account may not do this at present: the request itself is right, and may work another day."""
        return self.reason in _ACCOUNT_REASONS or "cannot currently make" in self.answer

    @property
    def is_for_now(self) -> bool:
        """Whether the same request may well work later: the account lacks money or leave."""
        return self.is_about_account or self.reason in _MONEY_REASONS or bool(_NO_MONEY.search(self.answer))


_ACCOUNT_REASONS: Final = frozenset(
    {
        "account_closed",
        "account_invalid",
        "insufficient_capabilities_for_transfer",
        "platform_account_required",
        "testmode_charges_only",
        "transfers_not_allowed",
    }
)
_MONEY_REASONS: Final = frozenset({"balance_insufficient", "insufficient_funds"})
_NO_MONEY: Final = re.compile("insufficient (funds|balance)|sufficient balance", re.IGNORECASE)
"""Stripe gives no code with some of these refusals."""


class GatewayMissing(GatewayRefused):
    """Stripe does not know the object: the key is another account's, or the practice server forgot it."""

    def __init__(self, answer: str, *, param: str = "", seen_at: datetime | None = None) -> None:
        sentence = message(
            "Stripe does not know this payment, so nothing was changed. "
            "If the Stripe account was changed, enter the former account's key in Settings, Stripe, and try again."
        )
        super().__init__("resource_missing", answer, param=param, seen_at=seen_at, sentence=sentence)


class GatewayNoAccount(GatewayRefused):
    """The key may not act for the connected account of this one call: it was disconnected, or never connected.

    Calls for other accounts go on; what waits for this one waits until it is connected again.
    """

    def __init__(self, answer: str, *, seen_at: datetime | None = None) -> None:
        sentence = message(
            "InkDesk cannot reach the artist's Stripe account. "
            "Connect it to the studio at Stripe, then check it in Settings, Artists' accounts."
        )
        super().__init__("account_invalid", answer, seen_at=seen_at, sentence=sentence)
        self.code = ErrorCode.STRIPE_NOT_CONFIGURED


class GatewayNotAllowed(GatewayFailure):
    """The key is unknown or revoked (``right`` is ""), or lacks ``right`` (Stripe's ``rak_...`` name)."""

    def __init__(self, right: str = "", *, seen_at: datetime | None = None) -> None:
        sentence = (
            message("The Stripe key lacks the right {right}. Add it at Stripe, or enter another key.", right=right)
            if right
            else message("Stripe does not accept the key. Enter a valid one in Settings, Stripe.")
        )
        super().__init__(ErrorCode.STRIPE_NOT_CONFIGURED, sentence, seen_at=seen_at)
        self.right = right


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """An event: something happened to a session or a payment intent, go and look. ``created_s`` is POSIX seconds.

    ``recovered_from`` is the expired session that Stripe made this one from, "" for most. ``account_id`` is the account
    that changed, "" if the event is about money.
    """

    event_id: str
    kind: str
    session_id: str
    intent_id: str
    created_s: int
    recovered_from: str = ""
    account_id: str = ""


@dataclass(frozen=True, slots=True)
class Hints:
    """Events, oldest first, and Stripe's time of the answer."""

    events: Sequence[Hint]
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """A refund or a dispute of a payment intent, as a list tells it.

    ``status`` is the value of a ``RefundStatus``, or Stripe's word for a dispute.
    """

    stripe_id: str
    intent_id: str
    status: str
    is_dispute: bool


def no_pulse() -> None:
    """For a caller that has nothing to do between two pages."""


class PaymentGateway(Protocol):
    """Stripe. Every call may raise a GatewayFailure. ``account`` is a connected account, "" the studio's own."""

    @property
    def mode(self) -> Mode:
        """What kind of money the key moves."""
        ...

    def create_session(self, params: Mapping[str, object], key: str, account: str = "") -> SessionFacts:
        """Make a checkout session; the same ``key`` and ``params`` always give the same session, as it stands now."""
        ...

    def session(self, session_id: str, account: str = "") -> SessionFacts:
        """The session with its charge and fee, freshly fetched."""
        ...

    def expire_session(self, session_id: str, account: str = "") -> None:
        """End an open session; GatewayRefused if it is not open any more."""
        ...

    def charge(self, charge_id: str, account: str = "") -> ChargeFacts:
        """A charge with its fee, freshly fetched."""
        ...

    def sessions_since(self, created_from: datetime, account: str = "") -> Sequence[SessionFacts]:
        """Every session made since then, without charges, newest first."""
        ...

    def session_pages(self, created_from: datetime, account: str = "") -> Iterator[Sequence[SessionFacts]]:
        """As ``sessions_since``, a hundred at a time: each page is one read, made when it is asked for."""
        ...

    def reversals_since(
        self, created_from: datetime, account: str = "", *, pulse: Callable[[], None] = no_pulse
    ) -> Sequence[Reversal]:
        """Every refund and dispute made since then: two lists. ``pulse`` is called before each page."""
        ...

    def hints_since(self, created_from: datetime, account: str = "", *, pulse: Callable[[], None] = no_pulse) -> Hints:
        """Events that matter to payments, made since then; a connected account has events of its own.

        ``pulse`` is called before each page.
        """
        ...

    def create_refund(self, params: Mapping[str, object], key: str, account: str = "") -> RefundFacts:
        """Give money back; the same ``key`` and ``params`` give it back once."""
        ...

    def refunds_of(self, intent_id: str, account: str = "") -> Sequence[RefundFacts]:
        """Every refund of a payment intent, oldest first."""
        ...

    def balance_lines(
        self, since: datetime, until: datetime, account: str = "", source_id: str = ""
    ) -> Sequence[BalanceLine]:
        """Balance transactions from ``since`` on and before ``until``, newest first; of one source if it is named."""
        ...

    def account(self, account_id: str = "") -> AccountFacts:
        """An account as it stands now: a connected one, or the key's own ("").

        GatewayNoAccount if the key does not reach it, GatewayNotAllowed if it may not look at accounts at all.
        """
        ...

    def probe(self, right: str) -> None:
        """Find out, changing nothing, whether the key has a right; GatewayNotAllowed if not."""
        ...

    def take_reads(self) -> int:
        """How many reads were spent since this was last asked."""
        ...


GatewayOf = Callable[[], PaymentGateway]
"""The gateway of the present key; raises StripeNotConfigured or SecretStoreUnavailable if there is none."""
