"""What happened to the money: the ledger, and above it what needs a person."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inkdesk.application.background import Background
from inkdesk.application.changes import Changes
from inkdesk.application.services import Services
from inkdesk.application.text import ntr, render, tr
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.payments import DeskTask
from inkdesk.ui.common.forms import DateEdit, Notice, plain_label
from inkdesk.ui.payments.filter_line import FilterLine
from inkdesk.ui.payments.model import LedgerModel
from inkdesk.ui.payments.presenter import LedgerPresenter, LedgerRange, LedgerRow
from inkdesk.ui.payments.table import LedgerTable

FILTER_DELAY_MS = 80
TASKS_SHOWN = 3
FILTER_WIDTH = 160


class LedgerPage(QWidget):
    """A range of the ledger in a table. ``booking_requested`` carries a booking's id."""

    booking_requested = Signal(int)

    def __init__(self, services: Services, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = LedgerPresenter(self, services, background)
        self._make_tools()
        self._make_table()
        self._arrange()
        self._presenter.reload()

    def reload(self, changes: Changes) -> None:
        """Read again if ``changes`` may show here."""
        self._presenter.follow(changes)

    def show_dates(self, first: date, last: date) -> None:
        """Show which dates were read."""
        with QSignalBlocker(self.first), QSignalBlocker(self.last):
            self.first.set_day(first)
            self.last.set_day(last)
        self.notice.show_text("")

    def show_rows(self, rows: Sequence[LedgerRow], totals: Sequence[tuple[str, str]], *, is_filtered: bool) -> None:
        """Show lines and their sums by kind."""
        self.model.show_rows(rows)
        self._pages.setCurrentWidget(self.table if rows else self.empty)
        self.empty.setText(tr("No line holds these words.") if is_filtered else tr("No money moved on these dates."))
        count = ntr("{n} line", "{n} lines", len(rows))
        self.totals.setText("    ".join([count, *(f"{kind} {amount}" for kind, amount in totals)]))
        self.totals.setVisible(bool(rows))

    def show_tasks(self, tasks: Sequence[DeskTask]) -> None:
        """Show what needs a person; nothing is shown if nothing does."""
        while (item := self._task_rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for task in tasks[:TASKS_SHOWN]:
            self._task_rows.addWidget(self._task_row(task))
        if len(tasks) > TASKS_SHOWN:
            more = len(tasks) - TASKS_SHOWN
            self._task_rows.addWidget(plain_label(ntr("and {n} more", "and {n} more", more), "muted"))
        self.tasks.setVisible(bool(tasks))

    def show_error(self, error: InkDeskError) -> None:
        """Say why nothing can be shown."""
        self.notice.show_text(render(error.message), "error")

    def _task_row(self, task: DeskTask) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        sentence = render(task.sentence)
        layout.addWidget(plain_label(sentence), 1)
        if task.booking_id is not None:
            button = QPushButton(tr("Open booking"))
            button.setAccessibleName(tr("Open the booking of: {sentence}", sentence=sentence))
            button.clicked.connect(lambda _checked, booking_id=task.booking_id: self.booking_requested.emit(booking_id))
            layout.addWidget(button)
        return row

    def _open_row(self, index: QModelIndex) -> None:
        self.booking_requested.emit(self.model.booking_id(index.row()))

    def _choose_dates(self) -> None:
        with QSignalBlocker(self.range):
            self.range.setCurrentIndex(self.range.findData(LedgerRange.FREE))
        self._presenter.choose_dates(self.first.day(), self.last.day())

    def _choose_range(self) -> None:
        chosen = LedgerRange(self.range.currentData())
        if chosen is LedgerRange.FREE:
            self._choose_dates()
        else:
            self._presenter.choose(chosen)

    def _make_tools(self) -> None:
        self.range = QComboBox()
        self.range.setAccessibleName(tr("Dates"))
        for text, chosen in (
            (tr("Today"), LedgerRange.TODAY),
            (tr("This week"), LedgerRange.WEEK),
            (tr("This month"), LedgerRange.MONTH),
            (tr("Other dates"), LedgerRange.FREE),
        ):
            self.range.addItem(text, chosen)
        self.range.setCurrentIndex(1)
        self.range.currentIndexChanged.connect(self._choose_range)
        self.first, self.last = DateEdit(), DateEdit()
        self.first.setAccessibleName(tr("First date"))
        self.last.setAccessibleName(tr("Last date"))
        for edit in (self.first, self.last):
            edit.setKeyboardTracking(False)
            edit.dateChanged.connect(self._choose_dates)
        self.filter = FilterLine()
        self.filter.setPlaceholderText(tr("Filter"))
        self.filter.setAccessibleName(tr("Filter the lines"))
        self.filter.setMinimumWidth(FILTER_WIDTH)
        self._timer = QTimer(self, singleShot=True, interval=FILTER_DELAY_MS)
        self._timer.timeout.connect(lambda: self._presenter.filter(self.filter.text()))
        self.filter.textChanged.connect(self._timer.start)
        self.notice = Notice("error")
        self.tasks = QFrame()
        self.tasks.setProperty("panel", "warning")
        self.tasks.hide()

    def _make_table(self) -> None:
        self.model = LedgerModel(self)
        self.table = LedgerTable(self.model)
        self.table.activated.connect(self._open_row)
        self.empty = plain_label(role="muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("panel", "card")
        self.totals = plain_label()

    def _arrange(self) -> None:
        self._pages = QStackedWidget()
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.empty)
        tasks = QVBoxLayout(self.tasks)
        tasks.setContentsMargins(14, 10, 14, 10)
        tasks.addWidget(plain_label(tr("Needs you"), "heading", wraps=False))
        self._task_rows = QVBoxLayout()
        tasks.addLayout(self._task_rows)
        tools = QHBoxLayout()
        for widget in (self.range, self.first, QLabel("–"), self.last):
            tools.addWidget(widget)
        tools.addStretch(1)
        tools.addWidget(self.filter, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        layout.addWidget(plain_label(tr("Ledger"), "title", wraps=False))
        layout.addWidget(self.tasks)
        layout.addLayout(tools)
        layout.addWidget(self.notice)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.totals)
