"""Writing what a freshly fetched checkout session means: one unit of work per session.

The same facts written twice change nothing, so any desk may write them, in any order, after any crash.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, NoReturn

from inkdesk.application import desk_tasks
from inkdesk.application.changes import Changes
from inkdesk.application.contention import Contested, contention
from inkdesk.application.decided_later import heirs_of, keep_promise, settle_decided
from inkdesk.application.dispute_book import learn_disputes, stands_disputed
from inkdesk.application.locking import lock_for_money
from inkdesk.application.money_ties import lock_money
from inkdesk.application.open_tasks import close_gone
from inkdesk.application.payment_gateway import GatewayMissing, GatewayRefused
from inkdesk.application.ports import Claim, Clock, UnitOfWork, WriteUnit
from inkdesk.application.refund_service import due_refund, write_refunds
from inkdesk.application.seating import seat_again
from inkdesk.application.series_tasks import tell_unpaid
from inkdesk.application.units import afresh, in_unit
from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.deposits import balance_of
from inkdesk.domain.disputes import LOST, is_open
from inkdesk.domain.errors import SlotTaken
from inkdesk.domain.money import Money
from inkdesk.domain.payments import COLLECTED, LedgerEntry, LedgerKind, Payment, PaymentStatus, advance
from inkdesk.domain.reconciling import (
    ChargeFacts,
    Finding,
    Outcome,
    SessionFacts,
    is_overdue,
    may_lapse,
    read_session,
    settle_paid,
    status_after,
    with_facts,
)
from inkdesk.domain.refunds import with_refunds
from inkdesk.domain.seats import Seat

KEPT_AFTER_FAILURE: Final = timedelta(hours=24)
"""How long a slot is kept after a delayed payment failed."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What was written; ``paid`` are bookings that money has just confirmed."""

    changes: Changes = field(default_factory=Changes)
    paid: tuple[int, ...] = ()

    def __or__(self, other: "Settled") -> "Settled":
        """Both together."""
        return Settled(self.changes | other.changes, self.paid + other.paid)


class Settlement:
    """Applies facts of sessions. ``lapse`` says whether an unpaid hold past its deadline is let go with them."""

    def __init__(self, write: WriteUnit, clock: Clock) -> None:
        self._write = write
        self._clock = clock

    def settle(
        self,
        payment_id: int,
        facts: SessionFacts,
        *,
        is_live: bool,
        lapse: bool,
        rivals: Collection[int] | None = None,
    ) -> Settled:
        """Write what ``facts`` mean for their payment and its booking.

        ``rivals`` are bookings whose links were ended for it: if the money takes the slot, their holds stand aside
        in the same unit of work; if it does not, nothing of theirs is touched and the money goes back. Contested if
        other unpaid holds are in the way: then nothing was written. None: no link was ended, so money is not settled
        here, but by the next look; the session is stored.
        """

        def work(uow: UnitOfWork, *, has_lost: bool) -> Settled:
            booking_id = uow.payments.get(payment_id).booking_id
            _lock(uow, uow.payments.get(payment_id), facts, rivals or ())
            payment, booking = uow.payments.get(payment_id), uow.bookings.get(booking_id)
            finding, known = read_session(payment, facts, is_live=is_live), facts
            if rivals is None and finding is Finding.PAID and payment.status not in COLLECTED:
                finding, known = Finding.OPEN, replace(facts, is_paid=False, charge=None)
            now = self._clock.now()
            settled = _Case(uow, payment, booking, known, now, rivals or (), has_lost).write(finding, lapse=lapse)
            return settled | Settled(Changes(tasks=_tidied(uow, payment, now)))

        try:
            return afresh(self._write, lambda uow: work(uow, has_lost=False))
        except Contested:
            raise
        except SlotTaken:
            return afresh(self._write, lambda uow: work(uow, has_lost=True))

    def refused(self, payment_id: int, refusal: GatewayRefused) -> Settled:
        """Tell the desk, once, that Stripe does not speak about a payment."""

        def work(uow: UnitOfWork) -> Settled:
            payment, now = uow.payments.get(payment_id), self._clock.now()
            if isinstance(refusal, GatewayMissing):
                return Settled(Changes(tasks=desk_tasks.unknown_at_stripe(uow, payment, now)))
            return Settled(Changes(tasks=desk_tasks.refused(uow, payment, refusal.answer, now)))

        return in_unit(self._write, work)

    def lapse(self, booking_id: int, stripe_now: datetime) -> Settled:
        """Let an overdue hold go if no attempt of it can bring money any more."""

        def work(uow: UnitOfWork) -> Settled:
            lock_for_money(uow, [booking_id])
            return lapse_in(uow, uow.bookings.get(booking_id), stripe_now)

        return afresh(self._write, work)


