"""An opened database: units of work, the read side, and its own health."""

from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Engine, Select, func, select

from inkdesk.application.calendar import BookQueries
from inkdesk.application.ports import Clock, ReadingUnit, UnitOfWork
from inkdesk.domain.errors import DatabaseUnreachable
from inkdesk.domain.message import message
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.addresses import Address, parse_address
from inkdesk.infrastructure.db.engines import make_engine, open_connection, sqlite_file
from inkdesk.infrastructure.db.glance import SpareConnections, SqlReadingUnit
from inkdesk.infrastructure.db.guards import verify_guards
from inkdesk.infrastructure.db.queries.book import SqlBookQueries
from inkdesk.infrastructure.db.schema import bring_up_to_date
from inkdesk.infrastructure.db.settings_memory import SettingsMemory
from inkdesk.infrastructure.db.unit import SqlUnitOfWork


def writes_so_far() -> Select[int]:
    """How often the book was written by any program."""
    return select(func.coalesce(func.sum(t.write_count.c.writes), 0).label("writes"))


@dataclass(frozen=True, slots=True)
class Health:
    """What ``check`` found: the server or library version, and what is wrong (nothing, if all is well)."""

    version: str
    problems: tuple[str, ...]


class Database:
    """One SQLite file or PostgreSQL database, open until ``close``. Every method may be called from any thread."""

    def __init__(self, engine: Engine, address: Address, who: str, clock: Clock) -> None:
        self._engine = engine
        self._address = address
        self._who = who
        self._clock = clock
        self._own_writes = 0
        self._lock = Lock()
        self._lost_guards: list[str] = []
        self._memory = SettingsMemory()
        self._spare = SpareConnections(engine)

    @classmethod
    def open(cls, url: str, *, password: str | None = None, who: str, clock: Clock) -> "Database":
        """Open the database at ``url``; an empty one gets its schema, an older one is brought up to date.

        ``password`` is for PostgreSQL and is kept out of everything that is shown. ``who`` names desk and user in
        history and ledger. Raises ValidationError for an address that is none, DatabaseUnreachable otherwise.
        """
        address = parse_address(url, password)
        database = cls(make_engine(address), address, who, clock)
        try:
            bring_up_to_date(database._engine, sqlite_file(address), clock.now())
            with open_connection(database._engine, is_read=True) as connection:
                database._lost_guards = verify_guards(connection)
        except BaseException:
            database.close()
            raise
        return database

    @property
    def kind(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._address.kind

    @property
    def url_shown(self) -> str:
        """The address as people may see it: a file's path, or a URL without password."""
        return self._address.shown

    @property
    def is_read_only(self) -> bool:
        """Whether the guards are missing, so that InkDesk refuses to write."""
        return bool(self._lost_guards)

    @property
    def queries(self) -> BookQueries:
        """The read side."""
        return SqlBookQueries(self._engine, self._clock, self._memory)

    def write(self) -> UnitOfWork:
        """A unit of work that may write. DatabaseUnreachable if the database lost its guards."""
        if self._lost_guards:
            raise DatabaseUnreachable(
                message(
                    "The protection against double bookings is missing from this database, so InkDesk only reads it."
                    " Restore the last backup, or ask for help."
                )
            )
        return SqlUnitOfWork(self._engine, self._who, self._clock, on_write=self._count_own)

    def read(self) -> ReadingUnit:
        """A unit of work that reads one consistent picture."""
        return SqlReadingUnit(self._engine, self._who, self._clock, self._memory, self._spare)

    def data_version(self) -> int:
        """A number that changes when another program changed the book; writes of this object do not count."""
        with open_connection(self._engine, is_read=True) as connection:
            writes = connection.execute(writes_so_far()).scalar_one()
        return int(writes) - self._own_writes

    def check(self) -> Health:
        """Look at guards and structure; seconds on a large SQLite file, so not in the window's thread."""
        with open_connection(self._engine, is_read=True) as connection:
            problems = [f"guard {name}" for name in verify_guards(connection)]
            if self.kind == "postgresql":
                version = connection.exec_driver_sql("SHOW server_version").scalar_one()
                return Health(f"PostgreSQL {version}", tuple(problems))
            found = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
            problems += [str(line) for line in found if line != "ok"]
            problems += [f"foreign key of {row[0]}" for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
            version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
            return Health(f"SQLite {version}", tuple(problems))

    def close(self) -> None:
        """Close every connection; the object is of no use afterwards."""
        self._spare.close()
        self._engine.dispose()

    def _count_own(self) -> None:
        with self._lock:
            self._own_writes += 1
