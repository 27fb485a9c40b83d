"""Payments, refunds, ledger, desk tasks and the poller's memory on both engines."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.book import TUESDAY, Book, a_booking, a_payment, fill
from support.clock import StandingClock

from inkdesk.domain.bookings import Booking
from inkdesk.domain.errors import StaleRecord, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import DeskTask, LedgerEntry, LedgerKind, PaymentStatus
from inkdesk.domain.refunds import Refund, RefundStatus
from inkdesk.infrastructure.db.database import Database


@pytest.fixture
def book(database: Database) -> Book:
    return fill(database)


@pytest.fixture
def booking(database: Database, book: Book) -> Booking:
    with database.write() as uow:
        stored = uow.bookings.add(a_booking(book))
        uow.commit()
    return stored


def an_entry(booking: Booking, key: str) -> LedgerEntry:
    return LedgerEntry(
        kind=LedgerKind.PAID,
        booking_id=booking.id,
        payment_id=None,
        amount=Money(5000, "EUR"),
        at=TUESDAY,
        who="Desk 1",
        why="cash",
        fact_key=key,
    )


def a_task(booking: Booking, key: str) -> DeskTask:
    return DeskTask(
        kind="mismatch",
        booking_id=booking.id,
        payment_id=None,
        sentence=message(
            "{client} paid {amount} at {at} for {day}, {count} times.",
            client="Zoé <b>",
            amount=Money(1250, "EUR"),
            at=TUESDAY,
            day=date(2026, 11, 24),
            count=2,
        ),
        opened_at=TUESDAY,
        fact_key=key,
    )


def test_payments_with_everything_stripe_says(database: Database, booking: Booking) -> None:
    with database.write() as uow:
        asked = uow.payments.add(a_payment(booking))
        assert uow.payments.get(asked.id) == asked
        paid = uow.payments.save(
            replace(
                asked,
                status=PaymentStatus.PAID,
                params='{"mode": "payment"}',
                expires_at=TUESDAY,
                account="acct_1",
                session_id="cs_1",
                url="https://pay.example/1",
                intent_id="pi_1",
                charge_id="ch_1",
                charged_at=TUESDAY + timedelta(minutes=1),
                fee_minor=175,
                refunded_minor=100,
            )
        )
        assert uow.payments.get(asked.id) == paid
        with pytest.raises(StaleRecord):
            uow.payments.save(asked)
        with pytest.raises(ValidationError, match="payment"):
            uow.payments.get(999)


def test_payments_are_found_by_booking_and_stripe_s_ids(database: Database, booking: Booking) -> None:
    with database.write() as uow:
        one = uow.payments.add(replace(a_payment(booking, 1), session_id="cs_1", intent_id="pi_1"))
        two = uow.payments.add(replace(a_payment(booking, 2), session_id="cs_2", status=PaymentStatus.EXPIRED))
        three = uow.payments.add(a_payment(booking, 3))
        four = uow.payments.add(replace(a_payment(booking, 4), status=PaymentStatus.REFUND_DUE))
        assert uow.payments.of_booking(booking.id) == [one, two, three, four]
        assert uow.payments.of_booking(999) == []
        assert uow.payments.by_session(["cs_2", "cs_1", "cs_9", ""]) == [one, two]
        assert uow.payments.by_session([]) == []
        assert uow.payments.by_intent(["pi_1", ""]) == [one]
        assert uow.payments.unfinished() == [one, three, four]


def test_refunds(database: Database, booking: Booking) -> None:
    with database.write() as uow:
        payment = uow.payments.add(a_payment(booking))
        refund = Refund(
            payment_id=payment.id, amount=Money(500, "EUR"), reason="sick", idempotency_key="r1", created_at=TUESDAY
        )
        stored = uow.payments.add_refund(refund)
        assert uow.payments.refunds_of(payment.id) == [stored]
        saved = uow.payments.save_refund(replace(stored, status=RefundStatus.SUCCEEDED, stripe_id="re_1"))
        assert uow.payments.refunds_of(payment.id) == [saved]
        with pytest.raises(StaleRecord):
            uow.payments.save_refund(stored)


def test_a_fact_is_written_once(database: Database, booking: Booking) -> None:
    with database.write() as uow:
        assert uow.payments.write_ledger(an_entry(booking, "paid:1"))
        assert not uow.payments.write_ledger(an_entry(booking, "paid:1"))
        assert uow.payments.write_ledger(an_entry(booking, "paid:2"))
        uow.commit()
    ledger = database.queries.booking(booking.id).ledger
    assert [replace(entry, id=0) for entry in ledger] == [an_entry(booking, "paid:1"), an_entry(booking, "paid:2")]


def test_a_task_is_told_once_and_closed(database: Database, booking: Booking) -> None:
    with database.write() as uow:
        assert uow.payments.open_task(a_task(booking, "a"))
        assert not uow.payments.open_task(a_task(booking, "a"))
        assert uow.payments.open_task(a_task(booking, "b"))
        uow.payments.close_task("b", TUESDAY)
        uow.payments.close_task("unknown", TUESDAY)
        assert uow.payments.open_task(a_task(booking, "b"))  # it closed by itself and is back
        uow.payments.close_task("b", TUESDAY, "Ana")
        assert not uow.payments.open_task(a_task(booking, "b"))  # a person closed it
        (open_one,) = uow.payments.tasks()
        assert (open_one.fact_key, uow.payments.task(open_one.id)) == ("a", open_one)
        uow.commit()
    (told,) = database.queries.open_tasks()
    assert replace(told, id=0) == a_task(booking, "a")


def test_the_poller_s_memory_is_no_change_of_the_book(database: Database, book: Book, clock: StandingClock) -> None:
    other = Database.open(_url(database), who="Desk 2", clock=clock)
    before = other.data_version()
    with database.write() as uow:
        uow.payments.set_poll_state({"cursor": "evt_1", "reads": "3"})
        uow.payments.set_poll_state({"cursor": "evt_2"})
        uow.payments.set_poll_state({})
        uow.commit()
    with database.read() as uow:
        assert uow.payments.poll_state() == {"cursor": "evt_2", "reads": "3"}
    assert other.data_version() == before
    other.close()


def test_two_desks_add_to_one_number(database: Database, book: Book, clock: StandingClock) -> None:
    assert book.studio.id
    other = Database.open(_url(database), who="Desk 2", clock=clock)
    for desk, count in ((database, 3), (other, 4), (database, 5)):
        with desk.write() as uow:
            uow.payments.add_to_poll_state("reads:2026-11-23", count)
            uow.commit()
    with database.read() as uow:
        assert uow.payments.poll_state() == {"reads:2026-11-23": "12"}
    other.close()


def test_refunds_that_are_not_over_are_found_whatever_their_payment_says(database: Database, booking: Booking) -> None:
    with database.write() as uow:
        payment = uow.payments.add(replace(a_payment(booking), status=PaymentStatus.DISPUTED))
        for status in RefundStatus:
            uow.payments.add_refund(
                Refund(
                    payment_id=payment.id,
                    amount=Money(100, "EUR"),
                    reason="",
                    idempotency_key=status.value,
                    status=status,
                    created_at=TUESDAY,
                )
            )
        uow.commit()
    with database.read() as uow:
        found = [one.status for one in uow.payments.unfinished_refunds()]
    assert found == [RefundStatus.CREATING, RefundStatus.PENDING]


def test_the_data_version_tells_what_other_desks_wrote(database: Database, book: Book, clock: StandingClock) -> None:
    other = Database.open(_url(database), who="Desk 2", clock=clock)
    mine, theirs = database.data_version(), other.data_version()
    with other.write() as uow:
        uow.clients.save(replace(book.client, note="new"))
    assert (database.data_version(), other.data_version()) == (mine, theirs)
    with other.write() as uow:
        uow.clients.save(replace(book.client, note="new"))
        uow.commit()
    assert database.data_version() != mine
    assert other.data_version() == theirs
    other.close()


def _url(database: Database) -> str:
    return database._address.url.render_as_string(hide_password=False)