def _lock(uow: UnitOfWork, payment: Payment, facts: SessionFacts, rivals: Collection[int]) -> None:
    """Keep other writers off all that these facts may touch."""
    is_taken_back = facts.charge is not None and bool(facts.charge.disputes or facts.charge.refunds)
    lock, seating = lock_money if is_taken_back else lock_for_money, payment.booking_id if facts.is_paid else None
    has_heirs = is_taken_back or (facts.is_paid and payment.status not in COLLECTED)
    mine, locked = {payment.booking_id, *rivals}, set[int]()
    while not locked.issuperset(wanted := mine | heirs_of(uow, payment) if has_heirs else mine):
        lock(uow, wanted, seating=seating)
        locked |= wanted  # a desk may have named an heir while we waited: look again


def _tidied(uow: UnitOfWork, before: Payment, now: datetime) -> bool:
    """Close what is settled with a payment. An attempt that only ended may be one that Stripe did not know."""
    after = uow.payments.get(before.id).status
    has_ended = after is PaymentStatus.EXPIRED and after is not before.status
    return close_gone(uow, [before.booking_id], now, answered=() if has_ended else [before.id])


def lapse_in(uow: UnitOfWork, booking: Booking, stripe_now: datetime) -> Settled:
    """Within a unit of work that has its locks: let an overdue hold go if no attempt can bring money any more.

    Money that the client's bank has taken back for good is none.
    """
    if not is_overdue(booking, stripe_now):
        return Settled()
    if not may_lapse(one for one in uow.payments.of_booking(booking.id) if not _is_lost(uow, one)):
        return Settled()
    has_task = _let_go(uow, booking, "the deposit was not paid in time", stripe_now)
    return Settled(Changes(bookings=frozenset({booking.id}), tasks=has_task))


def _is_lost(uow: UnitOfWork, payment: Payment) -> bool:
    if payment.status is not PaymentStatus.DISPUTED:
        return False
    disputes = uow.payments.disputes_of(payment.id)
    return bool(disputes) and disputes[-1].status in LOST and not any(is_open(one.status) for one in disputes)


def write_paid(uow: UnitOfWork, payment: Payment, amount: Money, at: datetime, why: str) -> None:
    """The ledger's line of money that came in, once per payment."""
    uow.payments.write_ledger(
        LedgerEntry(
            kind=LedgerKind.PAID,
            booking_id=payment.booking_id,
            payment_id=payment.id,
            amount=amount,
            at=at,
            who=uow.who,
            why=why,
            fact_key=f"paid:{payment.id}",
        )
    )


def take_slot(uow: UnitOfWork, booking: Booking, ended: Collection[int], why: str, now: datetime) -> Changes:
    """Confirm, on any free unit that would do; unpaid holds that are in the way stand aside.

    Only those whose links were ``ended`` for it: Contested names others that would have to go. SlotTaken if the slot
    is not to be had. After either, the unit of work must not be committed.
    """
    if booking.group_id is not None:
        changes, taken = Changes(), booking
        _take_seats(uow, booking, now)
    else:
        changes, taken = _take_place(uow, booking, frozenset(ended), now)
    uow.bookings.note_history(booking.id, BookingStatus.CONFIRMED.value, why)
    uow.bookings.save(replace(taken, status=BookingStatus.CONFIRMED, hold_until=None))
    return changes | Changes(bookings=frozenset({booking.id}))


def _take_seats(uow: UnitOfWork, booking: Booking, now: datetime) -> None:
    if booking.status is BookingStatus.LAPSED:
        seat_again(uow, booking, now)
    else:
        uow.bookings.set_blocks(booking.id, blocks=True)


