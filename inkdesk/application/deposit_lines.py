"""Writing what becomes of money that is in: ledger lines and refunds, in a unit of work whose bookings are locked.

Money keeps the payment it came by. To go back to its payer it first comes home: credit is unused, money that was rolled
over rolls back, so that every line of a payment ends at the booking that was paid.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from inkdesk.application import desk_tasks
from inkdesk.application.booking_terms import refund_shares
from inkdesk.application.changes import Changes
from inkdesk.application.ports import UnitOfWork
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
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, LedgerKind, Payment, PaymentStatus
from inkdesk.domain.refunds import RefundStatus, not_yet_returned

_ON_ITS_WAY = frozenset({RefundStatus.CREATING, RefundStatus.PENDING})
CARRIES = frozenset({BookingStatus.REQUESTED, BookingStatus.CONFIRMED})
"""A sitting that can take over another's deposit without its hold being asked about at Stripe."""

ENDED_BY_DESK: Final = frozenset({BookingStatus.CANCELLED, BookingStatus.NO_SHOW})
"""A booking that ended with a decision about its money, also about what was still to come."""


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
            self._bring_home(booking_id, payment, amount)
            due_refund(self.uow, payment, amount, self.why, now=self.now)
            self.payments.add(payment_id)

    def _free(self, booking_id: int, portion: Portion) -> Portion:
        payment = self.uow.payments.get(portion.payment_id)
        if payment.status is PaymentStatus.DISPUTED:
            return Portion(portion.payment_id, Money(0, portion.amount.currency))
        if payment.booking_id != booking_id:
            return portion
        refunds = self.uow.payments.refunds_of(payment.id)
        going = sum(one.amount.amount_minor for one in refunds if one.status in _ON_ITS_WAY)
        return Portion(portion.payment_id, portion.amount - Money(going, portion.amount.currency))

    def _bring_home(self, booking_id: int, payment: Payment, amount: Money) -> None:
        """Undo how money of a payment came to a booking, step by step, until it is where it was paid."""
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
            self._bring_home(source, payment, back)
            amount -= back

    def _unroll(self, booking_id: int, payment: Payment, amount: Money, lines: Sequence[LedgerEntry]) -> None:
        came = [one for one in lines if one.to_booking_id == booking_id and one.amount.currency == amount.currency]
        for source in dict.fromkeys(one.booking_id for one in came):
            rolled = sum(one.amount.amount_minor for one in came if one.booking_id == source)
            back = Money(max(0, min(rolled, amount.amount_minor)), amount.currency)
            if back.amount_minor:
                self._line(LedgerKind.ROLLED_OVER, source, payment.id, -back, booking_id)
                self._bring_home(source, payment, back)
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
    moves: MoneyMoves, bookings: Sequence[Booking], fate: DepositFate, refund: Money | None, *, to: int | None = None
) -> None:
    """Write what becomes of the money of bookings that end; ``refund`` is what goes back in all (None: everything).

    The oldest payment gives first, and what is not refunded stays with the studio. Money that a bank is still moving
    is decided about now, and follows when it comes. Disputed money is the bank's to decide: the desk is told if it
    wanted to refund. ``to`` is the sitting that takes it over with ROLL.
    """
    is_refund = fate is DepositFate.REFUND and (refund is None or refund.amount_minor != 0)
    here = [(one, portion) for one in bookings for portion in moves.left(one.id)]
    coming = [payment for one in bookings for payment in _coming(moves.uow, one.id)]
    most = [portion.amount for _, portion in here] + [payment.amount for payment in coming]
    disputed = [payment for one in bookings for payment in _disputed(moves.uow, one.id)]
    if is_refund:
        _tell_not_refundable(moves, disputed, refund, most)
    if disputed and refund is not None:
        refund = min(refund, total_of(most, refund.currency))
    nothing = [Money(0, one.currency) for one in most]
    shares = refund_shares(refund, most) if is_refund else nothing
    for (booking, portion), share in zip(here, shares, strict=False):
        _settle_one(moves, booking, portion, share, fate, to)
    for payment, share in zip(coming, shares[len(here) :], strict=True):
        _promise(moves, payment, fate, share, to)


def keep_promise(uow: UnitOfWork, payment: Payment, booking: Booking, now: datetime) -> Changes | None:
    """Settle money that came after its booking's end as it was decided then; None if nobody decided about it."""
    promised = uow.requests.result_of(_promise_key(payment))
    if promised is None or booking.status not in ENDED_BY_DESK:
        return None
    said = json.loads(promised)
    if said["to"] is not None and uow.bookings.get(said["to"]).status not in CARRIES:
        return None
    moves = MoneyMoves(uow, now, said["why"], f"promise:{payment.id}")
    share = Money(min(said["refund_minor"], payment.amount.amount_minor), payment.amount.currency)
    for portion in moves.left(booking.id):
        if portion.payment_id == payment.id:
            _settle_one(moves, booking, portion, share, DepositFate(said["fate"]), said["to"])
    return moves.changes()


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


def coming_of(uow: UnitOfWork, booking_id: int) -> list[Money]:
    """What a bank is still moving for a booking."""
    return [one.amount for one in _coming(uow, booking_id)]


def total_of(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of the amounts in ``currency``."""
    return Money(sum(one.amount_minor for one in amounts if one.currency == currency), currency)


def _settle_one(
    moves: MoneyMoves, booking: Booking, portion: Portion, share: Money, fate: DepositFate, to: int | None
) -> None:
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


def _promise(moves: MoneyMoves, payment: Payment, fate: DepositFate, share: Money, to: int | None) -> None:
    target = _target(to) if fate is DepositFate.ROLL else None
    said = {"fate": fate.value, "refund_minor": share.amount_minor, "why": moves.why, "to": target}
    moves.uow.requests.note(_promise_key(payment), json.dumps(said, ensure_ascii=False))


def _promise_key(payment: Payment) -> str:
    return f"fate-of-payment:{payment.id}"


def _disputed(uow: UnitOfWork, booking_id: int) -> list[Payment]:
    return [one for one in uow.payments.of_booking(booking_id) if one.status is PaymentStatus.DISPUTED]


def _tell_not_refundable(
    moves: MoneyMoves, disputed: Sequence[Payment], refund: Money | None, most: Sequence[Money]
) -> None:
    """Tell the desk what disputed money was to go back: so much of the refund as the other money does not cover."""
    uow = moves.uow
    there = [not_yet_returned(one, uow.payments.refunds_of(one.id)) for one in disputed]
    if refund is not None:
        refund = min(refund, total_of([*most, *there], refund.currency))
    asked = refund_shares(refund, [*most, *there])[len(most) :]
    for payment, amount in zip(disputed, asked, strict=True):
        if amount.amount_minor:
            booking = uow.bookings.get(payment.booking_id)
            moves.has_task |= desk_tasks.not_refundable(uow, payment, booking, amount, moves.now)


def _returnable(uow: UnitOfWork, payment_id: int) -> Money:
    payment = uow.payments.get(payment_id)
    if payment.status is PaymentStatus.DISPUTED:
        return Money(0, payment.amount.currency)
    return not_yet_returned(payment, uow.payments.refunds_of(payment_id))
