"""The charge time decides, whichever way a desk learns of it, and the slot changes hands in one step."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event
from support.book import TUESDAY, occupied
from support.payment_desk import PaymentDesk
from typing_extensions import override

from inkdesk.application.payment_gateway import GatewayMissing, GatewayUnreachable
from inkdesk.application.payment_service import PaymentService
from inkdesk.application.reconcile_service import ReconcileService
from inkdesk.domain.artists import Leave
from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.errors import SlotUnavailable, StaleRecord
from inkdesk.domain.payments import PaymentStatus
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.db.repositories.bookings import SqlBookingRepository
from inkdesk.infrastructure.stripe_api.gateway import StripeGateway
from inkdesk.practice import PracticeServer
from inkdesk.practice.faults import Fault, FaultKind


class _TestModeGateway(StripeGateway):
    """The practice server with the rules of real accounts: what it forgets may live in another account."""

    @property
    @override
    def mode(self) -> Mode:
        return Mode.TEST


def two_paid_in_order(desk: PaymentDesk) -> tuple[int, int]:
    desk.first_to_pay_wins()
    early, early_session = desk.held_link(blocks=False)
    late, late_session = desk.held_link(blocks=False)
    desk.server.pay(early_session)
    desk.pass_time(seconds=60)
    desk.server.pay(late_session)
    return early, late


def the_earlier_has_it(desk: PaymentDesk, early: int, late: int) -> bool:
    return (
        (desk.status(early), desk.status(late)) == (BookingStatus.CONFIRMED, BookingStatus.LAPSED)
        and desk.payment(late).status in {PaymentStatus.REFUND_DUE, PaymentStatus.REFUNDED}
        and desk.task_kinds() == ["second_payer"]
    )


def test_closing_the_later_link_confirms_the_earlier_payer(desk: PaymentDesk) -> None:
    early, late = two_paid_in_order(desk)

    closed = desk.payments.close_link(desk.payment(late).id)

    assert closed.is_paid
    assert {early, late} <= closed.changes.bookings
    assert the_earlier_has_it(desk, early, late)


def test_resending_the_later_link_confirms_the_earlier_payer(lone_desk: PaymentDesk) -> None:
    early, late = two_paid_in_order(lone_desk)
    with pytest.raises(StaleRecord):
        lone_desk.payments.resend_link(late)
    assert the_earlier_has_it(lone_desk, early, late)


def test_releasing_the_later_hold_confirms_the_earlier_payer(lone_desk: PaymentDesk) -> None:
    early, late = two_paid_in_order(lone_desk)
    lone_desk.pass_time(minutes=31)
    lone_desk.payments.release_overdue([late])
    assert the_earlier_has_it(lone_desk, early, late)


def test_a_rival_that_is_not_sent_yet_makes_way_too(desk: PaymentDesk) -> None:
    paid, session_id = desk.held_link(blocks=False)
    desk.server.pay(session_id)
    desk.pass_time(seconds=30)
    rival, _ = desk.hold(blocks=True)

    desk.look()

    assert (desk.status(paid), desk.status(rival.id)) == (BookingStatus.CONFIRMED, BookingStatus.LAPSED)
    assert desk.task_kinds() == ["slot_lost"]


def test_a_crash_while_the_slot_changes_hands_changes_nothing(
    desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid, session_id = desk.held_link(blocks=False)
    rival, _ = desk.held_link(blocks=True)
    desk.server.pay(session_id)

    def crash(_: SqlBookingRepository, booking: Booking) -> None:
        assert booking.status in {BookingStatus.LAPSED, BookingStatus.CONFIRMED}
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SqlBookingRepository, "save", crash)
        with pytest.raises(KeyboardInterrupt):
            desk.look()

    assert desk.status(rival) is BookingStatus.PENDING_PAYMENT
    ana, slot = desk.book.ana, occupied(desk.booking(rival))
    with desk.database.read() as uow:
        assert [one.id for one in uow.bookings.blocking_bookings([ana.resource_id], slot)] == [rival]
    desk.look(sweep=True)
    assert (desk.status(paid), desk.status(rival)) == (BookingStatus.CONFIRMED, BookingStatus.LAPSED)


def test_a_payer_who_loses_moves_nobody_aside(desk: PaymentDesk) -> None:
    """The bank moves the money of one rival, so the slot is kept for it: the other keeps its hold."""
    desk.first_to_pay_wins()
    paid, session_id = desk.held_link(blocks=False)
    bank, bank_session = desk.held_link(blocks=True)
    desk.server.pay_later(bank_session)
    desk.look()
    unpaid, _ = desk.held_link(TUESDAY + timedelta(minutes=90), blocks=False)
    desk.server.pay(session_id)

    desk.look()

    assert desk.payment(paid).status is PaymentStatus.REFUNDED
    assert desk.status(bank) is BookingStatus.PENDING_PAYMENT
    assert desk.status(unpaid) is BookingStatus.PENDING_PAYMENT


def test_bookings_of_open_links_are_read_at_once(lone_desk: PaymentDesk) -> None:
    lone_desk.first_to_pay_wins()
    for day in range(1, 21):
        lone_desk.held_link(TUESDAY + timedelta(days=day), blocks=False)
    _, session_id = lone_desk.held_link(blocks=False)
    lone_desk.server.pay(session_id)
    statements: list[str] = []
    event.listen(
        lone_desk.database._engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]), named=False
    )

    lone_desk.look()

    for table in ("FROM booking ", "FROM booking_artist ", "FROM occupancy "):
        assert sum(table in statement for statement in statements) < 15


def in_test_mode(desk: PaymentDesk) -> None:
    """The same book and server, under the rules of a real account."""
    with desk.database.write() as uow:
        uow.studio.save(replace(uow.studio.get(), mode=Mode.TEST, success_url="https://studio.example/thanks"))
        uow.commit()
    desk.gateway.close()
    desk.gateway = gateway = _TestModeGateway(desk.server.key, Mode.PRACTICE, base_url=desk.server.url, retries=0)
    write, read = desk.database.write, desk.database.read
    desk.payments = PaymentService(write, read, lambda: gateway, desk.clock)
    desk.reconcile = ReconcileService(desk.payments, write, read, desk.clock)


def lose(desk: PaymentDesk, booking_id: int) -> None:
    """From now on Stripe does not know the link of a booking."""
    with desk.database.write() as uow:
        uow.payments.save(replace(desk.payment(booking_id), session_id="cs_test_lost"))
        uow.commit()


def test_a_rival_that_stripe_does_not_know_does_not_block_who_paid(desk: PaymentDesk) -> None:
    in_test_mode(desk)
    desk.first_to_pay_wins()
    lost, _ = desk.held_link(blocks=False)
    paid, session_id = desk.held_link(blocks=False)
    lose(desk, lost)
    desk.server.pay(session_id)

    assert desk.look().paid == (paid,)

    assert desk.payment(lost).status is PaymentStatus.OPEN
    assert [(task.kind, task.booking_id) for task in desk.tasks()] == [("unknown_at_stripe", lost)]


def test_a_link_that_stripe_does_not_know_is_frozen_until_its_time_is_over(lone_desk: PaymentDesk) -> None:
    in_test_mode(lone_desk)
    booking_id, _ = lone_desk.held_link()
    lose(lone_desk, booking_id)

    with pytest.raises(GatewayMissing, match="account was changed"):
        lone_desk.payments.close_link(lone_desk.payment(booking_id).id)
    lone_desk.pass_time(minutes=32)
    assert not lone_desk.look(sweep=True).is_trouble
    assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
    assert lone_desk.task_kinds() == ["unknown_at_stripe"]
    lone_desk.pass_time(minutes=1)
    lone_desk.look()

    assert lone_desk.payment(booking_id).status is PaymentStatus.EXPIRED
    assert lone_desk.status(booking_id) is BookingStatus.LAPSED


def test_a_restarted_practice_server_leaves_no_hold_behind(lone_desk: PaymentDesk) -> None:
    held, _ = lone_desk.held_link()
    moving, session_id = lone_desk.held_link(TUESDAY + timedelta(hours=3))
    lone_desk.server.pay_later(session_id)
    lone_desk.look()
    with PracticeServer() as restarted:
        restarted.clock.freeze()
        restarted.clock.advance(lone_desk.server.clock.now() - restarted.clock.now())
        gateway = StripeGateway(restarted.key, Mode.PRACTICE, base_url=restarted.url, retries=0)
        write, read = lone_desk.database.write, lone_desk.database.read
        payments = PaymentService(write, read, lambda: gateway, lone_desk.clock, restarted.success_url)

        closed = payments.close_link(lone_desk.payment(held).id)
        ReconcileService(payments, write, read, lone_desk.clock).look(sweep=True)
        gateway.close()

    assert not closed.is_paid
    assert lone_desk.payment(held).status is PaymentStatus.EXPIRED
    assert lone_desk.payment(moving).status is PaymentStatus.FAILED
    assert lone_desk.task_kinds() == ["payment_failed"]


def test_one_desk_s_wrong_clock_is_no_other_desk_s(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay_later(session_id)
    lone_desk.look()
    lone_desk.server.fail_delayed(session_id)
    lone_desk.look()
    kept_until = lone_desk.booking(booking_id).hold_until
    lone_desk.pass_time(hours=5)
    lone_desk.clock.advance(hours=-20)
    write, read = lone_desk.database.write, lone_desk.database.read
    slow = PaymentService(write, read, lambda: lone_desk.gateway, lone_desk.clock, lone_desk.server.success_url)
    result = ReconcileService(slow, write, read, lone_desk.clock).look()
    assert result.offset_s == 20 * 3600
    lone_desk.clock.advance(hours=20)

    with lone_desk.database.read() as uow:
        assert lone_desk.payments.stripe_now(uow) == lone_desk.clock.now()
    assert lone_desk.booking(booking_id).hold_until == kept_until
    assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT


@pytest.mark.parametrize("is_reachable", [True, False])
def test_a_fast_clock_alone_lets_no_hold_go(lone_desk: PaymentDesk, *, is_reachable: bool) -> None:
    """All attempts are over, so no session tells the time: Stripe is asked for it all the same."""
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay_later(session_id)
    lone_desk.look()
    lone_desk.server.fail_delayed(session_id)
    lone_desk.look()
    lone_desk.clock.advance(hours=30)
    if not is_reachable:
        lone_desk.server.faults.add(Fault(FaultKind.CUT_BEFORE))
        with pytest.raises(GatewayUnreachable):
            lone_desk.payments.release_overdue([booking_id])
    else:
        lone_desk.payments.release_overdue([booking_id])

    assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT


def test_no_new_link_for_a_time_that_has_passed(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    lone_desk.pass_time(days=3)
    lone_desk.look(sweep=True)
    with pytest.raises(SlotUnavailable, match="passed"):
        lone_desk.payments.resend_link(booking_id)
    assert lone_desk.status(booking_id) is BookingStatus.LAPSED


@pytest.mark.parametrize("reason", ["", "a favour"])
def test_a_lapsed_hold_is_revived_only_where_it_could_be_booked(lone_desk: PaymentDesk, reason: str) -> None:
    booking_id, _ = lone_desk.held_link()
    lone_desk.pass_time(minutes=40)
    lone_desk.look()
    hour = timedelta(hours=1)
    with lone_desk.database.write() as uow:
        uow.bookings.save(replace(uow.bookings.get(booking_id), override_reason=reason))
        ana = lone_desk.book.ana.id
        uow.artists.add_leave(Leave(artist_id=ana, starts_at=TUESDAY - hour, ends_at=TUESDAY + hour, reason="sick"))
        uow.commit()

    if reason:
        lone_desk.payments.resend_link(booking_id)
        assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
    else:
        with pytest.raises(SlotUnavailable, match="leave"):
            lone_desk.payments.resend_link(booking_id)
        assert lone_desk.status(booking_id) is BookingStatus.LAPSED
