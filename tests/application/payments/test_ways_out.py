"""Dead ends that money had: paid after a refund, other amounts, refunds that fail late, inferred ends."""

from dataclasses import replace
from threading import Barrier

import pytest
from support.payment_desk import PaymentDesk
from support.race import at_once

from inkdesk.application.strays import Strays
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentMethod, PaymentStatus
from inkdesk.domain.refunds import RefundStatus

DEPOSIT = Money(5000, "EUR")
P = PaymentStatus


def paid_differently(desk: PaymentDesk, minor: int) -> tuple[int, str]:
    """A hold whose link asked for another amount, and was paid: booking and charge."""
    _, payment = desk.hold()
    with desk.database.write() as uow:
        changed = payment.params.replace('"unit_amount": 5000', f'"unit_amount": {minor}')
        uow.payments.save(replace(payment, params=changed))
        uow.commit()
    charge_id = desk.server.pay(desk.payments.open_link(payment.id).payment.session_id)
    desk.look()
    assert desk.task_kinds() == ["amount_differs"]
    return payment.booking_id, charge_id


def test_a_hold_whose_other_amount_went_back_lapses(desk: PaymentDesk) -> None:
    booking_id, charge_id = paid_differently(desk, 6000)
    desk.pass_time(minutes=40)
    desk.look()
    assert desk.status(booking_id) is BookingStatus.PENDING_PAYMENT  # the money is here: the desk must judge it

    desk.server.refund_in_dashboard(charge_id)
    desk.look()
    desk.look()

    assert desk.payment(booking_id).status is P.REFUNDED
    assert desk.status(booking_id) is BookingStatus.LAPSED


def test_a_booking_whose_money_went_back_is_paid_by_a_new_link(desk: PaymentDesk) -> None:
    booking_id, charge_id = paid_differently(desk, 6000)
    desk.server.refund_in_dashboard(charge_id)
    desk.look()

    desk.server.pay(desk.payments.resend_link(booking_id).payment.session_id)
    desk.look()

    assert [one.status for one in desk.attempts(booking_id)] == [P.REFUNDED, P.PAID]
    assert desk.status(booking_id) is BookingStatus.CONFIRMED
    assert "paid_twice" not in desk.task_kinds()


def test_a_booking_whose_money_went_back_is_paid_by_cash(lone_desk: PaymentDesk) -> None:
    booking_id, charge_id = paid_differently(lone_desk, 4000)
    lone_desk.server.refund_in_dashboard(charge_id)
    lone_desk.look()

    lone_desk.payments.record_by_hand(booking_id, PaymentMethod.CASH, DEPOSIT, "till")

    assert lone_desk.status(booking_id) is BookingStatus.CONFIRMED


@pytest.mark.parametrize("minor", [4000, 6000])
def test_the_right_money_after_another_amount_is_kept(desk: PaymentDesk, minor: int) -> None:
    booking, second = desk.hold()
    session_id = desk.payments.open_link(second.id).payment.session_id
    with desk.database.write() as uow:  # a second link of the booking, made for another amount
        other = desk.payments.ask_for_deposit(uow, booking, uow.studio.get(), desk.clock.now())
        changed = other.params.replace('"unit_amount": 5000', f'"unit_amount": {minor}')
        uow.payments.save(replace(other, params=changed))
        uow.commit()
    desk.server.pay(desk.payments.open_link(other.id).payment.session_id)
    desk.pass_time(seconds=5)
    desk.server.pay(session_id)

    desk.look()

    assert {one.id: one.status for one in desk.attempts(booking.id)} == {second.id: P.PAID, other.id: P.PAID}
    assert desk.status(booking.id) is BookingStatus.CONFIRMED
    assert "paid_twice" not in desk.task_kinds()
    assert desk.ledger(booking.id).count("refunded") == 0


def test_a_refund_that_failed_and_was_made_anew_in_the_dashboard_meanwhile(desk: PaymentDesk) -> None:
    booking_id, session_id = desk.held_link()
    charge_id = desk.server.pay(session_id)
    desk.look()
    paid = desk.payment(booking_id)
    desk.payments.refund(paid.id, DEPOSIT, "ill", "key")
    assert desk.payment(booking_id).status is P.REFUNDED
    desk.server.fail_refund(desk.refunds(paid.id)[0].stripe_id)
    desk.server.refund_next_as("pending")
    again = desk.server.refund_in_dashboard(charge_id)

    result = desk.look()

    assert desk.payment(booking_id).status is P.REFUND_PENDING
    assert [one.status for one in desk.refunds(paid.id)] == [RefundStatus.FAILED, RefundStatus.PENDING]
    assert result.is_whole
    desk.server.settle_refund(again)
    desk.look()
    assert (desk.payment(booking_id).status, desk.payment(booking_id).refunded_minor) == (P.REFUNDED, 5000)


def test_money_of_an_attempt_that_was_taken_for_ended_is_kept(desk: PaymentDesk) -> None:
    booking_id, session_id = desk.held_link()
    with desk.database.write() as uow:  # as if the key had been another account's, which did not know the session
        uow.payments.save(replace(desk.payment(booking_id), status=P.EXPIRED))
        booking = uow.bookings.get(booking_id)
        uow.bookings.set_blocks(booking_id, blocks=False)
        uow.bookings.save(replace(booking, status=BookingStatus.LAPSED))
        uow.commit()
    desk.server.pay(session_id)

    desk.look()

    assert desk.payment(booking_id).status is P.PAID
    assert desk.status(booking_id) is BookingStatus.CONFIRMED
    assert desk.ledger(booking_id) == ["asked", "paid"]


def test_money_after_the_end_of_a_cancelled_booking_is_in_the_books_and_told(desk: PaymentDesk) -> None:
    booking_id, session_id = desk.held_link()
    with desk.database.write() as uow:
        uow.payments.save(replace(desk.payment(booking_id), status=P.EXPIRED))
        uow.bookings.set_blocks(booking_id, blocks=False)
        uow.bookings.save(replace(uow.bookings.get(booking_id), status=BookingStatus.CANCELLED))
        uow.commit()
    desk.server.pay(session_id)

    desk.look()

    assert (desk.payment(booking_id).status, desk.task_kinds()) == (P.PAID, ["paid_after_end"])
    assert desk.ledger(booking_id) == ["asked", "paid"]


def test_two_desks_that_find_one_stray_session_take_it_in_once(desk: PaymentDesk) -> None:
    booking_id, session_id = desk.held_link()
    desk.pass_time(minutes=40)
    desk.look(sweep=True)
    recovered = desk.server.recover(session_id)
    desk.server.pay(recovered)
    facts = [desk.gateway.session(recovered)]
    strays = Strays(desk.database.write, desk.database.read, desk.clock)

    def find(_: int, barrier: Barrier) -> list[int]:
        barrier.wait()
        return strays.listed(desk.gateway, facts)

    answers = at_once(4, find)

    assert not any(isinstance(answer, BaseException) for answer in answers)
    assert [one.session_id for one in desk.attempts(booking_id)] == [session_id, recovered]
