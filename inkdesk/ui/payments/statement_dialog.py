"""A month beside Stripe's own account: the differences first."""

from datetime import date

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from inkdesk.application.progress import Progress
from inkdesk.application.services import Services
from inkdesk.application.tables_out import WriteTable
from inkdesk.application.text import formats, render, tr
from inkdesk.domain.errors import InkDeskError
from inkdesk.ui.common.cells import CellsModel
from inkdesk.ui.common.cells_table import ROW_HEIGHT, CellsTable
from inkdesk.ui.common.forms import Notice, PushButton, plain_label
from inkdesk.ui.payments.export_menu import ExportButton
from inkdesk.ui.payments.progress_row import ProgressRow
from inkdesk.ui.payments.statement_presenter import StatementChoices, StatementPresenter, StatementShown
from inkdesk.workers.task_runner import TaskRunner

NUMBERS = frozenset({4, 5, 6, 7})
FLEXIBLE = {3: 3, 8: 2}
LEAST_ROWS = 5


class StatementDialog(QDialog):
    """Stands beside the window. ``booking_requested`` carries a booking's id."""

    booking_requested = Signal(int)

    def __init__(
        self, services: Services, runner: TaskRunner, write_table: WriteTable, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Monthly statement"))
        self.resize(1100, 640)
        self._shown: StatementShown | None = None
        self._presenter = StatementPresenter(self, services, runner.of(self), write_table)
        self._make_choices()
        self._make_table()
        self._arrange()
        self._set_idle(is_idle=False)
        self._presenter.begin()

    def show_choices(self, choices: StatementChoices) -> None:
        """Offer months and accounts; the last whole month is chosen."""
        for month in choices.months:
            self.month.addItem(formats().month(month), month.isoformat())
        self.month.setCurrentIndex(min(1, self.month.count() - 1))
        for one in choices.accounts:
            self.account.addItem(one.artist_name or tr("Studio"), one.account)
        self.account.setVisible(self.account.count() > 1)
        self._account_label.setVisible(self.account.count() > 1)
        for choice in (self.month, self.account):
            choice.setMinimumWidth(choice.sizeHint().width())
        self._set_idle(is_idle=True)
        self.month.setFocus()

    def show_progress(self, progress: Progress, words: str) -> None:
        """Show how far the work is."""
        self.notice.show_text("")
        self._set_idle(is_idle=False)
        self.progress.follow(progress, words)

    def show_statement(self, shown: StatementShown) -> None:
        """Show what was found."""
        self._shown = shown
        self.model.show_cells(shown.rows)
        self.totals.setText("\n".join(shown.totals))
        self.export.name = tr("Statement {month}", month=f"{shown.statement.month:%Y-%m}")
        self._end()
        self.notice.show_text(shown.sentence, "success" if shown.agrees else "warning")
        if shown.rows:
            self.table.selectRow(0)
            self.table.setFocus()

    def show_end(self, sentence: str) -> None:
        """The work is over without a statement, or a file is written."""
        self._end()
        self.notice.show_text(sentence, "info")

    def show_error(self, error: InkDeskError) -> None:
        """Say why nothing can be shown."""
        self._end()
        self.notice.show_text(render(error.message), "error")

    @override
    def done(self, result: int) -> None:
        self._presenter.close()
        super().done(result)

    def _compare(self) -> None:
        self._presenter.compare(date.fromisoformat(self.month.currentData()), self.account.currentData())

    def _open_row(self, index: QModelIndex) -> None:
        booking_id = self._shown.lines[index.row()].booking_id if self._shown else None
        if booking_id is not None:
            self.booking_requested.emit(booking_id)

    def _end(self) -> None:
        self.progress.end()
        self._set_idle(is_idle=True)

    def _set_idle(self, *, is_idle: bool) -> None:
        for widget in (self.month, self.account, self.compare):
            widget.setEnabled(is_idle)
        self.export.setEnabled(is_idle and self._shown is not None)

    def _make_choices(self) -> None:
        self.month, self.account = QComboBox(), QComboBox()
        self._month_label, self._account_label = QLabel(tr("&Month")), QLabel(tr("&Account"))
        for label, combo in ((self._month_label, self.month), (self._account_label, self.account)):
            label.setBuddy(combo)
            combo.setAccessibleName(label.text().replace("&", ""))
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.account.hide()
        self._account_label.hide()
        self.compare = QPushButton(tr("Com&pare"))
        self.compare.setDefault(True)
        self.compare.setProperty("kind", "primary")
        self.compare.clicked.connect(self._compare)
        self.export = ExportButton(tr("Statement"))
        self.export.setAutoDefault(False)
        self.export.path_chosen.connect(self._presenter.export)

    def _make_table(self) -> None:
        headings = (
            tr("Difference"),
            tr("When"),
            tr("What"),
            tr("Client"),
            tr("In InkDesk"),
            tr("At Stripe"),
            tr("Fee in InkDesk"),
            tr("Fee at Stripe"),
            tr("Stripe's number"),
        )
        self.model = CellsModel(headings, NUMBERS, FLEXIBLE, self)
        self.table = CellsTable(self.model, tr("Statement"))
        self.table.setMinimumHeight(LEAST_ROWS * ROW_HEIGHT)
        self.table.activated.connect(self._open_row)
        self.totals = plain_label()
        self.notice = Notice("info")
        self.progress = ProgressRow()

    def _arrange(self) -> None:
        choices = QHBoxLayout()
        for widget in (self._month_label, self.month, self._account_label, self.account, self.compare):
            choices.addWidget(widget)
        choices.addStretch(1)
        choices.addWidget(self.export)
        close = PushButton(tr("C&lose"))
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self.totals, 1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(10)
        words = tr("Lays what Stripe booked in a month beside InkDesk. Nothing is changed at either.")
        layout.addWidget(plain_label(words, "muted"))
        layout.addLayout(choices)
        layout.addWidget(self.progress)
        layout.addWidget(self.notice)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
