"""What the use cases need from the outside world. Infrastructure implements it, tests use hand-written fakes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self, TypeVar

from inkdesk.domain.artists import Artist, DateOverride, Leave
from inkdesk.domain.bookings import Booking
from inkdesk.domain.catalogue import Service, Station
from inkdesk.domain.spans import Span
from inkdesk.domain.studio import Studio
from inkdesk.domain.sweeps import Pair

if TYPE_CHECKING:
    from inkdesk.application.client_ports import ClientRepository
    from inkdesk.application.group_ports import GroupRepository
    from inkdesk.application.payment_ports import AccountRepository, PaymentRepository, PollerRepository
    from inkdesk.domain.series import Series


T = TypeVar("T")


class Clock(Protocol):
    """This computer's clock."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...


class Claim(NamedTuple):
    """What a booking or a blocked time takes of one resource (an artist or a station unit)."""

    resource_id: int
    span: Span


class StudioRepository(Protocol):
    """The one studio this unit of work is about."""

    def find(self) -> Studio | None:
        """The studio, or None in an empty database."""
        ...

    def get(self) -> Studio:
        """The studio; raises InkDeskError (VALIDATION) in an empty database."""
        ...

    def add(self, studio: Studio) -> Studio:
        """Store the first studio; ValidationError if there is one, also if another desk was faster just now."""
        ...

    def save(self, studio: Studio) -> Studio:
        """Store changes; StaleRecord if ``version`` is not the stored one. The answer has the new version."""
        ...


class ArtistRepository(Protocol):
    """Artists with their plans of hours, date overrides and leave."""

    def all(self, *, with_inactive: bool = False) -> list[Artist]:
        """Artists in display order (id)."""
        ...

    def get(self, artist_id: int) -> Artist:
        """One artist; ValidationError if there is none."""
        ...

    def add(self, artist: Artist) -> Artist:
        """Store a new artist with a new resource; the answer has both ids."""
        ...

    def save(self, artist: Artist) -> Artist:
        """Store changes, plans and styles included; StaleRecord on a version conflict."""
        ...

    def overrides(self, artist_ids: Sequence[int], first: date, last: date) -> list[DateOverride]:
        """Overrides of dates from ``first`` to ``last``, both included."""
        ...

    def set_override(self, override: DateOverride) -> None:
        """Replace the hours of one date."""
        ...

    def clear_override(self, artist_id: int, on: date) -> None:
        """Go back to the planned hours on one date."""
        ...

    def leaves(self, within: Span) -> list[Leave]:
        """Leave of any artist and closures of the studio that meet ``within``, by start."""
        ...

    def add_leave(self, leave: Leave) -> Leave:
        """Store a leave; the answer has its id."""
        ...

    def remove_leave(self, leave_id: int) -> None:
        """Take a leave back; unknown ids are ignored."""
        ...


class CatalogueRepository(Protocol):
    """Services and stations."""

    def services(self, *, with_inactive: bool = False) -> list[Service]:
        """Services by id."""
        ...

    def service(self, service_id: int) -> Service:
        """One service; ValidationError if there is none."""
        ...

    def add_service(self, service: Service) -> Service:
        """Store a new service; the answer has its id."""
        ...

    def save_service(self, service: Service) -> Service:
        """Store changes; StaleRecord on a version conflict."""
        ...

    def stations(self, *, with_inactive: bool = False) -> list[Station]:
        """Stations by id, each with the resource ids of its units."""
        ...

    def add_station(self, station: Station, units: int) -> Station:
        """Store a new station with so many units (resources)."""
        ...

    def save_station(self, station: Station) -> Station:
        """Store name, kind and activity; StaleRecord on a version conflict. Units stay."""
        ...


class BookingRepository(Protocol):
    """Bookings, their history and the guard's claims."""

    def get(self, booking_id: int) -> Booking:
        """One booking; ValidationError if there is none."""
        ...

    def by_ids(self, booking_ids: Collection[int]) -> list[Booking]:
        """These bookings, oldest first; one that is not in the book is left out."""
        ...

    def by_request_key(self, key: str) -> Booking | None:
        """The booking a form with this request key already made."""
        ...

    def add(self, booking: Booking) -> Booking:
        """Store a new booking; the answer has its id. The request key is unique."""
        ...

    def save(self, booking: Booking) -> Booking:
        """Store changes; StaleRecord on a version conflict."""
        ...

    def note_history(self, booking_id: int, what: str, why: str) -> None:
        """Append one line to the booking's history; who and when are known to the unit of work."""
        ...

    def lock_resources(self, resource_ids: Sequence[int]) -> None:
        """Keep other writers off these resources until this unit of work ends; taken in id order."""
        ...

    def lock_rows(self, booking_ids: Collection[int]) -> None:
        """Keep other writers off these bookings until this unit of work ends; taken in id order.

        Use ``lock_for_money``: it takes these locks after those of the resources, as everybody does.
        """
        ...

    def busy(
        self, resource_ids: Sequence[int], within: Span, *, without: Collection[int] = ()
    ) -> dict[int, list[Pair]]:
        """Blocking spans that meet ``within`` by resource, sorted; every asked id has an entry.

        Claims of the bookings ``without`` do not count.
        """
        ...

    def sittings(
        self, artist_ids: Sequence[int], within: Span, *, without: Collection[int] = ()
    ) -> dict[int, list[Span]]:
        """Sittings that keep their slot and start in ``within``, by artist, sorted; every asked id has an entry.

        Co-artists count like the first one; a group sitting counts once for its host, however many seats are taken.
        The bookings ``without`` do not count.
        """
        ...

    def blocking_bookings(self, resource_ids: Sequence[int], within: Span) -> list[Booking]:
        """Bookings whose blocking claims meet ``within``, by start."""
        ...

    def claim(self, booking_id: int | None, claims: Sequence[Claim], *, blocks: bool) -> None:
        """Replace the booking's claims by these (None: a blocked time, added). SlotTaken if the guard refuses."""
        ...

    def claims_of(self, booking_id: int) -> list[Claim]:
        """What the booking claims, blocking or not, in the order in which it was claimed."""
        ...

    def claims_by_booking(self, booking_ids: Collection[int]) -> dict[int, list[Claim]]:
        """What each of the bookings claims, blocking or not; every asked id has an entry."""
        ...

    def set_blocks(self, booking_id: int, *, blocks: bool) -> None:
        """Let the booking's claims go, or make them block; SlotTaken if the guard refuses."""
        ...

    def holds(self) -> list[Booking]:
        """All bookings in PENDING_PAYMENT, by deadline."""
        ...

    def open_of_client(self, client_id: int) -> list[Booking]:
        """A client's bookings that are requested, held or confirmed, by start."""
        ...


