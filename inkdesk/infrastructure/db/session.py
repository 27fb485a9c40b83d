"""What all repositories of one unit of work share: connection, studio, desk, clock."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import CompoundSelect, Connection, CursorResult, Executable, Row, Select, Table, select
from sqlalchemy.dialects import sqlite

from inkdesk.application.ports import Clock
from inkdesk.domain.errors import StaleRecord, ValidationError
from inkdesk.domain.message import Message, message
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.driver_statement import DriverStatement
from inkdesk.infrastructure.db.driver_statement import Row as DriverRow
from inkdesk.infrastructure.db.settings_memory import Found, SettingsMemory, keep

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

T = TypeVar("T")


class MoreToRead(Exception):
    """A glance does not suffice: the settings known do not hold any more, or something else has to be read."""


class Session:
    """One transaction of one studio. ``is_dirty`` says whether a page could show what was written.

    Only a transaction that reads may have a ``memory``: its stamp and its settings are of one picture.
    """

    def __init__(
        self, connection: Connection | None, who: str, clock: Clock, memory: SettingsMemory | None = None
    ) -> None:
        self._connection = connection
        self.who = who
        self.is_dirty = False
        self.locked: set[int] = set()
        self._clock = clock
        self._studio_id: int | None = None
        self._memory = memory
        self._settings: Found | None = None

    @property
    def connection(self) -> Connection:
        """What every statement is sent through; MoreToRead if there is none (``glance``)."""
        if self._connection is None:
            raise MoreToRead
        return self._connection

    def now(self) -> datetime:
        """This computer's present instant."""
        return self._clock.now()

    def find_studio_id(self) -> int | None:
        """The studio's id, None in an empty database. A unit of work is about one studio: today, the first."""
        if self._studio_id is None:
            self._studio_id = self.connection.execute(_FIRST_STUDIO).scalar_one_or_none()
        return self._studio_id

    @property
    def studio_id(self) -> int:
        """The studio's id; ValidationError in an empty database."""
        found = self.find_studio_id()
        if found is None:
            raise no_studio()
        return found

    def studio_is(self, studio_id: int) -> None:
        """Remember the studio that was just read."""
        self._studio_id = studio_id

    def rows(self, query: Select[Any] | CompoundSelect[Any], **values: object) -> Sequence[Row[Any]]:
        """All rows of a query, with the values of its named parameters.

        Making a statement costs more than running it: what is asked often stands ready as a constant.
        """
        return self.connection.execute(query, values).all()

    def stamped(self, statement: DriverStatement, values: Mapping[str, object]) -> Sequence[DriverRow]:
        """All rows, of which there is one at least, of a statement that answers the settings' stamp in each first."""
        return statement.rows(self.connection, values)

    def one(self, query: Select[Any], missing: Message, **values: object) -> Row[Any]:
        """The only row; ValidationError with ``missing`` if there is none."""
        row = self.connection.execute(query, values).one_or_none()
        if row is None:
            raise ValidationError(missing)
        return row

    def remembered(self, asked: Hashable, read: Callable[[], T]) -> T:
        """The answer of ``read``, which follows from settings alone: from memory if none was changed since.

        Nobody may change the answer.
        """
        if self._memory is None:
            return read()
        if self._settings is None:
            self._settings = self._memory.under(self.connection.execute(select(STAMP)).scalar_one())
        found: T = self._settings.get(asked, _UNKNOWN)
        if found is _UNKNOWN:
            found = read()
            keep(self._settings, asked, found)
        return found

    def write(self, statement: Executable) -> CursorResult[Any]:
        """Execute a statement that changes what pages show."""
        self.is_dirty = True
        return self.connection.execute(statement)

    def insert(self, table: Table, values: Mapping[str, Any]) -> int:
        """Insert one row of this studio; the answer is its id."""
        statement = table.insert().values(studio_id=self.studio_id, **values).returning(table.c.id)
        return int(self.write(statement).scalar_one())

    def insert_many(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows; none is fine."""
        if rows:
            self.is_dirty = True
            self.connection.execute(table.insert(), [dict(row) for row in rows])

    def upsert(self, table: Table) -> "sqlite.Insert | postgresql.Insert":
        """An INSERT that may say what happens on a conflict, in the words of this engine."""
        if self.connection.dialect.name == "sqlite":
            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - see tables/postgresql.py

        return postgresql.insert(table)

    def insert_once(self, table: Table, values: Mapping[str, Any]) -> bool:
        """Insert one row of this studio unless its unique key stands there; whether it was inserted."""
        statement = self.upsert(table).values(studio_id=self.studio_id, **values).on_conflict_do_nothing()
        return self.write(statement.returning(*table.primary_key.columns)).one_or_none() is not None

    def save(self, table: Table, record_id: int, version: int, values: Mapping[str, Any], stale: Message) -> int:
        """Update one row over the version it was read with; the new version, or StaleRecord with ``stale``."""
        statement = (
            table.update()
            .where(table.c.id == record_id, table.c.studio_id == self.studio_id, table.c.version == version)
            .values(version=version + 1, **values)
        )
        if self.write(statement).rowcount != 1:
            raise StaleRecord(stale)
        return version + 1


def no_studio() -> ValidationError:
    """The database is empty."""
    return ValidationError(message("There is no studio in this database yet. Set one up first."))


_FIRST_STUDIO = select(t.studio.c.id).order_by(t.studio.c.id).limit(1)
_UNKNOWN: Any = object()
STAMP = t.settings_stamp.c.stamp
"""What is another after every change of a setting."""
