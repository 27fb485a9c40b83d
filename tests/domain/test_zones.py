"""The nights when clocks change, zone by zone: what is offered, how long a night is, what the doubled hour holds."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.slot_questions import H, at, request, walls, with_offset

from inkdesk.domain.availability import ArtistTime, Cause, Slot, free_slots, open_spans, verdict
from inkdesk.domain.hours import ArtistHours, every_week
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.slot_rules import Alignment, SlotRules
from inkdesk.domain.spans import Span, to_seconds

PARIS, LONDON, NEW_YORK = (ZoneInfo(name) for name in ("Europe/Paris", "Europe/London", "America/New_York"))
LORD_HOWE, CAIRO, APIA = (ZoneInfo(name) for name in ("Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia"))

# Zone, the date the hours belong to, hours, sitting and step in minutes, and everything that is offered.
NIGHTS: list[tuple[str, date, str, int, int, str]] = [
    # Paris: 02:00 to 03:00 does not exist
    ("Europe/Paris", date(2026, 3, 29), "01:00-05:00", 60, 30, "01:00+1 01:30+1 03:00+2 03:30+2 04:00+2"),
    ("Europe/Paris", date(2026, 3, 29), "02:00-03:00", 15, 15, ""),
    ("Europe/Paris", date(2026, 3, 29), "02:15-02:45", 15, 15, ""),
    ("Europe/Paris", date(2026, 3, 29), "02:00-03:30", 15, 15, "03:00+2 03:15+2"),
    ("Europe/Paris", date(2026, 3, 29), "01:00-02:30", 30, 30, "01:00+1 01:30+1"),
    ("Europe/Paris", date(2026, 3, 29), "01:00-02:30 02:45-04:00", 60, 60, "01:00+1 03:00+2"),
    # Paris: 02:00 to 03:00 comes twice
    (
        "Europe/Paris",
        date(2026, 10, 25),
        "01:00-04:00",
        60,
        30,
        "01:00+2 01:30+2 02:00+2 02:30+2 02:00+1 02:30+1 03:00+1",
    ),
    ("Europe/Paris", date(2026, 10, 25), "02:00-03:00", 60, 60, "02:00+2 02:00+1"),
    ("Europe/Paris", date(2026, 10, 25), "02:00-03:00", 120, 15, "02:00+2"),
    ("Europe/Paris", date(2026, 10, 25), "01:00-02:00", 60, 60, "01:00+2"),
    ("Europe/Paris", date(2026, 10, 25), "03:00-04:00", 60, 60, "03:00+1"),
    ("Europe/Paris", date(2026, 10, 25), "02:30-03:30", 30, 30, "02:30+2 02:00+1 02:30+1 03:00+1"),
    # London
    ("Europe/London", date(2026, 3, 28), "23:00-03:00", 60, 60, "23:00+0 00:00+0 02:00+1"),
    (
        "Europe/London",
        date(2026, 3, 29),
        "00:00-24:00",
        4 * 60,
        4 * 60,
        "00:00+0 04:00+1 08:00+1 12:00+1 16:00+1 20:00+1",
    ),
    ("Europe/London", date(2026, 10, 24), "23:00-03:00", 60, 60, "23:00+1 00:00+1 01:00+1 01:00+0 02:00+0"),
    ("Europe/London", date(2026, 10, 25), "00:00-02:00", 45, 45, "00:00+1 00:45+1 01:30+1"),
    # New York
    ("America/New_York", date(2026, 3, 7), "23:00-04:00", 60, 60, "23:00-5 00:00-5 01:00-5 03:00-4"),
    ("America/New_York", date(2026, 3, 8), "01:30-03:30", 30, 30, "01:30-5 03:00-4"),
    ("America/New_York", date(2026, 10, 31), "23:00-03:00", 60, 60, "23:00-4 00:00-4 01:00-4 01:00-5 02:00-5"),
    ("America/New_York", date(2026, 11, 1), "01:00-02:00", 30, 30, "01:00-4 01:30-4 01:00-5 01:30-5"),
    # Kolkata and Kathmandu never change, but stand between the hours
    ("Asia/Kolkata", date(2026, 3, 29), "10:00-12:00", 60, 20, "10:00+5.5 10:20+5.5 10:40+5.5 11:00+5.5"),
    ("Asia/Kolkata", date(2026, 10, 24), "22:00-02:00", 120, 60, "22:00+5.5 23:00+5.5 00:00+5.5"),
    ("Asia/Kathmandu", date(2026, 3, 28), "23:00-01:00", 60, 45, "23:15+5.75 00:00+5.75"),
    ("Asia/Kathmandu", date(2026, 10, 25), "23:00-24:00", 15, 15, "23:00+5.75 23:15+5.75 23:30+5.75 23:45+5.75"),
    # Lord Howe moves by half an hour
    (
        "Australia/Lord_Howe",
        date(2026, 4, 5),
        "01:15-02:30",
        15,
        15,
        "01:15+11 01:30+11 01:45+11 01:30+10.5 01:45+10.5 02:00+10.5 02:15+10.5",
    ),
    ("Australia/Lord_Howe", date(2026, 4, 5), "01:30-02:00", 60, 30, "01:30+11"),
    ("Australia/Lord_Howe", date(2026, 4, 5), "01:00-03:00", 60, 60, "01:00+11 02:00+10.5"),
    ("Australia/Lord_Howe", date(2026, 10, 4), "01:30-03:00", 30, 30, "01:30+10.5 02:30+11"),
    ("Australia/Lord_Howe", date(2026, 10, 4), "02:00-02:30", 5, 5, ""),
    ("Australia/Lord_Howe", date(2026, 10, 4), "01:00-04:00", 60, 60, "01:00+10.5 03:00+11"),
    # Cairo: the midnight that does not exist, and the last hour of a date that comes twice
    ("Africa/Cairo", date(2026, 4, 23), "23:00-02:00", 60, 30, "23:00+2 23:30+2 01:00+3"),
    ("Africa/Cairo", date(2026, 4, 23), "22:00-24:00", 60, 60, "22:00+2 23:00+2"),
    ("Africa/Cairo", date(2026, 4, 24), "00:00-02:00", 60, 30, "01:00+3"),
    ("Africa/Cairo", date(2026, 4, 24), "00:00-01:00", 15, 15, ""),
    ("Africa/Cairo", date(2026, 4, 24), "00:00-06:00", 120, 120, "02:00+3 04:00+3"),
    ("Africa/Cairo", date(2026, 10, 29), "23:00-01:00", 60, 60, "23:00+3 23:00+2 00:00+2"),
    ("Africa/Cairo", date(2026, 10, 29), "23:00-24:00", 30, 30, "23:00+3 23:30+3 23:00+2 23:30+2"),
    ("Africa/Cairo", date(2026, 10, 30), "00:00-01:00", 30, 30, "00:00+2 00:30+2"),
    # Apia left out the whole of 2011-12-30
    ("Pacific/Apia", date(2011, 12, 29), "22:00-06:00", 60, 60, "22:00-10 23:00-10"),
    ("Pacific/Apia", date(2011, 12, 30), "10:00-18:00", 60, 60, ""),
    ("Pacific/Apia", date(2011, 12, 30), "22:00-02:00", 60, 60, "00:00+14 01:00+14"),
    ("Pacific/Apia", date(2011, 12, 31), "00:00-02:00", 60, 60, "00:00+14 01:00+14"),
    # Pago Pago, eleven hours behind
    ("Pacific/Pago_Pago", date(2026, 3, 29), "23:00-24:00", 60, 60, "23:00-11"),
    ("Pacific/Pago_Pago", date(2026, 3, 29), "22:00-06:00", 240, 120, "22:00-11 00:00-11 02:00-11"),
]


def alone(zone: ZoneInfo, on: date, hours: str) -> ArtistTime:
    return ArtistTime(hours=ArtistHours(1, zone, overrides={on: walls(hours)}))


def around(on: date) -> Span:
    midnight = to_seconds(datetime(on.year, on.month, on.day, tzinfo=UTC))
    return Span(midnight - 3 * 86400, midnight + 4 * 86400)


@pytest.mark.parametrize(("zone", "on", "hours", "sitting_min", "step_min", "expected"), NIGHTS)
def test_what_is_offered_when_clocks_change(
    zone: str, on: date, hours: str, sitting_min: int, step_min: int, expected: str
) -> None:
    asked = request(Sitting(0, sitting_min * 60, 0), SlotRules(step_s=step_min * 60), zone=ZoneInfo(zone))
    found = free_slots([alone(ZoneInfo(zone), on, hours)], asked, around(on))
    assert " ".join(with_offset(slot.start_s, ZoneInfo(zone)) for slot in found) == expected
    assert [
        slot for slot in found if not verdict([alone(ZoneInfo(zone), on, hours)], asked, slot.start_s).is_free
    ] == []


# 22:00 to 06:00 on the night before each change, in real hours, and every start of an hour on the hour.
LONG_NIGHTS: list[tuple[str, date, float, str]] = [
    ("Europe/Paris", date(2026, 3, 28), 7, "22:00+1 23:00+1 00:00+1 01:00+1 03:00+2 04:00+2 05:00+2"),
    (
        "Europe/Paris",
        date(2026, 10, 24),
        9,
        "22:00+2 23:00+2 00:00+2 01:00+2 02:00+2 02:00+1 03:00+1 04:00+1 05:00+1",
    ),
    ("Europe/London", date(2026, 3, 28), 7, "22:00+0 23:00+0 00:00+0 02:00+1 03:00+1 04:00+1 05:00+1"),
    (
        "Europe/London",
        date(2026, 10, 24),
        9,
        "22:00+1 23:00+1 00:00+1 01:00+1 01:00+0 02:00+0 03:00+0 04:00+0 05:00+0",
    ),
    ("America/New_York", date(2026, 3, 7), 7, "22:00-5 23:00-5 00:00-5 01:00-5 03:00-4 04:00-4 05:00-4"),
    (
        "America/New_York",
        date(2026, 10, 31),
        9,
        "22:00-4 23:00-4 00:00-4 01:00-4 01:00-5 02:00-5 03:00-5 04:00-5 05:00-5",
    ),
    (
        "Asia/Kolkata",
        date(2026, 3, 28),
        8,
        "22:00+5.5 23:00+5.5 00:00+5.5 01:00+5.5 02:00+5.5 03:00+5.5 04:00+5.5 05:00+5.5",
    ),
    (
        "Asia/Kathmandu",
        date(2026, 10, 24),
        8,
        "22:00+5.75 23:00+5.75 00:00+5.75 01:00+5.75 02:00+5.75 03:00+5.75 04:00+5.75 05:00+5.75",
    ),
    (
        "Australia/Lord_Howe",
        date(2026, 4, 4),
        8.5,
        "22:00+11 23:00+11 00:00+11 01:00+11 02:00+10.5 03:00+10.5 04:00+10.5 05:00+10.5",
    ),
    (
        "Australia/Lord_Howe",
        date(2026, 10, 3),
        7.5,
        "22:00+10.5 23:00+10.5 00:00+10.5 01:00+10.5 03:00+11 04:00+11 05:00+11",
    ),
    ("Africa/Cairo", date(2026, 4, 23), 7, "22:00+2 23:00+2 01:00+3 02:00+3 03:00+3 04:00+3 05:00+3"),
    (
        "Africa/Cairo",
        date(2026, 10, 29),
        9,
        "22:00+3 23:00+3 23:00+2 00:00+2 01:00+2 02:00+2 03:00+2 04:00+2 05:00+2",
    ),
    (
        "Pacific/Pago_Pago",
        date(2026, 3, 28),
        8,
        "22:00-11 23:00-11 00:00-11 01:00-11 02:00-11 03:00-11 04:00-11 05:00-11",
    ),
    ("Pacific/Apia", date(2011, 12, 29), 2, "22:00-10 23:00-10"),
    ("Pacific/Apia", date(2011, 12, 30), 6, "00:00+14 01:00+14 02:00+14 03:00+14 04:00+14 05:00+14"),
]


@pytest.mark.parametrize(("zone", "on", "real_h", "expected"), LONG_NIGHTS)
def test_a_night_lasts_as_long_as_it_really_does(zone: str, on: date, real_h: float, expected: str) -> None:
    night = alone(ZoneInfo(zone), on, "22:00-06:00")
    (open_span,) = open_spans(night.hours, around(on))
    assert open_span.end_s - open_span.start_s == real_h * H
    found = free_slots([night], request(rules=SlotRules(step_s=H), zone=ZoneInfo(zone)), around(on))
    assert " ".join(with_offset(slot.start_s, ZoneInfo(zone)) for slot in found) == expected
    whole = request(Sitting(0, int(real_h * H), 0), SlotRules(step_s=300, alignment=Alignment.WINDOW))
    assert free_slots([night], whole, around(on)) == [Slot(open_span.start_s, open_span.end_s, (1,), ())]


DOUBLED: list[tuple[ZoneInfo, str, str, int]] = [
    (PARIS, "2026-10-25T02:00", "02:00-03:00", 60),
    (LONDON, "2026-10-25T01:00", "01:00-02:00", 60),
    (NEW_YORK, "2026-11-01T01:00", "01:00-02:00", 60),
    (LORD_HOWE, "2026-04-05T01:30", "01:30-02:00", 30),
    (CAIRO, "2026-10-29T23:00", "23:00-24:00", 60),
]


@pytest.mark.parametrize(("zone", "shows", "hours", "minutes"), DOUBLED)
def test_the_two_instants_of_a_doubled_hour_are_two_bookings(
    zone: ZoneInfo, shows: str, hours: str, minutes: int
) -> None:
    on, sitting = date.fromisoformat(shows[:10]), Sitting(0, minutes * 60, 0)
    first, second = at(shows, zone), at(shows, zone, fold=1)
    assert second - first == minutes * 60
    both = [Slot(start, start + minutes * 60, (1,), ()) for start in (first, second)]
    asked = request(sitting, SlotRules(step_s=minutes * 60), zone=zone)
    plan = alone(zone, on, hours)
    assert free_slots([plan], asked, around(on)) == both
    for booked, left in ((first, both[1]), (second, both[0])):
        taken = ArtistTime(hours=plan.hours, busy=[Span(booked, booked + minutes * 60)])
        assert free_slots([taken], asked, around(on)) == [left]
        assert verdict([taken], asked, left.start_s).is_free
        assert verdict([taken], asked, booked).causes == (Cause.ARTIST_TAKEN,)


def test_a_missing_hour_has_no_instant_that_could_be_asked_for() -> None:
    night = alone(PARIS, date(2026, 3, 29), "01:00-05:00")
    before, after = at("2026-03-29T01:59", PARIS) + 60, at("2026-03-29T03:00", PARIS)
    assert before == after
    assert verdict([night], request(), after).is_free
    assert with_offset(at("2026-03-29T02:30", PARIS), PARIS) == "03:30+2"


def test_hours_that_touch_at_a_missing_midnight_are_one() -> None:
    eve, day = date(2026, 4, 23), date(2026, 4, 24)
    plan = ArtistTime(hours=ArtistHours(1, CAIRO, overrides={eve: walls("22:00-24:00"), day: walls("00:00-03:00")}))
    found = free_slots([plan], request(Sitting(0, 3 * H, 0), SlotRules(step_s=H), zone=CAIRO), around(day))
    assert [with_offset(slot.start_s, CAIRO) for slot in found] == ["22:00+2", "23:00+2"]


def test_each_date_counts_its_own_real_hours() -> None:
    whole_day = "00:00-24:00"
    lengths = {
        (zone.key, str(on)): sum(end - start for start, end in open_spans(alone(zone, on, whole_day).hours, around(on)))
        / H
        for zone, on in [
            (PARIS, date(2026, 3, 29)),
            (PARIS, date(2026, 10, 25)),
            (LORD_HOWE, date(2026, 4, 5)),
            (LORD_HOWE, date(2026, 10, 4)),
            (CAIRO, date(2026, 4, 24)),
            (CAIRO, date(2026, 10, 29)),
            (APIA, date(2011, 12, 29)),
            (APIA, date(2011, 12, 30)),
            (APIA, date(2011, 12, 31)),
        ]
    }
    assert lengths == {
        ("Europe/Paris", "2026-03-29"): 23,
        ("Europe/Paris", "2026-10-25"): 25,
        ("Australia/Lord_Howe", "2026-04-05"): 24.5,
        ("Australia/Lord_Howe", "2026-10-04"): 23.5,
        ("Africa/Cairo", "2026-04-24"): 23,
        ("Africa/Cairo", "2026-10-29"): 25,
        ("Pacific/Apia", "2011-12-29"): 24,
        ("Pacific/Apia", "2011-12-30"): 0,
        ("Pacific/Apia", "2011-12-31"): 24,
    }


@pytest.mark.parametrize("zone", [PARIS, NEW_YORK, LORD_HOWE, CAIRO, ZoneInfo("Africa/Casablanca")])
@pytest.mark.parametrize("hours", ["22:00-06:00", "00:00-24:00"])
def test_a_year_is_its_days_one_by_one(zone: ZoneInfo, hours: str) -> None:
    """Every date of 2026 has the hours it shows, whether it is asked for alone or within the year."""
    always = ArtistTime(hours=ArtistHours(1, zone, every_week((walls(hours),) * 7)))
    asked = request(rules=SlotRules(step_s=H), zone=zone)
    year = Span(at("2026-01-01T12:00", zone), at("2027-01-01T12:00", zone))
    nightly = {22, 23, 0, 1, 2, 3, 4, 5} if hours == "22:00-06:00" else set(range(24))
    on_the_hour = [
        start
        for start in range(*year, 1800)
        if (shown := datetime.fromtimestamp(start, zone)).minute == 0 and shown.hour in nightly
    ]
    assert [slot.start_s for slot in free_slots([always], asked, year)] == on_the_hour
    by_day = [slot for day in range(*year, 86400) for slot in free_slots([always], asked, Span(day, day + 86400))]
    assert [slot.start_s for slot in by_day] == on_the_hour


def test_an_artist_abroad_works_by_their_own_clock_and_is_booked_by_the_studios_calendar() -> None:
    """A guest from New York, whose 09:00 is the studio's 15:00, and 14:00 for a week of two different clock changes."""
    days = [date(2026, 3, 6) + timedelta(days=number) for number in (0, 3)]
    guest = ArtistTime(hours=ArtistHours(1, NEW_YORK, overrides={day: walls("09:00-11:00") for day in days}))
    asked = request(rules=SlotRules(step_s=H), zone=PARIS)
    found = free_slots([guest], asked, around(date(2026, 3, 7)))
    assert [with_offset(slot.start_s, PARIS) for slot in found] == ["15:00+1", "16:00+1", "14:00+1", "15:00+1"]
    assert [with_offset(slot.start_s, NEW_YORK) for slot in found] == ["09:00-5", "10:00-5", "09:00-4", "10:00-4"]


