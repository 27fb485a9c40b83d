"""The gateway against the practice server, through the real library."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest
import stripe
from support.clock import StandingClock
from support.payment_desk import PaymentDesk, StandingSeconds

from inkdesk.application.payment_gateway import GatewayBusy, GatewayNoAccount, GatewayNotAllowed, GatewayUnreachable
from inkdesk.domain.accounts import ChargeWay, StripeAccount
from inkdesk.domain.errors import StripeNotConfigured, ValidationError
from inkdesk.domain.payments import Payment
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.stripe_api import client, facts, gateway
from inkdesk.infrastructure.stripe_api.backoff import Backoff
from inkdesk.infrastructure.stripe_api.gateway import EVENT_TYPES, StripeGateway
from inkdesk.practice import PracticeServer
from inkdesk.practice.faults import Fault, FaultKind

KEY = "rk_test_markermarker0001"
EMAIL = "marker-client@example.com"
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def desk(sqlite_url: str, clock: StandingClock) -> Iterator[PaymentDesk]:
    database = Database.open(sqlite_url, who="Desk 1", clock=clock)
    with PracticeServer(key=KEY) as server:
        opened = PaymentDesk.open(server, database, clock)
        yield opened
        opened.close()
    database.close()


def _with_email(desk: PaymentDesk) -> Payment:
    with desk.database.write() as uow:
        uow.clients.save(replace(desk.book.client, email=EMAIL))
        uow.commit()
    return desk.hold()[1]


def _unknown(given: object, wanted: Any, path: str = "") -> list[str]:  # noqa: ANN401 - a type
    """Fields of ``given`` that the library's parameter type does not know."""
    if isinstance(given, list):
        return [name for one in given for name in _unknown(one, get_args(wanted)[0], path)]
    if not isinstance(given, dict) or get_origin(wanted) is not None or not hasattr(wanted, "__annotations__"):
        return []
    hints = get_type_hints(wanted, localns={"StripeContext": object, "Mapping": Mapping})
    found = [f"{path}{name}" for name in given if name not in hints]
    for name, value in given.items():
        if name in hints:
            found += _unknown(value, _plain(hints[name]), f"{path}{name}.")
    return found


def _plain(hint: Any) -> Any:  # noqa: ANN401 - a type
    while get_origin(hint) is not None and get_origin(hint) is not list and get_args(hint):
        hint = get_args(hint)[0]
    return hint


def test_session_parameters_are_the_librarys(desk: PaymentDesk) -> None:
    sent = json.loads(_with_email(desk).params)

    assert _unknown(sent, stripe.params.checkout.SessionCreateParams) == []
    assert _unknown({**sent, "payment_method_types": 1}, stripe.params.checkout.SessionCreateParams) != []
    sent["line_items"][0]["price_data"]["recovery"] = 1
    assert _unknown(sent, stripe.params.checkout.SessionCreateParams) == ["line_items.price_data.recovery"]
    assert "after_expiration" not in sent
    assert (sent["allowed_payment_method_types"], sent["adaptive_pricing"]) == (["card"], {"enabled": False})
    assert sent["customer_email"] == EMAIL
    assert sent["metadata"] == sent["payment_intent_data"]["metadata"]


@pytest.mark.parametrize("way", [ChargeWay.DESTINATION, ChargeWay.DIRECT])
def test_session_parameters_of_an_artists_account_are_the_librarys(desk: PaymentDesk, way: ChargeWay) -> None:
    with desk.database.write() as uow:
        ana = StripeAccount(artist_id=desk.book.ana.id, account_id="acct_ana", way=way, fee_basis_points=1000)
        uow.accounts.save(replace(ana, is_ready=True, checked_at=desk.clock.now()))
        uow.commit()
    sent = json.loads(desk.hold()[1].params)
    assert _unknown(sent, stripe.params.checkout.SessionCreateParams) == []
    shares = {name: given for name, given in sent["payment_intent_data"].items() if name != "metadata"}
    handed_on = {"transfer_data": {"destination": "acct_ana"}} if way is ChargeWay.DESTINATION else {}
    assert shares == {**handed_on, "application_fee_amount": 500}


