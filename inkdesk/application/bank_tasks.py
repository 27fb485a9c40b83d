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
