"""Fee and net of a payment, told late or in the balance's own currency."""

from dataclasses import replace

from support.payment_desk import PaymentDesk

from inkdesk.application.changes import Changes
from inkdesk.application.fees import Fees
from inkdesk.application.reconcile_service import FEES_A_SWEEP
from inkdesk.application.retries import Retries
from inkdesk.domain.payments import Payment


def filled(desk: PaymentDesk, limit: int) -> Changes:
    """What one turn fills in, when nothing failed before."""
    return Fees(desk.database.write, desk.database.read, lambda: desk.gateway).fill(limit, Retries(), 0)[0]


def paid(desk: PaymentDesk) -> Payment:
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    desk.look()
    return desk.payment(booking_id)


def test_a_fee_that_comes_late_is_filled_in(desk: PaymentDesk) -> None:
    desk.server.withhold_balance_transactions()
    payment = paid(desk)
    assert (payment.fee_minor, payment.net_minor, payment.balance_id) == (None, None, "")
    assert not filled(desk, 10)
    desk.server.release_balance_transactions()

    changes = filled(desk, 10)

    known = desk.payment(payment.booking_id)
    assert changes.payments == {payment.id}
    assert known.fee_minor is not None
    assert known.net_minor == 5000 - known.fee_minor
    assert (known.fee_currency, known.balance_id[:4]) == ("", "txn_")
    desk.server.reads.clear()
    assert not filled(desk, 10)
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

    assert not filled(lone_desk, 1)  # the latest: Stripe does not know it
    assert lone_desk.server.reads.count() == 1
    assert filled(lone_desk, 2).payments == {payment.id}
    with lone_desk.database.read() as uow:
        assert uow.payments.get(lost.id).fee_minor is None


def test_fees_that_never_come_hide_no_older_one(lone_desk: PaymentDesk) -> None:
    lone_desk.server.withhold_balance_transactions()
    payment = paid(lone_desk)
    with lone_desk.database.write() as uow:
        for number in range(FEES_A_SWEEP):
            lost = replace(payment, id=0, attempt=9 + number, charge_id=f"ch_lost{number}")
            uow.payments.add(replace(lost, idempotency_key=f"lost{number}", session_id=f"cs_lost{number}"))
        uow.commit()
    lone_desk.server.release_balance_transactions()

    for _ in range(2):
        lone_desk.pass_time(hours=7)
        lone_desk.look(sweep=True)

    with lone_desk.database.read() as uow:
        assert uow.payments.get(payment.id).fee_minor is not None
    assert lone_desk.task_kinds() == []


def test_a_fee_that_did_not_come_waits_longer_each_time(lone_desk: PaymentDesk) -> None:
    lone_desk.server.withhold_balance_transactions()
    paid(lone_desk)
    fees = Fees(lone_desk.database.write, lone_desk.database.read, lambda: lone_desk.gateway)
    _, retries = fees.fill(10, Retries(), 0)
    lone_desk.server.reads.clear()

    _, again = fees.fill(10, retries, 29)
    assert (again, lone_desk.server.reads.count()) == (retries, 0)

    lone_desk.server.release_balance_transactions()
    changes, after = fees.fill(10, retries, 30)
    assert (bool(changes), after) == (True, Retries())
