"""When an artist can work: weekly hours, date overrides, leave, a guest's stay; and what a clock shows.

Hours are wall-clock times of a zone. ``working_spans`` turns them into real time, so a night over a clock change
has the length it really has: an hour begins when the clock first shows its start and ends when the clock last
shows its end. If the clock never shows it, because it was put forward over it, the edge is the instant of the
change. Hours that cross midnight belong to the date they start at.

When a zone's clock changes is what the IANA tz database says, through ``zoneinfo`` (PEP 615); the two showings of a
repeated time are what PEP 495 calls fold 0 and 1. Weeks begin on Monday (ISO 8601).

Wall-clock arithmetic is done in *wall seconds*: what the clock shows, counted in seconds as if the zone were UTC.
``instant = wall seconds - offset``, where the offset of a zone is constant over each of its ``offset_spans``.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from inkdesk.domain.spans import Span, merge
from inkdesk.domain.sweeps import Pair, merged

MINUTES_A_DAY = 1440
DAY_S = 86400

_START, _END = itemgetter(0), itemgetter(1)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_BLOCK_S = 64 * DAY_S
_FIRST_S = int(datetime(2, 1, 1, tzinfo=UTC).timestamp())
_LAST_S = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())


class WallSpan(NamedTuple):
    """Wall-clock minutes after midnight of a date; ``end_min`` above 1440 reaches into the next day.

    1440 is 24:00. 22:00 to 06:00 is ``WallSpan(1320, 1800)``.
    """

    start_min: int
    end_min: int


WeeklyHours = tuple[tuple[WallSpan, ...], ...]
"""Seven tuples of spans, Monday first; an empty tuple is a day off."""

CLOSED_WEEK: WeeklyHours = ((),) * 7

A_MONDAY = date(1970, 1, 5)
"""The week from which alternate weeks are counted if nobody said which is which."""


@dataclass(frozen=True, slots=True)
class WeeklyPlan:
    """Hours that repeat: one week, or several that take turns (A, B, ...).

    ``starts_on`` is the first date on which the plan holds (None: from ever), until the next plan starts;
    ``week_a`` is any date of a week in which ``weeks[0]`` holds. Weeks begin on Monday.

    Raises ValueError if there is no week, or one that has not seven days.
    """

    weeks: tuple[WeeklyHours, ...] = (CLOSED_WEEK,)
    starts_on: date | None = None
    week_a: date = A_MONDAY

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        if not self.weeks:
            raise ValueError("a plan has at least one week")
        for week in self.weeks:
            if len(week) != 7:
                raise ValueError(f"a week has seven days, not {len(week)}")


Plans = tuple[WeeklyPlan, ...]
"""An artist's plans by ``starts_on``, the one without a date first; before the first of them nobody works."""


_NO_PLAN = WeeklyPlan()


def every_week(week: WeeklyHours) -> Plans:
    """The plans of an artist whose weeks have always been, and stay, the same."""
    return (WeeklyPlan((week,)),)


def hours_on(plans: Plans, day: date) -> tuple[WallSpan, ...]:
    """The planned hours of one date: of the plan that started last, of the week whose turn it is."""
    held = [plan for plan in plans if plan.starts_on is None or plan.starts_on <= day]
    if not held:
        return ()
    plan = held[-1]
    weeks_since = (_monday(day) - _monday(plan.week_a)) // 7
    return plan.weeks[weeks_since % len(plan.weeks)][day.weekday()]


def _monday(day: date) -> int:
    """The ordinal of the Monday of a date's week."""
    return day.toordinal() - day.weekday()


@dataclass(frozen=True, slots=True)
class ArtistHours:
    """All that decides when one artist can work, apart from what is booked.

    ``overrides`` replace the planned hours of a date (an empty tuple closes it); ``leave`` holds the artist's
    leave and the studio's closures as real time; a guest is there from ``stays_from`` to ``stays_until``, both
    included, None meaning without bound; ``pause_s`` follows every sitting.

    Raises ValueError if a span starts before its date, or the pause is negative.
    """

    artist_id: int
    zone: ZoneInfo
    plans: Plans = ()
    overrides: Mapping[date, tuple[WallSpan, ...]] = field(default_factory=dict)
    leave: tuple[Span, ...] = ()
    stays_from: date | None = None
    stays_until: date | None = None
    pause_s: int = 0

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        if any(span.start_min < 0 for span in self._spans()):
            raise ValueError("hours start on their own date or later")
        if self.pause_s < 0:
            raise ValueError("a pause cannot be negative")

    @property
    def last_min(self) -> int:
        """The furthest minute after midnight that any day's hours reach."""
        return max((span.end_min for span in self._spans()), default=0)

    def _spans(self) -> Iterator[WallSpan]:
        for plan in self.plans:
            for week in plan.weeks:
                for spans in week:
                    yield from spans
        for spans in self.overrides.values():
            yield from spans


