"""A question answered by one statement, because the settings that it also needs are known already."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Connection, Engine
from typing_extensions import override

from inkdesk.application.ports import Clock, UnitOfWork
from inkdesk.domain.errors import DatabaseUnreachable, InkDeskError
from inkdesk.infrastructure.db.driver_statement import DriverStatement, Row
from inkdesk.infrastructure.db.engines import open_for_glances
from inkdesk.infrastructure.db.session import MoreToRead, Session
from inkdesk.infrastructure.db.settings_memory import SettingsMemory
from inkdesk.infrastructure.db.unit import SqlUnitOfWork

T = TypeVar("T")
_KEPT = 2
"""As many questions are usually asked at the same time; each one more opens a connection and closes it."""


class SpareConnections:
    """Connections that stay open between glances: to take one from the pool is to ask first whether it is alive."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: deque[Connection] = deque()
        self._kept = _KEPT

    def ask(self, statement: DriverStatement, values: Mapping[str, object]) -> Sequence[Row]:
        """All rows of one statement. MoreToRead if the connection failed: an ordinary one tells why, or does better."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = open_for_glances(self._engine)
        try:
            rows = statement.rows_alone(connection, values)
        except BaseException as error:
            connection.invalidate()
            connection.close()
            if isinstance(error, self._engine.dialect.loaded_dbapi.Error):
                raise MoreToRead from error
            raise
        if len(self._idle) < self._kept:
            self._idle.append(connection)
        else:
            connection.close()
        return rows

    def close(self) -> None:
        """Close all of them."""
        self._kept = 0
        while self._idle:
            self._idle.pop().close()


class GlanceSession(Session):
    """Knows settings under a stamp, and asks one statement, which tells whether that is the stamp still.

    A statement is one consistent picture by itself, so there is no transaction. Everything else is ``MoreToRead``;
    ``in_pieces`` there may be more such statements, each with its own picture.
    """

    def __init__(
        self, spare: SpareConnections, who: str, clock: Clock, memory: SettingsMemory, *, in_pieces: bool
    ) -> None:
        super().__init__(None, who, clock, memory)
        self._stamp, self._settings = memory.latest
        self._spare = spare
        self._in_pieces = in_pieces
        self.is_confirmed = False

    @override
    def stamped(self, statement: DriverStatement, values: Mapping[str, object]) -> Sequence[Row]:
        if self.is_confirmed and not self._in_pieces:
            raise MoreToRead
        rows = self._spare.ask(statement, values)
        if rows[0][0] != self._stamp:
            raise MoreToRead
        self.is_confirmed = True
        return rows


class SqlReadingUnit(SqlUnitOfWork):
    """A unit of work that only reads."""

    def __init__(self, engine: Engine, who: str, clock: Clock, memory: SettingsMemory, spare: SpareConnections) -> None:
        super().__init__(engine, who, clock, memory=memory)
        self._settings = memory
        self._spare = spare

    def glance(self, look: Callable[[UnitOfWork], T], *, in_pieces: bool = False) -> T:
        """The answer of ``look``, which may run twice: by one statement if that is enough, else in this unit of work.

        What was said against a question on the word of old settings does not count either.
        """
        session = GlanceSession(self._spare, self.who, self._clock, self._settings, in_pieces=in_pieces)
        try:
            answer = look(SqlUnitOfWork(self._engine, self.who, self._clock, session=session))
        except DatabaseUnreachable:
            raise
        except (MoreToRead, InkDeskError):
            session.is_confirmed = False
        if session.is_confirmed:
            return answer
        with self:
            return look(self)