class SeriesRepository(Protocol):
    """Bookings that were made as one."""

    def by_request_key(self, key: str) -> Series | None:
        """The series a form with this request key already made."""
        ...

    def add(self, series: Series) -> Series:
        """Store a new series; the answer has its id. The request key is unique."""
        ...

    def bookings_of(self, series_id: int) -> list[Booking]:
        """Its bookings of any status, by start."""
        ...


class RequestRepository(Protocol):
    """Answers to user actions that make no booking: a retry after a lost acknowledgement finds what was done."""

    def result_of(self, request_key: str) -> str | None:
        """What the action with this key answered, None if it was never done."""
        ...

    def note(self, request_key: str, result: str) -> bool:
        """Remember the answer; False if the key was used already."""
        ...


class UnitOfWork(Protocol):
    """One transaction of one user action. Leaving the block without ``commit`` rolls everything back.

    Every method may raise DatabaseUnreachable. ``who`` names desk and user for history and ledger.
    """

    who: str

    @property
    def studio(self) -> StudioRepository:
        """The studio."""
        ...

    @property
    def artists(self) -> ArtistRepository:
        """Artists."""
        ...

    @property
    def catalogue(self) -> CatalogueRepository:
        """Services and stations."""
        ...

    @property
    def clients(self) -> ClientRepository:
        """Clients."""
        ...

    @property
    def bookings(self) -> BookingRepository:
        """Bookings."""
        ...

    @property
    def series(self) -> SeriesRepository:
        """Series."""
        ...

    @property
    def groups(self) -> GroupRepository:
        """Group sittings."""
        ...

    @property
    def payments(self) -> PaymentRepository:
        """Payments."""
        ...

    @property
    def accounts(self) -> AccountRepository:
        """Stripe accounts."""
        ...

    @property
    def poller(self) -> PollerRepository:
        """Who asks Stripe."""
        ...

    @property
    def requests(self) -> RequestRepository:
        """Answers to requests."""
        ...

    def remembered(self, asked: Hashable, work_out: Callable[[], T]) -> T:
        """The answer of ``work_out``, which follows from settings alone; a unit that reads keeps it until one changes.

        Settings are the studio, artists with hours and leave, services and stations. Two questions that may differ in
        their answers differ in ``asked``, of which there are few. Nobody may change the answer.
        """
        ...

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back unless committed."""
        ...

    def commit(self) -> None:
        """Make it last. Only when this returned may anything be called saved."""
        ...


class ReadingUnit(UnitOfWork, Protocol):
    """A unit of work that only reads; its ``commit`` is never called."""

    def glance(self, look: Callable[[UnitOfWork], T], *, in_pieces: bool = False) -> T:
        """The answer of ``look`` to one consistent picture, without entering the unit.

        Quickest for what needs no more than settings and one ``busy``: then a single statement is asked. So ``look``
        may run twice, and does nothing but read through the unit that it is given. ``in_pieces`` allows one statement
        for each ``busy``: settings are the same in all, but each sees the book at its own moment. That is right for
        who offers out of each piece by itself.
        """
        ...


WriteUnit = Callable[[], UnitOfWork]
"""Begins a unit of work that may write (SQLite: BEGIN IMMEDIATE)."""
ReadUnit = Callable[[], ReadingUnit]
"""Begins one that only reads a consistent picture."""


class SecretStore(Protocol):
    """The operating system's keyring. Every method may raise SecretStoreUnavailable and may wait for a person."""

    def get(self, name: str) -> str | None:
        """The secret, or None if there is none."""
        ...

    def set(self, name: str, secret: str) -> None:
        """Keep the secret; it was read back before this returns."""
        ...

    def delete(self, name: str) -> None:
        """Forget it; unknown names are ignored."""
        ...


class PhoneNumbers(Protocol):
    """Phone numbers as people type them."""

    def normalise(self, typed: str, region: str) -> str:
        """E.164 of a typed number; national ones by ``region`` (ISO 3166, e.g. FR). ValidationError if it is none."""
        ...

    def show(self, phone: str, region: str) -> str:
        """A stored number as people of ``region`` write it."""
        ...
