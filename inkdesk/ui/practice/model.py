"""The console's payments for a table."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.ui.practice.presenter import ConsoleRow

CLIENT, AMOUNT = 1, 2
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class ConsoleModel(QAbstractTableModel):
    """Rows of text; the amount stands right."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[ConsoleRow] = ()
        self._headings = (tr("Asked"), tr("Client"), tr("Amount"), tr("At Stripe"))

    def show_rows(self, rows: Sequence[ConsoleRow]) -> bool:
        """Replace everything; False, and nothing is touched, if nothing differs."""
        if list(rows) == list(self._rows):
            return False
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()
        return True

    def session_id(self, row: int) -> str:
        """The session of a row, "" if there is no such row."""
        return self._rows[row].session_id if 0 <= row < len(self._rows) else ""

    def row_of(self, session_id: str) -> int:
        """The row of a session, -1 if it has none."""
        return next((number for number, row in enumerate(self._rows) if row.session_id == session_id), -1)

    @override
    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._headings)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()].cells[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == AMOUNT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == AMOUNT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None
