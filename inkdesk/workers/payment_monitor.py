"""Asks Stripe in the background what was paid, and tells the window."""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from inkdesk.application.cadence import SWEEP_S, Pace, next_wait_s
from inkdesk.application.ports import Clock
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.message import Message, message

if TYPE_CHECKING:
    from inkdesk.application.reconcile_service import LookResult

JUMP_S: Final = 30.0
"""A clock that moved by this much more than time passed: the computer slept, or somebody set it."""
SLICE_S: Final = 15.0
"""A wait is cut into pieces, so that a wake-up is noticed although the system stopped counting."""
_log = logging.getLogger(__name__)

Look = Callable[[bool], "LookResult"]
"""One look; True asks about every open attempt."""


def _result(trouble: Message | None = None) -> "LookResult":
    """A look that brought nothing, because of ``trouble`` if there is any."""
    from inkdesk.application.reconcile_service import LookResult  # noqa: PLC0415 - the first week does not wait for it

    return LookResult(banner=trouble, is_trouble=trouble is not None)


@dataclass(slots=True)
class _Wishes:
    """What the window asked for; guarded by the monitor's condition."""

    is_stopping: bool = False
    is_asked: bool = False
    is_sweep_asked: bool = False
    is_hidden: bool = False
    watched_since: dict[int, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Memory:
    """What only the thread knows: how the looks went, and when."""

    result: "LookResult" = field(default_factory=_result)
    failures: int = 0
    swept_at: float | None = None
    wall: float = 0.0
    mono: float = 0.0
    wait_s: float = 0.0


class PaymentMonitor(QObject):
    """Lives in the window's thread and owns one thread, which looks and waits.

    ``looked`` carries a ``LookResult`` after every look; receivers run in the window's thread. ``monotonic`` counts
    seconds.
    """

    looked = Signal(object)

    def __init__(
        self,
        look: Look,
        clock: Clock,
        parent: QObject | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._clock = clock
        self._monotonic = monotonic
        self._condition = threading.Condition()
        self._wishes = _Wishes()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin with a full sweep; a second call does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="inkdesk-payments", daemon=True)
            self._thread.start()

    def look_now(self, *, sweep: bool = False) -> None:
        """Look without waiting any longer."""
        with self._condition:
            self._wishes.is_asked = True
            self._wishes.is_sweep_asked |= sweep
            self._condition.notify()

    def watch(self, booking_id: int) -> None:
        """Somebody waits in front of this hold: look often, from now on."""
        with self._condition:
            self._wishes.watched_since[booking_id] = self._monotonic()
            self._wishes.is_asked = True
            self._condition.notify()

    def unwatch(self, booking_id: int) -> None:
        """Nobody waits in front of this hold any more."""
        with self._condition:
            self._wishes.watched_since.pop(booking_id, None)

    def set_hidden(self, *, is_hidden: bool) -> None:
        """Whether the window cannot be seen; seen again, it looks at once."""
        with self._condition:
            was_hidden, self._wishes.is_hidden = self._wishes.is_hidden, is_hidden
            if was_hidden and not is_hidden:
                self._wishes.is_asked = True
                self._condition.notify()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """End the thread; False if it is still busy after ``timeout_s`` (it is a daemon and dies with us)."""
        with self._condition:
            self._wishes.is_stopping = True
            self._condition.notify()
        if self._thread is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        memory = _Memory()
        sweep = True
        while True:
            self._look_once(memory, sweep=sweep)
            if not self._wait(memory):
                return
            sweep = self._is_sweep_due(memory)

    def _look_once(self, memory: _Memory, *, sweep: bool) -> None:
        memory.result = self._safely(sweep=sweep)
        if memory.result.is_trouble:
            memory.failures += 1
        else:
            memory.failures = 0
            memory.swept_at = self._monotonic() if sweep else memory.swept_at
        memory.wall, memory.mono = self._clock.now().timestamp(), self._monotonic()
        with self._condition:
            if self._wishes.is_stopping:
                return
            for booking_id in memory.result.paid:
                self._wishes.watched_since.pop(booking_id, None)
        self.looked.emit(memory.result)

    def _safely(self, *, sweep: bool) -> "LookResult":
        try:
            return self._look(sweep)
        except InkDeskError as error:
            return _result(error.message)
        except Exception:  # noqa: BLE001 - a bug in one look must not end the next ones
            _log.exception("a look at Stripe failed")
            return _result(message("Payments could not be checked. InkDesk tries again; details are in the log."))

    def _wait(self, memory: _Memory) -> bool:
        """Until the next look is due or wished for; False if it is time to stop."""
        with self._condition:
            memory.wait_s = next_wait_s(self._pace(memory))
            while not (self._wishes.is_stopping or self._wishes.is_asked or self._has_jumped(memory)):
                left = memory.mono + memory.wait_s - self._monotonic()
                if left <= 0:
                    break
                self._condition.wait(min(left, SLICE_S))
            self._wishes.is_asked = False
            return not self._wishes.is_stopping

    def _pace(self, memory: _Memory) -> Pace:
        result = memory.result
        deadline_s: float | None = None
        if result.deadline is not None:
            stripe_now = self._clock.now() + timedelta(seconds=result.offset_s)
            deadline_s = (result.deadline - stripe_now).total_seconds()
        watched = self._wishes.watched_since.values()
        return Pace(
            watched_s=self._monotonic() - max(watched) if watched else None,
            is_hidden=self._wishes.is_hidden,
            has_holds=result.has_holds or bool(watched),
            deadline_s=deadline_s,
            failures=memory.failures,
            reads_share=result.reads_share,
            jitter=random.random(),  # noqa: S311 - spreads desks, no secret
        )

    def _is_sweep_due(self, memory: _Memory) -> bool:
        """At start, on request, every six hours, when the network is back, and when the computer slept."""
        with self._condition:
            is_asked, self._wishes.is_sweep_asked = self._wishes.is_sweep_asked, False
        if is_asked or memory.failures or memory.swept_at is None:
            return True
        return self._has_jumped(memory) or self._monotonic() - memory.swept_at > SWEEP_S

    def _has_jumped(self, memory: _Memory) -> bool:
        """Some systems count sleep as passed time, some do not."""
        passed = self._monotonic() - memory.mono
        wall = self._clock.now().timestamp() - memory.wall
        return abs(wall - passed) > JUMP_S or passed > memory.wait_s + JUMP_S
