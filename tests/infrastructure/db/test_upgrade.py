"""A studio that an older program filled is brought up to date on both engines, and nothing of it is lost.

``studio_of_0001.json`` was stored by the program of revision 0001: a row or more in every table, instants in seconds.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, Table, inspect, text
from support.book import TUESDAY
from support.clock import StandingClock
from support.race import at_once

from inkdesk.application.ports import Claim
from inkdesk.domain.errors import DatabaseUnreachable, SlotTaken
from inkdesk.domain.hours import Plans, WallSpan, every_week
from inkdesk.domain.slot_rules import NO_LIMITS, Alignment
from inkdesk.domain.spans import Span, to_instant, to_seconds
from inkdesk.infrastructure.db import guards, schema
from inkdesk.infrastructure.db.addresses import parse_address
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.driver import sqlite_module
from inkdesk.infrastructure.db.engines import make_engine, open_connection
from inkdesk.infrastructure.db.tables.postgresql import METADATA

Rows = list[list[object]]
STUDIO: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("studio_of_0001.json").read_text(encoding="utf-8")
)
GONE = "weekly_hours"


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of revision 0001 with the stored studio."""
    sqlite = f"sqlite:///{tmp_path / 'old.db'}"
    url: str = sqlite if request.param == "sqlite" else request.getfixturevalue("empty_postgres_url")
    engine = make_engine(parse_address(url, None))
    with open_connection(engine, is_read=False) as connection, connection.begin():
        migrate(connection, "0001")
        install_first_guards(connection)
        write_studio(connection)
    engine.dispose()
    return url


@pytest.fixture
def upgraded(old_url: str) -> Iterator[Database]:
    database = reopen(old_url)
    yield database
    database.close()


