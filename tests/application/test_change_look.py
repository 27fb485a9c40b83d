"""What a move would meet, read before it is made: the same answers as the move itself gives."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event
from support.book import TUESDAY
from support.front import Front
from support.series_desk import WEEK, SeriesDesk

from inkdesk.application.changing import ChangeLook
from inkdesk.application.finder_service import FindCommand, FinderService
from inkdesk.domain.bookings import Booking
from inkdesk.domain.errors import SlotTaken, SlotUnavailable, ValidationError
from inkdesk.domain.finder import Wish
from inkdesk.domain.hours import WallSpan, every_week
from inkdesk.domain.series import Scope
from inkdesk.domain.slot_rules import NO_LIMITS, Limits
from inkdesk.domain.spans import to_seconds

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TWICE = "An artist is named twice. Choose each artist once."


@pytest.fixture
def desk(front: Front) -> SeriesDesk:
    return SeriesDesk(front)


def look(desk: SeriesDesk, booking: Booking, scope: Scope = Scope.ONE) -> ChangeLook:
    return ChangeLook(desk.front.money.database.read, desk.front.money.clock, booking.id, scope)


def test_it_may_move_within_what_it_keeps_now(desk: SeriesDesk) -> None:
    booking = desk.book(starts=(TUESDAY,)).bookings[0]
    ana, later = booking.artist_id, TUESDAY + HOUR / 4
    assert look(desk, booking).judge(ana, later).is_free
    offered = look(desk, booking).slots(ana, TUESDAY.date(), TUESDAY.date())
    assert later in [slot.starts_at for slot in offered]
    assert [slot.starts_at for slot in look(desk, booking).alternatives(ana, later, 1)] == [later]
    desk.move(booking, later)


def test_nobody_who_works_along_is_offered_the_first_place(desk: SeriesDesk) -> None:
    bo = desk.front.money.book.bo.id
    booking = desk.book(starts=(TUESDAY,), with_artist_ids=(bo,)).bookings[0]
    seen, day = look(desk, booking), TUESDAY.date()
    assert seen.slots(bo, day, day) == []
    assert seen.alternatives(bo, TUESDAY, 3) == []
    assert {slot.artist_ids for slot in seen.slots(None, day, day)} == {(booking.artist_id, bo)}
    for ask in (lambda: seen.judge(bo, TUESDAY + HOUR), lambda: desk.move(booking, TUESDAY + HOUR, artist_id=bo)):
        with pytest.raises(ValidationError) as refused:
            ask()
        assert refused.value.message.plain() == TWICE


def test_companions_are_judged_where_they_would_go(desk: SeriesDesk) -> None:
    booked = desk.book(starts=(TUESDAY, TUESDAY + WEEK, TUESDAY + 2 * WEEK))
    desk.front.book(starts_at=TUESDAY + WEEK + 3 * HOUR, request_key="in the way")
    first, last = booked.bookings[0], booked.bookings[2]
    others = look(desk, first, Scope.ALL).companions(TUESDAY + 3 * HOUR)
    assert [one.starts_at for one in others] == [TUESDAY + n * WEEK + 3 * HOUR for n in (1, 2)]
    assert [one.is_free for one in others] == [False, True]
    assert look(desk, last, Scope.FROM_HERE).companions(TUESDAY) == []


def always_open(desk: SeriesDesk, limits: Limits = NO_LIMITS, pause_s: int = 0) -> None:
    with desk.front.money.database.write() as uow:
        ana = uow.artists.get(desk.front.money.book.ana.id)
        whole_days = every_week(((WallSpan(0, 1440),),) * 7)
        uow.artists.save(replace(ana, plans=whole_days, limits=limits, pause_s=pause_s))
        uow.commit()


def test_a_limit_that_the_moved_reach_together_is_told(desk: SeriesDesk) -> None:
    """Sunday and Monday are of two weeks; two days later they are of one."""
    always_open(desk, Limits(per_week=1))
    sunday = TUESDAY + 5 * DAY
    booked = desk.book(starts=(sunday, sunday + DAY))
    for one, other in (booked.bookings, booked.bookings[::-1]):
        (companion,) = look(desk, one, Scope.ALL).companions(one.starts_at + 2 * DAY)
        assert companion.starts_at == other.starts_at + 2 * DAY
        assert companion.sentence is not None
        assert "takes at most 1 sittings a week" in companion.sentence.plain()
        assert companion.can_override
    with pytest.raises(SlotUnavailable, match="at most 1 sittings a week"):
        desk.move_series(booked.bookings[0], sunday + 2 * DAY, Scope.ALL)
    desk.move_series(booked.bookings[0], sunday + 2 * DAY, Scope.ALL, reason="convention")


def test_moved_sittings_that_meet_each_other_are_told(desk: SeriesDesk) -> None:
    """Whoever is kept for seven days whole is not back when the week lacks an hour."""
    always_open(desk, pause_s=7 * 86400 - 600 - 3600 - 1200)
    first = datetime(2027, 3, 16, 10, tzinfo=ZoneInfo("Europe/Paris"))
    booked = desk.book(starts=(first, first + WEEK))
    (companion,) = look(desk, booked.bookings[0], Scope.ALL).companions(first + WEEK)
    assert companion.sentence is not None
    assert "earlier dates of the series" in companion.sentence.plain()
    assert not companion.can_override
    with pytest.raises(SlotTaken):
        desk.move_series(booked.bookings[0], first + WEEK, Scope.ALL, reason="please")


def test_companions_are_read_a_fixed_number_of_times(desk: SeriesDesk) -> None:
    statements: list[str] = []
    engine = desk.front.money.database._engine
    short = desk.book(starts=(TUESDAY, TUESDAY + WEEK)).bookings[0]
    starts = tuple(TUESDAY + n * WEEK + 2 * DAY for n in range(30))
    long = desk.book(starts=starts, request_key="long").bookings[0]
    for one in (short, long):
        look(desk, one, Scope.ALL).companions(one.starts_at + HOUR)  # the settings are remembered from now on
    event.listen(engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    assert len(look(desk, short, Scope.ALL).companions(short.starts_at + HOUR)) == 1
    two = len(statements)
    assert len(look(desk, long, Scope.ALL).companions(long.starts_at + HOUR)) == 29
    assert len(statements) == 2 * two


# The finder, for a booking that moves


def finder(desk: SeriesDesk) -> FinderService:
    return FinderService(desk.front.money.database.read, desk.front.money.clock)


def test_the_finder_offers_what_a_booking_may_move_to(desk: SeriesDesk) -> None:
    """What it keeps is not in its way, where it stands is no offer, and it lasts as it was booked."""
    booking = desk.front.book(sitting_s=7 * 3600, starts_at=TUESDAY - HOUR).booking
    wanted = FindCommand(
        service_id=booking.service_id,
        artist_id=booking.artist_id,
        earliest=TUESDAY.date(),
        wish=Wish(near_s=to_seconds(booking.starts_at)),
        moving=booking.id,
    )
    found = finder(desk).find(wanted)
    assert len(found.offers) == 3
    for offer in found.offers:
        assert offer.slot.starts_at != booking.starts_at
        assert offer.slot.ends_at - offer.slot.starts_at == 7 * HOUR
    same_day = [one.slot.starts_at for one in found.offers if one.slot.starts_at.date() == TUESDAY.date()]
    assert same_day
    for start in same_day:
        assert abs(start - booking.starts_at) < 7 * HOUR
        desk.move(desk.now(booking), start)
    blind = finder(desk).find(replace(wanted, moving=None))
    assert TUESDAY.date() not in {one.slot.starts_at.date() for one in blind.offers}


def test_the_finder_offers_another_artist_the_same_start(desk: SeriesDesk) -> None:
    booking = desk.front.book().booking
    wish = Wish(near_s=to_seconds(booking.starts_at))
    found = finder(desk).find(FindCommand(service_id=booking.service_id, wish=wish, moving=booking.id))
    there = [one.slot for one in found.offers if one.slot.starts_at == booking.starts_at]
    assert [slot.artist_id for slot in there] == [desk.front.money.book.bo.id]
