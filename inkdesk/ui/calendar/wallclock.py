"""Wall-clock minutes of a date in a zone, whatever the clock does that day.

A day is a short list of stretches in which real time and the clock run alike: one on an ordinary day, two when
the clock changes. A missing hour lies in no stretch, a repeated hour in two.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from inkdesk.domain.spans import Span, to_instant, to_seconds

MINUTES_A_DAY = 1440


class Stretch(NamedTuple):
    """Real time ``[start_s, end_s)`` whose clock begins at ``wall_min`` and runs evenly; ``fold`` 1 = a second time."""

    start_s: int
    end_s: int
    wall_min: int
    fold: int

    @property
    def wall_end_min(self) -> int:
        """Clock minute at the end, 1440 for midnight."""
        return self.wall_min + (self.end_s - self.start_s) // 60


class WallPiece(NamedTuple):
    """The part of a real span that falls into one stretch of one date, in clock minutes."""

    start_min: int
    end_min: int
    fold: int


class Slot(NamedTuple):
    """A start on the grid of one date: its clock minute and the instant it is; ``fold`` 1 = the hour's second run."""

    minute: int
    fold: int
    starts_at: datetime


@lru_cache(maxsize=512)
def stretches(day: date, zone: str) -> tuple[Stretch, ...]:
    """The stretches of ``day`` in real order; empty if the zone skipped the date."""
    midnight = to_seconds(datetime(day.year, day.month, day.day, tzinfo=UTC))
    found: list[Stretch] = []
    for start_s, end_s, offset_s in _even_runs(midnight - 86400, midnight + 2 * 86400, ZoneInfo(zone)):
        first = max(start_s, midnight - offset_s)
        last = min(end_s, midnight + 86400 - offset_s)
        if first < last:
            wall_min = (first + offset_s - midnight) // 60
            fold = int(any(wall_min < earlier.wall_end_min for earlier in found))
            found.append(Stretch(first, last, wall_min, fold))
    return tuple(found)


def wall_pieces(span: Span, day: date, zone: str) -> list[WallPiece]:
    """What of the real ``span`` falls on ``day``, one piece per stretch it touches."""
    pieces: list[WallPiece] = []
    for stretch in stretches(day, zone):
        start_s, end_s = max(span.start_s, stretch.start_s), min(span.end_s, stretch.end_s)
        if start_s < end_s:
            start_min = stretch.wall_min + (start_s - stretch.start_s) // 60
            pieces.append(WallPiece(start_min, start_min + max(1, (end_s - start_s) // 60), stretch.fold))
    return pieces


@lru_cache(maxsize=256)
def day_slots(day: date, zone: str, step_min: int) -> tuple[Slot, ...]:
    """Every start of ``day`` on a grid of ``step_min`` clock minutes, in real order."""
    return tuple(slot for stretch in stretches(day, zone) for slot in _slots(stretch, step_min))


def slot_at(day: date, zone: str, minute: int, fold: int, step_min: int) -> Slot | None:
    """The slot that holds the clock ``minute``; None in a missing hour. ``fold`` counts in a repeated hour only."""
    runs = _slots_by_minute(day, zone, step_min).get(minute - minute % step_min)
    return runs[min(fold, len(runs) - 1)] if runs else None


@lru_cache(maxsize=256)
def _slots_by_minute(day: date, zone: str, step_min: int) -> dict[int, list[Slot]]:
    """The slots of a day by their clock minute, two in a repeated hour."""
    found: dict[int, list[Slot]] = {}
    for slot in day_slots(day, zone, step_min):
        found.setdefault(slot.minute, []).append(slot)
    return found


def missing_minutes(day: date, zone: str) -> list[tuple[int, int]]:
    """Clock minutes ``[start, end)`` that the day does not have."""
    gaps: list[tuple[int, int]] = []
    reached = 0
    for stretch in stretches(day, zone):
        if stretch.wall_min > reached:
            gaps.append((reached, stretch.wall_min))
        reached = max(reached, stretch.wall_end_min)
    if reached < MINUTES_A_DAY:
        gaps.append((reached, MINUTES_A_DAY))
    return gaps


def is_repeated(day: date, zone: str, minute: int) -> bool:
    """Whether the clock shows ``minute`` twice on ``day``."""
    return sum(s.wall_min <= minute < s.wall_end_min for s in stretches(day, zone)) > 1


def day_span(day: date, zone: str) -> Span | None:
    """Real time of the whole date; None if the zone skipped it."""
    runs = stretches(day, zone)
    return Span(runs[0].start_s, runs[-1].end_s) if runs else None


def days_between(first: date, last: date) -> list[date]:
    """Every date from ``first`` to ``last``, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _slots(stretch: Stretch, step_min: int) -> Iterator[Slot]:
    first = -(-stretch.wall_min // step_min) * step_min
    for minute in range(first, stretch.wall_end_min, step_min):
        yield Slot(minute, stretch.fold, to_instant(stretch.start_s + (minute - stretch.wall_min) * 60))


def _even_runs(start_s: int, end_s: int, zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    """Runs ``(start_s, end_s, offset_s)`` of one offset; at most one clock change a day is looked for."""
    while start_s < end_s:
        offset_s = _offset_s(start_s, zone)
        run_end = start_s
        while run_end < end_s and _offset_s(run_end, zone) == offset_s:
            run_end += 86400
        if run_end >= end_s and _offset_s(end_s - 1, zone) == offset_s:
            yield start_s, end_s, offset_s
            return
        change_s = _change(max(start_s, run_end - 86400), min(run_end, end_s), zone)
        yield start_s, change_s, offset_s
        start_s = change_s


def _change(low: int, high: int, zone: ZoneInfo) -> int:
    """The first second in ``(low, high]`` with another offset than ``low``."""
    before = _offset_s(low, zone)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_s(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high


def _offset_s(instant_s: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(instant_s, zone).utcoffset()
    return 0 if offset is None else round(offset.total_seconds())