def _take_place(uow: UnitOfWork, booking: Booking, ended: frozenset[int], now: datetime) -> tuple[Changes, Booking]:
    """The booking on its units, not saved yet."""
    ground = contention(uow, booking.id)
    placed = ground.place(ended)
    if placed is None or not placed.leaving <= ended:
        _refuse(uow, booking, frozenset() if placed is None else placed.leaving - ended)
    changes = Changes()
    for hold_id in sorted(placed.leaving | (ground.left_out(placed.units) & ended)):
        changes |= _stand_aside(uow, uow.bookings.get(hold_id), now)
    return changes, _sit(uow, booking, ground.seats, placed.units)


def _refuse(uow: UnitOfWork, booking: Booking, holds: frozenset[int]) -> NoReturn:
    """SlotTaken in the words of the guard, who names who has it; Contested if only these holds are in the way."""
    try:
        uow.bookings.set_blocks(booking.id, blocks=True)
    except SlotTaken as taken:
        if holds:
            raise Contested(taken.message, holds) from None
        raise
    raise AssertionError("what is taken on the ground is taken for the guard")


def _sit(uow: UnitOfWork, booking: Booking, seats: Sequence[Seat], units: Sequence[int]) -> Booking:
    """Make a booking keep these units; the first of its stations may be another one then."""
    given = {seat.units[0]: unit for seat, unit in zip(seats, units, strict=True)}
    if all(unit == had for had, unit in given.items()):
        uow.bookings.set_blocks(booking.id, blocks=True)
        return booking
    claims = [Claim(given[one.resource_id], one.span) for one in uow.bookings.claims_of(booking.id)]
    uow.bookings.claim(booking.id, claims, blocks=True)
    station_id = booking.station_id
    return booking if station_id is None else replace(booking, station_id=given.get(station_id, station_id))


def _stand_aside(uow: UnitOfWork, hold: Booking, now: datetime) -> Changes:
    """Take an unpaid hold off its slot; it ends, and the desk is told, if nothing can bring it money any more."""
    attempts = uow.payments.of_booking(hold.id)
    uow.bookings.set_blocks(hold.id, blocks=False)
    touched = Changes(bookings=frozenset({hold.id}))
    if not attempts or not may_lapse(attempts):
        return touched
    has_task = _let_go(uow, hold, desk_tasks.OUTPAID, now)
    is_told = desk_tasks.slot_lost(uow, attempts[-1], hold, now)
    return touched | Changes(tasks=has_task or is_told)


def _let_go(uow: UnitOfWork, booking: Booking, why: str, now: datetime) -> bool:
    """Whether the desk is told that others of its series still stand."""
    uow.bookings.set_blocks(booking.id, blocks=False)
    uow.bookings.note_history(booking.id, BookingStatus.LAPSED.value, why)
    uow.bookings.save(replace(booking, status=BookingStatus.LAPSED))
    return tell_unpaid(uow, booking, uow.payments.of_booking(booking.id), now)


