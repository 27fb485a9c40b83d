"""Cases in which several rows and locks change hands, with a desk that dies beside a shared PostgreSQL."""

from support.case_steps import DEPOSIT, come_to_rest, look, open_link, paid, payable, refund_all, saved_hold
from support.killed import Worlds
from support.payment_desk import PaymentDesk

from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.payments import PaymentStatus
from inkdesk.practice.faults import Fault, FaultKind


def test_case_02_on_a_shared_database(shared_worlds: Worlds) -> None:
    for desk, (booking_id, _) in shared_worlds.killed_at_every_step(saved_hold, open_link, at_least=2):
        come_to_rest(desk)

        [only] = desk.attempts(booking_id)
        assert (only.status, payable(desk)) == (PaymentStatus.OPEN, [only.session_id])
        desk.server.pay(only.session_id)
        come_to_rest(desk)
        assert desk.status(booking_id) is BookingStatus.CONFIRMED
        assert desk.ledger(booking_id) == ["asked", "paid"]


def test_case_09_on_a_shared_database(shared_worlds: Worlds) -> None:
    def both_paid(desk: PaymentDesk) -> tuple[int, int]:
        desk.first_to_pay_wins()
        late, late_session = desk.held_link(blocks=False)
        early, early_session = desk.held_link(blocks=False)
        desk.server.pay(early_session)
        desk.pass_time(seconds=5)
        desk.server.pay(late_session)
        return late, early

    for desk, (late, early) in shared_worlds.killed_at_every_step(both_paid, look, at_least=4):
        come_to_rest(desk)

        assert (desk.status(early), desk.status(late)) == (BookingStatus.CONFIRMED, BookingStatus.LAPSED)
        assert [one.amount for one in desk.gateway.refunds_of(desk.payment(late).intent_id)] == [DEPOSIT]
        assert desk.ledger(late) == ["asked", "paid", "refunded"]
        assert desk.task_kinds() == ["second_payer"]


def test_case_20_on_a_shared_database(shared_worlds: Worlds) -> None:
    def unlucky(desk: PaymentDesk) -> tuple[int, int]:
        ids = paid(desk)
        desk.server.faults.add(Fault(FaultKind.CUT_AFTER_COMMIT, "/v1/refunds", "POST"))
        return ids

    for desk, (booking_id, payment_id) in shared_worlds.killed_at_every_step(unlucky, refund_all, at_least=2):
        desk.server.faults.clear()
        desk.pass_time(days=1, hours=2)
        come_to_rest(desk)
        desk.payments.refund(payment_id, DEPOSIT, "ill", "refund-form")
        come_to_rest(desk)

        assert [one.amount for one in desk.gateway.refunds_of(desk.payment(booking_id).intent_id)] == [DEPOSIT]
        assert desk.payment(booking_id).status is PaymentStatus.REFUNDED
        assert desk.ledger(booking_id) == ["asked", "paid", "refunded"]
