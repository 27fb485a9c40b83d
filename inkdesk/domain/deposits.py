"""What became of the money of a booking: its ledger lines added up, and what may be done with what is left.

Money keeps the id of the payment it came by wherever it goes, so that it can be given back to its payer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from inkdesk.domain.bookings import DepositFate, refundable
from inkdesk.domain.catalogue import CancellationPolicy
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, LedgerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositBalance:
    """The money of one booking, by what became of it. ``tips`` stand apart: they are never deposit.

    ``left`` is what nobody decided about yet. It is negative only if a bank took more than was left.
    """

    paid: Money
    rolled_in: Money
    credit_used: Money
    applied: Money
    credited: Money
    returned: Money
    forfeited: Money
    rolled_out: Money
    disputed: Money
    tips: Money

    @property
    def came(self) -> Money:
        """What ever came in for this booking, tips left out."""
        return self.paid + self.rolled_in + self.credit_used

    @property
    def left(self) -> Money:
        """What is in the till for this booking and has no use yet."""
        out = self.applied + self.credited + self.returned + self.forfeited + self.rolled_out + self.disputed
        return self.came - out


@dataclass(frozen=True, slots=True)
class Portion:
    """Money of one payment: so much of it stands under ``kind`` (None: it is left)."""

    payment_id: int
    amount: Money
    kind: LedgerKind | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """The frozen policy's answer: what becomes of ``paid``, and how much of it goes back."""

    fate: DepositFate
    paid: Money
    refund: Money


_PARTS: Final = {
    LedgerKind.PAID: "paid",
    LedgerKind.CREDIT_USED: "credit_used",
    LedgerKind.APPLIED: "applied",
    LedgerKind.CREDITED: "credited",
    LedgerKind.REFUNDED: "returned",
    LedgerKind.FORFEITED: "forfeited",
    LedgerKind.ROLLED_OVER: "rolled_out",
    LedgerKind.DISPUTED: "disputed",
    LedgerKind.TIP: "tips",
}
TAKEN_BACK: Final = (LedgerKind.APPLIED, LedgerKind.FORFEITED)
"""Uses of money that the desk may take back to give it to the client after all."""


def balance_of(booking_id: int, lines: Iterable[LedgerEntry], currency: str) -> DepositBalance:
    """The booking's money in ``currency``; ``lines`` are its own and those of money that was rolled over to it."""
    nothing = Money(0, currency)
    parts = {**dict.fromkeys(_PARTS.values(), nothing), "rolled_in": nothing}
    for line in lines:
        part = _part(booking_id, line)
        if part and line.amount.currency == currency:
            parts[part] += line.amount
    return DepositBalance(**parts)


def currencies_of(lines: Iterable[LedgerEntry]) -> list[str]:
    """Every currency money came in, the first one first."""
    return list(dict.fromkeys(one.amount.currency for one in lines if one.kind is not LedgerKind.ASKED))


def left_of(booking_id: int, lines: Sequence[LedgerEntry]) -> list[Portion]:
    """What is left for the booking of each payment, in the order in which the money came; never 0 or less."""
    return standing(booking_id, lines, None)


def standing(booking_id: int, lines: Sequence[LedgerEntry], kind: LedgerKind | None) -> list[Portion]:
    """What of each payment stands under ``kind`` for the booking (None: what is left); never 0 or less."""
    found: list[Portion] = []
    for payment_id, theirs in _by_payment(lines).items():
        for currency in currencies_of(theirs):
            balance = balance_of(booking_id, theirs, currency)
            amount = balance.left if kind is None else _of(balance, kind)
            if amount.amount_minor > 0:
                found.append(Portion(payment_id, amount, kind))
    return found


def rest_due(price: Money, balance: DepositBalance) -> Money:
    """What the client still owes of ``price``: money that is left or applied counts, kept or returned money not."""
    here = balance.applied + balance.left
    return Money(max(0, price.amount_minor - max(0, here.amount_minor)), price.currency)


def credit_portions(lines: Sequence[LedgerEntry]) -> list[Portion]:
    """A client's unused credit by the payment it came from, the oldest first; never 0 or less."""
    found: list[Portion] = []
    for payment_id, theirs in _by_payment(lines).items():
        for currency in currencies_of(theirs):
            got = _sum(theirs, LedgerKind.CREDITED, currency) - _sum(theirs, LedgerKind.CREDIT_USED, currency)
            if got.amount_minor > 0:
                found.append(Portion(payment_id, got, LedgerKind.CREDITED))
    return found


def draw(portions: Iterable[Portion], amount: Money) -> list[Portion]:
    """Take ``amount`` out of the portions of its currency, the first one first; less if there is not so much."""
    taken: list[Portion] = []
    wanted = amount.amount_minor
    for portion in portions:
        share = min(wanted, portion.amount.amount_minor)
        if portion.amount.currency == amount.currency and share > 0:
            taken.append(replace(portion, amount=Money(share, amount.currency)))
            wanted -= share
    return taken


def total(portions: Iterable[Portion], currency: str) -> Money:
    """The sum of the portions in ``currency``."""
    return Money(sum(one.amount.amount_minor for one in portions if one.amount.currency == currency), currency)


def preset(policy: CancellationPolicy, left: Money, starts_at: datetime, now: datetime) -> Preset:
    """The policy's answer for a cancel or a no-show at ``now``: what goes back, and the studio keeps the rest."""
    refund = refundable(policy, left, starts_at, now)
    return Preset(DepositFate.REFUND if refund.amount_minor else DepositFate.KEEP, left, refund)


def _part(booking_id: int, line: LedgerEntry) -> str:
    if line.booking_id == booking_id:
        return _PARTS.get(line.kind, "")
    is_for_us = line.kind is LedgerKind.ROLLED_OVER and line.to_booking_id == booking_id
    return "rolled_in" if is_for_us else ""


def _of(balance: DepositBalance, kind: LedgerKind) -> Money:
    amount: Money = getattr(balance, _PARTS[kind])
    return amount


def _by_payment(lines: Iterable[LedgerEntry]) -> dict[int, list[LedgerEntry]]:
    theirs: dict[int, list[LedgerEntry]] = {}
    for line in lines:
        if line.payment_id is not None:
            theirs.setdefault(line.payment_id, []).append(line)
    return theirs


def _sum(lines: Iterable[LedgerEntry], kind: LedgerKind, currency: str) -> Money:
    fitting = (one.amount.amount_minor for one in lines if one.kind is kind and one.amount.currency == currency)
    return Money(sum(fitting), currency)
