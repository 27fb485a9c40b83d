"""One transaction of one user action."""

from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from inkdesk.application.ports import Clock
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.engines import open_connection
from inkdesk.infrastructure.db.failures import ConnectionLost, unknown_outcome
from inkdesk.infrastructure.db.repositories.artists import SqlArtistRepository
from inkdesk.infrastructure.db.repositories.bookings import SqlBookingRepository
from inkdesk.infrastructure.db.repositories.catalogue import SqlCatalogueRepository
from inkdesk.infrastructure.db.repositories.clients import SqlClientRepository
from inkdesk.infrastructure.db.repositories.payments import SqlPaymentRepository
from inkdesk.infrastructure.db.repositories.requests import SqlRequestRepository
from inkdesk.infrastructure.db.repositories.studio import SqlStudioRepository
from inkdesk.infrastructure.db.session import Session


class SqlUnitOfWork:
    """A transaction with its repositories, rolled back unless committed. ``on_write`` is told of changed books."""

    def __init__(self, engine: Engine, who: str, clock: Clock, *, is_read: bool, on_write: Callable[[], None]) -> None:
        self.who = who
        self._engine = engine
        self._clock = clock
        self._is_read = is_read
        self._on_write = on_write
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Begin: SQLite takes the write lock at once, a read sees one consistent picture."""
        connection = open_connection(self._engine, is_read=self._is_read)
        self._stack.callback(connection.close)
        try:
            connection.begin()
        except BaseException:
            self._stack.close()
            raise
        self._connection = connection
        self._session = session = Session(connection, self.who, self._clock)
        self.studio = SqlStudioRepository(session)
        self.artists = SqlArtistRepository(session)
        self.catalogue = SqlCatalogueRepository(session)
        self.clients = SqlClientRepository(session)
        self.bookings = SqlBookingRepository(session)
        self.payments = SqlPaymentRepository(session)
        self.requests = SqlRequestRepository(session)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Roll back unless committed, and give the connection back."""
        self._stack.close()

    def commit(self) -> None:
        """Make it last. If the connection breaks right here, the error says that the outcome is not known."""
        if self._is_read:
            raise RuntimeError("a unit of work that only reads has nothing to commit")
        if self._session.is_dirty:
            self._count_write()
        transaction = self._connection.get_transaction()
        if transaction is None:
            raise RuntimeError("this unit of work has ended")
        try:
            transaction.commit()
        except ConnectionLost:
            raise unknown_outcome() from None
        if self._session.is_dirty:
            self._on_write()

    def _count_write(self) -> None:
        """Last before the commit, so that desks wait here for each other only as long as a commit takes."""
        count = t.write_count
        mine = count.c.studio_id == self._session.studio_id
        self._connection.execute(count.update().where(mine).values(writes=count.c.writes + 1))
