"""A count of what was read, because Stripe grants a limited number of reads."""

from __future__ import annotations

import threading
from collections import Counter
from fnmatch import fnmatchcase


class Reads:
    """GET requests on the API by path; safe for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_path: Counter[str] = Counter()

    def add(self, path: str) -> None:
        """Count one read of `path`."""
        with self._lock:
            self._by_path[path] += 1

    def count(self, path: str = "*") -> int:
        """Return how many reads had a path that matches the shell pattern `path`."""
        with self._lock:
            return sum(number for read, number in self._by_path.items() if fnmatchcase(read, path))

    def clear(self) -> None:
        """Start counting from 0."""
        with self._lock:
            self._by_path.clear()