@dataclass(frozen=True, slots=True)
class _Case:
    """One payment with its booking and the facts about it, within a unit of work."""

    uow: UnitOfWork
    payment: Payment
    booking: Booking
    facts: SessionFacts
    now: datetime
    rivals: Collection[int]
    has_lost: bool

    def write(self, finding: Finding, *, lapse: bool) -> Settled:
        match finding:
            case Finding.OTHER_MODE:
                return self._told(desk_tasks.other_mode(self.uow, self.payment, self.booking, self.now))
            case Finding.OPEN | Finding.PROCESSING:
                return self._store(finding)
            case Finding.EXPIRED:
                return self._expired(lapse=lapse)
            case Finding.FAILED:
                return self._failed()
            case Finding.PAID | Finding.DIFFERS:
                return self._paid(finding)

    def _store(self, finding: Finding) -> Settled:
        after = status_after(self.payment, finding, self.facts.seen_at)
        if after is self.payment.status:
            return Settled()
        self._save(self.payment, after)
        return Settled(self._touched)

    def _expired(self, *, lapse: bool) -> Settled:
        settled = self._store(Finding.EXPIRED)
        return settled | lapse_in(self.uow, self.booking, self.facts.seen_at) if lapse else settled

    def _failed(self) -> Settled:
        if not self._store(Finding.FAILED).changes:
            return Settled()
        if self.booking.status is BookingStatus.PENDING_PAYMENT:
            until = self.facts.seen_at + KEPT_AFTER_FAILURE
            self.uow.bookings.save(replace(self.booking, hold_until=until))
        return self._told(desk_tasks.payment_failed(self.uow, self.payment, self.booking, self.now))

    def _paid(self, finding: Finding) -> Settled:
        if self.payment.status in COLLECTED:
            return self._again(self.payment)
        attempts = self.uow.payments.of_booking(self.booking.id)
        asked = self.payment.amount
        received = replace(self.payment, amount=self.facts.amount or asked)
        paid = self._save(received, PaymentStatus.PAID)
        write_paid(self.uow, paid, paid.amount, paid.charged_at or self.facts.seen_at, "link")
        if finding is Finding.DIFFERS:
            settled = self._told(desk_tasks.amount_differs(self.uow, paid, self.booking, asked, self.now))
        else:
            settled = self._settle_booking(paid, attempts)
        return settled | self._again(self.uow.payments.get(paid.id))

    def _settle_booking(self, paid: Payment, attempts: Sequence[Payment]) -> Settled:
        outcome = settle_paid(paid, self.booking, attempts, is_covered=self._is_covered())
        if outcome in {Outcome.KEEP, Outcome.ASK_DESK}:
            decided = keep_promise(self.uow, paid, self.booking, self.now)
            if decided is not None:
                return Settled(self._touched | decided)
        match outcome:
            case Outcome.CONFIRM:
                return self._confirm(paid)
            case Outcome.KEEP:
                return Settled(self._touched, (self.booking.id,))
            case Outcome.REFUND:
                due_refund(self.uow, paid, paid.amount, desk_tasks.PAID_TWICE, now=self.now)
                return self._told(desk_tasks.paid_twice(self.uow, paid, self.booking, self.now))
            case Outcome.ASK_DESK:
                return self._told(desk_tasks.paid_after_end(self.uow, paid, self.booking, self.now))

    def _is_covered(self) -> bool:
        """Whether money of other payments is the booking's deposit: credit, or what was rolled over to it."""
        deposit = self.booking.deposit
        balance = balance_of(self.booking.id, self.uow.payments.ledger_of(self.booking.id), deposit.currency)
        other = balance.credit_used + balance.rolled_in - balance.rolled_out
        return 0 < deposit.amount_minor <= other.amount_minor

    def _confirm(self, paid: Payment) -> Settled:
        if not self.has_lost:
            changes = take_slot(self.uow, self.booking, self.rivals, "the deposit was paid", self.now)
            return Settled(self._touched | changes, (self.booking.id,))
        due_refund(self.uow, paid, paid.amount, desk_tasks.TAKEN_FIRST, now=self.now)
        if self.booking.status is BookingStatus.PENDING_PAYMENT:
            _let_go(self.uow, self.booking, desk_tasks.TAKEN_FIRST, self.now)
        return self._told(desk_tasks.second_payer(self.uow, paid, self.booking, self.now))

    def _again(self, payment: Payment) -> Settled:
        """Money that is in the books: only the fee, refunds and a dispute can be news."""
        charge = self.facts.charge
        if charge is None:
            return Settled()
        if charge.refunds:  # told of before the payment was known, their event meant nothing
            changes = write_refunds(self.uow, payment, charge.refunds, self.now)
            return Settled(changes) | self._charged(self.uow.payments.get(payment.id), charge)
        return self._charged(payment, charge)

    def _charged(self, payment: Payment, charge: ChargeFacts) -> Settled:
        seen_at, refunds = self.facts.seen_at, self.uow.payments.refunds_of(payment.id)
        is_news = learn_disputes(self.uow, payment, charge.disputes, seen_at=seen_at, now=self.now)
        is_disputed = stands_disputed(self.uow, payment, charge)
        now_stands = with_refunds(with_facts(payment, self.facts), refunds, is_disputed=is_disputed)
        if replace(now_stands, looked_at=payment.looked_at) == payment and not is_news:
            return Settled()
        saved = self.uow.payments.save(now_stands)
        settled = self._told(is_news)
        return settled | Settled(settle_decided(self.uow, saved, self.now)) if is_news else settled

    def _save(self, payment: Payment, status: PaymentStatus) -> Payment:
        return self.uow.payments.save(with_facts(advance(payment, status), self.facts))

    def _told(self, is_new: bool) -> Settled:  # noqa: FBT001 - the answer of a task is passed on
        return Settled(self._touched | Changes(tasks=is_new))

    @property
    def _touched(self) -> Changes:
        return Changes(bookings=frozenset({self.booking.id}), payments=frozenset({self.payment.id}))
