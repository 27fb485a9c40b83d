"""Whose account a payment goes to, and what the studio keeps."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdesk.domain.accounts import ChargeWay, StripeAccount
from inkdesk.domain.connect import (
    AccountFacts,
    Route,
    asked_accounts,
    check_account,
    fee_of,
    problem_of,
    problem_words,
    route_for,
    unchecked,
)
from inkdesk.domain.errors import ErrorCode, StripeNotConfigured, ValidationError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import Payment, PaymentMethod, PaymentStatus

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
FIFTY = Money(5000, "EUR")
OWN = StripeAccount(artist_id=None, account_id="acct_studio", is_ready=True, checked_at=NOW)
ANA = StripeAccount(
    artist_id=1, account_id="acct_ana", way=ChargeWay.DESTINATION, fee_basis_points=1250, is_ready=True, checked_at=NOW
)


def test_fees_are_rounded_down_to_what_a_card_can_be_charged() -> None:
    assert fee_of(FIFTY, 1250) == 625
    assert fee_of(Money(999, "EUR"), 3333) == 332
    assert fee_of(Money(999, "JPY"), 1000) == 99
    assert fee_of(Money(99_990, "KWD"), 1234) == 12_330
    assert fee_of(FIFTY, 0) == 0


@given(
    st.integers(1, 10**10), st.sampled_from(["EUR", "JPY", "KWD", "ISK"]), st.integers(0, 10_000), st.integers(0, 9_999)
)
def test_a_fee_lies_within_the_amount_and_grows_with_its_share(minor: int, code: str, points: int, less: int) -> None:
    amount = Money(minor, code)
    fee = fee_of(amount, points)
    assert 0 <= fee <= amount.amount_minor
    assert fee * 10_000 <= amount.amount_minor * points
    assert fee_of(amount, min(less, points)) <= fee


def to(theirs: StripeAccount | None, own: StripeAccount | None = OWN) -> Route:
    return route_for(own, theirs, FIFTY, studio="Nadel", artist="Ana")


def test_each_way_has_its_route() -> None:
    assert to(None) == to(None, None) == to(replace(ANA, way=ChargeWay.OWN)) == Route()
    assert to(ANA) == Route(way=ChargeWay.DESTINATION, destination="acct_ana", fee_minor=625)
    assert to(replace(ANA, way=ChargeWay.DIRECT)) == Route(way=ChargeWay.DIRECT, account="acct_ana", fee_minor=625)


@pytest.mark.parametrize("points", [None, 0, 1])
def test_a_fee_of_nothing_is_no_fee(points: int | None) -> None:
    route = route_for(OWN, replace(ANA, fee_basis_points=points), Money(50, "EUR"), studio="Nadel", artist="Ana")
    assert route.fee_minor is None


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("no_access", "cannot reach Ana's Stripe account acct_ana"),
        ("charges_disabled:requirements.past_due", "requirements.past_due"),
        ("transfers:inactive", "Ana's Stripe account lacks the capability transfers (inactive)"),
        ("transfers:", "transfers (not asked for)"),
    ],
)
def test_no_link_by_an_account_that_is_not_ready(problem: str, words: str) -> None:
    with pytest.raises(StripeNotConfigured) as refused:
        to(replace(ANA, is_ready=False, problem=problem))
    assert refused.value.code is ErrorCode.STRIPE_NOT_CONFIGURED
    assert words in refused.value.message.plain()


def test_an_account_nobody_looked_at_is_not_ready() -> None:
    with pytest.raises(StripeNotConfigured, match="Ana's Stripe account was not checked yet"):
        to(unchecked(ANA))


def test_the_studios_own_account_counts_where_its_money_goes() -> None:
    stopped = replace(OWN, is_ready=False, problem="charges_disabled:")
    for theirs in (None, ANA):
        with pytest.raises(StripeNotConfigured, match="lets Nadel's account"):
            to(theirs, stopped)
    assert to(replace(ANA, way=ChargeWay.DIRECT), stopped).account == "acct_ana"
    assert to(None, unchecked(OWN)) == Route()


def test_what_an_account_needs_depends_on_the_way() -> None:
    facts = AccountFacts(account_id="acct_ana", name="Ana", charges_enabled=True, card_payments="active")
    assert problem_of(facts, ChargeWay.DIRECT) == problem_of(facts, ChargeWay.OWN) == ""
    assert problem_of(facts, ChargeWay.DESTINATION) == "transfers:"
    assert problem_of(replace(facts, transfers="active"), ChargeWay.DESTINATION) == ""
    assert problem_of(replace(facts, card_payments="pending"), ChargeWay.DIRECT) == "card_payments:pending"
    stopped = replace(facts, charges_enabled=False, disabled_reason="listed", transfers="active")
    assert problem_of(stopped, ChargeWay.DIRECT) == "charges_disabled:listed"
    assert problem_of(stopped, ChargeWay.DESTINATION) == ""
    assert problem_of(None, ChargeWay.DIRECT) == "no_access"


@pytest.mark.parametrize("name", ["", "ana", "acct_", "acct_ána", "acct_a b", "ACCT_1", "acct_" + "1" * 60])
def test_what_is_no_account_is_refused_beside_its_field(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        check_account(replace(ANA, account_id=name))
    assert refused.value.field == "account_id"


@pytest.mark.parametrize("points", [-1, 10_001])
def test_a_fee_is_a_part_of_the_whole(points: int) -> None:
    with pytest.raises(ValidationError) as refused:
        check_account(replace(ANA, fee_basis_points=points))
    assert refused.value.field == "fee"


def test_right_accounts_pass() -> None:
    check_account(ANA)
    check_account(replace(ANA, way=ChargeWay.OWN, account_id="", fee_basis_points=None))


def test_every_account_with_open_money_is_asked() -> None:
    bo = StripeAccount(artist_id=2, account_id="acct_bo", way=ChargeWay.DIRECT)
    payment = Payment(
        booking_id=1,
        attempt=1,
        method=PaymentMethod.LINK,
        status=PaymentStatus.OPEN,
        amount=FIFTY,
        idempotency_key="k",
        created_at=NOW,
    )
    assert asked_accounts([OWN, ANA, bo], [payment]) == ("acct_bo",)
    assert asked_accounts([OWN, ANA], [payment, replace(payment, account="acct_old")]) == ("acct_old",)


def test_a_sentence_names_whose_account_it_is() -> None:
    assert "Bo's Stripe account" in problem_words(unchecked(ANA), "Bo").plain()
