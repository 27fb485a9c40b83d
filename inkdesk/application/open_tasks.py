"""The open tasks of the desk against how the money stands: those whose fact is gone close by themselves.

``close_gone`` is called by every unit of work that changes money, ``close_all_gone`` by each look.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from inkdesk.application.locking import lock_for_money
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.units import in_unit
from inkdesk.domain.money import Money
from inkdesk.domain.payments import DeskTask
from inkdesk.domain.tasks import TaskFacts, fact_of, is_gone, kind_of


def close_gone(uow: UnitOfWork, booking_ids: Collection[int], now: datetime, *, answered: Collection[int] = ()) -> bool:
    """Within a unit of work that has the locks of these bookings: close their tasks that nobody needs any more.

    ``answered`` are payments about which Stripe has just spoken. Whether a task was closed.
    """
    gone = _gone(uow, uow.payments.tasks(booking_ids), now, answered)
    for task in gone:
        uow.payments.close_task(task.fact_key, now)
    return bool(gone)


def close_all_gone(write: WriteUnit, read: ReadUnit, clock: Clock) -> bool:
    """Close every task that nobody needs any more; nothing is written if there is none. Whether one was closed."""
    with read() as uow:
        gone = _gone(uow, uow.payments.tasks(), clock.now())
    booking_ids = {one.booking_id for one in gone if one.booking_id is not None}

    def work(uow: UnitOfWork) -> bool:
        lock_for_money(uow, booking_ids)
        return close_gone(uow, booking_ids, clock.now())

    return in_unit(write, work) if booking_ids else False


def _gone(uow: UnitOfWork, tasks: Sequence[DeskTask], now: datetime, answered: Collection[int] = ()) -> list[DeskTask]:
    return [one for one in tasks if is_gone(kind_of(one.kind), facts_about(uow, one, now, answered=answered))]


def facts_about(uow: UnitOfWork, task: DeskTask, now: datetime, *, answered: Collection[int] = ()) -> TaskFacts:
    """How the money of ``task`` stands."""
    payment = uow.payments.get(task.payment_id) if task.payment_id is not None else None
    booking_id = task.booking_id if payment is None else payment.booking_id
    return TaskFacts(
        now=now,
        about=fact_of(task.fact_key),
        named=_named(task),
        booking=uow.bookings.get(booking_id) if booking_id is not None else None,
        payment=payment,
        attempts=uow.payments.of_booking(booking_id) if booking_id is not None else (),
        refunds=uow.payments.refunds_of(payment.id) if payment else (),
        disputes=uow.payments.disputes_of(payment.id) if payment else (),
        ledger=uow.payments.ledger_of(booking_id) if booking_id is not None else (),
        has_answered=payment is not None and payment.id in answered,
    )


def _named(task: DeskTask) -> Money | None:
    return next((value for name, value in task.sentence.values if name == "amount" and isinstance(value, Money)), None)
