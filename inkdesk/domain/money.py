"""Money in integer minor units. No float ever holds an amount."""

import re
from dataclasses import dataclass
from decimal import Decimal

ZERO_DECIMAL = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF".split())
"""Currencies without minor units (ISO 4217, MGA as Stripe treats it)."""
THREE_DECIMAL = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
"""Currencies whose minor unit is a thousandth."""


TYPED = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]{1,12})(?:[.,](?P<decimals>[0-9]*))?")


def exponent(currency: str) -> int:
    """How many decimals ``currency`` (ISO 4217 code, upper case) has: 0, 2 or 3."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def card_step(currency: str) -> int:
    """The smallest step of an amount that cards take, in minor units: three-decimal currencies go by tens."""
    return 10 if exponent(currency) == 3 else 1


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of ``currency`` (ISO 4217, upper case) in its minor unit; 1250 EUR-cents is 12.50 EUR."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        """Refuse anything that is not a three-letter upper-case code."""
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            raise ValueError(f"not a currency code: {self.currency!r}")

    def plain(self) -> str:
        """Plain decimal with the code, e.g. ``12.50 EUR``; not localised."""
        return f"{self.decimal()} {self.currency}"

    def decimal(self) -> Decimal:
        """The exact amount in major units."""
        return Decimal(self.amount_minor).scaleb(-exponent(self.currency))

    def __add__(self, other: "Money") -> "Money":
        """Sum; both must be of one currency."""
        self._same(other)
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        """Difference; both must be of one currency."""
        self._same(other)
        return Money(self.amount_minor - other.amount_minor, self.currency)

    def __neg__(self) -> "Money":
        """The same taken back."""
        return Money(-self.amount_minor, self.currency)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")


def parse_amount(text: str, currency: str) -> Money:
    """Read a typed amount such as ``120``, ``12.50`` or ``12,50`` (one decimal sign, no thousands sign).

    Raises ValueError if it is not a number or has more decimals than the currency; the sign is kept, the
    caller's rule decides whether negative makes sense.
    """
    typed = TYPED.fullmatch(text.strip())
    if typed is None:
        raise ValueError(f"not an amount: {text!r}")
    sign, whole, decimals = typed.group("sign", "whole", "decimals")
    places = exponent(currency)
    if len(decimals or "") > places:
        raise ValueError(f"too many decimals for {currency}: {text!r}")
    minor = int(whole + (decimals or "").ljust(places, "0"))
    return Money(-minor if sign else minor, currency)
