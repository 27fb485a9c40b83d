"""What happened to the money: the ledger, and above it the way to what needs a person."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from inkdesk.application.background import Background
from inkdesk.application.changes import Changes
from inkdesk.application.ledger_view import LedgerNames
from inkdesk.application.progress import Progress
from inkdesk.application.receipts import Receipt
from inkdesk.application.services import Services
from inkdesk.application.tables_out import WriteTable, file_name
from inkdesk.application.text import ntr, render, tr
from inkdesk.domain.errors import InkDeskError
from inkdesk.ui.common.cells_table import CellsTable
from inkdesk.ui.common.forms import Notice, plain_label
from inkdesk.ui.common.pdf import write_pdf
from inkdesk.ui.payments.export_menu import ExportButton, ask_for_place
from inkdesk.ui.payments.filter_row import FilterRow
from inkdesk.ui.payments.ledger_reader import LedgerPart
from inkdesk.ui.payments.model import LedgerModel
from inkdesk.ui.payments.presenter import LedgerPresenter, LedgerShown, SumsShown
from inkdesk.ui.payments.progress_row import ProgressRow
from inkdesk.ui.payments.receipt_html import receipt_html


class LedgerPage(QWidget):
    """A range of the ledger in a table; ``resources`` holds what receipts look like.

    ``booking_requested`` carries a booking's id, ``inbox_requested`` asks for what needs a person,
    ``statement_requested`` for a month beside Stripe's own account.
    """

    booking_requested = Signal(int)
    inbox_requested = Signal()
    statement_requested = Signal()

    def __init__(
        self,
        services: Services,
        background: Background,
        write_table: WriteTable,
        resources: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._receipt_page = resources / "print" / "receipt.html"
        self._presenter = LedgerPresenter(self, services, background, write_table)
        self._make_tools()
        self._make_table()
        self._arrange()
        self._presenter.reload()

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            self._find(event)
        return super().event(event)

    def _find(self, press: QKeyEvent) -> None:
        """Go to the filter by Ctrl+F, before the window finds people by it.

        As a shortcut it would be as good as the window's own, and Qt would do neither.
        """
        if press.matches(QKeySequence.StandardKey.Find):
            self.tools.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
            press.accept()

    def reload(self, changes: Changes) -> None:
        """Read again if ``changes`` may show here."""
        self._presenter.follow(changes)

    def show_dates(self, first: date, last: date) -> None:
        """Show which dates were read."""
        self.tools.show_dates(first, last)
        self.export.name = tr("Ledger {first} to {last}", first=first.isoformat(), last=last.isoformat())
        if self.notice.property("panel") == "error":
            self.notice.show_text("")

    def show_names(self, names: LedgerNames) -> None:
        """Offer whose lines there are."""
        self.tools.show_names(names)

    def show_lines(self, shown: LedgerShown) -> None:
        """Show the first lines; who reads them again keeps the place and the chosen line."""
        bar, index = self.table.verticalScrollBar(), self.table.currentIndex()
        top, chosen = bar.value(), self.model.row_at(index.row()).line.entry.id if index.isValid() else None
        self.model.show_rows(shown.rows, has_more=shown.has_more)
        self._pages.setCurrentWidget(self.table if shown.rows else self.empty)
        self.empty.setText(tr("No line fits.") if shown.is_filtered else tr("No money moved on these dates."))
        self._go_to(*((chosen, top) if shown.is_again else (None, 0)))
        self.export.setEnabled(bool(shown.rows) and self.progress.isHidden())

    def add_lines(self, part: LedgerPart) -> None:
        """Show the next lines below."""
        self.model.add_rows(part.rows, has_more=part.has_more)

    def show_sums(self, shown: SumsShown | None) -> None:
        """Show what all lines come to; None: it is still being added up."""
        if shown is None:
            self.totals.setText(tr("Adding up…"))
        else:
            count = ntr("{n} line", "{n} lines", shown.count)
            self.totals.setText("\n".join(["    ".join([count, *shown.totals[:1]]), *shown.totals[1:]]))
        self.totals.setVisible(shown is None or bool(shown.count))

    def _go_to(self, entry_id: int | None, top: int) -> None:
        row = self.model.row_of(entry_id)
        if row is not None:
            self.table.setCurrentIndex(self.model.index(row, 0))
        self.table.verticalScrollBar().setValue(top)

    def show_waiting(self, count: int) -> None:
        """Say how many tasks need a person, and lead there; nothing is shown if none does."""
        self.waiting.setText(ntr("{n} task about money needs you.", "{n} tasks about money need you.", count))
        self.tasks.setVisible(bool(count))

    def show_error(self, error: InkDeskError) -> None:
        """Say why nothing can be shown."""
        self.notice.show_text(render(error.message), "error")

    def show_export(self, progress: Progress) -> None:
        """Show how far a file is."""
        self.notice.show_text("")
        self.export.setEnabled(False)
        self.progress.follow(progress, tr("Writing the file…"))

    def end_export(self, sentence: str) -> None:
        """Show how the file ended."""
        self.progress.end()
        self.export.setEnabled(True)
        self.notice.show_text(sentence, "info")

    def print_receipt(self, receipt: Receipt, path: Path) -> None:
        """Write a receipt to a PDF file."""
        title = tr("Receipt no. {number}", number=receipt.number)
        try:
            write_pdf(path, receipt_html(receipt, self._receipt_page.read_text(encoding="utf-8")), title)
        except InkDeskError as error:
            self.show_error(error)
            return
        self.notice.show_text(tr("{file} was written.", file=path.name), "info")

    def _ask_for_receipt(self) -> None:
        payment_id = self._receipt_of()
        if payment_id is None:
            return
        client = self.model.row_at(self.table.currentIndex().row()).line.client_name
        ask_for_place(
            self.window(),
            tr("Receipt"),
            tr("PDF files (*.pdf)"),
            f"{file_name(tr('Receipt {client}', client=client))}.pdf",
            done=lambda path: self._presenter.issue_receipt(payment_id, path),
        )

    def _receipt_of(self) -> int | None:
        index = self.table.currentIndex()
        return self.model.row_at(index.row()).receipt_of if index.isValid() else None

    def _offer_receipt(self) -> None:
        for widget in (self.receipt, self.receipt_button):
            widget.setEnabled(self._receipt_of() is not None)

    def _open_row(self, index: QModelIndex) -> None:
        if index.isValid():
            self.booking_requested.emit(self.model.row_at(index.row()).line.entry.booking_id)

    def _make_tools(self) -> None:
        self.notice = Notice("error")
        self.tools = FilterRow()
        for chosen in (self.tools.range_chosen, self.tools.dates_chosen, self.tools.whose_chosen, self.tools.typed):
            chosen.connect(lambda: self.notice.show_text(""))  # what was said of a file is over
        self.tools.range_chosen.connect(self._presenter.choose)
        self.tools.dates_chosen.connect(self._presenter.choose_dates)
        self.tools.whose_chosen.connect(lambda whose: self._presenter.choose_whose(*whose))
        self.tools.typed.connect(self._presenter.filter)
        self.export = ExportButton(tr("Ledger"))
        self.export.path_chosen.connect(self._presenter.export)
        self.statement = QPushButton(tr("Mon&thly statement…"))
        self.statement.clicked.connect(self.statement_requested)
        self.progress = ProgressRow()
        self.waiting = plain_label()
        self.to_tasks = QPushButton(tr("Sho&w the tasks"))
        self.to_tasks.clicked.connect(self.inbox_requested)
        self.tasks = QFrame()
        self.tasks.setProperty("panel", "warning")
        self.tasks.hide()

    def _make_table(self) -> None:
        self.model = LedgerModel(self)
        self.model.more_requested.connect(self._presenter.more)
        self.table = CellsTable(self.model, tr("Ledger"))
        self.table.activated.connect(self._open_row)
        self.receipt = QAction(tr("&Receipt (PDF)…"), self.table)
        self.receipt.setShortcut(QKeySequence(QKeySequence.StandardKey.Print))
        self.receipt.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.receipt.setEnabled(False)
        self.receipt.triggered.connect(self._ask_for_receipt)
        self.receipt_button = QPushButton(self.receipt.text())
        self.receipt_button.clicked.connect(self.receipt.trigger)
        self.receipt_button.setEnabled(False)
        opening = QAction(tr("&Open booking"), self.table)
        opening.triggered.connect(lambda: self._open_row(self.table.currentIndex()))
        self.table.addActions([opening, self.receipt])
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.table.selectionModel().currentRowChanged.connect(self._offer_receipt)
        self.model.modelReset.connect(self._offer_receipt)
        self.empty = plain_label(role="muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("panel", "card")
        self.totals = plain_label()

    def _arrange(self) -> None:
        self._pages = QStackedWidget()
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.empty)
        tasks = QHBoxLayout(self.tasks)
        tasks.setContentsMargins(14, 10, 14, 10)
        tasks.addWidget(self.waiting, 1)
        tasks.addWidget(self.to_tasks)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        layout.addWidget(self.tasks)
        layout.addWidget(self.tools)
        layout.insertLayout(0, self._head())  # after the filters by Tab, above them to the eye
        layout.addWidget(self.progress)
        layout.addWidget(self.notice)
        layout.addWidget(self._pages, 1)
        below = QHBoxLayout()
        below.addWidget(self.totals, 1)
        below.addWidget(self.receipt_button, 0, Qt.AlignmentFlag.AlignRight)
        layout.addLayout(below)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.addWidget(plain_label(tr("Ledger"), "title", wraps=False), 1)
        for button in (self.statement, self.export):
            head.addWidget(button)
        return head
