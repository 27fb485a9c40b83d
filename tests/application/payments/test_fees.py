"""Fee and net of a payment, told late or in the balance's own currency."""

from dataclasses import replace

import pytest
from support.payment_desk import PaymentDesk

from inkdesk.application.changes import Changes
from inkdesk.application.fees import Fees
from inkdesk.application.poll_state import PollState
from inkdesk.application.reconcile_service import FEES_A_SWEEP
from inkdesk.application.retries import FIRST_S, Step
from inkdesk.domain.errors import StaleRecord
from inkdesk.domain.message import message
from inkdesk.domain.payments import Payment
from inkdesk.infrastructure.db.repositories.payments import SqlPaymentRepository


def fees_of(desk: PaymentDesk) -> Fees:
    return Fees(desk.database.write, desk.database.read, desk.gateway)


def paid(desk: PaymentDesk) -> Payment:
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    desk.look()
    return desk.payment(booking_id)


def lost(desk: PaymentDesk, payment: Payment, count: int) -> None:
    """So many later payments whose charge Stripe does not know."""
    with desk.database.write() as uow:
        for number in range(count):
            one = replace(payment, id=0, attempt=9 + number, charge_id=f"ch_lost{number}")
            uow.payments.add(replace(one, idempotency_key=f"lost{number}", session_id=f"cs_lost{number}"))
        uow.commit()


def waiting(desk: PaymentDesk) -> list[int]:
    """Payments whose fee is asked for again later."""
    with desk.database.read() as uow:
        state = PollState.parse(uow.payments.poll_state())
    return [of for step, of in state.retries.waiting if step is Step.FEE]


def test_a_fee_that_comes_late_is_filled_in(desk: PaymentDesk) -> None:
    desk.server.withhold_balance_transactions()
    payment = paid(desk)
    assert (payment.fee_minor, payment.net_minor, payment.balance_id) == (None, None, "")
    fees = fees_of(desk)
    assert (fees.missing(), fees.fill(payment.id)) == ([payment.id], None)
    desk.server.release_balance_transactions()

    settled = fees.fill(payment.id)

    known = desk.payment(payment.booking_id)
    assert settled is not None
    assert settled.changes.payments == {payment.id}
    assert known.fee_minor is not None
    assert known.net_minor == 5000 - known.fee_minor
    assert (known.fee_currency, known.balance_id[:4]) == ("", "txn_")
    assert fees.missing() == []


def test_a_fee_that_is_known_by_now_is_not_written_again(lone_desk: PaymentDesk) -> None:
    payment = paid(lone_desk)
    settled = fees_of(lone_desk).fill(payment.id)
    assert settled is not None
    assert settled.changes == Changes()


def test_a_sweep_asks_for_few_fees_and_an_unknown_charge_stops_none(lone_desk: PaymentDesk) -> None:
    lone_desk.server.withhold_balance_transactions()
    payment = paid(lone_desk)
    lost(lone_desk, payment, FEES_A_SWEEP)
    lone_desk.server.reads.clear()

    lone_desk.look(sweep=True)

    assert lone_desk.server.reads.count("/v1/charges/*") == FEES_A_SWEEP
    assert (len(waiting(lone_desk)), lone_desk.task_kinds()) == (FEES_A_SWEEP, [])


def test_fees_that_never_come_hide_no_older_one(lone_desk: PaymentDesk) -> None:
    lone_desk.server.withhold_balance_transactions()
    payment = paid(lone_desk)
    lost(lone_desk, payment, FEES_A_SWEEP)
    lone_desk.server.release_balance_transactions()

    for _ in range(2):
        lone_desk.pass_time(hours=7)
        lone_desk.look(sweep=True)

    with lone_desk.database.read() as uow:
        assert uow.payments.get(payment.id).fee_minor is not None
    assert lone_desk.task_kinds() == []


def test_a_fee_that_did_not_come_waits_longer_each_time(lone_desk: PaymentDesk) -> None:
    lone_desk.server.withhold_balance_transactions()
    payment = paid(lone_desk)
    lone_desk.look(sweep=True)
    lone_desk.server.reads.clear()

    lone_desk.pass_time(seconds=FIRST_S - 1)
    lone_desk.look(sweep=True)
    assert (waiting(lone_desk), lone_desk.server.reads.count("/v1/charges/*")) == ([payment.id], 0)

    lone_desk.server.release_balance_transactions()
    lone_desk.pass_time(seconds=1)
    lone_desk.look(sweep=True)
    assert lone_desk.payment(payment.booking_id).fee_minor is not None
    assert waiting(lone_desk) == []


def test_a_fee_that_another_desk_is_always_writing_ends_no_look(
    desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.server.withhold_balance_transactions()
    payment = paid(desk)
    desk.server.release_balance_transactions()

    def stale(*_: object) -> Payment:
        raise StaleRecord(message("It was changed at another desk."))

    with monkeypatch.context() as patch:
        patch.setattr(SqlPaymentRepository, "save", stale)
        result = desk.look(sweep=True)

    assert (result.is_trouble, result.is_whole, waiting(desk)) == (False, True, [payment.id])
    desk.pass_time(seconds=FIRST_S)
    desk.look(sweep=True)
    assert desk.payment(payment.booking_id).fee_minor is not None
