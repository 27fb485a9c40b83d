"""Every known failure is one sentence with a way on, and loses nothing."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from support.book import a_booking, fill, put
from support.clock import StandingClock
from support.postgres import WITH_PASSWORD, PostgresServer
from support.race import at_once

from inkdesk.application.ports import UnitOfWork
from inkdesk.application.units import TransientConflict, in_unit
from inkdesk.domain.clients import Client
from inkdesk.domain.errors import DatabaseUnreachable, ErrorCode, ValidationError
from inkdesk.infrastructure.db.addresses import parse_address, postgresql_arguments
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.driver import sqlite_module
from inkdesk.infrastructure.db.engines import has_safe_wal


def reopen(url: str, password: str | None = None) -> Database:
    return Database.open(url, password=password, who="Desk 1", clock=StandingClock())


def refused(url: str, password: str | None = None) -> str:
    """What is said when the database does not open."""
    with pytest.raises(DatabaseUnreachable) as error:
        reopen(url, password)
    assert error.value.code is ErrorCode.DATABASE_UNREACHABLE
    return str(error.value)


# -- SQLite files ------------------------------------------------------------------------------------------------


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "studio.db").mkdir()
    assert "cannot be opened" in refused(f"sqlite:///{tmp_path / 'studio.db'}")


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    assert "folder exists" in refused(f"sqlite:///{tmp_path / 'nowhere' / 'studio.db'}")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Ana, " * 1000)
    assert "not an InkDesk database" in refused(f"sqlite:///{file}")
    assert file.read_text() == "Dear Ana, " * 1000


def test_a_damaged_file(sqlite_url: str) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    assert "damaged" in refused(sqlite_url)


def test_a_file_that_may_only_be_read(sqlite_url: str) -> None:
    database = reopen(sqlite_url)
    book = fill(database)
    database.close()
    only_read = reopen(f"{sqlite_url.replace('sqlite:///', 'sqlite:///file:')}?mode=ro&uri=true")
    with only_read.read() as uow:
        assert uow.clients.get(book.client.id) == book.client
    with only_read.write() as uow, pytest.raises(DatabaseUnreachable, match="only be read"):
        uow.clients.add(Client(name="Nobody"))
    only_read.close()


def test_a_full_disk_loses_nothing_that_was_saved(sqlite_url: str) -> None:
    database = reopen(sqlite_url)
    book = fill(database)
    with database._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1")
    with pytest.raises(DatabaseUnreachable, match="full"):
        fill_up(database)
    with database.read() as uow:
        assert uow.clients.get(book.client.id) == book.client
    database.close()


def fill_up(database: Database) -> None:
    with database.write() as uow:
        for _ in range(100):
            uow.clients.add(Client(name="Long", note="x" * 5000))
        uow.commit()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_disk_that_refuses_to_write(sqlite_url: str) -> None:
    program = """
import resource, signal, sys
from support.book import fill
from support.clock import StandingClock
from inkdesk.domain.clients import Client
from inkdesk.domain.errors import DatabaseUnreachable
from inkdesk.infrastructure.db.database import Database
database = Database.open(sys.argv[1], who="Desk 1", clock=StandingClock())
fill(database)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    while True:
        with database.write() as uow:
            uow.clients.add(Client(name="Long", note="x" * 50_000))
            uow.commit()
except DatabaseUnreachable as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, sqlite_url],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    assert "Nothing was saved" in done.stdout
    database = reopen(sqlite_url)
    assert database.check().problems == ()
    database.close()


