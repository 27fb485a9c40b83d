"""One desk with a real database, talking to a practice server through the real library."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inkdesk.application.payment_service import PaymentService
from inkdesk.application.reconcile_service import LookResult, ReconcileService
from inkdesk.domain.artists import Artist
from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.payments import DeskTask, Payment
from inkdesk.domain.refunds import Refund
from inkdesk.domain.spans import to_seconds
from inkdesk.domain.studio import HoldPolicy, Mode
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.stripe_api.gateway import StripeGateway
from inkdesk.practice import PracticeServer
from support.book import TUESDAY, Book, a_booking, fill, put
from support.clock import StandingClock


@dataclass(slots=True)
class StandingSeconds:
    """A monotonic clock that stands still until it is moved."""

    at: float = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.at


@dataclass(slots=True)
class PaymentDesk:
    """Everything a payment test plays with; both clocks stand until ``pass_time`` moves them together."""

    server: PracticeServer
    database: Database
    clock: StandingClock
    monotonic: StandingSeconds
    gateway: StripeGateway
    payments: PaymentService
    reconcile: ReconcileService
    book: Book

    @classmethod
    def open(cls, server: PracticeServer, database: Database, clock: StandingClock) -> "PaymentDesk":
        """A desk on ``database``, filled with the small studio."""
        server.clock.freeze()
        server.clock.advance(to_seconds(clock.now()) - server.clock.now())
        monotonic = StandingSeconds()
        gateway = StripeGateway(server.key, Mode.PRACTICE, base_url=server.url, retries=0, monotonic=monotonic)
        return cls.on(server, database, clock, monotonic, gateway, fill(database))

    @classmethod
    def on(
        cls,
        server: PracticeServer,
        database: Database,
        clock: StandingClock,
        monotonic: StandingSeconds,
        gateway: StripeGateway,
        book: Book,
    ) -> "PaymentDesk":
        """A desk on a database that holds the small studio already."""
        payments = PaymentService(database.write, database.read, lambda: gateway, clock, server.success_url)
        reconcile = ReconcileService(payments, database.write, database.read, clock)
        return cls(server, database, clock, monotonic, gateway, payments, reconcile, book)

    def close(self) -> None:
        """Let the connections go."""
        self.gateway.close()

    def pass_time(self, **by: float) -> None:
        """Both clocks move on."""
        self.clock.advance(**by)
        self.server.clock.advance(int(timedelta(**by).total_seconds()))
        self.monotonic.at += timedelta(**by).total_seconds()

    def first_to_pay_wins(self) -> None:
        """Change the studio's hold policy."""
        with self.database.write() as uow:
            uow.studio.save(replace(uow.studio.get(), hold_policy=HoldPolicy.FIRST_TO_PAY_WINS))
            uow.commit()

    def hold(
        self, starts_at: datetime = TUESDAY, *, artist: Artist | None = None, blocks: bool = True, minutes: int = 30
    ) -> tuple[Booking, Payment]:
        """An unpaid hold with its saved attempt; nothing was sent yet."""
        who = artist or self.book.ana
        with self.database.write() as uow:
            until = self.payments.stripe_now(uow) + timedelta(minutes=minutes)
            draft = replace(
                a_booking(self.book, starts_at, artist=who), status=BookingStatus.PENDING_PAYMENT, hold_until=until
            )
            booking = put(uow, draft, who, blocks=blocks)
            payment = self.payments.ask_for_deposit(uow, booking, uow.studio.get(), self.clock.now())
            uow.commit()
        return booking, payment

    def held_link(self, starts_at: datetime = TUESDAY, *, blocks: bool = True) -> tuple[int, str]:
        """A hold with an open link: the booking's id and the session's."""
        booking, payment = self.hold(starts_at, blocks=blocks)
        return booking.id, self.payments.open_link(payment.id).payment.session_id

    def look(self, *, sweep: bool = False) -> LookResult:
        """One look of the worker."""
        return self.reconcile.look(sweep=sweep)

    def booking(self, booking_id: int) -> Booking:
        """As it stands in the book."""
        with self.database.read() as uow:
            return uow.bookings.get(booking_id)

    def status(self, booking_id: int) -> BookingStatus:
        """The booking's status."""
        return self.booking(booking_id).status

    def attempts(self, booking_id: int) -> list[Payment]:
        """Every attempt of a booking."""
        with self.database.read() as uow:
            return uow.payments.of_booking(booking_id)

    def payment(self, booking_id: int) -> Payment:
        """The latest attempt of a booking."""
        return self.attempts(booking_id)[-1]

    def refunds(self, payment_id: int) -> Sequence[Refund]:
        """The refunds of a payment."""
        with self.database.read() as uow:
            return uow.payments.refunds_of(payment_id)

    def ledger(self, booking_id: int) -> list[str]:
        """Kinds of a booking's ledger lines, oldest first."""
        return [entry.kind.value for entry in self.database.queries.booking(booking_id).ledger]

    def tasks(self) -> list[DeskTask]:
        """Open tasks."""
        return self.database.queries.open_tasks()

    def task_kinds(self) -> list[str]:
        """Kinds of the open tasks."""
        return [task.kind for task in self.tasks()]
