"""A database that shows its first week before SQLAlchemy is loaded."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from threading import Lock
from typing import TYPE_CHECKING

from inkdesk.application.calendar import BookingCard, BookingDetail, BookQueries, CalendarRange, ClientMatch, LedgerLine
from inkdesk.infrastructure.db.first_look import FirstLook

if TYPE_CHECKING:
    from inkdesk.application.ledger_view import LedgerFilter, LedgerNames, LedgerPlace, LedgerSums
    from inkdesk.application.ports import ReadingUnit, UnitOfWork
    from inkdesk.domain.payments import DeskTask
    from inkdesk.domain.statement import BookLine
    from inkdesk.infrastructure.db.database import Database, Health


class EarlyDatabase:
    """A ``Database`` behind a ``FirstLook``: whoever asks for more than a calendar opens it, or waits until it is.

    ``open_whole`` opens it; what that raises, every such call raises, and the next call tries again. Every method
    may be called from any thread.
    """

    kind = "sqlite"

    def __init__(self, first: FirstLook, open_whole: "Callable[[], Database]") -> None:
        self._first = first
        self._open_whole = open_whole
        self._opening = Lock()
        self._whole: Database | None = None
        self._is_version_told = False

    @property
    def url_shown(self) -> str:
        """The file's path."""
        return str(self._first.file)

    @property
    def queries(self) -> BookQueries:
        """The read side."""
        return _EarlyQueries(self)

    def whole(self) -> "Database":
        """The database itself. Raises as ``Database.open``."""
        with self._opening:
            if self._whole is None:
                self._whole = self._open_whole()
            return self._whole

    def calendar(self, first: date, last: date) -> CalendarRange:
        """As ``BookQueries.calendar``; does not wait for the whole database."""
        seen = self._first.calendar(first, last) if self._whole is None else None
        return seen or self.whole().queries.calendar(first, last)

    def write(self) -> "UnitOfWork":
        """As ``Database.write``."""
        return self.whole().write()

    def read(self) -> "ReadingUnit":
        """As ``Database.read``."""
        return self.whole().read()

    def data_version(self) -> int:
        """As ``Database.data_version``; the first answer is the first look's, so nothing written since is missed."""
        now = self.whole().data_version()
        if self._is_version_told:
            return now
        self._is_version_told = True
        return self._first.data_version

    def check(self) -> "Health":
        """As ``Database.check``."""
        return self.whole().check()

    def close(self) -> None:
        """Close every connection; the object is of no use afterwards."""
        if self._whole is not None:
            self._whole.close()


class _EarlyQueries:
    """The calendar by the first look, everything else by the whole database."""

    def __init__(self, database: EarlyDatabase) -> None:
        self._database = database

    def calendar(self, first: date, last: date) -> CalendarRange:
        """Everything between two dates, both included; hours also of the day before ``first``."""
        return self._database.calendar(first, last)

    def booking(self, booking_id: int) -> BookingDetail:
        """One booking whole; ValidationError if there is none."""
        return self._database.whole().queries.booking(booking_id)

    def find_clients(self, typed: str, limit: int = 20) -> list[ClientMatch]:
        """Clients that fit what was typed; "" gives the latest clients."""
        return self._database.whole().queries.find_clients(typed, limit)

    def find_bookings(self, typed: str, limit: int = 20) -> list[BookingCard]:
        """Bookings of the clients that fit what was typed."""
        return self._database.whole().queries.find_bookings(typed, limit)

    def ledger(
        self, wanted: "LedgerFilter", after: "LedgerPlace | None" = None, limit: int | None = None
    ) -> list[LedgerLine]:
        """The ledger entries that fit, newest first."""
        return self._database.whole().queries.ledger(wanted, after, limit)

    def ledger_sums(self, wanted: "LedgerFilter") -> "LedgerSums":
        """How many ledger entries fit, and what they come to."""
        return self._database.whole().queries.ledger_sums(wanted)

    def ledger_names(self, first: date, last: date) -> "LedgerNames":
        """Whose ledger entries there are between two dates, by name."""
        return self._database.whole().queries.ledger_names(first, last)

    def stripe_book(
        self, since: datetime, until: datetime, source_ids: Sequence[str], account: str = ""
    ) -> "list[BookLine]":
        """What the book says that moved in one Stripe account between two instants, and about these ids."""
        return self._database.whole().queries.stripe_book(since, until, source_ids, account)

    def open_tasks(self) -> "list[DeskTask]":
        """Every open desk task, oldest first."""
        return self._database.whole().queries.open_tasks()
