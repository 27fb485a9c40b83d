"""The calendar's tool row: in one line where there is room, else in two."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget
from typing_extensions import override

MARGIN_X, MARGIN_Y, SPACING = 12, 9, 7


class ElidedLabel(QLabel):
    """A heading that is cut with an ellipsis where there is no room; its tip has it whole."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "heading")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_words(self, words: str) -> None:
        """Show ``words`` as far as they fit."""
        self.setToolTip(words)
        self.setText(self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, self.width() - 2))

    def whole_width(self) -> int:
        """Room for all words (px)."""
        return self.fontMetrics().horizontalAdvance(self.toolTip()) + 4

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_words(self.toolTip())


class ToolBar(QWidget):
    """``turning``, the title and ``main`` stay in the first line; ``filters`` go below it in a narrow window."""

    def __init__(self, turning: Sequence[QWidget], filters: Sequence[QWidget], main: QWidget) -> None:
        super().__init__()
        self.setObjectName("toolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = ElidedLabel()
        self._turning, self._filters, self._main = _row(turning), _row(filters), main
        self._is_wide = True
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(MARGIN_X, MARGIN_Y, MARGIN_X, MARGIN_Y)
        self._grid.setSpacing(SPACING)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._turning, 0, 0)
        self._grid.addWidget(self.title, 0, 1)
        self._grid.addWidget(self._filters, 0, 2)
        self._grid.addWidget(self._main, 0, 3)

    def show_title(self, words: str) -> None:
        """Show what the calendar shows."""
        self.title.show_words(words)
        self._arrange()

    @override
    def event(self, event: QEvent) -> bool:
        # A tool whose words grew (an artist's name) asks its row, and so this one, for another layout.
        if event.type() is QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        parts = (self._turning, self._filters, self._main)
        wanted = sum(part.sizeHint().width() for part in parts) + self.title.whole_width() + 2 * MARGIN_X + 3 * SPACING
        is_wide = wanted <= self.width()
        if is_wide == self._is_wide:
            return
        self._is_wide = is_wide
        if is_wide:
            self._grid.addWidget(self._filters, 0, 2)
        else:
            self._grid.addWidget(self._filters, 1, 0, 1, 4, Qt.AlignmentFlag.AlignLeft)


def _row(widgets: Sequence[QWidget]) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACING)
    for widget in widgets:
        row.addWidget(widget)
    return made
