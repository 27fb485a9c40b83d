"""What the payer and the bank do to an open session: pay, decline, pay later, settle, fail."""

from __future__ import annotations

from inkdesk.practice.book import Book
from inkdesk.practice.connect import book_charge
from inkdesk.practice.errors import JsonObject, WrongStateError
from inkdesk.practice.shapes import new_id

_DECLINED = "Your card was declined."
_DEBIT_FAILED = "The customer's account has insufficient funds to cover this payment."


def start(book: Book, session: JsonObject, status: str = "requires_payment_method") -> JsonObject:
    """Make the session's PaymentIntent if the payer is only starting now, and set its status.

    Raises:
        WrongStateError: the session is not open.
    """
    if session["status"] != "open":
        raise WrongStateError(f"{session['id']} is {session['status']}")
    if session["payment_intent"] is None:
        intent = _new_intent(book, session)
        session["payment_intent"] = intent["id"]
        book.emit("payment_intent.created", intent)
    intent = book.get("payment_intent", session["payment_intent"])
    intent["status"] = status
    return intent


def _new_intent(book: Book, session: JsonObject) -> JsonObject:
    given: JsonObject = book.secrets[session["id"]]["intent"]
    names = (
        "application_fee_amount",
        "description",
        "metadata",
        "on_behalf_of",
        "receipt_email",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "transfer_data",
        "transfer_group",
    )
    fields = {name: given[name] for name in names if name in given}
    intent = book.add("payment_intent", amount=session["amount_total"], currency=session["currency"], **fields)
    intent["client_secret"] = f"{intent['id']}_secret_{new_id('', 24)}"
    return intent


def charge_elsewhere(book: Book, amount: int, currency: str) -> JsonObject:
    """Take money by another program of the studio: no session, no metadata of ours; return the charge."""
    intent = book.add("payment_intent", amount=amount, currency=currency)
    charge = _new_charge(book, {"customer_email": None}, intent, _card(three_d_secure=False))
    _succeed(book, intent, charge)
    return charge


def challenge(book: Book, session: JsonObject) -> JsonObject:
    """Ask the payer's bank for 3-D Secure; the session stays open."""
    intent = start(book, session, "requires_action")
    intent["next_action"] = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
    book.emit("payment_intent.requires_action", intent)
    return intent


def pay(
    book: Book,
    session: JsonObject,
    *,
    three_d_secure: bool = False,
    amount: int | None = None,
    currency: str | None = None,
) -> JsonObject:
    """Pay by card at once and return the charge; `amount` (minor units) and `currency` replace what was asked."""
    _ask_instead(book, session, amount, currency)
    intent = start(book, session, "processing")
    charge = _new_charge(book, session, intent, _card(three_d_secure=three_d_secure))
    _succeed(book, intent, charge)
    _complete(book, session, "paid")
    return charge


def _ask_instead(book: Book, session: JsonObject, amount: int | None, currency: str | None) -> None:
    if session["status"] != "open":
        return
    total = session["amount_total"] if amount is None else amount
    code = session["currency"] if currency is None else currency.lower()
    session.update(amount_subtotal=total, amount_total=total, currency=code)
    if session["payment_intent"] is not None:
        book.get("payment_intent", session["payment_intent"]).update(amount=total, currency=code)


def pay_later(book: Book, session: JsonObject) -> JsonObject:
    """Pay with a delayed method: the session is complete, the money is still on its way."""
    intent = start(book, session, "processing")
    method = {"type": "sepa_debit", "sepa_debit": {"bank_code": "37040044", "country": "DE", "last4": "3000"}}
    charge = _new_charge(book, session, intent, method)
    charge["status"] = "pending"
    intent["payment_method_types"] = session["payment_method_types"] = ["card", "sepa_debit"]
    book.emit("payment_intent.processing", intent)
    _complete(book, session, "unpaid")
    return charge


def settle(book: Book, session: JsonObject) -> JsonObject:
    """Let the money of a delayed method arrive and return the charge."""
    intent, charge = _delayed(book, session)
    _succeed(book, intent, charge)
    session["payment_status"] = "paid"
    book.emit("checkout.session.async_payment_succeeded", session)
    return charge


def fail_delayed(book: Book, session: JsonObject) -> JsonObject:
    """Let a delayed method fail and return the failed charge; the session stays complete and unpaid."""
    intent, charge = _delayed(book, session)
    _fail(book, intent, charge, "insufficient_funds", _DEBIT_FAILED)
    book.emit("checkout.session.async_payment_failed", session)
    return charge


