"""What nobody caught: logged with its trace and told, for a slot or a thread that ends in silence helps nobody."""

import logging
import sys
import threading
from types import TracebackType

from PySide6.QtCore import QObject, Signal

_log = logging.getLogger(__name__)


class BugWatch(QObject):
    """Between ``start`` and ``stop`` emits ``found`` for every exception that reaches the interpreter, of any thread.

    Whoever listened before hears of it too. Lives in the window's thread.
    """

    found = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._main, self._thread = self._in_main, self._in_thread  # bound once, so that they can be told apart
        self._main_before = sys.excepthook
        self._thread_before = threading.excepthook

    def start(self) -> None:
        """Listen from now on."""
        self._main_before, sys.excepthook = sys.excepthook, self._main
        self._thread_before, threading.excepthook = threading.excepthook, self._thread

    def stop(self) -> None:
        """Listen no more; what somebody else has put in our place stays."""
        if sys.excepthook is self._main:
            sys.excepthook = self._main_before
        if threading.excepthook is self._thread:
            threading.excepthook = self._thread_before

    def _in_main(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            _log.critical("nobody caught this", exc_info=(kind, error, trace))
            self.found.emit()
        self._main_before(kind, error, trace)

    def _in_thread(self, seen: threading.ExceptHookArgs) -> None:
        if seen.exc_value is not None:
            name = seen.thread.name if seen.thread is not None else "a thread"
            _log.critical("nobody caught this in %s", name, exc_info=seen.exc_value)
            self.found.emit()
        self._thread_before(seen)
