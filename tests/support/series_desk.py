"""The desk that moves bookings and books series, with real payments behind it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from inkdesk.application.booking_commands import DepositChoice, MoveCommand
from inkdesk.application.changes import Changes
from inkdesk.application.move_service import MoveService
from inkdesk.application.series_commands import (
    BookedSeries,
    BookSeriesCommand,
    CancelSeriesCommand,
    MoveSeriesCommand,
)
from inkdesk.application.series_service import SeriesService
from inkdesk.domain.bookings import Booking, DepositFate
from inkdesk.domain.catalogue import Service
from inkdesk.domain.money import Money
from inkdesk.domain.series import Scope, SeriesKind
from support.book import HOUR, TUESDAY
from support.front import Front

WEEK = timedelta(weeks=1)
LATER = TUESDAY + 2 * HOUR
"""Where a booking that stands at ``TUESDAY`` is moved to."""


@dataclass
class SeriesDesk:
    """``front`` books single sittings in the same book."""

    front: Front
    moves: MoveService = field(init=False)
    series: SeriesService = field(init=False)

    def __post_init__(self) -> None:
        money = self.front.money
        desk, clock, payments = money.database, money.clock, money.payments
        self.moves = MoveService(desk.write, clock, payments)
        self.series = SeriesService(desk.write, desk.read, clock, self.front.bookings, payments)

    def command(self, **how: object) -> BookSeriesCommand:
        """Four Tuesdays at 11:00 in Paris, without a deposit."""
        book = self.front.money.book
        draft = BookSeriesCommand(
            request_key="series",
            kind=SeriesKind.REPEAT,
            rule="FREQ=WEEKLY;INTERVAL=1;COUNT=4",
            artist_id=book.ana.id,
            service_id=book.service.id,
            starts=tuple(TUESDAY + n * WEEK for n in range(4)),
            client=book.client.id,
            choice=DepositChoice.NONE,
        )
        return replace(draft, **how)  # type: ignore[arg-type]

    def book(self, **how: object) -> BookedSeries:
        return self.series.book(self.command(**how))

    def move(self, booking: Booking, starts_at: datetime, **how: object) -> Changes:
        command = MoveCommand(booking_id=booking.id, version=booking.version, starts_at=starts_at)
        return self.moves.move(replace(command, **how))  # type: ignore[arg-type]

    def move_series(self, booking: Booking, starts_at: datetime, scope: Scope, reason: str = "") -> Changes:
        return self.series.move(
            MoveSeriesCommand(
                booking_id=booking.id,
                version=booking.version,
                starts_at=starts_at,
                scope=scope,
                override_reason=reason,
            )
        )

    def cancel_series(
        self, booking: Booking, scope: Scope, fate: DepositFate = DepositFate.REFUND, refund: Money | None = None
    ) -> Changes:
        return self.series.cancel(
            CancelSeriesCommand(
                booking_id=booking.id, version=booking.version, scope=scope, fate=fate, refund=refund, reason="ill"
            )
        )

    def now(self, booking: Booking) -> Booking:
        """As it stands in the book."""
        return self.front.money.booking(booking.id)

    def starts(self, booked: BookedSeries) -> list[datetime]:
        """Where the sittings of a series stand now, in the order in which they were booked."""
        return [self.now(one).starts_at for one in booked.bookings]

    def seated_service(self, units: int = 1, name: str = "Chair piece") -> Service:
        """A service that needs chairs."""
        with self.front.money.database.write() as uow:
            service = replace(self.front.money.book.service, id=0, name=name, station_kind="chair", station_units=units)
            stored = uow.catalogue.add_service(service)
            uow.commit()
        return stored
