"""A count of what was read, because Stripe grants a limited number of reads."""

from __future__ import annotations

import threading
from fnmatch import fnmatchcase
from typing import NamedTuple


class _Read(NamedTuple):
    at: int
    path: str
    account_id: str


class Reads:
    """GET requests on the API, each with its time by the server's clock; safe for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: list[_Read] = []

    def add(self, path: str, at: int, account_id: str = "") -> None:
        """Count one read of `path` at `at` (Unix seconds); `account_id` is the `Stripe-Account` it named."""
        with self._lock:
            self._rows.append(_Read(at, path, account_id))

    def count(self, path: str = "*", *, since: int | None = None, account_id: str | None = None) -> int:
        """Return how many reads had a path that matches the shell pattern `path`.

        Args:
            path: shell pattern.
            since: only reads at or after this time, in Unix seconds of the server's clock.
            account_id: only reads in the name of this connected account; "" is the key's own account.
        """
        with self._lock:
            rows = list(self._rows)
        return sum(
            1
            for row in rows
            if (since is None or row.at >= since)
            and (account_id is None or row.account_id == account_id)
            and fnmatchcase(row.path, path)
        )

    def clear(self) -> None:
        """Start counting from 0."""
        with self._lock:
            self._rows.clear()
