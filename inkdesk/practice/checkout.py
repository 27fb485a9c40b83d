"""Checkout Sessions: made, expired and read through the API."""

from __future__ import annotations

import copy
import re
from typing import Any
from urllib.parse import urlsplit

from inkdesk.practice.book import Book
from inkdesk.practice.connect import check_destination, check_fee
from inkdesk.practice.errors import JsonObject, WrongStateError, invalid, missing
from inkdesk.practice.money import check_amount, check_currency
from inkdesk.practice.shapes import listing, new_id, shape

SHORTEST_S = 30 * 60
LONGEST_S = 24 * 3600
_FRAGMENT_LENGTH = 258

# Known to Stripe but not played here: accepting them in silence would teach a caller something untrue.
NOT_PLAYED = frozenset(
    "allow_promotion_codes automatic_tax consent_collection custom_fields customer customer_account customer_update "
    "discounts invoice_creation managed_payments optional_items payment_method_configuration payment_method_data "
    "permissions redirect_on_completion return_url saved_payment_method_options setup_intent_data "
    "shipping_address_collection shipping_options subscription_data tax_id_collection".split()
)
_COPIED = (
    "after_expiration billing_address_collection branding_settings cancel_url client_reference_id customer_creation "
    "customer_email integration_identifier locale metadata mode name_collection origin_context "
    "payment_method_collection phone_number_collection submit_type success_url ui_mode wallet_options "
    "allowed_payment_method_types excluded_payment_method_types adaptive_pricing"
).split()


def create(book: Book, params: JsonObject, base_url: str) -> JsonObject:
    """Make an open session.

    Raises:
        ApiError: a parameter is refused, or the account cannot charge.
    """
    check_supported(params)
    _check_account(book, params)
    now = book.clock.now()
    expires_at = _expiry(params, now)
    items = [_line_item(item, index, now) for index, item in enumerate(params["line_items"])]
    currency, total = _total(items, params.get("currency"))
    check_fee(params.get("payment_intent_data", {}), total)
    session = _add(book, base_url, amount_subtotal=total, amount_total=total, currency=currency, expires_at=expires_at)
    session.update({name: params[name] for name in _COPIED if name in params})
    session["custom_text"] |= params.get("custom_text", {})
    session["payment_method_options"] |= params.get("payment_method_options", {})
    book.secrets[session["id"]] = {"intent": params.get("payment_intent_data", {}), "items": items}
    return session


def _add(book: Book, base_url: str, **fields: object) -> JsonObject:
    session_id, fragment = new_id("cs_test_a1", 56), new_id("fid", _FRAGMENT_LENGTH - 3)
    return book.add("checkout.session", session_id, url=f"{base_url}/c/pay/{session_id}#{fragment}", **fields)


def recover(book: Book, session: JsonObject, base_url: str) -> JsonObject:
    """Make the open copy of an expired session that Stripe's recovery makes; `recovered_from` names the old one.

    Raises:
        WrongStateError: it is not expired.
    """
    if session["status"] != "expired":
        raise WrongStateError(f"{session['id']} is {session['status']}")
    names = (*_COPIED, "amount_subtotal", "amount_total", "currency", "custom_text", "payment_method_options")
    fields = {name: copy.deepcopy(session[name]) for name in names if name in session}
    made = _add(book, base_url, expires_at=book.clock.now() + LONGEST_S, recovered_from=session["id"], **fields)
    book.secrets[made["id"]] = copy.deepcopy(book.secrets[session["id"]])
    return made


def forget_metadata(book: Book, session: JsonObject) -> None:
    """Take everything from a session and its payment by which a program could know its own."""
    session.update(metadata={}, client_reference_id=None)
    book.secrets[session["id"]]["intent"].pop("metadata", None)
    intent_id = session["payment_intent"]
    if intent_id is not None:
        for about in (*book.every("payment_intent"), *book.every("charge")):
            if intent_id in {about["id"], about["payment_intent"] if about["object"] == "charge" else None}:
                about["metadata"] = {}


def check_supported(params: JsonObject) -> None:
    """Check what the parameter list alone cannot say.

    Raises:
        ApiError: a required parameter is missing, or the practice server does not play one.
    """
    for name in ("mode", "line_items", "success_url"):
        if not params.get(name):
            raise invalid(f"Missing required param: {name}.", param=name, code="parameter_missing")
    unplayed = sorted(NOT_PLAYED & params.keys())
    if unplayed:
        raise invalid(f"The practice server does not play this parameter: {unplayed[0]}", param=unplayed[0])
    if params["mode"] != "payment" or params.get("ui_mode", "hosted_page") != "hosted_page":
        raise invalid("The practice server plays hosted pages in payment mode only.", param="mode")
    for name in ("success_url", "cancel_url"):
        if name in params and not _is_url(params[name]):
            raise invalid("Not a valid URL", param=name, code="url_invalid")
    email = params.get("customer_email")
    if email is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        raise invalid(f"Invalid email address: {email}", param="customer_email", code="email_invalid")


