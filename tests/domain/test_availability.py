"""Free slots and verdicts, as whole lists."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inkdesk.domain.availability import (
    Cause,
    Sitting,
    Slot,
    SlotRules,
    StationUnits,
    Verdict,
    free_slots,
    occupied_by_artist,
    occupied_on_station,
    open_spans,
    verdict,
)
from inkdesk.domain.hours import ArtistHours, WallSpan
from inkdesk.domain.spans import Span, to_instant, to_seconds

H = 3600
PLAIN = Sitting(0, H, 0)
HALF_HOURLY = SlotRules(1800)
PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 6, 1)


def at(text: str, zone: ZoneInfo = PARIS) -> int:
    return to_seconds(datetime.fromisoformat(text).replace(tzinfo=zone))


def span(start: str, end: str) -> Span:
    return Span(at(start), at(end))


def on_monday(
    *spans: tuple[int, int], leave: tuple[Span, ...] = (), stays_until: date | None = None, pause_s: int = 0
) -> ArtistHours:
    plan = {MONDAY: tuple(WallSpan(start * 60, end * 60) for start, end in spans)}
    return ArtistHours(1, PARIS, overrides=plan, leave=leave, stays_until=stays_until, pause_s=pause_s)


def starts(
    hours: ArtistHours,
    busy: Sequence[Span] = (),
    units: StationUnits | None = None,
    sitting: Sitting = PLAIN,
    rules: SlotRules = HALF_HOURLY,
    now_s: int = 0,
) -> str:
    within = span("2026-05-31T00:00", "2026-06-04T00:00")
    found = free_slots(hours, busy, units, sitting, rules, within, now_s)
    return " ".join(f"{to_instant(slot.start_s).astimezone(PARIS):%d.%H:%M}" for slot in found)


def judged(
    hours: ArtistHours,
    start: str,
    busy: Sequence[Span] = (),
    units: StationUnits | None = None,
    sitting: Sitting = PLAIN,
    rules: SlotRules = HALF_HOURLY,
    now_s: int = 0,
) -> Verdict:
    return verdict(hours, busy, units, sitting, rules, at(start), now_s)


# The night of the change: zone, date, hours in minutes, sitting in minutes, step in minutes, what is offered.
NIGHTS: list[tuple[str, date, tuple[int, int], int, int, str]] = [
    ("Europe/Paris", date(2026, 3, 29), (60, 300), 60, 30, "01:00+1 01:30+1 03:00+2 03:30+2 04:00+2"),
    ("Europe/Paris", date(2026, 3, 29), (120, 180), 15, 15, ""),
    ("Europe/Paris", date(2026, 3, 29), (120, 210), 15, 15, "03:00+2 03:15+2"),
    (
        "Europe/Paris",
        date(2026, 10, 25),
        (60, 240),
        60,
        30,
        "01:00+2 01:30+2 02:00+2 02:30+2 02:00+1 02:30+1 03:00+1",
    ),
    ("Europe/Paris", date(2026, 10, 25), (120, 180), 120, 15, "02:00+2"),
    ("America/New_York", date(2026, 3, 7), (1380, 1440 + 240), 60, 60, "23:00-5 00:00-5 01:00-5 03:00-4"),
    (
        "America/New_York",
        date(2026, 10, 31),
        (1380, 1440 + 180),
        60,
        60,
        "23:00-4 00:00-4 01:00-4 01:00-5 02:00-5",
    ),
    (
        "Australia/Lord_Howe",
        date(2026, 4, 5),
        (75, 150),
        15,
        15,
        "01:15+11 01:30+11 01:45+11 01:30+10.5 01:45+10.5 02:00+10.5 02:15+10.5",
    ),
    ("Australia/Lord_Howe", date(2026, 10, 4), (90, 180), 30, 30, "01:30+10.5 02:30+11"),
    ("Australia/Lord_Howe", date(2026, 10, 4), (60, 240), 60, 60, "01:00+10.5 03:00+11"),
    ("Africa/Cairo", date(2026, 4, 23), (1380, 1440 + 120), 60, 30, "23:00+2 23:30+2 01:00+3"),
    ("Africa/Cairo", date(2026, 4, 24), (0, 120), 60, 30, "01:00+3"),
    ("Africa/Cairo", date(2026, 4, 24), (0, 360), 120, 120, "02:00+3 04:00+3"),
    ("Africa/Cairo", date(2026, 10, 29), (1380, 1440 + 60), 60, 60, "23:00+3 23:00+2 00:00+2"),
    ("Asia/Kathmandu", date(2026, 3, 29), (1380, 1440 + 60), 60, 45, "23:15+5.75 00:00+5.75"),
    ("Asia/Kolkata", date(2026, 3, 29), (600, 720), 60, 20, "10:00+5.5 10:20+5.5 10:40+5.5 11:00+5.5"),
    ("Pacific/Apia", date(2011, 12, 29), (1320, 1440 + 360), 60, 60, "22:00-10 23:00-10"),
    ("Pacific/Apia", date(2011, 12, 30), (600, 1080), 60, 60, ""),
    ("Pacific/Apia", date(2011, 12, 31), (0, 120), 60, 60, "00:00+14 01:00+14"),
    ("Pacific/Pago_Pago", date(2026, 3, 29), (1380, 1440), 60, 60, "23:00-11"),
]


def shown(slot: Slot, zone: ZoneInfo) -> str:
    clock = to_instant(slot.start_s).astimezone(zone)
    offset = (clock.utcoffset() or timedelta()) / timedelta(hours=1)
    return f"{clock:%H:%M}{offset:+g}"


@pytest.mark.parametrize(("zone", "on", "hours", "sitting_min", "step_min", "expected"), NIGHTS)
def test_what_is_offered_when_clocks_change(
    zone: str, on: date, hours: tuple[int, int], sitting_min: int, step_min: int, expected: str
) -> None:
    plan = ArtistHours(1, ZoneInfo(zone), overrides={on: (WallSpan(*hours),)})
    midnight = to_seconds(datetime(on.year, on.month, on.day, tzinfo=UTC))
    found = free_slots(
        plan,
        (),
        None,
        Sitting(0, sitting_min * 60, 0),
        SlotRules(step_min * 60),
        Span(midnight - 3 * 86400, midnight + 4 * 86400),
        0,
    )
    assert " ".join(shown(slot, ZoneInfo(zone)) for slot in found) == expected


def test_the_two_instants_of_a_doubled_hour_do_not_conflict() -> None:
    zone, on = PARIS, date(2026, 10, 25)
    plan = ArtistHours(1, zone, overrides={on: (WallSpan(120, 180),)})
    first = at("2026-10-25T02:00")
    found = free_slots(plan, [Span(first, first + H)], None, PLAIN, SlotRules(H), Span(first, first + 2 * H), 0)
    assert found == [Slot(first + H, first + 2 * H, 1, None)]


def test_a_slot_carries_its_end_artist_and_station() -> None:
    found = free_slots(
        on_monday((10, 11)), (), {7: ()}, PLAIN, HALF_HOURLY, span("2026-06-01T00:00", "2026-06-02T00:00"), 0
    )
    assert found == [Slot(at("2026-06-01T10:00"), at("2026-06-01T11:00"), 1, 7)]


@pytest.mark.parametrize(
    ("hours", "sitting_h", "expected"),
    [
        ([(10, 12), (14, 16)], 2, "01.10:00 01.14:00"),
        ([(10, 12), (12, 14)], 3, "01.10:00 01.10:30 01.11:00"),
        ([(10, 13), (12, 14)], 4, "01.10:00"),
        ([(22, 26)], 3, "01.22:00 01.22:30 01.23:00"),
        ([(22, 24)], 2, "01.22:00"),
        ([(22, 24)], 3, ""),
        ([], 1, ""),
    ],
)
def test_a_sitting_lies_in_one_open_span(hours: list[tuple[int, int]], sitting_h: int, expected: str) -> None:
    assert starts(on_monday(*hours), sitting=Sitting(0, sitting_h * H, 0)) == expected


def test_hours_of_two_dates_that_touch_at_midnight_are_one() -> None:
    tuesday = MONDAY + timedelta(days=1)
    plan = ArtistHours(1, PARIS, overrides={MONDAY: (WallSpan(1380, 1440),), tuesday: (WallSpan(0, 60),)})
    assert starts(plan, sitting=Sitting(0, 2 * H, 0)) == "01.23:00"


def test_an_override_replaces_the_week_but_not_the_night_before() -> None:
    plan = ArtistHours(1, PARIS, ((WallSpan(1380, 1500),),) * 7, {MONDAY: ()})
    assert starts(plan, rules=SlotRules(H)) == "31.00:00 31.23:00 01.00:00 02.23:00 03.00:00 03.23:00"


def test_the_whole_occupancy_keeps_clear_of_the_busy_spans() -> None:
    hours = on_monday((10, 16), pause_s=900)
    busy = [span("2026-06-01T12:00", "2026-06-01T13:00")]
    # tail: 60 + 15 + 15 minutes end by 12:00; head: 30 minutes begin at 13:00 or later
    assert starts(hours, busy, sitting=Sitting(1800, H, 900)) == "01.10:00 01.10:30 01.13:30 01.14:00 01.14:30 01.15:00"
    # the artist's pause is not the station's
    assert (
        starts(hours, (), {5: busy}, Sitting(1800, H, 1800)) == "01.10:00 01.10:30 01.13:30 01.14:00 01.14:30 01.15:00"
    )
    assert starts(hours, busy, None, Sitting(1800, H, 1800)) == "01.10:00 01.13:30 01.14:00 01.14:30 01.15:00"


def test_occupancies_may_touch_but_not_by_a_second_more() -> None:
    hours, sitting = on_monday((8, 18), pause_s=60), Sitting(120, H, 240)
    busy = [span("2026-06-01T12:00", "2026-06-01T13:00")]
    last_before, first_after = at("2026-06-01T12:00") - H - 300, at("2026-06-01T13:00") + 120
    free = {
        start
        for edge in (last_before, first_after)
        for start in (edge - 1, edge, edge + 1)
        if verdict(hours, busy, {3: busy}, sitting, HALF_HOURLY, start, 0).is_free
    }
    assert free == {last_before - 1, last_before, first_after, first_after + 1}


def test_a_sitting_may_be_longer_than_the_range_it_is_looked_for_in() -> None:
    always = ArtistHours(1, PARIS, ((WallSpan(0, 1440),),) * 7)
    week = Sitting(0, 7 * 86400, 0)
    found = free_slots(always, (), None, week, SlotRules(86400), span("2026-06-01T00:00", "2026-06-02T00:00"), 0)
    assert found == [Slot(at("2026-06-01T00:00"), at("2026-06-08T00:00"), 1, None)]


def test_hours_count_where_the_local_date_is_not_that_of_utc() -> None:
    west, east = ZoneInfo("Pacific/Pago_Pago"), ZoneInfo("Pacific/Kiritimati")
    long_night = ArtistHours(1, west, overrides={MONDAY: (WallSpan(1320, 2400),)})
    start = at("2026-06-03T00:00", ZoneInfo("UTC"))
    assert open_spans(long_night, Span(start, start + 5 * H)) == [Span(start, at("2026-06-02T16:00", west))]
    early = ArtistHours(1, east, overrides={MONDAY: (WallSpan(0, 120),)})
    before = at("2026-05-31T09:00", ZoneInfo("UTC"))
    assert open_spans(early, Span(before, before + 2 * H)) == [Span(at("2026-06-01T00:00", east), before + 2 * H)]


def test_prep_and_tail_may_reach_outside_the_hours_and_into_leave() -> None:
    away = span("2026-06-01T12:00", "2026-06-01T18:00")
    hours = on_monday((10, 18), leave=(away,), pause_s=5 * H)
    assert starts(hours, sitting=Sitting(3 * H, 2 * H, H)) == "01.10:00"


def test_leave_over_the_edge_of_the_hours_and_of_several_days() -> None:
    hours = ArtistHours(
        1,
        PARIS,
        ((WallSpan(600, 720),),) * 7,
        leave=(span("2026-06-02T11:00", "2026-06-03T10:30"), span("2026-06-01T00:00", "2026-06-01T11:00")),
    )
    assert starts(hours) == "31.10:00 31.10:30 31.11:00 01.11:00 02.10:00 03.10:30 03.11:00"


@pytest.mark.parametrize(
    ("step_min", "expected"),
    [
        (7, "10:02 10:09 10:16 10:23 10:30 10:37 10:44 10:51 10:58"),
        (25, "10:00 10:25 10:50"),
        (60, "10:00 11:00"),
        (90, "10:30"),
        (11 * 60, "11:00"),
        (2 * 1440, ""),
    ],
)
def test_the_grid_counts_from_midnight_not_from_the_opening(step_min: int, expected: str) -> None:
    tuesday = MONDAY + timedelta(days=1)  # so that a grid that ran on from Monday would show
    plan = ArtistHours(1, PARIS, overrides={tuesday: (WallSpan(600, 720),)})
    found = starts(plan, sitting=Sitting(0, H, 0), rules=SlotRules(step_min * 60))
    assert found.replace("02.", "") == expected


def test_a_start_is_never_in_the_past_nor_too_far_by_a_second() -> None:
    hours, ten = on_monday((10, 12)), at("2026-06-01T10:00")
    rules = SlotRules(1800, 2 * H, 3 * H)
    assert starts(hours, rules=rules, now_s=ten - 2 * H) == "01.10:00 01.10:30 01.11:00"
    assert starts(hours, rules=rules, now_s=ten - 2 * H + 1) == "01.10:30 01.11:00"
    assert starts(hours, rules=rules, now_s=ten - 3 * H) == "01.10:00"
    assert starts(hours, rules=rules, now_s=ten - 3 * H - 1) == ""


def test_a_guest_starts_on_the_dates_of_the_stay_and_may_finish_after_midnight() -> None:
    night = ((WallSpan(1380, 1500),),) * 7
    guest = ArtistHours(1, PARIS, night, stays_from=MONDAY, stays_until=MONDAY)
    assert starts(guest, rules=SlotRules(H)) == "01.00:00 01.23:00"
    assert Cause.NOT_HERE in judged(guest, "2026-06-02T00:00").causes
    assert judged(guest, "2026-06-02T12:00").causes == (Cause.NOT_HERE, Cause.OUTSIDE_HOURS)


def test_the_first_free_unit_in_order_is_taken() -> None:
    units: Mapping[int, Sequence[Span]] = {
        9: [span("2026-06-01T10:30", "2026-06-01T11:00")],
        4: [span("2026-06-01T12:00", "2026-06-01T13:00")],
    }
    within = span("2026-06-01T00:00", "2026-06-02T00:00")
    found = free_slots(on_monday((10, 14)), (), units, PLAIN, HALF_HOURLY, within, 0)
    assert [slot.station_id for slot in found] == [4, 4, 9, 9, 9, 9, 9]
    both = {9: units[4], 4: units[4]}
    assert starts(on_monday((10, 14)), units=both) == "01.10:00 01.10:30 01.11:00 01.13:00"


def test_no_unit_is_a_station_taken() -> None:
    assert starts(on_monday((10, 14)), units={}) == ""
    answer = judged(on_monday((10, 14)), "2026-06-01T10:00", units={})
    assert answer == Verdict((Cause.STATION_TAKEN,), None, None)


def test_only_starts_within_the_range_are_offered() -> None:
    hours = on_monday((10, 14))
    within = span("2026-06-01T10:30", "2026-06-01T11:30")
    found = free_slots(hours, (), None, Sitting(0, 2 * H, 0), HALF_HOURLY, within, 0)
    assert [slot.start_s for slot in found] == [at("2026-06-01T10:30"), at("2026-06-01T11:00")]
    assert free_slots(hours, (), None, PLAIN, HALF_HOURLY, Span(within.end_s, within.start_s), 0) == []


def test_a_free_verdict_names_the_unit_and_takes_any_minute() -> None:
    assert judged(on_monday((10, 14)), "2026-06-01T10:07", units={3: ()}) == Verdict((), 3, None)
    assert judged(on_monday((10, 14)), "2026-06-01T10:07", units={3: ()}).is_free


def test_a_verdict_names_every_cause_and_the_first_busy_span() -> None:
    first, second = span("2026-06-01T14:30", "2026-06-01T15:00"), span("2026-06-01T13:30", "2026-06-01T14:15")
    away = span("2026-06-01T13:00", "2026-06-01T18:00")
    hours = on_monday((10, 14), leave=(away,), stays_until=MONDAY - timedelta(days=1))
    answer = judged(hours, "2026-06-01T14:00", [first, second], {3: [away]}, now_s=at("2026-06-01T14:00") + 1)
    assert answer == Verdict(
        (
            Cause.NOT_HERE,
            Cause.OUTSIDE_HOURS,
            Cause.ON_LEAVE,
            Cause.TOO_SOON,
            Cause.ARTIST_TAKEN,
            Cause.STATION_TAKEN,
        ),
        None,
        second,
    )
    assert not answer.is_free


def test_too_far_is_a_cause() -> None:
    answer = judged(on_monday((10, 14)), "2026-06-01T10:00", rules=SlotRules(900, 0, 60))
    assert answer == Verdict((Cause.TOO_FAR,), None, None)


def test_the_station_or_the_leave_is_in_the_way_if_no_busy_span_is() -> None:
    away, used = span("2026-06-01T10:00", "2026-06-01T12:00"), span("2026-06-01T10:15", "2026-06-01T10:45")
    hours = on_monday((9, 14), leave=(away,))
    assert judged(hours, "2026-06-01T09:30", units={3: ()}) == Verdict((Cause.ON_LEAVE,), 3, away)
    full = judged(hours, "2026-06-01T09:30", units={3: [used], 4: [used]})
    assert full == Verdict((Cause.ON_LEAVE, Cause.STATION_TAKEN), None, used)


def test_open_time_is_hours_less_leave_during_the_stay() -> None:
    guest = ArtistHours(
        1,
        PARIS,
        ((WallSpan(1320, 1560),),) * 7,
        leave=(span("2026-06-01T23:00", "2026-06-01T23:30"),),
        stays_from=MONDAY,
        stays_until=MONDAY + timedelta(days=1),
    )
    assert open_spans(guest, span("2026-05-31T00:00", "2026-06-05T00:00")) == [
        span("2026-06-01T00:00", "2026-06-01T02:00"),
        span("2026-06-01T22:00", "2026-06-01T23:00"),
        span("2026-06-01T23:30", "2026-06-02T02:00"),
        span("2026-06-02T22:00", "2026-06-03T02:00"),
    ]
    assert open_spans(guest, span("2026-06-02T01:00", "2026-06-02T22:30")) == [
        span("2026-06-02T01:00", "2026-06-02T02:00"),
        span("2026-06-02T22:00", "2026-06-02T22:30"),
    ]
    assert open_spans(guest, span("2026-06-05T00:00", "2026-06-01T00:00")) == []


def test_occupancies() -> None:
    assert occupied_by_artist(1000, Sitting(10, 200, 30), 4) == Span(990, 1234)
    assert occupied_on_station(1000, Sitting(10, 200, 30)) == Span(990, 1230)


@pytest.mark.parametrize("sitting", [Sitting(0, 0, 0), Sitting(-1, 60, 0), Sitting(0, 60, -1)])
def test_a_sitting_without_meaning_is_refused(sitting: Sitting) -> None:
    with pytest.raises(ValueError, match="spans of a sitting"):
        judged(on_monday((10, 14)), "2026-06-01T10:00", sitting=sitting)
    with pytest.raises(ValueError, match="spans of a sitting"):
        starts(on_monday((10, 14)), sitting=sitting)


def test_a_grid_without_a_step_is_refused() -> None:
    with pytest.raises(ValueError, match="step"):
        SlotRules(0)
