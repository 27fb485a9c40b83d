"""When it is too soon, too late or too far: the present, the notice, the horizon in its three forms, the range."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.slot_questions import HOUR, MONDAY, PARIS, H, artist, at, request, shown, span, starts, walls
from typing_extensions import override

from inkdesk.domain.availability import ArtistTime, Cause, SlotRequest, Verdict, free_slots, slots_of_any, verdict
from inkdesk.domain.hours import ArtistHours, every_week
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.slot_rules import SlotRules
from inkdesk.domain.spans import Span, to_seconds_up

SUNDAY, TUESDAY, WEDNESDAY = (MONDAY + timedelta(days=number) for number in (-1, 1, 2))


def judged(one: ArtistTime, start: str, asked: SlotRequest) -> Verdict:
    return verdict([one], asked, at(start))


def test_a_start_is_never_in_the_past_by_a_second() -> None:
    ten = at("01.10:00")
    one = artist("10:00-12:00")
    assert starts(one, request(now_s=ten)) == "01.10:00 01.10:30 01.11:00"
    assert starts(one, request(now_s=ten + 1)) == "01.10:30 01.11:00"
    assert judged(one, "01.10:00", request(now_s=ten)).causes == ()
    assert judged(one, "01.10:00", request(now_s=ten + 1)).causes == (Cause.PAST,)


def test_a_begun_second_is_over() -> None:
    instant = datetime(2026, 6, 1, 10, 0, 0, 1, tzinfo=PARIS)
    assert to_seconds_up(instant) == at("01.10:00") + 1
    assert to_seconds_up(instant.replace(microsecond=0)) == at("01.10:00")


def test_the_notice_is_kept_to_the_second() -> None:
    ten, one = at("01.10:00"), artist("10:00-12:00")
    rules = SlotRules(step_s=1800, minimum_notice_s=2 * H)
    assert starts(one, request(rules=rules, now_s=ten - 2 * H)) == "01.10:00 01.10:30 01.11:00"
    assert starts(one, request(rules=rules, now_s=ten - 2 * H + 1)) == "01.10:30 01.11:00"
    soon = request(rules=rules, now_s=ten - 2 * H + 1)
    assert judged(one, "01.10:00", soon).causes == (Cause.TOO_SOON,)


WEEK = dict.fromkeys((MONDAY + timedelta(days=number) for number in range(7)), "22:00-02:00")
TWO_HOURLY = 7200


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (SlotRules(step_s=TWO_HOURLY, horizon_days=0), "01.22:00"),
        (SlotRules(step_s=TWO_HOURLY, horizon_days=1), "01.22:00 02.00:00 02.22:00"),
        (SlotRules(step_s=TWO_HOURLY, last_date=date(2026, 6, 2)), "01.22:00 02.00:00 02.22:00"),
        (
            SlotRules(step_s=TWO_HOURLY, first_date=date(2026, 6, 3), last_date=date(2026, 6, 4)),
            "03.00:00 03.22:00 04.00:00 04.22:00",
        ),
        (SlotRules(step_s=TWO_HOURLY, horizon_days=2, first_date=date(2026, 6, 3)), "03.00:00 03.22:00"),
        (SlotRules(step_s=TWO_HOURLY, first_date=date(2026, 6, 8)), "08.00:00"),
        (SlotRules(step_s=TWO_HOURLY, open_days=1), "01.22:00"),
        (SlotRules(step_s=TWO_HOURLY, open_days=2), "01.22:00 02.00:00 02.22:00"),
        (SlotRules(step_s=TWO_HOURLY, open_days=2, first_date=date(2026, 6, 7)), "07.00:00 07.22:00 08.00:00"),
        (SlotRules(step_s=TWO_HOURLY, open_days=5, horizon_days=1), "01.22:00 02.00:00 02.22:00"),
        (SlotRules(step_s=TWO_HOURLY, open_days=1, minimum_notice_s=86400), "02.22:00"),
    ],
)
def test_how_far_ahead(rules: SlotRules, expected: str) -> None:
    """The present is Monday noon; dates are whole days of the studio, until their last second."""
    asked = request(rules=rules, now_s=at("01.12:00"))
    assert starts(artist(WEEK), asked) == expected
    offered = expected.split()
    for slot in free_slots([artist(WEEK)], request(rules=SlotRules(step_s=TWO_HOURLY)), span("01.12:00 09.00:00")):
        answer = verdict([artist(WEEK)], asked, slot.start_s)
        assert answer.is_free == (shown(slot.start_s) in offered)
        assert answer.is_free or set(answer.causes) <= {Cause.TOO_SOON, Cause.TOO_FAR}


def test_the_horizon_counts_the_studios_dates_not_the_artists() -> None:
    """It is already the 2nd in Auckland, while the studio's day has 14 hours to go."""
    auckland = ZoneInfo("Pacific/Auckland")
    guest = artist({MONDAY: "20:00-24:00", TUESDAY: "00:00-12:00"}, zone=auckland)
    asked = request(rules=SlotRules(step_s=2 * H, horizon_days=0), now_s=at("01.10:00"))
    assert starts(guest, asked) == "01.20:00 01.22:00 02.00:00 02.02:00 02.04:00 02.06:00 02.08:00"


