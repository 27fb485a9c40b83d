"""A section of the settings page that is a list of records with buttons under it."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from inkdesk.application.text import render
from inkdesk.domain.errors import InkDeskError
from inkdesk.ui.common.forms import Notice, plain_label
from inkdesk.ui.common.theme import current_theme
from inkdesk.ui.common.wrapped import WrappedItems


class ListSection(QWidget):
    """Heading, explanation, list and buttons. Enter or a double click on a row is ``opened``.

    Rows are chosen by their number in what ``show_rows`` was given last.
    """

    opened = Signal(int)
    row_changed = Signal(int)

    def __init__(self, heading: str, explanation: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: frozenset[Hashable] = frozenset()
        self._awaits_new = False
        self._notice = Notice("error")
        self._empty = plain_label(empty, "muted")
        self.list = QListWidget()
        self.list.setAccessibleName(heading)
        self.list.setWordWrap(True)
        self.list.setItemDelegate(WrappedItems(self.list))
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(lambda item: self.opened.emit(self.list.row(item)))
        self.list.currentRowChanged.connect(self.row_changed)
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        for widget in (plain_label(heading, "title"), plain_label(explanation, "muted"), self._notice, self._empty):
            layout.addWidget(widget)
        layout.addWidget(self.list, 1)
        layout.addLayout(self._buttons)
        layout.addStretch(0)

    def add_button(self, text: str, kind: str = "") -> QPushButton:
        """Append a button under the list."""
        button = QPushButton(text)
        if kind:
            button.setProperty("kind", kind)
        self._buttons.insertWidget(self._buttons.count() - 1, button)
        return button

    def await_new(self) -> None:
        """Choose the row that comes new with the next rows, and give it the keys."""
        self._awaits_new = True

    def show_rows(self, rows: Sequence[tuple[str, QIcon | None, bool]], keys: Sequence[Hashable]) -> None:
        """Show text, picture and whether each is active; the chosen row stays chosen. ``keys`` tell the rows apart."""
        chosen = max(self.list.currentRow(), 0)
        self.list.clear()
        for text, icon, is_active in rows:
            item = QListWidgetItem(text)
            if icon is not None:
                item.setIcon(icon)
            if not is_active:
                item.setForeground(QColor(current_theme().muted))
            self.list.addItem(item)
        self.list.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self.list.setCurrentRow(min(chosen, len(rows) - 1))
        self._choose_new(keys)

    def _choose_new(self, keys: Sequence[Hashable]) -> None:
        new = [row for row, key in enumerate(keys) if key not in self._keys]
        if self._awaits_new and new:
            self.list.setCurrentRow(new[0])
            self.list.setFocus()
        self._awaits_new, self._keys = False, frozenset(keys)

    def show_error(self, error: InkDeskError) -> None:
        """Say above the list what went wrong."""
        self._notice.show_text(render(error.message))

    def clear_error(self) -> None:
        """Say nothing more."""
        self._notice.show_text("")
