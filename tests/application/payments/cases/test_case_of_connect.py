"""Case 23: money that came by an artist's account goes back by that account, with the fee only if there was one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import requests
from support.book import TUESDAY
from support.case_steps import DEPOSIT, come_to_rest, open_link, refund_all
from support.killed import Worlds
from support.payment_desk import PaymentDesk

from inkdesk.application.account_service import AccountCommand, AccountService
from inkdesk.application.payment_gateway import GatewayNoAccount
from inkdesk.application.progress import Progress
from inkdesk.application.statement_service import StatementService
from inkdesk.domain.accounts import ChargeWay
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import StripeNotConfigured
from inkdesk.domain.money import Money
from inkdesk.domain.payments import Payment, PaymentStatus
from inkdesk.practice.faults import Fault, FaultKind

ANA = "acct_ana"
PART = Money(2000, "EUR")
OWN = ""


@dataclass(frozen=True)
class Books:
    """Both accounts' balance transactions, as Stripe tells them."""

    desk: PaymentDesk

    def rows(self, account: str) -> Sequence[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.desk.server.key}"}
        if account:
            headers["Stripe-Account"] = account
        url = f"{self.desk.server.url}/v1/balance_transactions"
        answer = requests.get(url, params={"limit": "100"}, headers=headers, timeout=10)
        assert answer.ok, answer.text
        rows: Sequence[dict[str, Any]] = answer.json()["data"]
        return rows[::-1]

    def amounts(self, account: str) -> list[tuple[str, int]]:
        return [(row["type"], row["amount"]) for row in self.rows(account)]

    def net(self, account: str) -> int:
        return sum(int(row["net"]) for row in self.rows(account))


def ana_is_paid(desk: PaymentDesk, way: ChargeWay, fee: int | None) -> AccountService:
    """Ana gets an account that is ready; ``fee`` in basis points."""
    desk.server.connect(ANA)
    accounts = AccountService(desk.database.write, desk.database.read, lambda: desk.gateway, desk.clock)
    ana = desk.book.ana.id
    accounts.save(AccountCommand(artist_id=ana, way=way, account_id=ANA, fee_basis_points=fee, version=0))
    accounts.check(ana)
    return accounts


def paid(desk: PaymentDesk) -> int:
    """A booking with Ana whose deposit came by link."""
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    desk.look(sweep=True)
    assert desk.status(booking_id) is BookingStatus.CONFIRMED
    assert desk.payment(booking_id).status is PaymentStatus.PAID
    return booking_id


def give_back(desk: PaymentDesk, booking_id: int, amount: Money, key: str) -> None:
    desk.payments.refund(desk.payment(booking_id).id, amount, "ill", key)
    desk.look(sweep=True)


def check_statements(desk: PaymentDesk, *accounts: str) -> None:
    """Every balance transaction of the month is explained by the book."""
    database = desk.database
    service = StatementService(database.read, database.write, database.queries, lambda: desk.gateway, desk.clock)
    assert [one.account for one in service.accounts()] == list(accounts)
    for account in accounts:
        statement = service.month(desk.clock.now().date(), Progress(), account)
        assert statement is not None
        assert statement.differences == []


def check_ledger(desk: PaymentDesk, booking_id: int, refunded: int) -> None:
    lines = desk.database.queries.booking(booking_id).ledger
    sums = {
        kind: sum(one.amount.amount_minor for one in lines if one.kind.value == kind) for kind in ("paid", "refunded")
    }
    assert sums == {"paid": 5000, "refunded": refunded}


@pytest.mark.parametrize(("points", "fee", "fee_of_part"), [(1250, 625, 250), (None, None, 0)])
def test_case_23_a_direct_charge_goes_back_by_the_artists_account(
    lone_desk: PaymentDesk, points: int | None, fee: int | None, fee_of_part: int
) -> None:
    ana_is_paid(lone_desk, ChargeWay.DIRECT, points)
    booking_id = paid(lone_desk)
    payment, books = lone_desk.payment(booking_id), Books(lone_desk)
    assert (payment.account, payment.destination, payment.app_fee_minor) == (ANA, "", fee)
    kept = fee or 0
    assert books.amounts(OWN) == ([("application_fee", kept)] if fee else [])
    assert payment.net_minor == books.net(ANA) == 5000 - (payment.fee_minor or 0)

    give_back(lone_desk, booking_id, PART, "form-1")
    check_ledger(lone_desk, booking_id, 2000)
    assert lone_desk.payment(booking_id).status is PaymentStatus.PARTIALLY_REFUNDED
    assert books.amounts(ANA) == [("charge", 5000), ("refund", -2000)]
    assert books.net(OWN) == kept - fee_of_part

    give_back(lone_desk, booking_id, DEPOSIT - PART, "form-2")
    check_ledger(lone_desk, booking_id, 5000)
    assert lone_desk.payment(booking_id).status is PaymentStatus.REFUNDED
    assert books.amounts(ANA) == [("charge", 5000), ("refund", -2000), ("refund", -3000)]
    assert books.net(OWN) == 0
    check_statements(lone_desk, OWN, ANA)


