"""Money: exact, in minor units, of one currency."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdesk.domain.message import message
from inkdesk.domain.money import Money, exponent, parse_amount


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("120", "EUR", 12000),
        ("12.50", "EUR", 1250),
        ("12,5", "EUR", 1250),
        (" 0 ", "EUR", 0),
        ("-3", "EUR", -300),
        ("5000", "JPY", 5000),
        ("1.234", "KWD", 1234),
    ],
)
def test_typed_amounts(typed: str, currency: str, minor: int) -> None:
    assert parse_amount(typed, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("", "EUR"),
        ("abc", "EUR"),
        ("1.234", "EUR"),
        ("1.5", "JPY"),
        ("NaN", "EUR"),
        ("Infinity", "EUR"),
        ("1,000.00", "EUR"),
    ],
)
def test_what_is_no_amount_is_refused(typed: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"amount|decimals"):
        parse_amount(typed, currency)


@given(st.integers(1 - 10**12, 10**12 - 1), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_shown_and_read_again_is_the_same(minor: int, currency: str) -> None:
    amount = Money(minor, currency)
    assert parse_amount(str(amount.decimal()), currency) == amount
    assert amount.decimal() == Decimal(minor) / 10 ** exponent(currency)


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_sums_are_exact(one: int, other: int) -> None:
    assert Money(one, "EUR") + Money(other, "EUR") - Money(other, "EUR") == Money(one, "EUR")


def test_currencies_never_mix() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        Money(1, "EUR") + Money(1, "USD")


@pytest.mark.parametrize("code", ["eur", "EU", "EURO", "E€R", ""])
def test_a_currency_is_three_capitals(code: str) -> None:
    with pytest.raises(ValueError, match=r"not a currency"):
        Money(1, code)


def test_a_message_shows_its_values_plainly() -> None:
    sentence = message("{who} paid {amount}.", who="Anna", amount=Money(1250, "EUR"))
    assert sentence.plain() == "Anna paid 12.50 EUR."
    assert message("No values, so {braces} stay.").plain() == "No values, so {braces} stay."
