"""What the payment poller remembers between looks: Stripe's clock, the event cursor, the reads it spent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, Self

from inkdesk.application.ports import Clock, UnitOfWork

READ_ALLOWANCE: Final = 10_000
"""Reads that Stripe grants in 30 days to an account with few payments."""
WINDOW_DAYS: Final = 30
OVERLAP_S: Final = 300
"""How far behind the newest event the feed is read again: ids are not ordered, late ones appear behind."""
WRONG_CLOCK_S: Final = 120
"""From here on this computer's clock is called wrong."""


@dataclass(frozen=True, slots=True)
class PollState:
    """``offset_s`` is Stripe's clock less this computer's; ``reads`` counts by ISO date of this computer."""

    offset_s: int = 0
    events_from_s: int | None = None
    events_seen: frozenset[str] = frozenset()
    reads: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, stored: Mapping[str, str]) -> Self:
        """Read it back from what the database keeps."""
        cursor = stored.get("events_from_s")
        return cls(
            int(stored.get("offset_s", "0")),
            int(cursor) if cursor else None,
            frozenset(json.loads(stored.get("events_seen", "[]"))),
            json.loads(stored.get("reads", "{}")),
        )

    def dump(self) -> dict[str, str]:
        """As the database keeps it."""
        return {
            "offset_s": str(self.offset_s),
            "events_from_s": "" if self.events_from_s is None else str(self.events_from_s),
            "events_seen": json.dumps(sorted(self.events_seen)),
            "reads": json.dumps(dict(self.reads), sort_keys=True),
        }

    def with_reads(self, spent: int, today: date) -> "PollState":
        """With ``spent`` more reads, days out of the window forgotten."""
        oldest = (today - timedelta(days=WINDOW_DAYS)).isoformat()
        reads = {day: count for day, count in self.reads.items() if day > oldest}
        reads[today.isoformat()] = reads.get(today.isoformat(), 0) + spent
        return replace(self, reads=reads)

    @property
    def reads_share(self) -> float:
        """How much of the allowance is spent, 1.0 = all of it."""
        return sum(self.reads.values()) / READ_ALLOWANCE


def offset_of(seen_at: datetime, clock: Clock) -> int:
    """Stripe's clock less this computer's, in seconds; network and rounding noise below 3 s counts as none."""
    offset = round((seen_at - clock.now()).total_seconds())
    return 0 if abs(offset) < 3 else offset


def stripe_now(uow: UnitOfWork, clock: Clock) -> datetime:
    """The present instant by Stripe's clock as it was last learned; deadlines of holds are in it."""
    return clock.now() + timedelta(seconds=PollState.parse(uow.payments.poll_state()).offset_s)


def remember_offset(uow: UnitOfWork, offset_s: int) -> None:
    """Keep a freshly learned difference of the clocks."""
    uow.payments.set_poll_state({"offset_s": str(offset_s)})
