"""Cases 8 to 14, 18 and 27: who has the slot when links cross, money is late, or the client is."""

from datetime import timedelta

import pytest
from support.book import TUESDAY
from support.case_steps import book_by_link, come_to_rest, held, look, payable, send_again, sweep
from support.killed import Worlds, place_of, services_at
from support.payment_desk import PaymentDesk

from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentStatus
from inkdesk.domain.refunds import RefundStatus

CONFIRMED, LAPSED = BookingStatus.CONFIRMED, BookingStatus.LAPSED


def let_go(desk: PaymentDesk, booking_id: int) -> None:
    """A person releases the hold while Stripe cannot be asked: that is how a slot is sold again offline."""
    desk.server.faults.set_offline(offline=True)
    desk.payments.holds.release(booking_id, "did not come", f"go-{booking_id}")
    desk.server.faults.set_offline(offline=False)
    assert desk.task_kinds() == ["watch_link"]


def test_case_08_sold_again_while_offline_and_the_second_has_not_paid(worlds: Worlds) -> None:
    def sold_again(desk: PaymentDesk) -> tuple[int, int, str]:
        first, session_id = held(desk)
        desk.server.pay(session_id)
        let_go(desk, first)
        second, second_session = held(desk)
        return first, second, second_session

    for desk, (first, second, second_session) in worlds.killed_at_every_step(sold_again, look, at_least=4):
        come_to_rest(desk)

        assert (desk.status(first), desk.status(second)) == (CONFIRMED, LAPSED)
        assert desk.gateway.session(second_session).status.value == "expired"
        assert desk.task_kinds() == ["slot_lost"]


def test_case_08_sold_again_while_offline_and_the_second_paid_first(worlds: Worlds) -> None:
    def sold_again(desk: PaymentDesk) -> tuple[int, int]:
        first, session_id = held(desk)
        let_go(desk, first)
        second, second_session = held(desk)
        desk.server.pay(second_session)
        desk.pass_time(seconds=5)
        desk.server.pay(session_id)
        return first, second

    for desk, (first, second) in worlds.killed_at_every_step(sold_again, look, at_least=4):
        come_to_rest(desk)

        assert (desk.status(first), desk.status(second)) == (LAPSED, CONFIRMED)
        check_given_back_once(desk, first)
        assert desk.task_kinds() == ["second_payer"]


def check_given_back_once(desk: PaymentDesk, booking_id: int) -> None:
    payment = desk.payment(booking_id)
    assert payment.status is PaymentStatus.REFUNDED
    assert [one.status for one in desk.refunds(payment.id)] == [RefundStatus.SUCCEEDED]
    assert [one.amount for one in desk.gateway.refunds_of(payment.intent_id)] == [payment.amount]


def test_case_09_two_links_of_one_slot_are_both_paid(worlds: Worlds) -> None:
    def both_paid(desk: PaymentDesk) -> tuple[int, int]:
        desk.first_to_pay_wins()
        late, late_session = desk.held_link(blocks=False)
        early, early_session = desk.held_link(blocks=False)
        desk.server.pay(early_session)
        desk.pass_time(seconds=5)
        desk.server.pay(late_session)
        return late, early

    for desk, (late, early) in worlds.killed_at_every_step(both_paid, look, at_least=4):
        come_to_rest(desk)

        assert (desk.status(early), desk.status(late)) == (CONFIRMED, LAPSED)
        check_given_back_once(desk, late)
        assert desk.ledger(late) == ["asked", "paid", "refunded"]
        assert desk.task_kinds() == ["second_payer"]


def test_case_09_a_tie_is_decided_by_the_charge(desk: PaymentDesk) -> None:
    desk.first_to_pay_wins()
    made = [desk.held_link(blocks=False) for _ in range(3)]
    by_charge = sorted((desk.server.pay(session_id), booking_id) for booking_id, session_id in made)
    come_to_rest(desk)

    _, first = by_charge[0]
    assert desk.status(first) is CONFIRMED
    for _, other in by_charge[1:]:
        assert desk.status(other) is LAPSED
        check_given_back_once(desk, other)
    assert desk.task_kinds() == ["second_payer"] * 2


def test_case_10_two_links_of_one_booking_are_both_paid(worlds: Worlds) -> None:
    def both_paid(desk: PaymentDesk) -> tuple[int, str, str]:
        booking_id, first_session = held(desk)
        with desk.database.write() as uow:
            again = desk.payments.ask_for_deposit(uow, uow.bookings.get(booking_id), uow.studio.get(), desk.clock.now())
            uow.commit()
        second_session = desk.payments.open_link(again.id).payment.session_id
        desk.server.pay(second_session)
        desk.pass_time(seconds=2)
        desk.server.pay(first_session)
        return booking_id, first_session, second_session

    for desk, (booking_id, first, second) in worlds.killed_at_every_step(both_paid, look, at_least=4):
        come_to_rest(desk)

        by_session = {one.session_id: one.status for one in desk.attempts(booking_id)}
        assert by_session == {first: PaymentStatus.REFUNDED, second: PaymentStatus.PAID}
        assert desk.status(booking_id) is CONFIRMED
        assert desk.task_kinds() == ["paid_twice"]


