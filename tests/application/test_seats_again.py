"""A seat that lapsed and is asked or paid for again, and a seat that somebody wants to move."""

from collections.abc import Iterator

import pytest
from support.book import TUESDAY
from support.clock import StandingClock
from support.flash_day import FlashDesk
from support.front import euros
from support.payment_desk import PaymentDesk

from inkdesk.application.booking_commands import DepositChoice, MoveCommand
from inkdesk.application.move_service import MoveService
from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.errors import SlotTaken, ValidationError
from inkdesk.domain.groups import GroupSitting
from inkdesk.domain.payments import PaymentMethod
from inkdesk.infrastructure.db.database import Database
from inkdesk.practice import PracticeServer


@pytest.fixture
def desk(server: PracticeServer, database: Database, clock: StandingClock) -> Iterator[FlashDesk]:
    money = PaymentDesk.open(server, database, clock)
    yield FlashDesk.open(money)
    money.close()


def lapsed_hold(desk: FlashDesk, group: GroupSitting) -> Booking:
    hold = desk.seat(group, choice=DepositChoice.LINK, request_key="hold")
    assert hold.payment_id is not None
    desk.money.payments.open_link(hold.payment_id)
    desk.money.pass_time(minutes=31)
    desk.money.look()
    assert desk.booking(hold).status is BookingStatus.LAPSED
    return desk.booking(hold)


def test_a_new_link_keeps_another_seat_if_the_first_is_gone(desk: FlashDesk) -> None:
    group = desk.plan(seats=2)
    lapsed = lapsed_hold(desk, group)
    other = desk.seat(group, request_key="other").booking
    desk.money.payments.resend_link(lapsed.id)
    assert desk.seats_of(group) == {other.id: (1,), lapsed.id: (2,)}
    assert desk.money.status(lapsed.id) is BookingStatus.PENDING_PAYMENT


def test_no_new_link_without_a_seat(desk: FlashDesk) -> None:
    group = desk.plan(seats=1)
    lapsed = lapsed_hold(desk, group)
    other = desk.seat(group, request_key="other").booking
    with pytest.raises(SlotTaken):
        desk.money.payments.resend_link(lapsed.id)
    assert desk.seats_of(group) == {other.id: (1,)}
    assert desk.money.status(lapsed.id) is BookingStatus.LAPSED


def test_late_money_takes_another_seat_if_the_first_is_gone(desk: FlashDesk) -> None:
    group = desk.plan(seats=2)
    lapsed = lapsed_hold(desk, group)
    other = desk.seat(group, request_key="other").booking
    desk.money.payments.record_by_hand(lapsed.id, PaymentMethod.CASH, euros(50), "late")
    assert desk.seats_of(group) == {other.id: (1,), lapsed.id: (2,)}
    assert desk.money.status(lapsed.id) is BookingStatus.CONFIRMED


def test_late_money_for_no_seat_is_not_taken(desk: FlashDesk) -> None:
    group = desk.plan(seats=1)
    lapsed = lapsed_hold(desk, group)
    desk.seat(group, request_key="other")
    with pytest.raises(SlotTaken):
        desk.money.payments.record_by_hand(lapsed.id, PaymentMethod.CASH, euros(50), "late")
    assert desk.money.status(lapsed.id) is BookingStatus.LAPSED
    assert desk.money.ledger(lapsed.id) == ["asked"]


def test_a_seat_is_not_moved_by_itself(desk: FlashDesk) -> None:
    group = desk.plan(seats=2)
    seated = desk.seat(group).booking
    moves = MoveService(desk.money.database.write, desk.money.clock, desk.money.payments)
    with pytest.raises(ValidationError, match="seat in a group sitting"):
        moves.move(MoveCommand(booking_id=seated.id, version=seated.version, starts_at=TUESDAY))
    assert desk.seats_of(group) == {seated.id: (1,)}
