"""How long the payment monitor waits between two looks at Stripe, and when it may look at all."""

from dataclasses import dataclass
from typing import Final

WATCHED_S: Final = ((2000.0, 4.0), (3600.0, 10.0))
"""While somebody watches a hold: up to so many seconds of watching, so many seconds between looks.

A payment is seen within five seconds for the whole of an ordinary hold. By then it has cost the 500 reads that Stripe
grants for each payment; a dialog that is left open is looked at less.
"""
CALM_S: Final = 30.0
IDLE_S: Final = 180.0
SWEEP_S: Final = 6 * 3600.0
LONGEST_S: Final = 900.0
"""A quiet day without holds costs four looks an hour."""
STRETCHED_FROM: Final = 0.7
SCARCE_FROM: Final = 0.95
"""From this part of the month's reads on, only what cannot wait is asked."""
SCARCE_WATCH_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What the wait depends on.

    ``watched_s``: how long a hold on screen has been watched, None = none is; ``deadline_s``: seconds until the
    next hold ends, None = no hold; ``failures``: looks that failed in a row; ``quiet``: looks in a row that brought
    nothing; ``reads_share``: spent part of the month's reads; ``is_follower``: another desk asks Stripe, and this one
    only reads the database; ``jitter``: 0 to 1, a random number.
    """

    watched_s: float | None = None
    is_hidden: bool = False
    has_holds: bool = False
    deadline_s: float | None = None
    failures: int = 0
    quiet: int = 0
    reads_share: float = 0.0
    is_follower: bool = False
    jitter: float = 0.0


def next_wait_s(pace: Pace) -> float:
    """Seconds until the next look: short while somebody waits for a payment, never past a hold's end.

    After failures it backs off from 2 to 60 seconds; from 70 percent of the reads on waits are stretched, from
    95 percent on only a hold's end and a hold on screen are looked at.
    """
    if pace.failures:
        return min(60.0, 2.0 ** min(pace.failures, 6)) * (1.0 - 0.25 * pace.jitter)
    wait = _spared(pace)
    if pace.deadline_s is not None:
        wait = min(wait, max(1.0, pace.deadline_s + 1.0))
    return min(wait, LONGEST_S)


def stretch(reads_share: float) -> float:
    """By how much waits grow: 1 up to 70 percent of the allowance, 10 when it is spent."""
    return 1.0 + 30.0 * min(max(reads_share - STRETCHED_FROM, 0.0), 1.0 - STRETCHED_FROM)


def may_look(reads_share: float, *, is_asked: bool, is_due: bool, is_watched: bool) -> bool:
    """Whether a look may read at Stripe.

    A person's wish always may. Of what InkDesk does by itself, nothing goes over the allowance; from 95 percent on
    only a hold that ``is_due``, or that somebody sits in front of, is worth a read.
    """
    if is_asked or reads_share < SCARCE_FROM:
        return True
    return reads_share < 1.0 and (is_due or is_watched)


def _spared(pace: Pace) -> float:
    if pace.reads_share < SCARCE_FROM:
        return _calm(pace) * stretch(pace.reads_share)
    is_watched = pace.watched_s is not None and not pace.is_hidden
    return SCARCE_WATCH_S if is_watched else LONGEST_S


def _calm(pace: Pace) -> float:
    if pace.watched_s is not None and not pace.is_hidden:
        return next((wait for until, wait in WATCHED_S if pace.watched_s < until), CALM_S)
    if pace.has_holds or pace.is_follower:
        return CALM_S
    return min(LONGEST_S, IDLE_S * 1.5 ** min(pace.quiet, 8))
