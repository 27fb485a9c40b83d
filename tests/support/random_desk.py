"""A random studio in a database, and a desk that books there without any money."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import NoReturn

from inkdesk.application.availability_service import AvailabilityService, FreeSlot
from inkdesk.application.booking_commands import BookCommand, CancelCommand, DepositChoice
from inkdesk.application.booking_service import BookingService
from inkdesk.application.payment_service import PaymentService
from inkdesk.domain.artists import Artist, DateOverride, Leave
from inkdesk.domain.bookings import Booking, DepositFate
from inkdesk.domain.catalogue import Service, Station
from inkdesk.domain.clients import Client
from inkdesk.domain.errors import SlotTaken, SlotUnavailable, StripeNotConfigured
from inkdesk.domain.hours import WallSpan, WeeklyHours, WeeklyPlan
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.sitting import Processing, Sitting
from inkdesk.domain.slot_rules import NO_LIMITS, Alignment, Limits
from inkdesk.domain.studio import Mode, Studio
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from support.clock import StandingClock

NIGHTS = [
    ("Europe/Paris", date(2026, 10, 24)),
    ("Europe/Paris", date(2026, 3, 28)),
    ("America/New_York", date(2026, 10, 31)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),
    ("Africa/Cairo", date(2026, 4, 23)),
    ("Africa/Cairo", date(2026, 10, 29)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
    ("Pacific/Apia", date(2011, 12, 29)),
]
ABROAD = ["Asia/Kolkata", "America/New_York", "Pacific/Kiritimati"]
DAYS = 2


@dataclass(frozen=True)
class Question:
    """Who is asked for which service; ``artist_id`` None is anyone."""

    artist_id: int | None
    service: Service
    with_artist_ids: tuple[int, ...] = ()


@dataclass
class RandomDesk:
    """The studio, around the night when its clock changes."""

    database: Database
    clock: StandingClock
    first: date
    studio: Studio
    artists: list[Artist]
    services: list[Service]
    client: Client

    @classmethod
    def open(cls, database: Database, clock: StandingClock, seed: int, alignment: Alignment) -> "RandomDesk":
        """Fill the database; the present is within half a day before or after the first date begins."""
        random = Random(seed)
        zone, first = NIGHTS[seed % len(NIGHTS)]
        midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
        clock.at = midnight + timedelta(minutes=random.randint(-720, 720), seconds=random.randint(0, 59))
        with database.write() as uow:
            studio = uow.studio.add(_studio(random, zone, alignment))
            artists = [uow.artists.add(_artist(random, number, first)) for number in range(3)]
            for artist in artists[:2]:
                uow.artists.set_override(DateOverride(artist_id=artist.id, on=first, spans=_hours(random)))
            for whom in (artists[1].id, None):
                start = midnight + timedelta(minutes=15 * random.randint(0, 180))
                ends_at = start + timedelta(minutes=15 * random.randint(1, 20))
                uow.artists.add_leave(Leave(artist_id=whom, starts_at=start, ends_at=ends_at, reason="away"))
            uow.catalogue.add_station(Station(name="Chair", kind="chair"), 2)
            uow.catalogue.add_station(Station(name="Sink", kind="sink"), 1)
            services = [uow.catalogue.add_service(one) for one in _services(random)]
            client = uow.clients.add(Client(name="Zoé Müller", phone="+33612345678"))
            uow.commit()
        return cls(database, clock, first, studio, artists, services, client)

    def __post_init__(self) -> None:
        def no_gateway() -> NoReturn:
            raise StripeNotConfigured(message("No key."))

        database = self.database
        payments = PaymentService(database.write, database.read, no_gateway, self.clock, "https://example.org")
        self.bookings = BookingService(database.write, self.clock, payments, LibraryPhoneNumbers())
        self.availability = AvailabilityService(database.read, self.clock)
        self._keys = count()

    def questions(self) -> list[Question]:
        """Each service with one artist, with anyone, and with two at once."""
        one, other, third = (artist.id for artist in self.artists)
        ways: list[tuple[int | None, tuple[int, ...]]] = [(one, ()), (None, ()), (other, (third,))]
        return [Question(who, service, others) for service in self.services for who, others in ways]

    def slots(self, question: Question) -> list[FreeSlot]:
        """What is offered on the days around the change."""
        last = self.first + timedelta(days=DAYS - 1)
        return self.availability.slots(
            question.artist_id, question.service.id, self.first, last, with_artist_ids=question.with_artist_ids
        )

    def book(self, question: Question, slot: FreeSlot) -> Booking:
        """Book a slot as it was offered."""
        return self._book(question, slot.artist_ids[0], slot.artist_ids[1:], slot.starts_at)

    def is_refused(self, question: Question, artist_id: int, starts_at: datetime) -> bool:
        """Try to book a start; if it is booked, cancel it again."""
        try:
            booking = self._book(question, artist_id, question.with_artist_ids, starts_at)
        except (SlotTaken, SlotUnavailable):
            return True
        self.cancel(booking)
        return False

    def cancel(self, booking: Booking) -> None:
        """Let it go."""
        self.bookings.cancel(CancelCommand(booking_id=booking.id, version=booking.version, fate=DepositFate.KEEP))

    def starts(self, artist_id: int, every_min: int) -> Iterator[datetime]:
        """The times of the range at which the artist's clock shows a multiple of so many minutes."""
        artist = next(one for one in self.artists if one.id == artist_id)
        zone = artist.zone_info or self.studio.zone_info
        at = datetime(self.first.year, self.first.month, self.first.day, tzinfo=UTC) - timedelta(days=1)
        for _ in range((DAYS + 2) * 288):
            at += timedelta(minutes=5)
            shown, date_here = at.astimezone(zone), at.astimezone(self.studio.zone_info).date()
            if (shown.hour * 60 + shown.minute) % every_min == 0 and 0 <= (date_here - self.first).days < DAYS:
                yield at

    def _book(self, question: Question, artist_id: int, others: tuple[int, ...], starts_at: datetime) -> Booking:
        command = BookCommand(
            request_key=f"form {next(self._keys)}",
            artist_id=artist_id,
            with_artist_ids=others,
            service_id=question.service.id,
            starts_at=starts_at,
            client=self.client.id,
            choice=DepositChoice.NONE,
        )
        return self.bookings.book(command).booking


