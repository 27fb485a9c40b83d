"""Amounts of the practice server: currencies, limits, fees, and how an amount is written."""

from __future__ import annotations

from inkdesk.practice.errors import invalid

CURRENCIES = frozenset(
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp "
    "cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr "
    "isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn "
    "myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle "
    "sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xof xpf yer zar "
    "zmw".split()
)
_ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
_THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())
_WHOLE_UNITS = frozenset("isk ugx".split())
_SMALLEST = {"eur": 50, "usd": 50, "gbp": 30, "chf": 50, "cad": 50, "aud": 50, "jpy": 50, "dkk": 250, "nok": 300}
_SIGNS = {"eur": "€", "usd": "$", "gbp": "£", "jpy": "¥"}
LARGEST_MINOR = 99_999_999


def exponent(currency: str) -> int:
    """Return how many decimals an amount in minor units has."""
    if currency in _ZERO_DECIMAL:
        return 0
    return 3 if currency in _THREE_DECIMAL else 2


def written(amount_minor: int, currency: str, *, french: bool = False) -> str:
    """Return an amount as people read it: `€60.00`, `60,00 €`, `CHF 60.00`."""
    decimals = exponent(currency)
    whole, rest = divmod(abs(amount_minor), 10**decimals)
    point, gap = (",", "\u202f") if french else (".", ",")
    digits = f"{whole:,}".replace(",", gap) + (f"{point}{rest:0{decimals}d}" if decimals else "")
    sign = _SIGNS.get(currency, currency.upper())
    if french:
        return f"{digits}\u00a0{sign}"
    return f"{sign}{digits}" if len(sign) == 1 else f"{sign}\u00a0{digits}"


def check_currency(currency: str, param: str) -> str:
    """Return the currency in lower case.

    Raises:
        ApiError: Stripe has no such currency.
    """
    lower = currency.lower()
    if lower not in CURRENCIES:
        known = ", ".join(sorted(CURRENCIES))
        raise invalid(f"Invalid currency: {lower}. Stripe currently supports these currencies: {known}", param=param)
    return lower


def check_amount(amount_minor: int, currency: str) -> None:
    """Check the total of a session.

    Raises:
        ApiError: it is too small, too large, or not payable in this currency.
    """
    smallest = _SMALLEST.get(currency, 1)
    if amount_minor < smallest:
        least = written(smallest, currency)
        raise invalid(
            f"The Checkout Session's total amount due must add up to at least {least} {currency}",
            code="amount_too_small",
        )
    if amount_minor > LARGEST_MINOR:
        most = written(LARGEST_MINOR, currency)
        raise invalid(
            f"The Checkout Session's total amount due must be no more than {most} {currency}",
            code="amount_too_large",
        )
    step = 10 if currency in _THREE_DECIMAL else 100 if currency in _WHOLE_UNITS else 1
    if amount_minor % step:
        raise invalid(f"Invalid amount in {currency}: it must be divisible by {step}.", code="invalid_amount")


def fee_minor(amount_minor: int) -> int:
    """Return what the practice Stripe keeps of a payment: 1.5 % (half up) + 25 minor units."""
    return (amount_minor * 15 + 500) // 1000 + 25
