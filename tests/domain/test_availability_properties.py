"""Availability against a slow, obvious reference that looks at every minute with plain datetimes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from inkdesk.domain.availability import (
    Cause,
    Sitting,
    Slot,
    SlotRules,
    free_slots,
    occupied_by_artist,
    occupied_on_station,
    open_spans,
    verdict,
)
from inkdesk.domain.hours import ArtistHours, WallSpan
from inkdesk.domain.spans import Span, overlaps, to_seconds

DAYS = 3
DAY = timedelta(days=1)

NIGHTS = [
    ("Europe/Paris", date(2026, 3, 28)),
    ("Europe/Paris", date(2026, 10, 24)),
    ("America/New_York", date(2026, 10, 31)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),
    ("Australia/Lord_Howe", date(2026, 10, 3)),
    ("Africa/Cairo", date(2026, 4, 23)),
    ("Africa/Cairo", date(2026, 10, 29)),
    ("America/Havana", date(2026, 10, 31)),
    ("America/St_Johns", date(2006, 10, 28)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
    ("Pacific/Apia", date(2011, 12, 29)),
    ("Pacific/Kwajalein", date(1993, 8, 20)),
]


@dataclass(frozen=True)
class Case:
    """One question: everything that free_slots is asked with."""

    first: date
    hours: ArtistHours
    busy: list[Span]
    units: dict[int, list[Span]] | None
    sitting: Sitting
    rules: SlotRules
    within: Span
    now_s: int

    def slots(self, within: Span | None = None) -> list[Slot]:
        return free_slots(
            self.hours, self.busy, self.units, self.sitting, self.rules, within or self.within, self.now_s
        )


# --- the reference ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def clock(zone: ZoneInfo, first: date) -> dict[int, datetime]:
    """What the clock shows at every minute from three days before ``first`` to seven days after it."""
    midnight = to_seconds(datetime(first.year, first.month, first.day, tzinfo=UTC))
    minutes = range(midnight - 3 * 86400, midnight + 7 * 86400, 60)
    return {at: datetime.fromtimestamp(at, zone).replace(tzinfo=None, fold=0) for at in minutes}


@lru_cache(maxsize=8192)
def edge(zone: ZoneInfo, first: date, wall: datetime, which: int) -> int:
    """When the clock shows ``wall`` for the first time (0) or the last (-1), or jumps over it."""
    shows = [at for at, shown in clock(zone, first).items() if shown == wall]
    return shows[which] if shows else next(at for at, shown in clock(zone, first).items() if shown > wall)


def open_minutes(case: Case) -> set[int]:
    hours = case.hours
    minutes: set[int] = set()
    for day in (case.first + DAY * number for number in range(-1, DAYS + 2)):
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001
        for span in hours.overrides.get(day, hours.weekly[day.weekday()]):
            start, end = (midnight + timedelta(minutes=edge_min) for edge_min in span)
            if start < end:
                begins, stops = edge(hours.zone, case.first, start, 0), edge(hours.zone, case.first, end, -1)
                minutes.update(range(begins, stops, 60))
    return minutes


def minutes_of(spans: Sequence[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start_s, span.end_s, 60)}


def is_offered(case: Case, start: int, shown: datetime) -> bool:
    """Grid, stay, notice and horizon."""
    hours, rules = case.hours, case.rules
    return (
        (shown.hour * 60 + shown.minute) % (rules.step_s // 60) == 0
        and (hours.stays_from or date.min) <= shown.date() <= (hours.stays_until or date.max)
        and start >= case.now_s + rules.minimum_notice_s
        and (rules.horizon_s is None or start <= case.now_s + rules.horizon_s)
    )


def reference(case: Case) -> list[Slot]:
    """Free slots by looking at every minute; all spans of a case are whole minutes."""
    sitting, hours = case.sitting, case.hours
    may_work = open_minutes(case) - minutes_of(hours.leave)
    artist_busy = minutes_of(case.busy)
    unit_busy = {unit: minutes_of(spans) for unit, spans in (case.units or {}).items()}
    slots = []
    for start, shown in clock(hours.zone, case.first).items():
        if not (case.within.start_s <= start < case.within.end_s and is_offered(case, start, shown)):
            continue
        end = start + sitting.sitting_s
        on_station = range(start - sitting.prep_s, end + sitting.clean_up_s, 60)
        by_artist = range(start - sitting.prep_s, end + sitting.clean_up_s + hours.pause_s, 60)
        if not may_work.issuperset(range(start, end, 60)) or not artist_busy.isdisjoint(by_artist):
            continue
        units = [unit for unit, busy in unit_busy.items() if busy.isdisjoint(on_station)]
        if case.units is None or units:
            slots.append(Slot(start, end, hours.artist_id, units[0] if units else None))
    return slots


# --- the cases -------------------------------------------------------------------------------------------------

quarters = st.integers(0, 4).map(lambda number: number * 15)


def wall_span(start_quarter: int, quarters_long: int) -> WallSpan:
    return WallSpan(start_quarter * 15, (start_quarter + quarters_long) * 15)


day_hours = st.lists(
    st.builds(wall_span, st.integers(0, 95), st.integers(-1, 48) | st.just(48)), min_size=1, max_size=3
).map(tuple)


@st.composite
def spans_around(draw: st.DrawFn, midnight_s: int, longest_min: int, max_size: int) -> list[Span]:
    found = []
    for _ in range(draw(st.integers(0, max_size))):
        start = midnight_s + 300 * draw(st.integers(-288, (DAYS + 1) * 288))
        found.append(Span(start, start + 300 * draw(st.integers(0, longest_min // 5))))
    return found


@st.composite
def artist_hours(draw: st.DrawFn, zone: ZoneInfo, first: date, midnight_s: int) -> ArtistHours:
    near = st.integers(-1, DAYS + 1).map(lambda number: first + DAY * number)
    is_guest = draw(st.integers(0, 3)) == 0
    return ArtistHours(
        artist_id=1,
        zone=zone,
        weekly=tuple(draw(st.lists(day_hours, min_size=7, max_size=7))),
        overrides=draw(st.dictionaries(near, st.just(()) | day_hours, max_size=2)),
        leave=tuple(draw(spans_around(midnight_s, 720, 1))),
        stays_from=draw(near) if is_guest else None,
        stays_until=draw(near) if is_guest else None,
        pause_s=60 * draw(quarters),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    name, first = draw(st.sampled_from(NIGHTS))
    midnight = to_seconds(datetime(first.year, first.month, first.day, tzinfo=UTC))
    start = midnight + 60 * draw(st.integers(0, 1440))
    unit = spans_around(midnight, 240, 6)
    return Case(
        first=first,
        hours=draw(artist_hours(ZoneInfo(name), first, midnight)),
        busy=draw(spans_around(midnight, 240, 6)),
        units=draw(st.none() | st.dictionaries(st.integers(1, 9), unit, min_size=1, max_size=3)),
        sitting=Sitting(60 * draw(quarters), 600 * draw(st.integers(1, 24)), 60 * draw(quarters)),
        rules=SlotRules(
            step_s=60 * draw(st.sampled_from([5, 7, 15, 20, 30, 45, 60, 90, 150, 700])),
            minimum_notice_s=60 * draw(quarters),
            horizon_s=draw(st.none() | st.integers(1440, 4 * 1440).map(lambda minutes: minutes * 60)),
        ),
        within=Span(start, start + 60 * draw(st.integers(720, (DAYS - 1) * 1440))),
        now_s=midnight + draw(st.integers(-86400, 86400)),
    )


# --- the properties --------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_slots_are_those_of_the_reference(case: Case) -> None:
    assert case.slots() == reference(case)


@settings(max_examples=80, deadline=None)
@given(cases())
def test_every_grid_start_is_either_offered_or_has_a_cause(case: Case) -> None:
    offered = {slot.start_s: slot.station_id for slot in case.slots()}
    step_min = case.rules.step_s // 60
    shown = clock(case.hours.zone, case.first)
    for start in range(case.within.start_s, case.within.end_s, 60):
        if (shown[start].hour * 60 + shown[start].minute) % step_min:
            continue
        answer = verdict(case.hours, case.busy, case.units, case.sitting, case.rules, start, case.now_s)
        assert answer.is_free == (start in offered)
        assert not answer.is_free or answer.station_id == offered[start]
        in_the_way = {Cause.ARTIST_TAKEN, Cause.ON_LEAVE} & set(answer.causes)
        assert not in_the_way or answer.blocking is not None


@settings(max_examples=80, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_busy_is_irrelevant(case: Case, random: Random) -> None:
    def shuffled(spans: Sequence[Span]) -> list[Span]:
        return random.sample(spans, len(spans))

    units = None if case.units is None else {unit: shuffled(spans) for unit, spans in case.units.items()}
    hours = replace(case.hours, leave=tuple(shuffled(case.hours.leave)))
    assert replace(case, busy=shuffled(case.busy), units=units, hours=hours).slots() == case.slots()


@settings(max_examples=80, deadline=None)
@given(cases(), st.floats(0, 1))
def test_a_range_cut_in_two_gives_the_same_slots(case: Case, part: float) -> None:
    start, end = case.within
    cut = start + int((end - start) * part)
    assert case.slots(Span(start, cut)) + case.slots(Span(cut, end)) == case.slots()


@settings(max_examples=80, deadline=None)
@given(cases())
def test_no_occupancy_meets_a_busy_span_and_no_sitting_leaves_the_hours(case: Case) -> None:
    hours = replace(case.hours, stays_from=None, stays_until=None)
    for slot in case.slots():
        sitting = Span(slot.start_s, slot.end_s)
        assert open_spans(hours, sitting) == [sitting]
        kept = occupied_by_artist(slot.start_s, case.sitting, case.hours.pause_s)
        assert not any(overlaps(kept, span) for span in case.busy)
        if case.units is not None:
            assert slot.station_id is not None
            on_station = occupied_on_station(slot.start_s, case.sitting)
            assert not any(overlaps(on_station, span) for span in case.units[slot.station_id])
