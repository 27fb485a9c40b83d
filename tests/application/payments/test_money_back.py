"""Refunds one by one, disputes and their ends, and amounts that differ."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from support.payment_desk import PaymentDesk

from inkdesk.application.booking_commands import CancelCommand
from inkdesk.application.booking_service import BookingService
from inkdesk.application.dispute_book import learn_disputes
from inkdesk.application.inbox_service import InboxService
from inkdesk.application.payment_gateway import GatewayUnreachable
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, LedgerKind, Payment, PaymentStatus
from inkdesk.domain.refunds import RefundStatus
from inkdesk.domain.tasks import TaskAction
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from inkdesk.practice.faults import Fault, FaultKind


def paid_link(desk: PaymentDesk) -> tuple[Payment, str]:
    """A confirmed booking's payment and its charge."""
    booking_id, session_id = desk.held_link()
    charge_id = desk.server.pay(session_id)
    desk.look()
    return desk.payment(booking_id), charge_id


def paid_differently(desk: PaymentDesk, minor: int) -> tuple[Payment, str]:
    """Somebody changed what the link asks for, and it was paid."""
    _, payment = desk.hold()
    with desk.database.write() as uow:
        changed = payment.params.replace('"unit_amount": 5000', f'"unit_amount": {minor}')
        uow.payments.save(replace(payment, params=changed))
        uow.commit()
    charge_id = desk.server.pay(desk.payments.open_link(payment.id).payment.session_id)
    desk.look()
    return desk.payment(payment.booking_id), charge_id


def refund(desk: PaymentDesk, payment: Payment, minor: int, key: str) -> None:
    desk.payments.refund(payment.id, Money(minor, "EUR"), key, key)
    desk.pass_time(seconds=5)


def cancel(
    desk: PaymentDesk, booking_id: int, fate: DepositFate = DepositFate.REFUND, refund: Money | None = None
) -> None:
    service = BookingService(desk.database.write, desk.clock, desk.payments, LibraryPhoneNumbers())
    version = desk.booking(booking_id).version
    service.cancel(CancelCommand(booking_id=booking_id, version=version, fate=fate, refund=refund))


def given_back(desk: PaymentDesk, payment: Payment) -> int:
    """What Stripe gave back of a payment, and what is on its way."""
    made = desk.gateway.refunds_of(payment.intent_id)
    return sum(one.amount.amount_minor for one in made if one.status is not RefundStatus.FAILED)


def refunded(entries: Sequence[LedgerEntry]) -> int:
    return sum(entry.amount.amount_minor for entry in entries if entry.kind is LedgerKind.REFUNDED)


def disputed(desk: PaymentDesk, payment: Payment) -> int:
    """What banks hold of a booking's money by the ledger."""
    lines = desk.database.queries.booking(payment.booking_id).ledger
    return sum(entry.amount.amount_minor for entry in lines if entry.kind is LedgerKind.DISPUTED)


def stands(desk: PaymentDesk, payment: Payment) -> PaymentStatus:
    return desk.payment(payment.booking_id).status


def test_a_refund_that_fails_behind_a_later_one_is_told_and_taken_out_of_the_sum(desk: PaymentDesk) -> None:
    payment, _ = paid_link(desk)
    refund(desk, payment, 2000, "first")
    refund(desk, payment, 1000, "second")
    desk.server.fail_refund(desk.refunds(payment.id)[0].stripe_id)

    desk.look()
    desk.look(sweep=True)

    detail = desk.database.queries.booking(payment.booking_id)
    assert [one.status for one in desk.refunds(payment.id)] == [RefundStatus.FAILED, RefundStatus.SUCCEEDED]
    assert (detail.payments[-1].status, detail.payments[-1].refunded_minor) == (PaymentStatus.PARTIALLY_REFUNDED, 1000)
    assert refunded(detail.ledger) == 1000
    assert desk.task_kinds() == ["refund_failed"]
    refund(desk, payment, 4000, "again")
    assert refunded(desk.database.queries.booking(payment.booking_id).ledger) == 5000