def _studio(random: Random, zone: str, alignment: Alignment) -> Studio:
    return Studio(
        uid="studio-1",
        name="Nadel & Co",
        zone=zone,
        currency="EUR",
        mode=Mode.PRACTICE,
        alignment=alignment,
        slot_step_s=60 * random.choice([30, 45, 60]),
        minimum_notice_s=random.choice([0, 0, 5400]),
        horizon_days=random.choice([None, 1, 365]),
        open_days=random.choice([None, None, 2]),
    )


def _hours(random: Random) -> tuple[WallSpan, ...]:
    """A day span, or a night, or both."""
    day = WallSpan(15 * random.randint(28, 40), 15 * random.randint(56, 80))
    night = WallSpan(15 * random.randint(84, 92), 15 * random.randint(100, 120))
    return random.choice([(day,), (night,), (day, night)])


def _week(random: Random) -> WeeklyHours:
    return tuple(_hours(random) for _ in range(7))


def _artist(random: Random, number: int, first: date) -> Artist:
    is_guest = number == 2
    plan = WeeklyPlan((_week(random), _week(random)), week_a=first + timedelta(days=random.randint(0, 20)))
    later = WeeklyPlan((_week(random),), first + timedelta(days=1))
    return Artist(
        name=f"Artist {number}",
        zone=random.choice(["", *ABROAD]) if is_guest else "",
        is_guest=is_guest,
        stays_from=first + timedelta(days=random.randint(-1, 1)) if is_guest else None,
        pause_s=60 * random.choice([0, 10, 25]),
        plans=(plan, later) if number == 1 else (plan,),
        limits=Limits(per_day=random.randint(2, 3), long_sitting_s=5400) if number == 0 else NO_LIMITS,
    )


def _services(random: Random) -> list[Service]:
    def service(
        name: str, sitting: Sitting, kind: str, processing: Processing | None = None, units: int = 1
    ) -> Service:
        return Service(
            name=name,
            sitting=sitting,
            price=Money(12000, "EUR"),
            deposit=Money(0, "EUR"),
            station_kind=kind,
            station_units=units,
            station_clean_up_s=random.choice([None, 0, 1800]),
            processing=processing,
        )

    short = Sitting(60 * random.choice([0, 10]), 60 * random.choice([40, 60]), 60 * random.choice([5, 20]))
    long = Sitting(60 * random.choice([5, 30]), 60 * random.choice([120, 150]), 60 * random.choice([0, 45]))
    waits = Processing(1800, 3600, random.choice(["", "sink"]), keeps_station=False)
    return [service("Short", short, "", units=1), service("Long", long, "chair", waits, random.choice([1, 2]))]
