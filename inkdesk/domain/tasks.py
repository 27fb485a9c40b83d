"""Tasks of the desk: what can be done about each, and when its fact is gone.

Some tasks are news that a client must be told; no fact ends them, only a person (or the client's new booking) does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from inkdesk.domain.bookings import SETTLED, Booking, BookingStatus
from inkdesk.domain.disputes import Dispute, is_open
from inkdesk.domain.money import Money
from inkdesk.domain.payments import (
    ASKING,
    COLLECTED,
    KEPT,
    LedgerEntry,
    LedgerKind,
    Payment,
    PaymentMethod,
    PaymentPurpose,
    PaymentStatus,
)
from inkdesk.domain.refunds import REFUND_FAILURES, Refund, RefundStatus, not_yet_returned


class TaskKind(StrEnum):
    """What a task is about."""

    SECOND_PAYER = "second_payer"
    PAID_TWICE = "paid_twice"
    PAID_AFTER_END = "paid_after_end"
    AMOUNT_DIFFERS = "amount_differs"
    OTHER_MODE = "other_mode"
    PAYMENT_FAILED = "payment_failed"
    SLOT_LOST = "slot_lost"
    DISPUTED = "disputed"
    DISPUTE_LOST = "dispute_lost"
    DISPUTE_WON = "dispute_won"
    NOT_REFUNDABLE = "not_refundable"
    REFUND_FAILED = "refund_failed"
    REFUND_SHORTENED = "refund_shortened"
    REFUND_WAITS = "refund_waits"
    REFUND_SLOW = "refund_slow"
    WATCH_LINK = "watch_link"
    UNKNOWN_AT_STRIPE = "unknown_at_stripe"
    REFUSED = "refused"
    SERIES_UNPAID = "series_unpaid"


class TaskAction(StrEnum):
    """What a person can do about a task."""

    REFUND = "refund"
    GIVEN_BACK = "given_back"
    CONFIRM = "confirm"
    NEW_LINK = "new_link"
    LOOK_AGAIN = "look_again"
    KEEP_SITTINGS = "keep_sittings"
    CANCEL_SITTINGS = "cancel_sittings"
    WRITE_TO_CLIENT = "write_to_client"
    OPEN_BOOKING = "open_booking"
    OPEN_AT_STRIPE = "open_at_stripe"
    ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFacts:
    """How the money of a task stands now.

    ``about`` is the id in the task's fact key (of the payment, the refund or the dispute); ``attempts`` and ``ledger``
    are those of the whole booking, ``refunds`` and ``disputes`` those of the payment. ``named`` is the amount that the
    task tells of; ``has_answered``: Stripe has just spoken about the payment. ``companions`` is how many other sittings
    of an unpaid series still stand.
    """

    now: datetime
    about: int = 0
    named: Money | None = None
    booking: Booking | None = None
    payment: Payment | None = None
    attempts: Sequence[Payment] = ()
    refunds: Sequence[Refund] = ()
    disputes: Sequence[Dispute] = ()
    ledger: Sequence[LedgerEntry] = ()
    has_answered: bool = False
    companions: int = 0

    @property
    def left(self) -> Money | None:
        """What of the payment is with the studio and not spoken for: not given back, kept, credited or lost."""
        payment = self.payment
        if payment is None or payment.status not in COLLECTED:
            return None
        gone = _SPOKEN_FOR | {LedgerKind.DISPUTED} if _dispute_is_over(self) else _SPOKEN_FOR
        mine = [line for line in self.ledger if line.payment_id == payment.id and line.kind in gone]
        went = sum(line.amount.amount_minor for line in mine if line.booking_id == payment.booking_id)
        came_back = sum(line.amount.amount_minor for line in mine if line.to_booking_id == payment.booking_id)
        spoken_for = went - came_back
        rest = not_yet_returned(payment, self.refunds)
        return Money(max(0, rest.amount_minor - spoken_for), rest.currency)

    @property
    def is_disputed(self) -> bool:
        """Whether a bank holds the money, its dispute undecided."""
        if self.payment is not None and self.payment.status is PaymentStatus.DISPUTED:
            return True
        return any(is_open(one.status) for one in self.disputes)


_SPOKEN_FOR: Final = frozenset({LedgerKind.APPLIED, LedgerKind.CREDITED, LedgerKind.FORFEITED, LedgerKind.ROLLED_OVER})
_UNFINISHED: Final = frozenset({RefundStatus.CREATING, RefundStatus.PENDING})
_ENDED: Final = frozenset({PaymentStatus.EXPIRED, PaymentStatus.FAILED})
_WAITING: Final = frozenset({BookingStatus.PENDING_PAYMENT, BookingStatus.LAPSED})
_KINDS: Final[Mapping[str, TaskKind]] = {kind.value: kind for kind in TaskKind}
_A = TaskAction
_K = TaskKind


def kind_of(text: str) -> TaskKind | None:
    """The kind of a stored task; None for one that this version does not know."""
    return _KINDS.get(text)


def fact_of(fact_key: str) -> int:
    """The id in a task's fact key; 0 if it has none."""
    number = fact_key.rpartition(":")[2]
    return int(number) if number.isascii() and number.isdigit() else 0


