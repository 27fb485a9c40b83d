"""How long to leave Stripe alone after it asked for fewer requests; shared by every call of one gateway."""

import random
import threading
from collections.abc import Callable
from typing import Final

FIRST_S: Final = 2.0
LONGEST_S: Final = 60.0


class Backoff:
    """Waits that double from 2 to 60 seconds with jitter; the first good answer after one begins anew.

    ``monotonic`` counts seconds. Thread-safe.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._times = 0
        self._until = 0.0

    @property
    def is_on(self) -> bool:
        """Whether Stripe is still to be left alone."""
        with self._lock:
            return self._monotonic() < self._until

    def begin(self) -> None:
        """Stripe answered 429: start the next, longer wait; calls under way together that get one start it once."""
        with self._lock:
            if self._monotonic() < self._until:
                return
            wait = min(LONGEST_S, FIRST_S * 2.0**self._times) * random.uniform(0.75, 1.0)  # noqa: S311 - no secret
            self._times = min(self._times + 1, 10)
            self._until = self._monotonic() + wait

    def end(self) -> None:
        """Stripe answered: the next wait is a short one again. A call sent before the 429 came says nothing."""
        with self._lock:
            if self._monotonic() >= self._until:
                self._times = 0
