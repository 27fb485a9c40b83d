"""The window's side bar: its pages, and how many tasks wait for a person."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QWidget

from inkdesk.application.text import ntr, tr

PAGES = ("calendar", "inbox", "ledger", "settings")
LEAST_PX = 176
EDGE_PX = 8
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
