"""Money that a bank has let go at last: what was decided about it meanwhile is done, and the desk is told the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from inkdesk.application import bank_tasks
from inkdesk.application.changes import Changes
from inkdesk.application.deposit_lines import CARRIES, MoneyMoves, settle_one
from inkdesk.application.money_ties import taken_back, taken_by_banks, went_to
from inkdesk.application.open_tasks import amount_named
from inkdesk.application.ports import UnitOfWork
from inkdesk.application.promises import Said, keep, promised
from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.deposits import Portion, balance_of, draw, total
from inkdesk.domain.disputes import LOST, Dispute, is_open
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerKind, Payment
from inkdesk.domain.tasks import TaskKind, kind_of

_ENDED_BY_DESK: Final = frozenset({BookingStatus.CANCELLED, BookingStatus.NO_SHOW})
"""A booking that ended with a decision about its money, also about what was still to come."""
_STANDING: Final = frozenset({BookingStatus.REQUESTED, BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED})
"""A booking whose deposit may be left until its sitting."""
_ASK_ABOUT_ALL: Final = frozenset({TaskKind.AMOUNT_DIFFERS, TaskKind.PAID_AFTER_END})
_ASK_ABOUT_AN_AMOUNT: Final = frozenset({TaskKind.REFUND_FAILED, TaskKind.NOT_REFUNDABLE})


def heirs_of(uow: UnitOfWork, payment: Payment) -> set[int]:
    """Sittings that take a payment's money over when a bank lets it go: to be locked before that is written."""
    said = [promised(uow, payment.id, booking_id) for booking_id in went_to(uow, payment)]
    return {one.to for one in said if one is not None and one.to is not None}


def keep_promise(uow: UnitOfWork, payment: Payment, booking: Booking, now: datetime) -> Changes | None:
    """Settle money that came after its booking's end as it was decided then; None if nobody decided about it."""
    said = promised(uow, payment.id, booking.id)
    if said is None or booking.status not in _ENDED_BY_DESK or _is_heir_gone(uow, said):
        return None
    moves = MoneyMoves(uow, now, said.why, said.key)
    share = min(said.refund, payment.amount)
    for portion in _left(moves, payment, booking):
        settle_one(moves, booking, portion, share, said.fate, said.to)
    keep(uow, said)
    return moves.changes()


def settle_decided(uow: UnitOfWork, payment: Payment, now: datetime) -> Changes:
    """Once no dispute of a payment is open: do with its money what was decided meanwhile, and tell the desk the rest.

    None of it is sent back by itself, for the bank may have done that. A sitting that took place is paid with it.
    """
    disputes = uow.payments.disputes_of(payment.id)
    if not disputes or any(is_open(one.status) for one in disputes) or not _is_all_back(uow, payment, disputes):
        return Changes()
    ending = _Ending(uow, payment, now)
    for booking_id in sorted(went_to(uow, payment), key=lambda one: (one == payment.booking_id, one)):
        ending.settle(uow.bookings.get(booking_id))
    return ending.changes | Changes(tasks=ending.tell(disputes[-1]))


