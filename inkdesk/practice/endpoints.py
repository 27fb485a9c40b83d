"""The API's endpoints: what each needs and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inkdesk.practice import balance, checkout, lists, refunds
from inkdesk.practice.bank import Bank
from inkdesk.practice.book import Book
from inkdesk.practice.errors import ApiError, JsonObject, invalid


@dataclass(frozen=True)
class Call:
    """One authenticated, checked request."""

    bank: Bank
    book: Book
    params: JsonObject
    object_id: str = ""


@dataclass(frozen=True)
class Endpoint:
    """One row of the API: `METHOD /path`, the right it needs, and what answers it."""

    name: str
    right: str
    run: Callable[[Call], JsonObject]
    makes: str = ""
    """The kind of object that a POST answers with."""

    @property
    def method(self) -> str:
        """Return the HTTP method."""
        return self.name.partition(" ")[0]

    @property
    def path(self) -> str:
        """Return the path with its id in braces."""
        return self.name.partition(" ")[2]


def _list_of(kind: str, url: str) -> Callable[[Call], JsonObject]:
    def run(call: Call) -> JsonObject:
        return lists.page(kind, url, call.book.newest_first(kind), call.params)

    return run


def _one(kind: str, param: str) -> Callable[[Call], JsonObject]:
    def run(call: Call) -> JsonObject:
        return call.book.get(kind, call.object_id, param)

    return run


def _create_session(call: Call) -> JsonObject:
    return checkout.create(call.book, call.params, call.bank.base_url)


def _expire_session(call: Call) -> JsonObject:
    return checkout.expire(call.book, call.book.get("checkout.session", call.object_id, "session"))


def _session_items(call: Call) -> JsonObject:
    session = call.book.get("checkout.session", call.object_id, "session")
    items: list[JsonObject] = checkout.line_items(call.book, session)["data"]
    return lists.page("item", f"/v1/checkout/sessions/{call.object_id}/line_items", items, call.params)


def _update_charge(call: Call) -> JsonObject:
    charge = call.book.get("charge", call.object_id, "charge")
    unplayed = sorted(call.params.keys() - {"description", "metadata"})
    if unplayed:
        raise invalid(f"The practice server does not play this parameter: {unplayed[0]}", param=unplayed[0])
    if "description" in call.params:
        charge["description"] = call.params["description"]
    charge["metadata"] |= call.params.get("metadata") or {}
    return charge


def _create_refund(call: Call) -> JsonObject:
    return refunds.create(call.book, call.params)


def _event(call: Call) -> JsonObject:
    return call.book.feed.get(call.book.account_id, call.object_id, call.bank.clock.now())


def _account(call: Call) -> JsonObject:
    return call.book.account


def _named_account(call: Call) -> JsonObject:
    if call.object_id == call.book.account_id:
        return call.book.account
    peer = call.book.peers.get(call.object_id)
    if peer is None or peer.is_gone:
        raise ApiError(
            403,
            f"The provided key does not have access to account '{call.object_id}' (or that account does not exist). "
            "Application access may have been revoked.",
            code="account_invalid",
        )
    return peer.account


def _balance(call: Call) -> JsonObject:
    return balance.balance(call.book)


def _balance_transactions(call: Call) -> JsonObject:
    filters = {name: value for name, value in call.params.items() if name != "payout"}
    rows = balance.transactions(call.book, call.params.get("payout"))
    return lists.page("balance_transaction", _TRANSACTIONS, rows, filters)


_SESSIONS = "/v1/checkout/sessions"
_TRANSACTIONS = "/v1/balance_transactions"
ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(f"POST {_SESSIONS}", "rak_checkout_session_write", _create_session, "checkout.session"),
    Endpoint(f"GET {_SESSIONS}", "rak_checkout_session_read", _list_of("checkout.session", _SESSIONS)),
    Endpoint(f"GET {_SESSIONS}/{{session}}", "rak_checkout_session_read", _one("checkout.session", "session")),
    Endpoint(f"POST {_SESSIONS}/{{session}}/expire", "rak_checkout_session_write", _expire_session, "checkout.session"),
    Endpoint(f"GET {_SESSIONS}/{{session}}/line_items", "rak_checkout_session_read", _session_items),
    Endpoint(
        "GET /v1/payment_intents",
        "rak_payment_intent_read",
        _list_of("payment_intent", "/v1/payment_intents"),
    ),
    Endpoint(
        "GET /v1/payment_intents/{intent}",
        "rak_payment_intent_read",
        _one("payment_intent", "intent"),
    ),
    Endpoint("GET /v1/charges", "rak_charge_read", _list_of("charge", "/v1/charges")),
    Endpoint("GET /v1/charges/{charge}", "rak_charge_read", _one("charge", "id")),
    Endpoint("POST /v1/charges/{charge}", "rak_charge_write", _update_charge),
    Endpoint("POST /v1/refunds", "rak_refund_write", _create_refund, "refund"),
    Endpoint("GET /v1/refunds", "rak_refund_read", _list_of("refund", "/v1/refunds")),
    Endpoint("GET /v1/refunds/{refund}", "rak_refund_read", _one("refund", "id")),
    Endpoint("GET /v1/events", "rak_event_read", _list_of("event", "/v1/events")),
    Endpoint("GET /v1/events/{id}", "rak_event_read", _event),
    Endpoint("GET /v1/disputes", "rak_dispute_read", _list_of("dispute", "/v1/disputes")),
    Endpoint("GET /v1/disputes/{dispute}", "rak_dispute_read", _one("dispute", "id")),
    Endpoint("GET /v1/balance", "rak_balance_read", _balance),
    Endpoint(
        f"GET {_TRANSACTIONS}",
        "rak_balance_read",
        _balance_transactions,
    ),
    Endpoint("GET /v1/balance_transactions/{id}", "rak_balance_read", _one("balance_transaction", "id")),
    Endpoint("GET /v1/account", "rak_connected_account_read", _account),
    Endpoint("GET /v1/accounts/{account}", "rak_connected_account_read", _named_account),
)
