"""With a large book every page still reads through an index, in a fixed number of statements."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from support.book import TUESDAY, Book, a_booking, fill, occupied, put
from support.clock import StandingClock
from support.plans import Statement, plan, recorded

from inkdesk.domain.artists import Artist
from inkdesk.domain.spans import Span
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.guards import _POSTGRESQL_CONSTRAINT, NO_OVERLAP
from inkdesk.infrastructure.db.tables import METADATA

BOOK = ("booking", "occupancy")
CLIENTS = ("client", "client_name_token")
SHIFT = {"sqlite": "{} + n.i * 10800", "postgresql": "{} + n.i * interval '3 hours'"}


def grow(database: Database, table: str, columns: dict[str, str], rows: int) -> None:
    """Copy the only row of ``table`` so many times, with ``columns`` changed."""
    with database._engine.begin() as connection:
        names = [column.name for column in METADATA.tables[table].columns if column.name != "id"]
        values = ", ".join(columns.get(name, f"{table}.{name}") for name in names)
        copy = (
            f"INSERT INTO {table} ({', '.join(names)})"
            f" WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})"
            f" SELECT {values} FROM {table}, n WHERE {table}.id = 1"
        )
        if database.kind == "postgresql":  # the copies' keys are right; looking each up takes most of the time
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(copy))


@contextmanager
def unguarded(database: Database) -> Iterator[None]:
    """PostgreSQL builds the guard's index much faster at once than row by row."""
    change = "ALTER TABLE occupancy {} CONSTRAINT " + NO_OVERLAP
    with database._engine.begin() as connection:
        if database.kind == "postgresql":
            connection.execute(text(change.format("DROP")))
    yield
    with database._engine.begin() as connection:
        if database.kind == "postgresql":
            connection.execute(text(f"{change.format('ADD')} {_POSTGRESQL_CONSTRAINT}"))


@pytest.fixture
def large(database: Database) -> Book:
    """A book of 50,000 bookings in a chair, one every three hours, every tenth with two artists; 20,000 clients."""
    book = fill(database)
    with database.write() as uow:
        put(uow, a_booking(book), book.ana)
        uow.commit()
    shift = SHIFT[database.kind].format
    times = {name: shift(f"booking.{name}") for name in ("starts_at", "occupied_from", "occupied_until")}
    grow(database, "client", {"name": "'Client ' || n.i", "digits_reversed": "CAST(n.i AS TEXT)"}, 20_000)
    grow(database, "booking", {**times, "request_key": "'k' || n.i", "client_id": "1 + n.i % 20000"}, 50_000)
    spans = {name: shift(f"occupancy.{name}") for name in ("starts_at", "ends_at")}
    with unguarded(database):
        for resource_id in (book.ana.resource_id, book.station.unit_ids[0]):
            claim = {**spans, "booking_id": "1 + n.i", "resource_id": str(resource_id)}
            grow(database, "occupancy", claim, 50_000)
    beside = f"INSERT INTO booking_artist SELECT id, {book.bo.id} FROM booking WHERE id % 10 = 0"
    words = "INSERT INTO client_name_token (studio_id, token, client_id) SELECT studio_id, 'w' || id, id FROM client"
    with database._engine.begin() as connection:
        connection.execute(text(words))
        connection.execute(text(beside))
    with database._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return book


def scans(database: Database, statements: list[Statement], tables: tuple[str, ...]) -> list[str]:
    """Lines of the plans that read one of ``tables`` from end to end."""
    bad = "SCAN " if database.kind == "sqlite" else "Seq Scan on "
    lines = [line for statement in statements for line in plan(database, *statement)]
    return [line for line in lines if any(f"{bad}{name} " in f"{line} " for name in tables)]


def plan_for_any_parameters(database: Database, statement: str, parameters: dict[str, Any]) -> list[str]:
    """The plan that PostgreSQL makes once for a prepared statement."""
    names = list(parameters)
    numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", statement)
    given = ", ".join(f"%({name})s" for name in names)
    with database._engine.connect() as connection:
        connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
        connection.exec_driver_sql(f"PREPARE asked AS {numbered}")
        driver: Any = connection.connection.driver_connection
        cursor = psycopg.ClientCursor(driver)
        lines = [str(row[-1]) for row in cursor.execute(f"EXPLAIN EXECUTE asked({given})", parameters)]
        cursor.execute("DEALLOCATE asked")
        return lines


def a_month() -> Span:
    start_s = int((TUESDAY + timedelta(days=100)).timestamp())
    return Span(start_s, start_s + 28 * 86400)


