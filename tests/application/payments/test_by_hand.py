"""Cash and transfers beside links, two desks at one till, and Stripe away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, get_ident

import pytest
from support.book import TUESDAY, a_booking, put
from support.clock import StandingClock
from support.payment_desk import PaymentDesk
from support.race import at_once

from inkdesk.application.booking_commands import CancelCommand
from inkdesk.application.booking_service import BookingService
from inkdesk.application.changes import Changes
from inkdesk.application.payment_gateway import PaymentGateway
from inkdesk.application.payment_service import PaymentService
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.errors import InkDeskError, SecretStoreUnavailable, SlotTaken, StaleRecord, StripeNotConfigured
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentMethod, PaymentStatus
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.repositories.bookings import SqlBookingRepository
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from inkdesk.practice import PracticeServer

DEPOSIT = Money(5000, "EUR")


def cash(desk: PaymentDesk, booking_id: int, key: str = "till-1") -> Changes:
    return desk.payments.record_by_hand(booking_id, PaymentMethod.CASH, DEPOSIT, key)


def bookings_of(desk: PaymentDesk) -> BookingService:
    return BookingService(desk.database.write, desk.clock, desk.payments, LibraryPhoneNumbers())


def test_cash_is_refused_when_the_link_was_paid_a_moment_ago(desk: PaymentDesk) -> None:
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)

    with pytest.raises(StaleRecord, match="paid by link a moment ago"):
        cash(desk, booking_id)

    assert [one.method for one in desk.attempts(booking_id)] == [PaymentMethod.LINK]
    assert desk.status(booking_id) is BookingStatus.CONFIRMED


def test_cash_with_two_keys_is_taken_once(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    cash(lone_desk, booking_id, "till-1")
    with pytest.raises(StaleRecord, match="paid already"):
        cash(lone_desk, booking_id, "till-2")
    assert lone_desk.ledger(booking_id) == ["asked", "paid"]


def test_cash_for_a_cancelled_booking_is_refused(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    version = lone_desk.booking(booking_id).version
    bookings_of(lone_desk).cancel(CancelCommand(booking_id=booking_id, version=version, fate=DepositFate.KEEP))
    with pytest.raises(StaleRecord, match="cancelled"):
        cash(lone_desk, booking_id)
    assert lone_desk.ledger(booking_id) == ["asked"]


@pytest.mark.parametrize("status", [BookingStatus.COMPLETED, BookingStatus.NO_SHOW])
def test_cash_for_a_sitting_that_is_over_is_refused(lone_desk: PaymentDesk, status: BookingStatus) -> None:
    with lone_desk.database.write() as uow:
        booking = put(uow, replace(a_booking(lone_desk.book), status=status), lone_desk.book.ana)
        uow.commit()
    with pytest.raises(StaleRecord, match="over"):
        cash(lone_desk, booking.id)


def test_cash_comes_second_to_a_link_that_was_paid_earlier(desk: PaymentDesk) -> None:
    desk.first_to_pay_wins()
    early, early_session = desk.held_link(blocks=False)
    late, late_session = desk.held_link(blocks=False)
    desk.server.pay(early_session)
    desk.pass_time(seconds=60)

    with pytest.raises(SlotTaken):
        cash(desk, late)

    assert (desk.status(early), desk.status(late)) == (BookingStatus.CONFIRMED, BookingStatus.LAPSED)
    assert [one.method for one in desk.attempts(late)] == [PaymentMethod.LINK]
    assert desk.gateway.session(late_session).status.value == "expired"


def test_cash_closes_the_links_for_its_slot(desk: PaymentDesk) -> None:
    desk.first_to_pay_wins()
    unpaid, session_id = desk.held_link(blocks=False)
    paid, _ = desk.held_link(blocks=False)

    changes = cash(desk, paid)

    assert {unpaid, paid} <= changes.bookings
    assert (desk.status(paid), desk.status(unpaid)) == (BookingStatus.CONFIRMED, BookingStatus.LAPSED)
    assert desk.gateway.session(session_id).status.value == "expired"
    assert desk.task_kinds() == ["slot_lost"]


def _revoked(desk: PaymentDesk) -> None:
    desk.server.access.revoke(desk.server.key)


def _nothing(_: PaymentDesk) -> None:
    """Stripe would answer."""


@pytest.mark.parametrize(
    ("trouble", "failure"),
    [
        (_revoked, None),
        (_nothing, StripeNotConfigured(message("There is no Stripe key yet."))),
        (_nothing, SecretStoreUnavailable(message("The keyring is locked."))),
    ],
)
def test_cash_is_taken_without_a_usable_key_and_the_link_is_ended_later(
    lone_desk: PaymentDesk, trouble: Callable[[PaymentDesk], None], failure: InkDeskError | None
) -> None:
    booking_id, session_id = lone_desk.held_link()
    trouble(lone_desk)

    def gateway() -> PaymentGateway:
        if failure is not None:
            raise failure
        return lone_desk.gateway

    database = lone_desk.database
    payments = PaymentService(database.write, database.read, gateway, lone_desk.clock, "http://127.0.0.1/done")

    payments.record_by_hand(booking_id, PaymentMethod.CASH, DEPOSIT, "till-1")

    assert lone_desk.status(booking_id) is BookingStatus.CONFIRMED
    lone_desk.server.access.grant(lone_desk.server.key)
    lone_desk.server.pay(session_id)
    lone_desk.look()
    by_method = {one.method.value: one.status for one in lone_desk.attempts(booking_id)}
    assert by_method == {"link": PaymentStatus.REFUNDED, "cash": PaymentStatus.PAID}


def test_two_desks_with_two_keys_at_once_take_the_money_once(
    server: PracticeServer, postgres_url: str, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite one desk waits for the other from the start; here both have read the booking before either writes."""
    database = Database.open(postgres_url, who="Desk 1", clock=clock)
    desk = PaymentDesk.open(server, database, clock)
    with database.write() as uow:
        booking = put(uow, a_booking(desk.book, TUESDAY), desk.book.ana)
        uow.commit()
    both_read = Barrier(2)
    save, waited = SqlBookingRepository.save, set[int]()

    def save_together(repository: SqlBookingRepository, changed: Booking) -> Booking:
        if get_ident() not in waited:
            waited.add(get_ident())
            both_read.wait(30)
        return save(repository, changed)

    monkeypatch.setattr(SqlBookingRepository, "save", save_together)

    answers = at_once(2, lambda number, _: cash(desk, booking.id, f"till-{number}"))

    assert [type(one) for one in answers if isinstance(one, BaseException)] == [StaleRecord]
    assert desk.ledger(booking.id) == ["paid"]
    desk.close()
    database.close()


def test_cash_waits_for_no_answer_if_no_link_could_pay_for_its_time(desk: PaymentDesk) -> None:
    booking_id, _ = desk.held_link()
    desk.payments.holds.release(booking_id, "called", "release")
    desk.held_link(TUESDAY + timedelta(hours=3))

    def nobody() -> PaymentGateway:
        raise AssertionError("Stripe is asked")

    till = PaymentService(desk.database.write, desk.database.read, nobody, desk.clock)
    till.record_by_hand(booking_id, PaymentMethod.CASH, DEPOSIT, "till-1")
    assert desk.status(booking_id) is BookingStatus.CONFIRMED
