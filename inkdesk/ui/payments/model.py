"""The ledger's lines for a table, which asks for more of them as it is scrolled."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.ui.common.cells import ROOT, CellsModel, Index
from inkdesk.ui.payments.ledger_reader import LedgerRow

CLIENT, ARTIST, SITTING, AMOUNT, FEE, WHO = 2, 3, 4, 5, 6, 7
NUMBERS = frozenset({AMOUNT, FEE})
FLEXIBLE = {CLIENT: 6, ARTIST: 4, SITTING: 3, WHO: 2}
"""Columns of names and words, which may be cut where room is short, each with its shares of it."""


class LedgerModel(CellsModel):
    """The lines read so far; ``more_requested`` when the last of them comes into sight and there are others."""

    more_requested = Signal()

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
        super().__init__(headings, NUMBERS, FLEXIBLE, parent, spare=(WHO,))
        self._rows: list[LedgerRow] = []
        self._has_more = False

    def show_rows(self, rows: Sequence[LedgerRow], *, has_more: bool) -> None:
        """Replace everything."""
        self._rows, self._has_more = list(rows), has_more
        self.show_cells([row.cells for row in rows])

    def add_rows(self, rows: Sequence[LedgerRow], *, has_more: bool) -> None:
        """Put the next rows below."""
        self._rows += rows
        self._has_more = has_more
        self.add_cells([row.cells for row in rows])

    def row_at(self, row: int) -> LedgerRow:
        """What a row shows."""
        return self._rows[row]

    def row_of(self, entry_id: int | None) -> int | None:
        """Where the line of an entry stands, None if it is not there."""
        return next((row for row, one in enumerate(self._rows) if one.line.entry.id == entry_id), None)

    @override
    def canFetchMore(self, parent: Index = ROOT) -> bool:
        return not parent.isValid() and self._has_more

    @override
    def fetchMore(self, parent: Index = ROOT) -> None:
        if self.canFetchMore(parent):
            self._has_more = False  # until the answer is there
            self.more_requested.emit()
