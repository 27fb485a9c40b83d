"""Writing what becomes of money that is in: ledger lines and refunds, in a unit of work whose bookings are locked.

Money keeps the payment it came by. To go back to its payer it first comes home: credit is unused, money that was rolled
over rolls back, so that every line of a payment ends at the booking that was paid.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from inkdesk.application import desk_tasks
from inkdesk.application.booking_terms import refund_shares
from inkdesk.application.changes import Changes
from inkdesk.application.money_ties import taken_by_banks
from inkdesk.application.ports import UnitOfWork
from inkdesk.application.promises import Said, promise
from inkdesk.application.refund_service import due_refund
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.deposits import (
    TAKEN_BACK,
    Portion,
    balance_of,
    credit_portions,
    draw,
    left_of,
    rest_due,
    standing,
    total,
)
from inkdesk.domain.disputes import is_open
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, LedgerKind, Payment, PaymentPurpose, PaymentStatus
from inkdesk.domain.refunds import RefundStatus, not_yet_returned

_ON_ITS_WAY = frozenset({RefundStatus.CREATING, RefundStatus.PENDING})
CARRIES = frozenset({BookingStatus.REQUESTED, BookingStatus.CONFIRMED})
"""A sitting that can take over another's deposit without its hold being asked about at Stripe."""


@dataclass(slots=True)
class MoneyMoves:
    """The lines of one action. ``key`` makes their fact keys: the same action is never written twice."""

    uow: UnitOfWork
    now: datetime
    why: str
    key: str
    bookings: set[int] = field(default_factory=set)
    payments: set[int] = field(default_factory=set)
    has_task: bool = False
    _written: int = 0

    def changes(self) -> Changes:
        """What was touched."""
        return Changes(bookings=frozenset(self.bookings), payments=frozenset(self.payments), tasks=self.has_task)

    def left(self, booking_id: int) -> list[Portion]:
        """What can be decided about: money that is left, but for what is on its way back or with a bank."""
        lines = self.uow.payments.ledger_of(booking_id)
        found = [self._free(booking_id, one) for one in left_of(booking_id, lines)]
        return [one for one in found if one.amount.amount_minor > 0]

    def held(self, booking_id: int) -> list[Portion]:
        """What cannot be decided about yet: money here that an undecided dispute is about, also what the bank took."""
        lines = self.uow.payments.ledger_of(booking_id)
        there: dict[int, Money] = {}
        for one in [*left_of(booking_id, lines), *standing(booking_id, lines, LedgerKind.DISPUTED)]:
            if is_held(self.uow, self.uow.payments.get(one.payment_id)):
                there[one.payment_id] = there.get(one.payment_id, Money(0, one.amount.currency)) + one.amount
        found = [Portion(payment_id, min(there[payment_id], self._not_back(payment_id))) for payment_id in there]
        return [one for one in found if one.amount.amount_minor > 0]

    def use(self, kind: LedgerKind, booking_id: int, portions: Iterable[Portion], to: int | None = None) -> None:
        """Write what becomes of these portions; ``to`` is the booking that rolled-over money goes to."""
        for one in portions:
            self._line(kind, booking_id, one.payment_id, one.amount, to)

    def take_back(self, booking_id: int, portions: Iterable[Portion]) -> None:
        """Take earlier uses back, so that the money is left again."""
        for one in portions:
            if one.kind is not None:
                self._line(one.kind, booking_id, one.payment_id, -one.amount)

    def give_back(self, booking_id: int, portions: Sequence[Portion]) -> None:
        """Let money that is left go back to who paid it: by hand at once, by link as Stripe carries it out."""
        for payment_id in dict.fromkeys(one.payment_id for one in portions):
            payment = self.uow.payments.get(payment_id)
            amount = total((one for one in portions if one.payment_id == payment_id), payment.amount.currency)
            self.bring_home(booking_id, payment, amount)
            due_refund(self.uow, payment, amount, self.why, now=self.now)
            self.payments.add(payment_id)

    def _free(self, booking_id: int, portion: Portion) -> Portion:
        payment = self.uow.payments.get(portion.payment_id)
        if is_held(self.uow, payment):
            return Portion(portion.payment_id, Money(0, portion.amount.currency))
        if payment.booking_id != booking_id:
            return portion
        refunds = self.uow.payments.refunds_of(payment.id)
        going = sum(one.amount.amount_minor for one in refunds if one.status in _ON_ITS_WAY)
        return Portion(portion.payment_id, portion.amount - Money(going, portion.amount.currency))

    def _not_back(self, payment_id: int) -> Money:
        return not_yet_returned(self.uow.payments.get(payment_id), self.uow.payments.refunds_of(payment_id))

    def bring_home(self, booking_id: int, payment: Payment, amount: Money) -> None:
        """Undo how left money of a payment came to a booking, step by step, until it is where it was paid."""
        if booking_id == payment.booking_id or not amount.amount_minor:
            return
        theirs = [one for one in self.uow.payments.ledger_of(booking_id) if one.payment_id == payment.id]
        credit = draw(standing(booking_id, theirs, LedgerKind.CREDIT_USED), amount)
        self.take_back(booking_id, credit)
        for one in credit:
            self._uncredit(booking_id, payment, one.amount)
        self._unroll(booking_id, payment, amount - total(credit, amount.currency), theirs)

    def _uncredit(self, booking_id: int, payment: Payment, amount: Money) -> None:
        client_id = self.uow.bookings.get(booking_id).client_id
        lines = [one for one in self.uow.payments.credit_lines(client_id) if one.payment_id == payment.id]
        for source in dict.fromkeys(one.booking_id for one in lines):
            taken = draw(standing(source, lines, LedgerKind.CREDITED), amount)
            self.take_back(source, taken)
            back = total(taken, amount.currency)
            self.bring_home(source, payment, back)
            amount -= back

    def _unroll(self, booking_id: int, payment: Payment, amount: Money, lines: Sequence[LedgerEntry]) -> None:
        came = [one for one in lines if one.to_booking_id == booking_id and one.amount.currency == amount.currency]
        for source in dict.fromkeys(one.booking_id for one in came):
            rolled = sum(one.amount.amount_minor for one in came if one.booking_id == source)
            back = Money(max(0, min(rolled, amount.amount_minor)), amount.currency)
            if back.amount_minor:
                self._line(LedgerKind.ROLLED_OVER, source, payment.id, -back, booking_id)
                self.bring_home(source, payment, back)
                amount -= back

    def _line(self, kind: LedgerKind, booking_id: int, payment_id: int, amount: Money, to: int | None = None) -> None:
        self._written += 1
        entry = LedgerEntry(
            kind=kind,
            booking_id=booking_id,
            payment_id=payment_id,
            amount=amount,
            at=self.now,
            who=self.uow.who,
            why=self.why,
            fact_key=f"{kind.value}:{self.key}:{self._written}",
            to_booking_id=to,
        )
        if not self.uow.payments.write_ledger(entry):
            raise ValueError(f"{entry.fact_key} stands in the ledger already")
        self.bookings |= {booking_id} if to is None else {booking_id, to}
        self.payments.add(payment_id)