def _is_url(text: str) -> bool:
    parts = urlsplit(text)
    return bool(parts.scheme and parts.netloc)


def _check_account(book: Book, params: JsonObject) -> None:
    if not book.account["charges_enabled"]:
        raise invalid("Your account cannot currently make charges.", code="account_invalid")
    data = params.get("payment_intent_data", {})
    if data.get("capture_method", "automatic") == "manual" or "setup_future_usage" in data:
        raise invalid("The practice server captures at once and stores no cards.", param="payment_intent_data")
    check_destination(book, data)


def _expiry(params: JsonObject, now: int) -> int:
    expires_at = int(params.get("expires_at", now + LONGEST_S))
    if expires_at < now + SHORTEST_S:
        raise invalid(_EXPIRES.format("at least 30 minutes"), param="expires_at")
    if expires_at > now + LONGEST_S:
        raise invalid(_EXPIRES.format("less than 24 hours"), param="expires_at")
    return expires_at


_EXPIRES = "The `expires_at` timestamp must be {} from Checkout Session creation."


def _line_item(item: JsonObject, index: int, now: int) -> JsonObject:
    where = f"line_items[{index}]"
    if "price" in item:
        raise missing("price", item["price"], f"{where}[price]", 400)
    for name in ("price_data", "quantity"):
        if name not in item:
            raise invalid(
                f"Missing required param: {where}[{name}].", param=f"{where}[{name}]", code="parameter_missing"
            )
    data, quantity = item["price_data"], item["quantity"]
    if quantity < 1:
        raise invalid(f"Invalid positive integer: {quantity}", param=f"{where}[quantity]")
    currency = check_currency(data["currency"], f"{where}[price_data][currency]")
    amount = _unit_amount(data, f"{where}[price_data]")
    price = shape("price", id=new_id("price_1"), created=now, currency=currency, product=new_id("prod_", 14))
    price |= {"unit_amount": amount, "unit_amount_decimal": str(amount)}
    return shape(
        "item",
        id=new_id("li_1"),
        amount_subtotal=amount * quantity,
        amount_total=amount * quantity,
        currency=currency,
        description=data["product_data"]["name"],
        price=price,
        quantity=quantity,
        metadata=item.get("metadata", {}),
    )


def _unit_amount(data: JsonObject, where: str) -> int:
    for name in ("product_data", "unit_amount"):
        if name not in data:
            raise invalid(
                f"Missing required param: {where}[{name}].", param=f"{where}[{name}]", code="parameter_missing"
            )
    extra = sorted(data.keys() & {"product", "recurring", "tax_behavior", "unit_amount_decimal"})
    if extra:
        raise invalid(
            f"The practice server does not play this parameter: {where}[{extra[0]}]", param=f"{where}[{extra[0]}]"
        )
    amount = int(data["unit_amount"])
    if amount < 0:
        raise invalid("Invalid non-negative integer", param=f"{where}[unit_amount]")
    return amount


def _total(items: list[JsonObject], currency: str | None) -> tuple[str, int]:
    currencies = {str(item["currency"]) for item in items} | ({currency.lower()} if currency else set())
    if len(currencies) > 1:
        raise invalid("All line items must have the same currency.", param="line_items")
    only = currencies.pop()
    total = sum(int(item["amount_total"]) for item in items)
    check_amount(total, only)
    return only, total


def expire(book: Book, session: JsonObject) -> JsonObject:
    """Expire an open session.

    Raises:
        ApiError: it is not open.
    """
    if session["status"] != "open":
        raise invalid(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`."
        )
    _close(book, session, book.clock.now())
    return session


def expire_due(book: Book) -> None:
    """Expire every open session whose time has come."""
    for session in book.every("checkout.session"):
        if session["status"] == "open" and session["expires_at"] <= book.clock.now():
            _close(book, session, session["expires_at"])


def _close(book: Book, session: JsonObject, at: int) -> None:
    session.update(status="expired", url=None)
    intent_id = session["payment_intent"]
    if intent_id is not None:
        intent = book.get("payment_intent", intent_id)
        intent.update(status="canceled", canceled_at=at, cancellation_reason="automatic", next_action=None)
        book.emit("payment_intent.canceled", intent, at=at)
    book.emit("checkout.session.expired", session, at=at)


def line_items(book: Book, session: JsonObject) -> JsonObject:
    """Return the list object of a session's line items."""
    items: list[Any] = book.secrets[session["id"]]["items"]
    return listing(f"/v1/checkout/sessions/{session['id']}/line_items", items)