@pytest.mark.parametrize(("points", "fee"), [(1000, 500), (None, None)])
def test_case_23_a_destination_charge_goes_back_from_both_accounts(
    lone_desk: PaymentDesk, points: int | None, fee: int | None
) -> None:
    ana_is_paid(lone_desk, ChargeWay.DESTINATION, points)
    booking_id = paid(lone_desk)
    payment, books = lone_desk.payment(booking_id), Books(lone_desk)
    assert (payment.account, payment.destination, payment.app_fee_minor) == ("", ANA, fee)
    assert books.net(ANA) == 5000 - (fee or 0)

    give_back(lone_desk, booking_id, PART, "form-1")
    assert books.net(ANA) == (5000 - (fee or 0)) * 3 // 5
    give_back(lone_desk, booking_id, DEPOSIT - PART, "form-2")
    check_ledger(lone_desk, booking_id, 5000)
    assert lone_desk.payment(booking_id).status is PaymentStatus.REFUNDED
    own = books.amounts(OWN)
    assert sum(amount for kind, amount in own if kind == "charge") == 5000
    assert sum(amount for kind, amount in own if kind == "refund") == -5000
    assert sum(amount for kind, amount in own if kind.startswith("transfer")) == 0
    assert books.net(ANA) == 0
    assert books.net(OWN) == -(payment.fee_minor or 0)  # Stripe keeps its own fee
    check_statements(lone_desk, OWN)


@pytest.mark.parametrize("way", [ChargeWay.DIRECT, ChargeWay.DESTINATION])
def test_case_23_a_refund_that_failed_and_is_made_again_costs_the_artist_once(
    lone_desk: PaymentDesk, way: ChargeWay
) -> None:
    ana_is_paid(lone_desk, way, 1000)
    booking_id = paid(lone_desk)
    give_back(lone_desk, booking_id, DEPOSIT, "form-1")
    [failed] = lone_desk.refunds(lone_desk.payment(booking_id).id)
    lone_desk.server.fail_refund(failed.stripe_id)
    lone_desk.look(sweep=True)
    assert lone_desk.payment(booking_id).status is PaymentStatus.REFUND_FAILED
    check_ledger(lone_desk, booking_id, 0)
    [told] = lone_desk.tasks()
    assert ("is with the studio's now" in told.sentence.template) is (way is ChargeWay.DESTINATION)

    give_back(lone_desk, booking_id, DEPOSIT, "form-2")
    payment, books = lone_desk.payment(booking_id), Books(lone_desk)
    assert payment.status is PaymentStatus.REFUNDED
    check_ledger(lone_desk, booking_id, 5000)
    bears, other = (ANA, OWN) if way is ChargeWay.DIRECT else (OWN, ANA)
    assert (books.net(bears), books.net(other)) == (-(stripe_fee(payment)), 0)
    check_statements(lone_desk, *([OWN, ANA] if way is ChargeWay.DIRECT else [OWN]))


def stripe_fee(payment: Payment) -> int:
    """What Stripe keeps for itself of a payment; a direct charge's fees hold the studio's part as well."""
    return (payment.fee_minor or 0) - (payment.app_fee_minor or 0 if payment.account else 0)


def test_case_23_a_lost_answer_of_a_direct_charge_makes_one_session(lone_desk: PaymentDesk) -> None:
    ana_is_paid(lone_desk, ChargeWay.DIRECT, 1000)
    lone_desk.server.faults.add(Fault(FaultKind.ERROR_AFTER_COMMIT, "/v1/checkout/sessions", "POST"))
    booking, payment = lone_desk.hold()
    link = lone_desk.payments.open_link(payment.id)
    listed = lone_desk.gateway.sessions_since(lone_desk.clock.now() - timedelta(hours=1), ANA)
    assert [one.session_id for one in listed] == [link.payment.session_id]
    assert lone_desk.gateway.sessions_since(lone_desk.clock.now() - timedelta(hours=1)) == []
    lone_desk.server.pay(link.payment.session_id)
    lone_desk.look(sweep=True)
    assert lone_desk.status(booking.id) is BookingStatus.CONFIRMED


def test_case_23_news_of_a_direct_charge_come_by_its_own_events(lone_desk: PaymentDesk) -> None:
    ana_is_paid(lone_desk, ChargeWay.DIRECT, 1000)
    lone_desk.look()
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.pass_time(seconds=5)
    lone_desk.look()
    assert lone_desk.status(booking_id) is BookingStatus.CONFIRMED
    lone_desk.server.refund_in_dashboard(lone_desk.payment(booking_id).charge_id)
    lone_desk.pass_time(seconds=5)
    lone_desk.look()
    assert lone_desk.payment(booking_id).status is PaymentStatus.REFUNDED
    check_ledger(lone_desk, booking_id, 5000)