def apply_in(moves: MoneyMoves, booking: Booking) -> None:
    """The sitting took place: what is left pays its price; money that was kept for a no-show is taken back first."""
    lines = moves.uow.payments.ledger_of(booking.id)
    moves.take_back(booking.id, standing(booking.id, lines, LedgerKind.FORFEITED))
    balance = balance_of(booking.id, moves.uow.payments.ledger_of(booking.id), booking.price.currency)
    due = booking.price - balance.applied
    moves.use(LedgerKind.APPLIED, booking.id, draw(moves.left(booking.id), due))


def settle_in(
    moves: MoneyMoves,
    bookings: Sequence[Booking],
    fate: DepositFate | None,
    refund: Money | None,
    *,
    to: int | None = None,
) -> None:
    """Write what becomes of the money of bookings that end; ``refund`` is what goes back in all (None: everything).

    The oldest payment gives first, and what is not refunded stays with the studio. Money that a bank is still moving
    is decided about now, and follows when it comes. So does disputed money once its dispute is over, but none of it is
    sent back by itself: the desk is told what was to go back, for the bank may have given it. ``to`` is the sitting
    that takes it over with ROLL. ``fate`` None: nobody was asked. Then what is here or comes stays with the studio,
    and the desk is told of disputed money that the bank gives back.
    """
    was_asked, fate = fate is not None, fate or DepositFate.KEEP
    is_refund = fate is DepositFate.REFUND and (refund is None or refund.amount_minor != 0)
    here = [(one, portion) for one in bookings for portion in moves.left(one.id)]
    coming = [payment for one in bookings for payment in _coming(moves.uow, one.id)]
    held = [(one, portion) for one in bookings for portion in moves.held(one.id)]
    amounts = [one.amount for _, one in here] + [one.amount for one in coming] + [one.amount for _, one in held]
    if held and refund is not None:
        refund = min(refund, total_of(amounts, refund.currency))
    shares = refund_shares(refund, amounts) if is_refund else [Money(0, one.currency) for one in amounts]
    for (booking, portion), share in zip(here, shares, strict=False):
        settle_one(moves, booking, portion, share, fate, to)
    for payment, share in zip(coming, shares[len(here) :], strict=False):
        promise(moves.uow, payment.id, payment.booking_id, _said(moves, fate, share, to))
    for (booking, portion), share in zip(held, shares[len(here) + len(coming) :], strict=True):
        _settle_later(moves, booking, portion, share)
        if was_asked:
            promise(moves.uow, portion.payment_id, booking.id, _said(moves, fate, share, to))


