"""The life of a deposit after it came: rest, tip, credit, kept, rolled over, given back; each done once."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier

import pytest
from support.book import TUESDAY
from support.front import euros
from support.payment_desk import PaymentDesk
from support.race import at_once, winners
from support.till import Till

from inkdesk.application.booking_commands import DepositChoice, MarkCommand, MoveCommand
from inkdesk.application.changes import Changes
from inkdesk.application.move_service import MoveService
from inkdesk.application.payment_gateway import GatewayUnreachable
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.errors import InkDeskError, StaleRecord, ValidationError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentMethod, PaymentPurpose, PaymentStatus

LATER = TUESDAY + timedelta(days=1)


@pytest.fixture
def till(lone_desk: PaymentDesk) -> Till:
    return Till.open(lone_desk)


def paid(till: Till, **how: object) -> Booking:
    """A confirmed booking whose deposit of 50 came in cash."""
    return till.book(choice=DepositChoice.CASH, **how).booking


def done(till: Till, booking: Booking) -> Booking:
    """The sitting took place."""
    till.money.clock.at = max(till.money.clock.at, booking.starts_at)
    till.mark(till.fresh(booking), BookingStatus.COMPLETED)
    return till.fresh(booking)


def test_a_sitting_that_took_place_is_paid_with_its_deposit(till: Till) -> None:
    booking = done(till, paid(till))
    assert till.sums(booking) == {"paid": 50, "applied": 50}
    assert till.look(booking).rest == euros(70)


def test_the_rest_and_a_tip_are_taken_at_the_end_once(till: Till) -> None:
    booking = done(till, paid(till))
    for _ in range(2):
        till.deposits.take_rest(till.rest(booking, 70, 10))
    assert till.sums(booking) == {"paid": 120, "applied": 120, "tips": 10}
    assert till.look(booking).rest == euros(0)
    purposes = [(one.purpose, one.amount, one.status) for one in till.money.attempts(booking.id)]
    assert purposes == [
        (PaymentPurpose.DEPOSIT, euros(50), PaymentStatus.PAID),
        (PaymentPurpose.REST, euros(70), PaymentStatus.PAID),
        (PaymentPurpose.TIP, euros(10), PaymentStatus.PAID),
    ]


def test_the_rest_may_come_before_the_end_and_in_parts(till: Till) -> None:
    booking = paid(till)
    till.deposits.take_rest(till.rest(booking, 30, key="one"))
    till.deposits.take_rest(till.rest(booking, 40, key="two"))
    assert till.sums(booking) == {"paid": 120, "left": 120}
    assert till.sums(done(till, booking)) == {"paid": 120, "applied": 120}


@pytest.mark.parametrize(
    ("amount", "tip", "field"), [(71, 0, "amount"), (-1, 0, "amount"), (10, -1, "tip"), (0, 0, "amount")]
)
def test_an_impossible_rest_is_refused_beside_its_field(till: Till, amount: int, tip: int, field: str) -> None:
    booking = paid(till)
    with pytest.raises(ValidationError) as refused:
        till.deposits.take_rest(till.rest(booking, amount, tip))
    assert refused.value.field == field
    till.deposits.take_rest(till.rest(booking, 70))  # the refused request key is still free
    assert till.sums(booking) == {"paid": 120, "left": 120}


@pytest.mark.parametrize("status", [BookingStatus.CANCELLED, BookingStatus.PENDING_PAYMENT, BookingStatus.NO_SHOW])
def test_a_booking_that_waits_or_is_over_takes_no_rest(till: Till, status: BookingStatus) -> None:
    booking = till.set_status(paid(till), status)
    with pytest.raises(StaleRecord):
        till.deposits.take_rest(till.rest(booking, 10))


def test_a_tip_is_never_given_back_by_a_policy(till: Till) -> None:
    booking = paid(till)
    till.deposits.take_rest(till.rest(booking, 0, 10))
    till.cancel(till.fresh(booking), DepositFate.REFUND)
    assert till.sums(booking) == {"paid": 50, "returned": 50, "tips": 10}


def test_a_part_goes_back_without_cancelling(till: Till) -> None:
    booking = paid(till)
    for _ in range(2):
        till.deposits.refund(booking.id, euros(20), "kind", "back-1")
    assert till.sums(booking) == {"paid": 50, "returned": 20, "left": 30}
    assert till.fresh(booking).status is BookingStatus.CONFIRMED
    assert till.look(booking).rest == euros(90)


def test_money_that_was_applied_can_go_back(till: Till) -> None:
    booking = done(till, paid(till))
    till.deposits.take_rest(till.rest(booking, 70))
    assert till.look(booking).refundable == euros(120)
    till.deposits.refund(booking.id, euros(60), "too long", "back")
    assert till.sums(booking) == {"paid": 120, "applied": 60, "returned": 60}
    assert [one.refunded_minor for one in till.money.attempts(booking.id)] == [5000, 1000]


def test_a_refund_by_link_is_made_at_stripe_once(till: Till) -> None:
    booking = till.paid_link()
    for _ in range(2):
        till.deposits.refund(booking.id, euros(20), "kind", "back")
    payment = till.money.payment(booking.id)
    assert [one.amount for one in till.money.gateway.refunds_of(payment.intent_id)] == [euros(20)]
    assert till.sums(booking) == {"paid": 50, "returned": 20, "left": 30}


def test_what_is_on_its_way_back_is_not_decided_about_twice(till: Till) -> None:
    booking = till.paid_link()
    till.money.server.access.revoke(till.money.server.key)
    till.deposits.refund(booking.id, euros(20), "kind", "back")
    assert till.money.payment(booking.id).status is PaymentStatus.REFUND_DUE
    assert (till.look(booking).left, till.look(booking).refundable) == (euros(30), euros(30))
    with pytest.raises(ValidationError):
        till.deposits.credit(booking.id, euros(31), "", "more")
    assert till.sums(done(till, booking)) == {"paid": 50, "applied": 30, "left": 20}


def test_credit_pays_for_another_booking_of_the_client(till: Till) -> None:
    first, second = paid(till), till.book(starts_at=LATER).booking
    till.deposits.credit(first.id, euros(50), "moved away", "credit")
    assert till.look(second).credit == euros(50)
    for _ in range(2):
        till.deposits.use_credit(second.id, euros(30), "use")
    assert till.sums(first) == {"paid": 50, "credited": 50}
    assert till.sums(second) == {"credit_used": 30, "left": 30}
    assert (till.look(second).credit, till.look(second).rest) == (euros(20), euros(90))
    with pytest.raises(ValidationError, match="at most 20"):
        till.deposits.use_credit(second.id, euros(21), "too much")


def test_credit_confirms_a_hold_and_ends_its_link(till: Till) -> None:
    first = paid(till)
    till.deposits.credit(first.id, euros(50), "", "credit")
    held, session_id = till.money.held_link(LATER)
    till.deposits.use_credit(held, euros(50), "use")
    assert till.money.status(held) is BookingStatus.CONFIRMED
    assert till.money.gateway.session(session_id).status.value == "expired"


def test_credit_is_not_used_for_a_hold_that_was_paid_a_moment_ago(till: Till) -> None:
    first = paid(till)
    till.deposits.credit(first.id, euros(50), "", "credit")
    held, session_id = till.money.held_link(LATER)
    till.money.server.pay(session_id)
    with pytest.raises(StaleRecord, match="paid by link"):
        till.deposits.use_credit(held, euros(50), "use")
    assert till.look(first).credit == euros(50)


def test_without_stripe_a_hold_takes_no_credit(till: Till) -> None:
    first = paid(till)
    till.deposits.credit(first.id, euros(50), "", "credit")
    held, _ = till.money.held_link(LATER)
    till.money.server.stop()
    with pytest.raises(GatewayUnreachable):
        till.deposits.use_credit(held, euros(50), "use")
    assert till.look(first).credit == euros(50)


def test_credit_that_was_used_goes_back_to_who_paid(till: Till) -> None:
    first, second = till.paid_link(), till.book(starts_at=LATER, request_key="second").booking
    till.deposits.credit(first.id, euros(50), "", "credit")
    till.deposits.use_credit(second.id, euros(50), "use")
    till.cancel(till.fresh(second), DepositFate.REFUND)
    assert till.sums(second) == {}
    assert till.sums(first) == {"paid": 50, "returned": 50}
    assert till.money.payment(first.id).status is PaymentStatus.REFUNDED
    assert till.look(first).credit == euros(0)


def test_unused_credit_can_be_paid_out(till: Till) -> None:
    first, second = paid(till), till.book(starts_at=LATER).booking
    till.deposits.credit(first.id, euros(50), "", "credit")
    till.deposits.use_credit(second.id, euros(20), "use")
    assert till.look(first).refundable == euros(30)
    till.deposits.refund(first.id, euros(30), "moves away", "out")
    assert till.sums(first) == {"paid": 50, "credited": 20, "returned": 30}
    assert till.look(first).credit == euros(0)


def test_the_studio_keeps_what_it_decides_to_keep(till: Till) -> None:
    booking = paid(till)
    till.deposits.forfeit(booking.id, euros(50), "came drunk", "keep")
    assert till.sums(booking) == {"paid": 50, "forfeited": 50}
    assert till.look(booking).rest == euros(120)


def test_a_deposit_rolls_over_to_another_sitting_and_back_to_who_paid(till: Till) -> None:
    first, second = till.paid_link(), till.book(starts_at=LATER, request_key="second").booking
    offered = till.look(first).sittings
    assert [(one.booking_id, one.is_series) for one in offered] == [(second.id, False)]
    for _ in range(2):
        till.deposits.roll_over(first.id, second.id, euros(50), "other sitting", "roll")
    assert till.sums(first) == {"paid": 50, "rolled_out": 50}
    assert till.sums(second) == {"rolled_in": 50, "left": 50}
    till.cancel(till.fresh(second), DepositFate.REFUND, euros(25))
    assert till.sums(second) == {"rolled_in": 25, "forfeited": 25}
    assert till.sums(first) == {"paid": 50, "rolled_out": 25, "returned": 25}


def test_a_rolled_deposit_is_applied_where_it_is(till: Till) -> None:
    first, second = paid(till), till.book(starts_at=LATER).booking
    till.deposits.roll_over(first.id, second.id, euros(50), "", "roll")
    assert till.sums(done(till, second)) == {"rolled_in": 50, "applied": 50}


def test_money_rolls_only_to_an_open_sitting_of_the_same_client(till: Till) -> None:
    first, gone = paid(till), till.book(starts_at=LATER).booking
    till.cancel(gone, DepositFate.KEEP)
    for target in (first.id, gone.id):
        with pytest.raises(ValidationError) as refused:
            till.deposits.roll_over(first.id, target, euros(50), "", f"roll-{target}")
        assert refused.value.field == "sitting"
    assert till.look(first).sittings == ()


@pytest.mark.parametrize("minor", [0, -1, 5001])
def test_no_action_moves_more_than_is_left(till: Till, minor: int) -> None:
    booking = paid(till)
    amount = Money(minor, "EUR")
    actions: list[Callable[[], Changes]] = [
        lambda: till.deposits.credit(booking.id, amount, "", "a"),
        lambda: till.deposits.forfeit(booking.id, amount, "", "b"),
        lambda: till.deposits.refund(booking.id, amount, "", "c"),
    ]
    for action in actions:
        with pytest.raises(ValidationError) as refused:
            action()
        assert refused.value.field == "amount"
    assert till.sums(booking) == {"paid": 50, "left": 50}


def no_show(till: Till, booking: Booking, fate: DepositFate, refund: Money | None = None) -> None:
    till.money.clock.at = booking.starts_at
    fresh = till.fresh(booking)
    command = MarkCommand(
        booking_id=booking.id,
        version=fresh.version,
        status=BookingStatus.NO_SHOW,
        fate=fate,
        refund=refund,
        reason="never came",
    )
    till.bookings.mark(command)


@pytest.mark.parametrize(
    ("fate", "refund", "sums"),
    [
        (DepositFate.KEEP, None, {"paid": 50, "forfeited": 50}),
        (DepositFate.CREDIT, None, {"paid": 50, "credited": 50}),
        (DepositFate.REFUND, None, {"paid": 50, "returned": 50}),
        (DepositFate.REFUND, euros(10), {"paid": 50, "returned": 10, "forfeited": 40}),
    ],
)
def test_a_no_show_settles_the_deposit(
    till: Till, fate: DepositFate, refund: Money | None, sums: dict[str, int]
) -> None:
    booking = paid(till)
    no_show(till, booking, fate, refund)
    assert till.sums(booking) == sums
    assert till.history(booking.id)[-1] == ("NO_SHOW", "never came")


def test_whoever_came_after_all_has_the_kept_deposit_applied(till: Till) -> None:
    booking = paid(till)
    no_show(till, booking, DepositFate.KEEP)
    assert till.sums(done(till, booking)) == {"paid": 50, "applied": 50}


def test_a_move_never_charges_again(till: Till) -> None:
    booking = paid(till)
    before = till.lines(booking)
    move = MoveService(till.money.database.write, till.money.clock, till.money.payments)
    move.move(MoveCommand(booking_id=booking.id, version=booking.version, starts_at=LATER))
    assert till.fresh(booking).starts_at == LATER
    assert till.lines(booking) == before
    assert len(till.money.attempts(booking.id)) == 1
    assert till.sums(done(till, till.fresh(booking))) == {"paid": 50, "applied": 50}


def test_two_desks_use_the_same_credit_once(desk: PaymentDesk) -> None:
    till = Till.open(desk)
    first = paid(till)
    others = [till.book(starts_at=LATER + timedelta(hours=2 * n), request_key=f"{n}").booking for n in range(2)]
    till.deposits.credit(first.id, euros(50), "", "credit")

    def use(number: int, barrier: Barrier) -> Changes:
        barrier.wait()
        return till.deposits.use_credit(others[number].id, euros(50), f"use-{number}")

    answers = at_once(2, use)
    assert winners(answers) == 1
    assert all(isinstance(one, Changes | InkDeskError) for one in answers)
    assert sum(till.sums(one).get("credit_used", 0) for one in others) == 50
    assert till.look(first).credit == euros(0)


def test_a_form_that_shows_older_money_is_stale(till: Till) -> None:
    booking = paid(till)
    till.deposits.credit(booking.id, euros(50), "", "credit")
    with pytest.raises(StaleRecord):
        till.cancel(booking, DepositFate.REFUND)


def test_only_money_by_hand_is_taken_by_hand(till: Till) -> None:
    booking = paid(till)
    command = till.rest(booking, 10)
    with pytest.raises(ValidationError):
        till.deposits.take_rest(
            type(command)(
                booking_id=booking.id,
                method=PaymentMethod.LINK,
                amount=euros(10),
                tip=euros(0),
                request_key="link",
            )
        )


def refunded_at_stripe(till: Till, booking: Booking, euros_back: int) -> None:
    """Somebody refunds in Stripe's dashboard, and the worker learns of it."""
    payment = till.money.payment(booking.id)
    params: dict[str, object] = {"payment_intent": payment.intent_id, "amount": euros_back * 100}
    till.money.gateway.create_refund(params, "by hand", payment.account)
    for _ in range(2):
        till.money.look(sweep=True)


