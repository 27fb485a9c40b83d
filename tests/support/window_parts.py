"""What stands in for the world around a window: a browser, a slow database, a monitor that only listens."""

import threading
from datetime import date

from typing_extensions import override

from inkdesk.application.calendar import BookQueries, CalendarRange
from inkdesk.application.reconcile_service import LookResult
from inkdesk.bootstrap import OpenStudio
from inkdesk.workers.payment_monitor import PaymentMonitor
from support.story import PATIENCE_MS


class WatchedMonitor(PaymentMonitor):
    """Never started; keeps what it was told."""

    def __init__(self, opened: OpenStudio) -> None:
        super().__init__(lambda _: LookResult(), opened.services.clock)
        self.hidden: list[bool] = []

    @override
    def set_hidden(self, *, is_hidden: bool) -> None:
        self.hidden.append(is_hidden)


class Browser:
    """Keeps what it was asked to show, and in which thread."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.is_there = False

    def __call__(self, url: str) -> bool:
        self.asked.append((url, threading.current_thread() is threading.main_thread()))
        return self.is_there


class SlowQueries:
    """The read side; an answer of the calendar is held back while ``gate`` is closed."""

    def __init__(self, real: BookQueries) -> None:
        self._real = real
        self.gate = threading.Event()
        self.gate.set()
        self.was_read = threading.Event()

    def calendar(self, first: date, last: date) -> CalendarRange:
        gate = self.gate
        data = self._real.calendar(first, last)
        self.was_read.set()
        gate.wait(PATIENCE_MS / 1000)
        return data

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)
