"""Money that the client's bank takes back for good, and money that is nobody's to give back."""

import pytest
from support.book import TUESDAY, a_booking, put
from support.payment_desk import PaymentDesk

from inkdesk.application.deposit_service import DepositService, RestCommand
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentMethod, PaymentPurpose


@pytest.mark.parametrize("refunded", [0, 1000])
def test_a_hold_whose_wrong_amount_the_bank_took_back_is_let_go(lone_desk: PaymentDesk, refunded: int) -> None:
    booking_id, session_id = lone_desk.held_link()
    charge_id = lone_desk.server.pay(session_id, amount=6000)
    lone_desk.look()
    if refunded:
        lone_desk.server.refund_in_dashboard(charge_id, refunded)
    dispute_id = lone_desk.server.dispute(charge_id)
    lone_desk.pass_time(hours=2)
    lone_desk.look(sweep=True)
    assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT  # not decided yet
    lone_desk.server.close_dispute(dispute_id, won=False)
    for _ in range(3):
        lone_desk.pass_time(hours=25)
        lone_desk.look(sweep=True)

    assert lone_desk.status(booking_id) is BookingStatus.LAPSED
    with lone_desk.database.write() as uow:
        put(uow, a_booking(lone_desk.book), lone_desk.book.ana)  # the slot is free


def test_a_tip_is_not_given_back_out_of_the_deposit(lone_desk: PaymentDesk) -> None:
    with lone_desk.database.write() as uow:
        booking = put(uow, a_booking(lone_desk.book, TUESDAY), lone_desk.book.ana)
        uow.commit()
    deposits = DepositService(lone_desk.database.write, lone_desk.database.read, lone_desk.clock, lone_desk.payments)
    come = RestCommand(
        booking_id=booking.id,
        method=PaymentMethod.CASH,
        amount=Money(7000, "EUR"),
        tip=Money(1000, "EUR"),
        request_key="rest",
    )
    deposits.take_rest(come)
    tip = next(one for one in lone_desk.attempts(booking.id) if one.purpose is PaymentPurpose.TIP)
    before = lone_desk.ledger(booking.id)

    with pytest.raises(ValidationError, match="tip"):
        lone_desk.payments.refund(tip.id, tip.amount, "wrong", "tip-back")

    assert lone_desk.ledger(booking.id) == before
    assert lone_desk.refunds(tip.id) == []
