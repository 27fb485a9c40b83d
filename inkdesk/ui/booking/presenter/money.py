"""What the desk can do with the money of a booking, and doing it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from inkdesk.application.calendar import BookingDetail
from inkdesk.application.changes import Changes
from inkdesk.application.deposit_service import TAKES_CREDIT, TAKES_REST, MoneyLook, RestCommand
from inkdesk.application.services import Services
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import ASKING, KEPT, PaymentMethod, PaymentStatus

_UNPAID = frozenset({BookingStatus.PENDING_PAYMENT, BookingStatus.LAPSED})
_OVER = frozenset(BookingStatus) - _UNPAID - {BookingStatus.REQUESTED, BookingStatus.CONFIRMED}


class MoneyAction(StrEnum):
    """What the desk can do with the money of a booking."""

    TAKE = "take"
    REST = "rest"
    TIP = "tip"
    USE_CREDIT = "use_credit"
    NEW_LINK = "new_link"
    EXTEND = "extend"
    RELEASE = "release"
    REFUND = "refund"
    CREDIT = "credit"
    ROLL_OVER = "roll_over"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeWish:
    """The deposit came by hand."""

    method: PaymentMethod
    amount: Money
    request_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestWish:
    """The rest or a tip came by hand, or both."""

    method: PaymentMethod
    amount: Money
    tip: Money
    request_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountWish:
    """So much shall be given back, credited, kept, or paid with credit; ``action`` says which."""

    action: MoneyAction
    amount: Money
    reason: str
    request_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RollWish:
    """So much shall go to another sitting."""

    to_booking_id: int
    amount: Money
    reason: str
    request_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendWish:
    """The hold shall wait longer."""

    seconds: int
    request_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseWish:
    """The hold shall go without its payment."""

    reason: str
    request_key: str


MoneyWish = TakeWish | RestWish | AmountWish | RollWish | ExtendWish | ReleaseWish


@dataclass(frozen=True, slots=True)
class MoneyDone:
    """What was written; ``payment_id`` is a new link to show, if there is one."""

    changes: Changes = field(default_factory=Changes)
    payment_id: int | None = None


class MoneyView(Protocol):
    """A question about money: it stays open, with all that was typed, until its answer is saved."""

    def show_saved(self) -> None:
        """It is done: go."""
        ...

    def show_error(self, error: InkDeskError) -> None:
        """Say what is wrong, beside its field if it has one."""
        ...

    def show_busy(self, *, is_busy: bool) -> None:
        """Keep still while it is being saved."""
        ...


def money_actions(detail: BookingDetail, look: MoneyLook, now: datetime) -> Sequence[MoneyAction]:
    """What may be done with the money as it stands ``now``, in the order of the menu."""
    status = detail.card.status
    asking = [one for one in detail.payments if one.status in ASKING]
    is_moving = any(one.status is PaymentStatus.PROCESSING for one in asking)
    has_money = any(one.status in KEPT for one in detail.payments) or look.balance.came.amount_minor > 0
    is_held = status is BookingStatus.PENDING_PAYMENT and not is_moving
    can_take = not has_money and not is_moving and (status in _UNPAID or status is BookingStatus.CONFIRMED)
    is_due, is_left = look.rest.amount_minor > 0, look.left.amount_minor > 0
    offers = {
        MoneyAction.TAKE: can_take,
        MoneyAction.REST: status in TAKES_REST and is_due and not can_take,
        MoneyAction.TIP: status in TAKES_REST,
        MoneyAction.USE_CREDIT: status in TAKES_CREDIT and is_due and look.credit.amount_minor > 0 and not is_moving,
        MoneyAction.NEW_LINK: can_take and status in _UNPAID and bool(asking) and detail.card.starts_at > now,
        MoneyAction.EXTEND: is_held and not has_money,
        MoneyAction.RELEASE: is_held and not has_money,
        MoneyAction.REFUND: look.refundable.amount_minor > 0,
        MoneyAction.CREDIT: is_left,
        MoneyAction.ROLL_OVER: is_left and bool(look.sittings),
        MoneyAction.KEEP: is_left and status in _OVER,
    }
    return [action for action, is_offered in offers.items() if is_offered]


def carry_out(services: Services, booking_id: int, wish: MoneyWish) -> MoneyDone:
    """Do what was asked; each wish is done once, however often it is sent."""
    match wish:
        case TakeWish():
            payments = services.payments
            return MoneyDone(payments.record_by_hand(booking_id, wish.method, wish.amount, wish.request_key))
        case RestWish():
            return MoneyDone(services.deposits.take_rest(_rest(booking_id, wish)))
        case AmountWish():
            return MoneyDone(_amount(services, booking_id, wish))
        case RollWish():
            roll = services.deposits.roll_over
            return MoneyDone(roll(booking_id, wish.to_booking_id, wish.amount, wish.reason, wish.request_key))
        case ExtendWish():
            extended = services.payments.holds.extend(booking_id, wish.seconds, wish.request_key)
            return MoneyDone(extended.changes, extended.opened.payment.id if extended.opened else None)
        case ReleaseWish():
            return MoneyDone(services.payments.holds.release(booking_id, wish.reason, wish.request_key))


def _rest(booking_id: int, wish: RestWish) -> RestCommand:
    return RestCommand(
        booking_id=booking_id,
        method=wish.method,
        amount=wish.amount,
        tip=wish.tip,
        request_key=wish.request_key,
    )


def _amount(services: Services, booking_id: int, wish: AmountWish) -> Changes:
    deposits = services.deposits
    match wish.action:
        case MoneyAction.USE_CREDIT:
            return deposits.use_credit(booking_id, wish.amount, wish.request_key)
        case MoneyAction.REFUND:
            return deposits.refund(booking_id, wish.amount, wish.reason, wish.request_key)
        case MoneyAction.CREDIT:
            return deposits.credit(booking_id, wish.amount, wish.reason, wish.request_key)
        case MoneyAction.KEEP:
            return deposits.forfeit(booking_id, wish.amount, wish.reason, wish.request_key)
        case _:
            raise ValueError(f"{wish.action} asks for more than an amount")
