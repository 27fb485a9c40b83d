"""No two blocking claims of one resource overlap, whoever writes and however."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import exc, text
from support.book import TUESDAY, Book, a_booking, a_payment, claims_of, fill, occupied, put
from support.clock import StandingClock
from support.race import at_once, winners

from inkdesk.application.ports import Claim
from inkdesk.domain.bookings import Booking
from inkdesk.domain.errors import DatabaseUnreachable, SlotTaken
from inkdesk.domain.message import message
from inkdesk.domain.payments import LedgerEntry, LedgerKind
from inkdesk.domain.spans import Span
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.failures import GuardRefused

HOUR = timedelta(hours=1)
NO_GUARD = {
    "sqlite": ["DROP TRIGGER occupancy_guard_insert", "DROP TRIGGER occupancy_guard_update"],
    "postgresql": ["ALTER TABLE occupancy DROP CONSTRAINT ex_occupancy_no_overlap"],
}


@pytest.fixture
def book(database: Database) -> Book:
    return fill(database)


@pytest.fixture
def desks(database_url: str, clock: StandingClock) -> Iterator[list[Database]]:
    with ExitStack() as stack:
        opened = [Database.open(database_url, who=f"Desk {n}", clock=clock) for n in range(4)]
        for one in opened:
            stack.callback(one.close)
        yield opened


def remove_guard(database: Database) -> None:
    with database._engine.begin() as connection:
        for statement in NO_GUARD[database.kind]:
            connection.execute(text(statement))


def test_an_overlap_is_refused_with_a_name_and_nothing_else_is_lost(database: Database, book: Book) -> None:
    with database.write() as uow:
        put(uow, a_booking(book), book.ana)
        late = uow.bookings.add(a_booking(book, TUESDAY + HOUR))
        with pytest.raises(SlotTaken) as refused:
            uow.bookings.claim(late.id, claims_of(late, book.ana), blocks=True)
        uow.bookings.claim(late.id, claims_of(replace(late, pause_s=0), book.bo), blocks=True)
        uow.commit()
    assert refused.value.message == message(
        "The artist is taken by {client} at {start}. Choose another time.", client="Zoé Müller", start=TUESDAY
    )
    with database.read() as uow:
        assert len(uow.bookings.busy([book.bo.resource_id], occupied(late))[book.bo.resource_id]) == 1


@pytest.mark.parametrize("shift_s", [0, -1, 1, -3000, 3000, -6299, 6299])
def test_every_kind_of_overlap_is_refused(database: Database, book: Book, shift_s: int) -> None:
    resource = book.ana.resource_id
    with database.write() as uow:
        uow.bookings.claim(None, [Claim(resource, Span(100_000, 106_300))], blocks=True)
        with pytest.raises(SlotTaken, match="blocked"):
            uow.bookings.claim(None, [Claim(resource, Span(100_000 + shift_s, 106_300 + shift_s))], blocks=True)
        for inside in (Span(100_001, 100_002), Span(99_000, 200_000)):
            with pytest.raises(SlotTaken):
                uow.bookings.claim(None, [Claim(resource, inside)], blocks=True)


def test_touching_spans_and_other_resources_do_not_overlap(database: Database, book: Book) -> None:
    ana, bo = book.ana.resource_id, book.bo.resource_id
    spans = [Span(100, 200), Span(300, 400), Span(200, 300), Span(0, 100)]
    with database.write() as uow:
        for span in spans:
            uow.bookings.claim(None, [Claim(ana, span), Claim(bo, span)], blocks=True)
        assert uow.bookings.busy([ana], Span(0, 1000)) == {ana: sorted(spans)}


def test_it_fires_on_move_confirm_and_reassign_and_lets_go(database: Database, book: Book) -> None:
    with database.write() as uow:
        first = put(uow, a_booking(book), book.ana)
        hold = put(uow, a_booking(book), book.ana, blocks=False)
        with pytest.raises(SlotTaken):
            uow.bookings.set_blocks(hold.id, blocks=True)
        other = put(uow, a_booking(book, artist=book.bo), book.bo)
        with pytest.raises(SlotTaken):
            uow.bookings.claim(other.id, claims_of(other, book.ana), blocks=True)
        later = put(uow, a_booking(book, TUESDAY + 4 * HOUR), book.ana)
        with pytest.raises(SlotTaken):
            uow.bookings.claim(later.id, claims_of(first, book.ana), blocks=True)
        assert uow.bookings.blocking_bookings([book.ana.resource_id], occupied(later)) == [later]
        uow.bookings.set_blocks(first.id, blocks=False)
        uow.bookings.set_blocks(hold.id, blocks=True)
        assert uow.bookings.blocking_bookings([book.ana.resource_id], occupied(hold)) == [hold]


def test_a_booking_may_be_moved_over_its_own_old_time(database: Database, book: Book) -> None:
    with database.write() as uow:
        stored = put(uow, a_booking(book), book.ana)
        moved = replace(stored, starts_at=TUESDAY + timedelta(minutes=15))
        uow.bookings.claim(stored.id, claims_of(moved, book.ana), blocks=True)
        assert uow.bookings.busy([book.ana.resource_id], Span(0, 2**33)) == {book.ana.resource_id: [occupied(moved)]}


def test_a_taken_station_unit_is_named(database: Database, book: Book) -> None:
    unit = book.station.unit_ids[0]
    with database.write() as uow:
        stored = uow.bookings.add(a_booking(book))
        uow.bookings.claim(stored.id, [*claims_of(stored, book.ana), Claim(unit, occupied(stored))], blocks=True)
        other = uow.bookings.add(a_booking(book, artist=book.bo))
        both = [*claims_of(other, book.bo), Claim(unit, occupied(other))]
        with pytest.raises(SlotTaken, match="station is taken by Zoé Müller"):
            uow.bookings.claim(other.id, both, blocks=True)
        assert uow.bookings.busy([book.bo.resource_id], occupied(other)) == {book.bo.resource_id: []}


@pytest.mark.parametrize("span", [Span(100, 100), Span(100, 99)])
def test_empty_and_reversed_spans_are_refused(database: Database, book: Book, span: Span) -> None:
    with database.write() as uow, pytest.raises((exc.IntegrityError, exc.DataError)):
        uow.bookings.claim(None, [Claim(book.ana.resource_id, span)], blocks=True)


def test_raw_statements_meet_the_guard_too(database: Database, book: Book) -> None:
    with database.write() as uow:
        put(uow, a_booking(book), book.ana)
        put(uow, a_booking(book, TUESDAY + 5 * HOUR), book.ana)
        uow.commit()
    copy = (
        "INSERT INTO occupancy (studio_id, resource_id, booking_id, starts_at, ends_at, blocks)"
        " SELECT studio_id, resource_id, booking_id, starts_at, ends_at, blocks FROM occupancy"
    )
    move = "UPDATE occupancy SET starts_at = (SELECT min(starts_at) FROM occupancy)"
    for statement in (copy, move):
        with pytest.raises(GuardRefused), database._engine.begin() as connection:
            connection.execute(text(statement))


def look_then_claim(desk: Database, draft: Booking, book: Book, barrier: Barrier) -> Booking:
    """What rivals do: look first, save later. Every desk has looked before any saves."""
    with desk.read() as uow:
        assert uow.bookings.busy([book.ana.resource_id], occupied(draft)) == {book.ana.resource_id: []}
    barrier.wait()
    with desk.write() as uow:
        stored = put(uow, draft, book.ana)
        uow.commit()
        return stored


def race(desks: list[Database], book: Book, starts_at: datetime) -> list[Booking | BaseException]:
    """Every desk wants the same artist at the same time."""
    drafts = [a_booking(book, starts_at) for _ in desks]
    return at_once(len(desks), lambda n, barrier: look_then_claim(desks[n], drafts[n], book, barrier))


def test_four_desks_at_one_slot_have_one_winner(database: Database, book: Book, desks: list[Database]) -> None:
    for day in range(8):
        answers = race(desks, book, TUESDAY + timedelta(days=day))
        assert winners(answers) == 1
        assert sum(isinstance(answer, SlotTaken) for answer in answers) == len(desks) - 1


def test_without_the_guard_the_same_desks_book_doubles(database: Database, book: Book, desks: list[Database]) -> None:
    remove_guard(database)
    assert winners(race(desks, book, TUESDAY)) == len(desks)


def test_two_desks_that_lock_in_different_order_do_not_deadlock(
    database: Database, book: Book, desks: list[Database]
) -> None:
    resources = [book.ana.resource_id, book.bo.resource_id, *book.station.unit_ids]

    def work(number: int, barrier: Barrier) -> int:
        for step in range(10):
            barrier.wait()
            with desks[number].write() as uow:
                uow.bookings.lock_resources(resources if number % 2 else resources[::-1])
                span = Span(1000 * step + 10 * number, 1000 * step + 10 * number + 10)
                uow.bookings.claim(None, [Claim(one, span) for one in resources], blocks=True)
                uow.commit()
        return number

    assert at_once(len(desks), work) == [0, 1, 2, 3]


def test_a_database_that_lost_its_guard_is_only_read(database: Database, book: Book, database_url: str) -> None:
    remove_guard(database)
    reopened = Database.open(database_url, who="Desk 2", clock=StandingClock())
    try:
        assert reopened.is_read_only
        assert reopened.check().problems
        with pytest.raises(DatabaseUnreachable, match="protection against double bookings"):
            reopened.write()
        with reopened.read() as uow:
            assert uow.clients.get(book.client.id) == book.client
    finally:
        reopened.close()


_BROKEN_TRIGGER = "CREATE TRIGGER occupancy_guard_insert BEFORE INSERT ON occupancy BEGIN SELECT 1; END"
_BROKEN_CONSTRAINT = """
ALTER TABLE occupancy DROP CONSTRAINT ex_occupancy_no_overlap, ADD CONSTRAINT ex_occupancy_no_overlap EXCLUDE
USING gist (int8range(resource_id, resource_id, '[]') WITH &&, tstzrange(starts_at, ends_at, '()') WITH &&)
WHERE (blocks)"""
_BROKEN_FUNCTION = """
CREATE OR REPLACE FUNCTION inkdesk_append_only() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$"""
WEAKENED: dict[str, list[list[str]]] = {
    "sqlite": [
        ["DROP TRIGGER occupancy_guard_insert", _BROKEN_TRIGGER],
        ["DROP TRIGGER occupancy_guard_update"],
        ["DROP TRIGGER ledger_entry_no_delete"],
    ],
    "postgresql": [
        [_BROKEN_CONSTRAINT],
        ["ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_append_only"],
        [_BROKEN_FUNCTION],
    ],
}


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_weakened_guard_is_seen(database: Database, number: int) -> None:
    with database._engine.begin() as connection:
        for statement in WEAKENED[database.kind][number]:
            connection.execute(text(statement))
    assert len(database.check().problems) == 1


@pytest.mark.parametrize("table", ["ledger_entry", "booking_history"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET who = 'nobody'"])
def test_history_and_ledger_only_grow(database: Database, book: Book, table: str, statement: str) -> None:
    with database.write() as uow:
        booking = uow.bookings.add(a_booking(book))
        payment = uow.payments.add(a_payment(booking))
        uow.bookings.note_history(booking.id, "BOOKED", "")
        entry = LedgerEntry(
            kind=LedgerKind.ASKED,
            booking_id=booking.id,
            payment_id=payment.id,
            amount=payment.amount,
            at=TUESDAY,
            who="Desk 1",
            why="",
            fact_key="asked-1",
        )
        assert uow.payments.write_ledger(entry)
        uow.commit()
    with pytest.raises(exc.DBAPIError, match="append-only"), database._engine.begin() as connection:
        connection.execute(text(statement.format(table)))
