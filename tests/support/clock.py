"""A clock that stands still until it is moved."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday."""


@dataclass(slots=True)
class StandingClock:
    """The ``Clock`` port for tests."""

    at: datetime = START

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at

    def advance(self, **by: float) -> None:
        """Move it, e.g. ``advance(minutes=5)``."""
        self.at += timedelta(**by)
