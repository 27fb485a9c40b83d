"""What needs a person: every open task with what happened and what can be done, and doing it, once."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from inkdesk.application.cancelling import Settling, cancel_in, close_links, seen_in
from inkdesk.application.changes import Changes
from inkdesk.application.contest import Cleared, with_room
from inkdesk.application.locking import lock_for_money
from inkdesk.application.money_ties import lock_money
from inkdesk.application.open_tasks import close_gone, facts_about, facts_of
from inkdesk.application.payment_gateway import GatewayFailure, GatewayRefused
from inkdesk.application.payment_service import PaymentService
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.refund_service import due_refund, write_refunded
from inkdesk.application.series_tasks import unpaid_companions
from inkdesk.application.settlement import take_slot
from inkdesk.application.units import afresh, in_unit
from inkdesk.domain.clients import Client
from inkdesk.domain.errors import SecretStoreUnavailable, StaleRecord, StripeNotConfigured
from inkdesk.domain.message import Message, message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import COLLECTED, DeskTask, Payment, PaymentStatus
from inkdesk.domain.refunds import Refund, RefundStatus, with_refunds
from inkdesk.domain.studio import Mode
from inkdesk.domain.tasks import TaskAction, TaskFacts, TaskKind, actions_of, is_gone, kind_of, to_give_back

T = TypeVar("T")
_log = logging.getLogger(__name__)
DASHBOARD = "https://dashboard.stripe.com"
SHOWN = frozenset({TaskAction.WRITE_TO_CLIENT, TaskAction.OPEN_BOOKING, TaskAction.OPEN_AT_STRIPE})
"""They only show something: nothing is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItem:
    """One open task. ``what`` happened, ``since`` when, whose it is and what can be done, the most fitting first.

    ``amount`` is what came or was asked for, ``left`` what could be given back (None: nothing came);
    ``page`` is the payment in Stripe's dashboard, "" if it has none there.
    """

    task_id: int
    kind: TaskKind | None
    what: Message
    since: datetime
    actions: tuple[TaskAction, ...]
    booking_id: int | None = None
    payment_id: int | None = None
    client: str = ""
    phone: str = ""
    starts_at: datetime | None = None
    amount: Money | None = None
    left: Money | None = None
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDone:
    """What an action wrote. ``payment_id`` is a new link to be shown; ``is_over``: the task is closed now.

    ``said`` is what the person must know, e.g. that Stripe does not answer now.
    """

    changes: Changes = field(default_factory=Changes)
    payment_id: int | None = None
    is_over: bool = True
    said: Message | None = None


@dataclass(frozen=True, slots=True)
class _Wish:
    """An action on a task that is offered, with how the money stands."""

    task: DeskTask
    facts: TaskFacts
    note: str
    key: str

    @property
    def booking_id(self) -> int:
        """Of the task; every action but acknowledging has one."""
        return _there(self.facts.booking).id

    @property
    def payment(self) -> Payment:
        """Of the task; every action on money has one."""
        return _there(self.facts.payment)

    @property
    def left(self) -> Money:
        """What can be given back."""
        return _there(to_give_back(kind_of(self.task.kind), self.facts))


