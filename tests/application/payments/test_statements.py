"""The statement of a month beside the practice Stripe: every difference is listed, and none is invented."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.book import TUESDAY
from support.payment_desk import PaymentDesk

from inkdesk.application import statement_service
from inkdesk.application.account_service import AccountCommand, AccountService
from inkdesk.application.progress import Progress
from inkdesk.application.statement_service import AccountChoice, Statement, StatementService, month_bounds
from inkdesk.application.statement_table import (
    difference_words,
    movement_words,
    statement_lines,
    statement_table,
    total_words,
)
from inkdesk.domain.accounts import ChargeWay
from inkdesk.domain.money import Money
from inkdesk.domain.payments import Payment
from inkdesk.domain.statement import DifferenceKind, Movement

NOVEMBER = date(2026, 11, 1)
ANA = "acct_ana"
K = DifferenceKind


def service(desk: PaymentDesk) -> StatementService:
    return StatementService(
        desk.database.read, desk.database.write, desk.database.queries, lambda: desk.gateway, desk.clock
    )


def statement(desk: PaymentDesk, month: date = NOVEMBER, account: str = "") -> Statement:
    found = service(desk).month(month, Progress(), account)
    assert found is not None
    return found


def differences(desk: PaymentDesk, month: date = NOVEMBER, account: str = "") -> list[tuple[K, str]]:
    return [
        (one.kind, (one.ours or one.theirs).source_id)  # type: ignore[union-attr]
        for one in statement(desk, month, account).differences
    ]


def paid(desk: PaymentDesk, hours: int = 0) -> Payment:
    """A deposit that came by link and is in the book."""
    booking_id, session_id = desk.held_link(TUESDAY + timedelta(hours=hours))
    desk.server.pay(session_id)
    desk.look(sweep=True)
    return desk.payment(booking_id)


def give_back(desk: PaymentDesk, payment: Payment, euros: int) -> None:
    desk.payments.refund(payment.id, Money(euros * 100, "EUR"), "ill", f"form-{payment.id}-{euros}")
    desk.look(sweep=True)


def save(desk: PaymentDesk, payment: Payment) -> None:
    with desk.database.write() as uow:
        uow.payments.save(payment)
        uow.commit()


def test_a_month_that_agrees_has_no_differences(lone_desk: PaymentDesk) -> None:
    desk = lone_desk
    assert statement(desk).lines == []
    kept, half, whole = paid(desk), paid(desk, 24), paid(desk, 48)
    lost, won = paid(desk, 72), paid(desk, 75)
    give_back(desk, half, 20)
    give_back(desk, whole, 50)
    desk.server.close_dispute(desk.server.dispute(lost.charge_id), won=False)
    desk.server.close_dispute(desk.server.dispute(won.charge_id), won=True)
    desk.look(sweep=True)
    desk.server.pay_out()
    found = statement(desk)
    assert differences(desk) == []
    assert [line.movement for line in found.lines].count(Movement.CHARGE) == 5
    assert kept.charge_id in {line.source_id for line in found.lines}
    [sums] = found.totals
    assert sums.currency == "EUR"
    assert sums.by_movement[Movement.CHARGE] == 25000
    assert sums.by_movement[Movement.REFUND] == -7000
    assert (sums.by_movement[Movement.DISPUTE], sums.by_movement[Movement.DISPUTE_WON]) == (-10000, 5000)
    net = sum(line.net.amount_minor for line in found.lines if line.movement is not Movement.PAYOUT)
    assert sums.net_minor == net
    assert found.book[Movement.CHARGE, kept.charge_id].client_name == "Zoé Müller"
    assert found.month == NOVEMBER


def test_what_other_programs_and_the_dashboard_did_is_missing_here(lone_desk: PaymentDesk) -> None:
    desk = lone_desk
    payment, other = paid(desk), paid(desk, 24)
    foreign = desk.server.charge_elsewhere(700)
    refund = desk.server.refund_in_dashboard(payment.charge_id, 1000)
    dispute = desk.server.dispute(other.charge_id)
    assert sorted(differences(desk)) == sorted(
        [(K.MISSING_HERE, foreign), (K.MISSING_HERE, refund), (K.MISSING_HERE, dispute)]
    )
    desk.look(sweep=True)
    assert differences(desk) == [(K.MISSING_HERE, foreign)]


def test_what_stripe_does_not_have_is_missing_there(lone_desk: PaymentDesk) -> None:
    desk = lone_desk
    payment = paid(desk)
    save(desk, replace(payment, charge_id="ch_nowhere"))
    assert differences(desk) == [(K.MISSING_HERE, payment.charge_id), (K.MISSING_THERE, "ch_nowhere")]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"amount": Money(4900, "EUR")}, [K.AMOUNT]),
        ({"fee_minor": 1}, [K.FEE]),
        ({"fee_minor": None, "net_minor": None}, [K.FEE]),
        ({"amount": Money(5000, "USD"), "net_minor": None, "fee_currency": "EUR"}, [K.CURRENCY]),
    ],
)
def test_what_stands_otherwise_is_told(lone_desk: PaymentDesk, changes: dict[str, object], found: list[K]) -> None:
    payment = paid(lone_desk)
    save(lone_desk, replace(payment, **changes))  # type: ignore[arg-type]
    assert differences(lone_desk) == [(kind, payment.charge_id) for kind in found]


def test_a_refund_that_waits_or_came_back_is_no_difference(lone_desk: PaymentDesk) -> None:
    desk = lone_desk
    waits, failed = paid(desk), paid(desk, 24)
    give_back(desk, failed, 30)
    [refund] = desk.refunds(failed.id)
    desk.server.fail_refund(refund.stripe_id)
    desk.server.refund_next_as("pending")
    give_back(desk, waits, 10)
    desk.look(sweep=True)
    assert differences(desk) == []
    assert Movement.REFUND_CAME_BACK in {line.movement for line in statement(desk).lines}
    [waiting] = desk.refunds(waits.id)
    desk.server.settle_refund(waiting.stripe_id)
    desk.look(sweep=True)
    assert differences(desk) == []


def test_a_refund_that_settles_in_the_next_month_is_no_difference_of_either(lone_desk: PaymentDesk) -> None:
    desk = lone_desk
    payment = paid(desk)
    desk.server.refund_next_as("pending")
    give_back(desk, payment, 10)
    [refund] = desk.refunds(payment.id)
    desk.pass_time(days=10)
    desk.server.settle_refund(refund.stripe_id)
    desk.look(sweep=True)
    assert differences(desk) == []
    december = statement(desk, date(2026, 12, 24))
    assert [(line.movement, line.source_id) for line in december.lines] == [(Movement.REFUND, refund.stripe_id)]
    assert december.differences == []


def test_only_some_of_what_is_missing_is_looked_for(lone_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = lone_desk
    for hours in (0, 24):
        payment = paid(desk, hours)
        save(desk, replace(payment, charge_id=f"ch_nowhere_{hours}"))
    monkeypatch.setattr(statement_service, "MOST_LOOKUPS", 1)
    before = desk.server.reads.count()
    assert [kind for kind, _ in differences(desk)].count(K.MISSING_THERE) == 2
    slices = -(
        -(desk.clock.now() + timedelta(days=1) - month_bounds(NOVEMBER, desk.book.studio.zone_info)[0]).days // 4
    )
    assert desk.server.reads.count() - before <= slices + 2


def test_an_artist_s_own_account_has_a_statement_of_its_own(lone_desk: PaymentDesk) -> None:
    desk = lone_desk
    studio_s = paid(desk)
    desk.server.connect(ANA)
    accounts = AccountService(desk.database.write, desk.database.read, lambda: desk.gateway, desk.clock)
    accounts.save(
        AccountCommand(
            artist_id=desk.book.ana.id, way=ChargeWay.DIRECT, account_id=ANA, fee_basis_points=1000, version=0
        )
    )
    accounts.check(desk.book.ana.id)
    hers = paid(desk, 24)
    give_back(desk, hers, 20)
    assert service(desk).accounts() == [AccountChoice(), AccountChoice(account=ANA, artist_name="Ana")]
    assert differences(desk) == differences(desk, account=ANA) == []
    charges = [line.source_id for line in statement(desk, account=ANA).lines if line.movement is Movement.CHARGE]
    assert charges == [hers.charge_id]
    assert studio_s.charge_id in {line.source_id for line in statement(desk).lines}


def test_a_stopped_statement_asks_no_more(lone_desk: PaymentDesk) -> None:
    progress = Progress()
    progress.stop()
    before = lone_desk.server.reads.count()
    assert service(lone_desk).month(NOVEMBER, progress) is None
    assert lone_desk.server.reads.count() == before


def test_a_month_is_the_studio_s() -> None:
    bounds = month_bounds(date(2026, 3, 31), ZoneInfo("Europe/Paris"))
    assert bounds == (datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC))


def test_the_differences_stand_first_and_nothing_is_left_out(lone_desk: PaymentDesk) -> None:
    desk = lone_desk
    payment = paid(desk)
    give_back(desk, payment, 20)
    save(desk, replace(desk.payment(payment.booking_id), fee_minor=1))
    foreign = desk.server.charge_elsewhere(700)
    found = statement(desk)
    lines = statement_lines(found)
    assert [(difference_words(one.difference), movement_words(one), one.client_name) for one in lines] == [
        ("Other fee", "Payment", "Zoé Müller"),
        ("Not in InkDesk", "Payment", ""),
        ("", "Refund", "Zoé Müller"),
    ]
    assert [one.source_id for one in lines][:2] == [payment.charge_id, foreign]
    assert [one.booking_id for one in lines] == [payment.booking_id, None, payment.booking_id]
    table = statement_table(found, lines)
    assert {len(row) for row in table.rows} == {len(table.headings)}
    assert [row[list(table.headings).index("Settled in")] for row in table.rows] == ["EUR"] * 3
    [sums] = found.totals
    words = dict(total_words(sums))
    assert (words["Payment"], words["Refund"]) == (5700, -2000)
    assert words["Net"] == 3700 + words["Fees"]


def test_what_a_statement_reads_counts_for_the_month(lone_desk: PaymentDesk) -> None:
    desk = lone_desk
    paid(desk)

    def counted() -> int:
        with desk.database.read() as uow:
            return sum(int(value) for key, value in uow.payments.poll_state().items() if key.startswith("reads:"))

    desk.look(sweep=True)
    before, asked = counted(), desk.server.reads.count()
    statement(desk)
    assert counted() - before == desk.server.reads.count() - asked > 0