def test_the_grid_is_that_of_the_artists_own_clock() -> None:
    guest = ArtistTime(
        hours=ArtistHours(1, ZoneInfo("Asia/Kathmandu"), overrides={date(2026, 6, 1): walls("10:00-13:00")})
    )
    found = free_slots([guest], request(rules=SlotRules(step_s=H), zone=PARIS), around(date(2026, 6, 1)))
    assert [with_offset(slot.start_s, PARIS) for slot in found] == ["06:15+2", "07:15+2", "08:15+2"]


@pytest.mark.parametrize(
    ("zone", "on"),
    [("Europe/Paris", date(2026, 10, 24)), ("Africa/Cairo", date(2026, 10, 29)), ("Pacific/Apia", date(2011, 12, 29))],
)
def test_prep_and_clean_up_keep_their_real_length_over_a_change(zone: str, on: date) -> None:
    """Between two bookings there is room for one start, if the gap is what the sitting needs, to the second."""
    night = alone(ZoneInfo(zone), on, "22:00-06:00")
    (open_span,) = open_spans(night.hours, around(on))
    asked = request(Sitting(600, H, 1200))
    gap_s, ends = 600 + H + 1200, open_span.start_s + 1800
    for too_little in (0, 1):
        begins = ends + gap_s - too_little
        taken = ArtistTime(hours=night.hours, busy=[Span(ends - 1800, ends), Span(begins, begins + 1800)])
        free = [start for start in range(ends, begins - H) if verdict([taken], asked, start).is_free]
        assert free == ([] if too_little else [ends + 600])