def test_a_file_that_another_program_keeps_locked(sqlite_url: str) -> None:
    database = reopen(sqlite_url)
    fill(database)
    database.close()

    @event.listens_for(database._engine, "connect")
    def be_impatient(connection: DBAPIConnection, _record: object) -> None:
        connection.cursor().execute("PRAGMA busy_timeout=20")

    with closing(sqlite_module().connect(sqlite_url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnreachable, match="locked"), database.write():
            pass
        with database.read() as uow:
            assert uow.studio.get().name == "Nadel & Co"
    database.close()


@pytest.mark.parametrize(
    ("version", "is_safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_the_write_ahead_log_is_used_only_where_it_is_safe(version: tuple[int, int, int], *, is_safe: bool) -> None:
    assert has_safe_wal(version) is is_safe


def test_python_s_own_sqlite_will_do(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysqlite3.dbapi2", None)
    database = reopen(sqlite_url)
    fill(database)
    with database._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    database.close()


# -- PostgreSQL --------------------------------------------------------------------------------------------------


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server that a test may stop."""
    server = PostgresServer()
    yield server
    server.remove()


def test_a_server_that_is_not_there() -> None:
    sentence = refused("postgresql+psycopg://ana@127.0.0.1:1/book")
    assert "cannot be reached" in sentence
    assert "ana@127.0.0.1:1/book" in sentence


def test_a_database_that_is_not_there(postgres_server: PostgresServer) -> None:
    assert "no such database" in refused(postgres_server.url("nowhere"))


def test_passwords_are_asked_for_refused_and_never_shown(postgres_server: PostgresServer, postgres_url: str) -> None:
    name = make_url(postgres_url).database
    postgres_server.execute(
        f"DROP ROLE IF EXISTS {WITH_PASSWORD}",
        f"CREATE ROLE {WITH_PASSWORD} SUPERUSER LOGIN PASSWORD 's3cret'",
    )
    url = postgres_url.replace("postgres@", f"{WITH_PASSWORD}@")
    assert "asks for a password" in refused(url)
    assert "refuses the password" in refused(url, "wrong")
    for opened in (reopen(url, "s3cret"), reopen(url.replace("@", ":s3cret@"))):
        assert opened.url_shown == f"postgresql+psycopg://{WITH_PASSWORD}@127.0.0.1:{postgres_server.port}/{name}"
        assert "s3cret" not in f"{opened.url_shown} {opened._engine.url!r} {opened._engine!r} {opened._address.url!r}"
        opened.close()


def test_a_role_without_rights(postgres_server: PostgresServer, postgres_url: str) -> None:
    postgres_server.execute("DROP ROLE IF EXISTS visitor", "CREATE ROLE visitor LOGIN")
    assert "lacks a right" in refused(postgres_url.replace("postgres@", "visitor@"))


def test_a_server_that_stops_in_the_middle_of_a_save(own_server: PostgresServer) -> None:
    own_server.execute("CREATE DATABASE book")
    database = reopen(own_server.url("book"))
    book = fill(database)
    draft = a_booking(book)

    with database.write() as uow:
        put(uow, draft, book.ana)
        own_server.stop()
        with pytest.raises(DatabaseUnreachable, match="Nothing was saved") as broken:
            uow.clients.get(book.client.id)
        assert isinstance(broken.value, TransientConflict)
    with pytest.raises(DatabaseUnreachable, match="cannot be reached"):
        in_unit(database.write, lambda uow: put(uow, draft, book.ana))

    own_server.start()
    stored = in_unit(database.write, lambda uow: put(uow, draft, book.ana))

    event.listen(database._engine, "commit", lambda _connection: own_server.stop(signal.SIGQUIT), once=True)
    with pytest.raises(DatabaseUnreachable, match="cannot tell whether it was saved") as unknown:
        in_unit(database.write, lambda uow: uow.clients.add(Client(name="Nobody")))
    assert not isinstance(unknown.value, TransientConflict)

    own_server.start()
    with database.read() as uow:
        assert uow.bookings.by_request_key(draft.request_key) == stored
    database.close()


def test_desks_that_deadlock_try_again_and_both_finish(postgres_url: str) -> None:
    database = reopen(postgres_url)
    book = fill(database)
    both = [book.ana.resource_id, book.bo.resource_id]
    tries: list[int] = []

    def work(number: int, barrier: Barrier) -> int:
        def cross(uow: UnitOfWork) -> int:
            tries.append(number)
            order = both if number else both[::-1]
            uow.bookings.lock_resources(order[:1])
            if tries.count(number) == 1:
                barrier.wait()
            uow.bookings.lock_resources(order[1:])
            return number

        return in_unit(database.write, cross)

    assert at_once(2, work) == [0, 1]
    assert len(tries) == 3
    database.close()


def test_one_request_key_makes_one_booking(database: Database) -> None:
    book = fill(database)
    draft = a_booking(book)

    def work(_number: int, _barrier: Barrier) -> int:
        def save(uow: UnitOfWork) -> int:
            earlier = uow.bookings.by_request_key(draft.request_key)
            return earlier.id if earlier is not None else uow.bookings.add(draft).id

        return in_unit(database.write, save)

    answers = at_once(4, work)
    assert len(set(answers)) == 1
    with database.read() as uow:
        assert uow.bookings.by_request_key(draft.request_key) is not None


# -- addresses ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["", "studio.db", "mysql://host/db", "postgresql://host:port/db", "http://[x", "sqlite://", "sqlite:///:memory:"],
)
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(ValidationError, match="not a database address"):
        parse_address(typed, None)


@pytest.mark.parametrize(
    ("url", "sslmode"),
    [
        ("postgresql://ana@studio.example/book", "verify-full"),
        ("postgres://ana@10.0.0.5/book", "verify-full"),
        ("postgresql://ana@localhost/book", None),
        ("postgresql://ana@[::1]/book", None),
        ("postgresql:///book", None),
        ("postgresql:///book?host=/run/postgresql", None),
        ("postgresql://ana@studio.example/book?sslmode=require", None),
    ],
)
def test_other_computers_are_reached_encrypted_and_verified(url: str, sslmode: str | None) -> None:
    arguments = postgresql_arguments(parse_address(url, "pw"))
    assert arguments.get("sslmode") == sslmode
    assert arguments["password"] == "pw"
    assert arguments["tcp_user_timeout"] == 6000


def test_a_copied_file_is_a_whole_studio(sqlite_url: str, tmp_path: Path) -> None:
    database = reopen(sqlite_url)
    book = fill(database)
    database.close()
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), tmp_path / "copy.db")
    copy = reopen(f"sqlite:///{tmp_path / 'copy.db'}")
    with copy.read() as uow:
        assert uow.clients.get(book.client.id) == book.client
    copy.close()
