"""Disputes: the client's bank asks a payment back."""

from dataclasses import dataclass
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
