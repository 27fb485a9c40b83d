"""What the desk is told about money that only a person can settle; each fact is told once."""

import re
from datetime import datetime
from typing import Final

from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.bookings import Booking
from inkdesk.domain.message import Message, message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import DeskTask, Payment, PaymentStatus
from inkdesk.domain.refunds import CLIENT_MUST_ACT, Refund
from inkdesk.domain.tasks import TaskKind

_PRIVATE: Final = re.compile(
    r"https?://[^\s,;\"']+[^\s,;.:!?\"')]"  # a checkout link is as good as money
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b[a-z]{2,6}(?:_live|_test)?_(?=\w*[0-9A-Z*])[A-Za-z0-9*]+"
)
TAKEN_FIRST: Final = "the time was taken first"
"""Why the money of a second payer goes back, and why the hold ends."""
PAID_TWICE: Final = "paid twice"
"""Why the second payment of one booking goes back."""
OUTPAID: Final = "somebody else paid first"
"""Why an unpaid hold ends early."""


def scrubbed(answer: str) -> str:
    """Stripe's own words without links, e-mail addresses, object ids and keys; names of rights stay."""
    return _PRIVATE.sub("…", answer)


def tell(uow: UnitOfWork, kind: str, fact: int | str, sentence: Message, payment: Payment, now: datetime) -> bool:
    """Open a task about ``payment``, once per ``kind`` and ``fact`` (an id, or a word and an id); whether it is new."""
    return uow.payments.open_task(
        DeskTask(
            kind=kind,
            booking_id=payment.booking_id,
            payment_id=payment.id,
            sentence=sentence,
            opened_at=now,
            fact_key=f"{kind}:{fact}",
        )
    )


def client_of(uow: UnitOfWork, booking: Booking) -> str:
    """The name of the client of a booking."""
    return uow.clients.get(booking.client_id).name


def second_payer(uow: UnitOfWork, payment: Payment, booking: Booking, now: datetime) -> bool:
    """The slot was somebody else's when the money came: it goes back, the client must be told."""
    sentence = message(
        "{client} paid {amount} for {start}, but the time was taken first. The money goes back; "
        "tell the client and offer another time.",
        client=client_of(uow, booking),
        amount=payment.amount,
        start=booking.starts_at,
    )
    return tell(uow, "second_payer", payment.id, sentence, payment, now)


def paid_twice(uow: UnitOfWork, payment: Payment, booking: Booking, now: datetime) -> bool:
    """A booking was paid by two links: the second amount goes back."""
    sentence = message(
        "{client} paid twice for {start}. {amount} goes back; tell the client.",
        client=client_of(uow, booking),
        amount=payment.amount,
        start=booking.starts_at,
    )
    return tell(uow, "paid_twice", payment.id, sentence, payment, now)


def paid_after_end(uow: UnitOfWork, payment: Payment, booking: Booking, now: datetime) -> bool:
    """Money came for a booking that does not wait for it, e.g. a cancelled one."""
    sentence = message(
        "{client} paid {amount} for {start}, but the booking does not wait for it. "
        "Talk to the client: refund it, or confirm or book anew.",
        client=client_of(uow, booking),
        amount=payment.amount,
        start=booking.starts_at,
    )
    return tell(uow, "paid_after_end", payment.id, sentence, payment, now)


def amount_differs(uow: UnitOfWork, payment: Payment, booking: Booking, asked: Money, now: datetime) -> bool:
    """Another amount or currency came than was asked for."""
    sentence = message(
        "{client} paid {paid} instead of {asked}, so nothing was confirmed and the time is kept. "
        "Talk to the client; then confirm it all the same or give the money back.",
        client=client_of(uow, booking),
        paid=payment.amount,
        asked=asked,
    )
    return tell(uow, "amount_differs", payment.id, sentence, payment, now)


def other_mode(uow: UnitOfWork, payment: Payment, booking: Booking, now: datetime) -> bool:
    """Practice money in a live book or the reverse."""
    sentence = message(
        "The payment of {client} was made with a key of the other mode (live or test). "
        "Nothing was confirmed; check the key in Settings, Stripe.",
        client=client_of(uow, booking),
    )
    return tell(uow, "other_mode", payment.id, sentence, payment, now)


def payment_failed(uow: UnitOfWork, payment: Payment, booking: Booking, now: datetime) -> bool:
    """A delayed method failed after all; the slot is kept one more day."""
    sentence = message(
        "The bank payment of {client} for {start} failed. The time is kept for one more day: "
        "send a new link or cancel.",
        client=client_of(uow, booking),
        start=booking.starts_at,
    )
    return tell(uow, "payment_failed", payment.id, sentence, payment, now)