def test_a_dashboard_refund_takes_back_what_was_applied(till: Till) -> None:
    booking = done(till, till.paid_link())
    refunded_at_stripe(till, booking, 20)
    assert till.sums(booking) == {"paid": 50, "applied": 30, "returned": 20}
    assert till.look(booking).rest == euros(90)
    assert till.look(booking).refundable == euros(30)


def test_a_dashboard_refund_takes_credit_back_wherever_it_was_used(till: Till) -> None:
    first, second = till.paid_link(), till.book(starts_at=LATER, request_key="second").booking
    till.deposits.credit(first.id, euros(50), "", "credit")
    till.deposits.use_credit(second.id, euros(30), "use")
    refunded_at_stripe(till, first, 50)
    assert (till.sums(first), till.sums(second)) == ({"paid": 50, "returned": 50}, {})
    assert till.look(first).credit == euros(0)
    assert till.look(second).rest == euros(120)


def test_a_dashboard_refund_takes_back_what_was_rolled_over(till: Till) -> None:
    first, second = till.paid_link(), till.book(starts_at=LATER, request_key="second").booking
    till.deposits.roll_over(first.id, second.id, euros(50), "", "roll")
    done(till, second)
    refunded_at_stripe(till, first, 20)
    assert till.sums(first) == {"paid": 50, "returned": 20, "rolled_out": 30}
    assert till.sums(second) == {"rolled_in": 30, "applied": 30}


def test_a_dispute_takes_back_what_was_applied_and_applies_it_again_when_won(till: Till) -> None:
    booking = done(till, till.paid_link())
    dispute_id = till.money.server.dispute(till.money.payment(booking.id).charge_id)
    till.money.look(sweep=True)
    assert till.sums(booking) == {"paid": 50, "disputed": 50}
    assert (till.look(booking).refundable, till.look(booking).rest) == (euros(0), euros(120))
    till.money.server.close_dispute(dispute_id, won=True)
    till.money.look(sweep=True)
    assert till.sums(booking) == {"paid": 50, "applied": 50}
    assert (till.look(booking).rest, till.money.task_kinds()) == (euros(70), [])
