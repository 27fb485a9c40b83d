"""Asks Stripe in the background what was paid, and tells the window."""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from PySide6.QtCore import QObject, Signal

from inkdesk.application.cadence import SWEEP_S, Pace, next_wait_s
from inkdesk.application.look_result import LookResult, Wish
from inkdesk.application.ports import Clock
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.message import message

JUMP_S: Final = 30.0
"""A clock that moved by this much more than time passed: the computer slept, or somebody set it."""
SLICE_S: Final = 7.0
"""A wait is cut into pieces: after each the lease is renewed, and a wake-up noticed if the system stopped counting."""
_log = logging.getLogger(__name__)

Look = Callable[[Wish], LookResult]
"""One look."""


def _nothing() -> bool:
    return False


@dataclass(slots=True)
class _Wishes:
    """What the window asked for; guarded by the monitor's condition."""

    is_stopping: bool = False
    is_asked: bool = False
    is_sweep_asked: bool = False
    is_person: bool = False
    is_hidden: bool = False
    watched_since: dict[int, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Memory:
    """What only the thread knows: how the looks went, and when."""

    result: LookResult = field(default_factory=LookResult)
    failures: int = 0
    quiet: int = 0
    is_new_poller: bool = False
    swept_at: float | None = None
    wall: float = 0.0
    mono: float = 0.0
    began: float = 0.0
    wait_s: float = 0.0


class PaymentMonitor(QObject):
    """Lives in the window's thread and owns two: one looks and waits, one renews the lease beside a long look.

    ``looked`` carries a ``LookResult`` after every look; receivers run in the window's thread. ``beat`` says every few
    seconds that this desk is there, and answers whether it has just become the one that asks Stripe; ``renew`` says so
    while a look waits for Stripe, from the second thread; ``leave`` says that it goes. ``monotonic`` counts seconds.
    """

    looked = Signal(object)

    def __init__(
        self,
        look: Look,
        clock: Clock,
        parent: QObject | None = None,
        *,
        beat: Callable[[], bool] = _nothing,
        renew: Callable[[], object] = _nothing,
        leave: Callable[[], object] = _nothing,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._beat = beat
        self._renew = renew
        self._leave = leave
        self._clock = clock
        self._monotonic = monotonic
        self._condition = threading.Condition()
        self._wishes = _Wishes()
        self._ended = threading.Event()
        self._threads: tuple[threading.Thread, ...] = ()

    def start(self) -> None:
        """Begin with a full sweep; a second call does nothing."""
        if not self._threads:
            self._threads = (
                threading.Thread(target=self._run, name="inkdesk-payments", daemon=True),
                threading.Thread(target=self._run_beside, name="inkdesk-lease", daemon=True),
            )
            for thread in self._threads:
                thread.start()

    def look_now(self, *, sweep: bool = False) -> None:
        """A person wants to know: look without waiting any longer."""
        with self._condition:
            self._wishes.is_person = True
        self._wake(sweep=sweep)

    def network_back(self) -> None:
        """The system says that the network is there again: ask about everything."""
        self._wake(sweep=True)

    def _wake(self, *, sweep: bool) -> None:
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
        """End the threads; False if one is still busy after ``timeout_s`` (they are daemons and die with us)."""
        with self._condition:
            self._wishes.is_stopping = True
            self._condition.notify()
        self._ended.set()
        until = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _run_beside(self) -> None:
        while not self._ended.wait(SLICE_S):
            self._quietly(self._renew)

    def _run(self) -> None:
        memory = _Memory()
        sweep = True
        while True:
            self._look_once(memory, sweep=sweep)
            if not self._wait(memory):
                break
            sweep = self._is_sweep_due(memory)
        self._quietly(self._leave)

    def _look_once(self, memory: _Memory, *, sweep: bool) -> None:
        with self._condition:
            memory.began = self._monotonic()
            is_person, self._wishes.is_person = self._wishes.is_person, False
            watched = frozenset() if self._wishes.is_hidden else frozenset(self._wishes.watched_since)
        memory.result = self._safely(Wish(sweep=sweep, is_asked=is_person, watched=watched))
        memory.is_new_poller = False
        if memory.result.is_trouble:
            memory.failures += 1
        else:
            memory.failures = 0
            memory.swept_at = self._monotonic() if sweep and memory.result.is_whole else memory.swept_at
        is_quiet = not (memory.result.changes or memory.result.holds or watched or is_person)
        memory.quiet = memory.quiet + 1 if is_quiet else 0
        memory.wall, memory.mono = self._clock.now().timestamp(), self._monotonic()
        with self._condition:
            if self._wishes.is_stopping:
                return
            for booking_id in memory.result.paid:
                self._wishes.watched_since.pop(booking_id, None)
        self.looked.emit(memory.result)

    def _safely(self, wish: Wish) -> LookResult:
        try:
            return self._look(wish)
        except InkDeskError as error:
            return LookResult(banner=error.message, is_trouble=True, was_asked=False)
        except Exception:  # noqa: BLE001 - a bug in one look must not end the next ones
            _log.exception("a look at Stripe failed")
            words = message("Payments could not be checked. InkDesk tries again; details are in the log.")
            return LookResult(banner=words, is_trouble=True)

    def _quietly(self, work: Callable[[], object]) -> bool:
        """The lease has its time-out: what cannot be said of it now needs no saying."""
        try:
            return bool(work())
        except InkDeskError as error:
            _log.info("the lease was not renewed: %s", error.code)
        except Exception:  # noqa: BLE001 - as in a look
            _log.exception("the lease was not renewed")
        return False

    def _wait(self, memory: _Memory) -> bool:
        """Until the next look is due or wished for, with a beat now and then; False if it is time to stop."""
        with self._condition:
            memory.wait_s = next_wait_s(self._pace(memory))
        while self._sleep(memory):
            memory.is_new_poller = self._quietly(self._beat)
        with self._condition:
            self._wishes.is_asked = False
            return not self._wishes.is_stopping

    def _sleep(self, memory: _Memory) -> bool:
        """A slice of the wait; False if it is over."""
        with self._condition:
            if self._is_over(memory):
                return False
            left = memory.mono + memory.wait_s - self._monotonic()
            self._condition.wait(max(0.0, min(left, SLICE_S)))
            return not self._is_over(memory)

    def _is_over(self, memory: _Memory) -> bool:
        if self._wishes.is_stopping or self._wishes.is_asked or memory.is_new_poller or self._has_jumped(memory):
            return True
        return memory.mono + memory.wait_s <= self._monotonic()

    def _pace(self, memory: _Memory) -> Pace:
        result = memory.result
        deadline_s: float | None = None
        if result.deadline is not None and not result.is_follower:
            stripe_now = self._clock.now() + timedelta(seconds=result.offset_s)
            deadline_s = (result.deadline - stripe_now).total_seconds()
        since = self._wishes.watched_since.items()
        watched = [at for booking_id, at in since if booking_id in result.holds or at >= memory.began]
        return Pace(
            watched_s=self._monotonic() - max(watched) if watched else None,
            is_hidden=self._wishes.is_hidden,
            has_holds=bool(result.holds) and not result.is_follower,
            is_follower=result.is_follower,
            quiet=memory.quiet,
            deadline_s=deadline_s,
            failures=memory.failures,
            reads_share=result.reads_share,
            jitter=random.random(),  # noqa: S311 - spreads desks, no secret
        )

    def _is_sweep_due(self, memory: _Memory) -> bool:
        """At start, on request, every six hours, when the network is back, after sleep, in another desk's place."""
        with self._condition:
            is_asked, self._wishes.is_sweep_asked = self._wishes.is_sweep_asked, False
        if is_asked or memory.failures or memory.swept_at is None or memory.is_new_poller:
            return True
        return self._has_jumped(memory) or self._monotonic() - memory.swept_at > SWEEP_S

    def _has_jumped(self, memory: _Memory) -> bool:
        """Some systems count sleep as passed time, some do not."""
        passed = self._monotonic() - memory.mono
        wall = self._clock.now().timestamp() - memory.wall
        return abs(wall - passed) > JUMP_S or passed > memory.wait_s + JUMP_S
