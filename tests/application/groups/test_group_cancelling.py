"""Cancelling a group, and what becomes of its deposits. Both engines, the practice Stripe."""

from dataclasses import replace

import pytest
from support.flash_day import FlashDesk, book_ana, host_busy

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.errors import SlotUnavailable, StaleRecord, ValidationError


def test_an_empty_group_is_cancelled_and_its_host_free(desk: FlashDesk) -> None:
    group = desk.plan()
    desk.cancel(group)
    assert host_busy(desk) == []
    cancelled = desk.group(group.id)
    assert cancelled.is_cancelled
    for refused in (lambda: desk.change(cancelled, seats=3), lambda: desk.cancel(cancelled)):
        with pytest.raises(ValidationError, match="Flash day is cancelled"):
            refused()
    with pytest.raises(SlotUnavailable, match="Flash day is cancelled"):
        desk.seat(group)
    assert desk.groups.openings(group.id, 3600) == []
    book_ana(desk, "11:00")


def test_a_booked_group_is_cancelled_only_with_a_fate(desk: FlashDesk) -> None:
    group = desk.plan(seats=3)
    cash = desk.seat(group, choice=DepositChoice.CASH)
    link = desk.seat(group, choice=DepositChoice.LINK)
    assert link.payment_id is not None
    desk.money.payments.open_link(link.payment_id)
    with pytest.raises(ValidationError, match="Flash day has 2 bookings") as refused:
        desk.cancel(group)
    assert refused.value.field == "fate"
    assert len(desk.parties(group)) == 2

    desk.cancel(group, DepositFate.REFUND)

    assert {desk.booking(one).status for one in (cash, link)} == {BookingStatus.CANCELLED}
    assert desk.money.payment(link.booking.id).status.value == "EXPIRED"
    assert desk.money.ledger(cash.booking.id) == ["paid", "refunded"]
    assert (desk.parties(group), host_busy(desk)) == ([], [])


def test_a_link_paid_meanwhile_stops_the_cancel(desk: FlashDesk) -> None:
    group = desk.plan()
    link = desk.seat(group, choice=DepositChoice.LINK)
    assert link.payment_id is not None
    desk.money.server.pay(desk.money.payments.open_link(link.payment_id).payment.session_id)
    with pytest.raises(StaleRecord, match="paid a moment ago"):
        desk.cancel(group, DepositFate.KEEP)
    assert desk.booking(link).status is BookingStatus.CONFIRMED
    assert not desk.group(group.id).is_cancelled


def test_a_group_that_took_place_is_not_cancelled(desk: FlashDesk) -> None:
    group = desk.plan()
    booked = desk.seat(group)
    with desk.money.database.write() as uow:
        uow.bookings.save(replace(booked.booking, status=BookingStatus.COMPLETED))
        uow.commit()
    with pytest.raises(ValidationError, match="has taken place"):
        desk.cancel(group, DepositFate.KEEP)
