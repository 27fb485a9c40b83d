"""The ledger as it is looked at: which lines, and what they come to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from inkdesk.application.calendar import LedgerLine
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import ASKING, LedgerEntry, LedgerKind, PaymentStatus


class LedgerState(StrEnum):
    """How the payment of a line stands today, in the desk's words."""

    WAITING = "waiting"
    NOT_PAID = "not_paid"
    PAID = "paid"
    GOING_BACK = "going_back"
    GIVEN_BACK = "given_back"
    REFUND_FAILED = "refund_failed"
    DISPUTED = "disputed"


STATUSES: Final = {
    LedgerState.WAITING: ASKING,
    LedgerState.NOT_PAID: frozenset({PaymentStatus.EXPIRED, PaymentStatus.FAILED}),
    LedgerState.PAID: frozenset({PaymentStatus.PAID}),
    LedgerState.GOING_BACK: frozenset({PaymentStatus.REFUND_DUE, PaymentStatus.REFUND_PENDING}),
    LedgerState.GIVEN_BACK: frozenset({PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED}),
    LedgerState.REFUND_FAILED: frozenset({PaymentStatus.REFUND_FAILED}),
    LedgerState.DISPUTED: frozenset({PaymentStatus.DISPUTED}),
}
"""Every status of a payment belongs to one state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFilter:
    """Lines written from ``first`` to ``last`` (studio's zone, both included) that fit everything that is not None.

    ``words`` are folded by case; each must stand in the words, names or reasons of a line, whatever its dates and
    amounts are.
    """

    first: date
    last: date
    artist_id: int | None = None
    client_id: int | None = None
    state: LedgerState | None = None
    words: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise ValidationError if the dates stand the wrong way round."""
        if self.last < self.first:
            raise ValidationError(message("The last date lies before the first. Change one of them."), field="last")


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerNames:
    """Whose lines there are between two dates: (id, name) by name."""

    artists: Sequence[tuple[int, str]] = field(default_factory=list)
    clients: Sequence[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerTotals:
    """What lines of one currency come to, in its minor unit.

    ``paid``, ``tips``, ``refunded``, ``disputed`` and ``fees`` are money that moved, and make up ``net_minor``.
    ``applied`` to prices, ``kept`` of who did not come and ``credited`` to clients (less what they used of it) say
    what became of deposits; no money moves with them.
    """

    currency: str
    paid_minor: int = 0
    tips_minor: int = 0
    refunded_minor: int = 0
    disputed_minor: int = 0
    fees_minor: int = 0
    applied_minor: int = 0
    kept_minor: int = 0
    credited_minor: int = 0

    @property
    def net_minor(self) -> int:
        """What the studio has more for it: in, less out, less Stripe's fees."""
        gone = self.refunded_minor + self.disputed_minor + self.fees_minor
        return self.paid_minor + self.tips_minor - gone

    def __add__(self, other: "LedgerTotals") -> "LedgerTotals":
        """Both together; ValueError if they are of two currencies."""
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return LedgerTotals(
            currency=self.currency,
            **{part: getattr(self, part) + getattr(other, part) for part in _PARTS},
        )


_PARTS: Final = tuple(one.name for one in fields(LedgerTotals) if one.name != "currency")
_PART_OF: Final = {
    LedgerKind.PAID: ("paid_minor", 1),
    LedgerKind.TIP: ("tips_minor", 1),
    LedgerKind.REFUNDED: ("refunded_minor", 1),
    LedgerKind.DISPUTED: ("disputed_minor", 1),
    LedgerKind.APPLIED: ("applied_minor", 1),
    LedgerKind.FORFEITED: ("kept_minor", 1),
    LedgerKind.CREDITED: ("credited_minor", 1),
    LedgerKind.CREDIT_USED: ("credited_minor", -1),
}
"""Where a line counts; what was only asked, or went from one sitting to another, changes no sum."""
_OUT: Final = frozenset({LedgerKind.REFUNDED, LedgerKind.DISPUTED, LedgerKind.CREDIT_USED})


def signed(entry: LedgerEntry) -> Money:
    """The amount of a line as its sum counts it: what leaves is negative, what was taken back from that positive."""
    amount = entry.amount
    return Money(-amount.amount_minor, amount.currency) if entry.kind in _OUT else amount


def totals(lines: Iterable[LedgerLine]) -> list[LedgerTotals]:
    """The sums by currency, in order of its code. A fee counts in the currency that Stripe took it in."""
    return added(one for line in lines for one in _counts(line))


def counted(kind: LedgerKind, amount: Money) -> LedgerTotals:
    """What an amount of this kind, or the sum of many, adds to the totals of its currency."""
    part, sign = _PART_OF.get(kind, ("paid_minor", 0))
    return LedgerTotals(currency=amount.currency, **{part: sign * amount.amount_minor})


def added(parts: Iterable[LedgerTotals]) -> list[LedgerTotals]:
    """Totals put together by currency, in order of its code."""
    sums: dict[str, LedgerTotals] = {}
    for one in parts:
        so_far = sums.get(one.currency)
        sums[one.currency] = one if so_far is None else so_far + one
    return [sums[currency] for currency in sorted(sums)]


def fees(amount: Money) -> LedgerTotals:
    """What Stripe's fees add to the totals of their currency."""
    return LedgerTotals(currency=amount.currency, fees_minor=amount.amount_minor)


def _counts(line: LedgerLine) -> list[LedgerTotals]:
    of_amount = counted(line.entry.kind, line.entry.amount)
    return [of_amount] if line.fee is None else [of_amount, fees(line.fee)]


class LedgerPlace(NamedTuple):
    """A place in the list of lines, newest first: right behind the line of this instant and id."""

    at: datetime
    entry_id: int


def place_of(line: LedgerLine) -> LedgerPlace:
    """The place right behind a stored line."""
    if line.entry.id is None:
        raise ValueError("only a stored line has a place")
    return LedgerPlace(line.entry.at, line.entry.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSums:
    """How many lines there are and what they come to, by currency in order of its code."""

    count: int = 0
    totals: Sequence[LedgerTotals] = ()

    def __add__(self, other: "LedgerSums") -> "LedgerSums":
        """Both together."""
        return LedgerSums(count=self.count + other.count, totals=added([*self.totals, *other.totals]))


def sums_of(lines: Sequence[LedgerLine]) -> LedgerSums:
    """The sums of these lines."""
    return LedgerSums(count=len(lines), totals=totals(lines))
