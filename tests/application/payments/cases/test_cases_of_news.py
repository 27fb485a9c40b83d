"""Cases 15 to 17, 19 and 24 to 26: news that comes twice, late or never, wrong clocks, and a Stripe in trouble."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from support.case_steps import come_to_rest, held, look, open_link_if_it_may, payable, saved_hold, sweep
from support.killed import Worlds
from support.payment_desk import PaymentDesk
from support.settings_desk import MemorySecrets

from inkdesk.application.key_service import KeyService
from inkdesk.application.stripe_key import key_name
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import Message
from inkdesk.domain.payments import PaymentStatus
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.stripe_api.gateway import StripeGateway
from inkdesk.practice.events import OLD_API_VERSION
from inkdesk.practice.faults import Fault, FaultKind
from inkdesk.stripe_access import StripeAccess

CONFIRMED = BookingStatus.CONFIRMED


def test_case_15_news_twice_out_of_order_and_in_an_old_format(worlds: Worlds) -> None:
    def noisy(desk: PaymentDesk) -> tuple[int, str]:
        assert desk.server.events.api_version == OLD_API_VERSION
        booking_id, session_id = held(desk)
        charge_id = desk.server.pay(session_id)
        desk.server.events.duplicate("checkout.session.completed")
        desk.server.refund_in_dashboard(charge_id, 2000)
        desk.server.events.reverse(6)
        return booking_id, session_id

    for desk, (booking_id, _) in worlds.killed_at_every_step(noisy, look, at_least=2):
        come_to_rest(desk)
        desk.server.events.duplicate("checkout.session.completed")
        desk.server.events.duplicate("charge.refunded")
        come_to_rest(desk)

        assert desk.status(booking_id) is CONFIRMED
        assert desk.payment(booking_id).status is PaymentStatus.PARTIALLY_REFUNDED
        assert desk.ledger(booking_id) == ["asked", "paid", "refunded"]


NEWS = ["checkout.session.completed", "charge.refunded", "charge.dispute.created"]


@pytest.mark.parametrize("order", list(permutations(NEWS)), ids=lambda order: ">".join(one[-9:] for one in order))
def test_case_15_late_news_in_any_order_end_alike(lone_desk: PaymentDesk, order: tuple[str, ...]) -> None:
    booking_id, session_id = held(lone_desk)
    lone_desk.look()
    lone_desk.server.events.hold()
    charge_id = lone_desk.server.pay(session_id)
    lone_desk.server.refund_in_dashboard(charge_id, 2000)
    dispute_id = lone_desk.server.dispute(charge_id)
    for kind in order:
        lone_desk.pass_time(seconds=70)
        lone_desk.server.events.release(kind)
        lone_desk.look()
        lone_desk.server.events.duplicate(kind)
        lone_desk.server.events.release(kind)
        lone_desk.look()

    assert lone_desk.status(booking_id) is CONFIRMED
    payment = lone_desk.payment(booking_id)
    assert (payment.status, payment.refunded_minor) == (PaymentStatus.DISPUTED, 2000)
    assert sorted(lone_desk.ledger(booking_id)) == ["asked", "disputed", "paid", "refunded"]
    lone_desk.server.close_dispute(dispute_id, won=True)
    lone_desk.server.events.release()
    come_to_rest(lone_desk)
    assert lone_desk.payment(booking_id).status is PaymentStatus.PARTIALLY_REFUNDED


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


def test_case_24_a_missing_right_freezes_everything_and_is_named(worlds: Worlds) -> None:
    def locked_out(desk: PaymentDesk) -> tuple[int, int, str]:
        ids = paid_and_unpaid(desk)
        desk.server.access.withdraw(desk.server.key, "rak_checkout_session_write")
        return ids

    for desk, ids in worlds.killed_at_every_step(locked_out, sweep, at_least=0):
        banner = check_frozen(desk, ids)
        assert dict(banner.values)["right"].startswith("rak_checkout_session")  # type: ignore[union-attr]
        check_resumed(desk, ids)


def test_case_24_a_revoked_key_freezes_everything(worlds: Worlds) -> None:
    def locked_out(desk: PaymentDesk) -> tuple[int, int, str]:
        ids = paid_and_unpaid(desk)
        desk.server.access.revoke(desk.server.key)
        return ids

    for desk, ids in worlds.killed_at_every_step(locked_out, sweep, at_least=0):
        assert "key" in check_frozen(desk, ids).plain()
        check_resumed(desk, ids)


def paid_and_unpaid(desk: PaymentDesk) -> tuple[int, int, str]:
    paid, session_id = held(desk)
    unpaid, _ = desk.held_link(desk.clock.now() + timedelta(days=3))
    desk.server.pay(session_id)
    return paid, unpaid, session_id


def check_frozen(desk: PaymentDesk, ids: tuple[int, int, str]) -> Message:
    """Long past both deadlines nothing has moved; the answer is the banner."""
    paid, unpaid, _ = ids
    desk.pass_time(hours=1)
    result = desk.look(sweep=True)
    assert desk.status(paid) is desk.status(unpaid) is BookingStatus.PENDING_PAYMENT
    assert desk.payment(paid).status is desk.payment(unpaid).status is PaymentStatus.OPEN
    assert result.banner is not None
    return result.banner


def check_resumed(desk: PaymentDesk, ids: tuple[int, int, str]) -> None:
    paid, unpaid, _ = ids
    desk.server.access.grant(desk.server.key)
    come_to_rest(desk)
    assert desk.status(paid) is CONFIRMED
    assert desk.status(unpaid) is BookingStatus.LAPSED


def test_case_24_a_disabled_account_freezes_the_attempt_until_it_may_charge(worlds: Worlds) -> None:
    def disabled(desk: PaymentDesk) -> tuple[int, int]:
        ids = saved_hold(desk)
        desk.server.set_charges_enabled(enabled=False)
        return ids

    for desk, (booking_id, payment_id) in worlds.killed_at_every_step(disabled, open_link_if_it_may, at_least=1):
        desk.pass_time(minutes=2)
        desk.look(sweep=True)
        assert desk.payment(booking_id).status is PaymentStatus.CREATING
        assert desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
        desk.server.set_charges_enabled(enabled=True)
        link = desk.payments.open_link(payment_id).payment
        assert (link.attempt, payable(desk)) == (1, [link.session_id])
        desk.server.pay(link.session_id)
        come_to_rest(desk)
        assert desk.status(booking_id) is CONFIRMED


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


@pytest.mark.parametrize(
    ("key", "mode"),
    [("rk_live_" + "a" * 24, Mode.PRACTICE), ("rk_live_" + "a" * 24, Mode.TEST), ("rk_test_" + "a" * 24, Mode.LIVE)],
)
def test_case_26_a_key_of_the_other_mode_is_refused_by_the_database_s_mode(
    lone_desk: PaymentDesk, key: str, mode: Mode
) -> None:
    with lone_desk.database.write() as uow:
        studio = uow.studio.save(replace(uow.studio.get(), mode=mode))
        uow.commit()
    secrets = MemorySecrets()
    opened: list[str] = []

    def open_key(key: str, mode: Mode) -> StripeGateway:
        opened.append(key)
        return StripeGateway(key, mode, base_url=lone_desk.server.url)

    keys = KeyService(lone_desk.database.write, lone_desk.database.read, secrets, lone_desk.clock, open_key)
    with pytest.raises(ValidationError) as refused:
        keys.keep(key, studio)
    assert (refused.value.field, secrets.kept, opened) == ("stripe_key", {}, [])
    secrets.set(key_name(studio), key)  # as if it had been put there by hand
    access = StripeAccess(lone_desk.database.read, secrets, (key, lone_desk.server.url))
    with pytest.raises(ValidationError):
        access.gateway()
    assert lone_desk.server.reads.count() == 0


def test_case_26_an_object_of_the_other_mode_moves_nothing_and_is_told(desk: PaymentDesk) -> None:
    booking_id, session_id = held(desk)
    desk.server.pay(session_id)
    desk.server.claim_live(session_id)
    for _ in range(2):
        desk.pass_time(hours=1)
        desk.look(sweep=True)

    assert (desk.status(booking_id), desk.payment(booking_id).status) == (
        BookingStatus.PENDING_PAYMENT,
        PaymentStatus.OPEN,
    )
    assert (desk.ledger(booking_id), desk.task_kinds()) == (["asked"], ["other_mode"])
