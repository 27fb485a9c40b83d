"""Tasks close themselves when their fact is gone: at once where a desk settled it, else by the next look."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Never

import pytest
from support.book import TUESDAY
from support.front import euros
from support.payment_desk import PaymentDesk
from support.till import Till

from inkdesk.application import desk_tasks
from inkdesk.application.booking_commands import CancelCommand
from inkdesk.application.booking_service import BookingService
from inkdesk.application.changes import Changes
from inkdesk.application.payment_gateway import GatewayMissing
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.payments import Payment, PaymentMethod, PaymentStatus
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from inkdesk.practice.faults import Fault, FaultKind


def paid_differently(desk: PaymentDesk, minor: int) -> tuple[Payment, str]:
    booking_id, session_id = desk.held_link()
    charge_id = desk.server.pay(session_id, amount=minor)
    desk.look()
    assert desk.task_kinds() == ["amount_differs"]
    return desk.payment(booking_id), charge_id


def paid(desk: PaymentDesk) -> Payment:
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    desk.look()
    return desk.payment(booking_id)


def failed_at_the_bank(desk: PaymentDesk) -> Payment:
    booking_id, session_id = desk.held_link()
    desk.server.pay_later(session_id)
    desk.look()
    desk.server.fail_delayed(session_id)
    desk.look()
    assert desk.task_kinds() == ["payment_failed"]
    return desk.payment(booking_id)


def test_another_amount_given_back_in_the_dashboard(desk: PaymentDesk) -> None:
    _, charge_id = paid_differently(desk, 4000)
    desk.server.refund_in_dashboard(charge_id, 1000)
    desk.look()
    assert desk.task_kinds() == ["amount_differs"]
    desk.server.refund_in_dashboard(charge_id, 3000)

    assert desk.look().changes.tasks

    assert desk.tasks() == []
    assert not desk.look().changes.tasks


def test_a_cancel_with_refund_settles_another_amount_at_once(lone_desk: PaymentDesk) -> None:
    payment, _ = paid_differently(lone_desk, 4000)
    bookings = BookingService(lone_desk.database.write, lone_desk.clock, lone_desk.payments, LibraryPhoneNumbers())
    version = lone_desk.booking(payment.booking_id).version
    lone_desk.server.faults.add(Fault(FaultKind.CUT_BEFORE))  # Stripe hears of it later

    bookings.cancel(
        CancelCommand(
            booking_id=payment.booking_id, version=version, fate=DepositFate.REFUND, refund=payment.amount, reason="x"
        )
    )

    assert lone_desk.tasks() == []
    assert lone_desk.payment(payment.booking_id).status is PaymentStatus.REFUND_DUE


@pytest.mark.parametrize("fate", [DepositFate.KEEP, DepositFate.CREDIT])
def test_a_cancel_that_keeps_or_credits_settles_it_too(lone_desk: PaymentDesk, fate: DepositFate) -> None:
    payment, _ = paid_differently(lone_desk, 4000)
    bookings = BookingService(lone_desk.database.write, lone_desk.clock, lone_desk.payments, LibraryPhoneNumbers())
    version = lone_desk.booking(payment.booking_id).version
    bookings.cancel(CancelCommand(booking_id=payment.booking_id, version=version, fate=fate, reason="x"))
    assert lone_desk.tasks() == []


def test_a_new_link_settles_a_failed_payment_at_once(desk: PaymentDesk) -> None:
    payment = failed_at_the_bank(desk)
    desk.payments.resend_link(payment.booking_id)
    assert desk.tasks() == []


def test_cash_settles_a_failed_payment_with_the_next_look(desk: PaymentDesk) -> None:
    payment = failed_at_the_bank(desk)
    desk.payments.record_by_hand(payment.booking_id, PaymentMethod.CASH, payment.amount, "cash")
    desk.look()
    assert desk.tasks() == []
    assert desk.status(payment.booking_id) is BookingStatus.CONFIRMED


def test_a_refund_tried_again_ends_the_task_and_its_failure_opens_one(desk: PaymentDesk) -> None:
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    desk.look()
    payment = desk.payment(booking_id)
    for key in ("first", "second"):
        desk.payments.refund(payment.id, payment.amount, "goodwill", key)
        assert desk.tasks() == []
        desk.server.fail_refund(desk.refunds(payment.id)[-1].stripe_id)
        desk.look()
        desk.pass_time(minutes=1)
    assert desk.task_kinds() == ["refund_failed"]  # one for the money, not one for each try


def test_a_link_to_be_watched_is_settled_when_it_cannot_be_paid_any_more(desk: PaymentDesk) -> None:
    booking_id, _ = desk.held_link()
    desk.server.faults.add(Fault(FaultKind.CUT_BEFORE))
    desk.payments.holds.release(booking_id, "They called", "release")
    assert desk.task_kinds() == ["watch_link"]
    desk.server.faults.clear()

    desk.look(sweep=True)

    assert desk.payment(booking_id).status is PaymentStatus.EXPIRED
    assert desk.tasks() == []


def test_a_refusal_is_over_once_stripe_speaks(desk: PaymentDesk) -> None:
    booking_id, session_id = desk.held_link()
    with desk.database.write() as uow:
        desk_tasks.refused(uow, desk.payment(booking_id), "Not now.", desk.clock.now())
        uow.commit()
    desk.look()
    assert desk.task_kinds() == ["refused"]
    desk.server.pay(session_id)

    desk.look()

    assert desk.tasks() == []


def test_what_no_desk_closed_is_closed_by_a_look_even_without_an_answer(lone_desk: PaymentDesk) -> None:
    payment, _ = paid_differently(lone_desk, 4000)
    with lone_desk.database.write() as uow:
        uow.bookings.save(replace(uow.bookings.get(payment.booking_id), status=BookingStatus.COMPLETED))
        uow.commit()
    lone_desk.server.faults.add(Fault(FaultKind.CUT_BEFORE, times=9))

    assert lone_desk.look().changes.tasks

    assert lone_desk.tasks() == []


def test_a_refund_that_stripe_does_not_know_is_told_until_it_does(
    lone_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = paid(lone_desk)

    def missing(*_: str) -> Never:
        raise GatewayMissing("No such payment_intent", seen_at=lone_desk.clock.now())

    with monkeypatch.context() as patch:
        patch.setattr(lone_desk.gateway, "refunds_of", missing)
        with pytest.raises(GatewayMissing):
            lone_desk.payments.refund(payment.id, payment.amount, "ill", "key")
        for _ in range(2):
            lone_desk.look(sweep=True)
            assert lone_desk.task_kinds() == ["unknown_at_stripe"]
            lone_desk.pass_time(hours=7)

    lone_desk.look(sweep=True)

    assert lone_desk.payment(payment.booking_id).status is PaymentStatus.REFUNDED
    assert lone_desk.tasks() == []


def test_a_refusal_is_over_once_the_refund_went_through_or_nothing_is_new(lone_desk: PaymentDesk) -> None:
    payment = paid(lone_desk)
    steps: list[Callable[[], Changes]] = [
        lambda: lone_desk.payments.refund(payment.id, payment.amount, "ill", "key"),
        lambda: lone_desk.payments.refunds.learn(payment.id),
    ]
    for settle in steps:
        with lone_desk.database.write() as uow:
            desk_tasks.refused(uow, payment, "Not now.", lone_desk.clock.now())
            uow.commit()
        assert lone_desk.task_kinds() == ["refused"]
        assert settle().tasks
        assert lone_desk.tasks() == []


def test_a_failed_refund_waits_although_the_money_was_elsewhere_meanwhile(lone_desk: PaymentDesk) -> None:
    till = Till.open(lone_desk)
    first, second = till.paid_link(), till.book(starts_at=TUESDAY + timedelta(hours=5)).booking
    till.deposits.refund(first.id, euros(20), "ill", "refund")
    (refund,) = lone_desk.refunds(lone_desk.payment(first.id).id)
    lone_desk.server.fail_refund(refund.stripe_id)
    lone_desk.look(sweep=True)
    till.deposits.roll_over(first.id, second.id, euros(50), "moved", "there")
    lone_desk.look(sweep=True)
    till.deposits.roll_over(second.id, first.id, euros(50), "moved back", "back")

    lone_desk.look(sweep=True)

    assert lone_desk.task_kinds() == ["refund_failed"]
