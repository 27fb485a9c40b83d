"""Random questions about free slots, around the nights when clocks change; everything in whole minutes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum, auto
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from inkdesk.domain.availability import WAIVABLE, ArtistTime, Slot, SlotRequest, StationPool, free_slots
from inkdesk.domain.hours import ArtistHours, WallSpan, WeeklyHours, WeeklyPlan
from inkdesk.domain.sitting import Processing, Sitting, StationNeed, station_needs
from inkdesk.domain.slot_rules import Alignment, Limits, SlotRules
from inkdesk.domain.spans import Span, to_seconds
from support.minute_reference import MinuteReference

DAYS = 3
DAY = timedelta(days=1)

NIGHTS = [
    ("Europe/Paris", date(2026, 3, 28)),
    ("Europe/Paris", date(2026, 10, 24)),
    ("Europe/London", date(2026, 10, 24)),
    ("America/New_York", date(2026, 3, 7)),
    ("America/New_York", date(2026, 10, 31)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),
    ("Australia/Lord_Howe", date(2026, 10, 3)),
    ("Africa/Cairo", date(2026, 4, 23)),
    ("Africa/Cairo", date(2026, 10, 29)),
    ("America/Havana", date(2026, 10, 31)),
    ("America/St_Johns", date(2006, 10, 28)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
    ("Asia/Kolkata", date(2026, 6, 1)),
    ("Pacific/Pago_Pago", date(2026, 6, 1)),
    ("Pacific/Apia", date(2011, 12, 29)),
]
ABROAD = ["Asia/Kathmandu", "Pacific/Kiritimati", "America/New_York", "UTC"]


@dataclass(frozen=True)
class Case:
    """One question, and the date around which it turns."""

    first: date
    artists: tuple[ArtistTime, ...]
    request: SlotRequest
    within: Span

    @property
    def reference(self) -> MinuteReference:
        return MinuteReference(self.artists, self.request, self.first)

    def slots(self, within: Span | None = None) -> list[Slot]:
        return free_slots(self.artists, self.request, within or self.within)

    def with_rules(self, **how: object) -> "Case":
        rules = replace(self.request.rules, **how)  # type: ignore[arg-type]
        return replace(self, request=replace(self.request, rules=rules))


@dataclass(frozen=True)
class Around:
    """The date in the middle, and values near it; all are multiples of five minutes."""

    first: date

    @property
    def midnight_s(self) -> int:
        return to_seconds(datetime(self.first.year, self.first.month, self.first.day, tzinfo=UTC))

    def dates(self, earliest: int = -1, latest: int = DAYS + 1) -> st.SearchStrategy[date]:
        return st.integers(earliest, latest).map(lambda number: self.first + DAY * number)

    def spans(self, longest_min: int, most: int) -> st.SearchStrategy[list[Span]]:
        def span(at: int, length: int) -> Span:
            start = self.midnight_s + 300 * at
            return Span(start, start + 300 * length)

        starts = st.integers(-288, (DAYS + 1) * 288)
        return st.lists(st.builds(span, starts, st.integers(0, longest_min // 5)), max_size=most)


quarters_s = st.integers(0, 4).map(lambda number: number * 900)


def wall_span(start_quarter: int, quarters_long: int) -> WallSpan:
    return WallSpan(start_quarter * 15, (start_quarter + quarters_long) * 15)


lengths = st.integers(24, 56) | st.integers(24, 56) | st.integers(-1, 40)
day_hours = st.lists(st.builds(wall_span, st.integers(0, 95), lengths), min_size=1, max_size=2).map(tuple)


@st.composite
def weeks(draw: st.DrawFn) -> WeeklyHours:
    """A few kinds of day, and which weekday is which."""
    kinds = [draw(day_hours) for _ in range(3)]
    return tuple(kinds[draw(st.integers(0, 2))] for _ in range(7))


@st.composite
def plans(draw: st.DrawFn, around: Around) -> tuple[WeeklyPlan, ...]:
    """One plan, or one that another replaces; of one week, or of two that take turns."""
    found = []
    for starts_on in draw(st.sampled_from([(None,), (None,), (None, 1), (2,)])):
        week_a = around.first + draw(st.integers(-20, 20)) * DAY
        on = None if starts_on is None else around.first + starts_on * DAY
        found.append(WeeklyPlan(tuple(draw(st.lists(weeks(), min_size=1, max_size=2))), on, week_a))
    return tuple(found)


limits = st.builds(
    Limits,
    per_day=st.sampled_from([1, 2, None]),
    per_week=st.none() | st.integers(1, 3),
    long_sitting_s=st.none() | st.just(3600),
)


class Twist(StrEnum):
    """What makes a case special; a few at a time, or nothing would be free."""

    GUEST = auto()
    OVERRIDE = auto()
    LEAVE = auto()
    LIMITS = auto()
    STATIONS = auto()
    NOTICE = auto()
    HORIZON = auto()
    DATES = auto()
    OPEN_DAYS = auto()
    WAIVED = auto()


Twists = frozenset[Twist]
twists = st.frozensets(st.sampled_from(Twist), max_size=3)


@st.composite
def artist_times(draw: st.DrawFn, around: Around, zone: str, twisted: Twists, artist_id: int) -> ArtistTime:
    is_guest = Twist.GUEST in twisted
    busy = draw(around.spans(180, 6))
    hours = ArtistHours(
        artist_id=artist_id,
        zone=ZoneInfo(draw(st.sampled_from([*ABROAD, zone])) if is_guest else zone),
        plans=draw(plans(around)),
        overrides=draw(st.dictionaries(around.dates(), st.just(()) | day_hours, max_size=2))
        if Twist.OVERRIDE in twisted
        else {},
        leave=tuple(draw(around.spans(720, 2))) if Twist.LEAVE in twisted else (),
        stays_from=draw(st.none() | around.dates(0, 1)) if is_guest else None,
        stays_until=draw(st.none() | around.dates(0, 2)) if is_guest else None,
        pause_s=draw(quarters_s),
    )
    return ArtistTime(
        hours=hours,
        busy=busy,
        limits=draw(limits) if Twist.LIMITS in twisted else Limits(),
        sittings=[Span(start, end) for start, end in busy if start < end],
    )


@st.composite
def needs(draw: st.DrawFn, sitting: Sitting) -> tuple[StationNeed, ...]:
    """Stations of a kind with spans of their own, and perhaps another kind for a while."""
    processing = None
    if sitting.sitting_s >= 3600 and draw(st.booleans()):
        kind, keeps = draw(st.sampled_from(["", "sink"])), draw(st.booleans())
        processing = Processing(300 * draw(st.integers(0, 6)), 1800, kind, keeps)
    return station_needs(
        draw(st.sampled_from(["chair", "chair", "chair", ""])),
        sitting,
        units=draw(st.integers(1, 2)),
        prep_s=draw(st.none() | quarters_s),
        clean_up_s=draw(st.none() | quarters_s),
        processing=processing,
    )


@st.composite
def pools(draw: st.DrawFn, around: Around, sitting: Sitting) -> tuple[StationPool, ...]:
    unit_ids = iter(draw(st.permutations(range(100, 108))))
    return tuple(
        StationPool(
            need,
            {
                next(unit_ids): draw(around.spans(240, 6))
                for _ in range(need.units + draw(st.sampled_from([1, 2, 0, -1])))
            },
        )
        for need in draw(needs(sitting))
    )


@st.composite
def slot_rules(draw: st.DrawFn, around: Around, twisted: Twists, alignments: Sequence[Alignment]) -> SlotRules:
    has_dates = Twist.DATES in twisted
    return SlotRules(
        step_s=60 * draw(st.sampled_from([5, 15, 20, 30, 45, 60, 90, 150, 700])),
        alignment=draw(st.sampled_from(alignments)),
        minimum_notice_s=draw(quarters_s) if Twist.NOTICE in twisted else 0,
        horizon_days=draw(st.integers(0, 3)) if Twist.HORIZON in twisted else None,
        first_date=draw(st.none() | around.dates()) if has_dates else None,
        last_date=draw(st.none() | around.dates()) if has_dates else None,
        open_days=draw(st.integers(1, 3)) if Twist.OPEN_DAYS in twisted else None,
    )


@st.composite
def cases(
    draw: st.DrawFn,
    artists: int = 1,
    alignments: Sequence[Alignment] = tuple(Alignment),
    always: Twists = frozenset(),
) -> Case:
    zone, first = draw(st.sampled_from(NIGHTS))
    around, twisted = Around(first), always or draw(twists)
    start = around.midnight_s + 300 * draw(st.integers(0, 288))
    sitting = Sitting(draw(quarters_s), 600 * draw(st.integers(1, 15)), draw(quarters_s))
    request = SlotRequest(
        sitting=sitting,
        zone=ZoneInfo(zone),
        now_s=around.midnight_s + draw(st.integers(-86400, 43200)),
        pools=draw(pools(around, sitting)) if Twist.STATIONS in twisted else (),
        rules=draw(slot_rules(around, twisted, alignments)),
        waived=draw(st.frozensets(st.sampled_from(sorted(WAIVABLE)))) if Twist.WAIVED in twisted else frozenset(),
    )
    times = tuple(draw(artist_times(around, zone, twisted, number + 1)) for number in range(artists))
    return Case(first, times, request, Span(start, start + 300 * draw(st.integers(144, (DAYS - 1) * 288))))