def decline(book: Book, session: JsonObject, code: str = "card_declined") -> JsonObject:
    """Decline the card and return the failed charge; the session stays open for another try."""
    intent = start(book, session)
    charge = _new_charge(book, session, intent, _card(three_d_secure=False))
    _fail(book, intent, charge, code, _DECLINED)
    return charge


def _delayed(book: Book, session: JsonObject) -> tuple[JsonObject, JsonObject]:
    if session["status"] != "complete" or session["payment_status"] != "unpaid":
        raise WrongStateError(f"{session['id']} waits for no delayed payment")
    intent = book.get("payment_intent", session["payment_intent"])
    if intent["status"] != "processing":
        raise WrongStateError(f"{session['id']} waits for no delayed payment")
    return intent, book.get("charge", intent["latest_charge"])


def _card(*, three_d_secure: bool) -> JsonObject:
    secure = {"result": "authenticated", "version": "2.2.0"} if three_d_secure else None
    card = {
        "amount_authorized": None,
        "brand": "visa",
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "FR",
        "exp_month": 12,
        "exp_year": 2034,
        "funding": "credit",
        "last4": "3220" if three_d_secure else "4242",
        "network": "visa",
        "three_d_secure": secure,
        "wallet": None,
    }
    return {"type": "card", "card": card}


def _new_charge(book: Book, session: JsonObject, intent: JsonObject, method: JsonObject) -> JsonObject:
    names = ("amount", "currency", "description", "on_behalf_of", "receipt_email", "application_fee_amount")
    copied = {name: intent[name] for name in (*names, "transfer_data", "transfer_group")}
    charge = book.add(
        "charge",
        metadata=dict(intent["metadata"]),
        payment_intent=intent["id"],
        payment_method=new_id("pm_1"),
        payment_method_details=method,
        **copied,
    )
    charge["billing_details"] |= {"email": _email(session), "name": "Practice Payer"}
    intent.update(latest_charge=charge["id"], payment_method=charge["payment_method"], next_action=None)
    return charge


def _email(session: JsonObject) -> str:
    return str(session["customer_email"] or "payer@example.com")


def _succeed(book: Book, intent: JsonObject, charge: JsonObject) -> None:
    amount = int(charge["amount"])
    charge.update(status="succeeded", paid=True, captured=True, amount_captured=amount, outcome=_outcome("authorized"))
    if charge["application_fee_amount"]:
        charge["application_fee"] = new_id("fee_1")
    if charge["transfer_data"] is not None:
        charge["transfer"] = new_id("tr_3")
        charge["transfer_group"] = charge["transfer_group"] or f"group_{intent['id']}"
    if book.knobs.is_balance_late:
        book.secrets[charge["id"]] = {"is_late": True}
    else:
        book_charge(book, charge)
    intent.update(status="succeeded", amount_received=amount, last_payment_error=None)
    book.emit("charge.succeeded", charge)
    book.emit("payment_intent.succeeded", intent)


def book_late(book: Book) -> None:
    """Write the balance transactions that were withheld."""
    for charge in book.every("charge"):
        if book.secrets.get(charge["id"], {}).pop("is_late", False):
            book_charge(book, charge)
            book.emit("charge.updated", charge, balance_transaction=None)


def _fail(book: Book, intent: JsonObject, charge: JsonObject, code: str, message: str) -> None:
    charge.update(status="failed", failure_code=code, failure_message=message, outcome=_outcome("issuer_declined"))
    error = {"charge": charge["id"], "code": code, "message": message, "type": "card_error"}
    if code == "card_declined":
        error["decline_code"] = "generic_decline"
    intent.update(status="requires_payment_method", payment_method=None, last_payment_error=error)
    book.emit("charge.failed", charge)
    book.emit("payment_intent.payment_failed", intent)


def _outcome(kind: str) -> JsonObject:
    is_good = kind == "authorized"
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None if is_good else "05",
        "network_status": "approved_by_network" if is_good else "declined_by_network",
        "reason": None if is_good else "generic_decline",
        "risk_level": "normal",
        "seller_message": "Payment complete." if is_good else "The bank did not return any further details.",
        "type": kind,
    }


def _complete(book: Book, session: JsonObject, payment_status: str) -> None:
    address = {"city": None, "country": "FR", "line1": None, "line2": None, "postal_code": None, "state": None}
    session.update(
        status="complete",
        payment_status=payment_status,
        url=None,
        customer_details={
            "address": address,
            "business_name": None,
            "email": _email(session),
            "individual_name": None,
            "name": "Practice Payer",
            "phone": None,
            "tax_exempt": "none",
            "tax_ids": [],
        },
    )
    book.emit("checkout.session.completed", session)
