"""Faults that can be switched on: what networks, proxies and busy servers do to a client."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import Enum, auto
from fnmatch import fnmatchcase


class FaultKind(Enum):
    """What goes wrong with one request."""

    RATE_LIMITED = auto()
    """429 without advice; the request is not executed."""
    RATE_LIMITED_RETRY = auto()
    """429 with `Stripe-Should-Retry: true`; the request is not executed."""
    ERROR_BEFORE = auto()
    """500; the request is not executed."""
    ERROR_AFTER_COMMIT = auto()
    """500 although the request was executed; a retry with the same key replays the true answer."""
    ERROR_SAVED = auto()
    """500 although the request was executed; a retry with the same key replays the 500."""
    CUT_BEFORE = auto()
    """The connection is cut; the request is not executed."""
    CUT_AFTER_COMMIT = auto()
    """The connection is cut after the request was executed."""
    SLOW_BODY = auto()
    """Half of the body comes at once, the rest after `seconds`."""
    HTML_503 = auto()
    """A proxy's HTML page with status 503; the request is not executed."""
    HELD = auto()
    """The request waits inside the server until `gate` is set (at most 10 s)."""


@dataclass(frozen=True)
class Fault:
    """One fault for the next `times` requests that match.

    Args:
        kind: what goes wrong.
        path: shell pattern of the request's path.
        method: `GET`, `POST` or `*`.
        times: how many requests it hits; after that it is used up.
        seconds: the pause of SLOW_BODY, in seconds.
        entered: set when a HELD request has arrived.
        gate: lets HELD requests go on.
    """

    kind: FaultKind
    path: str = "/v1/*"
    method: str = "*"
    times: int = 1
    seconds: float = 1.0
    entered: threading.Event = field(default_factory=threading.Event, compare=False)
    gate: threading.Event = field(default_factory=threading.Event, compare=False)

    def matches(self, method: str, path: str) -> bool:
        """Tell whether this fault is meant for such a request."""
        return self.method in {"*", method} and fnmatchcase(path, self.path)


class Faults:
    """The faults that are switched on, first added first used; safe for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Fault, int]] = []
        self._holding: list[Fault] = []
        self._is_offline = False
        self._delay_s = 0.0

    def set_offline(self, *, offline: bool) -> None:
        """Cut every request to the API unexecuted until this is switched off; payers still see their page."""
        self._is_offline = offline

    def set_delay(self, seconds: float) -> None:
        """Let every answer of the API wait this long; 0 ends it."""
        self._delay_s = seconds

    @property
    def is_offline(self) -> bool:
        """Tell whether every request to the API is cut."""
        return self._is_offline

    @property
    def answer_delay_s(self) -> float:
        """Return how long every answer of the API waits, in seconds."""
        return self._delay_s

    def is_cut(self, path: str) -> bool:
        """Tell whether a request to `path` does not reach the API at all."""
        return self._is_offline and _is_api(path)

    def delay_s(self, path: str) -> float:
        """Return how long the answer to `path` waits, in seconds."""
        return self._delay_s if _is_api(path) else 0.0

    def add(self, fault: Fault) -> Fault:
        """Switch a fault on and return it."""
        with self._lock:
            self._waiting.append((fault, fault.times))
        return fault

    def clear(self) -> None:
        """Switch every fault off, offline and delay too, and let held requests go on."""
        self._is_offline, self._delay_s = False, 0.0
        with self._lock:
            self._waiting.clear()
            holding, self._holding = self._holding, []
        for fault in holding:
            fault.gate.set()

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that hits this request, if any, and count it as used once."""
        with self._lock:
            for index, (fault, left) in enumerate(self._waiting):
                if fault.matches(method, path):
                    self._waiting[index : index + 1] = [(fault, left - 1)] if left > 1 else []
                    if fault.kind is FaultKind.HELD:
                        self._holding.append(fault)
                    return fault
        return None


def _is_api(path: str) -> bool:
    return path.startswith("/v1/")
