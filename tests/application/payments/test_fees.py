"""Fee and net of a payment, told late or in the balance's own currency."""

from dataclasses import replace

from support.payment_desk import PaymentDesk

from inkdesk.application.fees import Fees
from inkdesk.domain.payments import Payment


def fees_of(desk: PaymentDesk) -> Fees:
    return Fees(desk.database.write, desk.database.read, lambda: desk.gateway)


def paid(desk: PaymentDesk) -> Payment:
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    desk.look()
    return desk.payment(booking_id)


def test_a_fee_that_comes_late_is_filled_in(desk: PaymentDesk) -> None:
    desk.server.withhold_balance_transactions()
    payment = paid(desk)
    assert (payment.fee_minor, payment.net_minor, payment.balance_id) == (None, None, "")
    assert not fees_of(desk).fill(10)
    desk.server.release_balance_transactions()

    changes = fees_of(desk).fill(10)

    known = desk.payment(payment.booking_id)
    assert changes.payments == {payment.id}
    assert known.fee_minor is not None
    assert known.net_minor == 5000 - known.fee_minor
    assert (known.fee_currency, known.balance_id[:4]) == ("", "txn_")
    desk.server.reads.clear()
    assert not fees_of(desk).fill(10)
    assert desk.server.reads.count() == 0  # nothing is missing any more


def test_fees_cost_no_more_reads_than_allowed_and_one_unknown_charge_stops_none(lone_desk: PaymentDesk) -> None:
    lone_desk.server.withhold_balance_transactions()
    payment = paid(lone_desk)
    with lone_desk.database.write() as uow:
        lost = uow.payments.add(
            replace(payment, id=0, attempt=9, idempotency_key="k9", session_id="cs_9", charge_id="ch_unknown")
        )
        uow.commit()
    lone_desk.server.release_balance_transactions()
    lone_desk.server.reads.clear()

    assert not fees_of(lone_desk).fill(1)  # the latest: Stripe does not know it
    assert lone_desk.server.reads.count() == 1
    assert fees_of(lone_desk).fill(2).payments == {payment.id}
    with lone_desk.database.read() as uow:
        assert uow.payments.get(lost.id).fee_minor is None
