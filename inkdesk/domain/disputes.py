"""Disputes: the client's bank asks a payment back."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from inkdesk.domain.money import Money

WON: Final = frozenset({"won", "warning_closed", "prevented"})
"""Stripe's words for a dispute that left the money with the studio."""
LOST: Final = frozenset({"lost"})
"""Stripe's words for a dispute by which the client's bank keeps the money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """One dispute; ``status`` is Stripe's word, ``due_by`` the last moment for an answer."""

    id: int = 0
    payment_id: int
    stripe_id: str
    amount: Money
    status: str
    opened_at: datetime
    due_by: datetime | None = None
    closed_at: datetime | None = None
    version: int = 1


def is_open(status: str) -> bool:
    """Whether a dispute of this status is not decided yet."""
    return status not in WON | LOST


def is_inquiry(status: str) -> bool:
    """Whether the bank only asks, and has taken no money (yet)."""
    return status.startswith("warning_")


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeFacts:
    """A dispute as Stripe just told it.

    ``is_withdrawn``: the amount was taken from the balance; ``is_reinstated``: and given back, for the dispute was won.
    """

    dispute_id: str
    amount: Money
    status: str
    opened_at: datetime
    due_by: datetime | None
    is_withdrawn: bool
    is_reinstated: bool
    intent_id: str = ""


def as_seen(dispute: Dispute | None, payment_id: int, facts: DisputeFacts, seen_at: datetime) -> Dispute:
    """The record after these facts, new if there was none; a decision stands, whatever an older answer says."""
    known = dispute or Dispute(
        payment_id=payment_id,
        stripe_id=facts.dispute_id,
        amount=facts.amount,
        status=facts.status,
        opened_at=facts.opened_at,
    )
    if not is_open(known.status) and is_open(facts.status):
        return known
    closed_at = None if is_open(facts.status) else known.closed_at or seen_at
    return replace(known, amount=facts.amount, status=facts.status, due_by=facts.due_by, closed_at=closed_at)
