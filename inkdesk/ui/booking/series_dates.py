"""The dates of a series that is being planned: a table, and what can be done with the chosen one."""

from collections.abc import Sequence
from datetime import datetime, time

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from inkdesk.application.availability_service import FreeSlot
from inkdesk.application.series_commands import PlannedDate
from inkdesk.application.text import formats, ntr, tr
from inkdesk.ui.booking.alternatives import Alternatives
from inkdesk.ui.booking.presenter.series import verdict_words
from inkdesk.ui.booking.when_field import FREE, REFUSED
from inkdesk.ui.common.forms import ENTER, DateEdit, PushButton, plain_label
from inkdesk.ui.common.time_edit import TimeEdit
from inkdesk.ui.common.wrapped import WrappedItems

LEAST_TABLE_HEIGHT = 170
"""In pixels: the headings and a refused date stay to be read in the smallest window."""
HEADER = "QHeaderView::section:horizontal { padding-left: 10px; }"
"""A cell's text stands 3 pixels right of its padding, a heading's does not: so they stand in one line."""


class DatesTable(QTableWidget):
    """One row a date. Delete asks to leave the row out, Enter to change it."""

    left_out = Signal(int)
    change_wanted = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.currentRow() >= 0:
            self.left_out.emit(self.currentRow())
        elif event.key() in ENTER and self.currentRow() >= 0:
            self.change_wanted.emit()
        else:
            super().keyPressEvent(event)


class SeriesDates(QWidget):
    """Shows planned dates. ``changed`` carries (row, naive wall-clock time), ``left_out`` the row."""

    changed = Signal(int, object)
    left_out = Signal(int)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dates: list[PlannedDate] = []
        self._artist, self._remark = "", ""
        self.status = plain_label(tr("Fill in the form, then show the dates."), "muted")
        self._make_table()
        self._make_editor()
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setAccessibleName(tr("Looking…"))
        self.stop_button = PushButton(tr("Stop"))
        self.stop_button.clicked.connect(self.given_up)
        self._arrange()
        self.show_planning(is_planning=False)
        self._show_row()

    def show_planning(self, *, is_planning: bool) -> None:
        """Say that dates are looked for, or no more."""
        had_focus = self.stop_button.hasFocus()
        self._waiting.setVisible(is_planning)
        self.table.setEnabled(not is_planning)
        if had_focus and not is_planning:
            self.table.setFocus()

    def show_dates(self, dates: Sequence[PlannedDate], artist: str, remark: str) -> None:
        """Show dates, all ``artist``'s, and a remark about them; the current row stays if it is still there."""
        row = max(0, self.table.currentRow())
        self._dates = list(dates)
        self.table.setRowCount(len(dates))
        for number, planned in enumerate(dates):
            self._fill(number, planned)
        self.table.resizeRowsToContents()
        self.table.setCurrentCell(min(row, len(dates) - 1), 0)
        self._artist, self._remark = artist, remark
        self._say()
        self._show_row()

    def show_date(self, row: int, planned: PlannedDate) -> None:
        """Show another verdict for one date."""
        self._dates[row] = planned
        self._fill(row, planned)
        self.table.resizeRowToContents(row)
        self._say()
        if row == self.table.currentRow():
            self._show_row()

    def _say(self) -> None:
        free = sum(one.is_free for one in self._dates)
        found = tr("No date was found.")
        if self._dates:
            found = ntr(
                "{free} of {n} date is free, with {artist}.",
                "{free} of {n} dates are free, with {artist}.",
                len(self._dates),
                free=free,
                artist=self._artist,
            )
        parts = [found, self._remark]
        self.status.setText(" ".join(part for part in parts if part))

    def _fill(self, row: int, planned: PlannedDate) -> None:
        day, minute = planned.wall.date(), planned.wall.hour * 60 + planned.wall.minute
        when = tr("{day}, {time}", day=day, time=formats().clock(minute))
        verdict = (FREE if planned.is_free else REFUSED) + verdict_words(planned)
        for column, text in enumerate((when, verdict)):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            self.table.setItem(row, column, item)

    def _current(self) -> PlannedDate | None:
        row = self.table.currentRow()
        return self._dates[row] if 0 <= row < len(self._dates) else None

    def _show_row(self) -> None:
        planned = self._current()
        self._editor.setVisible(planned is not None)
        self.alternatives.clear()
        if planned is None:
            return
        self.day.set_day(planned.wall.date())
        self.clock.set_clock(planned.wall.time())
        self.alternatives.show_slots(planned.alternatives, planned.wall.date(), is_naming=False, after=self.table)

    def _take(self, slot: FreeSlot) -> None:
        self.changed.emit(self.table.currentRow(), slot.starts_at.replace(tzinfo=None, fold=0))
        self.table.setFocus()

    def _change(self) -> None:
        if self._current() is None:
            return
        wall = datetime.combine(self.day.day(), time(*divmod(self.clock.minute(), 60)))
        self.changed.emit(self.table.currentRow(), wall)
        self.table.setFocus()

    def _leave_out(self) -> None:
        if self._current() is not None:
            self.left_out.emit(self.table.currentRow())
            self.table.setFocus()

    def _make_table(self) -> None:
        self.table = DatesTable(0, 2)
        self.table.setAccessibleName(tr("Dates of the series"))
        self.table.setHorizontalHeaderLabels([tr("Date"), tr("Verdict")])
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setStyleSheet(HEADER)
        self.table.horizontalHeader().sectionResized.connect(
            self.table.resizeRowsToContents,
            Qt.ConnectionType.QueuedConnection,  # Qt tells it before the new width counts
        )
        self.table.setItemDelegateForColumn(1, WrappedItems(self.table))
        self.table.setMinimumHeight(LEAST_TABLE_HEIGHT)
        self.table.verticalHeader().setHighlightSections(False)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setWordWrap(True)
        self.table.currentCellChanged.connect(self._show_row)
        self.table.left_out.connect(self.left_out)
        self.table.change_wanted.connect(lambda: self.day.setFocus(Qt.FocusReason.TabFocusReason))

    def _make_editor(self) -> None:
        self.alternatives = Alternatives()
        self.alternatives.taken.connect(self._take)
        self.day, self.clock = DateEdit(), TimeEdit()
        self.day.setAccessibleName(tr("New day of the chosen date"))
        self.clock.setAccessibleName(tr("New time of the chosen date"))
        self.change_button = PushButton(tr("Ta&ke this time"))
        self.change_button.clicked.connect(self._change)
        self.drop_button = PushButton(tr("Leave o&ut"))
        self.drop_button.setToolTip(tr("Delete"))
        self.drop_button.clicked.connect(self._leave_out)

    def _arrange(self) -> None:
        self._waiting = QWidget()
        waiting = QHBoxLayout(self._waiting)
        waiting.setContentsMargins(0, 0, 0, 0)
        waiting.addWidget(self.progress, 1)
        waiting.addWidget(self.stop_button)
        self._editor = QWidget()
        editor = QVBoxLayout(self._editor)
        editor.setContentsMargins(0, 0, 0, 0)
        for pair in ((self.day, self.clock), (self.change_button, self.drop_button)):  # side by side they are too wide
            line = QHBoxLayout()
            for widget in pair:
                line.addWidget(widget)
            line.addStretch(1)
            editor.addLayout(line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.status)
        layout.addWidget(self._waiting)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.alternatives)
        layout.addWidget(self._editor)
