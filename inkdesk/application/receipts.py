"""Receipts: what was paid for a sitting up to one payment, under a number that stays that payment's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from inkdesk.application.ports import Clock, UnitOfWork, WriteUnit
from inkdesk.application.units import in_unit
from inkdesk.domain.bookings import Booking
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import COLLECTED, LedgerEntry, LedgerKind, Payment, PaymentMethod, PaymentPurpose

HEADER_LINES: Final = 10
HEADER_WIDTH: Final = 100
"""How much stands above a receipt: lines, and characters in each."""
_WENT_BACK: Final = frozenset({LedgerKind.REFUNDED, LedgerKind.DISPUTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """Money that came (``amount`` positive) or went back. ``method`` None: it did not come from outside."""

    what: PaymentPurpose | LedgerKind
    method: PaymentMethod | None
    at: datetime
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Everything that stands on one receipt. ``header`` is the studio's address and tax number, in lines."""

    number: int
    paid_at: datetime
    studio_name: str
    header: Sequence[str]
    client_name: str
    artist_name: str
    service_name: str
    starts_at: datetime
    price: Money
    lines: Sequence[ReceiptLine]
    zone: ZoneInfo

    @property
    def totals(self) -> Sequence[Money]:
        """What was paid in all and not given back, by currency."""
        sums: dict[str, Money] = {}
        for line in self.lines:
            so_far = sums.get(line.amount.currency, Money(0, line.amount.currency))
            sums[line.amount.currency] = so_far + line.amount
        return list(sums.values())

    @property
    def due(self) -> Money:
        """What of the price is still to be paid; tips pay nothing of it."""
        paid = sum(
            line.amount.amount_minor
            for line in self.lines
            if line.what is not PaymentPurpose.TIP and line.amount.currency == self.price.currency
        )
        return Money(max(0, self.price.amount_minor - max(0, paid)), self.price.currency)


class ReceiptService:
    """Makes receipts."""

    def __init__(self, write: WriteUnit, clock: Clock) -> None:
        self._write = write
        self._clock = clock

    def issue(self, payment_id: int) -> Receipt:
        """The receipt of a payment; it gets its number the first time. ValidationError if no money came by it."""

        def work(uow: UnitOfWork) -> Receipt:
            payment = uow.payments.get(payment_id)
            if payment.status not in COLLECTED:
                raise ValidationError(message("This payment has no receipt: no money came by it."))
            number = uow.payments.receipt_number(payment_id, self._clock.now())
            return _receipt(uow, number, payment, uow.bookings.get(payment.booking_id))

        return in_unit(self._write, work)


def receipt_lines(payment: Payment, attempts: Iterable[Payment], entries: Iterable[LedgerEntry]) -> list[ReceiptLine]:
    """What was paid for the booking up to ``payment``, what of it went back, and what came from elsewhere, by time.

    ``entries`` are the booking's ledger and the lines of money that was rolled over to it.
    """
    until = came_at(payment)
    included = {one.id: one for one in attempts if one.status in COLLECTED and came_at(one) <= until}
    found = [
        ReceiptLine(what=one.purpose, method=one.method, at=came_at(one), amount=one.amount)
        for one in included.values()
    ]
    for entry in entries:
        if entry.kind in _WENT_BACK and entry.payment_id in included:
            method = included[entry.payment_id].method
            back = Money(-entry.amount.amount_minor, entry.amount.currency)
            found.append(ReceiptLine(what=entry.kind, method=method, at=entry.at, amount=back))
        elif _came_from_elsewhere(entry, payment.booking_id) and entry.at <= until:
            found.append(ReceiptLine(what=entry.kind, method=None, at=entry.at, amount=entry.amount))
    return sorted(found, key=lambda line: line.at)


def came_at(payment: Payment) -> datetime:
    """When the money of a collected payment came."""
    return payment.charged_at or payment.created_at


def check_header(typed: str) -> str:
    """What was typed as the header of receipts, without blank ends. ValidationError (``receipt_header``): too long."""
    lines = [" ".join(line.split()) for line in typed.strip().splitlines()]
    if len(lines) > HEADER_LINES or any(len(line) > HEADER_WIDTH for line in lines):
        raise ValidationError(
            message(
                "A receipt's header has at most {lines} lines of {width} characters. Shorten it.",
                lines=HEADER_LINES,
                width=HEADER_WIDTH,
            ),
            field="receipt_header",
        )
    return "\n".join(lines)


def _came_from_elsewhere(entry: LedgerEntry, booking_id: int) -> bool:
    if entry.kind is LedgerKind.CREDIT_USED:
        return entry.booking_id == booking_id
    return entry.kind is LedgerKind.ROLLED_OVER and entry.to_booking_id == booking_id


def _receipt(uow: UnitOfWork, number: int, payment: Payment, booking: Booking) -> Receipt:
    studio = uow.studio.get()
    attempts, entries = uow.payments.of_booking(booking.id), uow.payments.ledger_of(booking.id)
    return Receipt(
        number=number,
        paid_at=came_at(payment),
        studio_name=studio.name,
        header=studio.receipt_header.splitlines(),
        client_name=uow.clients.get(booking.client_id).name,
        artist_name=uow.artists.get(booking.artist_id).name,
        service_name=uow.catalogue.service(booking.service_id).name,
        starts_at=booking.starts_at,
        price=booking.price,
        lines=receipt_lines(payment, attempts, entries),
        zone=studio.zone_info,
    )
