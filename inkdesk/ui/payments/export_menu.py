"""The button that writes a table to a file, and the question where a file shall stand."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
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
        self.setProperty("kind", "menu")

    def _choose(self, end: str, kinds: str) -> None:
        ask_for_place(self.window(), tr("Export"), kinds, f"{self.name}.{end}", done=self.path_chosen.emit)


def ask_for_place(parent: QWidget, title: str, kinds: str, name: str, *, done: Callable[[Path], None]) -> None:
    """Ask where a file shall stand; ``name`` is offered among the documents, its end is kept if none is typed."""
    dialog = choose_file(parent, title, kinds, done=done, is_save=True)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    dialog.setDirectory(documents if Path(documents).is_dir() else str(Path.home()))
    dialog.selectFile(name)
