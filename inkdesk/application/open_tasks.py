"""The open tasks of the desk against how the money stands: those whose fact is gone close by themselves.

``close_gone`` is called at the end of every unit of work that changes money, and by each look for all of them.
"""

from collections.abc import Collection
from datetime import datetime

from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.payments import DeskTask
from inkdesk.domain.tasks import TaskFacts, fact_of, is_gone, kind_of


def close_gone(
    uow: UnitOfWork, booking_ids: Collection[int] | None, now: datetime, *, answered: Collection[int] = ()
) -> bool:
    """Within a unit of work: close the tasks of these bookings (None: all) that nobody needs any more.

    ``answered`` are payments about which Stripe has just spoken. Whether a task was closed.
    """
    tasks = uow.payments.tasks()
    mine = [one for one in tasks if booking_ids is None or one.booking_id in booking_ids]
    gone = [one for one in mine if is_gone(kind_of(one.kind), facts_about(uow, one, now, answered=answered))]
    for task in gone:
        uow.payments.close_task(task.fact_key, now)
    return bool(gone)


def facts_about(uow: UnitOfWork, task: DeskTask, now: datetime, *, answered: Collection[int] = ()) -> TaskFacts:
    """How the money of ``task`` stands."""
    payment = uow.payments.get(task.payment_id) if task.payment_id is not None else None
    booking_id = task.booking_id if payment is None else payment.booking_id
    return TaskFacts(
        now=now,
        about=fact_of(task.fact_key),
        booking=uow.bookings.get(booking_id) if booking_id is not None else None,
        payment=payment,
        attempts=uow.payments.of_booking(booking_id) if booking_id is not None else (),
        refunds=uow.payments.refunds_of(payment.id) if payment else (),
        disputes=uow.payments.disputes_of(payment.id) if payment else (),
        ledger=uow.payments.ledger_of(booking_id) if booking_id is not None else (),
        has_answered=payment is not None and payment.id in answered,
    )