def read_calendar(database: Database, _book: Book) -> object:
    return database.queries.calendar(date(2027, 3, 1), date(2027, 3, 7)).cards


def read_busy(database: Database, book: Book) -> object:
    with database.read() as uow:
        resources = [book.ana.resource_id, book.bo.resource_id, *book.station.unit_ids]
        return uow.bookings.busy(resources, a_month())[book.ana.resource_id]


def read_sittings(database: Database, book: Book) -> object:
    with database.read() as uow:
        return uow.bookings.sittings([book.ana.id, book.bo.id], a_month(), without=[4711])[book.bo.id]


def read_claims(database: Database, _book: Book) -> object:
    with database.read() as uow:
        return uow.bookings.claims_of(4711)


def read_series(database: Database, _book: Book) -> object:
    with database.read() as uow:
        return [uow.series.bookings_of(1)]


def read_groups(database: Database, book: Book) -> object:
    with database.read() as uow:
        found = uow.groups.within(a_month()), uow.groups.holding([book.ana.resource_id], a_month())
        return [*found, uow.groups.parties([1, 2]), uow.groups.bookings(1), uow.groups.client_names(1)]


def read_blocking(database: Database, book: Book) -> object:
    with database.read() as uow:
        return uow.bookings.blocking_bookings([book.ana.resource_id], occupied(a_booking(book)))


def read_clients(database: Database, _book: Book) -> object:
    return [*database.queries.find_clients("zo mu"), *database.queries.find_clients("5678")]


def read_found_bookings(database: Database, _book: Book) -> object:
    return [*database.queries.find_bookings("zo mu"), *database.queries.find_bookings("5678")]


def read_latest(database: Database, _book: Book) -> object:
    return database.queries.find_clients("")


def read_one(database: Database, _book: Book) -> object:
    return [database.queries.booking(4711)]


# Joining a week's clients, PostgreSQL may well read all of them: there the book alone counts.
READS: list[tuple[Callable[[Database, Book], object], tuple[str, ...]]] = [
    (read_calendar, BOOK),
    (read_busy, BOOK),
    (read_sittings, BOOK),
    (read_claims, BOOK),
    (read_series, BOOK),
    (read_groups, BOOK),
    (read_blocking, BOOK),
    (read_clients, BOOK + CLIENTS),
    (read_found_bookings, BOOK + CLIENTS),
    (read_latest, BOOK + CLIENTS),
    (read_one, BOOK + CLIENTS),
]


def test_no_page_scans_a_large_table(database: Database, large: Book) -> None:
    assert scans(database, [("SELECT id FROM booking WHERE note = 'x'", ())], BOOK), "a scan would not be seen"
    for read, tables in READS:
        with recorded(database) as statements:
            assert read(database, large), read.__name__
        assert statements
        assert scans(database, statements, tables) == [], read.__name__


def test_claims_of_a_range_are_found_by_the_index(database: Database, large: Book) -> None:
    """Of 100,000 claims a month is read, in one statement that never leaves the index of blocking claims."""
    resources = [large.ana.resource_id, large.bo.resource_id, *large.station.unit_ids]
    for without in ((), (4711, 4712)):
        with recorded(database) as statements, database.read() as uow:
            found = uow.bookings.busy(resources, a_month(), without=without)
        assert len(found[large.ana.resource_id]) == 28 * 8 + 1  # one reaches in
        (searched,) = statements
        check_plan(plan(database, *searched))
        if database.kind == "postgresql":
            check_plan(plan_for_any_parameters(database, *searched))


def check_plan(lines: list[str]) -> None:
    reads = [line for line in lines if re.search(r"(SEARCH|SCAN|Scan) .*\b(occupancy|earlier)\b", line)]
    assert len(reads) == 2, "the claims in the range, and the one of each resource that reaches into it"
    assert [line for line in reads if "ix_occupancy_blocking" not in line] == []
    assert len([line for line in lines if re.search(r"resource_id *=.*starts_at *[<>]", line)]) == 2, lines


def test_more_artists_and_days_cost_no_more_statements(database: Database, clock: StandingClock) -> None:
    fill(database)
    with recorded(database) as few:
        database.queries.calendar(TUESDAY.date(), TUESDAY.date())
    with database.write() as uow:
        for number in range(10):
            uow.artists.add(Artist(name=f"Artist {number}"))
        uow.commit()
    with recorded(database) as many:
        database.queries.calendar(TUESDAY.date(), TUESDAY.date() + timedelta(days=41))
    assert len(few) == len(many) <= 12
