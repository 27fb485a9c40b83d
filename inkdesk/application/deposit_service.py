"""The life of a deposit after it came: the rest and a tip taken, credited, used, kept, rolled over, given back.

Every action carries the request key of its form: sent twice, it is done once.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from inkdesk.application.changes import Changes
from inkdesk.application.contest import Cleared, with_room
from inkdesk.application.deposit_lines import (
    MoneyMoves,
    apply_in,
    coming_of,
    next_sitting,
    refundable_of,
    rest_of,
    total_of,
)
from inkdesk.application.holds import REVIVABLE, being_paid
from inkdesk.application.money_ties import lock_money
from inkdesk.application.payment_service import PaymentService
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.settlement import take_slot, write_paid
from inkdesk.application.undecided import Undecided, undecided_of
from inkdesk.application.units import afresh
from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.deposits import DepositBalance, balance_of, credit_portions, draw, total
from inkdesk.domain.errors import StaleRecord, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import (
    LedgerEntry,
    LedgerKind,
    Payment,
    PaymentMethod,
    PaymentPurpose,
    PaymentStatus,
)

TAKES_REST = frozenset({BookingStatus.CONFIRMED, BookingStatus.COMPLETED})
"""A booking whose client still pays: before it the deposit is taken, after a no-show or a cancel nothing is."""
OPEN = frozenset({BookingStatus.REQUESTED, BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED})
TAKES_CREDIT = OPEN | TAKES_REST | {BookingStatus.LAPSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSitting:
    """A booking of the same client that money can be rolled over to."""

    booking_id: int
    starts_at: datetime
    service_name: str
    is_series: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyLook:
    """The money of one booking: what the desk sees, and the most that each action can move.

    ``coming`` is what a bank is still moving; ``undecided`` what its end decides about; ``has_heir``: a sitting of its
    series can carry the deposit on.
    """

    status: BookingStatus
    price: Money
    balance: DepositBalance
    rest: Money
    left: Money
    refundable: Money
    credit: Money
    coming: Money
    undecided: Undecided
    has_heir: bool
    sittings: tuple[OtherSitting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestCommand:
    """The rest of the price, or a part of it, and a tip, as they came by hand; one of them may be 0."""

    booking_id: int
    method: PaymentMethod
    amount: Money
    tip: Money
    request_key: str


class DepositService:
    """The use cases of money that is in. Each is one unit of work, under ``lock_for_money``."""

    def __init__(self, write: WriteUnit, read: ReadUnit, clock: Clock, payments: PaymentService) -> None:
        self._write = write
        self._read = read
        self._clock = clock
        self._payments = payments

    def look(self, booking_id: int) -> MoneyLook:
        """Everything that is known about the money of a booking."""
        with self._read() as uow:
            booking = uow.bookings.get(booking_id)
            currency = booking.price.currency
            moves = MoneyMoves(uow, self._clock.now(), "", "")
            credit = credit_portions(uow.payments.credit_lines(booking.client_id))
            return MoneyLook(
                status=booking.status,
                price=booking.price,
                balance=balance_of(booking_id, uow.payments.ledger_of(booking_id), currency),
                rest=rest_of(uow, booking),
                left=total(moves.left(booking_id), currency),
                refundable=total(refundable_of(moves, booking), currency),
                credit=total(credit, currency),
                coming=total_of(coming_of(uow, booking_id), currency),
                undecided=undecided_of(moves, booking),
                has_heir=next_sitting(uow, booking, self._clock.now()) is not None,
                sittings=_others(uow, booking, self._clock.now()),
            )

    def undecided(self, booking_ids: Collection[int]) -> dict[int, Undecided]:
        """What the ends of these bookings decide about, by their ids."""
        with self._read() as uow:
            moves = MoneyMoves(uow, self._clock.now(), "", "")
            return {one: undecided_of(moves, uow.bookings.get(one)) for one in booking_ids}

    def credit_of(self, client_id: int) -> Money:
        """The credit of a client that no booking has used yet, in the studio's currency."""
        with self._read() as uow:
            return total(credit_portions(uow.payments.credit_lines(client_id)), uow.studio.get().currency)

    def take_rest(self, command: RestCommand) -> Changes:
        """The rest due, or a part, and a tip, by cash, transfer or terminal.

        ValidationError if it is more than what is due, StaleRecord if the booking takes no rest (any more).
        """
        if command.method is PaymentMethod.LINK:
            raise ValidationError(message("Choose cash, transfer or terminal."), field="method")

        def work(moves: MoneyMoves) -> None:
            booking = moves.uow.bookings.get(command.booking_id)
            if booking.status not in TAKES_REST:
                raise StaleRecord(message("This booking takes no rest. Look at it again."))
            self._check_rest(moves.uow, booking, command)
            if command.amount.amount_minor:
                payment = _by_hand(moves, booking, command, command.amount, PaymentPurpose.REST)
                write_paid(moves.uow, payment, payment.amount, moves.now, command.method.value)
            if command.tip.amount_minor:
                _write_tip(moves, _by_hand(moves, booking, command, command.tip, PaymentPurpose.TIP))
            if booking.status is BookingStatus.COMPLETED:
                apply_in(moves, booking)

        return self._once(command.request_key, [command.booking_id], command.method.value, work)

    def refund(self, booking_id: int, amount: Money, reason: str, request_key: str) -> Changes:
        """Give money back without cancelling: what is left first, then what was applied or kept, then unused credit.

        The wish is saved before Stripe is called, and carried out now as far as Stripe answers.
        """

        def work(moves: MoneyMoves) -> None:
            booking = moves.uow.bookings.get(booking_id)
            there = refundable_of(moves, booking)
            _check(amount, total(there, booking.price.currency))
            taken = draw(there, amount)
            moves.take_back(booking_id, taken)
            moves.give_back(booking_id, taken)

        changes = self._once(request_key, [booking_id], reason, work)
        return changes | self._payments.pay_refunds()

    def credit(self, booking_id: int, amount: Money, reason: str, request_key: str) -> Changes:
        """Money that is left becomes the client's credit, for any later booking."""
        return self._use_left(LedgerKind.CREDITED, booking_id, amount, reason, request_key)

    def forfeit(self, booking_id: int, amount: Money, reason: str, request_key: str) -> Changes:
        """The studio keeps money that is left."""
        return self._use_left(LedgerKind.FORFEITED, booking_id, amount, reason, request_key)

    def use_credit(self, booking_id: int, amount: Money, request_key: str) -> Changes:
        """Pay (a part of) a booking with its client's credit; an unpaid hold is confirmed, its links die first.

        ValidationError if it is more than the credit or the rest, SlotTaken if the hold's time is not to be had.
        """

        def work(moves: MoneyMoves, rivals: frozenset[int]) -> None:
            booking = moves.uow.bookings.get(booking_id)
            if booking.status not in TAKES_CREDIT:
                raise StaleRecord(message("This booking takes no money any more. Look at it again."))
            lines = moves.uow.payments.credit_lines(booking.client_id)
            there = credit_portions(lines)
            _check(amount, min(total(there, booking.price.currency), rest_of(moves.uow, booking)))
            moves.use(LedgerKind.CREDIT_USED, booking_id, draw(there, amount))
            self._now_paid(moves, booking, rivals, "paid with credit")

        def take(cleared: Cleared) -> Changes:
            locked = {booking_id, *self._credited_bookings(booking_id), *cleared.rivals}
            return cleared.settled.changes | self._once(
                request_key, locked, "credit", lambda moves: work(moves, cleared.rivals), seating=booking_id
            )

        return with_room(lambda also: self._cleared(booking_id, request_key, also), take)

    def roll_over(self, booking_id: int, to_booking_id: int, amount: Money, reason: str, request_key: str) -> Changes:
        """Money that is left goes to another sitting of the same client; an unpaid hold there is confirmed by it."""

        def work(moves: MoneyMoves, rivals: frozenset[int]) -> None:
            booking, target = moves.uow.bookings.get(booking_id), moves.uow.bookings.get(to_booking_id)
            _check_target(booking, target)
            there = moves.left(booking_id)
            _check(amount, total(there, booking.price.currency))
            moves.use(LedgerKind.ROLLED_OVER, booking_id, draw(there, amount), to_booking_id)
            self._now_paid(moves, target, rivals, "paid with another sitting's deposit")

        def take(cleared: Cleared) -> Changes:
            locked = {booking_id, to_booking_id, *cleared.rivals}
            return cleared.settled.changes | self._once(
                request_key, locked, reason, lambda moves: work(moves, cleared.rivals), seating=to_booking_id
            )

        return with_room(lambda also: self._cleared(to_booking_id, request_key, also), take)

    def _use_left(self, kind: LedgerKind, booking_id: int, amount: Money, reason: str, request_key: str) -> Changes:
        def work(moves: MoneyMoves) -> None:
            there = moves.left(booking_id)
            _check(amount, total(there, moves.uow.bookings.get(booking_id).price.currency))
            moves.use(kind, booking_id, draw(there, amount))

        return self._once(request_key, [booking_id], reason, work)

    def _once(
        self,
        request_key: str,
        booking_ids: Collection[int],
        why: str,
        work: Callable[[MoneyMoves], None],
        *,
        seating: int | None = None,
    ) -> Changes:
        """Lock, do ``work`` unless this request was done before, and let forms that show the bookings go stale."""

        def unit(uow: UnitOfWork) -> Changes:
            lock_money(uow, booking_ids, seating=seating)
            if not uow.requests.note(request_key, "money"):
                return Changes()
            moves = MoneyMoves(uow, self._clock.now(), why, request_key)
            work(moves)
            for booking_id in sorted(moves.bookings | set(booking_ids)):
                uow.bookings.save(uow.bookings.get(booking_id))
            return moves.changes() | Changes(bookings=frozenset(booking_ids))

        return afresh(self._write, unit)

    def _cleared(self, booking_id: int, request_key: str, also: Collection[int]) -> Cleared:
        """End every link that could pay for an unpaid hold or its time. A failure leaves everything as it was."""
        with self._read() as uow:
            is_unpaid = uow.bookings.get(booking_id).status in REVIVABLE
            is_done = uow.requests.result_of(request_key) is not None
        if is_done or not is_unpaid:
            return Cleared()
        cleared = self._payments.contest().clear(booking_id, also)
        with self._read() as uow:
            if uow.bookings.get(booking_id).status not in REVIVABLE:
                raise StaleRecord(message("This booking was paid by link a moment ago. Look at it again."))
        return cleared

    def _now_paid(self, moves: MoneyMoves, booking: Booking, rivals: frozenset[int], why: str) -> None:
        if booking.status in REVIVABLE:
            if coming_of(moves.uow, booking.id):
                raise being_paid()
            take_slot(moves.uow, booking, rivals, why, moves.now)
            moves.bookings |= rivals
        if booking.status is BookingStatus.COMPLETED:
            apply_in(moves, booking)

    def _credited_bookings(self, booking_id: int) -> set[int]:
        """Where the client's credit came from: two desks that use it at once meet there."""
        with self._read() as uow:
            client_id = uow.bookings.get(booking_id).client_id
            return {line.booking_id for line in uow.payments.credit_lines(client_id)}

    @staticmethod
    def _check_rest(uow: UnitOfWork, booking: Booking, command: RestCommand) -> None:
        due = rest_of(uow, booking)
        if {command.amount.currency, command.tip.currency} != {due.currency}:
            raise ValidationError(
                message("This booking is priced in {currency}.", currency=due.currency), field="amount"
            )
        if not 0 <= command.amount.amount_minor <= due.amount_minor:
            raise ValidationError(
                message("Enter an amount up to the rest of {rest}. More than that is a tip.", rest=due), field="amount"
            )
        if command.tip.amount_minor < 0:
            raise ValidationError(message("A tip cannot be negative. Enter 0 or more."), field="tip")
        if not command.amount.amount_minor and not command.tip.amount_minor:
            raise ValidationError(message("Enter what came: the rest, a tip, or both."), field="amount")


