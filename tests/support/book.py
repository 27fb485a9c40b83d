"""A small studio in a database, and values to put into it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from inkdesk.application.ports import Claim, UnitOfWork
from inkdesk.domain.artists import Artist
from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.catalogue import CancellationPolicy, Service, Station
from inkdesk.domain.clients import Client
from inkdesk.domain.hours import WallSpan, every_week
from inkdesk.domain.money import Money
from inkdesk.domain.payments import Payment, PaymentMethod, PaymentStatus
from inkdesk.domain.sitting import Sitting, occupied_by_artist
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.domain.studio import Mode, Studio
from inkdesk.infrastructure.db.database import Database

NINE_TO_FIVE = ((WallSpan(540, 1020),),) * 5 + ((), ())
HOUR = timedelta(hours=1)
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
_keys = count(1)


@dataclass(frozen=True, slots=True)
class Book:
    """What stands in the database."""

    studio: Studio
    ana: Artist
    bo: Artist
    service: Service
    station: Station
    client: Client


def a_studio(zone: str = "Europe/Paris") -> Studio:
    """A practice studio."""
    return Studio(uid="studio-1", name="Nadel & Co", zone=zone, currency="EUR", mode=Mode.PRACTICE, phone_region="FR")


def a_service(name: str = "Small piece") -> Service:
    """An hour with 10 minutes before and 20 after."""
    return Service(
        name=name,
        sitting=Sitting(600, 3600, 1200),
        price=Money(12000, "EUR"),
        deposit=Money(5000, "EUR"),
        policy=CancellationPolicy(24, 50),
    )


def fill(database: Database, zone: str = "Europe/Paris") -> Book:
    """Store a studio with two artists, a service, a station of two units and a client."""
    with database.write() as uow:
        book = Book(
            studio=uow.studio.add(a_studio(zone)),
            ana=uow.artists.add(Artist(name="Ana", plans=every_week(NINE_TO_FIVE), pause_s=900)),
            bo=uow.artists.add(Artist(name="Bo", plans=every_week(NINE_TO_FIVE))),
            service=uow.catalogue.add_service(a_service()),
            station=uow.catalogue.add_station(Station(name="Chair", kind="chair"), 2),
            client=uow.clients.add(Client(name="Zoé Müller", phone="+33612345678")),
        )
        uow.commit()
    return book


def a_booking(book: Book, starts_at: datetime = TUESDAY, *, artist: Artist | None = None) -> Booking:
    """A confirmed booking, not stored."""
    who = artist or book.ana
    return Booking(
        artist_id=who.id,
        client_id=book.client.id,
        service_id=book.service.id,
        station_id=None,
        starts_at=starts_at,
        sitting=book.service.sitting,
        pause_s=who.pause_s,
        status=BookingStatus.CONFIRMED,
        price=book.service.price,
        deposit=book.service.deposit,
        policy=book.service.policy,
        created_at=TUESDAY - timedelta(days=1),
        request_key=f"key-{next(_keys)}",
    )


def claims_of(booking: Booking, artist: Artist) -> list[Claim]:
    """What the booking takes of its artist."""
    return [Claim(artist.resource_id, occupied(booking))]


def occupied(booking: Booking) -> Span:
    """What the booking keeps its artist for."""
    return occupied_by_artist(to_seconds(booking.starts_at), booking.sitting, booking.pause_s)


def put(uow: UnitOfWork, booking: Booking, artist: Artist, *, blocks: bool = True) -> Booking:
    """Store a booking with its claim; not committed."""
    stored = uow.bookings.add(booking)
    uow.bookings.claim(stored.id, claims_of(stored, artist), blocks=blocks)
    return stored


def a_payment(booking: Booking, attempt: int = 1) -> Payment:
    """A link that was just asked for, not stored."""
    return Payment(
        booking_id=booking.id,
        attempt=attempt,
        method=PaymentMethod.LINK,
        status=PaymentStatus.CREATING,
        amount=booking.deposit,
        idempotency_key=f"pay-{booking.id}-{attempt}",
        created_at=TUESDAY - timedelta(days=1),
    )
