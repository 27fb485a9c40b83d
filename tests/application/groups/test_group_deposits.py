"""Deposits for seats: holds, lapsed holds and money that comes late. Both engines, the practice Stripe."""

import pytest
from support.flash_day import FlashDesk, lapsed_hold, let_go
from support.front import euros

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.application.seating import seat_again
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import SlotTaken
from inkdesk.domain.groups import GroupFull
from inkdesk.domain.payments import PaymentMethod


def test_a_hold_keeps_its_seats_and_money_confirms_it(desk: FlashDesk) -> None:
    group = desk.plan(seats=2)
    booked = desk.seat(group, seats=2, choice=DepositChoice.LINK)
    assert booked.payment_id is not None
    assert desk.booking(booked).status is BookingStatus.PENDING_PAYMENT
    with pytest.raises(SlotTaken):
        desk.seat(group, "10:00", "11:00")
    link = desk.money.payments.open_link(booked.payment_id).payment
    assert link.amount == euros(100)
    desk.money.server.pay(link.session_id)
    desk.money.look()
    assert desk.booking(booked).status is BookingStatus.CONFIRMED
    assert desk.seats_of(group) == {booked.booking.id: (1, 2)}


def test_a_hold_in_a_group_keeps_its_seat_also_where_the_first_to_pay_wins(desk: FlashDesk) -> None:
    desk.money.first_to_pay_wins()
    group = desk.plan(seats=1)
    desk.seat(group, choice=DepositChoice.LINK)
    with pytest.raises(GroupFull):
        desk.seat(group, request_key="second")


def test_paying_for_one_seat_ends_no_other_link(desk: FlashDesk) -> None:
    group = desk.plan(seats=2)
    one, other = (desk.seat(group, choice=DepositChoice.LINK, request_key=key) for key in "ab")
    for booked in (one, other):
        assert booked.payment_id is not None
        desk.money.payments.open_link(booked.payment_id)
    for booked in (one, other):
        desk.money.server.pay(desk.money.payment(booked.booking.id).session_id)
        desk.money.look()
    assert {desk.booking(one).status, desk.booking(other).status} == {BookingStatus.CONFIRMED}


def test_an_overdue_hold_that_nobody_paid_makes_room(desk: FlashDesk) -> None:
    group = desk.plan(seats=1)
    hold = desk.seat(group, choice=DepositChoice.LINK)
    assert hold.payment_id is not None
    desk.money.payments.open_link(hold.payment_id)
    desk.money.pass_time(minutes=31)
    booked = desk.seat(group, request_key="next")
    assert desk.booking(hold).status is BookingStatus.LAPSED
    assert desk.seats_of(group) == {booked.booking.id: (1,)}
    assert hold.booking.id in booked.changes.bookings


def test_an_overdue_hold_that_is_not_in_the_way_is_left_alone(desk: FlashDesk) -> None:
    group = desk.plan(seats=1)
    hold = desk.seat(group, "10:00", "11:00", choice=DepositChoice.LINK)
    desk.seat(group, "12:00", "13:00")
    desk.money.pass_time(minutes=31)
    with pytest.raises(GroupFull):
        desk.seat(group, "12:00", "13:00", request_key="late")
    assert desk.booking(hold).status is BookingStatus.PENDING_PAYMENT


def test_a_cancelled_seat_is_free_again(desk: FlashDesk) -> None:
    group = desk.plan(seats=1)
    first = desk.seat(group)
    let_go(desk, first.booking)
    assert desk.parties(group) == []
    assert desk.seats_of(group) == {}
    desk.seat(group, request_key="next")


def test_a_lapsed_hold_comes_back_on_any_free_seat(desk: FlashDesk) -> None:
    group = desk.plan(seats=2)
    lapsed = lapsed_hold(desk, group)
    other = desk.seat(group, request_key="other")
    assert desk.seats_of(group) == {other.booking.id: (1,)}
    with desk.money.database.write() as uow:
        seat_again(uow, lapsed, desk.money.clock.now())
        uow.commit()
    assert desk.seats_of(group) == {other.booking.id: (1,), lapsed.id: (2,)}


def test_a_lapsed_hold_does_not_come_back_over_others(desk: FlashDesk) -> None:
    group = desk.plan(seats=1)
    lapsed = lapsed_hold(desk, group)
    desk.seat(group, "12:00", "13:00")
    with desk.money.database.write() as uow, pytest.raises(GroupFull):
        seat_again(uow, lapsed, desk.money.clock.now())
    assert len(desk.parties(group)) == 1


def test_a_lapsed_hold_does_not_come_back_to_a_cancelled_group(desk: FlashDesk) -> None:
    group = desk.plan(seats=1)
    lapsed = lapsed_hold(desk, group)
    desk.cancel(group)
    with desk.money.database.write() as uow, pytest.raises(SlotTaken, match="cancelled"):
        seat_again(uow, lapsed, desk.money.clock.now())


def test_cash_for_a_lapsed_hold_takes_nobodys_seat(desk: FlashDesk) -> None:
    """Its old seat is somebody's who is about to pay: that link stays open, and there is room for both."""
    group = desk.plan(seats=2)
    lapsed = lapsed_hold(desk, group)
    other = desk.seat(group, choice=DepositChoice.LINK, request_key="other")
    assert other.payment_id is not None
    link = desk.money.payments.open_link(other.payment_id).payment
    desk.money.payments.record_by_hand(lapsed.id, PaymentMethod.CASH, lapsed.deposit, "till")
    desk.money.server.pay(link.session_id)
    desk.money.look()
    assert {desk.money.status(one) for one in (lapsed.id, other.booking.id)} == {BookingStatus.CONFIRMED}
    assert desk.seats_of(group) == {other.booking.id: (1,), lapsed.id: (2,)}