def test_case_10_an_old_link_dies_before_a_new_one_is_made(worlds: Worlds) -> None:
    for desk, (booking_id, old_session) in worlds.killed_at_every_step(held, send_again, at_least=4):
        assert len(payable(desk)) <= 1, "the new link was made before the old one died"
        come_to_rest(desk)

        last = desk.payment(booking_id)
        if last.session_id != old_session:
            assert desk.gateway.session(old_session).status.value == "expired"
        desk.payments.resend_link(booking_id)
        desk.server.pay(desk.payment(booking_id).session_id)
        come_to_rest(desk)
        assert desk.status(booking_id) is CONFIRMED


def test_case_11_a_new_booking_is_not_paid_by_an_abandoned_link(worlds: Worlds) -> None:
    def abandoned(desk: PaymentDesk) -> tuple[BookCommand, int]:
        old, _ = held(desk)
        desk.pass_time(minutes=31)
        desk.look()
        command = BookCommand(
            request_key="again",
            artist_id=desk.book.ana.id,
            service_id=desk.book.service.id,
            starts_at=TUESDAY,
            client=desk.book.client.id,
            choice=DepositChoice.LINK,
        )
        return command, old

    for desk, (command, old) in worlds.killed_at_every_step(abandoned, book_by_link, at_least=4):
        come_to_rest(desk)

        with services_at(place_of(desk)) as services:
            booked = services.bookings.book(command)
        come_to_rest(desk)
        desk.payments.open_link(desk.payment(booked.booking.id).id)
        assert desk.status(old) is LAPSED
        assert desk.status(booked.booking.id) is BookingStatus.PENDING_PAYMENT
        assert desk.payment(booked.booking.id).status is PaymentStatus.OPEN


def test_case_12_the_lapse_asks_stripe_first(worlds: Worlds) -> None:
    def confirmation_lost(desk: PaymentDesk) -> tuple[int, str]:
        booking_id, session_id = held(desk)
        desk.server.events.drop("*")
        desk.server.pay(session_id)
        desk.pass_time(minutes=31)
        return booking_id, session_id

    for desk, (booking_id, _) in worlds.killed_at_every_step(confirmation_lost, look, at_least=2):
        come_to_rest(desk)

        assert desk.status(booking_id) is CONFIRMED
        assert desk.ledger(booking_id) == ["asked", "paid"]


def test_case_13_delayed_money_keeps_the_slot_and_then_confirms(worlds: Worlds) -> None:
    def delayed(desk: PaymentDesk) -> tuple[int, str]:
        booking_id, session_id = held(desk)
        desk.server.pay_later(session_id)
        return booking_id, session_id

    for desk, (booking_id, session_id) in worlds.killed_at_every_step(delayed, look, at_least=2):
        desk.pass_time(hours=3)
        come_to_rest(desk)
        assert desk.payment(booking_id).status is PaymentStatus.PROCESSING
        assert desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
        desk.server.settle(session_id)
        come_to_rest(desk)

        assert desk.status(booking_id) is CONFIRMED


def test_case_14_delayed_money_that_fails_is_told_and_the_slot_kept_a_day(worlds: Worlds) -> None:
    def failed(desk: PaymentDesk) -> tuple[int, str]:
        booking_id, session_id = held(desk)
        desk.server.pay_later(session_id)
        desk.look()
        desk.server.fail_delayed(session_id)
        desk.pass_time(hours=2)
        return booking_id, session_id

    for desk, (booking_id, _) in worlds.killed_at_every_step(failed, look, at_least=2):
        come_to_rest(desk)
        assert desk.payment(booking_id).status is PaymentStatus.FAILED
        assert desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
        assert desk.task_kinds() == ["payment_failed"]
        desk.pass_time(hours=25)
        come_to_rest(desk)

        assert desk.status(booking_id) is LAPSED


@pytest.mark.parametrize("paid", [Money(4000, "EUR"), Money(6000, "EUR"), Money(5000, "USD")], ids=str)
def test_case_18_another_amount_is_told_and_neither_confirmed_nor_refunded(worlds: Worlds, paid: Money) -> None:
    def differs(desk: PaymentDesk) -> tuple[int, str]:
        booking_id, session_id = held(desk)
        desk.server.pay(session_id, amount=paid.amount_minor, currency=paid.currency)
        return booking_id, session_id

    for desk, (booking_id, _) in worlds.killed_at_every_step(differs, look, at_least=2):
        desk.pass_time(hours=1)
        come_to_rest(desk)

        assert desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
        assert desk.refunds(desk.payment(booking_id).id) == []
        assert [dict(task.sentence.values)["paid"] for task in desk.tasks()] == [paid]
        assert desk.gateway.refunds_of(desk.payment(booking_id).intent_id) == []


def test_case_27_a_client_who_sits_on_the_page_gets_a_new_link(worlds: Worlds) -> None:
    def too_late(desk: PaymentDesk) -> tuple[int, str]:
        booking_id, session_id = held(desk)
        desk.pass_time(minutes=30)
        return booking_id, session_id

    for desk, (booking_id, session_id) in worlds.killed_at_every_step(too_late, sweep, at_least=4):
        come_to_rest(desk)
        assert desk.status(booking_id) is LAPSED
        assert not desk.gateway.session(session_id).is_paid

        desk.payments.resend_link(booking_id)

        assert desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
        held_until = desk.booking(booking_id).hold_until
        assert held_until is not None
        assert held_until - desk.clock.now() == timedelta(minutes=30)
        desk.server.pay(desk.payment(booking_id).session_id)
        come_to_rest(desk)
        assert desk.status(booking_id) is CONFIRMED
