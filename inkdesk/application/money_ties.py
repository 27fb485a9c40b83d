"""Money that went on to other bookings: locking all that it touches, and taking it back if its payer has it again."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from inkdesk.application.locking import lock_for_money
from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.deposits import balance_of, draw, standing, total
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, LedgerKind, Payment


def lock_money(uow: UnitOfWork, booking_ids: Collection[int], *, seating: int | None = None) -> None:
    """Keep other writers off these bookings and all that their money came from or went to; before anything is read.

    ``seating`` as in ``lock_for_money``.
    """
    locked: set[int] = set()
    while not locked.issuperset(tied := _tied(uow, booking_ids)):
        locked |= tied  # money may have moved on while we waited: walk again
        lock_for_money(uow, locked, seating=seating)


def take_back_uses(uow: UnitOfWork, payment: Payment, why: str, now: datetime) -> None:
    """Within a unit of work: after a bank or Stripe's dashboard took money that had a use, take its uses back.

    First where it was paid: kept, applied, credited, rolled over; and from there wherever it went, so that no cent is
    used that the client has again. Nothing is written while nothing is overdrawn.
    """
    _Overdraft(uow, payment, why, now).cover(payment.booking_id)


def went_to(uow: UnitOfWork, payment: Payment) -> set[int]:
    """Where money of a payment is or was: the booking that was paid, and wherever it was rolled over or used."""
    return _walk([payment.booking_id], lambda booking_id: _linked(uow, booking_id, payment.id))


def taken_back(uow: UnitOfWork, payment: Payment) -> Money:
    """What ``take_back_uses`` ever took back of uses of a payment's money where it was paid."""
    start = f":back:{payment.id}:{payment.booking_id}:"
    lines = [one for one in uow.payments.ledger_of(payment.booking_id) if start in one.fact_key]
    return Money(-sum(one.amount.amount_minor for one in lines), payment.amount.currency)


def taken_by_banks(uow: UnitOfWork, payment: Payment) -> Money:
    """What of a payment is with the client's bank by the ledger, decided or not."""
    lines = [one for one in uow.payments.ledger_of(payment.booking_id) if one.payment_id == payment.id]
    return total(standing(payment.booking_id, lines, LedgerKind.DISPUTED), payment.amount.currency)


def _tied(uow: UnitOfWork, booking_ids: Collection[int]) -> set[int]:
    return _walk(booking_ids, lambda booking_id: _linked(uow, booking_id))


def _walk(booking_ids: Collection[int], linked: Callable[[int], Sequence[int]]) -> set[int]:
    known: set[int] = set()
    waiting = list(booking_ids)
    while waiting:
        booking_id = waiting.pop()
        if booking_id not in known:
            known.add(booking_id)
            waiting += linked(booking_id)
    return known


def _linked(uow: UnitOfWork, booking_id: int, payment_id: int | None = None) -> list[int]:
    """Bookings that money of this one came from or went to; ``payment_id``: only money of this payment."""
    lines = [one for one in uow.payments.ledger_of(booking_id) if payment_id in {None, one.payment_id}]
    linked = [one for line in lines for one in (line.booking_id, line.to_booking_id) if one is not None]
    if any(line.kind in {LedgerKind.CREDITED, LedgerKind.CREDIT_USED} for line in lines):
        client_id = uow.bookings.get(booking_id).client_id
        credit = uow.payments.credit_lines(client_id)
        linked += [line.booking_id for line in credit if payment_id in {None, line.payment_id}]
    return linked


@dataclass(slots=True)
class _Overdraft:
    uow: UnitOfWork
    payment: Payment
    why: str
    now: datetime

    def cover(self, booking_id: int) -> None:
        """Take uses of the payment's money at a booking back until nothing is overdrawn there."""
        for kind in (LedgerKind.FORFEITED, LedgerKind.APPLIED):
            for one in draw(standing(booking_id, self._lines(booking_id), kind), self._missing(booking_id)):
                self._line(kind, booking_id, -one.amount)
        self._uncredit(booking_id)
        self._unroll(booking_id)

    def _uncredit(self, booking_id: int) -> None:
        credited = standing(booking_id, self._lines(booking_id), LedgerKind.CREDITED)
        taken = total(draw(credited, self._missing(booking_id)), self.payment.amount.currency)
        if not taken.amount_minor:
            return
        self._line(LedgerKind.CREDITED, booking_id, -taken)
        client_id = self.uow.bookings.get(booking_id).client_id
        for other in dict.fromkeys(one.booking_id for one in self.uow.payments.credit_lines(client_id)):
            used = standing(other, self._lines(other), LedgerKind.CREDIT_USED)
            back = total(draw(used, self._overused(client_id)), taken.currency)
            if back.amount_minor:
                self._line(LedgerKind.CREDIT_USED, other, -back)
                self.cover(other)

    def _unroll(self, booking_id: int) -> None:
        out = [one for one in self._lines(booking_id) if one.booking_id == booking_id and one.to_booking_id]
        for target in dict.fromkeys(one.to_booking_id for one in out):
            rolled = sum(one.amount.amount_minor for one in out if one.to_booking_id == target)
            missing = self._missing(booking_id)
            back = Money(max(0, min(rolled, missing.amount_minor)), missing.currency)
            if back.amount_minor and target is not None:
                self._line(LedgerKind.ROLLED_OVER, booking_id, -back, target)
                self.cover(target)

    def _missing(self, booking_id: int) -> Money:
        currency = self.payment.amount.currency
        left = balance_of(booking_id, self._lines(booking_id), currency).left
        return Money(max(0, -left.amount_minor), currency)

    def _overused(self, client_id: int) -> Money:
        """How much more of the payment's credit was used than the client still has."""
        lines = [one for one in self.uow.payments.credit_lines(client_id) if one.payment_id == self.payment.id]
        signs = {LedgerKind.CREDITED: -1, LedgerKind.CREDIT_USED: 1}
        return Money(
            max(0, sum(signs[one.kind] * one.amount.amount_minor for one in lines)), self.payment.amount.currency
        )

    def _lines(self, booking_id: int) -> Sequence[LedgerEntry]:
        currency = self.payment.amount.currency
        there = self.uow.payments.ledger_of(booking_id)
        return [one for one in there if one.payment_id == self.payment.id and one.amount.currency == currency]

    def _line(self, kind: LedgerKind, booking_id: int, amount: Money, to: int | None = None) -> None:
        number = len(self.uow.payments.ledger_of(booking_id))
        self.uow.payments.write_ledger(
            LedgerEntry(
                kind=kind,
                booking_id=booking_id,
                payment_id=self.payment.id,
                amount=amount,
                at=self.now,
                who=self.uow.who,
                why=self.why,
                fact_key=f"{kind.value}:back:{self.payment.id}:{booking_id}:{number}",
                to_booking_id=to,
            )
        )
