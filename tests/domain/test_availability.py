"""Free slots and verdicts of one artist on ordinary days, as whole lists."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from support.slot_questions import (
    HALF_HOURLY,
    HOUR,
    MONDAY,
    PARIS,
    H,
    artist,
    at,
    request,
    shown,
    span,
    starts,
    walls,
)

from inkdesk.domain.availability import (
    ArtistTime,
    Cause,
    Obstacle,
    Slot,
    SlotRequest,
    StationPool,
    Verdict,
    free_slots,
    open_spans,
    verdict,
)
from inkdesk.domain.hours import ArtistHours, WallSpan, every_week
from inkdesk.domain.sitting import Sitting, StationNeed, occupied_by_artist, station_needs
from inkdesk.domain.slot_rules import Limits, SlotRules
from inkdesk.domain.spans import Span

SUNDAY, TUESDAY, WEDNESDAY = (MONDAY + timedelta(days=number) for number in (-1, 1, 2))
HOURLY = SlotRules(step_s=H)


def judged(one: ArtistTime, start: str, asked: SlotRequest | None = None) -> Verdict:
    return verdict([one], asked or request(), at(start))


def sitting_of(minutes: int) -> SlotRequest:
    return request(Sitting(0, minutes * 60, 0))


# --- hours -----------------------------------------------------------------------------------------------------

HOURS = [
    ("10:00-12:00 14:00-16:00", 120, "01.10:00 01.14:00"),
    ("10:00-12:00 12:00-14:00", 180, "01.10:00 01.10:30 01.11:00"),
    ("10:00-13:00 12:00-14:00", 240, "01.10:00"),
    ("12:00-14:00 10:00-13:00 10:30-11:00", 240, "01.10:00"),
    ("10:00-12:00 12:01-14:00", 90, "01.10:00 01.10:30 01.12:30"),
    ("22:00-02:00", 180, "01.22:00 01.22:30 01.23:00"),
    ("22:00-24:00", 120, "01.22:00"),
    ("22:00-24:00", 180, ""),
    ("00:00-24:00", 8 * 60, " ".join(f"01.{half // 2:02}:{half % 2 * 30:02}" for half in range(33))),
    ("10:00-11:00", 60, "01.10:00"),
    ("10:00-11:00", 61, ""),
    ("10:10-11:10", 60, ""),
    ("", 30, ""),
]


@pytest.mark.parametrize(("hours", "minutes", "expected"), HOURS)
def test_a_sitting_lies_in_one_stretch_of_hours(hours: str, minutes: int, expected: str) -> None:
    assert starts(artist(hours), sitting_of(minutes)) == expected


def test_hours_of_two_dates_that_touch_at_midnight_are_one() -> None:
    touching = artist({MONDAY: "23:00-24:00", TUESDAY: "00:00-01:00"})
    assert starts(touching, sitting_of(120)) == "01.23:00"
    apart = artist({MONDAY: "23:00-24:00", TUESDAY: "00:01-01:00"})
    assert starts(apart, sitting_of(59)) == "01.23:00"


def test_a_night_of_the_day_before_and_the_days_own_hours_are_one() -> None:
    both = artist({SUNDAY: "22:00-06:00", MONDAY: "05:00-09:00"})
    assert starts(both, request(Sitting(0, 10 * H, 0), HOURLY)) == "31.22:00 31.23:00"


def test_an_override_replaces_its_date_but_not_the_night_before() -> None:
    week = every_week((walls("23:00-01:00"),) * 7)
    closed = ArtistTime(hours=ArtistHours(1, PARIS, week, {MONDAY: ()}))
    within = Span(at("2026-05-31T00:00"), at("2026-06-04T00:00"))
    expected = "31.00:00 31.23:00 01.00:00 02.23:00 03.00:00 03.23:00"
    assert starts(closed, request(rules=HOURLY), within) == expected
    other = ArtistTime(hours=ArtistHours(1, PARIS, week, {MONDAY: walls("10:00-12:00")}))
    expected = "31.00:00 31.23:00 01.00:00 01.10:00 01.11:00 02.23:00 03.00:00 03.23:00"
    assert starts(other, request(rules=HOURLY), within) == expected


def test_a_sitting_may_be_longer_than_the_range_it_is_looked_for_in() -> None:
    always = ArtistTime(hours=ArtistHours(1, PARIS, every_week((walls("00:00-24:00"),) * 7)))
    week = request(Sitting(0, 7 * 86400, 0), SlotRules(step_s=86400))
    found = free_slots([always], week, span("01.00:00 02.00:00"))
    assert found == [Slot(at("01.00:00"), at("08.00:00"), (1,), ())]


def test_hours_count_where_the_local_date_is_not_that_of_utc() -> None:
    west, east, utc = (ZoneInfo(name) for name in ("Pacific/Pago_Pago", "Pacific/Kiritimati", "UTC"))
    long_night = ArtistHours(1, west, overrides={MONDAY: (WallSpan(1320, 2400),)})
    start = at("03.00:00", utc)
    assert open_spans(long_night, Span(start, start + 5 * H)) == [Span(start, at("02.16:00", west))]
    early = ArtistHours(1, east, overrides={MONDAY: walls("00:00-02:00")})
    before = at("2026-05-31T09:00", utc)
    assert open_spans(early, Span(before, before + 2 * H)) == [Span(at("01.00:00", east), before + 2 * H)]


# --- leave, closures and a guest's stay ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("leave", "expected"),
    [
        (["01.11:00 01.12:00"], "01.10:00 01.12:00 01.12:30 01.13:00"),
        (["01.11:00 01.11:01"], "01.10:00 01.11:30 01.12:00 01.12:30 01.13:00"),
        (["01.00:00 01.10:30"], "01.10:30 01.11:00 01.11:30 01.12:00 01.12:30 01.13:00"),
        (["01.13:00 03.00:00"], "01.10:00 01.10:30 01.11:00 01.11:30 01.12:00"),
        (["01.11:00 01.11:30", "01.12:30 01.13:00", "01.11:15 01.12:45"], "01.10:00 01.13:00"),
        (["01.12:00 01.12:00"], "01.10:00 01.10:30 01.11:00 01.11:30 01.12:00 01.12:30 01.13:00"),
        (["2026-05-20T00:00 2026-07-01T00:00"], ""),
    ],
)
def test_part_of_a_day_on_leave(leave: list[str], expected: str) -> None:
    assert starts(artist("10:00-14:00", leave=leave)) == expected


def test_leave_of_many_days_and_a_closed_studio_together() -> None:
    """Both are spans of leave to the rules; days in between stay open."""
    week = every_week((walls("10:00-12:00"),) * 7)
    away = (span("02.11:00 04.10:30"), span("01.00:00 01.11:00"), span("06.00:00 2026-06-30T00:00"))
    found = starts(ArtistTime(hours=ArtistHours(1, PARIS, week, leave=away)), within=span("01.00:00 08.00:00"))
    assert found == "01.11:00 02.10:00 04.10:30 04.11:00 05.10:00 05.10:30 05.11:00"


def test_leave_over_midnight_cuts_a_night() -> None:
    night = artist({MONDAY: "22:00-06:00"}, leave=["01.23:30 02.00:30"])
    assert starts(night, request(rules=HOURLY)) == "01.22:00 02.01:00 02.02:00 02.03:00 02.04:00 02.05:00"


def test_prep_and_tail_may_reach_outside_the_hours_and_into_leave() -> None:
    away = artist("10:00-18:00", leave=["01.12:00 01.18:00"], pause_s=5 * H)
    assert starts(away, request(Sitting(3 * H, 2 * H, H))) == "01.10:00"


def test_a_guest_starts_on_the_dates_of_the_stay_and_may_finish_after_midnight() -> None:
    dates = dict.fromkeys((SUNDAY, MONDAY, TUESDAY, WEDNESDAY), "23:00-01:00")
    assert starts(artist(dates, stay=(MONDAY, TUESDAY)), request(rules=HOURLY)) == (
        "01.00:00 01.23:00 02.00:00 02.23:00"
    )
    two_hours = request(Sitting(0, 2 * H, 0), HOURLY)
    assert starts(artist(dates, stay=(MONDAY, TUESDAY)), two_hours) == "01.23:00 02.23:00"
    assert starts(artist(dates, stay=(MONDAY, None)), two_hours) == "01.23:00 02.23:00 03.23:00"
    assert starts(artist(dates, stay=(None, MONDAY)), two_hours) == "31.23:00 01.23:00"
    assert starts(artist(dates, stay=(TUESDAY, MONDAY)), two_hours) == ""


def test_a_stay_is_counted_on_the_guests_own_calendar() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    dates = dict.fromkeys((SUNDAY, MONDAY, TUESDAY), "00:00-01:00")
    guest = artist(dates, zone=tokyo, stay=(MONDAY, MONDAY))
    found = free_slots([guest], request(), span("2026-05-25T00:00 10.00:00"))
    assert [shown(slot.start_s, PARIS) for slot in found] == ["31.17:00"]
    assert verdict([guest], request(), at("2026-05-31T17:00")).is_free
    assert verdict([guest], request(), at("01.17:00")).causes == (Cause.NOT_HERE,)


def test_open_time_is_hours_less_leave_during_the_stay() -> None:
    guest = ArtistHours(
        1,
        PARIS,
        every_week((walls("22:00-02:00"),) * 7),
        leave=(span("01.23:00 01.23:30"),),
        stays_from=MONDAY,
        stays_until=TUESDAY,
    )
    assert open_spans(guest, span("2026-05-31T00:00 05.00:00")) == [
        span("01.00:00 01.02:00"),
        span("01.22:00 01.23:00"),
        span("01.23:30 02.02:00"),
        span("02.22:00 03.02:00"),
    ]
    assert open_spans(guest, span("02.01:00 02.22:30")) == [span("02.01:00 02.02:00"), span("02.22:00 02.22:30")]
    assert open_spans(guest, span("05.00:00 01.00:00")) == []


# --- occupancies -----------------------------------------------------------------------------------------------


def test_occupancies() -> None:
    assert occupied_by_artist(1000, Sitting(10, 200, 30), 4) == Span(990, 1234)


def test_the_whole_occupancy_keeps_clear_of_the_busy_spans() -> None:
    busy = "01.12:00 01.13:00"
    # tail: 60 + 15 + 15 minutes end by 12:00; head: 30 minutes begin at 13:00 or later
    expected = "01.10:00 01.10:30 01.13:30 01.14:00 01.14:30 01.15:00"
    paused = artist("10:00-16:00", busy, pause_s=900)
    assert starts(paused, request(Sitting(1800, H, 900))) == expected
    # the artist's pause is not the station's: half an hour more of clean-up is as good for it
    (need,) = station_needs("chair", Sitting(1800, H, 1800))
    chair = StationPool(need, {5: [span(busy)]})
    assert starts(artist("10:00-16:00", pause_s=900), request(Sitting(1800, H, 1800), HALF_HOURLY, chair)) == expected
    assert starts(paused, request(Sitting(1800, H, 1800))) == "01.10:00 01.13:30 01.14:00 01.14:30 01.15:00"


def test_occupancies_may_touch_but_not_by_a_second_more() -> None:
    sitting = Sitting(120, H, 240)
    busy = span("01.12:00 01.13:00")
    (need,) = station_needs("chair", sitting, clean_up_s=300)
    chair = StationPool(need, {3: [busy]})
    one = artist("08:00-18:00", "01.12:00 01.13:00", pause_s=60)
    last_before, first_after = busy.start_s - H - 300, busy.end_s + 120
    edges = [edge + off for edge in (last_before, first_after) for off in (-1, 0, 1)]
    for asked in (request(sitting), request(sitting, HALF_HOURLY, chair)):
        free = [start for start in edges if verdict([one], asked, start).is_free]
        assert free == [last_before - 1, last_before, first_after, first_after + 1]
    alone = artist("08:00-18:00", pause_s=60)
    free = [start for start in edges if verdict([alone], request(sitting, HALF_HOURLY, chair), start).is_free]
    assert free == [last_before - 1, last_before, first_after, first_after + 1]


SHORT, LONG = Sitting(300, 1800, 600), Sitting(2400, 2 * H, 3000)


@pytest.mark.parametrize(
    ("first", "second", "gap_min"),
    [
        (SHORT, SHORT, 10 + 15 + 5),
        (SHORT, LONG, 10 + 15 + 40),
        (LONG, SHORT, 50 + 15 + 5),
        (LONG, LONG, 50 + 15 + 40),
    ],
)
def test_the_gap_between_two_services_is_the_firsts_tail_and_the_seconds_head(
    first: Sitting, second: Sitting, gap_min: int
) -> None:
    """Asked both ways: what may follow the first, and what may come before the second."""
    pause_s, begins = 900, at("01.12:00")
    ends = begins + first.sitting_s
    hours = artist("08:00-20:00", pause_s=pause_s).hours
    after = ArtistTime(hours=hours, busy=[occupied_by_artist(begins, first, pause_s)])
    earliest = next(s for s in range(ends, ends + 4 * H) if verdict([after], request(second), s).is_free)
    assert earliest - ends == gap_min * 60
    other = at("01.16:00")
    before = ArtistTime(hours=hours, busy=[occupied_by_artist(other, second, pause_s)])
    latest = next(s for s in range(other, other - 6 * H, -1) if verdict([before], request(first), s).is_free)
    assert other - (latest + first.sitting_s) == gap_min * 60


def test_a_clean_up_from_before_the_range_counts() -> None:
    one = artist("00:00-12:00", "2026-05-31T23:00 01.00:45")
    assert starts(one, within=span("01.00:00 01.02:00")) == "01.01:00 01.01:30"


def test_empty_and_reversed_spans_keep_nothing() -> None:
    nothing = artist("10:00-12:00", "01.10:30 01.10:30", "01.11:30 01.10:30")
    assert starts(nothing) == "01.10:00 01.10:30 01.11:00"


# --- answers ---------------------------------------------------------------------------------------------------


def test_a_slot_carries_its_end_artist_and_stations() -> None:
    chair = StationPool(StationNeed("chair", (Span(0, H),)), {7: ()})
    (slot,) = free_slots(
        [artist("10:00-11:00", artist_id=4)], request(HOUR, HALF_HOURLY, chair), span("01.00:00 02.00:00")
    )
    assert slot == Slot(at("01.10:00"), at("01.11:00"), (4,), (7,))
    assert (slot.artist_id, slot.station_id) == (4, 7)
    assert Slot(0, 1, (4, 5), ()).station_id is None


def test_a_free_verdict_names_the_unit_and_takes_any_second() -> None:
    chair = StationPool(StationNeed("chair", (Span(0, H),)), {3: ()})
    answer = verdict([artist("10:00-14:00")], request(HOUR, HALF_HOURLY, chair), at("01.10:07") + 13)
    assert answer == Verdict((), (3,))
    assert answer.is_free


def test_a_verdict_names_every_cause_and_the_first_span_in_the_way() -> None:
    away, first, second = span("01.13:00 01.18:00"), span("01.14:30 01.15:00"), span("01.13:30 01.14:15")
    chair = StationPool(StationNeed("chair", (Span(0, H),)), {3: [away]})
    busy = ArtistTime(
        hours=artist("10:00-14:00", leave=["01.13:00 01.18:00"], stay=(None, SUNDAY), artist_id=9).hours,
        busy=[first, second],
        limits=Limits(per_day=1, per_week=1, long_sitting_s=1800),
        sittings=[Span(at("01.08:00"), at("01.09:00"))],
    )
    rules = SlotRules(step_s=1800, last_date=SUNDAY)
    answer = judged(busy, "01.14:00", request(HOUR, rules, chair, now_s=at("01.14:00") + 1))
    assert answer.causes == (
        Cause.NOT_HERE,
        Cause.OUTSIDE_HOURS,
        Cause.ON_LEAVE,
        Cause.PAST,
        Cause.TOO_FAR,
        Cause.DAY_FULL,
        Cause.WEEK_FULL,
        Cause.LONG_DAY,
        Cause.ARTIST_TAKEN,
        Cause.STATION_TAKEN,
    )
    assert {one.cause: one for one in answer.obstacles} == {
        Cause.NOT_HERE: Obstacle(Cause.NOT_HERE, 9, None),
        Cause.OUTSIDE_HOURS: Obstacle(Cause.OUTSIDE_HOURS, 9, None),
        Cause.ON_LEAVE: Obstacle(Cause.ON_LEAVE, 9, away),
        Cause.PAST: Obstacle(Cause.PAST, None, None),
        Cause.TOO_FAR: Obstacle(Cause.TOO_FAR, None, None),
        Cause.DAY_FULL: Obstacle(Cause.DAY_FULL, 9, None),
        Cause.WEEK_FULL: Obstacle(Cause.WEEK_FULL, 9, None),
        Cause.LONG_DAY: Obstacle(Cause.LONG_DAY, 9, None),
        Cause.ARTIST_TAKEN: Obstacle(Cause.ARTIST_TAKEN, 9, second),
        Cause.STATION_TAKEN: Obstacle(Cause.STATION_TAKEN, None, away, "chair"),
    }
    assert answer.station_ids == ()


def test_the_unit_is_named_also_if_something_else_stands_in_the_way() -> None:
    away = span("01.10:00 01.12:00")
    chair = StationPool(StationNeed("chair", (Span(0, H),)), {3: ()})
    answer = judged(artist("09:00-14:00", leave=["01.10:00 01.12:00"]), "01.09:30", request(HOUR, HALF_HOURLY, chair))
    assert answer == Verdict((Obstacle(Cause.ON_LEAVE, 1, away),), (3,))


@pytest.mark.parametrize("sitting", [Sitting(0, 0, 0), Sitting(-1, 60, 0), Sitting(0, 60, -1)])
def test_a_sitting_without_meaning_is_refused(sitting: Sitting) -> None:
    with pytest.raises(ValueError, match="spans of a sitting"):
        request(sitting)


@pytest.mark.parametrize("step_s", [0, -900])
def test_a_grid_without_a_step_is_refused(step_s: int) -> None:
    with pytest.raises(ValueError, match="step"):
        SlotRules(step_s=step_s)
