"""The read model of the calendar and of lists of bookings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from inkdesk.domain.artists import Artist, Leave
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.capacity import Party, loads_of, peak
from inkdesk.domain.hours import WallSpan
from inkdesk.domain.money import Money
from inkdesk.domain.spans import Span

if TYPE_CHECKING:
    from inkdesk.application.ledger_view import LedgerFilter, LedgerNames, LedgerPlace, LedgerSums
    from inkdesk.domain.catalogue import CancellationPolicy
    from inkdesk.domain.clients import Client
    from inkdesk.domain.payments import DeskTask, LedgerEntry, Payment, PaymentMethod, PaymentStatus
    from inkdesk.domain.statement import BookLine


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingCard:
    """One booking as the calendar and lists show it. ``occupied`` is what its artists are kept for.

    ``with_artist_ids`` are the artists beside ``artist_id``, by id; ``series_id`` and ``group_id`` the series and the
    group sitting it belongs to. In its series it is number ``series_number`` of ``series_count`` by start, cancelled
    and lapsed sittings left out; both are 0 if it is in none, or is left out itself.
    """

    booking_id: int
    artist_id: int
    client_id: int
    client_name: str
    service_name: str
    starts_at: datetime
    ends_at: datetime
    occupied: Span
    status: BookingStatus
    hold_until: datetime | None
    price: Money
    deposit: Money
    paid_minor: int
    note: str
    checked_in_at: datetime | None
    version: int
    with_artist_ids: tuple[int, ...] = ()
    series_id: int | None = None
    series_number: int = 0
    series_count: int = 0
    group_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCard:
    """One group sitting as the calendar shows it. ``occupied`` is what its host is kept for, with before and after.

    ``parties`` are the bookings that keep seats, by booking id (``Party.key``); their cards name it in ``group_id``
    and claim nothing of the host, so they belong inside this card. ``unit_ids`` are the seats in order.
    """

    group_id: int
    artist_id: int
    title: str
    service_name: str
    starts_at: datetime
    ends_at: datetime
    occupied: Span
    seats: int
    unit_ids: tuple[int, ...]
    parties: tuple[Party, ...]
    is_cancelled: bool
    note: str
    version: int

    @property
    def seats_taken_peak(self) -> int:
        """The most seats that are taken at one instant."""
        return peak(loads_of(self.parties))

    @property
    def booked(self) -> int:
        """How many bookings keep seats."""
        return len(self.parties)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRange:
    """Everything the calendar shows of ``[first, last]`` (dates, both included), in the studio's zone.

    ``hours[(artist_id, date)]`` are the wall-clock spans in which the artist works that date, in the studio's
    zone, overrides and stay applied, leave not yet taken off; closed dates have an empty tuple.
    """

    zone: str
    first: date
    last: date
    artists: Sequence[Artist]
    cards: Sequence[BookingCard]
    hours: Mapping[tuple[int, date], tuple[WallSpan, ...]]
    leaves: Sequence[Leave]
    groups: Sequence[GroupCard] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMatch:
    """A client found by name or number, with what the desk wants to know first."""

    client: "Client"
    last_artist_id: int | None
    last_service_id: int | None
    next_starts_at: datetime | None
    no_shows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingDetail:
    """One booking with its money and history, newest history line last. ``policy`` is the one it was made with.

    ``ledger`` has the lines of money that was rolled over to it, too.
    """

    card: BookingCard
    client: "Client"
    policy: "CancellationPolicy"
    payments: "Sequence[Payment]"
    ledger: "Sequence[LedgerEntry]"
    history: Sequence[tuple[datetime, str, str, str]]
    """(when, who, what, why)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One ledger entry with the names the page shows, and how its payment stands today (None: it has none).

    ``fee`` and ``net`` are Stripe's, in the currency it settled in; they stand on the line that the money came with.
    """

    entry: "LedgerEntry"
    client_name: str
    artist_name: str
    service_name: str
    starts_at: datetime
    status: BookingStatus
    method: "PaymentMethod | None" = None
    payment_status: "PaymentStatus | None" = None
    fee: Money | None = None
    net: Money | None = None


class BookQueries(Protocol):
    """The read side; each call is one short consistent read and may raise DatabaseUnreachable."""

    def calendar(self, first: date, last: date) -> CalendarRange:
        """Everything between two dates, bookings that only reach in with their clean-up included.

        Cancelled and lapsed bookings and cancelled group sittings are included: the page filters them.
        """
        ...

    def booking(self, booking_id: int) -> BookingDetail:
        """One booking whole; ValidationError if there is none."""
        ...

    def find_clients(self, typed: str, limit: int = 20) -> list[ClientMatch]:
        """Digits match the last digits of a number, letters the starts of name words; "" gives the latest clients."""
        ...

    def find_bookings(self, typed: str, limit: int = 20) -> list[BookingCard]:
        """Bookings of the clients that fit (see ``find_clients``), at most ``limit`` to come and as many that were.

        What is to come is first, the soonest ahead; then what was, the latest ahead. "" finds none.
        """
        ...

    def ledger(
        self, wanted: "LedgerFilter", after: "LedgerPlace | None" = None, limit: int | None = None
    ) -> list[LedgerLine]:
        """The ledger entries that fit, newest first: at most ``limit`` of those that stand behind ``after``."""
        ...

    def ledger_sums(self, wanted: "LedgerFilter") -> "LedgerSums":
        """How many ledger entries fit, and what they come to."""
        ...

    def ledger_names(self, first: date, last: date) -> "LedgerNames":
        """Whose entries there are between two dates (studio's zone, both included)."""
        ...

    def stripe_book(
        self, since: datetime, until: datetime, source_ids: Sequence[str], account: str = ""
    ) -> "list[BookLine]":
        """What the book says that moved in one Stripe account from ``since`` on and before ``until``, by time.

        Whatever is about one of ``source_ids`` (Stripe's ids) is there too, whenever it was.
        """
        ...

    def open_tasks(self) -> "list[DeskTask]":
        """Every open desk task, oldest first."""
        ...
