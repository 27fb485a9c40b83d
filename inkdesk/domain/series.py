"""Several sittings that belong together: a rule that repeats, and a project with time to heal in between.

The rule is a recurrence of RFC 5545 (3.3.10: FREQ, INTERVAL, COUNT or UNTIL, never both), but for short months: where
the RFC leaves a date out, a client who comes on the 31st wants the month's last day.

All arithmetic here is of the wall clock: 10:00 stays 10:00 over a change of the clock. Wall times are naive
datetimes of the studio's zone, starts are aware ones.

* A time that the clock jumps over on some date does not exist there, and is reported as such; it is never moved.
* Of a time that the clock shows twice the first showing is taken.
* A month that is too short for the day of the first date has its sitting on the month's last day, as in
  ``dateutil.relativedelta``; the month after goes back to the day of the first date.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from inkdesk.domain.errors import ValidationError
from inkdesk.domain.hours import wall_to_seconds
from inkdesk.domain.message import message
from inkdesk.domain.slot_rules import check_year
from inkdesk.domain.spans import to_instant, to_seconds

MOST_DATES = 104
"""Two years of weeks: a series never has more dates, and never has no end."""
MOST_GAP_DAYS = 180
"""The longest time to heal."""
TOLERANCE = timedelta(days=7)
"""How much later than necessary a project's next sitting may be, to be on the weekday and hour of the first."""


class RepeatUnit(StrEnum):
    """What a rule counts in."""

    WEEKS = "weeks"
    MONTHS = "months"


class SeriesKind(StrEnum):
    """Why sittings belong together: a rule that repeats, or one piece that needs several sittings."""

    REPEAT = "repeat"
    PROJECT = "project"


class Scope(StrEnum):
    """Which sittings of a series a change is about, seen from one of them."""

    ONE = "one"
    FROM_HERE = "from_here"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Every so many weeks or months; ends after ``count`` dates, or with the last one that is not after ``until``.

    The first date counts. If both ends are given, the earlier one holds.
    """

    every: int
    unit: RepeatUnit
    count: int | None = None
    until: date | None = None

    @property
    def rule(self) -> str:
        """The rule in the words of RFC 5545."""
        frequency = "WEEKLY" if self.unit is RepeatUnit.WEEKS else "MONTHLY"
        parts = [f"FREQ={frequency}", f"INTERVAL={self.every}"]
        parts += [f"COUNT={self.count}"] if self.count is not None else []
        parts += [f"UNTIL={self.until:%Y%m%d}"] if self.until is not None else []
        return ";".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What several bookings belong to; ``rule`` says how their dates were found, for people and programs to read."""

    id: int = 0
    kind: SeriesKind
    rule: str
    created_at: datetime
    request_key: str


class SeriesDate(NamedTuple):
    """One date of a rule: what the clock should show, and the start; None if the clock jumps over it that day."""

    wall: datetime
    starts_at: datetime | None


def check_repeat(repeat: Repeat) -> None:
    """Raise ValidationError at the first thing about ``repeat`` that cannot be."""
    if not 1 <= repeat.every <= MOST_DATES:
        raise ValidationError(
            message("A series repeats every 1 to {most} weeks or months.", most=MOST_DATES), field="every"
        )
    if repeat.count is None and repeat.until is None:
        raise ValidationError(message("A series needs an end: a number of dates, or a last date."), field="count")
    if repeat.count is not None and not 1 <= repeat.count <= MOST_DATES:
        raise ValidationError(message("A series has 1 to {most} dates.", most=MOST_DATES), field="count")


def check_project(count: int, gap_days: int) -> None:
    """Raise ValidationError for a number of sittings or a time to heal that cannot be."""
    if not 1 <= count <= MOST_DATES:
        raise ValidationError(message("A project has 1 to {most} sittings.", most=MOST_DATES), field="count")
    if not 1 <= gap_days <= MOST_GAP_DAYS:
        raise ValidationError(
            message("Leave 1 to {most} days between two sittings.", most=MOST_GAP_DAYS), field="gap_days"
        )


