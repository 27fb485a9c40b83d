"""How much one artist takes on: per date, per week, and long sittings; by the artist's own calendar."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.slot_questions import H, artist, at, request, shown, span, starts, with_offset

from inkdesk.domain.availability import (
    WAIVABLE,
    ArtistTime,
    Cause,
    SlotRequest,
    free_slots,
    slots_of_any,
    verdict,
)
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.slot_rules import NO_LIMITS, Limits, SlotRules
from inkdesk.domain.spans import Span

PARIS = ZoneInfo("Europe/Paris")
DAYS = [date(2026, 5, 31) + timedelta(days=number) for number in range(10)]  # Sunday to the Tuesday after the next
HOURLY = SlotRules(step_s=H)


def limited(
    limits: Limits, *sittings: str, hours: str = "10:00-12:00", artist_id: int = 1, zone: ZoneInfo = PARIS
) -> ArtistTime:
    """Works every day; the sittings count for the limits but keep no time."""
    return artist(
        dict.fromkeys(DAYS, hours),
        limits=limits,
        sittings=[span(one, zone) for one in sittings],
        artist_id=artist_id,
        zone=zone,
    )


def on_days(found: str) -> str:
    """The distinct days of a list of starts."""
    return " ".join(dict.fromkeys(one.split(".")[0] for one in found.split()))


def test_a_full_date_has_no_slot_and_says_so() -> None:
    two = limited(Limits(per_day=2), "02.09:00 02.09:30", "03.09:00 03.09:30", "03.14:00 03.15:00")
    assert on_days(starts(two)) == "31 01 02 04 05 06 07 08 09"
    assert verdict([two], request(), at("03.10:00")).causes == (Cause.DAY_FULL,)
    assert verdict([two], request(), at("02.10:00")).is_free
    over = limited(Limits(per_day=1), "03.09:00 03.09:30", "03.14:00 03.15:00", "03.16:00 03.17:00")
    assert on_days(starts(over)) == "31 01 02 04 05 06 07 08 09"


def test_a_full_week_runs_from_monday_to_sunday() -> None:
    three = limited(
        Limits(per_week=3),
        "2026-05-31T09:00 2026-05-31T09:30",  # the Sunday before counts for its own week
        "01.09:00 01.09:30",
        "03.09:00 03.09:30",
        "07.23:00 08.03:00",
    )
    assert on_days(starts(three)) == "31 08 09"
    answers = {day: verdict([three], request(), at(f"0{day}.10:00")).causes for day in range(1, 9)}
    assert answers == dict.fromkeys(range(1, 8), (Cause.WEEK_FULL,)) | {8: ()}


def test_a_sitting_counts_for_the_date_it_starts_on_not_the_one_it_ends_on() -> None:
    night = limited(Limits(per_day=1), "02.23:00 03.05:00")
    assert on_days(starts(night)) == "31 01 03 04 05 06 07 08 09"


def test_a_start_after_midnight_counts_for_the_new_date() -> None:
    one = limited(Limits(per_day=1), "02.12:00 02.13:00", hours="23:00-01:00")
    assert starts(one, request(rules=HOURLY), span("01.12:00 04.12:00")) == "01.23:00 03.00:00 03.23:00 04.00:00"


def test_dates_are_the_artists_not_utcs_nor_the_studios() -> None:
    """01:00 in Auckland on the 3rd is 15:00 in Paris, and 13:00 UTC, on the 2nd."""
    auckland = ZoneInfo("Pacific/Auckland")
    guest = limited(Limits(per_day=1), "03.01:00 03.02:00", hours="00:00-03:00", zone=auckland)
    asked = request(rules=HOURLY, zone=PARIS)
    found = free_slots([guest], asked, span("02.00:00 04.00:00", auckland))
    assert [shown(slot.start_s, auckland) for slot in found] == ["02.00:00", "02.01:00", "02.02:00"]
    assert [shown(slot.start_s, PARIS) for slot in found] == ["01.14:00", "01.15:00", "01.16:00"]


@pytest.mark.parametrize(
    ("zone", "late"), [("Pacific/Pago_Pago", "02.20:00 02.21:00"), ("Asia/Tokyo", "02.03:00 02.04:00")]
)
def test_a_sitting_whose_utc_date_is_another(zone: str, late: str) -> None:
    one = limited(Limits(per_day=1), late, zone=ZoneInfo(zone))
    assert on_days(starts(one)) == "31 01 03 04 05 06 07 08 09"


def test_a_week_ends_on_the_artists_sunday() -> None:
    """Monday 00:30 in Paris is still Sunday in UTC; it belongs to the new week."""
    one = limited(Limits(per_week=1), "08.00:30 08.01:30")
    assert on_days(starts(one)) == "31 01 02 03 04 05 06 07"


def test_the_doubled_hour_is_one_date() -> None:
    on = date(2026, 10, 25)
    second = at("2026-10-25T02:00", fold=1)
    one = artist({on: "01:00-04:00"}, limits=Limits(per_day=1), sittings=[Span(second, second + H)])
    day = Span(at("2026-10-25T00:00"), at("2026-10-26T00:00"))
    assert free_slots([one], request(rules=HOURLY), day) == []
    roomy = ArtistTime(hours=one.hours, limits=Limits(per_day=2), sittings=one.sittings, busy=one.sittings)
    found = free_slots([roomy], request(rules=HOURLY), day)
    assert [with_offset(slot.start_s, PARIS) for slot in found] == ["01:00+2", "02:00+2", "03:00+1"]


# --- long sittings ---------------------------------------------------------------------------------------------


def long_sitting(minutes: int) -> SlotRequest:
    return request(Sitting(0, minutes * 60, 0), HOURLY)


@pytest.mark.parametrize(
    ("stored", "asked_min", "closed"),
    [
        ("02.12:00 02.16:01", 241, "02"),
        ("02.12:00 02.16:00", 241, ""),  # four hours are not over four hours
        ("02.12:00 02.16:01", 240, ""),
        ("02.20:00 03.04:00", 300, "02"),
        ("01.20:00 02.04:00", 300, "01"),
        ("03.00:30 03.05:30", 300, "03"),  # still the 2nd in UTC
    ],
)
def test_one_sitting_over_so_many_hours_a_date(stored: str, asked_min: int, closed: str) -> None:
    one = limited(Limits(long_sitting_s=4 * H), stored, hours="04:00-24:00")
    days = "31 01 02 03 04 05 06 07 08 09".split()
    assert on_days(starts(one, long_sitting(asked_min))).split() == [day for day in days if day != closed]
    for day in days[1:]:
        answer = verdict([one], long_sitting(asked_min), at(f"{day}.05:00"))
        assert answer.causes == ((Cause.LONG_DAY,) if day == closed else ())


# --- several limits, several artists ---------------------------------------------------------------------------


def test_every_limit_that_is_reached_is_named() -> None:
    one = limited(Limits(per_day=1, per_week=1, long_sitting_s=1800), "02.14:00 02.15:00")
    assert verdict([one], request(), at("02.10:00")).causes == (Cause.DAY_FULL, Cause.WEEK_FULL, Cause.LONG_DAY)
    assert verdict([one], request(), at("03.10:00")).causes == (Cause.WEEK_FULL,)
    assert {one.artist_id for one in verdict([one], request(), at("03.10:00")).obstacles} == {1}


def test_no_limit_looks_at_no_sitting() -> None:
    one = limited(NO_LIMITS, "02.14:00 02.15:00")
    assert on_days(starts(one)) == "31 01 02 03 04 05 06 07 08 09"


@pytest.mark.parametrize(
    ("limits", "cause"), [(Limits(per_day=0), Cause.DAY_FULL), (Limits(per_week=0), Cause.WEEK_FULL)]
)
def test_a_limit_of_nothing_lets_nothing_through(limits: Limits, cause: Cause) -> None:
    one = limited(limits)
    assert starts(one) == ""
    assert verdict([one], request(), at("03.10:00")).causes == (cause,)


@pytest.mark.parametrize("waived", sorted(WAIVABLE - {Cause.TOO_SOON, Cause.TOO_FAR}))
def test_the_desk_may_set_a_limit_aside(waived: Cause) -> None:
    limits = {
        Cause.DAY_FULL: Limits(per_day=1),
        Cause.WEEK_FULL: Limits(per_week=1),
        Cause.LONG_DAY: Limits(long_sitting_s=1800),
    }[waived]
    one = limited(limits, "02.14:00 02.15:00")
    plain = SlotRequest(sitting=Sitting(0, H, 0), zone=PARIS, now_s=0, rules=HOURLY)
    aside = SlotRequest(sitting=Sitting(0, H, 0), zone=PARIS, now_s=0, rules=HOURLY, waived=frozenset({waived}))
    assert verdict([one], plain, at("02.10:00")).causes == (waived,)
    assert starts(one, plain, span("02.00:00 03.00:00")) == ""
    assert verdict([one], aside, at("02.10:00")).is_free
    assert starts(one, aside, span("02.00:00 03.00:00")) == "02.10:00 02.11:00"


def days_by_artist(artists: Sequence[ArtistTime]) -> list[tuple[str, int]]:
    found = slots_of_any(artists, request(rules=SlotRules(step_s=2 * H)), span("02.00:00 04.00:00"))
    return [(shown(slot.start_s), slot.artist_id) for slot in found]


def test_each_artist_has_their_own_limits() -> None:
    full = limited(Limits(per_day=1), "02.14:00 02.15:00")
    free = limited(Limits(per_day=1), "03.14:00 03.15:00", artist_id=2)
    assert days_by_artist([full, free]) == [("02.10:00", 2), ("03.10:00", 1)]
    assert starts([full, free], within=span("02.00:00 04.00:00")) == ""
    assert starts([full, free], within=span("04.00:00 05.00:00")) == "04.10:00 04.10:30 04.11:00"
    assert [(one.cause, one.artist_id) for one in verdict([full, free], request(), at("03.10:00")).obstacles] == [
        (Cause.DAY_FULL, 2)
    ]
