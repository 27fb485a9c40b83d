"""Which week holds on which date: alternate weeks, plans that replace each other, overrides before both."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkdesk.domain.availability import ArtistTime, SlotRequest, free_slots, open_spans
from inkdesk.domain.hours import (
    CLOSED_WEEK,
    ArtistHours,
    Plans,
    WallSpan,
    WeeklyHours,
    WeeklyPlan,
    every_week,
    hours_on,
    working_spans,
)
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.slot_rules import SlotRules
from inkdesk.domain.spans import Span, intersect, to_instant, to_seconds

PARIS = ZoneInfo("Europe/Paris")
EARLY, LATE, NIGHT = WallSpan(540, 780), WallSpan(840, 1200), WallSpan(1320, 1800)
MONDAY = date(2026, 6, 1)


def daily(*spans: WallSpan) -> WeeklyHours:
    return (spans,) * 7


def week_of(first: date, weeks: int = 1) -> list[date]:
    return [first + timedelta(days=number) for number in range(7 * weeks)]


def shown(plans: Plans, first: date, last: date, overrides: dict[date, tuple[WallSpan, ...]] | None = None) -> str:
    """Day and hours of every working span that meets the dates."""
    hours = ArtistHours(1, PARIS, plans, overrides or {})
    start = to_seconds(datetime(first.year, first.month, first.day, tzinfo=PARIS))
    after = last + timedelta(days=1)
    within = Span(start, to_seconds(datetime(after.year, after.month, after.day, tzinfo=PARIS)))
    clocks = [[to_instant(edge).astimezone(PARIS) for edge in one] for one in working_spans(hours, within)]
    return " ".join(
        f"{start:%d.%H:%M}-{end:%H:%M}"
        for start, end in clocks
        if to_seconds(start) < within.end_s and to_seconds(end) > within.start_s
    )


def test_two_weeks_take_turns_from_monday_to_sunday() -> None:
    plan = WeeklyPlan((daily(EARLY), daily(LATE)), week_a=date(2026, 6, 4))
    assert [hours_on((plan,), day) for day in week_of(MONDAY, 4)] == (
        [(EARLY,)] * 7 + [(LATE,)] * 7 + [(EARLY,)] * 7 + [(LATE,)] * 7
    )
    assert [hours_on((plan,), day) for day in week_of(MONDAY - timedelta(days=14), 2)] == [(EARLY,)] * 7 + [(LATE,)] * 7


def test_three_weeks_take_turns_also_over_the_turn_of_the_year() -> None:
    plan = WeeklyPlan((daily(EARLY), daily(LATE), CLOSED_WEEK), week_a=date(2026, 12, 21))
    found = [hours_on((plan,), day) for day in week_of(date(2026, 12, 7), 6)]
    assert found == [(LATE,)] * 7 + [()] * 7 + [(EARLY,)] * 7 + [(LATE,)] * 7 + [()] * 7 + [(EARLY,)] * 7


def test_real_time_follows_the_weeks_turns() -> None:
    plan = WeeklyPlan((daily(EARLY), daily(LATE)), week_a=MONDAY)
    assert shown((plan,), date(2026, 6, 5), date(2026, 6, 9)) == (
        "05.09:00-13:00 06.09:00-13:00 07.09:00-13:00 08.14:00-20:00 09.14:00-20:00"
    )


def test_a_night_belongs_to_the_week_it_starts_in() -> None:
    plan = WeeklyPlan((daily(NIGHT), CLOSED_WEEK), week_a=MONDAY)
    assert shown((plan,), date(2026, 6, 6), date(2026, 6, 9)) == "05.22:00-06:00 06.22:00-06:00 07.22:00-06:00"


def test_a_changed_plan_holds_from_its_date_on_in_the_middle_of_a_week() -> None:
    plans = (*every_week(daily(EARLY)), WeeklyPlan((daily(LATE),), date(2026, 6, 3)))
    assert shown(plans, date(2026, 6, 1), date(2026, 6, 5)) == (
        "01.09:00-13:00 02.09:00-13:00 03.14:00-20:00 04.14:00-20:00 05.14:00-20:00"
    )


def test_the_last_night_of_the_old_plan_runs_into_the_first_day_of_the_new() -> None:
    plans = (*every_week(daily(NIGHT)), WeeklyPlan((daily(EARLY),), date(2026, 6, 3)))
    assert shown(plans, date(2026, 6, 2), date(2026, 6, 4)) == (
        "01.22:00-06:00 02.22:00-06:00 03.09:00-13:00 04.09:00-13:00"
    )


def test_before_the_first_plan_nobody_works() -> None:
    plans = (WeeklyPlan((daily(EARLY),), date(2026, 6, 3)),)
    assert shown(plans, date(2026, 6, 1), date(2026, 6, 4)) == "03.09:00-13:00 04.09:00-13:00"
    assert hours_on(plans, date(2026, 6, 2)) == ()


def test_no_plan_at_all_is_closed_but_an_override_opens() -> None:
    assert shown((), MONDAY, date(2026, 6, 3)) == ""
    assert shown((), MONDAY, date(2026, 6, 3), {date(2026, 6, 2): (LATE,)}) == "02.14:00-20:00"


def test_several_plans_each_until_the_next() -> None:
    plans = (
        *every_week(daily(EARLY)),
        WeeklyPlan((CLOSED_WEEK,), date(2026, 6, 2)),
        WeeklyPlan((daily(LATE), daily(NIGHT)), date(2026, 6, 4), week_a=date(2026, 6, 8)),
    )
    assert shown(plans, date(2026, 6, 1), date(2026, 6, 9)) == (
        "01.09:00-13:00 04.22:00-06:00 05.22:00-06:00 06.22:00-06:00 07.22:00-06:00 08.14:00-20:00 09.14:00-20:00"
    )


def test_an_override_stands_before_every_plan_and_only_on_its_date() -> None:
    plans = (*every_week(daily(EARLY)), WeeklyPlan((daily(LATE),), date(2026, 6, 3)))
    overrides = {date(2026, 6, 2): (), date(2026, 6, 3): (EARLY, WallSpan(1000, 1060))}
    assert shown(plans, date(2026, 6, 1), date(2026, 6, 4), overrides) == (
        "01.09:00-13:00 03.09:00-13:00 03.16:40-17:40 04.14:00-20:00"
    )


def test_touching_hours_of_two_plans_are_one_stretch_that_a_sitting_may_cross() -> None:
    plans = (*every_week(daily(WallSpan(1380, 1440))), WeeklyPlan((daily(WallSpan(0, 120)),), date(2026, 6, 3)))
    artist = ArtistTime(hours=ArtistHours(1, PARIS, plans))
    request = SlotRequest(sitting=Sitting(0, 7200, 0), zone=PARIS, now_s=0, rules=SlotRules(step_s=1800))
    start = to_seconds(datetime(2026, 6, 2, 12, tzinfo=PARIS))
    found = free_slots([artist], request, Span(start, start + 86400))
    assert [f"{to_instant(slot.start_s).astimezone(PARIS):%d.%H:%M}" for slot in found] == [
        "02.23:00",
        "02.23:30",
        "03.00:00",
    ]


@pytest.mark.parametrize("weeks", [(), (CLOSED_WEEK[1:],), (CLOSED_WEEK, (*CLOSED_WEEK, ()))])
def test_a_plan_without_meaning_is_refused(weeks: tuple[WeeklyHours, ...]) -> None:
    with pytest.raises(ValueError, match="week"):
        WeeklyPlan(weeks)


def obvious(plans: Plans, day: date) -> tuple[WallSpan, ...]:
    """The hours of a date by stepping from Monday to Monday."""
    holds: WeeklyPlan | None = None
    for plan in plans:
        if plan.starts_on is None or plan.starts_on <= day:
            holds = plan
    if holds is None:
        return ()
    monday, turn, week = day - timedelta(days=day.weekday()), 0, timedelta(days=7)
    at = holds.week_a - timedelta(days=holds.week_a.weekday())
    while at < monday:
        at, turn = at + week, (turn + 1) % len(holds.weeks)
    while at > monday:
        at, turn = at - week, (turn - 1) % len(holds.weeks)
    return holds.weeks[turn][day.weekday()]


dates = st.integers(0, 200).map(lambda number: MONDAY + timedelta(days=number))
some_weeks = st.lists(
    st.builds(lambda minute: daily(WallSpan(minute, minute + 60)), st.integers(0, 1380)), min_size=1, max_size=4
).map(tuple)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.builds(WeeklyPlan, some_weeks, dates, dates), max_size=3, unique_by=lambda plan: plan.starts_on),
    st.none() | st.builds(WeeklyPlan, some_weeks, st.none(), dates),
    dates,
)
def test_the_hours_of_any_date(later: list[WeeklyPlan], first: WeeklyPlan | None, day: date) -> None:
    plans = (*([first] if first else []), *sorted(later, key=lambda plan: plan.starts_on or date.min))
    expected = obvious(plans, day)
    assert hours_on(plans, day) == expected
    noon = to_seconds(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    the_day = Span(noon - 43200, noon + 43200)
    hours = ArtistHours(1, ZoneInfo("UTC"), plans)
    real = [Span(the_day.start_s + start * 60, the_day.start_s + end * 60) for start, end in expected]
    assert intersect(working_spans(hours, the_day), [the_day]) == real
    assert open_spans(hours, the_day) == real
