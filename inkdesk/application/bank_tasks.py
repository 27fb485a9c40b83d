"""What the desk is told about money that waits for an account or is in dispute; each fact is told once."""

from datetime import datetime

from inkdesk.application.desk_tasks import client_of, tell
from inkdesk.application.payment_gateway import GatewayRefused
from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.disputes import Dispute, is_inquiry
from inkdesk.domain.message import Message, message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import Payment
from inkdesk.domain.refunds import Refund
from inkdesk.domain.tasks import TaskKind


def refund_waits(uow: UnitOfWork, payment: Payment, refund: Refund, refusal: GatewayRefused, now: datetime) -> bool:
    """Stripe cannot make a refund yet; it is sent again by itself."""
    client = client_of(uow, uow.bookings.get(payment.booking_id))
    if refusal.is_about_account:
        sentence = message(
            "The refund of {amount} to {client} waits: Stripe has restricted the account. "
            "See in Stripe's dashboard what is missing; InkDesk sends the refund again by itself.",
            amount=refund.amount,
            client=client,
        )
    else:
        sentence = message(
            "The refund of {amount} to {client} waits: there is too little in your Stripe balance. "
            "Top it up in Stripe's dashboard, or wait for the next payments; InkDesk sends the refund again by itself.",
            amount=refund.amount,
            client=client,
        )
    return tell(uow, TaskKind.REFUND_WAITS, refund.id, sentence, payment, now)


def disputed(uow: UnitOfWork, payment: Payment, dispute: Dispute, now: datetime) -> bool:
    """The client's bank asks the money back; one task per dispute, with the last moment for an answer as it is now.

    One that a person closed stays closed, but an inquiry that becomes a dispute is told anew: now the money is gone.
    """
    client = client_of(uow, uow.bookings.get(payment.booking_id))
    inquiry, real = f"inquiry:{dispute.id}", f"dispute:{dispute.id}"
    for former in (inquiry, real):  # it names a day that has changed, or is no inquiry any more
        uow.payments.close_task(f"{TaskKind.DISPUTED}:{former}", now)
    fact = inquiry if is_inquiry(dispute.status) else real
    return tell(uow, TaskKind.DISPUTED, fact, _asked_back(client, dispute.amount, dispute.due_by), payment, now)


def dispute_lost(uow: UnitOfWork, payment: Payment, dispute: Dispute, now: datetime) -> bool:
    """The bank keeps the money: told once per dispute, whatever became of its task before."""
    booking = uow.bookings.get(payment.booking_id)
    sentence = message(
        "The dispute about {start} is lost: the bank gave {amount} to {client} for good. "
        "If the booking still stands, it has so much less deposit.",
        client=client_of(uow, booking),
        amount=dispute.amount,
        start=booking.starts_at,
    )
    return tell(uow, TaskKind.DISPUTE_LOST, dispute.id, sentence, payment, now)


def dispute_won(uow: UnitOfWork, payment: Payment, dispute: Dispute, amount: Money, now: datetime) -> bool:
    """Money that a dispute was about is with the studio and has no use (any more)."""
    booking = uow.bookings.get(payment.booking_id)
    sentence = message(
        "The dispute of {client} about {start} is over and {amount} is with you. It has no use now: "
        "open the booking and decide whether it is kept, credited or given back.",
        client=client_of(uow, booking),
        amount=amount,
        start=booking.starts_at,
    )
    return tell(uow, TaskKind.DISPUTE_WON, dispute.id, sentence, payment, now)


def to_go_back(uow: UnitOfWork, payment: Payment, dispute: Dispute, amount: Money, now: datetime) -> bool:
    """Money that was to go back when a booking ended, but was disputed, is with the studio."""
    sentence = message(
        "{client} was to get {amount} back, but the bank disputed the payment. The dispute is over and the money is "
        "with you: give it back now, or close this if the client has it already.",
        client=client_of(uow, uow.bookings.get(payment.booking_id)),
        amount=amount,
    )
    return tell(uow, TaskKind.NOT_REFUNDABLE, f"decided:{dispute.id}", sentence, payment, now)


def _asked_back(client: str, amount: Money, due_by: datetime | None) -> Message:
    if due_by is None:
        return message(
            "The bank of {client} disputes the payment of {amount}. Answer it at Stripe before its deadline.",
            client=client,
            amount=amount,
        )
    return message(
        "The bank of {client} disputes the payment of {amount}. Answer it at Stripe before {due_by}.",
        client=client,
        amount=amount,
        due_by=due_by,
    )