def test_every_refund_that_fails_is_a_task(lone_desk: PaymentDesk) -> None:
    payment, _ = paid_link(lone_desk)
    for key in ("first", "second"):
        lone_desk.server.refund_next_as("pending")
        refund(lone_desk, payment, 1000, key)
    for one in lone_desk.refunds(payment.id):
        lone_desk.server.fail_refund(one.stripe_id)
    lone_desk.look()
    assert lone_desk.task_kinds() == ["refund_failed", "refund_failed"]


def test_a_won_dispute_leaves_the_money_as_it_was(desk: PaymentDesk) -> None:
    payment, charge_id = paid_link(desk)
    dispute_id = desk.server.dispute(charge_id)
    desk.look()
    assert stands(desk, payment) is PaymentStatus.DISPUTED
    assert desk.task_kinds() == ["disputed"]
    assert (disputed(desk, payment), desk.tasks()[0].sentence.plain().count(" before ")) == (5000, 1)
    desk.pass_time(days=2)
    desk.server.close_dispute(dispute_id, won=True)

    desk.look()
    desk.look(sweep=True)

    assert stands(desk, payment) is PaymentStatus.PAID
    assert (disputed(desk, payment), desk.task_kinds()) == (0, [])
    with desk.database.read() as uow:
        [record] = uow.payments.disputes_of(payment.id)
    assert (record.stripe_id, record.status, record.amount) == (dispute_id, "won", payment.amount)
    assert record.due_by is not None
    assert record.closed_at is not None


def test_an_inquiry_takes_no_money(lone_desk: PaymentDesk) -> None:
    payment, charge_id = paid_link(lone_desk)
    dispute_id = lone_desk.server.dispute(charge_id, "warning_needs_response")
    lone_desk.look()
    assert (stands(lone_desk, payment), disputed(lone_desk, payment)) == (PaymentStatus.DISPUTED, 0)

    lone_desk.pass_time(minutes=1)
    lone_desk.server.advance_dispute(dispute_id, "needs_response")
    lone_desk.look()
    assert disputed(lone_desk, payment) == 5000
    assert lone_desk.ledger(payment.booking_id) == ["asked", "paid", "disputed"]


def test_the_task_names_the_day_of_answer_as_it_is_now(desk: PaymentDesk) -> None:
    payment, charge_id = paid_link(desk)
    desk.server.dispute(charge_id)
    desk.look()
    charge = desk.gateway.session(payment.session_id).charge
    assert charge is not None
    later = desk.clock.now() + timedelta(days=40)
    moved = [replace(charge.disputes[0], due_by=later)]

    with desk.database.write() as uow:
        now = desk.clock.now()
        assert learn_disputes(uow, payment, moved, seen_at=now, now=now)
        assert not learn_disputes(uow, payment, moved, seen_at=now, now=now)
        uow.commit()

    [task] = desk.tasks()
    assert dict(task.sentence.values)["due_by"] == later


def test_an_old_answer_reopens_no_dispute(lone_desk: PaymentDesk) -> None:
    payment, charge_id = paid_link(lone_desk)
    dispute_id = lone_desk.server.dispute(charge_id)
    old = lone_desk.gateway.session(payment.session_id)
    lone_desk.server.close_dispute(dispute_id, won=True)
    lone_desk.look()

    lone_desk.payments.settlement.settle(payment.id, old, is_live=False, lapse=True)

    assert stands(lone_desk, payment) is PaymentStatus.PAID
    assert disputed(lone_desk, payment) == 0


def test_a_lost_dispute_stays_shown(lone_desk: PaymentDesk) -> None:
    payment, charge_id = paid_link(lone_desk)
    lone_desk.server.close_dispute(lone_desk.server.dispute(charge_id), won=False)
    lone_desk.look()
    assert stands(lone_desk, payment) is PaymentStatus.DISPUTED


