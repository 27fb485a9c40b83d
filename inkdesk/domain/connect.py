"""Whose account a payment goes to: the studio's, an artist's by way of the studio's, or an artist's own."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from inkdesk.domain.accounts import ChargeWay, StripeAccount
from inkdesk.domain.errors import StripeNotConfigured, ValidationError
from inkdesk.domain.message import Message, message
from inkdesk.domain.money import Money, card_step
from inkdesk.domain.payments import Payment

WHOLE_POINTS: Final = 10_000
"""Basis points of a whole: a fee of 100 percent."""
NO_ACCESS: Final = "no_access"
NO_CHARGES: Final = "charges_disabled"
CARD_PAYMENTS: Final = "card_payments"
TRANSFERS: Final = "transfers"
_LONGEST_ID: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How one payment travels.

    ``account`` is whose charge it is ("" = the studio's), ``destination`` where Stripe hands the money on to ("" =
    nowhere), ``fee_minor`` what the studio keeps of it in minor units, None = no fee.
    """

    way: ChargeWay = ChargeWay.OWN
    account: str = ""
    destination: str = ""
    fee_minor: int | None = None


STUDIO_ROUTE: Final = Route()
"""A charge of the studio's own, whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """An account as Stripe just told it.

    ``card_payments`` and ``transfers`` are Stripe's words for these capabilities (active, inactive, pending), "" if the
    account never asked for one; ``disabled_reason`` is Stripe's word for what keeps it from charging.
    """

    account_id: str
    name: str
    charges_enabled: bool
    card_payments: str = ""
    transfers: str = ""
    disabled_reason: str = ""


def fee_of(amount: Money, basis_points: int) -> int:
    """What the studio keeps of ``amount``, in minor units: rounded down to what a card can be charged.

    So an artist never gives more than the share agreed on. Three-decimal currencies go by tens, as cards do.
    """
    step = card_step(amount.currency)
    return amount.amount_minor * basis_points // WHOLE_POINTS // step * step


def route_for(
    own: StripeAccount | None, theirs: StripeAccount | None, amount: Money, *, studio: str, artist: str
) -> Route:
    """How a payment of ``amount`` travels, by the studio's account (None: never seen) and the artist's (None: none).

    ``studio`` and ``artist`` are names. Raises StripeNotConfigured with what is missing if an account on the way
    cannot take card payments by Stripe's last word.
    """
    route = _route(theirs, amount)
    if theirs is not None and route.way is not ChargeWay.OWN and not theirs.is_ready:
        raise StripeNotConfigured(problem_words(theirs, artist))
    if own is not None and route.way is not ChargeWay.DIRECT and own.checked_at is not None and not own.is_ready:
        raise StripeNotConfigured(problem_words(own, studio))
    return route


def _route(theirs: StripeAccount | None, amount: Money) -> Route:
    if theirs is None or theirs.way is ChargeWay.OWN:
        return STUDIO_ROUTE
    fee = fee_of(amount, theirs.fee_basis_points or 0) or None
    if theirs.way is ChargeWay.DIRECT:
        return Route(way=theirs.way, account=theirs.account_id, fee_minor=fee)
    return Route(way=theirs.way, destination=theirs.account_id, fee_minor=fee)


def problem_of(facts: AccountFacts | None, way: ChargeWay) -> str:
    """What keeps an account from being paid in this way, "" if nothing does; ``facts`` None: Stripe shows none.

    The answer is a word to store; ``problem_words`` says it to people.
    """
    if facts is None:
        return NO_ACCESS
    if way is ChargeWay.DESTINATION:
        return "" if facts.transfers == "active" else f"{TRANSFERS}:{facts.transfers}"
    if not facts.charges_enabled:
        return f"{NO_CHARGES}:{facts.disabled_reason}"
    return "" if facts.card_payments == "active" else f"{CARD_PAYMENTS}:{facts.card_payments}"


def problem_words(account: StripeAccount, owner: str) -> Message:
    """What is missing at an account that is not ready, and what to do; ``owner`` is whose it is."""
    if account.checked_at is None:
        return message(
            "{owner}'s Stripe account was not checked yet. Check it in Settings, Artists' accounts.", owner=owner
        )
    kind, _, detail = account.problem.partition(":")
    if kind == NO_ACCESS:
        return message(
            "InkDesk cannot reach {owner}'s Stripe account {account}. "
            "Connect it to the studio at Stripe, then check it in Settings, Artists' accounts.",
            owner=owner,
            account=account.account_id,
        )
    if kind == NO_CHARGES:
        return message(
            "Stripe lets {owner}'s account take no payments at present ({reason}). "
            "Answer what Stripe asks there, then check it in Settings, Artists' accounts.",
            owner=owner,
            reason=detail or kind,
        )
    return message(
        "{owner}'s Stripe account lacks the capability {capability} ({status}). "
        "Ask for it at Stripe, then check the account in Settings, Artists' accounts.",
        owner=owner,
        capability=kind,
        status=detail or "not asked for",
    )


def unchecked(account: StripeAccount) -> StripeAccount:
    """The account before Stripe was asked about it."""
    return replace(account, is_ready=False, problem="", checked_at=None)


def check_account(account: StripeAccount) -> None:
    """Raise ValidationError for an artist's account that cannot be right; nothing is asked."""
    name = account.account_id
    is_id = name.startswith("acct_") and name.isascii() and name[5:].isalnum() and len(name) <= _LONGEST_ID
    if not is_id and (name or account.way is not ChargeWay.OWN):
        raise ValidationError(
            message("An account begins with acct_. Copy it from Stripe, Connect, Accounts."), field="account_id"
        )
    if account.fee_basis_points is not None and not 0 <= account.fee_basis_points <= WHOLE_POINTS:
        raise ValidationError(message("A fee lies between 0 and 100 percent."), field="fee")


def asked_accounts(accounts: Iterable[StripeAccount], unfinished: Iterable[Payment]) -> tuple[str, ...]:
    """Connected accounts whose events and sessions are to be read beside the studio's own.

    Those are the ones that are charged directly, and any that has a payment not finished.
    """
    direct = {one.account_id for one in accounts if one.artist_id is not None and one.way is ChargeWay.DIRECT}
    return tuple(sorted((direct | {payment.account for payment in unfinished}) - {""}))
