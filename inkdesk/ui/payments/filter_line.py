"""The field that filters a list as it is typed in."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget
from typing_extensions import override

EDGE_PX = 8


class FilterLine(QLineEdit):
    """A line with a button that clears it; Escape does so too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setClearButtonEnabled(True)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        button = self.findChild(QToolButton)
        if button is not None:
            # Qt places it as if the line had neither border nor padding.
            button.move(self.width() - button.width() - EDGE_PX, (self.height() - button.height()) // 2)