def _by_hand(
    moves: MoneyMoves, booking: Booking, command: RestCommand, amount: Money, purpose: PaymentPurpose
) -> Payment:
    payment = moves.uow.payments.add(
        Payment(
            booking_id=booking.id,
            attempt=len(moves.uow.payments.of_booking(booking.id)) + 1,
            method=command.method,
            status=PaymentStatus.PAID,
            amount=amount,
            idempotency_key=f"{command.request_key}:{purpose.value}",
            charged_at=moves.now,
            created_at=moves.now,
            purpose=purpose,
        )
    )
    moves.payments.add(payment.id)
    return payment


def _write_tip(moves: MoneyMoves, payment: Payment) -> None:
    moves.uow.payments.write_ledger(
        LedgerEntry(
            kind=LedgerKind.TIP,
            booking_id=payment.booking_id,
            payment_id=payment.id,
            amount=payment.amount,
            at=moves.now,
            who=moves.uow.who,
            why=payment.method.value,
            fact_key=f"paid:{payment.id}",
        )
    )


def _check(amount: Money, most: Money) -> None:
    if amount.currency != most.currency:
        raise _priced_in(most.currency)
    if not most.amount_minor:
        raise ValidationError(
            message("There is no money for this any more. Look at the booking again."), field="amount"
        )
    if not 0 < amount.amount_minor <= most.amount_minor:
        raise ValidationError(message("Enter an amount above 0, at most {most}.", most=most), field="amount")


