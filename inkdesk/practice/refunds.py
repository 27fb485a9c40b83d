"""Refunds and disputes: money that goes back."""

from __future__ import annotations

from typing import Literal

from inkdesk.practice.book import Book
from inkdesk.practice.errors import ApiError, JsonObject, WrongStateError, invalid
from inkdesk.practice.money import written
from inkdesk.practice.payments import add_transaction
from inkdesk.practice.shapes import new_id

RefundOutcome = Literal["succeeded", "pending", "failed"]
DISPUTE_FEE_MINOR = 2000
_ANSWER_WITHIN_S = 20 * 24 * 3600


def create(book: Book, params: JsonObject, outcome: RefundOutcome) -> JsonObject:
    """Refund a charge in full or in part; `outcome` is what becomes of it.

    Raises:
        ApiError: there is nothing to refund, or less than asked for.
    """
    unplayed = sorted(params.keys() & {"currency", "customer", "instructions_email", "origin"})
    if unplayed:
        raise invalid(f"The practice server does not play this parameter: {unplayed[0]}", param=unplayed[0])
    charge = _charge(book, params)
    amount = _amount(charge, params.get("amount"))
    _check_connect(charge, params)
    refund = book.add(
        "refund",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        metadata=params.get("metadata") or {},
        payment_intent=charge["payment_intent"],
        reason=params.get("reason"),
        status="pending",
    )
    refund["destination_details"] = {
        "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"},
        "type": "card",
    }
    if params.get("reverse_transfer"):
        refund["transfer_reversal"] = new_id("trr_1")
    _count(charge, amount)
    _finish(book, refund, charge, outcome)
    return refund


def _finish(book: Book, refund: JsonObject, charge: JsonObject, outcome: RefundOutcome) -> None:
    book.emit("refund.created", refund)
    book.emit("charge.refunded", charge)
    if outcome == "pending":
        refund["pending_reason"] = "insufficient_funds"
    elif outcome == "succeeded":
        settle(book, refund)
    else:
        fail(book, refund)


def _charge(book: Book, params: JsonObject) -> JsonObject:
    charge_id, intent_id = params.get("charge"), params.get("payment_intent")
    if charge_id is not None and intent_id is not None:
        raise invalid("You may only specify one of these parameters: charge, payment_intent.")
    if charge_id is None and intent_id is None:
        raise invalid(
            "One of the following params should be provided for this request: payment_intent or charge.",
            code="parameter_missing",
        )
    if intent_id is not None:
        intent = book.get("payment_intent", intent_id, "payment_intent")
        if intent["status"] != "succeeded":
            raise invalid(f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.")
        charge_id = intent["latest_charge"]
    charge = book.get("charge", str(charge_id), "charge")
    if not charge["paid"]:
        raise invalid(f"Charge {charge_id} is not paid and cannot be refunded.", param="charge")
    return charge


def _amount(charge: JsonObject, asked: int | None) -> int:
    if charge["disputed"]:
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise ApiError(400, message, code="charge_disputed", fields={"charge": charge["id"]})
    left = int(charge["amount"]) - int(charge["amount_refunded"])
    if left == 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise ApiError(400, message, code="charge_already_refunded", fields={"charge": charge["id"]})
    if asked is None:
        return left
    if asked < 1:
        raise invalid("Invalid positive integer", param="amount", code="parameter_invalid_integer")
    if asked > left:
        currency = str(charge["currency"])
        against = "charge amount" if left == charge["amount"] else "unrefunded amount on charge"
        raise invalid(
            f"Refund amount ({written(asked, currency)}) is greater than {against} ({written(left, currency)})",
            param="amount",
            code="amount_too_large",
        )
    return asked


def _check_connect(charge: JsonObject, params: JsonObject) -> None:
    if params.get("reverse_transfer") and charge["transfer_data"] is None:
        raise invalid(
            f"Cannot reverse transfer on charge {charge['id']} because it does not have an associated transfer.",
            param="reverse_transfer",
        )
    if params.get("refund_application_fee") and charge["application_fee"] is None:
        raise invalid(f"Charge {charge['id']} has no application fee to refund.", param="refund_application_fee")


def _count(charge: JsonObject, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]


def settle(book: Book, refund: JsonObject) -> None:
    """Let a pending refund succeed.

    Raises:
        WrongStateError: it is not pending.
    """
    _check_pending(refund)
    transaction = add_transaction(book, "refund", -int(refund["amount"]), refund["id"], str(refund["currency"]))
    refund.pop("pending_reason", None)
    refund.update(status="succeeded", balance_transaction=transaction["id"])
    book.emit("refund.updated", refund, status="pending")


def fail(book: Book, refund: JsonObject) -> None:
    """Let a refund fail, pending or already paid out: the money is back with the studio.

    Raises:
        WrongStateError: it has failed before.
    """
    if refund["status"] == "failed":
        raise WrongStateError(f"{refund['id']} has failed before")
    before, amount = refund["status"], int(refund["amount"])
    refund.pop("pending_reason", None)
    refund.update(status="failed", failure_reason="expired_or_canceled_card")
    if before == "succeeded":
        back = add_transaction(book, "refund_failure", amount, refund["id"], str(refund["currency"]))
        refund["failure_balance_transaction"] = back["id"]
    _count(book.get("charge", refund["charge"]), -amount)
    book.emit("refund.updated", refund, status=before)
    book.emit("refund.failed", refund)


def _check_pending(refund: JsonObject) -> None:
    if refund["status"] != "pending":
        raise WrongStateError(f"{refund['id']} is {refund['status']}")


def dispute(book: Book, charge: JsonObject) -> JsonObject:
    """Let the payer's bank take the money back and return the dispute.

    Raises:
        WrongStateError: the charge was never paid or is disputed already.
    """
    if not charge["paid"] or charge["disputed"]:
        raise WrongStateError(f"{charge['id']} cannot be disputed")
    made = book.add(
        "dispute",
        amount=charge["amount"],
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
    )
    made["evidence_details"]["due_by"] = book.clock.now() + _ANSWER_WITHIN_S
    charge["disputed"] = True
    _move_disputed(book, made, -1, DISPUTE_FEE_MINOR)
    book.emit("charge.dispute.created", made)
    book.emit("charge.dispute.funds_withdrawn", made)
    return made


def close_dispute(book: Book, made: JsonObject, *, won: bool) -> None:
    """End a dispute; a won one brings the money back.

    Raises:
        WrongStateError: it is closed.
    """
    if made["status"] in {"won", "lost"}:
        raise WrongStateError(f"{made['id']} is {made['status']}")
    made["status"] = "won" if won else "lost"
    if won:
        _move_disputed(book, made, 1, 0)
        book.emit("charge.dispute.funds_reinstated", made)
    book.emit("charge.dispute.closed", made)


def _move_disputed(book: Book, made: JsonObject, sign: int, fee: int) -> None:
    amount = sign * int(made["amount"])
    transaction = add_transaction(book, "adjustment", amount, made["id"], str(made["currency"]), fee)
    made["balance_transactions"] = [*made["balance_transactions"], transaction]
