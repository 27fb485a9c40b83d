"""The window's side bar: its pages, how many tasks wait for a person, and a small month to jump by."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListWidget, QVBoxLayout, QWidget
from typing_extensions import override

from inkdesk.application.text import ntr, tr

PAGES = ("calendar", "inbox", "ledger", "settings")
LEAST_PX = 176
EDGE_PX = 8
LOWEST_PX = 440
"""In a lower bar there is no room for the month."""
MANY = 999
"""The label has room for so many tasks."""


class Navigation(QListWidget):
    """One row a page, in the order of ``PAGES``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigation")
        self.setAccessibleName(tr("Pages"))
        self.addItems([tr("Calendar"), "", tr("Ledger"), tr("Settings")])
        self.show_waiting(MANY)
        self.ensurePolished()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(max(LEAST_PX, self.sizeHintForColumn(0) + 2 * EDGE_PX))
        self.show_waiting(0)
        self.setCurrentRow(0)

    def show_waiting(self, count: int) -> None:
        """Say how many tasks need a person."""
        item = self.item(PAGES.index("inbox"))
        words = tr("Needs you ({n})", n=count) if count else tr("Needs you")
        if item.text() == words:
            return
        item.setText(words)
        spoken = ntr("Needs you: {n} task", "Needs you: {n} tasks", count) if count else tr("Needs you: no task")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)


class SideBar(QWidget):
    """The pages over the small month, which goes where there is no room for it."""

    def __init__(self, navigation: Navigation, month: QWidget) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._room = QWidget()
        inner = QVBoxLayout(self._room)
        inner.setContentsMargins(EDGE_PX, 0, EDGE_PX, EDGE_PX)
        inner.addWidget(month)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(navigation, 1)
        column.addWidget(self._room)
        self.setFixedWidth(navigation.width())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._room.setVisible(self.height() >= LOWEST_PX)
