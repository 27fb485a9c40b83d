"""The practice server's own time, which tests and training can move."""

from __future__ import annotations

import time
from email.utils import formatdate


class PracticeClock:
    """Unix time in whole seconds: the computer's time plus an offset, or a frozen instant."""

    def __init__(self) -> None:
        self._offset_s = 0
        self._frozen_at: int | None = None

    def now(self) -> int:
        """Return the server's time in Unix seconds."""
        base = int(time.time()) if self._frozen_at is None else self._frozen_at
        return base + self._offset_s

    def advance(self, seconds: int) -> None:
        """Move the server's time by `seconds` (negative moves it back)."""
        self._offset_s += seconds

    def freeze(self) -> None:
        """Stop the clock at its present time; `advance` still moves it."""
        self._frozen_at = int(time.time())

    def http_date(self) -> str:
        """Return now as an HTTP `Date` header."""
        return formatdate(self.now(), usegmt=True)
