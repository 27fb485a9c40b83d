"""Accounts that are out of reach for days: what happened at them meanwhile is found when they are back."""

import json

import pytest
from support.payment_desk import PaymentDesk

from inkdesk.application.account_service import AccountCommand
from inkdesk.application.payment_gateway import GatewayBroken, no_pulse
from inkdesk.application.poll_state import PollState
from inkdesk.application.strays import Strays
from inkdesk.application.unheard import list_unheard
from inkdesk.domain.accounts import ChargeWay
from inkdesk.domain.payments import COLLECTED, Payment, PaymentStatus
from inkdesk.domain.spans import to_seconds

ANA = "acct_ana"


@pytest.fixture
def ana(desk: PaymentDesk) -> str:
    """Ana is paid by her own account."""
    desk.server.connect(ANA)
    command = AccountCommand(
        artist_id=desk.book.ana.id, way=ChargeWay.DIRECT, account_id=ANA, fee_basis_points=None, version=0
    )
    desk.payments.accounts.save(command)
    desk.payments.accounts.check(desk.book.ana.id)
    return ANA


def paid_orphan(desk: PaymentDesk) -> tuple[Payment, str]:
    """A session that was paid, of an attempt that was given up because its answer was lost."""
    _, payment = desk.hold()
    made = desk.gateway.create_session(json.loads(payment.params), payment.idempotency_key, payment.account)
    desk.payments.links.give_up(payment.id)
    desk.server.pay(made.session_id)
    return payment, made.session_id


def away_from_s(desk: PaymentDesk) -> dict[str, int]:
    with desk.database.read() as uow:
        return dict(PollState.parse(uow.payments.poll_state()).away_from_s)


def test_sessions_of_an_account_that_was_away_for_days_are_listed_when_it_is_back(desk: PaymentDesk, ana: str) -> None:
    began_s = to_seconds(desk.clock.now())
    payment, session_id = paid_orphan(desk)
    desk.server.disconnect(ana)
    for _ in range(3):
        desk.look(sweep=True)
        desk.pass_time(hours=13)
    assert desk.attempts(payment.booking_id)[0].status is PaymentStatus.FAILED
    assert away_from_s(desk) == {ana: began_s}

    desk.server.connect(ana)
    desk.look(sweep=True)

    stored = desk.attempts(payment.booking_id)[0]
    assert (stored.session_id, stored.status in COLLECTED) == (session_id, True)
    assert away_from_s(desk) == {}


def test_a_connected_account_whose_lists_break_off_keeps_no_other_from_being_heard(
    desk: PaymentDesk, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment, _ = paid_orphan(desk)
    pages = desk.gateway.session_pages

    def broken(since: object, account: str = "") -> object:
        if account == "":
            raise GatewayBroken
        return pages(since, account)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.gateway, "session_pages", broken)
    strays = Strays(desk.database.write, desk.database.read, desk.clock)

    found = list_unheard(desk.gateway, strays, PollState(), [ana], to_seconds(desk.clock.now()), no_pulse)

    assert (found.is_whole, found.strays, found.away_from_s) == (False, [payment.id], {})