def actions_of(kind: TaskKind | None, facts: TaskFacts) -> tuple[TaskAction, ...]:
    """What can be done now, the most fitting first; a task can always be acknowledged."""
    wished = _WISHED.get(kind, (_A.OPEN_BOOKING,)) if kind else (_A.OPEN_BOOKING,)
    if kind is _K.AMOUNT_DIFFERS and _is_enough(facts):
        wished = (_A.CONFIRM, *(one for one in wished if one is not _A.CONFIRM))
    offered = tuple(action for action in wished if _IS_POSSIBLE[action](facts))
    return offered if _A.ACKNOWLEDGE in offered else (*offered, _A.ACKNOWLEDGE)


def to_give_back(kind: TaskKind | None, facts: TaskFacts) -> Money | None:
    """What REFUND and GIVEN_BACK mean: what is left, but no more than was to go back. None: no money came."""
    left, asked = facts.left, _asked_back(kind, facts)
    if left is None or asked is None or asked.currency != left.currency:
        return left
    return min(left, asked)


def is_gone(kind: TaskKind | None, facts: TaskFacts) -> bool:
    """Whether nothing is left to do or to tell; a kind that this version does not know stays."""
    return kind is not None and kind in _IS_GONE and _IS_GONE[kind](facts)


def ends_by_itself(kind: TaskKind | None) -> bool:
    """Whether such a task goes when its fact is settled: as long as it is there, something is not over."""
    return kind in _IS_GONE


_WISHED: Mapping[TaskKind, tuple[TaskAction, ...]] = {
    _K.SECOND_PAYER: (_A.WRITE_TO_CLIENT, _A.OPEN_BOOKING, _A.OPEN_AT_STRIPE),
    _K.PAID_TWICE: (_A.WRITE_TO_CLIENT, _A.ACKNOWLEDGE, _A.OPEN_BOOKING, _A.OPEN_AT_STRIPE),
    _K.PAID_AFTER_END: (_A.REFUND, _A.CONFIRM, _A.OPEN_BOOKING, _A.OPEN_AT_STRIPE),
    _K.AMOUNT_DIFFERS: (_A.REFUND, _A.CONFIRM, _A.OPEN_BOOKING, _A.OPEN_AT_STRIPE),
    _K.OTHER_MODE: (_A.LOOK_AGAIN, _A.OPEN_BOOKING),
    _K.PAYMENT_FAILED: (_A.NEW_LINK, _A.OPEN_BOOKING, _A.OPEN_AT_STRIPE),
    _K.SLOT_LOST: (_A.WRITE_TO_CLIENT, _A.OPEN_BOOKING),
    _K.DISPUTED: (_A.OPEN_AT_STRIPE, _A.OPEN_BOOKING, _A.LOOK_AGAIN),
    _K.DISPUTE_LOST: (_A.ACKNOWLEDGE, _A.OPEN_BOOKING, _A.OPEN_AT_STRIPE),
    _K.DISPUTE_WON: (_A.OPEN_BOOKING, _A.REFUND, _A.GIVEN_BACK, _A.OPEN_AT_STRIPE),
    _K.NOT_REFUNDABLE: (_A.REFUND, _A.GIVEN_BACK, _A.OPEN_AT_STRIPE, _A.OPEN_BOOKING),
    _K.REFUND_FAILED: (_A.GIVEN_BACK, _A.REFUND, _A.OPEN_AT_STRIPE, _A.OPEN_BOOKING),
    _K.REFUND_SHORTENED: (_A.OPEN_BOOKING, _A.OPEN_AT_STRIPE),
    _K.REFUND_WAITS: (_A.LOOK_AGAIN, _A.OPEN_AT_STRIPE, _A.OPEN_BOOKING),
    _K.REFUND_SLOW: (_A.OPEN_AT_STRIPE, _A.LOOK_AGAIN, _A.OPEN_BOOKING),
    _K.WATCH_LINK: (_A.LOOK_AGAIN, _A.OPEN_AT_STRIPE, _A.OPEN_BOOKING),
    _K.UNKNOWN_AT_STRIPE: (_A.LOOK_AGAIN, _A.NEW_LINK, _A.OPEN_BOOKING),
    _K.REFUSED: (_A.LOOK_AGAIN, _A.OPEN_AT_STRIPE, _A.OPEN_BOOKING),
    _K.SERIES_UNPAID: (_A.NEW_LINK, _A.KEEP_SITTINGS, _A.CANCEL_SITTINGS, _A.OPEN_BOOKING),
}


