"""The open tasks of the desk against how the money stands: those whose fact is gone close by themselves.

``close_gone`` is called by every unit of work that changes money, ``close_all_gone`` by each look.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

from inkdesk.application.locking import lock_for_money
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.series_tasks import unpaid_companions
from inkdesk.application.units import in_unit
from inkdesk.domain.money import Money
from inkdesk.domain.payments import DeskTask
from inkdesk.domain.tasks import TaskFacts, TaskKind, fact_of, is_gone, kind_of

T = TypeVar("T")
_ASKS_ABOUT_AN_AMOUNT: Final = frozenset({TaskKind.NOT_REFUNDABLE, TaskKind.DISPUTE_WON})


def close_gone(uow: UnitOfWork, booking_ids: Collection[int], now: datetime, *, answered: Collection[int] = ()) -> bool:
    """Within a unit of work that has the locks of these bookings: close their tasks that nobody needs any more.

    A task that asks about an amount is told anew where less is left of it. ``answered`` are payments about which Stripe
    has just spoken. Whether a task was changed.
    """
    gone, less = _outdated(uow, uow.payments.tasks(booking_ids), now, answered)
    for task in (*gone, *less):
        uow.payments.close_task(task.fact_key, now)
    for task in less:
        uow.payments.open_task(replace(task, opened_at=now))
    return bool(gone or less)


def close_all_gone(write: WriteUnit, read: ReadUnit, clock: Clock) -> bool:
    """``close_gone`` for every task; nothing is written if none is out of date. Whether one was changed."""
    with read() as uow:
        gone, less = _outdated(uow, uow.payments.tasks(), clock.now())
    booking_ids = {one.booking_id for one in (*gone, *less) if one.booking_id is not None}

    def work(uow: UnitOfWork) -> bool:
        lock_for_money(uow, booking_ids)
        return close_gone(uow, booking_ids, clock.now())

    return in_unit(write, work) if booking_ids else False


def _outdated(
    uow: UnitOfWork, tasks: Sequence[DeskTask], now: datetime, answered: Collection[int] = ()
) -> tuple[list[DeskTask], list[DeskTask]]:
    """The tasks whose fact is gone, and those that tell of more than is left, with the amount that is."""
    facts = facts_of(uow, tasks, now, answered)
    gone, less = list[DeskTask](), list[DeskTask]()
    told: dict[int, int] = {}
    for task, its in zip(tasks, facts, strict=True):
        kind = kind_of(task.kind)
        if is_gone(kind, its):
            gone.append(task)
        elif (
            kind in _ASKS_ABOUT_AN_AMOUNT and its.named is not None and its.left is not None and its.payment is not None
        ):
            rest = max(0, its.left.amount_minor - told.get(its.payment.id, 0))
            told[its.payment.id] = told.get(its.payment.id, 0) + its.named.amount_minor
            if rest == 0:
                gone.append(task)
            elif rest < its.named.amount_minor:
                less.append(_telling_of(task, Money(rest, its.named.currency)))
    return gone, less


def _telling_of(task: DeskTask, amount: Money) -> DeskTask:
    values = tuple((name, amount if name == "amount" else value) for name, value in task.sentence.values)
    return replace(task, sentence=replace(task.sentence, values=values))


def facts_about(uow: UnitOfWork, task: DeskTask, now: datetime) -> TaskFacts:
    """How the money of ``task`` stands."""
    return facts_of(uow, [task], now)[0]


def facts_of(
    uow: UnitOfWork, tasks: Sequence[DeskTask], now: datetime, answered: Collection[int] = ()
) -> list[TaskFacts]:
    """How the money of each task stands; as many queries for one as for a hundred, and three for an unpaid series."""
    if not tasks:
        return []
    money = _Money(uow, tasks)
    return [money.facts(task, now, answered) for task in tasks]


class _Money:
    """All bookings and all money of some tasks, read at once."""

    def __init__(self, uow: UnitOfWork, tasks: Sequence[DeskTask]) -> None:
        self._uow = uow
        named = uow.payments.by_ids({one.payment_id for one in tasks if one.payment_id is not None})
        ids = {one.booking_id for one in tasks if one.booking_id is not None} | {one.booking_id for one in named}
        self._bookings = {one.id: one for one in uow.bookings.by_ids(ids)}
        self._payments = {one.id: one for one in uow.payments.of_bookings(ids)}
        self._attempts = _by(lambda one: {one.booking_id}, self._payments.values())
        self._refunds = _by(lambda one: {one.payment_id}, uow.payments.refunds_of_all(self._payments))
        self._disputes = _by(lambda one: {one.payment_id}, uow.payments.disputes_of_all(self._payments))
        self._ledger = _by(lambda one: {one.booking_id, one.to_booking_id}, uow.payments.ledger_of_all(ids))

    def facts(self, task: DeskTask, now: datetime, answered: Collection[int]) -> TaskFacts:
        """How one of the tasks stands."""
        payment = self._payments[task.payment_id] if task.payment_id is not None else None
        mine = task.booking_id if payment is None else payment.booking_id
        paid_by = None if payment is None else payment.id
        return TaskFacts(
            now=now,
            about=fact_of(task.fact_key),
            named=amount_named(task),
            booking=self._bookings[mine] if mine is not None else None,
            payment=payment,
            attempts=self._attempts.get(mine, ()),
            refunds=self._refunds.get(paid_by, ()),
            disputes=self._disputes.get(paid_by, ()),
            ledger=self._ledger.get(mine, ()) if mine is not None else (),
            has_answered=paid_by in answered,
            companions=self._companions(task, mine, now),
        )

    def _companions(self, task: DeskTask, booking_id: int | None, now: datetime) -> int:
        if booking_id is None or kind_of(task.kind) is not TaskKind.SERIES_UNPAID:
            return 0
        return len(unpaid_companions(self._uow, self._bookings[booking_id], now))


def _by(keys: Callable[[T], set[int | None]], rows: Iterable[T]) -> dict[int | None, list[T]]:
    """Rows by what they belong to."""
    found: dict[int | None, list[T]] = {}
    for row in rows:
        for key in keys(row):
            found.setdefault(key, []).append(row)
    return found


def amount_named(task: DeskTask) -> Money | None:
    """The amount that a task tells of, if it tells of one."""
    return next((value for name, value in task.sentence.values if name == "amount" and isinstance(value, Money)), None)
