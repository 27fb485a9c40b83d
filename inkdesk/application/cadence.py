"""How long the payment monitor waits between two looks at Stripe."""

from dataclasses import dataclass
from typing import Final

WATCHED_S: Final = ((180.0, 4.0), (600.0, 10.0))
"""While somebody watches a hold: up to so many seconds of watching, so many seconds between looks."""
CALM_S: Final = 30.0
IDLE_S: Final = 180.0
SWEEP_S: Final = 6 * 3600.0
LONGEST_S: Final = 900.0
"""However few reads are left, Stripe is asked four times an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What the wait depends on.

    ``watched_s``: how long a hold on screen has been watched, None = none is; ``deadline_s``: seconds until the
    next hold ends, None = no hold; ``failures``: looks that failed in a row; ``reads_share``: spent part of the
    month's reads; ``jitter``: 0 to 1, a random number.
    """

    watched_s: float | None = None
    is_hidden: bool = False
    has_holds: bool = False
    deadline_s: float | None = None
    failures: int = 0
    reads_share: float = 0.0
    jitter: float = 0.0


def next_wait_s(pace: Pace) -> float:
    """Seconds until the next look: short while somebody waits for a payment, never past a hold's end.

    After failures it backs off from 2 to 60 seconds; from 70 percent of the reads on waits are stretched.
    """
    if pace.failures:
        return min(60.0, 2.0 ** min(pace.failures, 6)) * (1.0 - 0.25 * pace.jitter)
    wait = _calm(pace) * stretch(pace.reads_share)
    if pace.deadline_s is not None:
        wait = min(wait, max(1.0, pace.deadline_s + 1.0))
    return min(wait, LONGEST_S)


def stretch(reads_share: float) -> float:
    """By how much waits grow: 1 up to 70 percent of the allowance, 10 when it is spent."""
    return 1.0 + 30.0 * min(max(reads_share - 0.7, 0.0), 0.3)


def _calm(pace: Pace) -> float:
    if not pace.has_holds:
        return IDLE_S
    if pace.is_hidden or pace.watched_s is None:
        return CALM_S
    return next((wait for until, wait in WATCHED_S if pace.watched_s < until), CALM_S)
