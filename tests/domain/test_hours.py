"""Wall-clock hours in real time, on the nights when clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inkdesk.domain.hours import (
    CLOSED_WEEK,
    ArtistHours,
    Plans,
    WallSpan,
    WeeklyHours,
    dates_spans,
    every_week,
    offset_spans,
    wall_to_seconds,
    working_spans,
)
from inkdesk.domain.spans import Span, intersect, to_instant, to_seconds

ZONES = (
    "Europe/Paris",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Pacific/Pago_Pago",
    "Pacific/Kwajalein",
    "Europe/Dublin",
    "UTC",
)

NIGHT = WallSpan(22 * 60, 30 * 60)


def hours(zone: str, on: date, *spans: WallSpan) -> ArtistHours:
    return ArtistHours(1, ZoneInfo(zone), overrides={on: spans})


def around(day: date) -> Span:
    noon = to_seconds(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    return Span(noon - 3 * 86400, noon + 3 * 86400)


def shown(spans: list[Span], zone: str) -> list[tuple[str, str]]:
    return [(local(span.start_s, zone), local(span.end_s, zone)) for span in spans]


def local(instant_s: int, zone: str) -> str:
    return to_instant(instant_s).astimezone(ZoneInfo(zone)).strftime("%d %H:%M%z")


# (zone, date whose hours are asked for, its hours, what they are in real time)
REAL_TIME: list[tuple[str, date, WallSpan, list[tuple[str, str]]]] = [
    ("Europe/Paris", date(2026, 3, 28), NIGHT, [("28 22:00+0100", "29 06:00+0200")]),
    ("Europe/Paris", date(2026, 3, 29), WallSpan(0, 150), [("29 00:00+0100", "29 03:00+0200")]),
    ("Europe/Paris", date(2026, 3, 29), WallSpan(150, 240), [("29 03:00+0200", "29 04:00+0200")]),
    ("Europe/Paris", date(2026, 3, 29), WallSpan(130, 170), []),
    ("Europe/Paris", date(2026, 10, 25), WallSpan(60, 150), [("25 01:00+0200", "25 02:30+0100")]),
    ("Europe/Paris", date(2026, 10, 25), WallSpan(150, 240), [("25 02:30+0200", "25 04:00+0100")]),
    ("Europe/Paris", date(2026, 10, 25), WallSpan(0, 120), [("25 00:00+0200", "25 02:00+0200")]),
    ("Europe/Paris", date(2026, 10, 25), WallSpan(180, 240), [("25 03:00+0100", "25 04:00+0100")]),
    ("Europe/Paris", date(2026, 10, 25), WallSpan(150, 150), []),
    ("Europe/Paris", date(2026, 6, 1), WallSpan(600, 1440), [("01 10:00+0200", "02 00:00+0200")]),
    ("America/New_York", date(2026, 3, 7), NIGHT, [("07 22:00-0500", "08 06:00-0400")]),
    ("America/New_York", date(2026, 10, 31), NIGHT, [("31 22:00-0400", "01 06:00-0500")]),
    ("Australia/Lord_Howe", date(2026, 4, 5), WallSpan(60, 105), [("05 01:00+1100", "05 01:45+1030")]),
    ("Australia/Lord_Howe", date(2026, 10, 4), WallSpan(60, 135), [("04 01:00+1030", "04 02:30+1100")]),
    ("Africa/Cairo", date(2026, 4, 23), WallSpan(1200, 1440), [("23 20:00+0200", "24 01:00+0300")]),
    ("Africa/Cairo", date(2026, 4, 24), WallSpan(0, 120), [("24 01:00+0300", "24 02:00+0300")]),
    ("Africa/Cairo", date(2026, 10, 29), WallSpan(1200, 1440), [("29 20:00+0300", "30 00:00+0200")]),
    ("Asia/Kathmandu", date(2026, 3, 29), NIGHT, [("29 22:00+0545", "30 06:00+0545")]),
    ("Pacific/Apia", date(2011, 12, 30), WallSpan(600, 1080), []),
    ("Pacific/Apia", date(2011, 12, 29), NIGHT, [("29 22:00-1000", "31 00:00+1400")]),
    ("Pacific/Apia", date(2011, 12, 31), WallSpan(0, 1440), [("31 00:00+1400", "01 00:00+1400")]),
    ("America/Havana", date(2026, 10, 31), WallSpan(1200, 1440), [("31 20:00-0400", "01 00:00-0400")]),
]


@pytest.mark.parametrize(("zone", "on", "span", "expected"), REAL_TIME)
def test_hours_in_real_time(zone: str, on: date, span: WallSpan, expected: list[tuple[str, str]]) -> None:
    assert shown(working_spans(hours(zone, on, span), around(on)), zone) == expected


@pytest.mark.parametrize(("before", "real_h"), [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9), (date(2026, 6, 6), 8)])
def test_a_night_lasts_as_long_as_it_really_does(before: date, real_h: int) -> None:
    (night,) = working_spans(hours("Europe/Paris", before, NIGHT), around(before))
    assert night.end_s - night.start_s == real_h * 3600


def test_weekly_hours_start_on_monday_and_overrides_replace_their_date() -> None:
    weekly: WeeklyHours = tuple((WallSpan(600 + day, 700),) for day in range(7))
    closed, other = date(2026, 6, 3), date(2026, 6, 5)
    plan = ArtistHours(
        1, ZoneInfo("UTC"), every_week(weekly), {closed: (), other: (WallSpan(60, 120), WallSpan(180, 240))}
    )
    monday = to_seconds(datetime(2026, 6, 1, tzinfo=UTC))
    week = Span(monday, monday + 7 * 86400)
    assert shown(intersect(working_spans(plan, week), [week]), "UTC") == [
        ("01 10:00+0000", "01 11:40+0000"),
        ("02 10:01+0000", "02 11:40+0000"),
        ("04 10:03+0000", "04 11:40+0000"),
        ("05 01:00+0000", "05 02:00+0000"),
        ("05 03:00+0000", "05 04:00+0000"),
        ("06 10:05+0000", "06 11:40+0000"),
        ("07 10:06+0000", "07 11:40+0000"),
    ]


def test_spans_that_touch_or_overlap_are_one_also_across_midnight() -> None:
    first = date(2026, 6, 1)
    plan = ArtistHours(
        1,
        ZoneInfo("Europe/Paris"),
        overrides={
            first: (WallSpan(840, 1200), WallSpan(600, 840), WallSpan(1100, 1440)),
            first + timedelta(days=1): (WallSpan(0, 60), WallSpan(61, 90)),
        },
    )
    assert shown(working_spans(plan, around(first)), "Europe/Paris") == [
        ("01 10:00+0200", "02 01:00+0200"),
        ("02 01:01+0200", "02 01:30+0200"),
    ]


def test_hours_after_the_last_date_do_not_count() -> None:
    last = date(2026, 6, 3)
    plan = ArtistHours(1, ZoneInfo("UTC"), every_week(((NIGHT,),) * 7))
    found = working_spans(plan, around(last), last)
    assert shown(found, "UTC")[-1] == ("03 22:00+0000", "04 06:00+0000")


def test_a_span_of_many_days_is_found_from_its_end() -> None:
    first = date(2026, 6, 1)
    plan = hours("UTC", first, WallSpan(600, 5 * 1440))
    end = to_seconds(datetime(2026, 6, 6, tzinfo=UTC))
    assert shown(working_spans(plan, Span(end - 60, end)), "UTC") == [("01 10:00+0000", "06 00:00+0000")]


@pytest.mark.parametrize(
    ("plans", "pause_s", "sentence"),
    [
        (every_week(((WallSpan(-1, 60),),) * 7), 0, "own date"),
        (every_week(CLOSED_WEEK), -1, "pause"),
    ],
)
def test_hours_without_meaning_are_refused(plans: Plans, pause_s: int, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        ArtistHours(1, ZoneInfo("UTC"), plans, pause_s=pause_s)


def test_an_override_before_its_date_is_refused() -> None:
    with pytest.raises(ValueError, match="own date"):
        hours("UTC", date(2026, 6, 1), WallSpan(-60, 60))


WALL: list[tuple[str, date, int, list[str]]] = [
    ("Europe/Paris", date(2026, 3, 29), 119, ["29 01:59+0100"]),
    ("Europe/Paris", date(2026, 3, 29), 120, []),
    ("Europe/Paris", date(2026, 3, 29), 179, []),
    ("Europe/Paris", date(2026, 3, 29), 180, ["29 03:00+0200"]),
    ("Europe/Paris", date(2026, 10, 25), 119, ["25 01:59+0200"]),
    ("Europe/Paris", date(2026, 10, 25), 120, ["25 02:00+0200", "25 02:00+0100"]),
    ("Europe/Paris", date(2026, 10, 25), 180, ["25 03:00+0100"]),
    ("Europe/Paris", date(2026, 10, 24), 1440 + 150, ["25 02:30+0200", "25 02:30+0100"]),
    ("Australia/Lord_Howe", date(2026, 4, 5), 100, ["05 01:40+1100", "05 01:40+1030"]),
    ("Africa/Cairo", date(2026, 4, 24), 0, []),
    ("Pacific/Apia", date(2011, 12, 30), 720, []),
]


@pytest.mark.parametrize(("zone", "day", "minute", "expected"), WALL)
def test_when_a_clock_shows_a_time(zone: str, day: date, minute: int, expected: list[str]) -> None:
    assert [local(instant, zone) for instant in wall_to_seconds(day, minute, ZoneInfo(zone))] == expected


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_times_too(day: date) -> None:
    assert len(wall_to_seconds(day, 600, ZoneInfo("Europe/Paris"))) == 1


@settings(max_examples=300)
@given(st.sampled_from(ZONES), st.integers(0, 2_200_000_000))
def test_every_instant_is_found_again_by_what_the_clock_shows(zone: str, instant_s: int) -> None:
    instant_s -= instant_s % 60
    clock = to_instant(instant_s).astimezone(ZoneInfo(zone))
    assume(not clock.second)  # local mean time: no whole minute is shown at this instant
    found = wall_to_seconds(clock.date(), clock.hour * 60 + clock.minute, ZoneInfo(zone))
    assert instant_s in found
    assert list(found) == sorted(set(found))


@settings(max_examples=200)
@given(st.sampled_from(ZONES), st.integers(-3_000_000_000, 4_000_000_000))
def test_the_offset_of_an_instant_is_the_zones(zone: str, instant_s: int) -> None:
    offset = to_instant(instant_s).astimezone(ZoneInfo(zone)).utcoffset()
    (found,) = [
        span
        for span in offset_spans(ZoneInfo(zone), Span(instant_s, instant_s + 1))
        if span.start_s <= instant_s < span.end_s
    ]
    assert timedelta(seconds=found.offset_s) == offset


def test_dates_begin_and_end_when_the_calendar_says_so() -> None:
    cairo, day = "Africa/Cairo", date(2026, 4, 24)
    assert shown(dates_spans(ZoneInfo(cairo), day, day, around(day)), cairo) == [("24 01:00+0300", "25 00:00+0300")]
    apia, missing = ZoneInfo("Pacific/Apia"), date(2011, 12, 30)
    assert dates_spans(apia, missing, missing, around(missing)) == []
    within = around(day)
    assert dates_spans(apia, None, None, within) == [within]


def test_a_date_that_comes_twice_is_two_spans() -> None:
    zone, day = "America/St_Johns", date(2006, 10, 28)  # at 00:01 the clock went back to 23:01 of the day before
    found = dates_spans(ZoneInfo(zone), day, day, around(day))
    assert shown(found, zone) == [("28 00:00-0230", "29 00:00-0230"), ("28 23:01-0330", "29 00:00-0330")]
