"""Tells the pages what was written, by this desk and by others."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from inkdesk.application.background import Background
from inkdesk.application.changes import EVERYTHING, Changes
from inkdesk.domain.errors import InkDeskError

POLL_MS = 1000


class ChangeFeed(QObject):
    """Lives in the window's thread. ``changed`` carries ``Changes``.

    Other desks' writes are noticed by asking ``data_version`` (a cheap number that grows) once a second.
    """

    changed = Signal(object)
    reachable_changed = Signal(bool)

    def __init__(self, data_version: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._data_version = data_version
        self._background: Background | None = None
        self._seen: int | None = None
        self._is_asking = False
        self._is_reachable = True
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.look)

    def start(self, background: Background) -> None:
        """Begin to watch other desks."""
        self._background = background
        self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()

    def announce(self, changes: Changes) -> None:
        """Say what this desk wrote; an empty change is not said."""
        if changes:
            self.changed.emit(changes)

    @Slot()
    def look(self) -> None:
        """Ask once now; the timer does so every second."""
        if self._is_asking or self._background is None:
            return
        self._is_asking = True
        self._background.read(self._data_version, self._answered, self._failed)

    def _answered(self, version: int) -> None:
        self._is_asking = False
        self._set_reachable(is_reachable=True)
        before, self._seen = self._seen, version
        if before is not None and before != version:
            self.changed.emit(EVERYTHING)

    def _failed(self, _error: InkDeskError) -> None:
        self._is_asking = False
        self._set_reachable(is_reachable=False)

    def _set_reachable(self, *, is_reachable: bool) -> None:
        if is_reachable != self._is_reachable:
            self._is_reachable = is_reachable
            self.reachable_changed.emit(is_reachable)
            if is_reachable:
                self.changed.emit(EVERYTHING)
