"""A move that is still in the hand: judged as the move itself would be, without asking the database again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.book import HOUR, TUESDAY
from support.series_desk import LATER, SeriesDesk

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.application.changing import ChangeLook
from inkdesk.application.proposed import Change
from inkdesk.application.proposing import Proposal, ProposalService
from inkdesk.domain.artists import Leave
from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.errors import ValidationError

DAY = TUESDAY.date()


def opened(desk: SeriesDesk, booking: Booking) -> Proposal:
    money = desk.front.money
    return ProposalService(money.database.read, money.clock).of(booking.id, DAY, DAY + timedelta(days=1))


def test_every_place_is_judged_as_the_move_would_be(desk: SeriesDesk) -> None:
    booking = desk.front.book(choice=DepositChoice.CASH).booking
    desk.front.book(starts_at=LATER)
    with desk.front.money.database.write() as uow:
        uow.artists.add_leave(
            Leave(artist_id=desk.front.money.book.ana.id, starts_at=TUESDAY - 2 * HOUR, ends_at=TUESDAY - HOUR)
        )
        uow.commit()
    proposal = opened(desk, booking)
    look = ChangeLook(desk.front.money.database.read, desk.front.money.clock, booking.id)
    artists = [desk.front.money.book.ana.id, desk.front.money.book.bo.id]
    starts = [TUESDAY - 10 * HOUR + n * timedelta(minutes=15) for n in range(4 * 30)]
    judged = {}
    for artist_id in artists:
        for start in starts:
            proposed = proposal.propose(Change(artist_id, start, booking.sitting.sitting_s))
            judgement = look.judge(artist_id, start)
            judged[artist_id, start] = proposed.is_free
            assert (proposed.is_free, proposed.can_override) == (judgement.is_free, judgement.can_override)
            assert (proposed.sentence is None) is proposed.is_free
    assert len(set(judged.values())) == 2


def test_a_longer_sitting_is_judged_whole(desk: SeriesDesk) -> None:
    booking = desk.front.book(service_id=desk.seated_service().id).booking
    desk.front.book(starts_at=LATER, service_id=desk.seated_service(name="Other").id)
    proposal = opened(desk, booking)
    reach = int((LATER - TUESDAY).total_seconds())
    verdicts = [
        proposal.propose(Change(booking.artist_id, TUESDAY, seconds)).is_free
        for seconds in range(1800, reach + 1800, 900)
    ]
    assert verdicts[0]
    assert not verdicts[-1]
    assert sorted(verdicts, reverse=True) == verdicts
    longest = 1800 + 900 * (sum(verdicts) - 1)
    desk.move(booking, TUESDAY, sitting_s=longest)
    assert desk.now(booking).sitting.sitting_s == longest


def test_what_cannot_be_is_said_in_words(desk: SeriesDesk) -> None:
    booking = desk.front.book().booking
    proposal = opened(desk, booking)
    for change in (
        Change(booking.artist_id, TUESDAY, 0),
        Change(booking.artist_id, TUESDAY, 9 * 86400),
        Change(booking.artist_id, TUESDAY - timedelta(days=400), booking.sitting.sitting_s),
    ):
        proposed = proposal.propose(change)
        assert not proposed.is_free
        assert proposed.sentence is not None


def test_who_works_along_does_not_do_it_twice(desk: SeriesDesk) -> None:
    book = desk.front.money.book
    booking = desk.front.book(with_artist_ids=(book.bo.id,)).booking
    proposal = opened(desk, booking)
    proposed = proposal.propose(Change(book.bo.id, LATER, booking.sitting.sitting_s))
    assert proposed.sentence is not None
    assert proposed.sentence.template == "This artist works along in this sitting already."


def test_a_booking_that_cannot_move_says_so(desk: SeriesDesk) -> None:
    booking = desk.front.book().booking
    with desk.front.money.database.write() as uow:
        uow.bookings.save(replace(booking, status=BookingStatus.CANCELLED))
        uow.commit()
    with pytest.raises(ValidationError):
        opened(desk, booking)