def _priced_in(currency: str) -> ValidationError:
    return ValidationError(message("This booking is priced in {currency}.", currency=currency), field="amount")


def _check_target(booking: Booking, target: Booking) -> None:
    if target.id == booking.id or target.client_id != booking.client_id:
        raise ValidationError(message("Choose another sitting of the same client."), field="sitting")
    if target.status not in OPEN:
        raise ValidationError(message("That sitting is over or cancelled. Choose one to come."), field="sitting")
    if target.price.currency != booking.price.currency:
        raise ValidationError(
            message("That sitting is priced in {currency}. Choose another one.", currency=target.price.currency),
            field="sitting",
        )


def _others(uow: UnitOfWork, booking: Booking, now: datetime) -> tuple[OtherSitting, ...]:
    """Sittings to come that can take money over: those of the same series first, then by start."""
    found = [
        OtherSitting(
            booking_id=one.id,
            starts_at=one.starts_at,
            service_name=uow.catalogue.service(one.service_id).name,
            is_series=booking.series_id is not None and one.series_id == booking.series_id,
        )
        for one in uow.bookings.open_of_client(booking.client_id)
        if one.id != booking.id and one.starts_at > now and one.price.currency == booking.price.currency
    ]
    return tuple(sorted(found, key=lambda one: (not one.is_series, one.starts_at, one.booking_id)))
