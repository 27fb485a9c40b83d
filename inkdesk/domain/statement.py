"""The book beside Stripe's own account of a month: what stands in one and not in the other, or otherwise."""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from inkdesk.domain.money import Money


class Movement(StrEnum):
    """What moved money at Stripe. The book knows all but the last two."""

    CHARGE = "charge"
    REFUND = "refund"
    REFUND_CAME_BACK = "refund_came_back"
    DISPUTE = "dispute"
    DISPUTE_WON = "dispute_won"
    PAYOUT = "payout"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceLine:
    """One balance transaction: ``net`` is ``amount`` less ``fee``, in the currency of the account's balance.

    Money that leaves is negative. ``source_id`` is Stripe's id of what it is about, ``kind`` Stripe's own word for it.
    """

    balance_id: str
    movement: Movement
    kind: str
    source_id: str
    amount: Money
    fee: Money
    net: Money
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLine:
    """What the book says that moved at Stripe, with the same sign.

    ``fee`` and ``net`` are None where the book does not keep them (refunds, disputes) or does not know them yet;
    ``has_fee`` says that it should. ``is_certain`` False: Stripe need not have moved it (a pending refund).
    """

    movement: Movement
    source_id: str
    amount: Money
    at: datetime
    booking_id: int
    client_name: str
    fee: Money | None = None
    net: Money | None = None
    has_fee: bool = False
    is_certain: bool = True


class DifferenceKind(StrEnum):
    """In what the book and Stripe differ."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    AMOUNT = "amount"
    FEE = "fee"
    CURRENCY = "currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference; ``ours`` is None if the book has nothing, ``theirs`` if Stripe has nothing."""

    kind: DifferenceKind
    ours: BookLine | None = None
    theirs: BalanceLine | None = None


KNOWN_HERE = frozenset(Movement) - {Movement.PAYOUT, Movement.OTHER}
"""Movements that the book should hold; payouts to the bank and Stripe's own lines are none of its business."""


def compare(ours: Iterable[BookLine], theirs: Iterable[BalanceLine]) -> list[Difference]:
    """Every difference, Stripe's lines first in their order, then what only the book has.

    Lines belong together by movement and Stripe's id; each is matched once.
    """
    waiting: dict[tuple[Movement, str], deque[BookLine]] = defaultdict(deque)
    for line in ours:
        waiting[line.movement, line.source_id].append(line)
    found: list[Difference] = []
    for their in theirs:
        if their.movement not in KNOWN_HERE:
            continue
        queue = waiting[their.movement, their.source_id]
        if queue:
            found += _differs(queue.popleft(), their)
        else:
            found.append(Difference(kind=DifferenceKind.MISSING_HERE, theirs=their))
    left = [line for queue in waiting.values() for line in queue if line.is_certain]
    return [*found, *(Difference(kind=DifferenceKind.MISSING_THERE, ours=line) for line in left)]


def _differs(ours: BookLine, theirs: BalanceLine) -> list[Difference]:
    kinds: list[DifferenceKind] = []
    if ours.amount.currency == theirs.amount.currency:
        if ours.amount != theirs.amount:
            kinds.append(DifferenceKind.AMOUNT)
    elif ours.net is None or ours.net.currency != theirs.net.currency:
        kinds.append(DifferenceKind.CURRENCY)
    elif ours.net != theirs.net:
        kinds.append(DifferenceKind.AMOUNT)
    if ours.has_fee and ours.fee != theirs.fee:
        kinds.append(DifferenceKind.FEE)
    return [Difference(kind=kind, ours=ours, theirs=theirs) for kind in kinds]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementTotals:
    """Stripe's lines of one currency, added up, in its minor unit; money that left is negative, fees are positive.

    ``net_minor`` is what the balance grew by before payouts.
    """

    currency: str
    by_movement: dict[Movement, int] = field(default_factory=dict)
    fees_minor: int = 0

    @property
    def net_minor(self) -> int:
        """Everything that moved, less the fees; payouts only take it to the bank."""
        moved = sum(minor for movement, minor in self.by_movement.items() if movement is not Movement.PAYOUT)
        return moved - self.fees_minor


def add_up(lines: Iterable[BalanceLine]) -> list[StatementTotals]:
    """The sums of Stripe's lines by currency, in order of its code."""
    sums: dict[str, StatementTotals] = {}
    for line in lines:
        currency, minor = line.amount.currency, line.amount.amount_minor
        so_far = sums.get(currency, StatementTotals(currency=currency))
        moved = {**so_far.by_movement, line.movement: so_far.by_movement.get(line.movement, 0) + minor}
        sums[currency] = replace(so_far, by_movement=moved, fees_minor=so_far.fees_minor + line.fee.amount_minor)
    return [sums[currency] for currency in sorted(sums)]


def sources_of(lines: Sequence[BalanceLine]) -> list[str]:
    """The Stripe ids that the book may know, each once."""
    return list(dict.fromkeys(line.source_id for line in lines if line.movement in KNOWN_HERE))
