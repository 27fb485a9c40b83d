"""Cases 20 to 22 and 28: money that goes back, and money that comes by a link nobody here made."""

from support.case_steps import DEPOSIT, come_to_rest, held, look, paid, refund_all
from support.killed import Worlds
from support.payment_desk import PaymentDesk

from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.payments import PaymentStatus
from inkdesk.domain.refunds import RefundStatus
from inkdesk.practice.faults import Fault, FaultKind


def test_case_20_a_refund_whose_answer_was_lost_is_made_once(worlds: Worlds) -> None:
    def unlucky(desk: PaymentDesk) -> tuple[int, int]:
        ids = paid(desk)
        desk.server.faults.add(Fault(FaultKind.CUT_AFTER_COMMIT, "/v1/refunds", "POST"))
        return ids

    for desk, (booking_id, payment_id) in worlds.killed_at_every_step(unlucky, refund_all, at_least=2):
        desk.server.faults.clear()
        desk.pass_time(days=1, hours=2)
        come_to_rest(desk)
        desk.payments.refund(payment_id, DEPOSIT, "ill", "refund-form")  # the person repeats what was on the screen
        come_to_rest(desk)

        payment = desk.payment(booking_id)
        assert [one.amount for one in desk.gateway.refunds_of(payment.intent_id)] == [DEPOSIT]
        assert payment.status is PaymentStatus.REFUNDED
        assert desk.ledger(booking_id) == ["asked", "paid", "refunded"]


def test_case_21_a_refund_waits_for_balance_and_fails_days_later(worlds: Worlds) -> None:
    def no_balance(desk: PaymentDesk) -> tuple[int, int]:
        ids = paid(desk)
        desk.server.refunds_without_funds("pending")
        desk.server.set_available(0)
        return ids

    for desk, (booking_id, payment_id) in worlds.killed_at_every_step(no_balance, refund_all, at_least=3):
        come_to_rest(desk)
        if not desk.refunds(payment_id):
            continue  # it died before the wish was saved, and the person saw that
        assert desk.payment(booking_id).status is PaymentStatus.REFUND_PENDING
        desk.pass_time(days=3)
        desk.server.fail_refund(desk.refunds(payment_id)[0].stripe_id)
        come_to_rest(desk)

        assert desk.payment(booking_id).status is PaymentStatus.REFUND_FAILED
        assert [one.status for one in desk.refunds(payment_id)] == [RefundStatus.FAILED]
        assert "refund_failed" in desk.task_kinds()
        assert desk.ledger(booking_id) == ["asked", "paid"]


def test_case_21_a_refund_that_stripe_refuses_for_lack_of_balance_is_sent_again(worlds: Worlds) -> None:
    def no_balance(desk: PaymentDesk) -> tuple[int, int]:
        ids = paid(desk)
        desk.server.refunds_without_funds("refused")
        desk.server.set_available(0)
        return ids

    for desk, (booking_id, payment_id) in worlds.killed_at_every_step(no_balance, refund_all, at_least=3):
        come_to_rest(desk)
        if not desk.refunds(payment_id):
            continue  # it died before the wish was saved, and the person saw that
        assert desk.payment(booking_id).status in {PaymentStatus.REFUND_DUE, PaymentStatus.REFUND_PENDING}
        desk.server.set_available(100_000)
        for _ in range(3):
            desk.pass_time(days=1)
            come_to_rest(desk)

        assert desk.payment(booking_id).status is PaymentStatus.REFUNDED
        assert len(desk.gateway.refunds_of(desk.payment(booking_id).intent_id)) == 1


def test_case_22_refunded_and_disputed_in_the_dashboard(worlds: Worlds) -> None:
    def elsewhere(desk: PaymentDesk) -> tuple[int, str]:
        booking_id, payment_id = paid(desk)
        charge_id = desk.payment(booking_id).charge_id
        desk.server.refund_in_dashboard(charge_id, 2000)
        dispute_id = desk.server.dispute(charge_id)
        assert payment_id
        return booking_id, dispute_id

    for desk, (booking_id, dispute_id) in worlds.killed_at_every_step(elsewhere, look, at_least=2):
        come_to_rest(desk)
        payment = desk.payment(booking_id)
        assert (payment.status, payment.refunded_minor) == (PaymentStatus.DISPUTED, 2000)
        assert desk.task_kinds() == ["disputed"]
        desk.server.close_dispute(dispute_id, won=True)
        come_to_rest(desk)

        assert desk.payment(booking_id).status is PaymentStatus.PARTIALLY_REFUNDED


def test_case_28_a_recovered_link_is_one_more_attempt(worlds: Worlds) -> None:
    def recovered(desk: PaymentDesk) -> tuple[int, str]:
        booking_id, session_id = held(desk)
        desk.pass_time(minutes=36)
        desk.look()
        again = desk.server.recover(session_id)
        desk.server.pay(again)
        return booking_id, again

    for desk, (booking_id, again) in worlds.killed_at_every_step(recovered, look, at_least=2):
        come_to_rest(desk)

        assert desk.payment(booking_id).session_id == again
        assert desk.payment(booking_id).status is PaymentStatus.PAID
        assert desk.status(booking_id) is BookingStatus.CONFIRMED
