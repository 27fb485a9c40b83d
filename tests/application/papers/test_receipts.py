"""What stands on a receipt, and its number."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.book import TUESDAY, Book, a_booking, a_payment, fill, put
from support.clock import StandingClock

from inkdesk.application.receipts import ReceiptService, check_header
from inkdesk.domain.bookings import Booking
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, LedgerKind, Payment, PaymentMethod, PaymentPurpose, PaymentStatus
from inkdesk.infrastructure.db.database import Database

NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")


@pytest.fixture
def book(database: Database) -> Book:
    book = fill(database)
    with database.write() as uow:
        uow.studio.save(replace(uow.studio.get(), receipt_header="1 rue Verte\nFR 12"))
        uow.commit()
    return book


@pytest.fixture
def receipts(database: Database, clock: StandingClock) -> ReceiptService:
    return ReceiptService(database.write, clock)


def euros(amount: int) -> Money:
    return Money(amount * 100, "EUR")


def store(database: Database, book: Book, *drafts: dict[str, object]) -> tuple[Booking, list[Payment]]:
    """A booking with collected payments, an hour apart."""
    with database.write() as uow:
        booking = put(uow, a_booking(book), book.ana)
        stored = []
        for number, changes in enumerate(drafts, start=1):
            draft = replace(
                a_payment(booking, number), status=PaymentStatus.PAID, created_at=NOON + timedelta(hours=number)
            )
            stored.append(uow.payments.add(replace(draft, **changes)))  # type: ignore[arg-type]
        uow.commit()
    return booking, stored


def write(
    database: Database, booking: Booking, payment_id: int | None, kind: LedgerKind, amount: Money, **how: object
) -> None:
    with database.write() as uow:
        entry = LedgerEntry(
            kind=kind, booking_id=booking.id, payment_id=payment_id, amount=amount, at=NOON, who="", why="",
            fact_key=f"{kind}:{payment_id}",
        )  # fmt: skip
        assert uow.payments.write_ledger(replace(entry, **how))  # type: ignore[arg-type]
        uow.commit()


def test_a_receipt_of_the_deposit(database: Database, book: Book, receipts: ReceiptService) -> None:
    _, [deposit, _] = store(database, book, {}, {"purpose": PaymentPurpose.REST, "amount": euros(70)})
    receipt = receipts.issue(deposit.id)
    assert (receipt.number, receipt.studio_name, receipt.header) == (1, "Nadel & Co", ["1 rue Verte", "FR 12"])
    assert (receipt.client_name, receipt.artist_name, receipt.service_name) == ("Zoé Müller", "Ana", "Small piece")
    assert (receipt.starts_at, receipt.paid_at) == (TUESDAY, deposit.created_at)
    assert [(line.what, line.method, line.amount) for line in receipt.lines] == [
        (PaymentPurpose.DEPOSIT, PaymentMethod.LINK, euros(50))
    ]
    assert (receipt.totals, receipt.price, receipt.due) == ([euros(50)], euros(120), euros(70))


def test_a_receipt_of_the_rest_shows_what_came_before_and_the_tip(
    database: Database, book: Book, receipts: ReceiptService
) -> None:
    cash = {"method": PaymentMethod.CASH}
    _, [_, rest, _] = store(
        database,
        book,
        {},
        {**cash, "purpose": PaymentPurpose.REST, "amount": euros(70)},
        {**cash, "purpose": PaymentPurpose.TIP, "amount": euros(10), "created_at": NOON + timedelta(hours=2)},
    )
    receipt = receipts.issue(rest.id)
    assert [(line.what, line.amount) for line in receipt.lines] == [
        (PaymentPurpose.DEPOSIT, euros(50)),
        (PaymentPurpose.REST, euros(70)),
        (PaymentPurpose.TIP, euros(10)),
    ]
    assert (receipt.totals, receipt.due) == ([euros(130)], euros(0))


def test_money_that_went_back_or_came_from_elsewhere_stands_on_it(
    database: Database, book: Book, receipts: ReceiptService
) -> None:
    booking, [deposit] = store(database, book, {"status": PaymentStatus.PARTIALLY_REFUNDED})
    other, [moved] = store_other(database, book)
    write(database, booking, deposit.id, LedgerKind.REFUNDED, euros(20), at=NOON + timedelta(days=2))
    write(database, booking, deposit.id, LedgerKind.DISPUTED, euros(3), at=NOON + timedelta(days=1))
    write(database, booking, None, LedgerKind.CREDIT_USED, euros(5))
    write(database, other, moved.id, LedgerKind.ROLLED_OVER, euros(7), to_booking_id=booking.id)
    write(database, booking, deposit.id, LedgerKind.ROLLED_OVER, euros(1), to_booking_id=other.id)
    receipt = receipts.issue(deposit.id)
    assert sorted((line.what.value, line.amount.amount_minor) for line in receipt.lines) == [
        ("credit_used", 500),
        ("deposit", 5000),
        ("disputed", -300),
        ("refunded", -2000),
        ("rolled_over", 700),
    ]
    assert receipt.lines[-1].what is LedgerKind.REFUNDED
    assert (receipt.totals, receipt.due) == ([euros(39)], euros(81))


def store_other(database: Database, book: Book) -> tuple[Booking, list[Payment]]:
    with database.write() as uow:
        booking = put(uow, a_booking(book, TUESDAY + timedelta(hours=4)), book.ana)
        payment = uow.payments.add(replace(a_payment(booking), status=PaymentStatus.PAID))
        uow.commit()
    return booking, [payment]


def test_numbers_are_given_once_and_in_turn(database: Database, book: Book, receipts: ReceiptService) -> None:
    _, [first, second] = store(database, book, {}, {"purpose": PaymentPurpose.REST})
    numbers = [receipts.issue(one.id).number for one in (second, first, second)]
    assert numbers == [1, 2, 1]


@pytest.mark.parametrize("status", [PaymentStatus.OPEN, PaymentStatus.EXPIRED, PaymentStatus.FAILED])
def test_no_receipt_and_no_number_without_money(
    database: Database, book: Book, receipts: ReceiptService, status: PaymentStatus
) -> None:
    _, [payment, paid] = store(database, book, {"status": status}, {})
    with pytest.raises(ValidationError, match="no money came"):
        receipts.issue(payment.id)
    assert receipts.issue(paid.id).number == 1


def test_a_header_is_a_few_short_lines() -> None:
    assert check_header("  1 rue   Verte \n\n FR 12 \n ") == "1 rue Verte\n\nFR 12"
    assert check_header("") == ""
    for typed in ("x" * 101, "\n".join("x" * 11)):
        with pytest.raises(ValidationError, match="at most 10 lines of 100") as refused:
            check_header(typed)
        assert refused.value.field == "receipt_header"
