"""The sentence under a form, which also says when an answer of Stripe is long in coming."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from inkdesk.application.text import tr
from inkdesk.ui.common.forms import Notice

SLOW_AFTER_MS = 10_000


class WaitingNotice(Notice):
    """A notice for a form that is being saved; ``slow_after`` fires once a person should be told why it takes long."""

    def __init__(self, kind: str = "error", parent: QWidget | None = None) -> None:
        super().__init__(kind, parent)
        self.slow_after = QTimer(self, singleShot=True, interval=SLOW_AFTER_MS)
        self.slow_after.timeout.connect(self._say)

    def wait(self, *, is_waiting: bool) -> None:
        """From now on an answer is awaited, or it is there: then what was said of waiting is over."""
        if is_waiting:
            self.slow_after.start()
            return
        self.slow_after.stop()
        if self.text() == slow_words():
            self.show_text("")

    def _say(self) -> None:
        self.show_text(slow_words(), "info")


def slow_words() -> str:
    """Why nothing happens, and that nobody has to stand by."""
    return tr("Stripe has not answered yet. InkDesk waits for it; go on elsewhere.")
