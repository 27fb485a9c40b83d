"""Bookings that belong together, on both engines: several artists, series, groups; and what counts for limits."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.book import TUESDAY, Book, a_booking, claims_of, fill, occupied, put

from inkdesk.application.ports import Claim, UnitOfWork
from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.errors import SlotTaken
from inkdesk.domain.series import Series, SeriesKind
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.unit import SqlUnitOfWork

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
START_S = to_seconds(TUESDAY)


@pytest.fixture
def book(database: Database) -> Book:
    return fill(database)


def sitting_at(start: datetime, lasts_s: int = 3600) -> Span:
    return Span(to_seconds(start), to_seconds(start) + lasts_s)


def add_group(uow: UnitOfWork, book: Book, starts_at: datetime, *, is_cancelled: bool = False) -> int:
    """A group sitting of two hours whose host is Bo, without seats or claims."""
    assert isinstance(uow, SqlUnitOfWork)
    values = {
        "artist_id": book.bo.id,
        "service_id": book.service.id,
        "title": "Flash Friday",
        "starts_at": starts_at,
        "ends_at": starts_at + 2 * HOUR,
        "seats": 8,
        "is_cancelled": is_cancelled,
        "note": "",
        "created_at": TUESDAY,
        "request_key": f"group-{starts_at}",
        "version": 1,
    }
    return uow._session.insert(t.group_sitting, values)


def put_together(uow: UnitOfWork, booking: Booking, book: Book) -> Booking:
    """Store a booking of Ana and Bo with a claim on each."""
    stored = uow.bookings.add(replace(booking, with_artist_ids=(book.bo.id,)))
    uow.bookings.claim(stored.id, [*claims_of(stored, book.ana), *claims_of(stored, book.bo)], blocks=True)
    return stored


def test_what_a_booking_claims_is_told_whether_it_blocks_or_not(database: Database, book: Book) -> None:
    with database.write() as uow:
        stored = put_together(uow, a_booking(book), book)
        span = occupied(stored)
        claims = [Claim(book.ana.resource_id, span), Claim(book.bo.resource_id, span)]
        assert uow.bookings.claims_of(stored.id) == claims
        uow.bookings.set_blocks(stored.id, blocks=False)
        assert uow.bookings.claims_of(stored.id) == claims
        assert uow.bookings.claims_of(999) == []


def test_every_list_of_bookings_names_all_artists(database: Database, book: Book) -> None:
    with database.write() as uow:
        alone = put(uow, a_booking(book, TUESDAY - DAY), book.ana)
        held = replace(a_booking(book), status=BookingStatus.PENDING_PAYMENT, hold_until=TUESDAY)
        stored = put_together(uow, held, book)
        within = Span(START_S - 7 * 86400, START_S + 86400)
        assert uow.bookings.holds() == [stored]
        assert uow.bookings.by_request_key(held.request_key) == stored
        assert uow.bookings.blocking_bookings([book.ana.resource_id, book.bo.resource_id], within) == [alone, stored]
        twice = uow.bookings.save(replace(stored, with_artist_ids=(book.bo.id, book.bo.id)))
        assert twice.with_artist_ids == (book.bo.id,)
        uow.commit()
    cards = database.queries.calendar(TUESDAY.date(), TUESDAY.date()).cards
    assert [card.with_artist_ids for card in cards] == [(book.bo.id,)]
    assert database.queries.booking(stored.id).card == cards[0]
    assert database.queries.booking(alone.id).card.with_artist_ids == ()


def test_a_former_artist_who_worked_beside_another_still_has_a_lane(database: Database, book: Book) -> None:
    with database.write() as uow:
        put_together(uow, a_booking(book), book)
        uow.artists.save(replace(book.bo, is_active=False))
        uow.commit()
    shown = database.queries.calendar(TUESDAY.date(), TUESDAY.date())
    assert [artist.name for artist in shown.artists] == ["Ana", "Bo"]
    later = database.queries.calendar(TUESDAY.date() + DAY, TUESDAY.date() + DAY)
    assert [artist.name for artist in later.artists] == ["Ana"]


def test_sittings_that_keep_their_slot_by_artist(database: Database, book: Book) -> None:
    ana, bo = book.ana.id, book.bo.id
    day = Span(START_S, START_S + 86400)
    with database.write() as uow:
        both = put_together(uow, a_booking(book, TUESDAY + 5 * HOUR), book)
        first = put(uow, a_booking(book, TUESDAY), book.ana)
        put(uow, a_booking(book, TUESDAY + DAY), book.ana)
        put(uow, a_booking(book, TUESDAY - timedelta(seconds=1), artist=book.bo), book.bo)
        put(uow, a_booking(book, TUESDAY + 9 * HOUR), book.ana, blocks=False)
        uow.bookings.add(a_booking(book, TUESDAY + 12 * HOUR))
        uow.bookings.claim(None, [Claim(book.bo.resource_id, Span(START_S + 40000, START_S + 40600))], blocks=True)
        shared, own = sitting_at(both.starts_at), sitting_at(first.starts_at)
        assert uow.bookings.sittings([ana, bo], day) == {ana: [own, shared], bo: [shared]}
        assert uow.bookings.sittings([bo], Span(START_S - 1, START_S)) == {bo: [sitting_at(TUESDAY - HOUR / 3600)]}
        assert uow.bookings.sittings([ana, bo], day, without={both.id}) == {ana: [own], bo: []}
        assert uow.bookings.sittings([ana, bo, 999], Span(0, 1)) == {ana: [], bo: [], 999: []}
        assert uow.bookings.sittings([], day) == {}


def test_a_group_sitting_counts_once_however_many_seats_are_taken(database: Database, book: Book) -> None:
    day = Span(START_S, START_S + 86400)
    with database.write() as uow:
        group_id = add_group(uow, book, TUESDAY + HOUR)
        add_group(uow, book, TUESDAY + 6 * HOUR, is_cancelled=True)
        add_group(uow, book, TUESDAY + DAY)
        for unit in book.station.unit_ids:
            draft = a_booking(book, TUESDAY + HOUR, artist=book.bo)
            seat = uow.bookings.add(replace(draft, group_id=group_id, station_id=unit))
            uow.bookings.claim(seat.id, [Claim(unit, occupied(seat))], blocks=True)
            assert uow.bookings.get(seat.id).group_id == group_id
        assert uow.bookings.sittings([book.bo.id], day) == {book.bo.id: [sitting_at(TUESDAY + HOUR, 7200)]}
        uow.commit()
    cards = database.queries.calendar(TUESDAY.date(), TUESDAY.date()).cards
    assert [card.group_id for card in cards] == [group_id, group_id]


def test_who_meets_a_group_sitting_is_told_its_name(database: Database, book: Book) -> None:
    with database.write() as uow:
        assert isinstance(uow, SqlUnitOfWork)
        group_id = add_group(uow, book, TUESDAY)
        host = {"resource_id": book.bo.resource_id, "group_id": group_id, "blocks": True}
        uow._session.insert(t.occupancy, {**host, "starts_at": TUESDAY - HOUR, "ends_at": TUESDAY + 2 * HOUR})
        with pytest.raises(SlotTaken, match="Flash Friday"):
            put(uow, a_booking(book, artist=book.bo), book.bo)
        whole = Span(START_S - 3600, START_S + 7200)
        assert uow.bookings.busy([book.bo.resource_id], whole, without=[1, 2]) == {book.bo.resource_id: [whole]}


def test_a_series_and_its_bookings(database: Database, book: Book) -> None:
    wanted = Series(kind=SeriesKind.REPEAT, rule="every 2 weeks", created_at=TUESDAY, request_key="series-1")
    with database.write() as uow:
        series = uow.series.add(wanted)
        assert series == replace(wanted, id=series.id)
        assert uow.series.by_request_key("series-1") == series
        assert uow.series.by_request_key("another") is None
        late, soon = (
            uow.bookings.add(replace(a_booking(book, TUESDAY + days * DAY), series_id=series.id)) for days in (14, 0)
        )
        uow.bookings.add(a_booking(book, TUESDAY + 7 * DAY))
        gone = uow.bookings.save(replace(soon, status=BookingStatus.CANCELLED))
        assert uow.series.bookings_of(series.id) == [gone, late]
        assert uow.series.bookings_of(999) == []
        uow.commit()
    cards = database.queries.calendar(TUESDAY.date(), TUESDAY.date()).cards
    assert [card.series_id for card in cards] == [series.id]
