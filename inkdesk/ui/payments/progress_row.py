"""How far a long piece of work is, with a button that ends it."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from inkdesk.application.progress import Progress
from inkdesk.application.text import tr
from inkdesk.ui.common.forms import PushButton, plain_label

LOOK_MS = 100


class ProgressRow(QWidget):
    """Hidden while nothing is done. The work tells a Progress in its own thread; this row looks at it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._progress: Progress | None = None
        self.label = plain_label(wraps=False)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How far it is"))
        self.cancel = PushButton(tr("Sto&p"))
        self.cancel.clicked.connect(self._stop)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.label)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.cancel)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self.hide()

    def follow(self, progress: Progress, words: str) -> None:
        """Show work that began, as ``words``."""
        self._progress = progress
        self.label.setText(words)
        self.cancel.setEnabled(True)
        self._look()
        self._timer.start()
        self.show()

    def end(self) -> None:
        """The work is over, one way or another."""
        self._timer.stop()
        self._progress = None
        self.hide()

    def _look(self) -> None:
        percent = self._progress.percent if self._progress is not None else None
        self.bar.setRange(0, 0 if percent is None else 100)
        self.bar.setValue(percent or 0)

    def _stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self.cancel.setEnabled(False)
