"""The schema: complete, versioned, made once, never touched when it is not ours or too new."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, PrimaryKeyConstraint, UniqueConstraint, inspect, text
from support.book import fill
from support.clock import StandingClock
from support.race import at_once

from inkdesk.domain.errors import DatabaseUnreachable
from inkdesk.infrastructure.db import schema
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.driver import sqlite_module
from inkdesk.infrastructure.db.tables.postgresql import METADATA

SCHEMA_FOLDER = Path(schema.__file__).parent / "migrations"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


def execute(database: Database, *statements: str) -> None:
    with database._engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def reopen(url: str) -> Database:
    return Database.open(url, who="Desk 2", clock=StandingClock())


def test_the_migrated_schema_is_the_metadata(database: Database) -> None:
    with database._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_tables_are_strict_and_checks_are_there(sqlite_url: str, postgres_url: str) -> None:
    for url in (sqlite_url, postgres_url):
        database = reopen(url)
        with database._engine.connect() as connection:
            found = inspect(connection)
            for name, table in METADATA.tables.items():
                wanted = {one.name for one in table.constraints if str(one.name).startswith("ck_")}
                assert {one["name"] for one in found.get_check_constraints(name)} == wanted, name
            if database.kind == "sqlite":
                strict = connection.execute(text("SELECT name FROM pragma_table_list WHERE strict")).scalars().all()
                assert set(strict) == set(METADATA.tables)
        database.close()


def test_every_foreign_key_has_an_index() -> None:
    for table in METADATA.tables.values():
        lists = [[column.name for column in index.columns] for index in table.indexes]
        keys = [one for one in table.constraints if isinstance(one, PrimaryKeyConstraint | UniqueConstraint)]
        lists += [[column.name for column in key.columns] for key in keys]
        for foreign_key in table.foreign_key_constraints:
            names = list(foreign_key.column_keys)
            assert any(columns[: len(names)] == names for columns in lists), (table.name, names)


def test_the_program_knows_the_last_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCHEMA_FOLDER))
    script = ScriptDirectory.from_config(config)
    assert tuple(reversed([one.revision for one in script.walk_revisions()])) == schema.REVISIONS


def test_an_empty_database_gets_its_schema_and_opens_again(empty_url: str) -> None:
    database = reopen(empty_url)
    assert database.check().problems == ()
    fill(database)
    database.close()
    again = reopen(empty_url)
    with again.read() as uow:
        assert uow.studio.get().name == "Nadel & Co"
    again.close()


def test_desks_that_open_an_empty_database_at_once_make_one_schema(empty_url: str) -> None:
    def work(_number: int, barrier: Barrier) -> tuple[str, ...]:
        barrier.wait()
        database = reopen(empty_url)
        problems = database.check().problems
        database.close()
        return problems

    assert at_once(6, work) == [()] * 6


def test_a_database_of_a_newer_program_is_left_alone(database: Database, database_url: str) -> None:
    execute(database, "UPDATE schema_info SET min_client_version = 99", "UPDATE alembic_version SET version_num = 'z'")
    with pytest.raises(DatabaseUnreachable, match="newer InkDesk"):
        reopen(database_url)


def test_a_newer_schema_that_admits_this_program_is_opened(database: Database, database_url: str) -> None:
    execute(database, "UPDATE alembic_version SET version_num = '9999'")
    again = reopen(database_url)
    fill(again)
    again.close()


def test_a_database_of_another_program_is_left_alone(empty_url: str, postgres_url: str, sqlite_url: str) -> None:
    if empty_url.startswith("sqlite"):
        with closing(sqlite3.connect(empty_url.removeprefix("sqlite:///"))) as connection:
            connection.execute("CREATE TABLE song (title TEXT)")
    else:
        database = reopen(postgres_url)
        execute(database, "DROP TABLE schema_info")
        database.close()
        empty_url = postgres_url
    with pytest.raises(DatabaseUnreachable, match="another program"):
        reopen(empty_url)


def test_an_older_file_is_copied_before_it_is_changed(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = reopen(sqlite_url)
    fill(database)
    execute(database, "UPDATE alembic_version SET version_num = '0000'")
    database.close()

    def upgrade(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    monkeypatch.setattr(schema, "REVISIONS", ("0000", "0001"))
    monkeypatch.setattr(schema, "upgrade", upgrade)
    reopen(sqlite_url).close()
    (copy,) = tmp_path.glob("studio-before-0000-*.db")
    assert not list(tmp_path.glob("*.partial"))
    with closing(sqlite_module().connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0000",)
        assert connection.execute("SELECT name FROM studio").fetchone() == ("Nadel & Co",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_two_desks_that_upgrade_in_the_same_second_each_have_a_whole_copy(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = reopen(sqlite_url)
    fill(database)
    execute(database, "UPDATE alembic_version SET version_num = '0000'")
    database.close()
    back_up, both_copy = schema._back_up, Barrier(2, timeout=30)

    def together(file: Path, revision: str, now: datetime) -> Path:
        both_copy.wait()
        copy = back_up(file, revision, now)
        both_copy.wait()
        return copy

    def upgrade(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    monkeypatch.setattr(schema, "REVISIONS", ("0000", "0001"))
    monkeypatch.setattr(schema, "upgrade", upgrade)
    monkeypatch.setattr(schema, "_back_up", together)
    opened = at_once(2, lambda _number, _barrier: reopen(sqlite_url))
    for one in opened:
        assert isinstance(one, Database), one
        one.close()
    copies = list(tmp_path.glob("studio-before-0000-*.db"))
    assert len(copies) == 2
    assert not list(tmp_path.glob("*.partial"))
    for copy in copies:
        with closing(sqlite_module().connect(copy)) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0000",)
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("loss", ["DROP TRIGGER occupancy_guard_update", "DROP TRIGGER ledger_entry_no_delete"])
def test_a_migration_that_drops_a_guard_gets_it_back(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, loss: str
) -> None:
    database = reopen(sqlite_url)
    execute(database, "UPDATE alembic_version SET version_num = '0000'")
    database.close()
    monkeypatch.setattr(schema, "REVISIONS", ("0000", "0001"))
    monkeypatch.setattr(schema, "upgrade", lambda connection: connection.execute(text(loss)))
    again = reopen(sqlite_url)
    assert again.check().problems == ()
    again.close()


def test_a_migration_that_loses_the_constraint_is_rolled_back(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = reopen(postgres_url)
    execute(database, "UPDATE alembic_version SET version_num = '0000'")
    loss = text("ALTER TABLE occupancy DROP CONSTRAINT ex_occupancy_no_overlap")
    monkeypatch.setattr(schema, "REVISIONS", ("0000", "0001"))
    monkeypatch.setattr(schema, "upgrade", lambda connection: connection.execute(loss))
    with pytest.raises(RuntimeError, match="ex_occupancy_no_overlap"):
        reopen(postgres_url)
    assert database.check().problems == ()
    database.close()


def test_migrations_run_from_any_folder(empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    database = reopen(empty_url)
    assert database.check().problems == ()
    database.close()
    shutil.rmtree(elsewhere)
