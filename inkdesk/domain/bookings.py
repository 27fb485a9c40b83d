"""Bookings: one sitting in the calendar, its states, and what a cancel does to the deposit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from inkdesk.domain.catalogue import CancellationPolicy
from inkdesk.domain.money import Money, card_step
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.spans import later


class BookingStatus(StrEnum):
    """Where a booking stands."""

    REQUESTED = "REQUESTED"
    PENDING_PAYMENT = "PENDING_PAYMENT"
    CONFIRMED = "CONFIRMED"
    COMPLETED = "COMPLETED"
    NO_SHOW = "NO_SHOW"
    CANCELLED = "CANCELLED"
    LAPSED = "LAPSED"


_S = BookingStatus
BOOKING_TRANSITIONS: dict[BookingStatus, frozenset[BookingStatus]] = {
    _S.REQUESTED: frozenset({_S.PENDING_PAYMENT, _S.CONFIRMED, _S.CANCELLED}),
    _S.PENDING_PAYMENT: frozenset({_S.CONFIRMED, _S.LAPSED, _S.CANCELLED}),
    _S.CONFIRMED: frozenset({_S.COMPLETED, _S.NO_SHOW, _S.CANCELLED}),
    _S.COMPLETED: frozenset(),
    _S.NO_SHOW: frozenset({_S.COMPLETED}),
    _S.CANCELLED: frozenset(),
    _S.LAPSED: frozenset({_S.PENDING_PAYMENT, _S.CONFIRMED}),
}
"""Which status may follow which. A lapsed hold can be revived while its slot is free."""

SETTLED = frozenset({_S.CONFIRMED, _S.COMPLETED, _S.NO_SHOW})
"""States that keep the slot whatever the hold policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One sitting, with the price, deposit and policy it was made with.

    ``hold_until`` is the deadline of an unpaid hold in Stripe's time; ``station_id`` the resource id of the
    concrete unit; ``override_reason`` says why hours, notice or leave were overridden ("" = they were not).
    ``with_artist_ids`` are the artists who work on it beside ``artist_id``; ``series_id`` and ``group_id`` the series
    and the group sitting it belongs to.
    """

    id: int = 0
    artist_id: int
    client_id: int
    service_id: int
    station_id: int | None
    with_artist_ids: tuple[int, ...] = ()
    series_id: int | None = None
    group_id: int | None = None
    starts_at: datetime
    sitting: Sitting
    pause_s: int
    status: BookingStatus
    price: Money
    deposit: Money
    policy: CancellationPolicy
    hold_until: datetime | None = None
    note: str = ""
    override_reason: str = ""
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    created_at: datetime
    request_key: str
    version: int = 1

    @property
    def ends_at(self) -> datetime:
        """When the sitting ends, clean-up not counted."""
        return later(self.starts_at, self.sitting.sitting_s)


def keeps_slot(status: BookingStatus, *, holds_block: bool) -> bool:
    """Whether a booking in ``status`` claims its slot; an unpaid hold does so only if ``holds_block``."""
    return status in SETTLED or (status is BookingStatus.PENDING_PAYMENT and holds_block)


EARLIEST_ARRIVAL = timedelta(hours=12)
"""A client who is checked in longer before the start is another day's."""


def can_arrive(starts_at: datetime, now: datetime) -> bool:
    """Whether a check-in makes sense yet."""
    return now >= starts_at - EARLIEST_ARRIVAL


def has_begun(starts_at: datetime, now: datetime) -> bool:
    """Whether the sitting can have taken place, or the client be missing."""
    return now >= starts_at


class DepositFate(StrEnum):
    """What becomes of a paid deposit when its booking is cancelled or its client does not come.

    ROLL: the next sitting of the series takes it over.
    """

    REFUND = "refund"
    KEEP = "keep"
    CREDIT = "credit"
    ROLL = "roll"


def refundable(policy: CancellationPolicy, paid: Money, starts_at: datetime, now: datetime) -> Money:
    """What the frozen policy gives back on a cancel at ``now``: what a card can be paid, rounded towards the studio."""
    if now > starts_at - timedelta(hours=policy.cutoff_hours):
        return Money(0, paid.currency)
    step = card_step(paid.currency)
    return Money(paid.amount_minor * policy.refund_percent // 100 // step * step, paid.currency)
