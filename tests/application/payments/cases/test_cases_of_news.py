"""Cases 15 to 17, 19 and 24 to 26: news that comes twice, late or never, wrong clocks, and a Stripe in trouble."""

from datetime import timedelta

import pytest
from support.case_steps import come_to_rest, held, look, sweep
from support.killed import Worlds
from support.payment_desk import PaymentDesk

from inkdesk.application.stripe_key import check_key
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.payments import PaymentStatus
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.stripe_api.gateway import StripeGateway
from inkdesk.practice.faults import Fault, FaultKind

CONFIRMED = BookingStatus.CONFIRMED


def test_case_15_news_twice_out_of_order_and_in_an_old_format(worlds: Worlds) -> None:
    def noisy(desk: PaymentDesk) -> tuple[int, str]:
        booking_id, session_id = held(desk)
        charge_id = desk.server.pay(session_id)
        desk.server.events.duplicate("checkout.session.completed")
        desk.server.refund_in_dashboard(charge_id, 2000)
        desk.server.events.reverse(6)
        desk.server.events.api_version = "2019-05-16"
        return booking_id, session_id

    for desk, (booking_id, _) in worlds.killed_at_every_step(noisy, look, at_least=2):
        come_to_rest(desk)
        desk.server.events.duplicate("checkout.session.completed")
        desk.server.events.duplicate("charge.refunded")
        come_to_rest(desk)

        assert desk.status(booking_id) is CONFIRMED
        assert desk.payment(booking_id).status is PaymentStatus.PARTIALLY_REFUNDED
        assert desk.ledger(booking_id) == ["asked", "paid", "refunded"]


def test_case_16_closed_for_more_than_thirty_days(worlds: Worlds) -> None:
    def long_away(desk: PaymentDesk) -> tuple[int, int, int]:
        paid_before, session_id = held(desk)
        charge_id = desk.server.pay(session_id)
        desk.look()
        later = desk.clock.now() + timedelta(days=60)
        waiting, waiting_session = desk.held_link(later)
        unpaid, _ = desk.held_link(later + timedelta(hours=3))
        desk.server.pay(waiting_session)
        desk.server.refund_in_dashboard(charge_id)
        desk.pass_time(days=33)
        return paid_before, waiting, unpaid

    for desk, (paid_before, waiting, unpaid) in worlds.killed_at_every_step(long_away, sweep, at_least=2):
        for _ in range(4):  # money that came in long ago is asked for a few at a look
            come_to_rest(desk)

        assert desk.status(waiting) is CONFIRMED
        assert desk.status(unpaid) is BookingStatus.LAPSED
        assert desk.payment(paid_before).status is PaymentStatus.REFUNDED


def test_case_17_marks_are_missing_and_strangers_are_left_alone(worlds: Worlds) -> None:
    def unmarked(desk: PaymentDesk) -> tuple[int, str]:
        booking_id, session_id = held(desk)
        stranger = desk.gateway.create_session(stranger_params(desk), "somebody-else")
        desk.server.pay(stranger.session_id)
        desk.server.pay(session_id)
        desk.server.forget_metadata(session_id)
        return booking_id, stranger.session_id

    for desk, (booking_id, stranger) in worlds.killed_at_every_step(unmarked, sweep, at_least=2):
        come_to_rest(desk)

        assert desk.status(booking_id) is CONFIRMED
        assert desk.gateway.refunds_of(desk.gateway.session(stranger).intent_id) == []
        assert desk.task_kinds() == []


def stranger_params(desk: PaymentDesk) -> dict[str, object]:
    """A session of another program on the same account."""
    price = {"currency": "eur", "unit_amount": 900, "product_data": {"name": "T-shirt"}}
    return {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": desk.server.success_url,
    }


@pytest.mark.parametrize("hours", [-30, -5, 7, 30])
def test_case_19_stripe_s_time_decides_whatever_the_computer_s_clock_says(worlds: Worlds, hours: int) -> None:
    def wrong_clock(desk: PaymentDesk) -> tuple[int, str]:
        booking_id, session_id = held(desk)
        desk.clock.advance(hours=hours)
        return booking_id, session_id

    for desk, (booking_id, session_id) in worlds.killed_at_every_step(wrong_clock, sweep, at_least=1):
        come_to_rest(desk)
        assert desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
        assert desk.look().banner is not None
        desk.pass_time(minutes=25)
        desk.server.pay(session_id)
        come_to_rest(desk)

        assert desk.status(booking_id) is CONFIRMED


def test_case_24_a_revoked_key_freezes_everything_and_names_what_is_missing(worlds: Worlds) -> None:
    def locked_out(desk: PaymentDesk) -> tuple[int, int, str]:
        paid, session_id = held(desk)
        unpaid, _ = desk.held_link(desk.clock.now() + timedelta(days=3))
        desk.server.pay(session_id)
        desk.server.access.withdraw(desk.server.key, "rak_checkout_session_write")
        return paid, unpaid, session_id

    for desk, (paid, unpaid, _) in worlds.killed_at_every_step(locked_out, sweep, at_least=0):
        desk.pass_time(hours=1)
        result = desk.look(sweep=True)
        assert result.banner is not None
        assert dict(result.banner.values)["right"].startswith("rak_checkout_session")  # type: ignore[union-attr]
        assert desk.status(paid) is desk.status(unpaid) is BookingStatus.PENDING_PAYMENT
        desk.server.access.grant(desk.server.key)
        come_to_rest(desk)

        assert desk.status(paid) is CONFIRMED
        assert desk.status(unpaid) is BookingStatus.LAPSED


@pytest.mark.parametrize(
    "kind", [FaultKind.RATE_LIMITED, FaultKind.ERROR_AFTER_COMMIT, FaultKind.HTML_503, FaultKind.CUT_AFTER_COMMIT]
)
def test_case_25_stripe_in_trouble_at_every_call_ends_without_doubles(worlds: Worlds, kind: FaultKind) -> None:
    def in_trouble(desk: PaymentDesk) -> tuple[int, int]:
        desk.first_to_pay_wins()
        late, late_session = desk.held_link(blocks=False)
        early, early_session = desk.held_link(blocks=False)
        desk.server.pay(early_session)
        desk.pass_time(seconds=5)
        desk.server.pay(late_session)
        desk.server.faults.add(Fault(kind, "*", times=3))
        return late, early

    for desk, (late, early) in worlds.killed_at_every_step(in_trouble, look, at_least=0):
        for _ in range(5):
            desk.look(sweep=True)
            desk.pass_time(seconds=100)
        come_to_rest(desk)

        assert (desk.status(early), desk.status(late)) == (CONFIRMED, BookingStatus.LAPSED)
        assert len(desk.gateway.refunds_of(desk.payment(late).intent_id)) == 1
        assert desk.payment(late).status is PaymentStatus.REFUNDED


def test_case_26_a_key_of_the_other_mode_is_refused(lone_desk: PaymentDesk) -> None:
    with pytest.raises(InkDeskError):
        check_key("rk_live_" + "a" * 24, Mode.PRACTICE)
    with pytest.raises(InkDeskError):
        check_key("rk_test_" + "a" * 24, Mode.LIVE)
    with pytest.raises(InkDeskError):
        StripeGateway("rk_live_" + "a" * 24, Mode.PRACTICE, base_url=lone_desk.server.url)
