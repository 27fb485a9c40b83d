"""The desk's tasks: what is offered, done once, and closed when nobody needs it any more."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import event
from support.book import HOUR, TUESDAY, a_booking, put
from support.payment_desk import PaymentDesk

from inkdesk.application import desk_tasks
from inkdesk.application.inbox_service import InboxItem, InboxService
from inkdesk.application.open_tasks import close_gone
from inkdesk.application.payment_gateway import GatewayUnreachable
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import SlotTaken, StaleRecord, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import DeskTask, Payment, PaymentStatus
from inkdesk.domain.reconciling import RefundFacts
from inkdesk.domain.refunds import RefundStatus
from inkdesk.domain.tasks import TaskAction, TaskKind
from inkdesk.practice.faults import Fault, FaultKind

A, K = TaskAction, TaskKind


@pytest.fixture
def inbox(desk: PaymentDesk) -> InboxService:
    return inbox_of(desk)


def inbox_of(desk: PaymentDesk) -> InboxService:
    return InboxService(desk.payments, desk.database.write, desk.database.read, desk.clock)


def paid_differently(desk: PaymentDesk, minor: int, *, blocks: bool = True) -> Payment:
    booking, payment = desk.hold(blocks=blocks)
    with desk.database.write() as uow:
        changed = payment.params.replace('"unit_amount": 5000', f'"unit_amount": {minor}')
        uow.payments.save(replace(payment, params=changed))
        uow.commit()
    desk.server.pay(desk.payments.open_link(payment.id).payment.session_id)
    desk.look()
    return desk.payment(booking.id)


def paid_after_cancel(desk: PaymentDesk) -> Payment:
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    with desk.database.write() as uow:
        uow.bookings.set_blocks(booking_id, blocks=False)
        uow.bookings.save(replace(uow.bookings.get(booking_id), status=BookingStatus.CANCELLED))
        uow.commit()
    desk.look(sweep=True)
    return desk.payment(booking_id)


def refund_failed(desk: PaymentDesk, minor: int = 5000) -> Payment:
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    desk.look()
    payment = desk.payment(booking_id)
    desk.payments.refund(payment.id, Money(minor, "EUR"), "goodwill", "first")
    desk.server.fail_refund(desk.refunds(payment.id)[0].stripe_id)
    desk.look()
    return desk.payment(booking_id)


def only(inbox: InboxService) -> InboxItem:
    (item,) = inbox.open()
    return item


def told(desk: PaymentDesk, kind: str, booking_id: int | None = None, payment_id: int | None = None) -> int:
    task = DeskTask(
        kind=kind,
        booking_id=booking_id,
        payment_id=payment_id,
        sentence=message("Look at it."),
        opened_at=desk.clock.now(),
        fact_key=f"{kind}:{payment_id}",
    )
    with desk.database.write() as uow:
        uow.payments.open_task(task)
        uow.commit()
        return next(one.id for one in uow.payments.tasks() if one.fact_key == task.fact_key)


def test_a_task_says_what_happened_since_when_to_whom_and_what_can_be_done(
    desk: PaymentDesk, inbox: InboxService
) -> None:
    payment = paid_differently(desk, 6000)

    item = only(inbox)

    assert (item.kind, item.booking_id, item.payment_id) == (K.AMOUNT_DIFFERS, payment.booking_id, payment.id)
    assert (item.amount, item.left, item.since) == (Money(6000, "EUR"), Money(6000, "EUR"), desk.clock.now())
    assert item.client in item.what.plain()
    assert item.actions == (A.CONFIRM, A.REFUND, A.OPEN_BOOKING, A.ACKNOWLEDGE)  # a practice has no dashboard
    assert (item.starts_at, item.page) == (TUESDAY, "")


def test_confirming_all_the_same_ends_the_task(desk: PaymentDesk, inbox: InboxService) -> None:
    payment = paid_differently(desk, 6000)

    done = inbox.do(only(inbox).task_id, A.CONFIRM, "key", note="They paid for the cream, too")

    assert (done.is_over, payment.booking_id in done.changes.bookings) == (True, True)
    assert desk.status(payment.booking_id) is BookingStatus.CONFIRMED
    assert (inbox.open(), desk.tasks()) == ([], [])
    *_, last = desk.database.queries.booking(payment.booking_id).history
    assert last[2:] == ("CONFIRMED", "They paid for the cream, too")
    assert not inbox.do(1, A.CONFIRM, "key").changes


def test_confirming_takes_the_slot_only_if_it_is_free(desk: PaymentDesk, inbox: InboxService) -> None:
    desk.first_to_pay_wins()
    payment = paid_differently(desk, 6000, blocks=False)
    with desk.database.write() as uow:
        put(uow, a_booking(desk.book), desk.book.ana)
        uow.commit()

    with pytest.raises(SlotTaken):
        inbox.do(only(inbox).task_id, A.CONFIRM, "key")

    assert desk.status(payment.booking_id) is BookingStatus.PENDING_PAYMENT
    assert only(inbox).kind is K.AMOUNT_DIFFERS


def test_money_for_a_cancelled_booking_is_refunded_with_one_key_and_once(
    desk: PaymentDesk, inbox: InboxService
) -> None:
    payment = paid_after_cancel(desk)
    item = only(inbox)
    assert item.actions[0] is A.REFUND

    first, second = inbox.do(item.task_id, A.REFUND, "key"), inbox.do(item.task_id, A.REFUND, "key")

    assert (first.is_over, first.changes.tasks, bool(second.changes)) == (True, True, False)
    assert desk.payment(payment.booking_id).status is PaymentStatus.REFUNDED
    assert [one.amount for one in desk.gateway.refunds_of(payment.intent_id)] == [payment.amount]
    assert desk.tasks() == []
    with pytest.raises(StaleRecord):
        inbox.do(item.task_id, A.REFUND, "another click")


def test_a_refund_is_saved_while_stripe_is_away(desk: PaymentDesk, inbox: InboxService) -> None:
    payment = paid_after_cancel(desk)
    item = only(inbox)
    desk.server.faults.add(Fault(FaultKind.CUT_BEFORE, "/v1/refunds", "POST"))

    done = inbox.do(item.task_id, A.REFUND, "key")

    assert done.said is not None
    assert "is saved" in done.said.plain()
    assert (desk.tasks(), [one.status for one in desk.refunds(payment.id)]) == ([], [RefundStatus.CREATING])
    desk.server.faults.clear()
    desk.look()
    assert desk.payment(payment.booking_id).status is PaymentStatus.REFUNDED


def test_money_that_went_back_by_hand_stands_in_the_ledger(desk: PaymentDesk, inbox: InboxService) -> None:
    payment = refund_failed(desk)
    item = only(inbox)
    assert (item.kind, item.actions[0], item.left) == (K.REFUND_FAILED, A.GIVEN_BACK, Money(5000, "EUR"))

    first = inbox.do(item.task_id, A.GIVEN_BACK, "key", note="in cash")
    second = inbox.do(item.task_id, A.GIVEN_BACK, "key", note="in cash")

    assert (first.is_over, bool(second.changes)) == (True, False)
    assert desk.payment(payment.booking_id).status is PaymentStatus.REFUNDED
    ledger = [one for one in desk.database.queries.booking(payment.booking_id).ledger if one.kind.value == "refunded"]
    assert [(one.amount.amount_minor, one.why) for one in ledger][-1] == (5000, "in cash")
    assert sum(one.amount.amount_minor for one in ledger) == 5000
    desk.look(sweep=True)
    assert desk.payment(payment.booking_id).status is PaymentStatus.REFUNDED
    assert inbox.open() == []


def test_a_failed_refund_can_be_tried_again(desk: PaymentDesk, inbox: InboxService) -> None:
    payment = refund_failed(desk)

    inbox.do(only(inbox).task_id, A.REFUND, "key")

    assert desk.payment(payment.booking_id).status is PaymentStatus.REFUNDED
    assert desk.tasks() == []


@pytest.mark.parametrize("action", [A.GIVEN_BACK, A.REFUND])
def test_a_part_that_failed_is_given_back_and_no_more(
    desk: PaymentDesk, inbox: InboxService, action: TaskAction
) -> None:
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    desk.look()
    payment = desk.payment(booking_id)
    for key, minor in (("first", 1000), ("second", 500)):
        desk.payments.refund(payment.id, Money(minor, "EUR"), "goodwill", key)
    for one in desk.refunds(payment.id):
        desk.server.fail_refund(one.stripe_id)
    desk.look()
    first, second = inbox.open()
    assert (first.left, second.left) == (Money(1000, "EUR"), Money(500, "EUR"))

    assert inbox.do(second.task_id, action, "key").is_over

    after = desk.payment(booking_id)
    assert (after.status, after.refunded_minor) == (PaymentStatus.PARTIALLY_REFUNDED, 500)
    assert only(inbox).task_id == first.task_id
    desk.look(sweep=True)
    assert only(inbox).left == Money(1000, "EUR")


@pytest.mark.parametrize("action", [A.GIVEN_BACK, A.REFUND])
def test_two_desks_that_press_at_once_give_a_failed_part_back_once(
    desk: PaymentDesk, inbox: InboxService, monkeypatch: pytest.MonkeyPatch, action: TaskAction
) -> None:
    payment = refund_failed(desk, minor=2000)
    task_id, other, sent = only(inbox).task_id, inbox_of(desk), desk.gateway.create_refund

    def slow(params: Mapping[str, object], key: str, account: str = "") -> RefundFacts:
        with pytest.raises(StaleRecord):
            other.do(task_id, action, "another desk")
        return sent(params, key, account)

    monkeypatch.setattr(desk.gateway, "create_refund", slow)

    assert inbox.do(task_id, A.REFUND, "key").is_over

    after = desk.payment(payment.booking_id)
    assert (after.status, after.refunded_minor) == (PaymentStatus.PARTIALLY_REFUNDED, 2000)
    assert [one.status for one in desk.refunds(payment.id)] == [RefundStatus.FAILED, RefundStatus.SUCCEEDED]


def test_a_new_link_after_a_failed_payment(desk: PaymentDesk, inbox: InboxService) -> None:
    booking_id, session_id = desk.held_link()
    desk.server.pay_later(session_id)
    desk.look()
    desk.server.fail_delayed(session_id)
    desk.look()
    item = only(inbox)
    assert (item.kind, item.actions[0], item.left) == (K.PAYMENT_FAILED, A.NEW_LINK, None)

    done = inbox.do(item.task_id, A.NEW_LINK, "key")

    assert done.payment_id == desk.payment(booking_id).id
    assert desk.payment(booking_id).status is PaymentStatus.OPEN
    assert inbox.do(item.task_id, A.NEW_LINK, "key").payment_id == done.payment_id
    assert (len(desk.attempts(booking_id)), desk.tasks()) == (2, [])


def test_a_new_link_whose_answer_was_lost_is_the_answer_to_the_same_form(
    desk: PaymentDesk, inbox: InboxService, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking_id, session_id = desk.held_link()
    desk.server.pay_later(session_id)
    desk.look()
    desk.server.fail_delayed(session_id)
    desk.look()
    item = only(inbox)

    def die(*_args: object, **_named: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "_closed", die)
        with pytest.raises(SystemExit):
            inbox.do(item.task_id, A.NEW_LINK, "key", note="")

    assert inbox.do(item.task_id, A.NEW_LINK, "key").payment_id == desk.payment(booking_id).id
    assert (len(desk.attempts(booking_id)), desk.payment(booking_id).status) == (2, PaymentStatus.OPEN)


def test_looking_again_says_if_nothing_is_new(desk: PaymentDesk, inbox: InboxService) -> None:
    booking_id, session_id = desk.held_link()
    payment = desk.payment(booking_id)
    task_id = told(desk, "watch_link", booking_id, payment.id)

    same = inbox.do(task_id, A.LOOK_AGAIN, "first")

    assert (same.is_over, same.said is not None) == (False, True)
    desk.server.pay(session_id)
    paid = inbox.do(task_id, A.LOOK_AGAIN, "second")
    assert (paid.is_over, paid.said) == (True, None)
    assert desk.status(booking_id) is BookingStatus.CONFIRMED


def test_a_refusal_is_over_when_stripe_speaks_again(desk: PaymentDesk, inbox: InboxService) -> None:
    booking_id, _ = desk.held_link()
    task_id = told(desk, "refused", booking_id, desk.payment(booking_id).id)
    desk.server.faults.add(Fault(FaultKind.CUT_BEFORE))
    with pytest.raises(GatewayUnreachable):
        inbox.do(task_id, A.LOOK_AGAIN, "first")
    desk.server.faults.clear()

    assert inbox.do(task_id, A.LOOK_AGAIN, "second").is_over

    assert desk.tasks() == []


def test_what_a_person_closed_is_not_told_again(desk: PaymentDesk, inbox: InboxService) -> None:
    payment = paid_after_cancel(desk)
    item = only(inbox)

    assert inbox.do(item.task_id, A.ACKNOWLEDGE, "key", note="  The client wants to keep it here ").is_over

    assert inbox.open() == []
    with desk.database.write() as uow:
        task = uow.payments.task(item.task_id)
        booking = uow.bookings.get(payment.booking_id)
        assert not desk_tasks.paid_after_end(uow, payment, booking, desk.clock.now())
        uow.commit()
    assert (task.closed_by, task.closed_at) == ("Desk 1", desk.clock.now())
    *_, last = desk.database.queries.booking(payment.booking_id).history
    assert last[2:] == ("TASK_DONE", "The client wants to keep it here")
    assert not inbox.do(item.task_id, A.ACKNOWLEDGE, "again").changes
    with pytest.raises(ValidationError):
        inbox.do(item.task_id + 99, A.ACKNOWLEDGE, "none")


def test_what_closed_by_itself_is_told_again_if_the_fact_returns(desk: PaymentDesk, inbox: InboxService) -> None:
    payment = refund_failed(desk)
    inbox.do(only(inbox).task_id, A.REFUND, "key")
    assert inbox.open() == []
    with desk.database.write() as uow:
        first = uow.payments.refunds_of(payment.id)[0]
        assert desk_tasks.refund_failed(uow, payment, first, desk.clock.now())
        uow.commit()
    assert desk.task_kinds() == ["refund_failed"]
    assert inbox.open() == []  # its fact is gone: it is not shown
    with desk.database.write() as uow:
        assert close_gone(uow, [payment.booking_id], desk.clock.now())
        assert not close_gone(uow, [payment.booking_id], desk.clock.now())
        uow.commit()
    assert desk.tasks() == []


def test_only_the_tasks_of_the_named_bookings_are_judged(desk: PaymentDesk) -> None:
    booking_id, _ = desk.held_link()
    told(desk, "paid_after_end", booking_id, desk.payment(booking_id).id)
    told(desk, "of_a_later_version", booking_id)
    told(desk, "of_no_booking")
    with desk.database.write() as uow:
        uow.payments.save(replace(uow.payments.of_booking(booking_id)[0], status=PaymentStatus.REFUNDED))
        assert not close_gone(uow, [booking_id + 1], desk.clock.now())
        uow.commit()
    assert len(desk.tasks()) == 3


def test_a_task_without_a_booking_keeps_its_note_with_who_closed_it(desk: PaymentDesk, inbox: InboxService) -> None:
    task_id = told(desk, "of_a_later_version")
    assert only(inbox).actions == (A.ACKNOWLEDGE,)
    inbox.do(task_id, A.ACKNOWLEDGE, "key", note="seen")
    with desk.database.read() as uow:
        assert uow.payments.task(task_id).closed_by == "Desk 1: seen"


def test_showing_is_not_doing(desk: PaymentDesk, inbox: InboxService) -> None:
    with pytest.raises(ValueError, match="open_booking"):
        inbox.do(told(desk, "slot_lost"), A.OPEN_BOOKING, "key")


def test_twelve_tasks_are_read_by_as_many_queries_as_two(desk: PaymentDesk, inbox: InboxService) -> None:
    def stand(count: int) -> None:
        for _ in range(count):
            booking_id, session_id = desk.held_link(TUESDAY + HOUR * 3 * len(desk.tasks()))
            desk.server.pay(session_id)
            desk.look()
            told(desk, "refused", booking_id, desk.payment(booking_id).id)

    statements: list[str] = []
    stand(2)
    inbox.open()  # the settings are remembered from now on
    event.listen(desk.database._engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    assert len(inbox.open()) == 2
    two = len(statements)
    stand(10)
    statements.clear()
    assert len(inbox.open()) == 12
    assert len(statements) == two
