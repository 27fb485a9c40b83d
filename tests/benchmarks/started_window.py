"""One start of a window, watched from inside: run by ``bench_desk.py`` in a process of its own.

``started_window.py bare`` is a PySide6 window with nothing in it; ``started_window.py desk --database URL`` is the
real program. Each prints one line of JSON once its first painting is on the screen: seconds of the monotonic clock
(the caller knows when it started us), megabytes of memory, and for the desk the milliseconds of each change of week.
"""

import json
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inkdesk.ui.main_window import MainWindow

WEEKS = 15
PATIENCE_S = 10
SETTLED_MS = 3000
"""After this long the work that waited for the first week is done."""


def memory_mb() -> float:
    """What this process holds in memory now."""
    import psutil

    return float(psutil.Process().memory_info().rss / 1e6)


def report(**figures: object) -> None:
    """Write the line."""
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


def bare() -> int:
    """The floor: import, make and paint an empty window."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QWidget
    from typing_extensions import override

    class Window(QWidget):
        @override
        def paintEvent(self, event: QPaintEvent) -> None:
            QTimer.singleShot(0, self, painted)

    def painted() -> None:
        report(painted_at=time.monotonic(), memory_mb=memory_mb())
        app.quit()

    app = QApplication(sys.argv[:1])
    window = Window()
    window.resize(1360, 840)
    window.show()
    return app.exec()


def desk(arguments: list[str]) -> int:
    """The real program with the real arguments; it closes itself after the changes of week."""
    from PySide6.QtCore import QTimer
    from typing_extensions import override

    from inkdesk import __main__, app
    from inkdesk.domain.studio import Studio

    class Watched(app.Program):
        """The program, whose window is watched."""

        @override
        def _show(self, studio: Studio) -> None:
            super()._show(studio)
            assert self.window is not None
            self.window.first_painted.connect(self._note)

        def _note(self) -> None:
            self._figures = {"painted_at": time.monotonic(), "memory_mb": memory_mb()}
            QTimer.singleShot(SETTLED_MS, self, self._turn_weeks)

        def _turn_weeks(self) -> None:
            window = self.window
            assert window is not None
            shown = len(window.calendar.presenter.data.cards)
            report(**self._figures, shown=shown, weeks=[week_change(window) for _ in range(WEEKS)])
            window.close()

    app.Program = Watched  # type: ignore[misc]
    return __main__.main(arguments)


def week_change(window: "MainWindow") -> tuple[float, float]:
    """Turn one page; milliseconds from the click to the painted week, and of the query alone."""
    from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject
    from typing_extensions import override

    calendar = window.calendar

    class Painted(QObject):
        is_done = False

        @override
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            presenter = calendar.presenter
            if event.type() == QEvent.Type.Paint and presenter.data.first == presenter.first and presenter.data.cards:
                self.is_done = True
            return False

    painted = Painted()
    calendar.view.viewport().installEventFilter(painted)
    before = time.perf_counter()
    calendar.forth.click()
    while not painted.is_done:
        if time.perf_counter() > before + PATIENCE_S:
            raise TimeoutError("the week was not painted, or holds no booking")
        # Asleep until something happens, like the program's own loop: a busy one would hold up the reader's thread.
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    QCoreApplication.processEvents()
    taken = (time.perf_counter() - before) * 1e3
    calendar.view.viewport().removeEventFilter(painted)
    before = time.perf_counter()
    window._desk.services.queries.calendar(calendar.presenter.first, calendar.presenter.last)
    return taken, (time.perf_counter() - before) * 1e3


if __name__ == "__main__":
    raise SystemExit(bare() if sys.argv[1] == "bare" else desk(sys.argv[2:]))
