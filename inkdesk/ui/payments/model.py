"""The ledger's lines for a table."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.ui.payments.presenter import LedgerRow

CLIENT, ARTIST, SITTING, AMOUNT, FEE, WHO = 2, 3, 4, 5, 6, 7
NUMBERS = frozenset({AMOUNT, FEE})
FLEXIBLE = {CLIENT: 3, ARTIST: 2, SITTING: 5, WHO: 2}
"""Columns of names and words, which may be cut where room is short, each with its shares of it."""
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class LedgerModel(QAbstractTableModel):
    """Rows of text; amounts stand right, and a tool tip holds what a narrow column cuts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[LedgerRow] = ()
        self._headings = (
            tr("When"),
            tr("What"),
            tr("Client"),
            tr("Artist"),
            tr("Sitting"),
            tr("Amount"),
            tr("Fee"),
            tr("Who and why"),
        )

    def show_rows(self, rows: Sequence[LedgerRow]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row_at(self, row: int) -> LedgerRow:
        """What a row shows."""
        return self._rows[row]

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
        if role == Qt.ItemDataRole.ToolTipRole and index.column() in FLEXIBLE:
            return f"<qt>{escape(self._rows[index.row()].cells[index.column()])}</qt>"
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in NUMBERS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None
