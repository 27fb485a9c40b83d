"""Tasks about disputes: each is told once, and once more when a bank that only asked takes the money."""

from dataclasses import replace

import pytest
from support.payment_desk import PaymentDesk

from inkdesk.application.dispute_book import learn_disputes
from inkdesk.application.inbox_service import InboxItem, InboxService
from inkdesk.domain.disputes import DisputeFacts
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerKind
from inkdesk.domain.tasks import TaskAction, TaskKind
from inkdesk.ui.booking.presenter.detail_words import payment_lines

A, K = TaskAction, TaskKind


@pytest.fixture
def inbox(desk: PaymentDesk) -> InboxService:
    return InboxService(desk.payments, desk.database.write, desk.database.read, desk.clock)


def only(inbox: InboxService) -> InboxItem:
    (item,) = inbox.open()
    return item


def test_an_inquiry_that_a_person_closed_hides_no_dispute(desk: PaymentDesk, inbox: InboxService) -> None:
    booking_id, session_id = desk.held_link()
    charge_id = desk.server.pay(session_id)
    desk.look()
    dispute_id = desk.server.dispute(charge_id, "warning_needs_response")
    desk.look()
    inbox.do(only(inbox).task_id, A.ACKNOWLEDGE, "seen", note="answered by mail")
    desk.server.advance_dispute(dispute_id, "warning_under_review")
    desk.look()
    assert inbox.open() == []

    desk.server.advance_dispute(dispute_id, "needs_response")
    desk.look()

    assert (only(inbox).kind, desk.ledger(booking_id)) == (K.DISPUTED, ["asked", "paid", "disputed"])
    inbox.do(only(inbox).task_id, A.ACKNOWLEDGE, "seen too")
    desk.server.close_dispute(dispute_id, won=True)
    desk.look()
    assert inbox.open() == []


def test_a_second_dispute_of_one_payment_has_a_task_of_its_own(desk: PaymentDesk, inbox: InboxService) -> None:
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    desk.look()
    payment = desk.payment(booking_id)
    with desk.database.write() as uow:
        first, second = (
            DisputeFacts(
                dispute_id=name,
                amount=Money(2000, "EUR"),
                status="needs_response",
                opened_at=desk.clock.now(),
                due_by=None,
                is_withdrawn=True,
                is_reinstated=False,
            )
            for name in ("dp_1", "dp_2")
        )
        learn_disputes(uow, payment, [first], seen_at=desk.clock.now(), now=desk.clock.now())
        uow.commit()
    inbox.do(only(inbox).task_id, A.ACKNOWLEDGE, "seen")
    with desk.database.write() as uow:
        learn_disputes(uow, payment, [first, second], seen_at=desk.clock.now(), now=desk.clock.now())
        uow.commit()
    assert only(inbox).kind is K.DISPUTED


def test_a_dispute_that_a_person_closed_and_is_lost_is_told_and_stands_on_the_booking(
    desk: PaymentDesk, inbox: InboxService
) -> None:
    booking_id, session_id = desk.held_link()
    dispute_id = desk.server.dispute(desk.server.pay(session_id))
    desk.look()
    desk.look()
    inbox.do(only(inbox).task_id, A.ACKNOWLEDGE, "seen")
    desk.server.close_dispute(dispute_id, won=False)
    desk.look()

    assert only(inbox).kind is K.DISPUTE_LOST
    desk.look(sweep=True)
    inbox.do(only(inbox).task_id, A.ACKNOWLEDGE, "known")
    desk.look(sweep=True)
    assert inbox.open() == []
    detail = desk.database.queries.booking(booking_id)
    assert [one.rpartition(" · ")[2] for one in payment_lines(detail)] == ["disputed by the payer"]
    in_part = replace(detail, payments=[replace(detail.payments[0], refunded_minor=2050)], ledger=[])
    assert payment_lines(in_part)[0].endswith(" · disputed by the payer: 29.50 EUR")
    assert [one.why for one in detail.ledger if one.kind is LedgerKind.DISPUTED] == ["the bank took it back"]


@pytest.mark.parametrize("won", [True, False])
def test_of_a_dispute_that_was_decided_unseen_only_a_loss_is_told(desk: PaymentDesk, *, won: bool) -> None:
    _, session_id = desk.held_link()
    charge_id = desk.server.pay(session_id)
    desk.look()
    desk.server.close_dispute(desk.server.dispute(charge_id), won=won)

    desk.look(sweep=True)

    assert desk.task_kinds() == ([] if won else ["dispute_lost"])
