"""The two engines, with everything that makes a commit last and a failure visible."""

import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection

from inkdesk.domain.errors import DatabaseUnreachable
from inkdesk.domain.message import message
from inkdesk.infrastructure.db.addresses import Address, postgresql_arguments
from inkdesk.infrastructure.db.driver import sqlite_module
from inkdesk.infrastructure.db.failures import translate_errors

_READ_ONLY = "inkdesk_read_only"
_BUSY_MS = 20_000
_PRAGMAS = {
    "busy_timeout": _BUSY_MS,
    "synchronous": 2,  # FULL: an acknowledged booking survives a power cut
    "foreign_keys": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "recursive_triggers": 1,
}
_PRAGMAS_MACOS = {"fullfsync": 1, "checkpoint_fullfsync": 1}


def make_engine(address: Address) -> Engine:
    """An engine for ``address``; nothing is opened yet."""
    engine = _sqlite_engine(address) if address.kind == "sqlite" else _postgresql_engine(address)
    translate_errors(engine, address.shown)
    return engine


def open_connection(engine: Engine, *, is_read: bool) -> Connection:
    """A connection whose next transaction writes, or only reads one consistent picture."""
    try:
        connection = engine.connect()
    except exc.TimeoutError:
        raise _busy() from None
    if not is_read:
        return connection
    if engine.dialect.name == "sqlite":
        return connection.execution_options(**{_READ_ONLY: True})
    return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def open_for_glances(engine: Engine) -> Connection:
    """A connection of its own, never given back to the pool, for statements of which each stands alone.

    They are asked through the driver (SQLAlchemy would begin a transaction on SQLite), few of them again and again:
    so PostgreSQL plans each once, whatever its parameters.
    """
    try:
        connection = engine.connect()
    except exc.TimeoutError:
        raise _busy() from None
    if engine.dialect.name == "postgresql":
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("SET plan_cache_mode = force_generic_plan")
    connection.detach()
    return connection


def _busy() -> DatabaseUnreachable:
    return DatabaseUnreachable(message("InkDesk is busy with the database. Nothing was saved; try again in a moment."))


def has_safe_wal(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite is free of the WAL-reset corruption (fixed in 3.51.3, 3.50.7 and 3.44.6)."""
    fixed_patch = {(3, 44): 6, (3, 50): 7}.get(version[:2])
    return version >= (3, 51, 3) or (fixed_patch is not None and version[2] >= fixed_patch)


def _sqlite_engine(address: Address) -> Engine:
    module = sqlite_module()
    engine = create_engine(
        address.url,
        module=module,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": _BUSY_MS / 1000},
        pool_size=4,
        max_overflow=4,
        pool_timeout=_BUSY_MS / 1000,
        hide_parameters=True,
    )
    journal = "wal" if has_safe_wal(module.sqlite_version_info) else "truncate"

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        _prepare_sqlite(connection, journal, address.shown)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        is_read = connection.get_execution_options().get(_READ_ONLY, False)
        driver = connection.connection.cursor()  # neither statement touches the file yet, so neither can fail
        driver.execute(f"PRAGMA query_only={int(is_read)}")
        if is_read:
            driver.execute("BEGIN DEFERRED")
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _prepare_sqlite(connection: DBAPIConnection, journal: str, shown: str) -> None:
    """Set what makes SQLite safe and read it back: some of it is refused without a word."""
    wanted: dict[str, Any] = dict(_PRAGMAS, **(_PRAGMAS_MACOS if sys.platform == "darwin" else {}))
    wanted["journal_mode"] = journal
    cursor = connection.cursor()
    for name, value in wanted.items():
        cursor.execute(f"PRAGMA {name}={value}")
        cursor.fetchall()
        cursor.execute(f"PRAGMA {name}")
        found = cursor.fetchall()[0][0]
        if found != value:
            raise DatabaseUnreachable(
                message(
                    "The database {file} cannot be kept safe here: {setting} is {found}. Move it to a local disk.",
                    file=shown,
                    setting=name,
                    found=str(found),
                )
            )
    cursor.close()


def _postgresql_engine(address: Address) -> Engine:
    return create_engine(
        address.url,
        connect_args=postgresql_arguments(address),
        pool_size=4,
        max_overflow=4,
        pool_timeout=20,
        pool_pre_ping=True,
        pool_recycle=1800,
        hide_parameters=True,
    )


def sqlite_file(address: Address) -> Path | None:
    """The database file, None for another engine."""
    if address.kind != "sqlite":
        return None
    path = str(address.url.database)
    return Path(path.removeprefix("file:").partition("?")[0] if path.startswith("file:") else path)
