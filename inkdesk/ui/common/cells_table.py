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
HEADER = "QHeaderView::section { padding-left: 10px; padding-right: 10px; }"
"""A cell's text stands 3 pixels right of its padding, a heading's does not: so they stand in one line."""


class CellsTable(QTableView):
    """Shows ``model`` under a ``name``; rows are chosen whole, and the widths follow their content."""

    def __init__(self, model: CellsModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flexible, self._spare = model.flexible, model.spare
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
        model.modelReset.connect(self.fit_columns)
        model.rowsInserted.connect(self.fit_columns)

    def fit_columns(self) -> None:
        """Give every column its share of the width."""
        header = self.horizontalHeader()
        wanted = [
            max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
            for column in range(self.model().columnCount())
        ]
        room = self.viewport().width()
        gone = spared(wanted, self._flexible, self._spare, room, ENOUGH_WIDTH)
        shown = [0 if column in gone else width for column, width in enumerate(wanted)]
        flexible = {column: shares for column, shares in self._flexible.items() if column not in gone}
        for column, width in enumerate(column_widths(shown, flexible, room, LEAST_WIDTH)):
            self.setColumnHidden(column, column in gone)
            if column not in gone:
                header.resizeSection(column, width)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()