def test_case_23_an_account_that_left_freezes_its_own_payments_only(lone_desk: PaymentDesk) -> None:
    accounts = ana_is_paid(lone_desk, ChargeWay.DIRECT, None)
    frozen = paid(lone_desk)
    lone_desk.server.disconnect(ANA)
    with pytest.raises(GatewayNoAccount):
        lone_desk.payments.refund(lone_desk.payment(frozen).id, DEPOSIT, "ill", "form-1")
    assert lone_desk.payment(frozen).status in {PaymentStatus.REFUND_DUE, PaymentStatus.REFUND_PENDING}
    accounts.look_again([ANA])
    with pytest.raises(StripeNotConfigured, match="Ana's"):
        accounts.check_ready(lone_desk.book.ana.id)
    other, payment = lone_desk.hold(artist=lone_desk.book.bo)
    lone_desk.server.pay(lone_desk.payments.open_link(payment.id).payment.session_id)
    lone_desk.look(sweep=True)
    assert lone_desk.status(other.id) is BookingStatus.CONFIRMED

    lone_desk.pass_time(hours=7)
    assert not lone_desk.look(sweep=True).is_trouble
    assert lone_desk.payment(frozen).status in {PaymentStatus.REFUND_DUE, PaymentStatus.REFUND_PENDING}

    lone_desk.server.connect(ANA)
    lone_desk.pass_time(days=1)
    lone_desk.look(sweep=True)
    assert lone_desk.payment(frozen).status is PaymentStatus.REFUNDED
    check_ledger(lone_desk, frozen, 5000)


def test_case_23_open_links_of_an_account_that_left_wait_and_are_found_again(lone_desk: PaymentDesk) -> None:
    accounts = ana_is_paid(lone_desk, ChargeWay.DIRECT, None)
    held = [lone_desk.held_link(TUESDAY + timedelta(hours=2 * nth)) for nth in range(5)]
    lone_desk.server.pay(held[0][1])
    lone_desk.server.disconnect(ANA)
    lone_desk.pass_time(minutes=10)
    assert not lone_desk.look(sweep=True).is_trouble
    assert {lone_desk.status(booking_id) for booking_id, _ in held} == {BookingStatus.PENDING_PAYMENT}

    lone_desk.server.connect(ANA)
    with lone_desk.database.read() as uow:
        before = uow.accounts.of_artist(lone_desk.book.ana.id)
    assert before is not None
    accounts.save(
        AccountCommand(
            artist_id=lone_desk.book.ana.id,
            way=ChargeWay.OWN,
            account_id="",
            fee_basis_points=None,
            version=before.version,
        )
    )
    lone_desk.pass_time(minutes=1)
    lone_desk.look(sweep=True)
    assert lone_desk.status(held[0][0]) is BookingStatus.CONFIRMED
    lone_desk.pass_time(hours=1)
    lone_desk.look(sweep=True)
    assert [lone_desk.status(booking_id) for booking_id, _ in held[1:]] == [BookingStatus.LAPSED] * 4


@pytest.mark.parametrize("way", [ChargeWay.DIRECT, ChargeWay.DESTINATION])
def test_case_23_killed_at_any_step_the_money_goes_back_once(worlds: Worlds, way: ChargeWay) -> None:
    def paid_by_ana(desk: PaymentDesk) -> tuple[int, int]:
        ana_is_paid(desk, way, 1000)
        booking_id = paid(desk)
        return booking_id, desk.payment(booking_id).id

    for desk, (booking_id, payment_id) in worlds.killed_at_every_step(paid_by_ana, refund_all, at_least=2):
        come_to_rest(desk)
        desk.payments.refund(payment_id, DEPOSIT, "ill", "refund-form")  # the person repeats what was on the screen
        come_to_rest(desk)
        payment, books = desk.payment(booking_id), Books(desk)
        assert payment.status is PaymentStatus.REFUNDED
        assert len(desk.gateway.refunds_of(payment.intent_id, payment.account)) == 1
        check_ledger(desk, booking_id, 5000)
        bears = ANA if way is ChargeWay.DIRECT else OWN
        assert books.net(bears) == books.net(OWN) + books.net(ANA)
        assert books.net(bears) < 0  # by Stripe's own fee, which it keeps


@pytest.mark.parametrize("way", [ChargeWay.DIRECT, ChargeWay.DESTINATION])
def test_case_23_killed_at_any_step_one_link_is_made_at_its_account(worlds: Worlds, way: ChargeWay) -> None:
    def by_ana(desk: PaymentDesk) -> tuple[int, int]:
        ana_is_paid(desk, way, 1000)
        booking, payment = desk.hold()
        return booking.id, payment.id

    for desk, (booking_id, payment_id) in worlds.killed_at_every_step(by_ana, open_link, at_least=2):
        link = desk.payments.open_link(payment_id).payment
        since = desk.clock.now() - timedelta(hours=1)
        made = [*desk.gateway.sessions_since(since), *desk.gateway.sessions_since(since, ANA)]
        assert [one.session_id for one in made] == [link.session_id]
        desk.server.pay(link.session_id)
        come_to_rest(desk)
        assert desk.status(booking_id) is BookingStatus.CONFIRMED