def refundable_of(moves: MoneyMoves, booking: Booking) -> list[Portion]:
    """What can go back to the client: what is left, then what was applied or kept, then credit that is not used.

    Of no payment more than was not given back yet.
    """
    uow = moves.uow
    lines = uow.payments.ledger_of(booking.id)
    unused = {one.payment_id: one.amount for one in credit_portions(uow.payments.credit_lines(booking.client_id))}
    credited = [
        portion
        for one in standing(booking.id, lines, LedgerKind.CREDITED)
        for portion in draw([one], unused.get(one.payment_id, Money(0, one.amount.currency)))
    ]
    used = [one for kind in TAKEN_BACK for one in standing(booking.id, lines, kind)]
    found: list[Portion] = []
    for one in [*moves.left(booking.id), *used, *credited]:
        known = total((other for other in found if other.payment_id == one.payment_id), one.amount.currency)
        found += draw([one], _returnable(uow, one.payment_id) - known)
    return found


def is_held(uow: UnitOfWork, payment: Payment) -> bool:
    """Whether a bank has still to decide whose the money of a payment is."""
    if payment.status is not PaymentStatus.DISPUTED:
        return False
    disputes = uow.payments.disputes_of(payment.id)
    return not disputes or any(is_open(one.status) for one in disputes)


def rest_of(uow: UnitOfWork, booking: Booking) -> Money:
    """What the client still owes of the booking's price."""
    return rest_due(booking.price, balance_of(booking.id, uow.payments.ledger_of(booking.id), booking.price.currency))


def next_sitting(uow: UnitOfWork, booking: Booking, now: datetime, without: Collection[int] = ()) -> Booking | None:
    """The sitting of the booking's series that carries the deposit on: the next one to come; None if there is none."""
    if booking.series_id is None:
        return None
    others = [one for one in uow.series.bookings_of(booking.series_id) if one.id not in {booking.id, *without}]
    able = [one for one in others if one.status in CARRIES and one.starts_at > now]
    return next((one for one in able if one.starts_at > booking.starts_at), able[0] if able else None)


def coming_of(uow: UnitOfWork, booking_id: int, *, is_rest: bool | None = None) -> list[Money]:
    """What a bank is still moving for a booking; of the rest of its price, or all but that, if one is asked for."""
    coming = ((one.amount, one.purpose is PaymentPurpose.REST) for one in _coming(uow, booking_id))
    return [amount for amount, counts_as_rest in coming if is_rest in {None, counts_as_rest}]


def total_of(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of the amounts in ``currency``."""
    return Money(sum(one.amount_minor for one in amounts if one.currency == currency), currency)


def settle_one(
    moves: MoneyMoves, booking: Booking, portion: Portion, share: Money, fate: DepositFate, to: int | None
) -> None:
    """Write what becomes of money that is left: ``share`` of it goes back to its payer, the rest has this fate."""
    back = draw([portion], share)
    moves.give_back(booking.id, back)
    rest = draw([portion], portion.amount - total(back, portion.amount.currency))
    match fate:
        case DepositFate.CREDIT:
            moves.use(LedgerKind.CREDITED, booking.id, rest)
        case DepositFate.ROLL:
            moves.use(LedgerKind.ROLLED_OVER, booking.id, rest, _target(to))
        case DepositFate.REFUND | DepositFate.KEEP:
            moves.use(LedgerKind.FORFEITED, booking.id, rest)


def _target(to: int | None) -> int:
    if to is None:
        raise ValidationError(
            message("No sitting of this series is left to take the deposit over. Choose what becomes of it."),
            field="fate",
        )
    return to


def _coming(uow: UnitOfWork, booking_id: int) -> list[Payment]:
    return [one for one in uow.payments.of_booking(booking_id) if one.status is PaymentStatus.PROCESSING]


def _said(moves: MoneyMoves, fate: DepositFate, share: Money, to: int | None) -> Said:
    return Said(fate, share, moves.why, _target(to) if fate is DepositFate.ROLL else None)


def _settle_later(moves: MoneyMoves, booking: Booking, portion: Portion, share: Money) -> None:
    """Disputed money of which ``share`` is to go back comes home, and the desk is told."""
    if share.amount_minor:
        payment = moves.uow.payments.get(portion.payment_id)
        moves.bring_home(booking.id, payment, share)
        moves.has_task |= desk_tasks.not_refundable(moves.uow, payment, booking, share, moves.now)


def _returnable(uow: UnitOfWork, payment_id: int) -> Money:
    payment = uow.payments.get(payment_id)
    if is_held(uow, payment):
        return Money(0, payment.amount.currency)
    there = not_yet_returned(payment, uow.payments.refunds_of(payment_id)) - taken_by_banks(uow, payment)
    return max(there, Money(0, there.currency))