def migrate(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def install_first_guards(connection: Connection) -> None:
    """Those of revision 0001: its tables do not know a stamp."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SQLITE_TRIGGERS", "_POSTGRESQL_TRIGGERS"):
            stored: dict[object, str] = getattr(guards, name)
            patch.setattr(guards, name, {key: text for key, text in stored.items() if "_stamp" not in text})
        guards.install_guards(connection)


def write_studio(connection: Connection) -> None:
    stored = MetaData()
    stored.reflect(connection)
    for name, content in STUDIO.items():
        table = stored.tables[name]
        rows = [dict(zip(content["columns"], row, strict=True)) for row in content["rows"]]
        connection.execute(table.insert(), [{key: typed(table, key, row[key]) for key in row} for row in rows])
        if connection.dialect.name == "postgresql" and "id" in table.columns:
            last = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"
            connection.execute(text(last))


READ: dict[type, Callable[[Any], object]] = {datetime: to_instant, date: date.fromisoformat, bool: bool}


def typed(table: Table, column: str, value: Any) -> object:  # noqa: ANN401 - any column's value
    """A stored value as this engine's column takes it."""
    read = READ.get(table.columns[column].type.python_type)
    return value if read is None or value is None else read(value)


def plain(value: object) -> object:
    """A value as it was stored: instants in seconds, dates as text, flags as numbers."""
    if isinstance(value, datetime):
        return to_seconds(value.astimezone(UTC))
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def rows_of(database: Database, table: str, columns: Sequence[str]) -> Rows:
    names = ", ".join(columns)
    with database._engine.connect() as connection:
        found = connection.execute(text(f"SELECT {names} FROM {table} ORDER BY 1, 2"))
        return [[plain(value) for value in row] for row in found]


def reopen(url: str) -> Database:
    return Database.open(url, who="Desk 2", clock=StandingClock())


def stored(table: str) -> list[Mapping[str, Any]]:
    content = STUDIO[table]
    return [dict(zip(content["columns"], row, strict=True)) for row in content["rows"]]


def test_every_row_keeps_every_value(upgraded: Database) -> None:
    for table in STUDIO.keys() - {GONE}:
        assert rows_of(upgraded, table, STUDIO[table]["columns"]) == STUDIO[table]["rows"], table
        assert len(STUDIO[table]["rows"]) > 0


def test_requests_and_links_that_nobody_needs_are_blanked(old_url: str) -> None:
    engine = make_engine(parse_address(old_url, None))
    with engine.begin() as connection:
        connection.execute(
            text("""UPDATE payment SET params = '{"customer_email": "zoe@example.org"}', url = 'https://x'""")
        )
    engine.dispose()
    upgraded = reopen(old_url)
    with upgraded._engine.connect() as connection:
        left = connection.execute(text("SELECT status, params, url FROM payment ORDER BY id")).all()
    upgraded.close()
    assert [tuple(row) for row in left] == [("PARTIALLY_REFUNDED", "", ""), ("OPEN", "", "https://x")]


def test_weekly_hours_become_one_plan_that_always_held(upgraded: Database) -> None:
    spans: dict[tuple[int, int], tuple[WallSpan, ...]] = {}
    for row in stored(GONE):
        key = row["artist_id"], row["weekday"]
        spans[key] = (*spans.get(key, ()), WallSpan(row["start_min"], row["end_min"]))
    with upgraded.read() as uow:
        found: dict[int, Plans] = {one.id: one.plans for one in uow.artists.all(with_inactive=True)}
    assert found == {
        row["id"]: every_week(tuple(spans.get((row["id"], weekday), ()) for weekday in range(7)))
        for row in stored("artist")
    }
    assert sum(len(day) for (plan,) in found.values() for day in plan.weeks[0]) == len(stored(GONE))
    with upgraded._engine.connect() as connection:
        assert GONE not in inspect(connection).get_table_names()


def test_what_is_new_changes_nothing_about_what_was(upgraded: Database) -> None:
    with upgraded.read() as uow:
        rules = uow.studio.get().slot_rules
        artists, services = uow.artists.all(with_inactive=True), uow.catalogue.services(with_inactive=True)
        first = uow.bookings.get(1)
    assert rules.alignment is Alignment.CLOCK
    assert (rules.first_date, rules.last_date, rules.open_days) == (None, None, None)
    assert {(one.limits, one.styles) for one in artists} == {(NO_LIMITS, ())}
    assert {(one.station_units, one.station_prep_s, one.station_clean_up_s, one.processing) for one in services} == {
        (1, None, None, None)
    }
    assert (first.with_artist_ids, first.series_id, first.group_id, first.note) == ((), None, None, "Rose")


def test_the_book_is_whole_and_guarded_afterwards(upgraded: Database) -> None:
    assert upgraded.check().problems == ()
    assert not upgraded.is_read_only
    assert len(upgraded.queries.calendar(TUESDAY.date(), TUESDAY.date()).cards) == len(stored("booking"))
    start_s = to_seconds(TUESDAY)
    with upgraded.write() as uow:
        ana = uow.artists.all()[0].resource_id
        with pytest.raises(SlotTaken, match="Zoé"):
            uow.bookings.claim(None, [Claim(ana, Span(start_s, start_s + 60))], blocks=True)
        uow.bookings.claim(None, [Claim(ana, Span(start_s + 86400, start_s + 90000))], blocks=True)
        uow.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO booking_artist (booking_id, artist_id) VALUES (1, 99)",
        "UPDATE booking SET series_id = 99",
        "UPDATE booking SET group_id = 99",
        "UPDATE occupancy SET group_id = 99 WHERE booking_id IS NULL",
        "UPDATE occupancy SET group_id = 1 WHERE booking_id IS NOT NULL",
        "UPDATE artist SET per_day = 0",
        "UPDATE service SET station_units = 0",
        "UPDATE service SET processing_s = 60",
        "UPDATE studio SET alignment = 'somehow'",
        "UPDATE booking_history SET what = ''",
    ],
)
def test_new_columns_are_held_to_their_rules(upgraded: Database, statement: str) -> None:
    with pytest.raises(Exception, match=r"(?i)constraint|append-only"), upgraded._engine.begin() as connection:
        connection.execute(text(statement))


