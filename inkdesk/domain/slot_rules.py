"""The rules of the house that a start must keep: the grid, the notice, the furthest date, and an artist's limits."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message

YEARS = range(2000, 2200)
"""Bookings lie in these; anything else is a slip of the finger."""


class Alignment(StrEnum):
    """Where the grid of offered starts begins.

    A *window* is a longest stretch of starts that are free one after the other, between what stands in the way.
    CLOCK: the clock shows a multiple of the step, counted from midnight. WINDOW: each window counts anew from its
    own first start. ROUND: as WINDOW, but the first start moves on to the roundest time (full hour, half, quarter,
    ten, five minutes) that costs the window no slot.
    """

    CLOCK = "clock"
    WINDOW = "window"
    ROUND = "round"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRules:
    """The studio's grid and limits. All that is None does not limit; all that is set must be kept.

    ``horizon_days``: the last date that can be booked is so many days after today. ``first_date`` and
    ``last_date`` (both included) are a fixed range. ``open_days``: only the first so many dates that have a slot.
    Dates are the calendar's of the zone the request names. Raises ValueError if the step is not positive.
    """

    step_s: int = 900
    alignment: Alignment = Alignment.CLOCK
    minimum_notice_s: int = 0
    horizon_days: int | None = None
    first_date: date | None = None
    last_date: date | None = None
    open_days: int | None = None

    def __post_init__(self) -> None:
        """Refuse a grid without an end."""
        if self.step_s <= 0:
            raise ValueError("the slot step must be positive")


DEFAULT_RULES = SlotRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one artist takes on; None does not limit.

    A sitting counts for the date on which it starts, in the artist's zone; a week runs from Monday to Sunday.
    ``long_sitting_s``: of the sittings that last longer than this, at most one a date. What counts is what keeps its
    slot: a hold that does not block until it is paid does not count until then, and a payment is never turned away
    for a limit.
    """

    per_day: int | None = None
    per_week: int | None = None
    long_sitting_s: int | None = None

    @property
    def are_set(self) -> bool:
        """Whether anything is limited at all."""
        return self != NO_LIMITS


NO_LIMITS = Limits()


def check_year(day: date, field: str) -> None:
    """Raise ValidationError, with its field, unless ``day`` lies in ``YEARS``."""
    if day.year not in YEARS:
        raise ValidationError(
            message(
                "Bookings are made for the years {first} to {last}. Choose another date.",
                first=str(YEARS[0]),
                last=str(YEARS[-1]),
            ),
            field=field,
        )