def series_starts(first: datetime, repeat: Repeat, zone: ZoneInfo) -> list[SeriesDate]:
    """Every date of a rule, beginning with ``first`` itself (aware).

    Raises ValidationError if the rule cannot be, ends before it begins, has more than ``MOST_DATES`` dates, or reaches
    beyond the years in which bookings are made.
    """
    check_repeat(repeat)
    check_year(first.date(), "first")
    begin = _wall(first, zone)
    until = repeat.until
    if until is not None and until < begin.date():
        raise ValidationError(message("The series ends before it begins. Choose a later last date."), field="until")
    walls = _walls(begin, repeat)
    found = list(walls if until is None else takewhile(lambda wall: wall.date() <= until, walls))
    if len(found) > MOST_DATES:
        raise ValidationError(
            message("This series has more than {most} dates. Choose an earlier last date.", most=MOST_DATES),
            field="until",
        )
    check_year(found[-1].date(), "until")
    return [SeriesDate(begin, first.astimezone(zone)), *(SeriesDate(one, at_wall(one, zone)) for one in found[1:])]


def _walls(begin: datetime, repeat: Repeat) -> Iterator[datetime]:
    """Each counted from the first, so that one short month does not shorten the months after it."""
    most = MOST_DATES + 1 if repeat.count is None else repeat.count
    for n in range(most):
        steps = n * repeat.every
        yield begin + (relativedelta(weeks=steps) if repeat.unit is RepeatUnit.WEEKS else relativedelta(months=steps))


def at_wall(wall: datetime, zone: ZoneInfo) -> datetime | None:
    """The first instant at which the zone's clock shows ``wall`` (naive), None if it jumps over it."""
    instants = wall_to_seconds(wall.date(), wall.hour * 60 + wall.minute, zone)
    if not instants:
        return None
    return to_instant(instants[0] + wall.second).astimezone(zone)


def shifted(starts_at: datetime, old: datetime, new: datetime, zone: ZoneInfo) -> SeriesDate:
    """``starts_at`` moved by as many days and as much time of day as lie between ``old`` and ``new`` on the clock."""
    if to_seconds(starts_at) == to_seconds(old):  # in one zone ``==`` would not see the two showings of an hour
        return SeriesDate(_wall(new, zone), new.astimezone(zone))
    wall = _wall(starts_at, zone) + (_wall(new, zone) - _wall(old, zone))
    return SeriesDate(wall, at_wall(wall, zone))


def next_sitting(starts: Sequence[datetime], earliest: date, like: datetime) -> datetime | None:
    """The start for a project's next sitting: not before ``earliest``, within a week of the first that is not.

    Among those the one on the weekday of ``like`` wins, then the one nearest to its time of day, then the earliest.
    ``starts`` are ordered and in the studio's zone, as is ``like``. None if there is none.
    """
    late_enough = [one for one in starts if one.date() >= earliest]
    if not late_enough:
        return None
    last = late_enough[0].date() + TOLERANCE
    return min(
        (one for one in late_enough if one.date() < last),
        key=lambda one: (one.weekday() != like.weekday(), abs(_time_of_day(one) - _time_of_day(like)), one),
    )


def spaced(starts: Sequence[datetime], count: int, gap_days: int) -> list[datetime]:
    """Up to ``count`` sittings out of the free ``starts`` (ordered, in the studio's zone), to let each one heal.

    The first start is the first sitting; each next one is ``gap_days`` dates or more after the one before, chosen by
    ``next_sitting``. Fewer than ``count`` are there if the starts end too early. ValidationError as ``check_project``.
    """
    check_project(count, gap_days)
    chosen: list[datetime] = []
    following = starts[0] if starts else None
    while following is not None and len(chosen) < count:
        chosen.append(following)
        following = next_sitting(starts, following.date() + timedelta(days=gap_days), chosen[0])
    return chosen


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def _time_of_day(instant: datetime) -> timedelta:
    return timedelta(hours=instant.hour, minutes=instant.minute, seconds=instant.second)
