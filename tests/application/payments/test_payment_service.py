"""Links and money by hand, as the desk uses them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.book import TUESDAY, a_booking, put
from support.payment_desk import PaymentDesk

from inkdesk.application.deposit_lines import MoneyMoves, settle_in
from inkdesk.application.payment_gateway import GatewayUnreachable, PaymentGateway
from inkdesk.application.payment_service import PaymentService
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.errors import SlotTaken, StaleRecord, StripeNotConfigured, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentMethod, PaymentStatus
from inkdesk.domain.studio import Mode
from inkdesk.practice.faults import Fault, FaultKind

DEPOSIT = Money(5000, "EUR")


def no_gateway() -> PaymentGateway:
    raise StripeNotConfigured(message("There is no Stripe key yet."))


def test_without_a_key_the_client_is_not_asked_to_pay(lone_desk: PaymentDesk) -> None:
    database = lone_desk.database
    payments = PaymentService(database.write, database.read, no_gateway, lone_desk.clock, "http://127.0.0.1/done")
    with pytest.raises(StripeNotConfigured):
        payments.check_ready()
    lone_desk.payments.check_ready()


def test_a_studio_of_another_mode_refuses_the_key(lone_desk: PaymentDesk) -> None:
    _set_studio(lone_desk, mode=Mode.LIVE, success_url="https://studio.example/thanks")
    with pytest.raises(StripeNotConfigured):
        lone_desk.payments.check_ready()
    booking, _ = lone_desk.hold()

    result = lone_desk.look()

    assert result.is_trouble
    assert lone_desk.status(booking.id) is BookingStatus.PENDING_PAYMENT


@pytest.mark.parametrize("page", ["", "http://studio.example/thanks"])
def test_real_money_needs_an_https_page_to_return_to(lone_desk: PaymentDesk, page: str) -> None:
    _set_studio(lone_desk, mode=Mode.TEST, success_url=page)
    with pytest.raises(StripeNotConfigured):
        lone_desk.payments.check_ready()


def test_everything_is_saved_before_the_first_call(lone_desk: PaymentDesk) -> None:
    booking, payment = lone_desk.hold()

    assert payment.status is PaymentStatus.CREATING
    assert payment.idempotency_key
    assert payment.expires_at is not None
    assert f'"expires_at": {int(payment.expires_at.timestamp())}' in payment.params
    assert (payment.expires_at - lone_desk.clock.now()).total_seconds() == 33 * 60
    assert lone_desk.ledger(booking.id) == ["asked"]
    assert lone_desk.server.reads.count() == 0


def test_an_amount_that_stripe_refuses_ends_the_attempt_with_its_reason(lone_desk: PaymentDesk) -> None:
    with lone_desk.database.write() as uow:
        draft = replace(a_booking(lone_desk.book), status=BookingStatus.PENDING_PAYMENT, deposit=Money(10, "EUR"))
        booking = put(uow, draft, lone_desk.book.ana)
        payment = lone_desk.payments.ask_for_deposit(uow, booking, uow.studio.get(), lone_desk.clock.now())
        uow.commit()

    with pytest.raises(ValidationError) as refused:
        lone_desk.payments.open_link(payment.id)

    assert refused.value.field == "deposit"
    assert lone_desk.payment(booking.id).status is PaymentStatus.FAILED


def test_resend_kills_the_old_link_first(lone_desk: PaymentDesk) -> None:
    booking_id, old = lone_desk.held_link()
    lone_desk.pass_time(minutes=20)

    opened = lone_desk.payments.resend_link(booking_id)

    assert lone_desk.gateway.session(old).status.value == "expired"
    assert [one.status for one in lone_desk.attempts(booking_id)] == [PaymentStatus.EXPIRED, PaymentStatus.OPEN]
    held = lone_desk.booking(booking_id).hold_until
    assert held is not None
    assert (held - lone_desk.clock.now()).total_seconds() == 1800
    assert opened.payment.session_id != old


def test_resend_of_a_paid_link_says_so(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)

    with pytest.raises(StaleRecord):
        lone_desk.payments.resend_link(booking_id)

    assert lone_desk.status(booking_id) is BookingStatus.CONFIRMED


def test_resend_revives_a_lapsed_hold_only_if_its_slot_is_free(desk: PaymentDesk) -> None:
    booking_id, _ = desk.held_link()
    desk.pass_time(minutes=31)
    desk.look()
    desk.payments.resend_link(booking_id)
    assert desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
    desk.pass_time(minutes=31)
    desk.look()
    with desk.database.write() as uow:
        put(uow, a_booking(desk.book), desk.book.ana)
        uow.commit()

    with pytest.raises(SlotTaken):
        desk.payments.resend_link(booking_id)


def test_close_link_tells_whether_it_was_paid(lone_desk: PaymentDesk) -> None:
    unpaid, _ = lone_desk.held_link()
    closed = lone_desk.payments.close_link(lone_desk.payment(unpaid).id)
    assert (closed.is_paid, closed.changes.bookings) == (False, frozenset({unpaid}))
    assert lone_desk.status(unpaid) is BookingStatus.PENDING_PAYMENT
    paid, session_id = lone_desk.held_link(TUESDAY + timedelta(hours=3))
    lone_desk.server.pay(session_id)
    closed = lone_desk.payments.close_link(lone_desk.payment(paid).id)
    assert (closed.is_paid, closed.changes.bookings) == (True, frozenset({paid}))
    assert lone_desk.status(paid) is BookingStatus.CONFIRMED


def test_close_of_a_link_whose_answer_was_lost_finds_and_ends_it(lone_desk: PaymentDesk) -> None:
    booking, payment = lone_desk.hold()
    lone_desk.server.faults.add(Fault(FaultKind.CUT_AFTER_COMMIT, "/v1/checkout/sessions", "POST"))
    with pytest.raises(GatewayUnreachable):
        lone_desk.payments.open_link(payment.id)

    assert not lone_desk.payments.close_link(payment.id).is_paid

    ended = lone_desk.payment(booking.id)
    assert ended.status is PaymentStatus.EXPIRED
    assert lone_desk.gateway.session(ended.session_id).status.value == "expired"


def test_close_while_stripe_is_away_changes_nothing(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    lone_desk.server.faults.add(Fault(FaultKind.CUT_BEFORE))
    with pytest.raises(GatewayUnreachable):
        lone_desk.payments.close_link(lone_desk.payment(booking_id).id)
    assert lone_desk.payment(booking_id).status is PaymentStatus.OPEN


def test_cash_confirms_once_and_ends_the_open_link(desk: PaymentDesk) -> None:
    booking_id, session_id = desk.held_link()

    for _ in range(2):
        desk.payments.record_by_hand(booking_id, PaymentMethod.CASH, DEPOSIT, "till-1")

    assert [one.method.value for one in desk.attempts(booking_id)] == ["link", "cash"]
    assert desk.status(booking_id) is BookingStatus.CONFIRMED
    assert desk.ledger(booking_id) == ["asked", "paid"]
    assert desk.gateway.session(session_id).status.value == "expired"


def test_cash_while_stripe_is_away_and_a_link_paid_beside_it_goes_back(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.faults.add(Fault(FaultKind.CUT_BEFORE))
    lone_desk.payments.record_by_hand(booking_id, PaymentMethod.TRANSFER, DEPOSIT, "till-1")
    lone_desk.server.pay(session_id)

    lone_desk.look()

    by_method = {one.method.value: one.status for one in lone_desk.attempts(booking_id)}
    assert by_method == {"link": PaymentStatus.REFUNDED, "transfer": PaymentStatus.PAID}


@pytest.mark.parametrize("amount", [Money(0, "EUR"), Money(-100, "EUR"), Money(5000, "USD")])
def test_impossible_amounts_by_hand_are_refused(lone_desk: PaymentDesk, amount: Money) -> None:
    booking_id, _ = lone_desk.held_link()
    with pytest.raises(ValidationError):
        lone_desk.payments.record_by_hand(booking_id, PaymentMethod.CASH, amount, "till-1")
    with pytest.raises(ValidationError):
        lone_desk.payments.record_by_hand(booking_id, PaymentMethod.LINK, DEPOSIT, "till-2")
    assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
    assert lone_desk.payment(booking_id).status is PaymentStatus.OPEN


def test_cash_refund_is_settled_at_once_without_stripe(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    lone_desk.payments.record_by_hand(booking_id, PaymentMethod.CASH, DEPOSIT, "till-1")

    lone_desk.payments.refund(lone_desk.payment(booking_id).id, DEPOSIT, "ill", "refund-1")

    assert lone_desk.payment(booking_id).status is PaymentStatus.REFUNDED
    assert lone_desk.ledger(booking_id) == ["asked", "paid", "refunded"]


@pytest.mark.parametrize(
    ("fate", "refund", "lines"),
    [
        (DepositFate.KEEP, 0, ["forfeited"]),
        (DepositFate.CREDIT, 0, ["credited"]),
        (DepositFate.REFUND, 5000, ["refunded"]),
        (DepositFate.REFUND, 2000, ["forfeited", "refunded"]),
        (DepositFate.REFUND, 0, ["forfeited"]),
    ],
)
def test_fate_of_a_deposit_is_written(lone_desk: PaymentDesk, fate: DepositFate, refund: int, lines: list[str]) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.look()
    with lone_desk.database.write() as uow:
        moves = MoneyMoves(uow, lone_desk.clock.now(), "moved away", "end")
        settle_in(moves, [uow.bookings.get(booking_id)], fate, Money(refund, "EUR"))
        uow.commit()

    lone_desk.payments.pay_refunds()

    assert lone_desk.ledger(booking_id)[2:] == lines


def _set_studio(desk: PaymentDesk, *, mode: Mode, success_url: str) -> None:
    with desk.database.write() as uow:
        uow.studio.save(replace(uow.studio.get(), mode=mode, success_url=success_url))
        uow.commit()
