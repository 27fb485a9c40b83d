"""What the payment poller remembers between looks: event cursor, retries, reads it spent; and Stripe's clock."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Self

from inkdesk.application.ports import Clock
from inkdesk.application.retries import Retries

LEAST_ALLOWANCE: Final = 10_000
"""Reads that Stripe grants in 30 days to an account with few payments."""
READS_OF_A_PAYMENT: Final = 500
"""Reads that each payment of the last 30 days is good for."""
WINDOW_DAYS: Final = 30
OVERLAP_S: Final = 300
"""How far behind the newest event the feed is read again: ids are not ordered, late ones appear behind."""
WRONG_CLOCK_S: Final = 120
"""From here on this computer's clock is called wrong."""
NOISE_S: Final = 3


_READS: Final = "reads:"


@dataclass(frozen=True, slots=True)
class PollState:
    """What all desks of a database share; times in Stripe's POSIX seconds, reads by ISO date.

    ``events_from_s`` is the event cursor; ``money_from_s`` when refunds, disputes and sessions were last listed whole,
    ``away_from_s`` by account the same of those that were out of reach then.
    """

    events_from_s: int | None = None
    events_seen: frozenset[str] = frozenset()
    money_from_s: int | None = None
    away_from_s: Mapping[str, int] = field(default_factory=dict)
    retries: Retries = field(default_factory=Retries)
    reads: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, stored: Mapping[str, str]) -> Self:
        """Read it back from what the database keeps."""
        reads = {key.removeprefix(_READS): int(value) for key, value in stored.items() if key.startswith(_READS)}
        return cls(
            events_from_s=_seconds(stored.get("events_from_s")),
            events_seen=frozenset(json.loads(stored.get("events_seen", "[]"))),
            money_from_s=_seconds(stored.get("money_from_s")),
            away_from_s=json.loads(stored.get("away_from_s", "{}")),
            retries=Retries.parse(stored.get("retries", "{}")),
            reads=reads,
        )

    def cursor(self) -> dict[str, str]:
        """What a look writes over; reads are only ever added to."""
        return {
            "events_from_s": "" if self.events_from_s is None else str(self.events_from_s),
            "events_seen": json.dumps(sorted(self.events_seen)),
            "money_from_s": "" if self.money_from_s is None else str(self.money_from_s),
            "away_from_s": json.dumps(dict(sorted(self.away_from_s.items()))),
            "retries": self.retries.text(),
        }

    def reads_share(self, today: date, allowance: int = LEAST_ALLOWANCE) -> float:
        """How much of the allowance was spent in the last 30 days, 1.0 = all of it."""
        before = (today - timedelta(days=WINDOW_DAYS)).isoformat()
        last = (today + timedelta(days=1)).isoformat()  # of another desk's time zone; later ones a wrong clock dated
        return sum(count for day, count in self.reads.items() if before < day <= last) / allowance

    def stale_reads(self, today: date) -> list[str]:
        """Where reads are counted that no share will count again; ``today`` by Stripe's clock, which is right."""
        before = (today - timedelta(days=WINDOW_DAYS + 1)).isoformat()
        return [_READS + day for day in sorted(self.reads) if day < before]


def _seconds(stored: str | None) -> int | None:
    return int(stored) if stored else None


def allowance_of(payments: int) -> int:
    """The reads Stripe grants in 30 days to an account that took so many payments in them."""
    return max(LEAST_ALLOWANCE, READS_OF_A_PAYMENT * payments)


def reads_key(day: date) -> str:
    """Where the reads of one day are counted."""
    return _READS + day.isoformat()


class StripeClock:
    """Stripe's clock as this process last saw it; this computer's until then.

    Each computer's clock is wrong in its own way, so what was learned is never shared. Thread-safe: one number.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset_s = 0

    @property
    def offset_s(self) -> int:
        """Stripe's clock less this computer's."""
        return self._offset_s

    def learn(self, seen_at: datetime) -> None:
        """Set it by the time of an answer that has just come; network and rounding noise below 3 s counts as none."""
        offset = round((seen_at - self._clock.now()).total_seconds())
        self._offset_s = 0 if abs(offset) < NOISE_S else offset

    def now(self) -> datetime:
        """The present by Stripe's clock: good for dating deadlines, never enough to let a hold go."""
        return self._clock.now() + timedelta(seconds=self._offset_s)
