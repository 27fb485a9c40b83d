"""Series and projects: every date of a rule, on the wall clock."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdesk.domain.errors import ValidationError
from inkdesk.domain.series import (
    MOST_DATES,
    Repeat,
    RepeatUnit,
    at_wall,
    next_sitting,
    series_starts,
    shifted,
    spaced,
)

PARIS = ZoneInfo("Europe/Paris")
WEEKS, MONTHS = RepeatUnit.WEEKS, RepeatUnit.MONTHS


def at(*parts: int, zone: ZoneInfo = PARIS, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=zone, fold=fold)  # type: ignore[arg-type, misc]


def told(first: datetime, repeat: Repeat, zone: ZoneInfo = PARIS) -> list[str | None]:
    """Every start as ISO text, None where the clock jumps over it."""
    dates = series_starts(first, repeat, zone)
    return [None if one.starts_at is None else one.starts_at.isoformat(timespec="minutes") for one in dates]


def test_ten_stays_ten_over_both_changes_of_the_clock() -> None:
    assert told(at(2026, 10, 20, 10), Repeat(every=1, unit=WEEKS, count=3)) == [
        "2026-10-20T10:00+02:00",
        "2026-10-27T10:00+01:00",
        "2026-11-03T10:00+01:00",
    ]
    assert told(at(2026, 3, 24, 10), Repeat(every=1, unit=WEEKS, until=date(2026, 4, 7))) == [
        "2026-03-24T10:00+01:00",
        "2026-03-31T10:00+02:00",
        "2026-04-07T10:00+02:00",
    ]


def test_a_missing_time_is_told_not_moved() -> None:
    repeat = Repeat(every=1, unit=WEEKS, count=3)
    dates = series_starts(at(2026, 3, 22, 2, 30), repeat, PARIS)
    assert [one.wall for one in dates] == [
        datetime(2026, 3, day, 2, 30)  # noqa: DTZ001 - what a wall clock shows
        for day in (22, 29)
    ] + [datetime(2026, 4, 5, 2, 30)]  # noqa: DTZ001
    assert told(at(2026, 3, 22, 2, 30), repeat) == ["2026-03-22T02:30+01:00", None, "2026-04-05T02:30+02:00"]


def test_a_doubled_time_is_its_first_showing_but_the_first_date_is_what_was_chosen() -> None:
    repeat = Repeat(every=1, unit=WEEKS, count=2)
    assert told(at(2026, 10, 18, 2, 30), repeat) == ["2026-10-18T02:30+02:00", "2026-10-25T02:30+02:00"]
    second = at(2026, 10, 25, 2, 30, fold=1)
    assert told(second, repeat) == ["2026-10-25T02:30+01:00", "2026-11-01T02:30+01:00"]
    assert told(second.astimezone(UTC), repeat) == told(second, repeat)


@pytest.mark.parametrize(
    ("zone", "first", "expected"),
    [
        ("Australia/Lord_Howe", (2026, 9, 27, 2, 15), ["2026-09-27T02:15+10:30", None, "2026-10-11T02:15+11:00"]),
        ("Africa/Cairo", (2026, 4, 17, 0, 0), ["2026-04-17T00:00+02:00", None, "2026-05-01T00:00+03:00"]),
        (
            "Asia/Kathmandu",
            (2026, 3, 22, 10, 0),
            ["2026-03-22T10:00+05:45", "2026-03-29T10:00+05:45", "2026-04-05T10:00+05:45"],
        ),
        (
            "Pacific/Apia",
            (2011, 12, 23, 10, 0),
            ["2011-12-23T10:00-10:00", None, "2012-01-06T10:00+14:00"],
        ),
        (
            "America/New_York",
            (2026, 3, 1, 2, 0),
            ["2026-03-01T02:00-05:00", None, "2026-03-15T02:00-04:00"],
        ),
    ],
)
def test_the_clocks_of_other_places(zone: str, first: tuple[int, ...], expected: list[str | None]) -> None:
    there = ZoneInfo(zone)
    assert told(at(*first, zone=there), Repeat(every=1, unit=WEEKS, count=3), there) == expected


@pytest.mark.parametrize(
    ("first", "every", "days"),
    [
        ((2027, 1, 31), 1, ["01-31", "02-28", "03-31", "04-30", "05-31"]),
        ((2028, 1, 30), 1, ["01-30", "02-29", "03-30", "04-30", "05-30"]),
        ((2027, 1, 29), 1, ["01-29", "02-28", "03-29", "04-29", "05-29"]),
        ((2026, 12, 28), 2, ["12-28", "02-28", "04-28", "06-28", "08-28"]),
    ],
)
def test_a_short_month_has_its_sitting_on_its_last_day(first: tuple[int, ...], every: int, days: list[str]) -> None:
    dates = series_starts(at(*first, 10), Repeat(every=every, unit=MONTHS, count=5), PARIS)
    assert [f"{one.wall:%m-%d}" for one in dates] == days


def test_the_earlier_of_two_ends_holds() -> None:
    first = at(2026, 11, 3, 10)
    until = Repeat(every=2, unit=WEEKS, count=9, until=date(2026, 12, 1))
    assert told(first, until) == ["2026-11-03T10:00+01:00", "2026-11-17T10:00+01:00", "2026-12-01T10:00+01:00"]
    assert len(told(first, Repeat(every=2, unit=WEEKS, count=2, until=date(2026, 12, 1)))) == 2


@pytest.mark.parametrize(
    ("repeat", "field"),
    [
        (Repeat(every=0, unit=WEEKS, count=3), "every"),
        (Repeat(every=105, unit=WEEKS, count=3), "every"),
        (Repeat(every=1, unit=WEEKS), "count"),
        (Repeat(every=1, unit=WEEKS, count=0), "count"),
        (Repeat(every=1, unit=WEEKS, count=105), "count"),
        (Repeat(every=1, unit=WEEKS, until=date(2026, 11, 2)), "until"),
        (Repeat(every=1, unit=WEEKS, until=date(2028, 12, 1)), "until"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_beside_its_field(repeat: Repeat, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        series_starts(at(2026, 11, 3, 10), repeat, PARIS)
    assert caught.value.field == field


def test_the_longest_series_that_may_be() -> None:
    first = at(2026, 11, 3, 10)
    last = first.date() + timedelta(weeks=MOST_DATES - 1)
    assert len(series_starts(first, Repeat(every=1, unit=WEEKS, until=last), PARIS)) == MOST_DATES


@pytest.mark.parametrize(
    ("repeat", "rule"),
    [
        (Repeat(every=2, unit=WEEKS, count=6), "FREQ=WEEKLY;INTERVAL=2;COUNT=6"),
        (Repeat(every=1, unit=MONTHS, until=date(2027, 3, 4)), "FREQ=MONTHLY;INTERVAL=1;UNTIL=20270304"),
    ],
)
def test_the_rule_is_told_in_the_words_of_calendars(repeat: Repeat, rule: str) -> None:
    assert repeat.rule == rule


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda wall: wall.replace(microsecond=0)),  # noqa: DTZ001
    st.integers(1, 9),
    st.sampled_from(RepeatUnit),
    st.integers(1, 30),
    st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu"]),
)
def test_every_date_shows_the_first_time_of_day_or_has_none(
    wall: datetime, every: int, unit: RepeatUnit, count: int, name: str
) -> None:
    zone = ZoneInfo(name)
    first = at_wall(wall, zone)
    if first is None:
        return
    dates = series_starts(first, Repeat(every=every, unit=unit, count=count), zone)
    assert len(dates) == count
    for one in dates:
        assert one.wall.time() == wall.time()
        if one.starts_at is None:
            shown = one.wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
            assert shown.replace(tzinfo=None) != one.wall
        else:
            assert one.starts_at.replace(tzinfo=None, fold=0) == one.wall
    assert [one.wall for one in dates] == sorted({one.wall for one in dates})


# Moving


def test_a_shift_is_one_of_days_and_time_of_day_not_of_hours_gone_by() -> None:
    old, new = at(2026, 10, 20, 10), at(2026, 10, 22, 14, 30)
    moved = [shifted(one, old, new, PARIS).starts_at for one in (old, at(2026, 10, 27, 10), at(2026, 11, 3, 10))]
    assert moved == [new, at(2026, 10, 29, 14, 30), at(2026, 11, 5, 14, 30)]


def test_a_shift_into_the_missing_hour_is_told() -> None:
    old = at(2026, 3, 22, 10)
    gone = shifted(at(2026, 3, 29, 10), old, at(2026, 3, 22, 2, 30), PARIS)
    assert gone == (datetime(2026, 3, 29, 2, 30), None)  # noqa: DTZ001


def test_the_moved_one_goes_to_the_showing_that_was_chosen() -> None:
    old, second = at(2026, 10, 18, 2, 30), at(2026, 10, 25, 2, 30, fold=1)
    moved = shifted(old, old, second, PARIS).starts_at
    assert moved is not None
    assert moved.isoformat() == "2026-10-25T02:30:00+01:00"
    beside = shifted(second, at(2026, 10, 25, 2, 30), at(2026, 10, 26, 2, 30), PARIS).starts_at
    assert beside == at(2026, 10, 26, 2, 30)


# Projects


def every_day(first: date, days: int, hours: tuple[int, ...] = (10, 12, 14)) -> list[datetime]:
    return [
        at(day.year, day.month, day.day, hour)
        for day in (first + timedelta(days=n) for n in range(days))
        for hour in hours
    ]


def test_sittings_keep_the_weekday_and_the_hour_of_the_first() -> None:
    starts = every_day(date(2026, 11, 3), 80)
    assert spaced(starts[1:], 3, 20) == [at(2026, 11, 3, 12), at(2026, 11, 24, 12), at(2026, 12, 15, 12)]


def test_another_weekday_is_taken_rather_than_a_later_week() -> None:
    starts = [one for one in every_day(date(2026, 11, 3), 60) if one.date() == date(2026, 11, 3) or one.weekday() != 1]
    assert spaced(starts, 2, 20) == [at(2026, 11, 3, 10), at(2026, 11, 23, 10)]


def test_the_nearest_time_of_that_weekday_is_taken() -> None:
    starts = [at(2026, 11, 3, 13), *every_day(date(2026, 11, 20), 9, (10, 12, 15))]
    assert spaced(starts, 2, 14) == [at(2026, 11, 3, 13), at(2026, 11, 24, 12)]


def test_the_tolerance_begins_with_the_first_start_that_is_late_enough() -> None:
    starts = [at(2026, 11, 3, 10), at(2026, 12, 30, 15), at(2027, 1, 5, 10), at(2027, 1, 6, 10)]
    assert spaced(starts, 2, 14) == [at(2026, 11, 3, 10), at(2027, 1, 5, 10)]
    assert spaced(starts[:2] + starts[3:], 2, 14) == [at(2026, 11, 3, 10), at(2026, 12, 30, 15)]


def test_starts_that_end_too_early_give_fewer_sittings() -> None:
    starts = every_day(date(2026, 11, 3), 10)
    assert spaced(starts, 3, 7) == [at(2026, 11, 3, 10), at(2026, 11, 10, 10)]
    assert spaced([], 3, 7) == []
    assert next_sitting(starts, date(2027, 1, 1), starts[0]) is None


@pytest.mark.parametrize(("count", "gap", "field"), [(0, 7, "count"), (105, 7, "count"), (2, 0, "gap_days")])
def test_a_project_that_cannot_be_is_refused(count: int, gap: int, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        spaced(every_day(date(2026, 11, 3), 3), count, gap)
    assert caught.value.field == field


@given(st.sets(st.integers(0, 24 * 400), max_size=60), st.integers(1, 9), st.integers(1, 30))
def test_sittings_are_offered_ones_and_far_enough_apart(hours: set[int], count: int, gap: int) -> None:
    starts = [at(2026, 1, 1) + timedelta(hours=one) for one in sorted(hours)]
    chosen = spaced(starts, count, gap)
    assert set(chosen) <= set(starts)
    assert len(chosen) <= count
    assert chosen[:1] == starts[:1]
    for earlier, later in pairwise(chosen):
        assert later.date() - earlier.date() >= timedelta(days=gap)