def slot_lost(uow: UnitOfWork, payment: Payment, booking: Booking, now: datetime) -> bool:
    """Somebody else paid first, so an unpaid hold ended early."""
    sentence = message(
        "The time {start} of {client} was paid by somebody else first; the link is closed and nothing was taken. "
        "Tell the client and offer another time.",
        client=client_of(uow, booking),
        start=booking.starts_at,
    )
    return tell(uow, "slot_lost", payment.id, sentence, payment, now)


def not_refundable(uow: UnitOfWork, payment: Payment, booking: Booking, asked: Money, now: datetime) -> bool:
    """A cancel asked for ``asked`` to go back, but the client's bank has the money already or holds it back."""
    sentence = message(
        "{client} was to get {amount} back with the cancelled booking, but the bank disputes the payment, so nothing "
        "was sent. Accept the dispute at Stripe: then the client has the money.",
        client=client_of(uow, booking),
        amount=asked,
    )
    return tell(uow, "not_refundable", payment.id, sentence, payment, now)


def refund_failed(uow: UnitOfWork, payment: Payment, refund: Refund, now: datetime) -> bool:
    """A refund did not reach the client."""
    client = client_of(uow, uow.bookings.get(payment.booking_id))
    if payment.status is PaymentStatus.DISPUTED:
        sentence = message(
            "The refund of {amount} to {client} failed: the bank disputes the payment. "
            "Pay nothing back before the dispute is decided, or the client gets the money twice.",
            amount=refund.amount,
            client=client,
        )
    elif payment.destination and refund.stripe_id:  # made with the transfer's reversal, which its failure leaves
        sentence = message(
            "The refund of {amount} to {client} failed. Give the money back another way. "
            "The artist's share of it was taken back from their Stripe account and is with the studio's now.",
            amount=refund.amount,
            client=client,
        )
    else:
        sentence = message(
            "The refund of {amount} to {client} failed. Give the money back another way.",
            amount=refund.amount,
            client=client,
        )
    return tell(uow, "refund_failed", refund.id, sentence, payment, now)


def refund_slow(uow: UnitOfWork, payment: Payment, refund: Refund, now: datetime) -> bool:
    """A refund that Stripe has accepted does not arrive."""
    client = client_of(uow, uow.bookings.get(payment.booking_id))
    if refund.failure == CLIENT_MUST_ACT:
        sentence = message(
            "The refund of {amount} waits for {client}: Stripe has asked them by e-mail where to send it. "
            "Tell them to answer that e-mail; otherwise the money comes back to you.",
            amount=refund.amount,
            client=client,
        )
    else:
        sentence = message(
            "The refund of {amount} to {client} was asked for on {start} and has not arrived yet. "
            "See in Stripe's dashboard what it waits for, for example for money in your balance.",
            amount=refund.amount,
            client=client,
            start=refund.created_at,
        )
    return tell(uow, TaskKind.REFUND_SLOW, refund.id, sentence, payment, now)


def refund_shortened(uow: UnitOfWork, payment: Payment, asked: Refund, rest: Refund, now: datetime) -> bool:
    """A part of the money had gone back already, so less than was asked for is refunded."""
    sentence = message(
        "A part of the payment of {client} had gone back already, for example in Stripe's dashboard. "
        "So {rest} goes back instead of {asked}; check that it is what you want the client to have.",
        client=client_of(uow, uow.bookings.get(payment.booking_id)),
        rest=rest.amount,
        asked=asked.amount,
    )
    return tell(uow, "refund_shortened", asked.id, sentence, payment, now)


def unknown_at_stripe(uow: UnitOfWork, payment: Payment, now: datetime) -> bool:
    """The key's account has no such payment."""
    sentence = message(
        "Stripe does not know the payment of {client}. Was the Stripe account changed? Look at the former account "
        "whether it was paid; with that account's key in Settings, Stripe, InkDesk looks by itself.",
        client=client_of(uow, uow.bookings.get(payment.booking_id)),
    )
    return tell(uow, "unknown_at_stripe", payment.id, sentence, payment, now)


def refused(uow: UnitOfWork, payment: Payment, answer: str, now: datetime) -> bool:
    """Stripe will not speak of the payment."""
    sentence = message(
        "Stripe refuses to answer about the payment of {client}: {answer} Look at it at Stripe.",
        client=client_of(uow, uow.bookings.get(payment.booking_id)),
        answer=scrubbed(answer),
    )
    return tell(uow, "refused", payment.id, sentence, payment, now)
