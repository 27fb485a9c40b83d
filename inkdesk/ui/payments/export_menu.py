"""The button that writes a table to a file."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from inkdesk.application.text import tr
from inkdesk.ui.common.prompts import choose_file


class ExportButton(QPushButton):
    """Asks for a kind of file and its place; ``path_chosen`` carries the Path. ``name`` is offered, without its end."""

    path_chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(tr("E&xport"), parent)
        self.name = name
        menu = QMenu(self)
        self.csv = menu.addAction(tr("&CSV file…"))
        self.xlsx = menu.addAction(tr("&Excel workbook…"))
        self.csv.triggered.connect(lambda: self._choose("csv", tr("CSV files (*.csv)")))
        self.xlsx.triggered.connect(lambda: self._choose("xlsx", tr("Excel workbooks (*.xlsx)")))
        self.setMenu(menu)

    def _choose(self, end: str, kinds: str) -> None:
        dialog = choose_file(self.window(), tr("Export"), kinds, done=self.path_chosen.emit, is_save=True)
        dialog.setDefaultSuffix(end)
        dialog.selectFile(f"{self.name}.{end}")