def test_a_pending_refund_is_followed_through_a_dispute(lone_desk: PaymentDesk) -> None:
    payment, charge_id = paid_link(lone_desk)
    lone_desk.server.refund_next_as("pending")
    refund(lone_desk, payment, 2000, "first")
    lone_desk.server.dispute(charge_id, "warning_needs_response")
    lone_desk.look()
    assert stands(lone_desk, payment) is PaymentStatus.DISPUTED
    lone_desk.server.events.hold()
    lone_desk.server.fail_refund(lone_desk.refunds(payment.id)[0].stripe_id)

    lone_desk.look(sweep=True)

    assert [one.status for one in lone_desk.refunds(payment.id)] == [RefundStatus.FAILED]
    assert sorted(lone_desk.task_kinds()) == ["disputed", "refund_failed"]


def test_a_refund_that_waits_is_sent_although_the_payment_is_disputed(lone_desk: PaymentDesk) -> None:
    payment, charge_id = paid_link(lone_desk)
    lone_desk.server.faults.add(Fault(FaultKind.CUT_BEFORE, "/v1/refunds", "POST"))
    with pytest.raises(GatewayUnreachable):
        refund(lone_desk, payment, 2000, "first")
    lone_desk.server.faults.clear()
    lone_desk.server.dispute(charge_id)

    lone_desk.look()

    assert [one.status for one in lone_desk.refunds(payment.id)] == [RefundStatus.FAILED]  # Stripe's answer
    assert sorted(lone_desk.task_kinds()) == ["disputed", "refund_failed"]
    assert any("before the dispute is decided" in task.sentence.plain() for task in lone_desk.tasks())


def test_a_cancel_with_refund_of_disputed_money_says_that_nothing_was_sent(lone_desk: PaymentDesk) -> None:
    payment, charge_id = paid_link(lone_desk)
    lone_desk.server.dispute(charge_id)
    lone_desk.look()

    cancel(lone_desk, payment.booking_id)

    assert lone_desk.status(payment.booking_id) is BookingStatus.CANCELLED
    assert sorted(lone_desk.task_kinds()) == ["disputed", "not_refundable"]
    assert (lone_desk.refunds(payment.id), lone_desk.ledger(payment.booking_id)) == ([], ["asked", "paid", "disputed"])


def test_after_an_inquiry_so_much_is_offered_as_was_to_go_back(lone_desk: PaymentDesk) -> None:
    payment, charge_id = paid_link(lone_desk)
    dispute_id = lone_desk.server.dispute(charge_id, "warning_needs_response")
    lone_desk.look()
    cancel(lone_desk, payment.booking_id, refund=Money(2000, "EUR"))
    lone_desk.pass_time(seconds=5)
    lone_desk.server.advance_dispute(dispute_id, "warning_closed")
    lone_desk.look(sweep=True)
    inbox = InboxService(lone_desk.payments, lone_desk.database.write, lone_desk.database.read, lone_desk.clock)
    (item,) = inbox.open()
    assert (item.left, dict(item.what.values)["amount"]) == (Money(2000, "EUR"), Money(2000, "EUR"))

    inbox.do(item.task_id, TaskAction.REFUND, "key")

    assert given_back(lone_desk, payment) == 2000
    assert inbox.open() == []


@pytest.mark.parametrize("minor", [4000, 6000])
def test_what_really_came_is_what_a_cancel_gives_back(desk: PaymentDesk, minor: int) -> None:
    payment, _ = paid_differently(desk, minor)
    assert payment.amount == Money(minor, "EUR")
    told = dict(desk.tasks()[0].sentence.values)
    assert (told["paid"], told["asked"]) == (Money(minor, "EUR"), Money(5000, "EUR"))

    cancel(desk, payment.booking_id)

    assert stands(desk, payment) is PaymentStatus.REFUNDED
    assert [one.amount for one in desk.gateway.refunds_of(payment.intent_id)] == [Money(minor, "EUR")]
    assert refunded(desk.database.queries.booking(payment.booking_id).ledger) == minor


