"""The console's payments for a table."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from inkdesk.application.text import tr
from inkdesk.ui.common.cells import CellsModel
from inkdesk.ui.practice.presenter import ConsoleRow

CLIENT, AMOUNT = 1, 2


class ConsoleModel(CellsModel):
    """One row for each payment; the amount stands right."""

    def __init__(self, parent: QObject | None = None) -> None:
        headings = (tr("Asked"), tr("Client"), tr("Amount"), tr("At Stripe"))
        super().__init__(headings, frozenset({AMOUNT}), {CLIENT: 1}, parent)
        self._rows: Sequence[ConsoleRow] = ()

    def show_rows(self, rows: Sequence[ConsoleRow]) -> bool:
        """Replace everything; False, and nothing is touched, if nothing differs."""
        if list(rows) == list(self._rows):
            return False
        self._rows = rows
        self.show_cells([row.cells for row in rows])
        return True

    def session_id(self, row: int) -> str:
        """The session of a row, "" if there is no such row."""
        return self._rows[row].session_id if 0 <= row < len(self._rows) else ""

    def row_of(self, session_id: str) -> int:
        """The row of a session, -1 if it has none."""
        return next((number for number, row in enumerate(self._rows) if row.session_id == session_id), -1)
