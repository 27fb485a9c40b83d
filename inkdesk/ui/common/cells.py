"""Rows of text for tables."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import islice

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class CellsModel(QAbstractTableModel):
    """Rows of text; ``numbers`` are columns that stand right, and a tool tip holds what a ``flexible`` one cuts.

    ``spare`` columns are left out where room is short, the first of them first.
    """

    def __init__(
        self,
        headings: Sequence[str],
        numbers: frozenset[int],
        flexible: Mapping[int, int],
        parent: QObject | None = None,
        *,
        spare: Sequence[int] = (),
    ) -> None:
        super().__init__(parent)
        self._headings = headings
        self._numbers = numbers
        self.flexible = flexible
        self.spare = spare
        self._cells: list[Sequence[str]] = []

    def show_cells(self, cells: Sequence[Sequence[str]]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self._cells = list(cells)
        self.endResetModel()

    def add_cells(self, cells: Sequence[Sequence[str]]) -> None:
        """Put rows below those that are there."""
        if cells:
            self.beginInsertRows(ROOT, len(self._cells), len(self._cells) + len(cells) - 1)
            self._cells += cells
            self.endInsertRows()

    def texts(self, column: int, first: int) -> Iterator[str]:
        """What stands in a column from row ``first`` on."""
        return (row[column] for row in islice(self._cells, first, None))

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
