"""The desk that decides about money that is in."""

from dataclasses import replace

from inkdesk.application.booking_service import BookingService
from inkdesk.application.deposit_service import DepositService, MoneyLook, RestCommand
from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.deposits import balance_of
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, PaymentMethod
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from support.front import Front, euros
from support.payment_desk import PaymentDesk


class Till(Front):
    """A front desk with the till open."""

    deposits: DepositService

    @classmethod
    def open(cls, money: PaymentDesk) -> "Till":
        """The till of a payment desk."""
        phones = LibraryPhoneNumbers()
        till = cls(money, BookingService(money.database.write, money.clock, money.payments, phones))
        till.deposits = DepositService(money.database.write, money.database.read, money.clock, money.payments)
        return till

    def rest(self, booking: Booking, amount: int, tip: int = 0, key: str = "rest") -> RestCommand:
        """The command of a filled form; whole euros."""
        return RestCommand(
            booking_id=booking.id,
            method=PaymentMethod.CASH,
            amount=euros(amount),
            tip=euros(tip),
            request_key=key,
        )

    def look(self, booking: Booking) -> MoneyLook:
        """The money of a booking."""
        return self.deposits.look(booking.id)

    def sums(self, booking: Booking) -> dict[str, int]:
        """The parts of a booking's balance that are not 0, in whole euros."""
        with self.money.database.read() as uow:
            balance = balance_of(booking.id, uow.payments.ledger_of(booking.id), "EUR")
        parts: dict[str, Money] = {name: getattr(balance, name) for name in balance.__dataclass_fields__}
        parts["left"] = balance.left
        return {name: part.amount_minor // 100 for name, part in parts.items() if part.amount_minor}

    def lines(self, booking: Booking) -> list[LedgerEntry]:
        """The booking's ledger, with money that was rolled over to it."""
        with self.money.database.read() as uow:
            return uow.payments.ledger_of(booking.id)

    def set_status(self, booking: Booking, status: BookingStatus) -> Booking:
        """Put a booking into a status behind everybody's back."""
        with self.money.database.write() as uow:
            saved = uow.bookings.save(replace(uow.bookings.get(booking.id), status=status))
            uow.commit()
        return saved

    def fresh(self, booking: Booking) -> Booking:
        """The booking as it stands in the book."""
        return self.money.booking(booking.id)
