"""A question at a glance has the answer of a whole picture, whatever other desks do meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import event
from support.book import TUESDAY, Book, fill
from support.clock import StandingClock
from support.postgres import PostgresServer
from support.race import at_once

from inkdesk.application.ports import Claim, UnitOfWork
from inkdesk.domain.errors import DatabaseUnreachable, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.glance import _KEPT

YEAR = Span(to_seconds(TUESDAY), to_seconds(TUESDAY) + 365 * 86400)
Seen = tuple[str, int]
"""The artist's name, and how often the artist is busy."""


@pytest.fixture
def other(database: Database, book: Book, clock: StandingClock) -> Iterator[Database]:
    """Another desk at the same book."""
    url = str(database._engine.url.render_as_string(hide_password=False))
    desk = Database.open(url, who="Desk 2", clock=clock)
    yield desk
    desk.close()


@contextmanager
def asked(database: Database) -> Iterator[list[str]]:
    """Everything that the database is asked meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database._engine, "before_cursor_execute", note)
    yield seen
    event.remove(database._engine, "before_cursor_execute", note)


def name_and_busy(uow: UnitOfWork, book: Book) -> Seen:
    uow.studio.get()
    ana = uow.artists.get(book.ana.id)
    return ana.name, len(uow.bookings.busy([ana.resource_id], YEAR)[ana.resource_id])


def glanced(database: Database, book: Book) -> Seen:
    return database.read().glance(lambda uow: name_and_busy(uow, book))


def change(desk: Database, book: Book, number: int, *, commits: bool = True) -> None:
    """The name and the number of claims change together."""
    span = Span(YEAR.start_s + number * 3600, YEAR.start_s + number * 3600 + 3600)
    with desk.write() as uow:
        uow.artists.save(replace(uow.artists.get(book.ana.id), name=f"Ana {number}"))
        uow.bookings.claim(None, [Claim(book.ana.resource_id, span)], blocks=True)
        if commits:
            uow.commit()


def test_what_is_known_costs_one_statement(database: Database, book: Book) -> None:
    with asked(database) as first:
        assert glanced(database, book) == ("Ana", 0)
    glanced(database, book)  # opens a connection for the next ones
    with asked(database) as third:
        assert glanced(database, book) == ("Ana", 0)
    assert len(first) > 1
    (alone,) = third
    assert "settings_stamp" in alone
    assert "occupancy" in alone


def test_every_change_of_another_desk_is_seen(database: Database, other: Database, book: Book) -> None:
    for number in range(1, 6):
        change(other, book, number)
        assert glanced(database, book) == (f"Ana {number}", number)
        change(other, book, 100, commits=False)
        assert glanced(database, book) == (f"Ana {number}", number)


def test_a_booking_is_seen_without_reading_settings_again(database: Database, other: Database, book: Book) -> None:
    assert [glanced(database, book) for _ in range(2)] == [("Ana", 0)] * 2
    book_an_hour(other, book)
    with asked(database) as statements:
        assert glanced(database, book) == ("Ana", 1)
    assert len(statements) == 1


def test_a_change_between_settings_and_claims_starts_anew(database: Database, other: Database, book: Book) -> None:
    runs: list[str] = []

    def look(uow: UnitOfWork) -> Seen:
        uow.studio.get()
        runs.append(uow.artists.get(book.ana.id).name)
        if len(runs) == 1:
            change(other, book, 1)
        return name_and_busy(uow, book)

    glanced(database, book)
    assert database.read().glance(look) == ("Ana 1", 1)
    assert runs == ["Ana", "Ana 1"]


def test_a_change_after_the_statement_is_for_the_next_look(database: Database, other: Database, book: Book) -> None:
    runs: list[Seen] = []

    def look(uow: UnitOfWork) -> str:
        runs.append(name_and_busy(uow, book))
        change(other, book, 1)
        return uow.artists.get(book.ana.id).name

    glanced(database, book)
    assert database.read().glance(look) == "Ana"
    assert runs == [("Ana", 0)]
    assert glanced(database, book) == ("Ana 1", 1)


def test_no_is_not_said_on_the_word_of_old_settings(database: Database, other: Database, book: Book) -> None:
    runs: list[str] = []

    def look(uow: UnitOfWork) -> str:
        uow.studio.get()
        runs.append(uow.artists.get(book.ana.id).name)
        if runs[-1] != "Ana 1":
            raise ValidationError(message("Not with this name."))
        return runs[-1]

    glanced(database, book)
    with pytest.raises(ValidationError, match="Not with this name"):
        database.read().glance(look)
    change(other, book, 1)
    assert database.read().glance(look) == "Ana 1"
    assert runs == ["Ana", "Ana", "Ana", "Ana 1"]


def test_settings_alone_are_confirmed_too(database: Database, other: Database, book: Book) -> None:
    glanced(database, book)
    change(other, book, 1)
    assert database.read().glance(lambda uow: uow.artists.get(book.ana.id).name) == "Ana 1"


def test_what_follows_from_settings_is_worked_out_once(database: Database, other: Database, book: Book) -> None:
    worked_out: list[str] = []

    def look(uow: UnitOfWork) -> str:
        found = uow.remembered("loud name", lambda: loud(uow))
        name_and_busy(uow, book)
        return found

    def loud(uow: UnitOfWork) -> str:
        worked_out.append(uow.artists.get(book.ana.id).name.upper())
        return worked_out[-1]

    assert [database.read().glance(look) for _ in range(3)] == ["ANA"] * 3
    assert worked_out == ["ANA"]
    change(other, book, 1)
    assert [database.read().glance(look) for _ in range(3)] == ["ANA 1"] * 3
    assert worked_out == ["ANA", "ANA 1"]
    with database.write() as uow:
        assert look(uow) == "ANA 1"
    assert worked_out == ["ANA", "ANA 1", "ANA 1"], "who writes remembers nothing"


def test_two_statements_are_one_picture_only_in_a_transaction(database: Database, other: Database, book: Book) -> None:
    runs: list[tuple[Seen, Seen]] = []

    def look(uow: UnitOfWork) -> tuple[Seen, Seen]:
        first = name_and_busy(uow, book)
        if not runs:
            book_an_hour(other, book)
        runs.append((first, first))
        runs[-1] = (first, name_and_busy(uow, book))
        return runs[-1]

    glanced(database, book)
    assert database.read().glance(look) == (("Ana", 1), ("Ana", 1))
    assert len(runs) == 2
    runs.clear()
    glanced(database, book)
    with asked(database) as statements:
        assert database.read().glance(look, in_pieces=True) == (("Ana", 1), ("Ana", 2))
    assert len(statements) == 2
    assert len(runs) == 1


def book_an_hour(desk: Database, book: Book) -> None:
    with desk.write() as uow:
        taken = len(uow.bookings.busy([book.ana.resource_id], YEAR)[book.ana.resource_id])
        span = Span(YEAR.start_s + taken * 3600, YEAR.start_s + taken * 3600 + 3600)
        uow.bookings.claim(None, [Claim(book.ana.resource_id, span)], blocks=True)
        uow.commit()


def test_pieces_have_the_same_settings(database: Database, other: Database, book: Book) -> None:
    runs: list[Seen] = []

    def look(uow: UnitOfWork) -> list[Seen]:
        first = name_and_busy(uow, book)
        if not runs:
            change(other, book, 1)
        runs.append(first)
        return [first, name_and_busy(uow, book)]

    glanced(database, book)
    assert database.read().glance(look, in_pieces=True) == [("Ana 1", 1)] * 2
    assert runs == [("Ana", 0), ("Ana 1", 1)]


def test_glances_beside_writers_are_whole_pictures(database: Database, book: Book) -> None:
    """Name and claims change together, and nobody ever sees one without the other."""

    def work(number: int, barrier: Barrier) -> bool:
        barrier.wait()
        if number == 0:
            for turn in range(1, 26):
                change(database, book, turn)
            return True
        return all(is_whole(glanced(database, book)) for _ in range(80))

    assert at_once(2 + _KEPT, work) == [True] * (2 + _KEPT)
    assert len(database._spare._idle) <= _KEPT


def is_whole(seen: Seen) -> bool:
    name, busy = seen
    return name == (f"Ana {busy}" if busy else "Ana")


def test_a_connection_that_the_server_cut_is_replaced(
    postgres_server: PostgresServer, postgres_url: str, clock: StandingClock
) -> None:
    database = Database.open(postgres_url, who="Desk 1", clock=clock)
    book = fill(database)
    for _ in range(3):
        assert glanced(database, book) == ("Ana", 0)
        cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{}'"
        postgres_server.execute(cut.format(database._engine.url.database))
        assert glanced(database, book) == ("Ana", 0)
    database.close()


def test_a_server_that_is_gone_is_said_in_words(clock: StandingClock) -> None:
    server = PostgresServer()
    try:
        server.execute("CREATE DATABASE book")
        database = Database.open(server.url("book"), who="Desk 1", clock=clock)
        book = fill(database)
        assert [glanced(database, book) for _ in range(2)] == [("Ana", 0)] * 2
        server.stop()
        for _ in range(2):
            with pytest.raises(DatabaseUnreachable, match="cannot be reached"):
                glanced(database, book)
        database.close()
    finally:
        server.remove()


def test_a_bug_is_not_taken_for_old_settings(database: Database, book: Book) -> None:
    def look(uow: UnitOfWork) -> float:
        return name_and_busy(uow, book)[1] / 0

    glanced(database, book)
    with pytest.raises(ZeroDivisionError):
        database.read().glance(look)
    assert glanced(database, book) == ("Ana", 0)


def test_nothing_stays_open(database: Database, book: Book) -> None:
    glanced(database, book)
    assert glanced(database, book) == ("Ana", 0)
    (spare,) = database._spare._idle
    database.close()
    assert spare.closed
    assert not database._spare._idle
