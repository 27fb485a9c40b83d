"""Money that a bank was still moving while its booking was paid, or ended, in another way."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from support.book import TUESDAY
from support.front import euros
from support.payment_desk import PaymentDesk
from support.till import Till

from inkdesk.application.booking_commands import CancelCommand, DepositChoice, MarkCommand
from inkdesk.application.changes import Changes
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.errors import StaleRecord
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentStatus

LATER = TUESDAY + timedelta(hours=5)


def with_credit(desk: PaymentDesk, amount: int = 50) -> Till:
    """A till whose client has credit of an earlier booking."""
    till = Till.open(desk)
    till.deposits.credit(till.paid_link().id, euros(amount), "gift", "credit")
    return till


def held(till: Till) -> tuple[Booking, str]:
    """A hold of the same client with an open link: the booking and its session's id."""
    booked = till.book(choice=DepositChoice.LINK, starts_at=LATER, request_key="held")
    assert booked.payment_id is not None
    return booked.booking, till.money.payments.open_link(booked.payment_id).payment.session_id


def no_show(till: Till, booking: Booking, refund: Money | None) -> None:
    till.money.pass_time(days=2)
    command = MarkCommand(
        booking_id=booking.id,
        version=till.fresh(booking).version,
        status=BookingStatus.NO_SHOW,
        fate=DepositFate.REFUND,
        refund=refund,
        reason="ill",
    )
    till.bookings.mark(command)


@pytest.mark.parametrize("way", ["credit", "rolled over"])
def test_a_hold_whose_money_a_bank_moves_is_not_paid_otherwise(lone_desk: PaymentDesk, way: str) -> None:
    till = with_credit(lone_desk, 20)
    booking, session_id = held(till)
    lone_desk.server.pay_later(session_id)
    lone_desk.look(sweep=True)
    [earlier] = [one.booking_id for one in till.look(booking).sittings]

    ways: dict[str, Callable[[], Changes]] = {
        "credit": lambda: till.deposits.use_credit(booking.id, euros(20), "use"),
        "rolled over": lambda: till.deposits.roll_over(earlier, booking.id, euros(30), "moved", "roll"),
    }
    with pytest.raises(StaleRecord):
        ways[way]()

    assert till.sums(booking) == {}
    assert till.fresh(booking).status is BookingStatus.PENDING_PAYMENT


def covered(desk: PaymentDesk, amount: int = 50) -> tuple[Till, Booking, str]:
    """Confirmed by credit; a session of its hold that nobody could end is being paid all the same."""
    till = with_credit(desk, amount)
    booking, session_id = held(till)
    desk.server.pay_later(session_id)
    till.set_status(booking, BookingStatus.CONFIRMED)  # as if the link had been paid after the desk's last look at it
    till.deposits.use_credit(booking.id, euros(amount), "use")
    desk.look(sweep=True)
    assert desk.payment(booking.id).status is PaymentStatus.PROCESSING
    return till, booking, session_id


def test_money_beside_credit_that_covers_the_deposit_goes_back(lone_desk: PaymentDesk) -> None:
    till, booking, session_id = covered(lone_desk)

    lone_desk.server.settle(session_id)
    for _ in range(2):
        lone_desk.look(sweep=True)

    assert till.sums(booking) == {"paid": 50, "returned": 50, "credit_used": 50, "left": 50}
    assert lone_desk.task_kinds() == ["paid_twice"]


def test_money_beside_a_part_in_credit_is_kept(lone_desk: PaymentDesk) -> None:
    till, booking, session_id = covered(lone_desk, 20)

    lone_desk.server.settle(session_id)
    lone_desk.look(sweep=True)

    assert till.sums(booking) == {"paid": 50, "credit_used": 20, "left": 70}
    assert lone_desk.task_kinds() == []


@pytest.mark.parametrize(
    ("refund", "sums"),
    [
        (None, {"paid": 50, "returned": 50}),
        (euros(30), {"paid": 50, "returned": 30, "forfeited": 20}),
    ],
)
def test_what_a_no_show_was_promised_is_kept_when_the_money_comes(
    lone_desk: PaymentDesk, refund: Money | None, sums: dict[str, int]
) -> None:
    till = Till.open(lone_desk)
    booking, session_id = held(till)
    lone_desk.server.pay_later(session_id)
    lone_desk.look(sweep=True)
    till.set_status(booking, BookingStatus.CONFIRMED)
    no_show(till, booking, refund)

    lone_desk.server.settle(session_id)
    for _ in range(2):
        lone_desk.look(sweep=True)

    assert till.sums(booking) == sums
    assert lone_desk.task_kinds() == []


def test_a_dispute_that_was_won_before_anybody_saw_it_undoes_no_use(lone_desk: PaymentDesk) -> None:
    till = Till.open(lone_desk)
    booking = till.paid_link()
    till.deposits.forfeit(booking.id, euros(50), "kept", "kept")
    dispute_id = lone_desk.server.dispute(lone_desk.payment(booking.id).charge_id)
    lone_desk.server.close_dispute(dispute_id, won=True)

    lone_desk.pass_time(hours=2)
    lone_desk.look(sweep=True)

    assert [one.kind.value for one in till.lines(booking)].count("disputed") == 2
    assert till.sums(booking) == {"paid": 50, "forfeited": 50}


@pytest.mark.parametrize("status", [BookingStatus.CANCELLED, BookingStatus.NO_SHOW])
def test_money_that_begins_to_come_while_nobody_is_asked_about_any_is_not_kept_unseen(
    lone_desk: PaymentDesk, status: BookingStatus
) -> None:
    till = Till.open(lone_desk)
    booking, session_id = held(till)
    form = till.fresh(booking)  # nothing is in, so it asks nothing
    lone_desk.server.pay_later(session_id)
    if status is BookingStatus.NO_SHOW:
        lone_desk.look(sweep=True)
        form = till.set_status(booking, BookingStatus.CONFIRMED)
        lone_desk.pass_time(days=2)

    mark = MarkCommand(booking_id=form.id, version=form.version, status=status, fate=None)
    cancel = CancelCommand(booking_id=form.id, version=form.version, fate=None)

    with pytest.raises(StaleRecord):
        till.bookings.mark(mark) if status is BookingStatus.NO_SHOW else till.bookings.cancel(cancel)

    assert till.fresh(booking).status is not status
    lone_desk.server.settle(session_id)
    lone_desk.look(sweep=True)
    assert till.sums(booking) == {"paid": 50, "left": 50}
