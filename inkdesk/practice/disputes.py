"""Disputes: a payer's bank asks, takes the money, and decides."""

from __future__ import annotations

from typing import Literal

from inkdesk.practice.balance import add_transaction
from inkdesk.practice.book import Book
from inkdesk.practice.errors import JsonObject, WrongStateError
from inkdesk.practice.refunds import fail

DisputeStatus = Literal[
    "warning_needs_response",
    "warning_under_review",
    "warning_closed",
    "needs_response",
    "under_review",
    "won",
    "lost",
]
DISPUTE_FEE_MINOR = 2000
ANSWER_WITHIN_S = 20 * 24 * 3600
CLOSED = frozenset({"warning_closed", "won", "lost"})
_NEXT: dict[str, frozenset[str]] = {
    "warning_needs_response": frozenset({"warning_under_review", "warning_closed", "needs_response"}),
    "warning_under_review": frozenset({"warning_closed", "needs_response"}),
    "needs_response": frozenset({"under_review", "won", "lost"}),
    "under_review": frozenset({"won", "lost"}),
}


def open_dispute(book: Book, charge: JsonObject, status: DisputeStatus = "needs_response") -> JsonObject:
    """Let the payer's bank dispute what is left of a charge and return the dispute.

    A warning (an inquiry) moves no money; anything later has taken it, and refunds that were still pending have failed.

    Raises:
        WrongStateError: the charge was never paid, nothing is left of it, or it is disputed already.
    """
    held_back = sum(int(refund["amount"]) for refund in _pending(book, charge["id"]))
    amount = int(charge["amount"]) - int(charge["amount_refunded"]) + held_back
    if not charge["paid"] or charge["disputed"] or amount < 1:
        raise WrongStateError(f"{charge['id']} cannot be disputed")
    first = "warning_needs_response" if status.startswith("warning") else "needs_response"
    made = book.add(
        "dispute",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        is_charge_refundable=first != "needs_response",
        payment_intent=charge["payment_intent"],
        status=first,
    )
    made["evidence_details"]["due_by"] = book.clock.now() + ANSWER_WITHIN_S
    charge["disputed"] = True
    book.emit("charge.dispute.created", made)
    if first == "needs_response":
        _withdraw(book, made)
    if status != first:
        advance(book, made, status)
    return made


def _pending(book: Book, charge_id: str) -> list[JsonObject]:
    return [made for made in book.every("refund") if made["charge"] == charge_id and made["status"] == "pending"]


def advance(book: Book, made: JsonObject, status: DisputeStatus, *, at: int | None = None) -> None:
    """Move a dispute on to another status, with the money and the events that go with it.

    Raises:
        WrongStateError: it cannot go there from where it is.
    """
    before = str(made["status"])
    if status not in _NEXT.get(before, ()):
        raise WrongStateError(f"{made['id']} is {before}")
    made["status"] = status
    if status.endswith("under_review"):
        made["evidence_details"] |= {"has_evidence": True, "submission_count": 1}
    if status not in CLOSED:
        book.emit("charge.dispute.updated", made, at=at, status=before)
    if status == "needs_response":
        made["is_charge_refundable"] = False
        _withdraw(book, made)
    if status == "won":
        _move(book, made, 1, 0)
        book.emit("charge.dispute.funds_reinstated", made, at=at)
    if status in CLOSED:
        book.emit("charge.dispute.closed", made, at=at)


def close_due(book: Book) -> None:
    """End every dispute that nobody answered in time: a warning is dropped, a chargeback is lost."""
    for made in book.every("dispute"):
        details, status = made["evidence_details"], made["status"]
        if details["due_by"] <= book.clock.now() and status in {"needs_response", "warning_needs_response"}:
            details["past_due"] = True
            advance(book, made, "lost" if status == "needs_response" else "warning_closed", at=details["due_by"])


def _withdraw(book: Book, made: JsonObject) -> None:
    for refund in _pending(book, made["charge"]):
        fail(book, refund, "charge_for_pending_refund_disputed")
    _move(book, made, -1, DISPUTE_FEE_MINOR)
    book.emit("charge.dispute.funds_withdrawn", made)


def _move(book: Book, made: JsonObject, sign: int, fee: int) -> None:
    amount = sign * int(made["amount"])
    fees = {"stripe_fee": fee}
    transaction = add_transaction(book, "adjustment", amount, made["id"], str(made["currency"]), fees=fees)
    if sign > 0:
        transaction["reporting_category"] = "dispute_reversal"
    made["balance_transactions"] = [*made["balance_transactions"], transaction]
