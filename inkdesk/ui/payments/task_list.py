"""The list of tasks: arrows move in it, Enter and Del act on the chosen one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QWidget
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.ui.common.forms import ENTER
from inkdesk.ui.common.wrapped import WrappedItems

LEAST_WIDTH = 210


class TaskList(QListWidget):
    """Two lines a task, more where they do not fit.

    A mouse only chooses; ``preset_requested`` is Enter, ``done_requested`` is Del.
    """

    preset_requested = Signal()
    done_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Tasks"))
        self.setWordWrap(True)  # or a narrow window would cut the date
        self.setItemDelegate(WrappedItems(self))
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(LEAST_WIDTH)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if not is_plain or event.key() not in ENTER | {Qt.Key.Key_Delete}:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            (self.preset_requested if event.key() in ENTER else self.done_requested).emit()
