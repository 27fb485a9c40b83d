"""Lines of text for the tables of the money pages."""

from collections.abc import Mapping, Sequence
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


class CellsModel(QAbstractTableModel):
    """Rows of text; ``numbers`` are columns that stand right, and a tool tip holds what a ``flexible`` one cuts."""

    def __init__(
        self,
        headings: Sequence[str],
        numbers: frozenset[int],
        flexible: Mapping[int, int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._headings = headings
        self._numbers = numbers
        self.flexible = flexible
        self._cells: Sequence[Sequence[str]] = ()

    def show_cells(self, cells: Sequence[Sequence[str]]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self._cells = cells
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._cells)

    @override
    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._headings)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells[index.row()][index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() in self.flexible:
            return f"<qt>{escape(self._cells[index.row()][index.column()])}</qt>"
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in self._numbers:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in self._numbers else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


class LedgerModel(CellsModel):
    """The ledger's lines."""

    def __init__(self, parent: QObject | None = None) -> None:
        headings = (
            tr("When"),
            tr("What"),
            tr("Client"),
            tr("Artist"),
            tr("Sitting"),
            tr("Amount"),
            tr("Fee"),
            tr("Who and why"),
        )
        super().__init__(headings, NUMBERS, FLEXIBLE, parent)
        self._rows: Sequence[LedgerRow] = ()

    def show_rows(self, rows: Sequence[LedgerRow]) -> None:
        """Replace everything."""
        self._rows = rows
        self.show_cells([row.cells for row in rows])

    def row_at(self, row: int) -> LedgerRow:
        """What a row shows."""
        return self._rows[row]