def test_the_schema_is_the_one_made_fresh(upgraded: Database, database_of_same_kind: Database) -> None:
    assert described(upgraded._engine) == described(database_of_same_kind._engine)


@pytest.fixture
def database_of_same_kind(upgraded: Database, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database that was empty when this program first opened it."""
    fresh = reopen(request.getfixturevalue("sqlite_url" if upgraded.kind == "sqlite" else "postgres_url"))
    yield fresh
    fresh.close()


def test_the_schema_is_the_tables_that_the_program_works_with(
    upgraded: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with upgraded._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []
    is_sqlite = upgraded.kind == "sqlite"
    url = f"sqlite:///{tmp_path / 'model.db'}" if is_sqlite else request.getfixturevalue("postgres_url")
    model = make_engine(parse_address(url, None))
    with model.begin() as connection:
        if not is_sqlite:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        METADATA.create_all(connection)
    assert described(upgraded._engine) == described(model)
    assert described(model).keys() == METADATA.tables.keys()
    model.dispose()


def described(engine: Engine) -> dict[str, object]:
    """Columns, keys, rules and indices of every table of ours, apart from their order."""
    with engine.connect() as connection:
        found = inspect(connection)
        return {
            name: [
                sorted((one["name"], str(one["type"]), one["nullable"], str(one["default"])) for one in columns),
                found.get_pk_constraint(name)["constrained_columns"],
                sorted((one["name"], one["sqltext"]) for one in found.get_check_constraints(name)),
                sorted((one["constrained_columns"], one["referred_table"]) for one in found.get_foreign_keys(name)),
                sorted((one["name"], one["column_names"]) for one in found.get_unique_constraints(name)),
                sorted((one["name"], one["column_names"], one["unique"]) for one in found.get_indexes(name)),
            ]
            for (_, name), columns in found.get_multi_columns().items()
            if name != "alembic_version"
        }


def test_the_file_is_copied_beside_itself_first(old_url: str, upgraded: Database, tmp_path: Path) -> None:
    copies = list(tmp_path.glob("old-before-0001-*.db"))
    if upgraded.kind == "postgresql":
        assert copies == []
        return
    with closing(sqlite_module().connect(copies[0])) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert connection.execute(f"SELECT * FROM {GONE} ORDER BY 1, 2, 3").fetchall() == [
            tuple(row) for row in STUDIO[GONE]["rows"]
        ]
    assert len(copies) == 1


def test_a_program_that_does_not_know_plans_leaves_the_upgraded_book_alone(
    old_url: str, upgraded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "CLIENT_VERSION", 1)
    monkeypatch.setattr(schema, "REVISIONS", ("0001",))
    with pytest.raises(DatabaseUnreachable, match="newer InkDesk"):
        reopen(old_url)


def test_a_failing_upgrade_leaves_the_old_book(old_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    really = schema.upgrade

    def fail(connection: Connection) -> None:
        really(connection)
        raise RuntimeError("power cut")

    monkeypatch.setattr(schema, "upgrade", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        reopen(old_url)
    engine = make_engine(parse_address(old_url, None))
    with engine.connect() as connection:
        assert schema.current_revision(connection) == "0001"
        counted = connection.execute(text(f"SELECT count(*) FROM {GONE}")).scalar_one()
        assert "weekly_plan" not in inspect(connection).get_table_names()
    assert counted == len(stored(GONE))
    engine.dispose()


@pytest.mark.parametrize("old_url", ["postgresql"], indirect=True)
def test_desks_that_start_the_new_program_at_once_upgrade_once(old_url: str) -> None:
    def work(_number: int, barrier: Barrier) -> tuple[str, ...]:
        barrier.wait()
        database = reopen(old_url)
        problems = database.check().problems
        database.close()
        return problems

    assert at_once(6, work) == [()] * 6