class InboxService:
    """The tasks that wait for a person. No call to Stripe is made inside a unit of work."""

    def __init__(self, payments: PaymentService, write: WriteUnit, read: ReadUnit, clock: Clock) -> None:
        self._payments = payments
        self._write = write
        self._read = read
        self._clock = clock

    def open(self) -> list[InboxItem]:
        """Every task that waits for a person, oldest first; what is gone already is not shown."""
        now = self._clock.now()
        with self._read() as uow:
            studio = uow.studio.find()
            if studio is None:
                return []
            tasks = uow.payments.tasks()
            found = zip(tasks, facts_of(uow, tasks, now), strict=True)
            waiting = [(task, facts) for task, facts in found if not is_gone(kind_of(task.kind), facts)]
            wanted = {facts.booking.client_id for _, facts in waiting if facts.booking}
            clients = {one.id: one for one in uow.clients.by_ids(wanted)}
        return [_item(task, facts, clients, studio.mode) for task, facts in waiting]

    def do(self, task_id: int, action: TaskAction, request_key: str, *, note: str = "") -> TaskDone:
        """Do what a person chose, once per ``request_key``; ``note`` is why, for the history.

        StaleRecord if the task was settled meanwhile or ``action`` is not possible any more; errors of the action.
        ValueError for one that only shows something: nothing is to be done.
        """
        if action in SHOWN:
            raise ValueError(f"{action} is not done here")
        with self._read() as uow:
            done = uow.requests.result_of(request_key)
            wish = self._wish(uow, task_id, action, note, request_key) if done is None else None
        if wish is None:
            return TaskDone(payment_id=int(done) if done else None)
        return self._act(action)(wish)

    def _act(self, action: TaskAction) -> Callable[[_Wish], TaskDone]:
        return {
            TaskAction.REFUND: self._refund,
            TaskAction.GIVEN_BACK: self._given_back,
            TaskAction.CONFIRM: self._confirm,
            TaskAction.NEW_LINK: self._new_link,
            TaskAction.LOOK_AGAIN: self._look_again,
            TaskAction.KEEP_SITTINGS: self._acknowledge,
            TaskAction.CANCEL_SITTINGS: self._cancel_sittings,
            TaskAction.ACKNOWLEDGE: self._acknowledge,
        }[action]

    def _wish(self, uow: UnitOfWork, task_id: int, action: TaskAction, note: str, key: str) -> _Wish | None:
        """None if the task is closed and was only to be closed."""
        task = uow.payments.task(task_id)
        facts = facts_about(uow, task, self._clock.now())
        is_offered = action in actions_of(kind_of(task.kind), facts)
        if task.closed_at is not None or not is_offered:
            if action is TaskAction.ACKNOWLEDGE:
                return None
            raise StaleRecord(message("This was settled meanwhile. Look at the list again."))
        return _Wish(task, facts, note.strip(), key)

    def _acknowledge(self, wish: _Wish) -> TaskDone:
        def work(uow: UnitOfWork) -> Changes:
            booking = wish.facts.booking
            by = uow.who if booking or not wish.note else f"{uow.who}: {wish.note}"
            uow.payments.close_task(wish.task.fact_key, self._clock.now(), by=by or "?")
            if booking is not None and wish.note:
                uow.bookings.note_history(booking.id, "TASK_DONE", wish.note)
            return Changes(bookings=frozenset({booking.id} if booking else ()), tasks=True)

        return self._noted(wish, work)

    def _given_back(self, wish: _Wish) -> TaskDone:
        """The money went back by hand: a refund that Stripe does not know, and its line in the ledger."""

        def work(uow: UnitOfWork) -> Changes:
            lock_money(uow, [wish.booking_id])
            now, fresh = self._clock.now(), self._fresh(uow, wish, TaskAction.GIVEN_BACK)
            refund = uow.payments.add_refund(
                Refund(
                    payment_id=fresh.payment.id,
                    amount=fresh.left,
                    reason=wish.note or "given back by hand",
                    idempotency_key=wish.key,
                    status=RefundStatus.SUCCEEDED,
                    created_at=now,
                    who=uow.who,
                )
            )
            write_refunded(uow, fresh.payment, refund, now)
            uow.payments.save(with_refunds(fresh.payment, [*fresh.facts.refunds, refund]))
            return _touched(wish)

        return self._noted(wish, work, is_settled=True)

    def _confirm(self, wish: _Wish) -> TaskDone:
        """The booking stands although the money is not what was asked for; who paid for its slot first was first."""

        def clear(also: Collection[int]) -> Cleared:
            try:
                return self._payments.contest().clear(wish.booking_id, also)
            except (GatewayFailure, StripeNotConfigured, SecretStoreUnavailable) as failure:
                _log.info("booking %s is confirmed without asking Stripe: %s", wish.booking_id, type(failure).__name__)
                return Cleared()

        def work(uow: UnitOfWork, rivals: frozenset[int]) -> Changes:
            lock_for_money(uow, {wish.booking_id, *rivals}, seating=wish.booking_id)
            fresh = self._fresh(uow, wish, TaskAction.CONFIRM)
            booking = uow.bookings.get(wish.booking_id)
            why = wish.note or "confirmed all the same"
            return _touched(fresh) | take_slot(uow, booking, rivals, why, self._clock.now())

        def take(cleared: Cleared) -> TaskDone:
            before = cleared.settled.changes
            return self._noted(wish, lambda uow: work(uow, cleared.rivals), before, is_settled=True)

        return with_room(clear, take)

    def _refund(self, wish: _Wish) -> TaskDone:
        """Saved and the task closed in one unit of work, so that no other desk gives it back too; then it is sent."""

        def work(uow: UnitOfWork) -> Changes:
            lock_money(uow, [wish.booking_id])
            fresh = self._fresh(uow, wish, TaskAction.REFUND)
            why = wish.note or "settled from the list"
            due_refund(uow, fresh.payment, fresh.left, why, now=self._clock.now(), key=wish.key)
            return _touched(fresh)

        saved = self._noted(wish, work, is_settled=True)
        try:
            sent = self._payments.refunds.pay(wish.payment.id)
        except (GatewayFailure, StripeNotConfigured, SecretStoreUnavailable):
            said = message("The refund is saved. It goes out by itself as soon as Stripe can be asked.")
            return replace(saved, said=said)
        return replace(saved, changes=saved.changes | sent)

    def _new_link(self, wish: _Wish) -> TaskDone:
        """The wish's key is noted with the new attempt: sent again after a crash, the same link is the answer."""
        opened = self._payments.resend_link(wish.booking_id, wish.key)
        changes = _touched(wish) | opened.changes
        return in_unit(self._write, lambda uow: self._closed(uow, wish, changes, payment_id=opened.payment.id))

    def _cancel_sittings(self, wish: _Wish) -> TaskDone:
        """The others of an unpaid series end; open links die first. Those for which money is in stay."""
        with self._read() as uow:
            others = unpaid_companions(uow, uow.bookings.get(wish.booking_id), self._clock.now())
            seen = [seen_in(uow, one) for one in others]
        closed = close_links(self._payments, seen)
        settling = Settling(None, None, wish.note or "the deposit of the series was not paid")

        def work(uow: UnitOfWork) -> Changes:
            lock_money(uow, [wish.booking_id, *(one.booking_id for one in seen)])  # the deposit may come just now
            fresh = self._fresh(uow, wish, TaskAction.CANCEL_SITTINGS)
            return _touched(fresh) | cancel_in(uow, seen, settling, self._clock.now())

        return self._noted(wish, work, closed, is_settled=True)

    def _look_again(self, wish: _Wish) -> TaskDone:
        payment_id, was_ended = wish.payment.id, wish.payment.status is PaymentStatus.EXPIRED
        try:
            changes = self._payments.contest().handle(payment_id).changes
            with self._read() as uow:
                payment = uow.payments.get(payment_id)
            if payment.status in COLLECTED and payment.intent_id:
                changes |= self._payments.refunds.learn(payment_id) | self._payments.refunds.pay(payment_id)
        except GatewayRefused as refusal:
            self._payments.settlement.refused(payment_id, refusal)
            raise
        said = message("Stripe says nothing new.")
        has_ended = payment.status is PaymentStatus.EXPIRED and not was_ended  # maybe because Stripe does not know it
        answered = None if has_ended else payment_id
        done = in_unit(self._write, lambda uow: self._closed(uow, wish, changes, answered=answered))
        return done if done.is_over else TaskDone(changes=done.changes, is_over=False, said=said)

    def _noted(
        self,
        wish: _Wish,
        work: Callable[[UnitOfWork], Changes],
        before: Changes | None = None,
        *,
        is_settled: bool = False,
    ) -> TaskDone:
        """Do ``work`` unless this request did it already, and close what is gone with it.

        ``is_settled``: the person settled the task itself; what comes of it later is another task.
        """

        def noted(uow: UnitOfWork) -> TaskDone:
            if not uow.requests.note(wish.key, ""):
                return TaskDone(changes=before or Changes())
            changes = work(uow) | (before or Changes())
            if is_settled:
                uow.payments.close_task(wish.task.fact_key, self._clock.now(), by=uow.who or "?")
            return self._closed(uow, wish, changes)

        return afresh(self._write, noted)

    def _closed(
        self,
        uow: UnitOfWork,
        wish: _Wish,
        changes: Changes,
        *,
        answered: int | None = None,
        payment_id: int | None = None,
    ) -> TaskDone:
        """Close what is gone; the answer says whether the task is."""
        bookings = changes.bookings | ({wish.facts.booking.id} if wish.facts.booking else set())
        has_closed = close_gone(uow, bookings, self._clock.now(), answered=() if answered is None else (answered,))
        is_over = uow.payments.task(wish.task.id).closed_at is not None
        return TaskDone(changes=changes | Changes(tasks=has_closed), payment_id=payment_id, is_over=is_over)

    def _fresh(self, uow: UnitOfWork, wish: _Wish, action: TaskAction) -> _Wish:
        """The wish as the facts stand under lock; StaleRecord if it is not possible any more."""
        return _there(self._wish(uow, wish.task.id, action, wish.note, wish.key))


