"""Attempts that were saved and perhaps never sent, beside desks whose clocks are apart; and what failed once."""

import pytest
from support.payment_desk import PaymentDesk

from inkdesk.application.poll_state import PollState
from inkdesk.application.retries import Step
from inkdesk.domain.errors import StripeNotConfigured
from inkdesk.domain.payments import PaymentStatus


@pytest.mark.parametrize("apart_s", [-900, -30, 5, 100, 900])
def test_what_another_desk_has_just_saved_is_left_to_it_whatever_its_clock_says(
    lone_desk: PaymentDesk, apart_s: int
) -> None:
    lone_desk.clock.advance(seconds=apart_s)
    booking, _ = lone_desk.hold()
    lone_desk.clock.advance(seconds=-apart_s)

    lone_desk.look()
    lone_desk.pass_time(seconds=4)
    lone_desk.look()
    assert lone_desk.payment(booking.id).status is PaymentStatus.CREATING

    lone_desk.pass_time(seconds=17)
    lone_desk.look()
    assert lone_desk.payment(booking.id).status is PaymentStatus.OPEN


def test_a_clock_that_is_set_back_keeps_no_attempt_from_being_sent(lone_desk: PaymentDesk) -> None:
    booking, _ = lone_desk.hold()
    lone_desk.look()
    lone_desk.clock.advance(hours=-1)
    lone_desk.look()
    lone_desk.pass_time(seconds=21)
    lone_desk.look()
    assert lone_desk.payment(booking.id).status is PaymentStatus.OPEN


def failed(desk: PaymentDesk) -> set[Step]:
    """Steps that are remembered to have failed."""
    with desk.database.read() as uow:
        return {step for step, _ in PollState.parse(uow.payments.poll_state()).retries.waiting}


def test_that_a_link_was_not_made_is_forgotten_once_a_person_made_it(desk: PaymentDesk) -> None:
    _, payment = desk.hold()
    desk.server.set_charges_enabled(enabled=False)
    desk.look(sweep=True)
    assert failed(desk) == {Step.SEND}
    with pytest.raises(StripeNotConfigured):
        desk.payments.open_link(payment.id)

    desk.server.set_charges_enabled(enabled=True)
    desk.payments.open_link(payment.id)
    desk.look()

    assert failed(desk) == set()
