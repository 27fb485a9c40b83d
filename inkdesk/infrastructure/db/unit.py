"""One transaction of one user action."""

from collections.abc import Callable, Hashable
from contextlib import ExitStack
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from sqlalchemy import Engine

from inkdesk.application.ports import Clock
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.engines import open_connection
from inkdesk.infrastructure.db.failures import ConnectionLost, unknown_outcome
from inkdesk.infrastructure.db.session import Session
from inkdesk.infrastructure.db.settings_memory import SettingsMemory

if TYPE_CHECKING:
    from inkdesk.infrastructure.db.repositories.accounts import SqlAccountRepository
    from inkdesk.infrastructure.db.repositories.artists import SqlArtistRepository
    from inkdesk.infrastructure.db.repositories.bookings import SqlBookingRepository
    from inkdesk.infrastructure.db.repositories.catalogue import SqlCatalogueRepository
    from inkdesk.infrastructure.db.repositories.clients import SqlClientRepository
    from inkdesk.infrastructure.db.repositories.groups import SqlGroupRepository
    from inkdesk.infrastructure.db.repositories.payments import SqlPaymentRepository
    from inkdesk.infrastructure.db.repositories.poller import SqlPollerRepository
    from inkdesk.infrastructure.db.repositories.requests import SqlRequestRepository
    from inkdesk.infrastructure.db.repositories.series import SqlSeriesRepository
    from inkdesk.infrastructure.db.repositories.studio import SqlStudioRepository

T = TypeVar("T")


class SqlUnitOfWork:
    """A transaction with its repositories, rolled back unless committed.

    ``on_write`` is told of changed books; without it the unit only reads, and may remember settings. A unit with a
    ``session`` is in use already, and is not entered.

    A repository is imported when it is first asked for: the first week reads the studio and little else.
    """

    def __init__(
        self,
        engine: Engine,
        who: str,
        clock: Clock,
        *,
        on_write: Callable[[], None] | None = None,
        memory: SettingsMemory | None = None,
        session: Session | None = None,
    ) -> None:
        self.who = who
        self._engine = engine
        self._clock = clock
        self._on_write = on_write
        self._memory = memory
        if session is not None:
            self._session = session
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Begin: SQLite takes the write lock at once, a read sees one consistent picture."""
        connection = open_connection(self._engine, is_read=self._on_write is None)
        self._stack.callback(connection.close)
        try:
            connection.begin()
        except BaseException:
            self._stack.close()
            raise
        self._connection = connection
        self._session = Session(connection, self.who, self._clock, self._memory)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Roll back unless committed, and give the connection back."""
        self._stack.close()

    @cached_property
    def studio(self) -> "SqlStudioRepository":
        """The studio."""
        from inkdesk.infrastructure.db.repositories.studio import SqlStudioRepository  # noqa: PLC0415 - see the class

        return SqlStudioRepository(self._session)

    @cached_property
    def artists(self) -> "SqlArtistRepository":
        """Artists."""
        from inkdesk.infrastructure.db.repositories.artists import SqlArtistRepository  # noqa: PLC0415 - see the class

        return SqlArtistRepository(self._session)

    @cached_property
    def catalogue(self) -> "SqlCatalogueRepository":
        """Services and stations."""
        from inkdesk.infrastructure.db.repositories.catalogue import SqlCatalogueRepository  # noqa: PLC0415 - see the class

        return SqlCatalogueRepository(self._session)

    @cached_property
    def clients(self) -> "SqlClientRepository":
        """Clients."""
        from inkdesk.infrastructure.db.repositories.clients import SqlClientRepository  # noqa: PLC0415 - see the class

        return SqlClientRepository(self._session)

    @cached_property
    def bookings(self) -> "SqlBookingRepository":
        """Bookings."""
        from inkdesk.infrastructure.db.repositories.bookings import SqlBookingRepository  # noqa: PLC0415 - see the class

        return SqlBookingRepository(self._session)

    @cached_property
    def series(self) -> "SqlSeriesRepository":
        """Series."""
        from inkdesk.infrastructure.db.repositories.series import SqlSeriesRepository  # noqa: PLC0415 - see the class

        return SqlSeriesRepository(self._session)

    @cached_property
    def groups(self) -> "SqlGroupRepository":
        """Group sittings."""
        from inkdesk.infrastructure.db.repositories.groups import SqlGroupRepository  # noqa: PLC0415 - see the class

        return SqlGroupRepository(self._session)

    @cached_property
    def payments(self) -> "SqlPaymentRepository":
        """Payments."""
        from inkdesk.infrastructure.db.repositories.payments import SqlPaymentRepository  # noqa: PLC0415 - see the class

        return SqlPaymentRepository(self._session)

    @cached_property
    def accounts(self) -> "SqlAccountRepository":
        """Stripe accounts."""
        from inkdesk.infrastructure.db.repositories.accounts import SqlAccountRepository  # noqa: PLC0415 - see the class

        return SqlAccountRepository(self._session)

    @cached_property
    def poller(self) -> "SqlPollerRepository":
        """Who asks Stripe."""
        from inkdesk.infrastructure.db.repositories.poller import SqlPollerRepository  # noqa: PLC0415 - see the class

        return SqlPollerRepository(self._session)

    @cached_property
    def requests(self) -> "SqlRequestRepository":
        """Answers to requests."""
        from inkdesk.infrastructure.db.repositories.requests import SqlRequestRepository  # noqa: PLC0415 - see the class

        return SqlRequestRepository(self._session)

    def remembered(self, asked: Hashable, work_out: Callable[[], T]) -> T:
        """The answer of ``work_out``, which follows from settings alone; kept until one changes if this only reads."""
        return self._session.remembered(asked, work_out)

    def commit(self) -> None:
        """Make it last. If the connection breaks right here, the error says that the outcome is not known."""
        if self._on_write is None:
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
