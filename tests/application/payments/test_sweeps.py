"""Everything at once by lists: what events never told, at the price of pages; and no more than the month grants."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.book import TUESDAY
from support.payment_desk import PaymentDesk

from inkdesk.application.payment_gateway import GatewayRefused
from inkdesk.application.poll_state import LEAST_ALLOWANCE, PollState, reads_key
from inkdesk.application.reads import ReadCounter
from inkdesk.application.settlement import Settled
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.payments import PaymentStatus
from inkdesk.domain.refunds import RefundStatus
from inkdesk.practice.faults import Fault, FaultKind

SESSIONS = "/v1/checkout/sessions"


def paid_booking(desk: PaymentDesk) -> tuple[int, str]:
    booking_id, session_id = desk.held_link()
    charge_id = desk.server.pay(session_id)
    desk.look(sweep=True)
    return booking_id, charge_id


def remembered(desk: PaymentDesk) -> PollState:
    with desk.database.read() as uow:
        return PollState.parse(uow.payments.poll_state())


def spend(desk: PaymentDesk, reads: int) -> None:
    with desk.database.write() as uow:
        uow.payments.add_to_poll_state(reads_key(desk.clock.now().date()), reads)
        uow.commit()


def test_a_look_forgets_old_counts_by_stripes_clock(desk: PaymentDesk) -> None:
    spend(desk, 7)
    spent_on = desk.clock.now().date()
    desk.clock.advance(days=40)  # this computer's clock alone: nothing is forgotten by it
    desk.look()
    assert spent_on.isoformat() in remembered(desk).reads
    desk.server.clock.advance(40 * 86_400)
    desk.look()
    assert spent_on.isoformat() not in remembered(desk).reads


# Open attempts


def test_what_expired_by_a_list_is_not_asked_for_again(lone_desk: PaymentDesk) -> None:
    held = [lone_desk.held_link(TUESDAY + timedelta(hours=3 * n)) for n in range(20)]
    lone_desk.pass_time(hours=9)
    lone_desk.server.reads.clear()

    lone_desk.look(sweep=True)

    assert {lone_desk.status(booking_id) for booking_id, _ in held} == {BookingStatus.LAPSED}
    assert {lone_desk.payment(booking_id).status for booking_id, _ in held} == {PaymentStatus.EXPIRED}
    assert lone_desk.server.reads.count(f"{SESSIONS}/*") == 0
    assert lone_desk.server.reads.count() < 10


def test_without_a_sweep_too_many_ended_links_cost_one_list(lone_desk: PaymentDesk) -> None:
    held = [lone_desk.held_link(TUESDAY + timedelta(hours=3 * n)) for n in range(6)]
    lone_desk.pass_time(hours=2)
    lone_desk.server.reads.clear()

    lone_desk.look()

    assert {lone_desk.status(booking_id) for booking_id, _ in held} == {BookingStatus.LAPSED}
    assert lone_desk.server.reads.count() == 2


def test_pages_are_read_only_while_they_are_cheaper_than_asking(
    lone_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inkdesk.infrastructure.stripe_api.gateway.PAGE", 3)
    held = [lone_desk.held_link(TUESDAY + timedelta(hours=3 * n)) for n in range(4)]
    params = {"mode": "payment", "success_url": lone_desk.server.success_url, "line_items": _item()}
    for n in range(30):
        lone_desk.gateway.create_session(params, f"another program's {n}")
    lone_desk.look(sweep=True)
    lone_desk.server.reads.clear()

    lone_desk.pass_time(minutes=31)
    lone_desk.look()

    assert {lone_desk.status(booking_id) for booking_id, _ in held} == {BookingStatus.LAPSED}
    assert lone_desk.server.reads.count(SESSIONS) == 4


def _item() -> list[dict[str, object]]:
    price = {"currency": "eur", "unit_amount": 900, "product_data": {"name": "A mug"}}
    return [{"quantity": 1, "price_data": price}]


def test_a_list_that_breaks_off_is_no_answer(lone_desk: PaymentDesk) -> None:
    held = [lone_desk.held_link(TUESDAY + timedelta(hours=3 * n)) for n in range(6)]
    lone_desk.pass_time(hours=2)
    lone_desk.server.faults.add(Fault(FaultKind.ERROR_BEFORE, SESSIONS, "GET"))

    broken = lone_desk.look()

    assert not broken.is_whole
    assert {lone_desk.status(booking_id) for booking_id, _ in held} == {BookingStatus.PENDING_PAYMENT}
    assert lone_desk.look().is_whole
    assert {lone_desk.status(booking_id) for booking_id, _ in held} == {BookingStatus.LAPSED}


# Money that is in


def test_a_dashboard_refund_is_learned_after_months_without_its_event(lone_desk: PaymentDesk) -> None:
    booking_id, charge_id = paid_booking(lone_desk)
    lone_desk.pass_time(days=10)
    lone_desk.server.refund_in_dashboard(charge_id, 2000)
    lone_desk.pass_time(days=31)

    lone_desk.look(sweep=True)

    assert lone_desk.payment(booking_id).status is PaymentStatus.PARTIALLY_REFUNDED
    assert lone_desk.ledger(booking_id) == ["asked", "paid", "refunded"]


def test_a_dispute_is_learned_although_its_event_was_lost(lone_desk: PaymentDesk) -> None:
    booking_id, charge_id = paid_booking(lone_desk)
    lone_desk.server.events.drop("charge.dispute.*")
    dispute_id = lone_desk.server.dispute(charge_id)
    lone_desk.pass_time(hours=2)
    assert not lone_desk.look().changes

    lone_desk.look(sweep=True)

    assert lone_desk.payment(booking_id).status is PaymentStatus.DISPUTED
    lone_desk.server.close_dispute(dispute_id, won=True)
    lone_desk.pass_time(hours=2)
    lone_desk.look(sweep=True)
    assert lone_desk.payment(booking_id).status is PaymentStatus.PAID


def test_a_refund_that_failed_while_the_program_was_closed_is_learned(lone_desk: PaymentDesk) -> None:
    booking_id, _ = paid_booking(lone_desk)
    paid = lone_desk.payment(booking_id)
    lone_desk.payments.refund(paid.id, paid.amount, "ill", "refund-key")
    lone_desk.look()
    assert lone_desk.payment(booking_id).status is PaymentStatus.REFUNDED
    lone_desk.server.events.drop("*")
    lone_desk.server.fail_refund(lone_desk.refunds(paid.id)[0].stripe_id)
    lone_desk.pass_time(days=40)

    lone_desk.look(sweep=True)

    assert [one.status for one in lone_desk.refunds(paid.id)] == [RefundStatus.FAILED]
    assert lone_desk.payment(booking_id).status is PaymentStatus.REFUND_FAILED


def test_what_is_known_costs_only_the_lists(lone_desk: PaymentDesk) -> None:
    _, charge_id = paid_booking(lone_desk)
    lone_desk.server.refund_in_dashboard(charge_id, 2000)
    lone_desk.server.dispute(charge_id)
    lone_desk.look()
    lone_desk.pass_time(hours=2)
    lone_desk.look(sweep=True)
    lone_desk.pass_time(hours=2)
    lone_desk.server.reads.clear()

    assert not lone_desk.look(sweep=True).changes
    assert lone_desk.server.reads.count() == 4  # events, refunds, disputes, sessions of the last day

    lone_desk.look(sweep=True)  # within the hour the lists are left alone ...
    assert lone_desk.server.reads.count() == 5
    lone_desk.reconcile.look(sweep=True, is_asked=True)  # ... unless a person wants to know
    assert lone_desk.server.reads.count() == 9


# One bad payment


def test_one_payment_that_never_works_holds_up_nothing(lone_desk: PaymentDesk) -> None:
    bad, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    poison = Fault(FaultKind.ERROR_BEFORE, f"{SESSIONS}/{session_id}", times=1000)
    lone_desk.server.faults.add(poison)
    lone_desk.look()
    good, other = lone_desk.held_link(TUESDAY.replace(hour=14))
    lone_desk.pass_time(minutes=10)
    lone_desk.server.pay(other)

    assert lone_desk.look().paid == (good,)

    assert remembered(lone_desk).events_from_s == lone_desk.server.clock.now()
    lone_desk.server.reads.clear()
    for _ in range(10):
        lone_desk.look()
    assert lone_desk.server.reads.count() == 10  # it waits by itself
    lone_desk.server.faults.clear()
    lone_desk.pass_time(minutes=2)
    assert lone_desk.look().paid == (bad,)
    assert remembered(lone_desk).retries.waiting == {}


def test_a_person_who_asks_waits_for_no_back_off(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.server.faults.add(Fault(FaultKind.ERROR_BEFORE, f"{SESSIONS}/*", times=2))
    lone_desk.look()
    lone_desk.pass_time(seconds=31)
    lone_desk.look()
    assert lone_desk.look().paid == ()
    assert lone_desk.reconcile.look(is_asked=True).paid == (booking_id,)


def test_a_payment_stripe_will_not_speak_of_is_not_asked_for_at_every_look(
    lone_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lone_desk.held_link()
    lone_desk.pass_time(minutes=31)
    asked: list[str] = []

    def refuse(session_id: str, account: str = "") -> None:
        asked.append(session_id)
        raise GatewayRefused("odd", "No.")

    monkeypatch.setattr(lone_desk.gateway, "session", refuse)
    for _ in range(5):
        lone_desk.look()
    assert len(asked) == 1
    assert lone_desk.task_kinds() == ["refused"]


# The month's reads


def test_reads_near_their_end_are_kept_for_what_cannot_wait(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    lone_desk.look()
    spend(lone_desk, int(LEAST_ALLOWANCE * 0.96))
    lone_desk.server.reads.clear()

    idle = lone_desk.look(sweep=True)
    assert (idle.was_asked, lone_desk.server.reads.count()) == (False, 0)
    assert idle.banner is not None
    assert lone_desk.reconcile.look(is_watched=True).was_asked
    assert lone_desk.reconcile.look(is_asked=True).was_asked
    lone_desk.pass_time(minutes=31)
    assert lone_desk.look().was_asked
    assert lone_desk.status(booking_id) is BookingStatus.LAPSED


def test_nothing_goes_over_the_allowance_by_itself(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    lone_desk.look()
    spend(lone_desk, LEAST_ALLOWANCE)
    lone_desk.pass_time(minutes=31)
    lone_desk.server.reads.clear()

    assert not lone_desk.look(sweep=True).was_asked
    assert not lone_desk.reconcile.look_at({booking_id}).was_asked
    assert lone_desk.server.reads.count() == 0
    assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
    lone_desk.pass_time(days=31)
    lone_desk.look(sweep=True)
    assert lone_desk.status(booking_id) is BookingStatus.LAPSED


def test_a_look_stops_where_the_reads_end(lone_desk: PaymentDesk) -> None:
    held = [lone_desk.held_link(TUESDAY + timedelta(hours=3 * n)) for n in range(8)]
    lone_desk.look()
    for _, session_id in held:
        lone_desk.server.pay(session_id)
    spend(lone_desk, LEAST_ALLOWANCE - 6 - remembered_reads(lone_desk))
    lone_desk.server.reads.clear()

    lone_desk.reconcile.look(is_watched=True)

    assert lone_desk.server.reads.count() <= 7
    lone_desk.pass_time(minutes=5)
    lone_desk.reconcile.look(is_asked=True)
    assert {lone_desk.status(booking_id) for booking_id, _ in held} == {BookingStatus.CONFIRMED}


def remembered_reads(desk: PaymentDesk) -> int:
    return sum(remembered(desk).reads.values())


def test_more_payments_are_good_for_more_reads(lone_desk: PaymentDesk) -> None:
    booking_id, _ = paid_booking(lone_desk)
    paid = lone_desk.payment(booking_id)
    with lone_desk.database.write() as uow:
        for n in range(39):
            again = replace(paid, id=0, attempt=n + 2, idempotency_key=f"k{n}", session_id=f"s{n}", intent_id=f"i{n}")
            uow.payments.add(again)
        uow.commit()
    spend(lone_desk, LEAST_ALLOWANCE)
    assert lone_desk.look().reads_share == pytest.approx(0.5, abs=0.01)


def test_reads_of_a_desks_own_actions_are_counted_too(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    lone_desk.payments.close_link(lone_desk.payment(booking_id).id)
    counter = ReadCounter(lone_desk.database.write, lone_desk.clock)

    assert counter.keep(lone_desk.gateway) == lone_desk.server.reads.count() == 2

    assert remembered_reads(lone_desk) == 2
    assert counter.keep(lone_desk.gateway) == 0


def test_a_crash_in_a_long_look_forgets_few_reads(lone_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkdesk.application.reconcile_service.READS_KEPT", 2)
    held = [lone_desk.held_link(TUESDAY + timedelta(hours=3 * n)) for n in range(6)]
    for _, session_id in held:
        lone_desk.server.pay(session_id)
    settled, settle = list[int](), lone_desk.reconcile._settlement.settle

    def die(payment_id: int, *facts: object, **how: object) -> Settled:
        settled.append(payment_id)
        if len(settled) == 5:
            raise KeyboardInterrupt
        return settle(payment_id, *facts, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(lone_desk.reconcile._settlement, "settle", die)
    with pytest.raises(KeyboardInterrupt):
        lone_desk.look()
    assert remembered_reads(lone_desk) >= lone_desk.server.reads.count() - 2