def stripe_page(payment: Payment | None, mode: Mode) -> str:
    """A payment in Stripe's dashboard, "" if it is not there."""
    if payment is None or mode is Mode.PRACTICE or not (payment.intent_id or payment.session_id):
        return ""
    parts = [DASHBOARD, payment.account, "test" if mode is Mode.TEST else ""]
    what = f"payments/{payment.intent_id}" if payment.intent_id else f"search?query={payment.session_id}"
    return "/".join([*filter(None, parts), what])


def _item(task: DeskTask, facts: TaskFacts, clients: Mapping[int, Client], mode: Mode) -> InboxItem:
    kind, booking, payment = kind_of(task.kind), facts.booking, facts.payment
    client = clients[booking.client_id] if booking else None
    page = stripe_page(payment, mode)
    return InboxItem(
        task_id=task.id,
        kind=kind,
        what=task.sentence,
        since=task.opened_at,
        actions=tuple(one for one in actions_of(kind, facts) if page or one is not TaskAction.OPEN_AT_STRIPE),
        booking_id=booking.id if booking else None,
        payment_id=payment.id if payment else None,
        client=client.name if client else "",
        phone=client.phone if client else "",
        starts_at=booking.starts_at if booking else None,
        amount=payment.amount if payment else None,
        left=to_give_back(kind, facts),
        page=page,
    )


def _there(value: T | None) -> T:
    """What an action that was offered is sure to have."""
    if value is None:
        raise AssertionError("an action was offered without its facts")
    return value


def _touched(wish: _Wish) -> Changes:
    booking = frozenset({wish.facts.booking.id} if wish.facts.booking else ())
    payment = frozenset({wish.facts.payment.id} if wish.facts.payment else ())
    return Changes(bookings=booking, payments=payment, tasks=True)