def test_today_is_the_studios_date_also_when_it_is_still_yesterday_in_utc() -> None:
    """Half past midnight in Paris on the 2nd; 22:30 on the 1st in UTC."""
    rules = SlotRules(step_s=TWO_HOURLY, horizon_days=0)
    assert starts(artist(WEEK), request(rules=rules, now_s=at("01.23:59"))) == ""
    assert starts(artist(WEEK), request(rules=rules, now_s=at("02.00:30"))) == "02.22:00"


def test_open_days_count_dates_with_a_slot_whatever_range_is_searched() -> None:
    one = artist({MONDAY: "10:00-11:00", WEDNESDAY: "10:00-11:00", date(2026, 6, 5): "10:00-11:00"})
    asked = request(rules=SlotRules(step_s=1800, open_days=2), now_s=at("01.08:00"))
    assert starts(one, asked) == "01.10:00 03.10:00"
    assert starts(one, asked, span("02.00:00 10.00:00")) == "03.10:00"
    assert starts(one, asked, span("04.00:00 10.00:00")) == ""
    assert judged(one, "05.10:00", asked).causes == (Cause.TOO_FAR,)
    full = ArtistTime(hours=one.hours, busy=[span("03.09:00 03.12:00")])
    assert starts(full, asked) == "01.10:00 05.10:00"


def test_the_desks_own_minute_before_the_first_slot_of_a_later_date_is_too_far_too() -> None:
    one = artist({MONDAY: "10:00-11:00", WEDNESDAY: "09:50-11:00"})
    asked = request(rules=SlotRules(step_s=1800, open_days=1), now_s=at("01.08:00"))
    assert judged(one, "03.09:55", asked).causes == (Cause.TOO_FAR,)
    assert judged(one, "03.09:55", request(now_s=at("01.08:00"))).is_free


class CountingZone(ZoneInfo):
    """Paris; counts how often somebody asks what its clock shows."""

    asked = 0

    @override
    def fromutc(self, dt: datetime) -> datetime:
        CountingZone.asked += 1
        return super().fromutc(dt)


def test_open_days_are_counted_no_further_than_they_reach() -> None:
    every_day = ArtistTime(hours=ArtistHours(1, PARIS, plans=every_week((walls("10:00-18:00"),) * 7)))
    rules = SlotRules(step_s=1800, open_days=3)
    CountingZone.asked = 0
    asked = request(rules=rules, now_s=at("01.08:00"), zone=CountingZone("Europe/Paris"))
    assert verdict([every_day], asked, at("2046-06-01T10:00")).causes == (Cause.TOO_FAR,)
    assert 0 < CountingZone.asked < 1000


@pytest.mark.parametrize(
    ("waived", "expected"),
    [
        (set(), "02.10:00"),
        ({Cause.TOO_SOON}, "01.10:00 02.10:00"),
        ({Cause.TOO_FAR}, "02.10:00 03.10:00"),
        ({Cause.TOO_SOON, Cause.TOO_FAR}, "01.10:00 02.10:00 03.10:00"),
    ],
)
def test_the_desk_may_set_notice_and_horizon_aside_but_not_the_past(waived: set[Cause], expected: str) -> None:
    rules = SlotRules(step_s=H, minimum_notice_s=12 * H, horizon_days=1)
    asked = SlotRequest(sitting=HOUR, zone=PARIS, now_s=at("01.09:30"), rules=rules, waived=frozenset(waived))
    one = artist(dict.fromkeys((SUNDAY, MONDAY, TUESDAY, WEDNESDAY), "10:00-11:00") | {MONDAY: "09:00-11:00"})
    assert starts(one, asked) == expected
    assert judged(one, "01.09:00", asked).causes == (Cause.PAST,)


@pytest.mark.parametrize("cause", [Cause.PAST, Cause.ARTIST_TAKEN, Cause.STATION_TAKEN])
def test_nobody_may_set_aside_the_past_or_an_overlap(cause: Cause) -> None:
    with pytest.raises(ValueError, match=cause.value):
        SlotRequest(sitting=HOUR, zone=PARIS, now_s=0, waived=frozenset({cause}))


def test_only_starts_within_the_range_are_offered() -> None:
    one, two_hours = artist("10:00-14:00"), request(Sitting(0, 2 * H, 0))
    assert starts(one, two_hours, span("01.10:30 01.11:30")) == "01.10:30 01.11:00"
    assert starts(one, two_hours, span("01.10:30 01.10:31")) == "01.10:30"
    assert starts(one, two_hours, span("01.10:30 01.10:30")) == ""
    assert free_slots([one], two_hours, Span(at("01.11:30"), at("01.10:30"))) == []
    assert slots_of_any([one], two_hours, Span(at("01.11:30"), at("01.10:30"))) == []


def test_nobody_is_never_free() -> None:
    assert free_slots([], request(), span("01.00:00 02.00:00")) == []
    assert slots_of_any([], request(), span("01.00:00 02.00:00")) == []