def _is_enough(facts: TaskFacts) -> bool:
    """Whether what came covers the deposit that was asked for."""
    paid, booking = facts.payment, facts.booking
    if paid is None or booking is None or paid.amount.currency != booking.deposit.currency:
        return False
    return paid.amount.amount_minor >= booking.deposit.amount_minor


def _has_left(facts: TaskFacts) -> bool:
    return facts.left is not None and facts.left.amount_minor > 0


def _can_give_back(facts: TaskFacts) -> bool:
    return _has_left(facts) and not facts.is_disputed


def _is_by_link(facts: TaskFacts) -> bool:
    return facts.payment is not None and facts.payment.method is PaymentMethod.LINK


def _can_confirm(facts: TaskFacts) -> bool:
    return facts.booking is not None and facts.booking.status in _WAITING and _can_give_back(facts)


def _can_be_asked_anew(facts: TaskFacts) -> bool:
    booking = facts.booking
    if booking is None or booking.status not in _WAITING or booking.starts_at <= facts.now:
        return False
    return not any(one.status in ASKING or one.status in KEPT for one in facts.attempts)


def _is_at_stripe(facts: TaskFacts) -> bool:
    return facts.payment is not None and bool(facts.payment.intent_id or facts.payment.session_id)


_IS_POSSIBLE: Mapping[TaskAction, Callable[[TaskFacts], bool]] = {
    _A.REFUND: _can_give_back,
    _A.GIVEN_BACK: lambda facts: _can_give_back(facts) and _is_by_link(facts),
    _A.CONFIRM: _can_confirm,
    _A.NEW_LINK: _can_be_asked_anew,
    _A.LOOK_AGAIN: _is_by_link,
    _A.KEEP_SITTINGS: lambda facts: facts.companions > 0,
    _A.CANCEL_SITTINGS: lambda facts: facts.companions > 0,
    _A.WRITE_TO_CLIENT: lambda facts: facts.booking is not None,
    _A.OPEN_BOOKING: lambda facts: facts.booking is not None,
    _A.OPEN_AT_STRIPE: _is_at_stripe,
    _A.ACKNOWLEDGE: lambda _facts: True,
}


def _nothing_left(facts: TaskFacts) -> bool:
    return facts.left is not None and not facts.left.amount_minor


def _stands_again(facts: TaskFacts) -> bool:
    """The client has the booking after all, so somebody spoke with them."""
    return facts.booking is not None and facts.booking.status in SETTLED | {BookingStatus.PENDING_PAYMENT}


def _has_a_place(facts: TaskFacts) -> bool:
    """The money was given back, or it is the one deposit of a booking that stands."""
    if _nothing_left(facts):
        return True
    mine, booking = facts.payment, facts.booking
    if mine is None or booking is None or booking.status not in SETTLED:
        return False
    deposits = [one for one in facts.attempts if one.status in KEPT and one.purpose is PaymentPurpose.DEPOSIT]
    return all(one.id == mine.id for one in deposits)