def test_a_dashboard_refund_of_more_than_was_asked_is_adopted(desk: PaymentDesk) -> None:
    payment, charge_id = paid_differently(desk, 6000)
    desk.server.refund_in_dashboard(charge_id)

    desk.look()

    after = desk.payment(payment.booking_id)
    assert (after.status, after.refunded_minor) == (PaymentStatus.REFUNDED, 6000)


def test_what_a_dashboard_refund_left_goes_back_with_a_cancel(desk: PaymentDesk) -> None:
    payment, charge_id = paid_link(desk)
    desk.server.refund_in_dashboard(charge_id, 1000)

    cancel(desk, payment.booking_id)

    assert stands(desk, payment) is PaymentStatus.REFUNDED
    assert (given_back(desk, payment), len(desk.gateway.refunds_of(payment.intent_id))) == (5000, 2)
    assert refunded(desk.database.queries.booking(payment.booking_id).ledger) == 5000
    assert desk.task_kinds() == ["refund_shortened"]
    assert not desk.look(sweep=True).changes.payments


def test_what_a_dashboard_refund_left_goes_back_to_the_second_payer(desk: PaymentDesk) -> None:
    desk.first_to_pay_wins()
    first, first_session = desk.held_link(blocks=False)
    second, second_session = desk.held_link(blocks=False)
    desk.server.pay(first_session)
    desk.pass_time(seconds=5)
    desk.server.refund_in_dashboard(desk.server.pay(second_session), 1000)

    desk.look()

    assert (desk.status(first), desk.status(second)) == (BookingStatus.CONFIRMED, BookingStatus.LAPSED)
    assert desk.payment(second).status is PaymentStatus.REFUNDED
    assert sorted(desk.task_kinds()) == ["refund_shortened", "second_payer"]


def test_a_cancel_gives_back_what_a_pending_refund_left(desk: PaymentDesk) -> None:
    payment, _ = paid_link(desk)
    desk.server.refund_next_as("pending")
    refund(desk, payment, 1000, "goodwill")

    cancel(desk, payment.booking_id)

    assert given_back(desk, payment) == 5000
    assert desk.task_kinds() == []


def test_a_cancel_gives_back_what_a_failed_refund_did_not(desk: PaymentDesk) -> None:
    payment, _ = paid_link(desk)
    desk.server.refund_next_as("failed")
    refund(desk, payment, 1000, "goodwill")
    desk.server.refund_next_as("succeeded")

    cancel(desk, payment.booking_id)

    assert (given_back(desk, payment), stands(desk, payment)) == (5000, PaymentStatus.REFUNDED)


def test_a_kept_deposit_forfeits_only_what_is_not_on_its_way_back(desk: PaymentDesk) -> None:
    payment, _ = paid_link(desk)
    desk.server.refund_next_as("pending")
    refund(desk, payment, 1000, "goodwill")

    cancel(desk, payment.booking_id, DepositFate.KEEP)

    lines = desk.database.queries.booking(payment.booking_id).ledger
    assert [one.amount for one in lines if one.kind is LedgerKind.FORFEITED] == [Money(4000, "EUR")]


def test_a_refund_is_never_repeated_blindly_whatever_this_computers_clock_says(lone_desk: PaymentDesk) -> None:
    payment, _ = paid_link(lone_desk)
    lone_desk.server.faults.add(Fault(FaultKind.CUT_AFTER_COMMIT, "/v1/refunds", "POST"))
    with pytest.raises(GatewayUnreachable):
        refund(lone_desk, payment, 1000, "goodwill")
    lone_desk.pass_time(hours=25)
    lone_desk.clock.advance(hours=-5)

    lone_desk.look()

    assert given_back(lone_desk, payment) == 1000
    assert stands(lone_desk, payment) is PaymentStatus.PARTIALLY_REFUNDED
