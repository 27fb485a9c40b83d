"""Artists and the times they are away."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from inkdesk.domain.errors import ValidationError
from inkdesk.domain.hours import Plans, WallSpan
from inkdesk.domain.message import message
from inkdesk.domain.slot_rules import NO_LIMITS, Limits
from inkdesk.domain.spans import to_seconds
from inkdesk.domain.studio import check_zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Artist:
    """Who tattoos. A guest has a bounded stay and may have a zone of their own ("" = the studio's).

    ``resource_id`` is what an occupancy claims; ``colour`` is ``#rrggbb``; ``plans`` hold the working hours as
    wall-clock times; ``styles`` are words such as "fine line", in the order they were entered.
    """

    id: int = 0
    resource_id: int = 0
    name: str
    colour: str = "#0072b2"
    zone: str = ""
    is_guest: bool = False
    stays_from: date | None = None
    stays_until: date | None = None
    pause_s: int = 0
    is_active: bool = True
    plans: Plans = ()
    limits: Limits = NO_LIMITS
    styles: tuple[str, ...] = ()
    version: int = 1

    @property
    def zone_info(self) -> ZoneInfo | None:
        """The artist's own zone, None if the studio's holds."""
        return ZoneInfo(self.zone) if self.zone else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOverride:
    """Other hours on one date; no spans means closed that day."""

    artist_id: int
    on: date
    spans: tuple[WallSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """An artist away, or the studio closed (``artist_id`` None)."""

    id: int = 0
    artist_id: int | None
    starts_at: datetime
    ends_at: datetime
    reason: str = ""


def check_artist(artist: Artist) -> None:
    """Raise ValidationError at the first thing about ``artist`` that cannot be."""
    if not artist.name.strip():
        raise ValidationError(message("The artist needs a name."), field="name")
    if artist.zone:
        check_zone(artist.zone)
    if artist.pause_s < 0:
        raise ValidationError(message("A pause cannot be negative."), field="pause_s")
    if artist.stays_from and artist.stays_until and artist.stays_until < artist.stays_from:
        raise ValidationError(message("The stay ends before it begins. Check its two dates."), field="stays_until")
    check_limits(artist.limits)
    check_plans(artist.plans)


def check_limits(limits: Limits) -> None:
    """Raise ValidationError for a limit that lets nothing through."""
    named = (("per_day", limits.per_day), ("per_week", limits.per_week), ("long_sitting_s", limits.long_sitting_s))
    for field, most in named:
        if most is not None and most < 1:
            raise ValidationError(message("A limit is 1 or more. Leave it empty for no limit."), field=field)


def check_plans(plans: Plans) -> None:
    """Raise ValidationError for plans in the wrong order, two on one date, or hours that cannot be."""
    starts = [plan.starts_on or date.min for plan in plans]
    if any(later <= earlier for earlier, later in pairwise(starts)):
        raise ValidationError(message("Two plans of hours start on the same date. Change one date."), field="plans")
    for plan in plans:
        for week in plan.weeks:
            for spans in week:
                check_wall_spans(spans)


def check_wall_spans(spans: tuple[WallSpan, ...]) -> None:
    """Raise ValidationError for an empty, reversed or over-long span of hours."""
    for span in spans:
        if not 0 <= span.start_min < 1440 or not span.start_min < span.end_min <= span.start_min + 1440:
            raise ValidationError(
                message("Working hours end after they begin and last at most 24 hours."), field="weekly"
            )


def check_leave(leave: Leave) -> None:
    """Raise ValidationError for a leave that ends before it begins."""
    if to_seconds(leave.ends_at) <= to_seconds(leave.starts_at):  # the clock alone may show the second 2:15 first
        raise ValidationError(message("The leave ends before it begins. Check its two dates."), field="ends_at")