def _is_paid_otherwise(facts: TaskFacts) -> bool:
    """A failed payment: the booking is settled or over, or is asked for anew."""
    if facts.booking is None or facts.booking.status not in _WAITING:
        return True
    mine = facts.payment.id if facts.payment else 0
    return any(one.id > mine and (one.status in ASKING or one.status in KEPT) for one in facts.attempts)


def _dispute_is_over(facts: TaskFacts) -> bool:
    if facts.disputes:
        return not any(is_open(one.status) for one in facts.disputes)
    return facts.payment is None or facts.payment.status is not PaymentStatus.DISPUTED


def _this_dispute_is_over(facts: TaskFacts) -> bool:
    mine = next((one for one in facts.disputes if one.id == facts.about), None)
    return _dispute_is_over(facts) if mine is None else not is_open(mine.status)


def _refund(facts: TaskFacts) -> Refund | None:
    return next((one for one in facts.refunds if one.id == facts.about), None)


def _asked_back(kind: TaskKind | None, facts: TaskFacts) -> Money | None:
    """What was to go back and did not; None if nobody has said yet."""
    if kind in {_K.NOT_REFUNDABLE, _K.DISPUTE_WON}:
        return facts.named
    refund = _refund(facts)
    return refund.amount if kind is _K.REFUND_FAILED and refund is not None else None


def _refund_is_mended(facts: TaskFacts) -> bool:
    """Money that is at another sitting may come back: so long the client still waits for the refund."""
    refund = _refund(facts)
    return _nothing_left(replace(facts, ledger=_without_rolls(facts))) or (
        refund is not None and refund.status not in REFUND_FAILURES
    )


def _without_rolls(facts: TaskFacts) -> Sequence[LedgerEntry]:
    return [one for one in facts.ledger if one.kind is not LedgerKind.ROLLED_OVER]


def _refund_went_on(facts: TaskFacts) -> bool:
    refund = _refund(facts)
    return refund is not None and refund.status is not RefundStatus.CREATING


def _refund_arrived(facts: TaskFacts) -> bool:
    """Or failed, which is another task."""
    refund = _refund(facts)
    return refund is not None and refund.status not in _UNFINISHED


def _cannot_be_paid(facts: TaskFacts) -> bool:
    return facts.payment is not None and facts.payment.status not in ASKING


def _is_known_again(facts: TaskFacts) -> bool:
    """Stripe has spoken of it, also of a refund on its way: one that it cannot find is still to be told."""
    if facts.has_answered:
        return True
    known = COLLECTED | {PaymentStatus.PROCESSING}
    is_going_back = any(one.status in _UNFINISHED for one in facts.refunds)
    return facts.payment is not None and facts.payment.status in known and not is_going_back


def _is_spoken_of(facts: TaskFacts) -> bool:
    return facts.has_answered or (facts.payment is not None and facts.payment.status in _ENDED)


_IS_GONE: Mapping[TaskKind, Callable[[TaskFacts], bool]] = {
    _K.SECOND_PAYER: _stands_again,
    _K.PAID_AFTER_END: _has_a_place,
    _K.AMOUNT_DIFFERS: _has_a_place,
    _K.OTHER_MODE: _cannot_be_paid,
    _K.PAYMENT_FAILED: _is_paid_otherwise,
    _K.SLOT_LOST: _stands_again,
    _K.DISPUTED: _this_dispute_is_over,
    _K.DISPUTE_WON: _nothing_left,
    _K.NOT_REFUNDABLE: _nothing_left,
    _K.REFUND_FAILED: _refund_is_mended,
    _K.REFUND_WAITS: _refund_went_on,
    _K.REFUND_SLOW: _refund_arrived,
    _K.WATCH_LINK: _cannot_be_paid,
    _K.UNKNOWN_AT_STRIPE: _is_known_again,
    _K.REFUSED: _is_spoken_of,
    _K.SERIES_UNPAID: lambda facts: not facts.companions or _stands_again(facts),
}
"""Kinds that are missing here are news: only a person closes them."""