def test_nothing_secret_is_logged_or_told(desk: PaymentDesk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    payment = _with_email(desk)
    opened = desk.payments.open_link(payment.id)
    desk.server.pay(opened.payment.session_id)
    desk.look()
    desk.server.faults.add(Fault(FaultKind.HTML_503))
    with pytest.raises(GatewayUnreachable) as failure:
        desk.gateway.session("cs_test_x")
    desk.server.access.revoke(KEY)
    desk.look()

    told = caplog.text + str(failure.value) + repr(desk.gateway)
    assert "stripe" in told
    assert not [marker for marker in (KEY, EMAIL, opened.url, "fidk") if marker in told]
    assert failure.value.__cause__ is None


def test_an_office_proxy_does_not_swallow_this_computer(desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    desk.gateway.probe("rak_balance_read")
    assert desk.server.reads.count("/v1/balance") == 1


def test_each_thread_has_its_own_connection_and_close_lets_all_go(desk: PaymentDesk) -> None:
    desk.gateway.probe("rak_balance_read")
    thread = threading.Thread(target=desk.gateway.probe, args=("rak_balance_read",))
    thread.start()
    thread.join()
    assert len(desk.gateway._sessions) == 2
    desk.gateway.probe("rak_balance_read")
    assert len(desk.gateway._sessions) == 2
    desk.gateway.close()
    assert desk.gateway._sessions == []
    desk.gateway.probe("rak_balance_read")  # a late call opens anew


@pytest.mark.parametrize(
    "kind", [FaultKind.ERROR_BEFORE, FaultKind.HTML_503, FaultKind.CUT_BEFORE, FaultKind.CUT_AFTER_COMMIT]
)
def test_the_library_repeats_with_the_same_key(
    desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch, kind: FaultKind
) -> None:
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.0)
    patient = StripeGateway(KEY, Mode.PRACTICE, base_url=desk.server.url)
    desk.server.faults.add(Fault(kind, times=2))

    made = patient.create_session(_params(_with_email(desk)), "one-key")

    patient.close()
    assert [one.session_id for one in desk.gateway.sessions_since(BEGINNING)] == [made.session_id]


def _params(payment: Payment) -> dict[str, object]:
    params: dict[str, object] = json.loads(payment.params)
    return params


def test_lists_are_read_to_their_end_and_every_page_counts(desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "PAGE", 2)
    params = _params(_with_email(desk))
    made = [desk.gateway.create_session(params, f"key-{n}").session_id for n in range(5)]
    for session_id in made:
        desk.server.pay(session_id)
    desk.gateway.take_reads()

    listed = [one.session_id for one in desk.gateway.sessions_since(BEGINNING)]
    assert sorted(listed) == sorted(made)
    assert desk.gateway.take_reads() == 3
    hints = [hint.session_id for hint in desk.gateway.hints_since(BEGINNING).events]
    assert sorted(hints) == sorted(made)
    assert desk.gateway.take_reads() == 3


def test_a_retry_advised_after_429_is_the_librarys_and_any_other_is_ours(
    desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.0)
    patient = StripeGateway(KEY, Mode.PRACTICE, base_url=desk.server.url)
    desk.server.faults.add(Fault(FaultKind.RATE_LIMITED_RETRY))
    patient.probe("rak_balance_read")
    desk.server.faults.add(Fault(FaultKind.RATE_LIMITED))
    with pytest.raises(GatewayBusy):
        patient.probe("rak_balance_read")
    patient.close()
    assert desk.server.reads.count("/v1/balance") == 1


def test_what_the_library_repeats_counts_each_time_but_not_what_finds_no_connection(
    desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.0)
    patient = StripeGateway(KEY, Mode.PRACTICE, base_url=desk.server.url)
    for kind in (FaultKind.CUT_BEFORE, FaultKind.ERROR_BEFORE):
        desk.server.faults.add(Fault(kind))
    patient.account()
    assert patient.take_reads() == 3
    patient.close()
    nobody_there = StripeGateway(KEY, Mode.PRACTICE, base_url="http://127.0.0.1:1", retries=0)
    with pytest.raises(GatewayUnreachable):
        nobody_there.account()
    assert nobody_there.take_reads() == 0
    nobody_there.close()


@pytest.mark.parametrize(
    ("mode", "base_url"),
    [(Mode.TEST, "http://127.0.0.1:1"), (Mode.PRACTICE, None), (Mode.PRACTICE, "http://stripe.example")],
)
def test_a_key_goes_to_stripe_or_to_this_computer_only(mode: Mode, base_url: str | None) -> None:
    with pytest.raises(ValueError, match="Stripe"):
        StripeGateway(KEY, mode, base_url=base_url)


def test_a_key_of_another_mode_is_refused() -> None:
    with pytest.raises(ValidationError):
        StripeGateway("rk_live_abcdefgh1234", Mode.PRACTICE, base_url="http://127.0.0.1:1")


def test_missing_certificates_are_said_before_any_call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(stripe, "ca_bundle_path", str(tmp_path / "none.crt"))
    with pytest.raises(StripeNotConfigured):
        StripeGateway(KEY, Mode.TEST).probe("rak_balance_read")


def test_the_certificates_are_installed() -> None:
    assert "BEGIN CERTIFICATE" in client.certificates().read_text()


def test_the_library_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, inkdesk.infrastructure.stripe_api.gateway; sys.exit('stripe' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_answer_without_a_time_is_not_stripes() -> None:
    with pytest.raises(GatewayUnreachable):
        facts.seen_at({})
    assert facts.stripe_time({"Date": "yesterday"}) is None


def test_back_off_doubles_to_a_minute_and_ends_with_a_good_answer() -> None:
    clock = StandingSeconds()
    backoff = Backoff(clock)
    waits = []
    for _ in range(8):
        backoff.begin()
        start = clock.at
        while backoff.is_on:
            clock.at += 0.5
        waits.append(clock.at - start)
    assert [1.5 <= waits[0] <= 2, 12 <= waits[3] <= 16, 45 <= waits[7] <= 60] == [True] * 3
    backoff.end()
    backoff.begin()
    clock.at += 2
    assert not backoff.is_on


def test_calls_under_way_when_a_429_comes_neither_end_the_wait_nor_make_it_longer() -> None:
    clock = StandingSeconds()
    backoff = Backoff(clock)
    backoff.begin()
    backoff.begin()
    backoff.begin()
    backoff.end()
    assert backoff.is_on
    clock.at += 2
    assert not backoff.is_on


def test_events_are_asked_for_by_the_types_that_money_needs_and_no_more_than_stripe_takes() -> None:
    assert len(EVENT_TYPES) == len(set(EVENT_TYPES)) <= 20
    session, dispute = "checkout.session.", "charge.dispute."
    assert {
        *(session + kind for kind in ("completed", "async_payment_succeeded", "async_payment_failed", "expired")),
        *(dispute + kind for kind in ("created", "closed", "funds_withdrawn")),
        "charge.refunded",
        "refund.updated",
        "refund.failed",
    } < set(EVENT_TYPES)


def test_accounts_are_told_as_they_are(desk: PaymentDesk) -> None:
    own = desk.gateway.account()
    assert own.account_id == desk.server.account_id
    assert own.name == "Practice studio"
    assert (own.charges_enabled, own.card_payments, own.transfers) == (True, "active", "active")
    desk.server.connect("acct_ana")
    desk.server.set_charges_enabled(enabled=False, account_id="acct_ana")
    ana = desk.gateway.account("acct_ana")
    assert (ana.account_id, ana.charges_enabled, ana.card_payments) == ("acct_ana", False, "inactive")
    assert ana.disabled_reason == "requirements.past_due"


def test_an_account_out_of_reach_is_no_fault_of_the_key(desk: PaymentDesk) -> None:
    desk.server.connect("acct_ana")
    desk.server.disconnect("acct_ana")
    for ask in (lambda: desk.gateway.account("acct_ana"), lambda: desk.gateway.hints_since(BEGINNING, "acct_ana")):
        with pytest.raises(GatewayNoAccount):
            ask()
    desk.server.access.withdraw(desk.server.key, "rak_connected_account_read")
    with pytest.raises(GatewayNotAllowed, match="rak_connected_account_read"):
        desk.gateway.account()


def test_an_event_says_which_account_changed(desk: PaymentDesk) -> None:
    desk.server.connect("acct_ana")
    desk.server.set_capability("transfers", "inactive", "acct_ana")
    told = desk.gateway.hints_since(BEGINNING, "acct_ana").events
    assert [(one.kind, one.account_id, one.session_id, one.intent_id) for one in told] == [
        ("account.updated", "acct_ana", "", "")
    ]
