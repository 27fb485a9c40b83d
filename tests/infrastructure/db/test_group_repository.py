"""Groups come back as they were stored, with their seats and their host's time. Both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.book import HOUR, TUESDAY, Book
from support.workshop import a_group, seated, stored

from inkdesk.application.calendar import GroupCard
from inkdesk.application.ports import Claim
from inkdesk.domain.capacity import Party
from inkdesk.domain.errors import SlotTaken, StaleRecord, ValidationError
from inkdesk.domain.spans import Span
from inkdesk.infrastructure.db.database import Database


def test_a_group_comes_back_as_it_was_stored(database: Database, book: Book) -> None:
    group = stored(database, a_group(book, 3))
    assert len(set(group.unit_ids)) == 3
    assert not set(group.unit_ids) & {*book.station.unit_ids, book.ana.resource_id, book.bo.resource_id}
    with database.read() as uow:
        assert uow.groups.get(group.id) == group
        assert uow.groups.by_request_key("group") == group
        assert uow.groups.by_request_key("other") is None
        with pytest.raises(ValidationError, match="not in the book"):
            uow.groups.get(group.id + 1)


def test_groups_of_a_range_are_half_open_and_in_order(database: Database, book: Book) -> None:
    group = stored(database, a_group(book, 1))
    start, end = group.span
    for within, found in [
        (Span(end, end + 9), []),
        (Span(end - 1, end), [group]),
        (Span(start - 9, start), []),
        (Span(start - 9, start + 1), [group]),
        (Span(start + 60, start + 61), [group]),
    ]:
        with database.read() as uow:
            assert uow.groups.within(within) == found
            assert uow.groups.within(within, book.bo.id) == []
            assert uow.groups.within(within, book.ana.id) == found


def test_the_host_is_held_until_let_go(database: Database, book: Book) -> None:
    group = stored(database, a_group(book, 1))
    around = Span(group.span.start_s - 600, group.span.end_s + 600)
    ana, before = book.ana.resource_id, Span(group.span.start_s - 60, group.span.start_s - 30)
    with database.write() as uow:
        uow.groups.keep_host(group.id, ana, around)
        assert uow.bookings.busy([ana], before) == {ana: [around]}
        assert uow.groups.holding([ana, book.bo.resource_id], before) == [group]
        assert uow.groups.holding([book.bo.resource_id], before) == []
        assert uow.groups.holding([ana], Span(around.end_s, around.end_s + 60)) == []
        with pytest.raises(SlotTaken):
            uow.bookings.claim(None, [Claim(ana, before)], blocks=True)
        uow.groups.let_host_go(group.id)
        assert uow.groups.holding([ana], before) == []
        uow.bookings.claim(None, [Claim(ana, before)], blocks=True)
        with pytest.raises(SlotTaken, match="host is taken"):
            uow.groups.keep_host(group.id, ana, around)
        assert uow.groups.get(group.id) == group


def test_parties_are_bookings_that_keep_their_seats(database: Database, book: Book) -> None:
    group, other = stored(database, a_group(book, 3)), stored(database, a_group(book, 1, "other"))
    two = seated(database, book, group, group.unit_ids[:2])
    idle = seated(database, book, group, group.unit_ids[:1], blocks=False)
    with database.read() as uow:
        assert uow.groups.parties([group.id, other.id]) == {
            group.id: [Party(two, group.span, 2, group.unit_ids[:2])],
            other.id: [],
        }
        assert uow.groups.parties([]) == {}
        assert [one.id for one in uow.groups.bookings(group.id)] == [two, idle]
        assert uow.groups.client_names(group.id) == {book.client.id: book.client.name}


def test_the_calendar_shows_groups_with_who_has_seats(database: Database, book: Book) -> None:
    group = stored(database, a_group(book, 3))
    cancelled = stored(database, replace(a_group(book, 1, "other"), is_cancelled=True, note="rain"))
    two = seated(database, book, group, group.unit_ids[1:])
    seated(database, book, group, group.unit_ids[:1], blocks=False)
    kept = Span(group.span.start_s - 600, group.span.end_s + 2100)
    with database.write() as uow:
        uow.groups.keep_host(group.id, book.ana.resource_id, kept)
        uow.artists.save(replace(book.ana, is_active=False))
        uow.commit()

    shown = database.queries.calendar(TUESDAY.date(), TUESDAY.date())

    card = GroupCard(
        group_id=group.id,
        artist_id=book.ana.id,
        title="Workshop",
        service_name="Small piece",
        starts_at=TUESDAY,
        ends_at=TUESDAY + 4 * HOUR,
        occupied=kept,
        seats=3,
        unit_ids=group.unit_ids,
        parties=(Party(two, group.span, 2, group.unit_ids[1:]),),
        is_cancelled=False,
        note="",
        version=1,
    )
    empty = replace(
        card,
        group_id=cancelled.id,
        occupied=group.span,
        seats=1,
        unit_ids=cancelled.unit_ids,
        parties=(),
        is_cancelled=True,
        note="rain",
    )
    assert shown.groups == [card, empty]
    assert (card.seats_taken_peak, card.booked, empty.seats_taken_peak, empty.booked) == (2, 1, 0, 0)
    assert {one.group_id for one in shown.cards} == {group.id}
    assert [one.name for one in shown.artists] == ["Ana", "Bo"]
    next_day = TUESDAY.date() + timedelta(days=1)
    assert database.queries.calendar(next_day, next_day).groups == []


def test_the_host_of_a_group_has_a_lane_also_after_leaving(database: Database, book: Book) -> None:
    stored(database, a_group(book, 1))
    with database.write() as uow:
        for artist in (book.ana, book.bo):
            uow.artists.save(replace(artist, is_active=False))
        uow.commit()
    assert [one.name for one in database.queries.calendar(TUESDAY.date(), TUESDAY.date()).artists] == ["Ana"]


def test_seats_are_made_and_taken_away(database: Database, book: Book) -> None:
    group = stored(database, a_group(book, 3))
    first, second, third = group.unit_ids
    idle = seated(database, book, group, [third], blocks=False)
    with database.write() as uow:
        fewer = uow.groups.save(replace(group, seats=2, unit_ids=(first, second)))
        assert (fewer.unit_ids, fewer.version) == ((first, second), 2)
        assert [one.resource_id for one in uow.bookings.claims_of(idle)] == [first]
        more = uow.groups.save(replace(fewer, seats=4))
        assert more.unit_ids[:2] == (first, second)
        assert len(set(more.unit_ids)) == 4
        assert third not in more.unit_ids
        assert uow.groups.get(group.id) == more
        with pytest.raises(StaleRecord, match="Workshop was changed"):
            uow.groups.save(fewer)


def test_a_seat_is_guarded_like_a_chair(database: Database, book: Book) -> None:
    group = stored(database, a_group(book, 1))
    seated(database, book, group, group.unit_ids)
    with pytest.raises(SlotTaken):
        seated(database, book, group, group.unit_ids)
