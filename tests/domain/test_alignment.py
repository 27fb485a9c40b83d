"""The grid: to the clock, to the window's start, or to the roundest time that costs the window no slot."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.slot_questions import (
    HOUR,
    MONDAY,
    PARIS,
    H,
    artist,
    at,
    request,
    span,
    starts,
    walls,
    with_offset,
)

from inkdesk.domain.availability import ArtistTime, SlotRequest, StationPool, free_slots, verdict
from inkdesk.domain.hours import ArtistHours, every_week
from inkdesk.domain.sitting import Sitting, StationNeed
from inkdesk.domain.slot_rules import Alignment, Limits, SlotRules
from inkdesk.domain.spans import Span

TUESDAY = MONDAY + timedelta(days=1)
CLOCK, WINDOW, ROUND = Alignment.CLOCK, Alignment.WINDOW, Alignment.ROUND


def every(minutes: int, alignment: Alignment, sitting: Sitting = HOUR, now_s: int = 0) -> SlotRequest:
    return request(sitting, SlotRules(step_s=minutes * 60, alignment=alignment), now_s=now_s)


# --- to the clock ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step_min", "expected"),
    [
        (7, "02.10:02 02.10:09 02.10:16 02.10:23 02.10:30 02.10:37 02.10:44 02.10:51 02.10:58"),
        (25, "02.10:00 02.10:25 02.10:50"),
        (60, "02.10:00 02.11:00"),
        (90, "02.10:30"),
        (11 * 60, "02.11:00"),
        (2 * 1440, ""),
    ],
)
def test_the_clocks_grid_counts_from_midnight_not_from_the_opening(step_min: int, expected: str) -> None:
    """On a Tuesday, so that a grid that ran on from Monday would show."""
    assert starts(artist({TUESDAY: "10:00-12:00"}), every(step_min, CLOCK)) == expected


def test_the_clocks_grid_is_the_same_on_both_sides_of_midnight_if_the_step_divides_the_day() -> None:
    night = artist({MONDAY: "22:20-01:30"})
    assert starts(night, every(45, CLOCK)) == "01.22:30 01.23:15 02.00:00"
    assert starts(night, every(50, CLOCK)) == "01.22:30 01.23:20 02.00:00"


def test_a_booking_does_not_shift_the_clocks_grid() -> None:
    busy = artist("10:00-15:00", "01.11:05 01.11:50")
    assert starts(busy, every(30, CLOCK)) == "01.10:00 01.12:00 01.12:30 01.13:00 01.13:30 01.14:00"


# --- to the window's start -------------------------------------------------------------------------------------


def test_each_window_counts_from_its_own_first_start() -> None:
    busy = artist("10:10-15:00", "01.11:25 01.11:50")
    assert starts(busy, every(30, WINDOW)) == "01.10:10 01.11:50 01.12:20 01.12:50 01.13:20 01.13:50"


def test_prep_moves_the_windows_start_and_the_tail_its_end() -> None:
    busy = artist("10:00-15:00", "01.11:55 01.12:30", pause_s=300)
    asked = every(20, WINDOW, Sitting(600, H, 900))
    assert starts(busy, asked) == "01.10:00 01.10:20 01.12:40 01.13:00 01.13:20 01.13:40 01.14:00"


def test_a_window_may_begin_on_any_second() -> None:
    begins = at("01.11:50") + 7
    busy = ArtistTime(hours=artist("10:00-13:30").hours, busy=[Span(at("01.10:00"), begins)])
    assert starts(busy, every(30, WINDOW)) == "01.11:50:07 01.12:20:07"


def test_leave_and_stations_bound_windows_too() -> None:
    away = artist("10:00-14:00", leave=["01.11:40 01.12:05"])
    assert starts(away, every(30, WINDOW)) == "01.10:00 01.10:30 01.12:05 01.12:35"
    chair = StationPool(StationNeed("chair", (Span(0, H),)), {3: [span("01.11:40 01.12:05")]})
    asked = request(HOUR, SlotRules(step_s=1800, alignment=WINDOW), chair)
    assert starts(artist("10:00-14:00"), asked) == "01.10:00 01.10:30 01.12:05 01.12:35"


def test_one_window_lasts_while_the_unit_changes() -> None:
    """At 10:10 the first chair is free, later only the second: whoever sits down keeps theirs, the grid goes on."""
    chair = StationPool(
        StationNeed("chair", (Span(0, H),)), {3: [span("01.11:30 01.15:00")], 4: [span("01.09:00 01.10:25")]}
    )
    asked = request(HOUR, SlotRules(step_s=1800, alignment=WINDOW), chair)
    found = free_slots([artist("10:10-13:00")], asked, span("01.00:00 02.00:00"))
    assert [(slot.start_s, slot.station_ids) for slot in found] == [
        (at("01.10:10"), (3,)),
        (at("01.10:40"), (4,)),
        (at("01.11:10"), (4,)),
        (at("01.11:40"), (4,)),
    ]


@pytest.mark.parametrize("alignment", [WINDOW, ROUND])
def test_the_present_the_range_and_the_limits_do_not_shift_the_grid(alignment: Alignment) -> None:
    one = artist("10:10-14:45")
    whole = starts(one, every(40, alignment)).split()
    assert whole == {
        WINDOW: ["01.10:10", "01.10:50", "01.11:30", "01.12:10", "01.12:50", "01.13:30"],
        ROUND: ["01.10:15", "01.10:55", "01.11:35", "01.12:15", "01.12:55", "01.13:35"],
    }.get(alignment)
    assert starts(one, every(40, alignment, now_s=at("01.11:00"))).split() == whole[2:]
    assert starts(one, every(40, alignment), span("01.11:00 01.13:00")).split() == whole[2:5]
    notice = SlotRules(step_s=2400, alignment=alignment, minimum_notice_s=2 * H)
    assert starts(one, request(rules=notice, now_s=at("01.10:00"))).split() == whole[3:]


def test_a_full_day_inside_a_window_does_not_shift_the_next_days_grid() -> None:
    """A night from Monday to Tuesday; Monday is full."""
    night = artist({MONDAY: "22:10-02:30"}, limits=Limits(per_day=1), sittings=[span("01.10:00 01.11:00")])
    assert starts(night, every(50, WINDOW)) == "02.00:40 02.01:30"


def test_two_artists_have_one_window_where_both_are_free() -> None:
    one, other = artist("10:10-15:00", "01.13:00 01.13:20"), artist("10:25-16:00", artist_id=2)
    found = starts([one, other], every(30, WINDOW))
    assert found == "01.10:25 01.10:55 01.11:25 01.11:55 01.13:20 01.13:50"


# --- hours without an end --------------------------------------------------------------------------------------

ALWAYS = ArtistTime(hours=ArtistHours(1, PARIS, every_week((walls("00:00-24:00"),) * 7)))


@pytest.mark.parametrize("alignment", [WINDOW, ROUND])
def test_hours_longer_than_a_day_begin_anew_at_each_midnight(alignment: Alignment) -> None:
    within = span("01.00:00 04.00:00")
    assert starts(ALWAYS, every(7 * 60, alignment), within) == (
        "01.00:00 01.07:00 01.14:00 01.21:00 02.00:00 02.07:00 02.14:00 02.21:00 03.00:00 03.07:00 03.14:00 03.21:00"
    )
    busy = ArtistTime(hours=ALWAYS.hours, busy=[span("02.01:30 02.09:20")])
    assert starts(busy, every(7 * 60, alignment), span("02.00:00 03.00:00")) == (
        "02.00:00 02.09:20 02.16:20 02.23:20" if alignment is WINDOW else "02.00:00 02.09:30 02.16:30 02.23:30"
    )


def test_a_sitting_may_still_cross_midnight_where_the_grid_begins_anew() -> None:
    asked = every(5 * 60, WINDOW, Sitting(0, 6 * H, 0))
    assert starts(ALWAYS, asked, span("01.18:00 02.09:00")) == "01.20:00 02.00:00 02.05:00"


@pytest.mark.parametrize(("hours", "is_cut"), [("22:00-21:59", False), ("22:00-22:00", False), ("20:00-02:00", True)])
def test_hours_up_to_a_day_are_not_cut_at_midnight(hours: str, is_cut: bool) -> None:
    """22:10 to 22:10 would be a whole day; six hours that touch a whole day are more."""
    dates = {MONDAY: hours} if not is_cut else {MONDAY: hours, TUESDAY: "02:00-02:00"}
    found = starts(artist(dates), every(7 * 60, WINDOW), span("01.00:00 02.12:00"))
    expected = {
        "22:00-21:59": "01.22:00 02.05:00",
        "22:00-22:00": "01.22:00 02.05:00",
        "20:00-02:00": "01.20:00 02.00:00 02.07:00",
    }
    assert found == expected[hours]


# --- to the roundest time that costs no slot -------------------------------------------------------------------

ROUNDED = [
    # hours, step: one hour's sitting
    ("10:10-15:00", 60, "01.11:00 01.12:00 01.13:00 01.14:00", "room of 50 minutes: the full hour fits exactly"),
    ("10:10-14:59", 60, "01.10:30 01.11:30 01.12:30 01.13:30", "room of 49 minutes: the full hour would cost one"),
    ("10:10-14:29", 60, "01.10:15 01.11:15 01.12:15 01.13:15", "not even half past"),
    ("10:10-14:14", 60, "01.10:10 01.11:10 01.12:10 01.13:10", "ten past is round enough"),
    ("10:07-14:11", 60, "01.10:10 01.11:10 01.12:10 01.13:10", "four minutes of room reach ten past"),
    ("10:02-14:06", 60, "01.10:05 01.11:05 01.12:05 01.13:05", "five past"),
    ("10:01-14:03", 60, "01.10:01 01.11:01 01.12:01 01.13:01", "nothing round in reach"),
    ("10:00-14:59", 60, "01.10:00 01.11:00 01.12:00 01.13:00", "the full hour stays where it is"),
    ("10:50-12:25", 30, "01.10:50 01.11:20", "room of five minutes after two slots is too little for the full hour"),
    ("10:10-12:50", 90, "01.10:15 01.11:45", "two slots ninety minutes apart"),
    ("10:10-11:10", 60, "01.10:10", "one start exactly"),
    ("10:10-11:40", 60, "01.10:30", "one slot, at the roundest of thirty minutes"),
    ("23:40-01:10", 60, "02.00:00", "over midnight"),
]


@pytest.mark.parametrize(("hours", "step_min", "expected", "why"), ROUNDED, ids=[one[3] for one in ROUNDED])
def test_the_roundest_time_without_loss(hours: str, step_min: int, expected: str, why: str) -> None:
    assert starts(artist(hours), every(step_min, ROUND)) == expected, why


def test_each_window_is_rounded_by_itself() -> None:
    busy = artist("09:40-15:00", "01.11:25 01.11:50")
    assert starts(busy, every(30, WINDOW)) == "01.09:40 01.10:10 01.11:50 01.12:20 01.12:50 01.13:20 01.13:50"
    assert starts(busy, every(30, ROUND)) == "01.09:45 01.10:15 01.12:00 01.12:30 01.13:00 01.13:30 01.14:00"


def test_a_window_that_begins_on_a_second_is_rounded_to_the_minute() -> None:
    begins = at("01.11:50") + 7
    busy = ArtistTime(hours=artist("10:00-13:30").hours, busy=[Span(at("01.10:00"), begins)])
    assert starts(busy, every(30, ROUND)) == "01.12:00 01.12:30"


def test_the_clock_that_is_round_is_the_first_artists() -> None:
    """Kathmandu's full hour is Paris's quarter past."""
    kathmandu = ZoneInfo("Asia/Kathmandu")
    paris, guest = artist("10:05-14:00"), artist("13:00-20:00", artist_id=2, zone=kathmandu)
    assert starts([paris, guest], every(60, ROUND)) == "01.11:00 01.12:00 01.13:00"
    assert starts([guest, paris], every(60, ROUND)) == "01.14:00 01.15:00 01.16:00"


def test_rounding_over_a_change_of_the_clock() -> None:
    """Windows count in real time; what is round is what the clock shows at the start that was moved."""
    for on, hours, expected in [
        (date(2026, 3, 29), "01:40-04:30", ["03:00+2"]),
        (date(2026, 10, 25), "01:40-04:30", ["02:00+2", "02:30+1"]),
    ]:
        zone = PARIS
        one = ArtistTime(hours=ArtistHours(1, zone, overrides={on: walls(hours)}))
        asked = request(rules=SlotRules(step_s=90 * 60, alignment=ROUND))
        day = at(f"{on}T00:00")
        assert [
            with_offset(slot.start_s, zone) for slot in free_slots([one], asked, Span(day, day + 86400))
        ] == expected


def test_round_on_lord_howe_where_the_clock_moves_by_half_an_hour() -> None:
    """From 01:40 on, with room for 50 minutes: after the change at 02:00 the clock shows 01:30 again, then 02:00."""
    zone, on = ZoneInfo("Australia/Lord_Howe"), date(2026, 4, 5)
    one = ArtistTime(hours=ArtistHours(1, zone, overrides={on: walls("01:40-03:00")}))
    asked = request(HOUR, SlotRules(step_s=H, alignment=ROUND), zone=zone)
    day = at(f"{on}T00:00", zone)
    assert [with_offset(slot.start_s, zone) for slot in free_slots([one], asked, Span(day, day + 86400))] == [
        "02:00+10.5"
    ]


@pytest.mark.parametrize("alignment", Alignment)
def test_the_desk_may_book_off_the_grid(alignment: Alignment) -> None:
    assert verdict([artist("10:10-15:00")], every(60, alignment), at("01.10:17")).is_free
