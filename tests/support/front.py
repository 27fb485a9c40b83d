"""The desk that books, with real payments behind it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inkdesk.application.booking_commands import (
    BookCommand,
    Booked,
    CancelCommand,
    DepositChoice,
    MarkCommand,
)
from inkdesk.application.booking_service import BookingService
from inkdesk.application.changes import Changes
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.errors import (
    SlotTaken,
)
from inkdesk.domain.money import Money
from support.book import TUESDAY
from support.payment_desk import PaymentDesk


def euros(amount: int) -> Money:
    return Money(amount * 100, "EUR")


@dataclass
class Front:
    """The desk that books, and the desk that looks at the money."""

    money: PaymentDesk
    bookings: BookingService

    def command(self, **how: object) -> BookCommand:
        book = self.money.book
        draft = BookCommand(
            request_key=f"form-{how}",
            artist_id=book.ana.id,
            service_id=book.service.id,
            starts_at=TUESDAY,
            client=book.client.id,
            choice=DepositChoice.NONE,
        )
        return replace(draft, **how)  # type: ignore[arg-type]

    def book(self, **how: object) -> Booked:
        return self.bookings.book(self.command(**how))

    def paid_link(self, **how: object) -> Booking:
        """A booking whose deposit came by link."""
        booked = self.book(choice=DepositChoice.LINK, **how)
        assert booked.payment_id is not None
        self.money.server.pay(self.money.payments.open_link(booked.payment_id).payment.session_id)
        self.money.look()
        return self.money.booking(booked.booking.id)

    def cancel(self, booking: Booking, fate: DepositFate, refund: Money | None = None) -> Changes:
        return self.bookings.cancel(
            CancelCommand(booking_id=booking.id, version=booking.version, fate=fate, refund=refund, reason="ill")
        )

    def mark(self, booking: Booking, status: BookingStatus) -> Changes:
        return self.bookings.mark(MarkCommand(booking_id=booking.id, version=booking.version, status=status))

    def stored(self) -> list[Booking]:
        """Everything in the book."""
        days = self.money.database.queries.calendar(TUESDAY.date() - timedelta(days=30), TUESDAY.date())
        return [self.money.booking(card.booking_id) for card in days.cards]

    def history(self, booking_id: int) -> list[tuple[str, str]]:
        """(what, why) of each line."""
        return [(what, why) for _at, _who, what, why in self.money.database.queries.booking(booking_id).history]

    def is_kept(self, starts_at: datetime = TUESDAY) -> bool:
        """Whether the artist's slot is taken; asks by booking over it."""
        try:
            self.book(starts_at=starts_at, request_key="probe")
        except SlotTaken:
            return True
        return False
