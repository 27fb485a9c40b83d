"""What becomes of a hold: paid, unpaid, paid late, paid twice, paid wrongly."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from support.book import TUESDAY, a_booking, put
from support.payment_desk import PaymentDesk

from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import SlotTaken
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentStatus
from inkdesk.domain.refunds import RefundStatus


def test_paid_link_confirms_once_with_charge_and_fee(desk: PaymentDesk) -> None:
    booking_id, session_id = desk.held_link()
    charge_id = desk.server.pay(session_id)

    first, second = desk.look(), desk.look(sweep=True)

    paid = desk.payment(booking_id)
    assert first.paid == (booking_id,)
    assert booking_id in first.changes.bookings
    assert (second.paid, second.changes.bookings) == ((), frozenset())
    assert desk.status(booking_id) is BookingStatus.CONFIRMED
    assert (paid.status, paid.charge_id, paid.charged_at) == (PaymentStatus.PAID, charge_id, desk.clock.now())
    assert paid.fee_minor
    assert desk.ledger(booking_id) == ["asked", "paid"]


def test_unpaid_hold_lapses_at_its_deadline_and_frees_the_slot(desk: PaymentDesk) -> None:
    booking_id, session_id = desk.held_link()
    desk.pass_time(minutes=29, seconds=59)
    assert not desk.look().changes
    desk.pass_time(seconds=1)

    result = desk.look()

    assert booking_id in result.changes.bookings
    assert desk.status(booking_id) is BookingStatus.LAPSED
    assert desk.payment(booking_id).status is PaymentStatus.EXPIRED
    assert desk.gateway.session(session_id).status.value == "expired"
    with desk.database.write() as uow:
        put(uow, a_booking(desk.book), desk.book.ana)  # the slot is free


def test_program_closed_all_night_lapses_at_start(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    lone_desk.pass_time(hours=10)

    lone_desk.look(sweep=True)

    assert lone_desk.status(booking_id) is BookingStatus.LAPSED


def test_paid_in_the_second_of_the_deadline_is_confirmed(
    lone_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking_id, session_id = lone_desk.held_link()
    expire = lone_desk.gateway.expire_session

    def pay_first(wanted: str, account: str = "") -> None:
        lone_desk.server.pay(session_id)
        expire(wanted, account)

    monkeypatch.setattr(lone_desk.gateway, "expire_session", pay_first)
    lone_desk.pass_time(minutes=30)

    assert lone_desk.look().paid == (booking_id,)
    assert lone_desk.status(booking_id) is BookingStatus.CONFIRMED
    assert lone_desk.ledger(booking_id) == ["asked", "paid"]


def test_delayed_money_keeps_the_slot_and_then_confirms(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay_later(session_id)
    lone_desk.look()
    lone_desk.pass_time(hours=2)
    lone_desk.look(sweep=True)
    assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
    assert lone_desk.payment(booking_id).status is PaymentStatus.PROCESSING

    lone_desk.server.settle(session_id)

    assert lone_desk.look().paid == (booking_id,)


def test_delayed_money_that_fails_keeps_the_slot_one_day(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay_later(session_id)
    lone_desk.look()
    lone_desk.server.fail_delayed(session_id)
    lone_desk.pass_time(hours=23)

    lone_desk.look()

    assert lone_desk.payment(booking_id).status is PaymentStatus.FAILED
    assert lone_desk.task_kinds() == ["payment_failed"]
    assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
    lone_desk.pass_time(hours=25)
    lone_desk.look()
    assert lone_desk.status(booking_id) is BookingStatus.LAPSED


def test_first_to_pay_wins_and_the_second_link_dies(desk: PaymentDesk) -> None:
    desk.first_to_pay_wins()
    slow, slow_session = desk.held_link(blocks=False)
    quick, quick_session = desk.held_link(blocks=False)
    desk.server.pay(quick_session)

    assert desk.look().paid == (quick,)
    assert desk.status(quick) is BookingStatus.CONFIRMED
    assert desk.status(slow) is BookingStatus.LAPSED
    assert desk.gateway.session(slow_session).status.value == "expired"
    assert desk.task_kinds() == ["slot_lost"]


def test_two_payers_of_one_slot_the_earlier_charge_keeps_it(desk: PaymentDesk) -> None:
    desk.first_to_pay_wins()
    late, late_session = desk.held_link(blocks=False)
    early, early_session = desk.held_link(blocks=False)
    desk.server.pay(early_session)
    desk.pass_time(seconds=5)
    charge_id = desk.server.pay(late_session)

    result = desk.look()
    desk.look(sweep=True)

    refund = desk.refunds(desk.payment(late).id)
    assert result.paid == (early,)
    assert (desk.status(early), desk.status(late)) == (BookingStatus.CONFIRMED, BookingStatus.LAPSED)
    assert desk.payment(late).status is PaymentStatus.REFUNDED
    assert [one.status for one in refund] == [RefundStatus.SUCCEEDED]
    assert [one.amount for one in desk.gateway.refunds_of(desk.payment(late).intent_id)] == [Money(5000, "EUR")]
    assert desk.payment(late).charge_id == charge_id
    assert desk.ledger(late) == ["asked", "paid", "refunded"]
    assert desk.task_kinds() == ["second_payer"]


def test_earlier_charge_wins_when_its_news_comes_last(desk: PaymentDesk) -> None:
    desk.first_to_pay_wins()
    early, early_session = desk.held_link(blocks=False)
    late, late_session = desk.held_link(blocks=False)
    desk.server.events.hold()
    desk.server.pay(early_session)
    desk.server.events.release()
    desk.pass_time(seconds=400)
    with desk.database.write() as uow:  # the early event lies behind the cursor
        uow.payments.set_poll_state({"events_from_s": str(int(desk.clock.now().timestamp()) + 200)})
        uow.commit()
    desk.server.pay(late_session)
    desk.server.clock.advance(250)
    desk.server.events.duplicate("checkout.session.completed")

    desk.look(sweep=True)

    assert (desk.status(early), desk.status(late)) == (BookingStatus.CONFIRMED, BookingStatus.LAPSED)


def test_slot_sold_again_offline_the_first_payer_comes_back(desk: PaymentDesk) -> None:
    first, first_session = desk.held_link()
    desk.server.pay(first_session)
    with desk.database.write() as uow:  # a person let the hold go while Stripe could not be asked
        uow.bookings.set_blocks(first, blocks=False)
        uow.commit()
    second, second_session = desk.held_link()

    desk.look()

    assert (desk.status(first), desk.status(second)) == (BookingStatus.CONFIRMED, BookingStatus.LAPSED)
    assert desk.gateway.session(second_session).status.value == "expired"
    assert desk.task_kinds() == ["slot_lost"]


def test_slot_confirmed_for_somebody_else_refunds_the_payer_and_spares_other_links(desk: PaymentDesk) -> None:
    desk.first_to_pay_wins()
    booking_id, session_id = desk.held_link(blocks=False)
    with desk.database.write() as uow:
        put(uow, a_booking(desk.book), desk.book.ana)
        uow.commit()
    desk.server.pay(session_id)

    desk.look()

    assert desk.payment(booking_id).status is PaymentStatus.REFUNDED
    assert desk.status(booking_id) is BookingStatus.LAPSED


def test_a_payer_who_lost_anyway_does_not_cost_others_their_hold(lone_desk: PaymentDesk) -> None:
    paid, paid_session = lone_desk.held_link()
    lone_desk.server.pay(paid_session)
    with lone_desk.database.write() as uow:  # let go by a person, then sold for good, an hour earlier
        uow.bookings.set_blocks(paid, blocks=False)
        put(uow, a_booking(lone_desk.book, TUESDAY - timedelta(hours=1)), lone_desk.book.ana)
        uow.commit()
    waiting, _ = lone_desk.held_link(TUESDAY + timedelta(hours=1))

    lone_desk.look()

    assert lone_desk.payment(paid).status is PaymentStatus.REFUNDED
    assert lone_desk.status(waiting) is BookingStatus.PENDING_PAYMENT
    assert lone_desk.payment(waiting).status is PaymentStatus.OPEN


def test_two_links_of_one_booking_keep_one_and_refund_the_other(desk: PaymentDesk) -> None:
    booking_id, first_session = desk.held_link()
    with desk.database.write() as uow:
        again = desk.payments.ask_for_deposit(uow, uow.bookings.get(booking_id), uow.studio.get(), desk.clock.now())
        uow.commit()
    second_session = desk.payments.open_link(again.id).payment.session_id
    desk.server.pay(second_session)
    desk.pass_time(seconds=2)
    desk.server.pay(first_session)

    desk.look()
    desk.look(sweep=True)

    by_session = {one.session_id: one.status for one in desk.attempts(booking_id)}
    assert by_session == {first_session: PaymentStatus.REFUNDED, second_session: PaymentStatus.PAID}
    assert desk.status(booking_id) is BookingStatus.CONFIRMED
    assert desk.task_kinds() == ["paid_twice"]


def test_other_amount_is_a_task_and_neither_confirmed_nor_refunded(lone_desk: PaymentDesk) -> None:
    booking, payment = lone_desk.hold()
    with lone_desk.database.write() as uow:
        changed = payment.params.replace('"unit_amount": 5000', '"unit_amount": 4000')
        uow.payments.save(replace(payment, params=changed))
        uow.commit()
    session_id = lone_desk.payments.open_link(payment.id).payment.session_id
    lone_desk.server.pay(session_id)
    lone_desk.look()
    lone_desk.pass_time(hours=1)

    lone_desk.look(sweep=True)

    assert lone_desk.status(booking.id) is BookingStatus.PENDING_PAYMENT  # the slot is kept
    assert lone_desk.payment(booking.id).status is PaymentStatus.PAID
    assert lone_desk.refunds(payment.id) == []
    assert [dict(task.sentence.values)["paid"] for task in lone_desk.tasks()] == [Money(4000, "EUR")]


def test_paid_after_a_cancel_is_a_task_not_a_refund(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    _set_status(lone_desk, booking_id, BookingStatus.CANCELLED)

    lone_desk.look(sweep=True)

    assert lone_desk.task_kinds() == ["paid_after_end"]
    assert lone_desk.payment(booking_id).status is PaymentStatus.PAID
    assert lone_desk.status(booking_id) is BookingStatus.CANCELLED


def test_link_of_a_cancelled_booking_dies(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    _set_status(lone_desk, booking_id, BookingStatus.CANCELLED)

    lone_desk.look()

    assert lone_desk.gateway.session(session_id).status.value == "expired"
    assert lone_desk.payment(booking_id).status is PaymentStatus.EXPIRED


def test_foreign_payments_and_events_are_left_alone(lone_desk: PaymentDesk) -> None:
    booking, payment = lone_desk.hold()
    foreign = {name: value for name, value in _params(payment.params).items() if name != "metadata"}
    other = lone_desk.gateway.create_session(foreign, "somebody-else")
    lone_desk.server.pay(other.session_id)
    lone_desk.payments.open_link(payment.id)

    lone_desk.look(sweep=True)

    assert lone_desk.status(booking.id) is BookingStatus.PENDING_PAYMENT
    assert lone_desk.tasks() == []


def test_events_doubled_and_reversed_end_the_same(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.server.events.duplicate("checkout.session.completed")
    lone_desk.server.events.reverse(4)
    lone_desk.look()
    lone_desk.server.events.duplicate("checkout.session.completed")

    lone_desk.look()

    assert lone_desk.status(booking_id) is BookingStatus.CONFIRMED
    assert lone_desk.ledger(booking_id) == ["asked", "paid"]


def test_dispute_and_dashboard_refund_are_shown(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    charge_id = lone_desk.server.pay(session_id)
    lone_desk.look()
    lone_desk.server.refund_in_dashboard(charge_id, 2000)
    lone_desk.look()
    assert lone_desk.payment(booking_id).status is PaymentStatus.PARTIALLY_REFUNDED
    assert lone_desk.payment(booking_id).refunded_minor == 2000

    lone_desk.server.dispute(charge_id)
    lone_desk.look()

    assert lone_desk.payment(booking_id).status is PaymentStatus.DISPUTED
    assert lone_desk.task_kinds() == ["disputed"]
    assert lone_desk.ledger(booking_id) == ["asked", "paid", "refunded", "disputed"]


def test_many_open_links_are_swept_with_one_list(lone_desk: PaymentDesk) -> None:
    held = [lone_desk.held_link(TUESDAY + timedelta(hours=3 * n)) for n in range(5)]
    lone_desk.look()
    lone_desk.server.events.hold()
    lone_desk.server.pay(held[2][1])
    lone_desk.server.reads.clear()

    result = lone_desk.look(sweep=True)

    assert result.paid == (held[2][0],)
    # events, refunds, disputes, fresh sessions, old ones, the paid one, and how the studio's account stands
    assert lone_desk.server.reads.count() <= 7


def test_overdue_hold_is_released_for_another_client_only_after_asking(desk: PaymentDesk) -> None:
    booking_id, session_id = desk.held_link()
    assert not desk.payments.release_overdue([booking_id])
    assert desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
    desk.server.pay(session_id)
    desk.pass_time(minutes=31)

    assert desk.payments.release_overdue([booking_id]).bookings == {booking_id}

    assert desk.status(booking_id) is BookingStatus.CONFIRMED
    with desk.database.write() as uow, pytest.raises(SlotTaken):
        put(uow, a_booking(desk.book), desk.book.ana)


def _set_status(desk: PaymentDesk, booking_id: int, status: BookingStatus) -> None:
    with desk.database.write() as uow:
        uow.bookings.set_blocks(booking_id, blocks=False)
        uow.bookings.save(replace(uow.bookings.get(booking_id), status=status))
        uow.commit()


def _params(stored: str) -> dict[str, object]:
    params: dict[str, object] = json.loads(stored)
    return params
