"""What a move would meet, read before it is made: the same answers as the move itself gives."""

from datetime import timedelta

import pytest
from support.book import TUESDAY
from support.front import Front
from support.series_desk import WEEK, SeriesDesk

from inkdesk.application.changing import ChangeLook
from inkdesk.domain.bookings import Booking
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.series import Scope

HOUR = timedelta(hours=1)
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