@dataclass(slots=True)
class _Ending:
    """The end of a payment's disputes. ``owed`` was to go back, ``strewn`` came home from bookings that are over."""

    uow: UnitOfWork
    payment: Payment
    now: datetime
    changes: Changes = field(default_factory=Changes)
    owed: int = 0
    strewn: int = 0
    is_promised: bool = False

    def settle(self, booking: Booking) -> None:
        """Carry out what was said of the money at one booking; the booking that was paid comes last."""
        said = promised(self.uow, self.payment.id, booking.id)
        if said is not None and booking.status in _ENDED_BY_DESK:
            self._carry_out(booking, said)
        elif booking.status is BookingStatus.COMPLETED:
            self._apply(booking)
        if booking.id != self.payment.booking_id and booking.status not in _STANDING | {BookingStatus.COMPLETED}:
            self._fetch(booking)

    def tell(self, dispute: Dispute) -> bool:
        """Tell the desk what is left to decide: what was to go back, and what has no use (any more)."""
        if self.is_promised:
            self.uow.payments.close_task(f"{TaskKind.NOT_REFUNDABLE}:{self.payment.id}", self.now)
        booking = self.uow.bookings.get(self.payment.booking_id)
        left = self._left(booking)
        back = min(max(0, self.owed - self._lost()), left)
        rest = max(0, left - back - self._asked_already(left))
        if booking.status in _STANDING:
            rest = min(rest, self.strewn + taken_back(self.uow, self.payment).amount_minor)
        return self._tell(bank_tasks.to_go_back, dispute, back) | self._tell(bank_tasks.dispute_won, dispute, rest)

    def _tell(self, task: Callable[..., bool], dispute: Dispute, minor: int) -> bool:
        return minor > 0 and task(self.uow, self.payment, dispute, self._money(minor), self.now)

    def _carry_out(self, booking: Booking, said: Said) -> None:
        self.is_promised, self.owed = True, self.owed + said.refund.amount_minor
        moves = MoneyMoves(self.uow, self.now, said.why, said.key)
        back = max(0, said.refund.amount_minor - self._lost())
        rest = self._money(max(0, self._left(booking) - back))
        if not _is_heir_gone(self.uow, said):
            for portion in draw(_left(moves, self.payment, booking), rest):
                settle_one(moves, booking, portion, self._money(0), said.fate, said.to)
        keep(self.uow, said)
        self.changes |= moves.changes()

    def _apply(self, booking: Booking) -> None:
        lines = self.uow.payments.ledger_of(booking.id)
        moves = MoneyMoves(self.uow, self.now, "the dispute is over", f"decided:{self.payment.id}:{len(lines)}")
        due = booking.price - balance_of(booking.id, lines, booking.price.currency).applied
        moves.use(LedgerKind.APPLIED, booking.id, draw(_left(moves, self.payment, booking), due))
        self.changes |= moves.changes()

    def _fetch(self, booking: Booking) -> None:
        moves = MoneyMoves(self.uow, self.now, "the dispute is over", f"fetched:{self.payment.id}:{booking.id}")
        left = self._left(booking)
        moves.bring_home(booking.id, self.payment, self._money(left))
        self.strewn += left
        self.changes |= moves.changes()

    def _left(self, booking: Booking) -> int:
        moves = MoneyMoves(self.uow, self.now, "", "")
        return total(_left(moves, self.payment, booking), self.payment.amount.currency).amount_minor

    def _lost(self) -> int:
        return taken_by_banks(self.uow, self.payment).amount_minor

    def _asked_already(self, left: int) -> int:
        """How much of what is left other open tasks ask about."""
        tasks = [one for one in self.uow.payments.tasks([self.payment.booking_id]) if one.payment_id == self.payment.id]
        if any(kind_of(one.kind) in _ASK_ABOUT_ALL for one in tasks):
            return left
        named = [amount_named(one) for one in tasks if kind_of(one.kind) in _ASK_ABOUT_AN_AMOUNT]
        return sum(one.amount_minor for one in named if one is not None)

    def _money(self, minor: int) -> Money:
        return Money(minor, self.payment.amount.currency)


def _is_all_back(uow: UnitOfWork, payment: Payment, disputes: Sequence[Dispute]) -> bool:
    """Whether banks have no more of the money than they won: what studios win comes back a little later."""
    lost = sum(one.amount.amount_minor for one in disputes if one.status in LOST)
    return taken_by_banks(uow, payment).amount_minor <= lost


def _left(moves: MoneyMoves, payment: Payment, booking: Booking) -> list[Portion]:
    return [one for one in moves.left(booking.id) if one.payment_id == payment.id]


def _is_heir_gone(uow: UnitOfWork, said: Said) -> bool:
    return said.to is not None and uow.bookings.get(said.to).status not in CARRIES
