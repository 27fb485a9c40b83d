"""Collects cyclic garbage in the window's thread only.

Python collects cycles in whichever thread allocates. A Qt object that dies in another thread than its own leaves
notifiers and timers behind, which crash the event loop later. So while there are workers, collecting is the window's.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 1000


class GarbageCollector(QObject):
    """Lives in the window's thread. Between ``start`` and ``stop`` nothing is collected elsewhere."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = True
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """Take over from Python's own schedule."""
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give it back, as it was."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()

    def spare_what_lives(self) -> None:
        """Look no more at what was made so far: modules and the first page live as long as the program."""
        gc.collect()
        gc.freeze()

    @Slot()
    def collect(self) -> None:
        """Collect the oldest generation that is due by Python's thresholds, as Python would."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation] > 0:
                gc.collect(generation)
                return
