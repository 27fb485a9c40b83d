"""Connect: how a charge is shared between the studio and an artist's account, and how it comes back."""

from __future__ import annotations

from inkdesk.practice.balance import add_transaction
from inkdesk.practice.book import Book
from inkdesk.practice.errors import JsonObject, invalid
from inkdesk.practice.money import fee_minor
from inkdesk.practice.shapes import new_id


def check_destination(book: Book, data: JsonObject) -> None:
    """Check the Connect part of a session's `payment_intent_data`.

    Raises:
        ApiError: there is no such account, it cannot take the money, or the fee has no sense.
    """
    transfer = data.get("transfer_data", {})
    destination, fee = transfer.get("destination"), data.get("application_fee_amount")
    if destination is not None:
        _check_peer(book, str(destination), "transfer_data][destination", "transfers", _NO_TRANSFERS)
    if "on_behalf_of" in data:
        _check_peer(book, data["on_behalf_of"], "on_behalf_of", "card_payments", _NO_CARDS)
    if fee is None:
        return
    if destination is None and not book.is_connected:
        raise invalid(_NO_FEE_WITHOUT_CONNECT, param="payment_intent_data[application_fee_amount]")
    if "amount" in transfer:
        raise invalid(
            "You may only specify one of these parameters: application_fee_amount, transfer_data[amount].",
            param="payment_intent_data[application_fee_amount]",
        )


def check_fee(data: JsonObject, total: int) -> None:
    """Check that the shares are not more than the whole.

    Raises:
        ApiError: a share is negative or more than `total`, in minor units.
    """
    shares = {
        "application_fee_amount": data.get("application_fee_amount"),
        "transfer_data][amount": data.get("transfer_data", {}).get("amount"),
    }
    for name, share in shares.items():
        if share is not None and share < 0:
            raise invalid("Invalid non-negative integer", param=f"payment_intent_data[{name}]")
        if share is not None and share > total:
            raise invalid(
                f"The {name.replace('][', ' ').replace('_', ' ')} must be less than or equal to the amount of the "
                "charge.",
                param=f"payment_intent_data[{name}]",
            )


def _check_peer(book: Book, account_id: str, name: str, capability: str, refusal: str) -> None:
    where = f"payment_intent_data[{name}]"
    peer = book.peers.get(account_id)
    if peer is None or peer.is_gone:
        raise invalid(f"No such destination: '{account_id}'", param=where, code="resource_missing")
    if peer.account["capabilities"].get(capability) != "active":
        raise invalid(refusal, param=where, code="insufficient_capabilities_for_transfer")


_NO_TRANSFERS = (
    "Your destination account needs to have at least one of the following capabilities enabled: transfers, "
    "crypto_transfers, legacy_payments"
)
_NO_CARDS = (
    "Your account must have at least one of the following capabilities enabled to be named in `on_behalf_of`: "
    "card_payments"
)
_NO_FEE_WITHOUT_CONNECT = (
    "Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment (using an OAuth "
    "key or Stripe-Account header) or destination payment (using `transfer_data[destination]`)."
)


def book_charge(book: Book, charge: JsonObject) -> None:
    """Write the balance transactions of a paid charge on every account that it touches."""
    amount, currency = int(charge["amount"]), str(charge["currency"])
    fee = int(charge["application_fee_amount"] or 0)
    fees = {"stripe_fee": fee_minor(amount)}
    if book.platform is not None and fee:
        fees["application_fee"] = fee
    written = add_transaction(book, "charge", amount, charge["id"], currency, fees=fees)
    charge["balance_transaction"] = written["id"]
    if fee:
        earner = book.platform or book
        add_transaction(earner, "application_fee", fee, charge["application_fee"], currency)
    if charge["transfer_data"] is not None:
        _send(book, charge, fee, int(written["available_on"]))


def _send(book: Book, charge: JsonObject, fee: int, available_on: int) -> None:
    """Transfer the artist's share of a destination charge."""
    share, currency = _sent(charge), str(charge["currency"])
    peer = book.peers[charge["transfer_data"]["destination"]]
    add_transaction(book, "transfer", -share, charge["transfer"], currency, available_on=available_on)
    payment = peer.add(
        "charge",
        new_id("py_1"),
        amount=share,
        amount_captured=share,
        captured=True,
        currency=currency,
        paid=True,
        source_transfer=charge["transfer"],
        status="succeeded",
    )
    fees = {"application_fee": fee}
    written = add_transaction(peer, "payment", share, payment["id"], currency, fees=fees, available_on=available_on)
    payment["balance_transaction"] = written["id"]


def _sent(charge: JsonObject) -> int:
    given = charge["transfer_data"].get("amount")
    return int(charge["amount"] if given is None else given)


def book_refund(book: Book, refund: JsonObject, charge: JsonObject) -> None:
    """Write the balance transactions of a refund: the payer's money, and what the other account gives back."""
    amount, currency = int(refund["amount"]), str(refund["currency"])
    wishes = book.secrets.get(refund["id"], {})
    reversed_minor = _part(book, charge, "reversed", _sent(charge), amount) if wishes.get("reverse_transfer") else 0
    fee = int(charge["application_fee_amount"] or 0)
    fee_back = _part(book, charge, "fee", fee, amount) if wishes.get("refund_application_fee") else 0
    own_fees = {"application_fee": -fee_back} if book.platform is not None else {}
    written = add_transaction(book, "refund", -amount, refund["id"], currency, fees=own_fees)
    refund["balance_transaction"] = written["id"]
    if fee_back:
        earner = book.platform or book
        add_transaction(earner, "application_fee_refund", -fee_back, new_id("fr_1"), currency)
    if charge["transfer_data"] is not None and (reversed_minor or fee_back):
        _take_back(book, refund, charge, reversed_minor, fee_back)


def _take_back(book: Book, refund: JsonObject, charge: JsonObject, reversed_minor: int, fee_back: int) -> None:
    currency = str(refund["currency"])
    peer = book.peers[charge["transfer_data"]["destination"]]
    if reversed_minor:
        add_transaction(book, "transfer_refund", reversed_minor, refund["transfer_reversal"], currency)
    fees = {"application_fee": -fee_back}
    add_transaction(peer, "payment_refund", -reversed_minor, new_id("pyr_1"), currency, fees=fees)


def _part(book: Book, charge: JsonObject, name: str, whole: int, amount: int) -> int:
    """Return this refund's share of `whole`; the shares of all refunds that ask for it add up to the whole.

    What was taken back for a refund that failed stays with the studio, which hands it on itself if it wants to
    (Stripe's page on destination charges): the next refund does not take it a second time.
    """
    done, total = book.secrets.setdefault(charge["id"], {}), int(charge["amount"])
    before = int(done.get(name, 0))
    after = min(before + amount, total)
    done[name] = after
    return whole * after // total - whole * before // total
