"""Refunds: money that goes back to the payer."""

from __future__ import annotations

from inkdesk.practice.balance import add_transaction, available
from inkdesk.practice.book import Book
from inkdesk.practice.connect import book_refund
from inkdesk.practice.errors import ApiError, JsonObject, WrongStateError, invalid
from inkdesk.practice.money import written
from inkdesk.practice.shapes import new_id

_ASKS_FOR_S = 45 * 24 * 3600
_WISHES = ("reverse_transfer", "refund_application_fee")


def create(book: Book, params: JsonObject) -> JsonObject:
    """Refund a charge in full or in part; the knobs say what becomes of it.

    Raises:
        ApiError: there is nothing to refund, or less than asked for, or too little money.
    """
    unplayed = sorted(params.keys() & {"currency", "customer", "instructions_email", "origin"})
    if unplayed:
        raise invalid(f"The practice server does not play this parameter: {unplayed[0]}", param=unplayed[0])
    charge = _charge(book, params)
    _check_undisputed(book, charge)
    amount = _amount(charge, params.get("amount"))
    _check_connect(charge, params)
    is_short = _is_short(book, charge, amount)
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
    book.secrets[refund["id"]] = {name: bool(params.get(name)) for name in _WISHES} | {"waits_for_funds": is_short}
    _count(charge, amount)
    _finish(book, refund, charge)
    return refund


def _is_short(book: Book, charge: JsonObject, amount: int) -> bool:
    """Tell whether a refund has to wait for money.

    Raises:
        ApiError: there is too little, and refunds do not wait.
    """
    rule = book.knobs.funds_rule
    if rule == "ignored" or available(book, str(charge["currency"])) >= amount:
        return False
    if rule != "pending":
        raise ApiError(400, _NO_FUNDS, code="balance_insufficient" if rule == "refused" else None)
    return True


_NO_FUNDS = "Insufficient funds in your Stripe balance to refund this amount."


def _finish(book: Book, refund: JsonObject, charge: JsonObject) -> None:
    outcome = book.knobs.refund_outcome
    if outcome in {"requires_action", "canceled"}:
        refund.update(status="requires_action", next_action=_next_action(book))
    book.emit("refund.created", refund)
    book.emit("charge.refunded", charge)
    if outcome == "failed":
        fail(book, refund)
    elif outcome == "canceled":
        cancel(book, refund)
    elif outcome == "pending" or book.secrets[refund["id"]]["waits_for_funds"]:
        refund["pending_reason"] = "insufficient_funds"
    elif outcome == "succeeded":
        settle(book, refund)


def _next_action(book: Book) -> JsonObject:
    sent = {"email_sent_at": book.clock.now(), "email_sent_to": "payer@example.com"}
    details = {"email_sent": sent, "expires_at": book.clock.now() + _ASKS_FOR_S}
    return {"display_details": details, "type": "display_details"}


def settle_funded(book: Book) -> None:
    """Let refunds that waited for money succeed, oldest first, as far as it reaches."""
    for refund in book.every("refund"):
        waits = refund["status"] == "pending" and book.secrets.get(refund["id"], {}).get("waits_for_funds")
        if waits and available(book, str(refund["currency"])) >= int(refund["amount"]):
            settle(book, refund)


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


def _check_undisputed(book: Book, charge: JsonObject) -> None:
    """Refuse what the payer's bank has taken; while it only inquires, a refund is possible."""
    if any(made["charge"] == charge["id"] and not made["is_charge_refundable"] for made in book.every("dispute")):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise ApiError(400, message, code="charge_disputed", fields={"charge": charge["id"]})


def _amount(charge: JsonObject, asked: int | None) -> int:
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
    """Let a refund succeed that is pending or waits for the payer.

    Raises:
        WrongStateError: it is neither.
    """
    before = _check_undecided(refund, "pending", "requires_action")
    book_refund(book, refund, book.get("charge", refund["charge"]))
    refund.update(status="succeeded")
    book.emit("refund.updated", refund, status=before)


def cancel(book: Book, refund: JsonObject) -> None:
    """Call a refund off that waits for the payer: the money stays with the studio.

    Raises:
        WrongStateError: it does not wait for the payer.
    """
    before = _check_undecided(refund, "requires_action")
    refund.update(status="canceled")
    _count(book.get("charge", refund["charge"]), -int(refund["amount"]))
    book.emit("refund.updated", refund, status=before)


def _check_undecided(refund: JsonObject, *statuses: str) -> str:
    before = str(refund["status"])
    if before not in statuses:
        raise WrongStateError(f"{refund['id']} is {before}")
    for name in ("pending_reason", "next_action"):
        refund.pop(name, None)
    return before


def fail(book: Book, refund: JsonObject, reason: str = "expired_or_canceled_card") -> None:
    """Let a refund fail, pending or already paid out: the money is back with the studio.

    Raises:
        WrongStateError: it has failed before, or was called off.
    """
    before, amount = _check_undecided(refund, "pending", "requires_action", "succeeded"), int(refund["amount"])
    refund.update(status="failed", failure_reason=reason)
    if before == "succeeded":
        back = add_transaction(book, "refund_failure", amount, refund["id"], str(refund["currency"]))
        refund["failure_balance_transaction"] = back["id"]
    _count(book.get("charge", refund["charge"]), -amount)
    book.emit("refund.updated", refund, status=before)
    book.emit("refund.failed", refund)
