"""Money in an account: balance transactions, what is available, and payouts."""

from __future__ import annotations

from collections.abc import Mapping

from inkdesk.practice.book import Book
from inkdesk.practice.errors import JsonObject
from inkdesk.practice.shapes import new_id

SETTLED_AFTER_S = 7 * 24 * 3600
_CATEGORIES = {
    "adjustment": "dispute",
    "application_fee": "platform_earning",
    "application_fee_refund": "platform_earning_refund",
    "payment": "charge",
    "payment_refund": "refund",
    "transfer_refund": "transfer_reversal",
}
_FEE_WORDS = {"application_fee": "Practice studio application fee", "stripe_fee": "Stripe processing fees"}


def add_transaction(
    book: Book,
    kind: str,
    amount: int,
    source: str,
    currency: str,
    *,
    fees: Mapping[str, int] | None = None,
    available_on: int | None = None,
) -> JsonObject:
    """Write a balance transaction.

    Args:
        book: the account.
        kind: Stripe's `type`.
        amount: minor units; money that leaves is negative.
        source: the id of what it is about.
        currency: ISO code in lower case.
        fees: minor units by kind of fee; a fee given back is negative.
        available_on: Unix seconds; by default money that comes settles after a week, money that leaves at once.
    """
    now = book.clock.now()
    details = [_fee_detail(name, part, currency) for name, part in (fees or {}).items() if part]
    fee = sum(int(detail["amount"]) for detail in details)
    when = available_on if available_on is not None else now + (SETTLED_AFTER_S if amount > 0 else 0)
    return book.add(
        "balance_transaction",
        amount=amount,
        available_on=when,
        currency=currency,
        fee=fee,
        fee_details=details,
        net=amount - fee,
        reporting_category=_CATEGORIES.get(kind, kind),
        source=source,
        status="available" if when <= now else "pending",
        type=kind,
    )


def _fee_detail(kind: str, amount: int, currency: str) -> JsonObject:
    application = "ca_Practice" if kind == "application_fee" else None
    return {
        "amount": amount,
        "application": application,
        "currency": currency,
        "description": _FEE_WORDS[kind],
        "type": kind,
    }


def settle_due(book: Book) -> None:
    """Make every transaction available whose time has come."""
    for transaction in book.every("balance_transaction"):
        if transaction["available_on"] <= book.clock.now():
            transaction["status"] = "available"


def _sums(book: Book, status: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for transaction in book.every("balance_transaction"):
        currency = str(transaction["currency"])
        if transaction["status"] == status:
            sums[currency] = sums.get(currency, 0) + int(transaction["net"])
    return sums


def available(book: Book, currency: str) -> int:
    """Return what an account can spend now, in minor units; it may be negative."""
    return _sums(book, "available").get(currency, 0)


def balance(book: Book) -> JsonObject:
    """Return an account's balance object."""
    by_status = {status: _sums(book, status) for status in ("available", "pending")}
    used = {currency for sums in by_status.values() for currency in sums} | {str(book.account["default_currency"])}

    def rows(status: str) -> list[JsonObject]:
        amounts = ((currency, by_status[status].get(currency, 0)) for currency in sorted(used))
        return [
            {"amount": amount, "currency": currency, "source_types": {"card": amount}} for currency, amount in amounts
        ]

    return {"object": "balance", "available": rows("available"), "livemode": False, "pending": rows("pending")}


def pay_out(book: Book, currency: str) -> str | None:
    """Send all that is available to the bank and return the payout's id; None if there is nothing."""
    amount = available(book, currency)
    if amount <= 0:
        return None
    payout = new_id("po_1")
    for transaction in [*book.every("balance_transaction")]:
        if transaction["status"] == "available" and transaction["currency"] == currency:
            book.secrets.setdefault(transaction["id"], {"payout": payout})
    sent = add_transaction(book, "payout", -amount, payout, currency)
    book.secrets[sent["id"]] = {"payout": payout}
    return payout


def set_available(book: Book, amount: int, currency: str) -> None:
    """Bring what is available to `amount` by one payout to the bank or one top-up from it."""
    missing = amount - available(book, currency)
    if missing:
        kind, prefix = ("topup", "tu_1") if missing > 0 else ("payout", "po_1")
        add_transaction(book, kind, missing, new_id(prefix), currency, available_on=book.clock.now())


def transactions(book: Book, payout: str | None) -> list[JsonObject]:
    """Return the account's transactions newest first; those of one payout if it is named."""
    rows = book.newest_first("balance_transaction")
    if payout is None:
        return rows
    return [row for row in rows if book.secrets.get(row["id"], {}).get("payout") == payout]
