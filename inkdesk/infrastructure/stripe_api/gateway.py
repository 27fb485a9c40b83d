"""The PaymentGateway over the ``stripe`` library."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from typing_extensions import override

from inkdesk.application.payment_gateway import (
    GatewayBusy,
    GatewayRefused,
    Hints,
    PaymentGateway,
    Reversal,
    no_pulse,
)
from inkdesk.application.stripe_key import check_key, shown_key
from inkdesk.domain.connect import AccountFacts
from inkdesk.domain.disputes import DisputeFacts
from inkdesk.domain.reconciling import ChargeFacts, RefundFacts, SessionFacts
from inkdesk.domain.spans import to_seconds
from inkdesk.domain.statement import BalanceLine
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.stripe_api import client as library
from inkdesk.infrastructure.stripe_api.backoff import Backoff
from inkdesk.infrastructure.stripe_api.facts import (
    account_facts,
    balance_line,
    charge_facts,
    dispute_facts,
    hint,
    id_of,
    refund_facts,
    reversal,
    seen_at,
    session_facts,
    was_disputed,
    was_refunded,
)
from inkdesk.infrastructure.stripe_api.failures import as_failure

if TYPE_CHECKING:
    from stripe import StripeClient

EVENT_TYPES: Final = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "charge.refunded",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "account.updated",
    "charge.dispute.funds_reinstated",
)
PAGE: Final = 100
_WITH_CHARGE: Final = ["payment_intent.latest_charge.balance_transaction"]
_T = TypeVar("_T")
_Call = Callable[["StripeClient"], _T]
_ListPage = Callable[["StripeClient", Any], Any]
_log = logging.getLogger(__name__)


class StripeGateway(PaymentGateway):
    """Stripe, or the practice server at ``base_url``; may be used from any thread, each has its own connection.

    The library repeats a call ``retries`` times on time-outs, 409 and 5xx with the same key; after a 429 every
    call fails with GatewayBusy until the back-off is over.
    """

    def __init__(
        self,
        key: str,
        mode: Mode,
        *,
        base_url: str | None = None,
        retries: int = 2,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        check_key(key, mode)
        if (mode is Mode.PRACTICE) is not (base_url is not None):
            raise ValueError("practice talks to the practice server, everything else to Stripe")
        if base_url is not None and not library.is_loopback(base_url):
            raise ValueError("a key is sent to Stripe or to this computer only")
        self._key = key
        self._mode = mode
        self._base_url = base_url
        self._retries = retries
        self._backoff = Backoff(monotonic)
        self._lock = threading.Lock()
        self._reads = 0
        self._sessions: list[Any] = []
        self._here = threading.local()

    @override
    def __repr__(self) -> str:
        """The gateway without its key."""
        return f"<StripeGateway {self._mode} {shown_key(self._key)}>"

    @property
    @override
    def mode(self) -> Mode:
        return self._mode

    @override
    def create_session(self, params: Mapping[str, object], key: str, account: str = "") -> SessionFacts:
        sent: Any = dict(params)
        answer = self._call(lambda client: client.v1.checkout.sessions.create(sent, _options(account, key)))
        if _is_replayed(answer):  # as it was when it was made: it may be paid or over by now
            return self.session(answer["id"], account)
        return session_facts(answer.to_dict(), _seen(answer))

    @override
    def session(self, session_id: str, account: str = "") -> SessionFacts:
        answer = self._call(
            lambda client: client.v1.checkout.sessions.retrieve(
                session_id, {"expand": list(_WITH_CHARGE)}, _options(account)
            )
        )
        whole = answer.to_dict()
        intent_id = id_of(whole.get("payment_intent"))
        disputes = self._disputes({"payment_intent": intent_id}, account) if was_disputed(whole) else ()
        refunds = self.refunds_of(intent_id, account) if was_refunded(whole) else ()
        return session_facts(whole, _seen(answer), disputes, refunds)

    @override
    def charge(self, charge_id: str, account: str = "") -> ChargeFacts:
        params: Any = {"expand": ["balance_transaction"]}
        answer = self._call(lambda client: client.v1.charges.retrieve(charge_id, params, _options(account)))
        disputes = self._disputes({"charge": charge_id}, account) if answer["disputed"] else ()
        return charge_facts(answer.to_dict(), disputes)

    @override
    def expire_session(self, session_id: str, account: str = "") -> None:
        self._call(lambda client: client.v1.checkout.sessions.expire(session_id, {}, _options(account)))

    @override
    def sessions_since(self, created_from: datetime, account: str = "") -> Sequence[SessionFacts]:
        return [facts for page in self.session_pages(created_from, account) for facts in page]

    @override
    def session_pages(self, created_from: datetime, account: str = "") -> Iterator[Sequence[SessionFacts]]:
        asked = {"created": {"gte": to_seconds(created_from)}}
        pages = self._pages(lambda client, params: client.v1.checkout.sessions.list(params, _options(account)), asked)
        return ([session_facts(row, seen) for row in rows] for rows, seen in pages)

    @override
    def reversals_since(
        self, created_from: datetime, account: str = "", *, pulse: Callable[[], None] = no_pulse
    ) -> Sequence[Reversal]:
        asked, options = {"created": {"gte": to_seconds(created_from)}}, _options(account)
        lists: tuple[_ListPage, ...] = (
            lambda client, params: client.v1.refunds.list(params, options),
            lambda client, params: client.v1.disputes.list(params, options),
        )
        return [reversal(row) for each in lists for rows, _ in self._pages(each, asked, pulse) for row in rows]

    @override
    def hints_since(self, created_from: datetime, account: str = "", *, pulse: Callable[[], None] = no_pulse) -> Hints:
        asked = {"types": list(EVENT_TYPES), "created": {"gte": to_seconds(created_from)}}
        options = _options(account)
        pages = list(self._pages(lambda client, params: client.v1.events.list(params, options), asked, pulse))
        newest_first = [hint(row) for rows, _ in pages for row in rows]
        return Hints(newest_first[::-1], pages[0][1])

    @override
    def create_refund(self, params: Mapping[str, object], key: str, account: str = "") -> RefundFacts:
        sent: Any = dict(params)
        return refund_facts(self._call(lambda client: client.v1.refunds.create(sent, _options(account, key))).to_dict())

    @override
    def refunds_of(self, intent_id: str, account: str = "") -> Sequence[RefundFacts]:
        pages = self._pages(
            lambda client, params: client.v1.refunds.list(params, _options(account)), {"payment_intent": intent_id}
        )
        return [refund_facts(row) for rows, _ in pages for row in rows][::-1]

    @override
    def balance_lines(
        self, since: datetime, until: datetime, account: str = "", source_id: str = ""
    ) -> Sequence[BalanceLine]:
        asked: dict[str, object] = {"created": {"gte": to_seconds(since), "lt": to_seconds(until)}}
        if source_id:
            asked["source"] = source_id
        pages = self._pages(
            lambda client, params: client.v1.balance_transactions.list(params, _options(account)), asked
        )
        return [balance_line(row) for rows, _ in pages for row in rows]

    @override
    def account(self, account_id: str = "") -> AccountFacts:
        answer: Any = self._call(
            lambda client: (
                client.v1.accounts.retrieve(account_id) if account_id else client.v1.accounts.retrieve_current()
            )
        )
        return account_facts(answer.to_dict())

    @override
    def probe(self, right: str) -> None:
        with suppress(GatewayRefused):
            self._call(_PROBES[right])

    @override
    def take_reads(self) -> int:
        with self._lock:
            taken, self._reads = self._reads, 0
        return taken

    def close(self) -> None:
        """Let every connection of every thread go; calls made later open new ones."""
        with self._lock:
            sessions, self._sessions = self._sessions, []
            self._here = threading.local()
        for session in sessions:
            session.close()

    def _disputes(self, asked: Mapping[str, object], account: str) -> list[DisputeFacts]:
        pages = self._pages(lambda client, params: client.v1.disputes.list(params, _options(account)), asked)
        return [dispute_facts(row) for rows, _ in pages for row in rows]

    def _pages(
        self, list_page: "_ListPage", asked: Mapping[str, object], pulse: Callable[[], None] = no_pulse
    ) -> Iterator[tuple[list[dict[str, Any]], datetime]]:
        params: dict[str, object] = {**asked, "limit": PAGE}
        while True:
            pulse()
            page = self._call(_page_call(list_page, dict(params)))
            rows: list[dict[str, Any]] = [row.to_dict() for row in page["data"]]
            yield rows, _seen(page)
            if not page["has_more"] or not rows:
                return
            params = {**params, "starting_after": rows[-1]["id"]}

    def _call(self, call: _Call[_T]) -> _T:
        import stripe  # noqa: PLC0415 - slow to import, see the package

        if self._backoff.is_on:
            raise GatewayBusy
        try:
            answer = call(self._client())
        except stripe.StripeError as error:
            failure = as_failure(error)
            _log.info("stripe %s: %s, status %s", error.request_id or "-", type(failure).__name__, error.http_status)
            if isinstance(failure, GatewayBusy):
                self._backoff.begin()
            raise failure from None
        self._backoff.end()
        return answer

    def _count_read(self) -> None:
        with self._lock:
            self._reads += 1

    def _client(self) -> "StripeClient":
        found: StripeClient | None = getattr(self._here, "client", None)
        if found is None:
            session = library.new_session(self._base_url)
            found = self._here.client = library.new_client(
                self._key, self._base_url, session, self._retries, self._count_read
            )
            with self._lock:
                self._sessions.append(session)
        return found


def _page_call(list_page: _ListPage, params: dict[str, object]) -> _Call[Any]:
    return lambda client: list_page(client, params)


def _is_replayed(answer: Any) -> bool:  # noqa: ANN401 - any object of the library
    """Whether this is the saved answer of an earlier call with the same key."""
    return bool(answer.last_response.headers.get("Idempotent-Replayed") == "true")


def _seen(answer: Any) -> datetime:  # noqa: ANN401 - any object of the library
    return seen_at(answer.last_response.headers)


def _options(account: str, key: str = "") -> Any:  # noqa: ANN401 - the library's options are a private type
    options: dict[str, str] = {}
    if account:
        options["stripe_account"] = account
    if key:
        options["idempotency_key"] = key
    return options


_NOTHING = "inkdesk_probe"
_PROBES: dict[str, Callable[["StripeClient"], object]] = {
    "rak_checkout_session_write": lambda client: client.v1.checkout.sessions.expire(f"cs_{_NOTHING}"),
    "rak_payment_intent_read": lambda client: client.v1.payment_intents.retrieve(f"pi_{_NOTHING}"),
    "rak_charge_write": lambda client: client.v1.charges.update(f"ch_{_NOTHING}"),
    "rak_refund_write": lambda client: client.v1.refunds.create({"payment_intent": f"pi_{_NOTHING}"}),
    "rak_event_read": lambda client: client.v1.events.list({"limit": 1}),
    "rak_dispute_read": lambda client: client.v1.disputes.list({"limit": 1}),
    "rak_balance_read": lambda client: client.v1.balance.retrieve(),
    "rak_connected_account_read": lambda client: client.v1.accounts.retrieve_current(),
}
"""Calls that change nothing, about objects that do not exist; a right that is there answers, or finds none."""