class OffsetSpan(NamedTuple):
    """Real time over which a zone's offset from UTC is the same; ``offset_s`` is positive in the east."""

    start_s: int
    end_s: int
    offset_s: int


def offset_spans(zone: ZoneInfo, within: Span) -> tuple[OffsetSpan, ...]:
    """The zone's offsets in order, without gaps, over at least the whole of ``within``."""
    return _offset_spans(zone, within.start_s // _BLOCK_S, within.end_s // _BLOCK_S + 1)


@lru_cache(maxsize=512)
def _offset_spans(zone: ZoneInfo, first_block: int, end_block: int) -> tuple[OffsetSpan, ...]:
    """Offsets by whole blocks, so that neighbouring questions share one answer.

    One look a day is enough: no zone changes its clock twice in a day.
    """
    spans: list[OffsetSpan] = []
    start = at = first_block * _BLOCK_S
    offset = _offset_at(zone, start)
    while at < end_block * _BLOCK_S:
        if _offset_at(zone, at + DAY_S) == offset:
            at += DAY_S
            continue
        at = _change(zone, at, offset)
        spans.append(OffsetSpan(start, at, offset))
        start, offset = at, _offset_at(zone, at)
    return (*spans, OffsetSpan(start, at, offset))


def _change(zone: ZoneInfo, day_s: int, offset_s: int) -> int:
    """The first instant of the 24 hours after ``day_s`` at which the zone has left ``offset_s``."""
    return day_s + bisect_left(range(DAY_S), x=True, key=lambda s: _offset_at(zone, day_s + s) != offset_s)


def _offset_at(zone: ZoneInfo, instant_s: int) -> int:
    """Seconds east of UTC; beyond the years a datetime can hold, those of its last year."""
    offset = datetime.fromtimestamp(min(max(instant_s, _FIRST_S), _LAST_S), zone).utcoffset()
    return 0 if offset is None else offset.days * DAY_S + offset.seconds


def wall_seconds(day: date, minute: int = 0) -> int:
    """Wall seconds of a minute after midnight of ``day``; 1440 and more are on the next days."""
    return (day.toordinal() - _EPOCH_DAY) * DAY_S + minute * 60


def wall_to_seconds(day: date, minute: int, zone: ZoneInfo) -> tuple[int, ...]:
    """The instants at which the zone's clock shows ``minute`` minutes after midnight of ``day``, in order.

    None if the clock is put forward over it, two if it is put back over it, one otherwise.
    """
    wall = wall_seconds(day, minute)
    offsets = offset_spans(zone, Span(wall - 2 * DAY_S, wall + 2 * DAY_S))
    return tuple(wall - span.offset_s for span in offsets if span.start_s <= wall - span.offset_s < span.end_s)


def dates_spans(zone: ZoneInfo, first: date | None, last: date | None, within: Span) -> list[Span]:
    """The instants of ``within`` at which the zone's calendar shows a date from ``first`` to ``last``, merged.

    Both dates are included; None is without bound.
    """
    if first is None and last is None:
        return [within]
    spans = []
    for piece in offset_spans(zone, within):
        start, end = max(piece.start_s, within.start_s), min(piece.end_s, within.end_s)
        if first is not None:
            start = max(start, wall_seconds(first) - piece.offset_s)
        if last is not None:
            end = min(end, wall_seconds(last) + DAY_S - piece.offset_s)
        spans.append(Span(start, end))
    return merge(spans)


def midnights(zone: ZoneInfo, within: Span) -> list[int]:
    """The instants of ``within`` at which a date of the zone's calendar begins."""
    offsets = offset_spans(zone, Span(within.start_s - 3 * DAY_S, within.end_s + 3 * DAY_S))
    days = range(within.start_s // DAY_S - 1, within.end_s // DAY_S + 2)
    begins = dict.fromkeys(_first_shown(day * DAY_S, offsets) for day in days)  # a date that is left out has none
    return [instant for instant in begins if within.start_s <= instant < within.end_s]


def working_spans(hours: ArtistHours, within: Span, last: date | None = None) -> list[Span]:
    """Real time of the plans and overrides, merged: all of it that meets ``within``, and maybe more.

    Leave and stay are not looked at. Hours of dates after ``last`` do not count.
    """
    return [Span(start_s, end_s) for start_s, end_s in working_pairs(hours, within, last)]


def working_pairs(hours: ArtistHours, within: Span, last: date | None = None) -> list[Pair]:
    """``working_spans`` as plain pairs."""
    # The local date is up to a day off UTC's, and an edge in a doubled hour up to a day off its own date.
    last_min = hours.last_min
    first_day = within.start_s // DAY_S - 2 - last_min // MINUTES_A_DAY
    end_day = within.end_s // DAY_S + 3
    if last is not None:
        end_day = min(end_day, last.toordinal() - _EPOCH_DAY + 1)
    margin_s = DAY_S + last_min * 60
    offsets = offset_spans(hours.zone, Span((first_day - 2) * DAY_S, (end_day + 1) * DAY_S + margin_s))
    return merged(_real(_planned(hours, first_day, end_day), offsets))


class WorkingTime(NamedTuple):
    """The ``working_pairs`` of one artist, worked out once for all questions about what lies in ``within``."""

    within: Span
    pairs: Sequence[Pair]

    @classmethod
    def of(cls, hours: ArtistHours, within: Span) -> "WorkingTime":
        """Work them out."""
        return cls(within, working_pairs(hours, within))

    def covers(self, asked: Span) -> bool:
        """Whether a question about ``asked`` can be answered."""
        return self.within.start_s <= asked.start_s and asked.end_s <= self.within.end_s

    def meeting(self, asked: Span) -> Sequence[Pair]:
        """Those that meet ``asked``, which it covers."""
        first = bisect_right(self.pairs, asked.start_s, key=_END)
        return self.pairs[first : bisect_left(self.pairs, asked.end_s, key=_START, lo=first)]


def _planned(hours: ArtistHours, first_day: int, end_day: int) -> list[Pair]:
    """Hours of the dates from ``first_day`` to before ``end_day`` (days since 1970) in wall seconds, by date."""
    overrides = {day.toordinal() - _EPOCH_DAY: spans for day, spans in hours.overrides.items()}
    found: list[Pair] = []
    for begin, end, plan in _held(hours.plans, first_day, end_day):
        weeks, week_a = plan.weeks, _monday(plan.week_a) - _EPOCH_DAY
        for day in range(begin, end):
            week, weekday = divmod(day - week_a, 7)
            spans = weeks[week % len(weeks)][weekday]
            if day in overrides:
                spans = overrides[day]
            midnight = day * DAY_S
            found += [(midnight + start * 60, midnight + stop * 60) for start, stop in spans if start < stop]
    return found


def _held(plans: Plans, first_day: int, end_day: int) -> Iterator[tuple[int, int, WeeklyPlan]]:
    """From which day to before which each plan holds; before the first one a closed week does."""
    begin, plan = first_day, _NO_PLAN
    for later in plans:
        starts = first_day if later.starts_on is None else later.starts_on.toordinal() - _EPOCH_DAY
        if starts >= end_day:
            break
        if starts > begin:
            yield begin, starts, plan
            begin = starts
        plan = later
    yield begin, end_day, plan


def _real(planned: Iterable[Pair], offsets: Sequence[OffsetSpan]) -> Iterator[Pair]:
    """Real time of spans of wall seconds, which are in order of their dates."""
    pieces = iter(offsets)
    piece = next(pieces)
    for start, end in planned:
        while piece.end_s < start - piece.offset_s - DAY_S and piece is not offsets[-1]:
            piece = next(pieces)
        offset = piece.offset_s
        if piece.start_s + DAY_S < start - offset and end - offset < piece.end_s - DAY_S:
            yield start - offset, end - offset  # no change of the clock is near
        else:
            yield _first_shown(start, offsets), _last_shown(end, offsets)


def _first_shown(wall_s: int, offsets: Sequence[OffsetSpan]) -> int:
    """When the clock first shows ``wall_s``, or jumps over it."""
    for start, end, offset in offsets:
        if wall_s - offset < end:
            return max(start, wall_s - offset)
    raise ValueError("the offsets end too early")


def _last_shown(wall_s: int, offsets: Sequence[OffsetSpan]) -> int:
    """The end of the last moment whose clock reading lies before ``wall_s``.

    Hours that end where a doubled hour begins end with its first showing: nothing before the end is shown again.
    """
    for start, end, offset in reversed(offsets):
        if wall_s - offset > start:
            return min(end, wall_s - offset)
    raise ValueError("the offsets begin too late")
