"""A table of rows of text: its columns share the room that there is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from inkdesk.ui.common.cells import CellsModel
from inkdesk.ui.common.columns import column_widths, spared

LEAST_WIDTH, ENOUGH_WIDTH = 64, 104
"""Of a flexible column, in pixels: what it never goes below, and what a name can be read in."""
ROW_HEIGHT = 32
SLACK = 2
"""A laid out text may be wider than the sum of its signs by a rounding, and would be cut."""
HEADER = "QHeaderView::section { padding-left: 10px; padding-right: 10px; }"
"""A cell's text stands 3 pixels right of its padding, a heading's does not: so they stand in one line."""


class CellsTable(QTableView):
    """Shows ``model`` under a ``name``; rows are chosen whole, and the widths follow their content."""

    def __init__(self, model: CellsModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells = model
        self._widest, self._heads = [0] * model.columnCount(), [0] * model.columnCount()
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setTextElideMode(Qt.TextElideMode.ElideRight)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setStyleSheet(HEADER)
        model.modelReset.connect(self._measure_all)
        model.rowsInserted.connect(lambda _parent, first, _last: self._measure_from(first))

    def fit_columns(self) -> None:
        """Give every column its share of the width."""
        header, room = self.horizontalHeader(), self.viewport().width()
        padding = self._padding()
        self._heads = [header.sectionSizeHint(column) or known for column, known in enumerate(self._heads)]  # 0: hidden
        wanted = [max(widest + padding, head) for widest, head in zip(self._widest, self._heads, strict=True)]
        empty = [column for column, widest in enumerate(self._widest) if not widest and any(self._widest)]
        gone = spared(wanted, self._cells.flexible, [*empty, *self._cells.spare], room, ENOUGH_WIDTH)
        shown = [0 if column in gone else width for column, width in enumerate(wanted)]
        flexible = {column: shares for column, shares in self._cells.flexible.items() if column not in gone}
        for column, width in enumerate(column_widths(shown, flexible, room, LEAST_WIDTH)):
            self.setColumnHidden(column, column in gone)
            if column not in gone:
                header.resizeSection(column, width)

    def _measure_all(self) -> None:
        self._widest = [0] * self._cells.columnCount()
        self._measure_from(0)

    def _measure_from(self, first: int) -> None:
        """Qt's own size hints ask the model eight times for each cell: a page of lines would take 90 ms."""
        width_of = self.fontMetrics().horizontalAdvance
        self._widest = [
            max((widest, *map(width_of, set(self._cells.texts(column, first)))))
            for column, widest in enumerate(self._widest)
        ]
        self.fit_columns()

    def _padding(self) -> int:
        """What a cell is wider than its text."""
        first = self._cells.index(0, 0)
        if not first.isValid():
            return 0
        return self.sizeHintForIndex(first).width() - self.fontMetrics().horizontalAdvance(str(first.data())) + SLACK

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()
