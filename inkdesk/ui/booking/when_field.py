"""The day with its free slots, the free choice of time, and the verdict about it."""

from collections.abc import Sequence
from datetime import date, datetime, time

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from inkdesk.application.availability_service import FreeSlot
from inkdesk.application.background import Background
from inkdesk.application.text import formats, tr
from inkdesk.ui.booking.alternatives import Alternatives
from inkdesk.ui.booking.presenter.free_times import FreeTimes
from inkdesk.ui.booking.presenter.times import TimesPresenter
from inkdesk.ui.booking.presenter.verdicts import TimeVerdict
from inkdesk.ui.common.forms import DateEdit, PushButton, plain_label, set_role
from inkdesk.ui.common.time_edit import TimeEdit

CLOCK_DELAY_MS = 80
CHIP_HEIGHT, CHIP_PADDING, LEAST_CHIP_WIDTH = 34, 22, 66
LEAST_SLOTS_HEIGHT, MOST_SLOTS_HEIGHT = 2 * CHIP_HEIGHT + 8, 5 * CHIP_HEIGHT + 8
"""A low window takes room from the slots first: they scroll, and every sentence of a verdict stays to be read."""
FIND_KEYS = "Ctrl+F"
FREE, REFUSED = "✓ ", "✕ "


class WhenField(QWidget):
    """Shows what ``presenter`` knows of the times that are ``free``.

    ``override_allowed`` says whether a reason would be enough to book, ``length_refused`` carries what is wrong with
    the typed length ("" for nothing), ``taken`` the ``FreeSlot`` that was chosen instead of a refused time,
    ``find_requested`` asks for the finder.
    """

    override_allowed = Signal(bool)
    length_refused = Signal(str)
    taken = Signal(object)
    find_requested = Signal()

    def __init__(self, free: FreeTimes, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.presenter = TimesPresenter(self, free, background)
        self._shown: list[FreeSlot] = []
        self._start: tuple[date, int] = (date.min, 0)
        self.day = DateEdit()
        self.day.setAccessibleName(tr("Day"))
        self.day.dateChanged.connect(lambda _day: self.presenter.set_day(self.day.day()))
        self.before = _arrow(Qt.ArrowType.LeftArrow, tr("Previous day with a free slot"))
        self.before.clicked.connect(lambda: self.presenter.step(-1))
        self.after = _arrow(Qt.ArrowType.RightArrow, tr("Next day with a free slot"))
        self.after.clicked.connect(lambda: self.presenter.step(1))
        self._make_slots()
        self._make_clock()
        self.verdict = plain_label(role="muted")
        self.verdict.setAccessibleName(tr("Verdict"))
        self.alternatives = Alternatives()
        self.alternatives.taken.connect(self._take)
        self._is_anyone = False
        self._arrange()

    def name_artists(self, *, is_anyone: bool) -> None:
        """Say with whom, wherever another time is offered to somebody who asked for anyone."""
        self._is_anyone = is_anyone

    def show_day(self, slots: Sequence[FreeSlot], nothing: str) -> None:
        """Show the free slots of a day, or the sentence ``nothing``."""
        self._nothing.setText(nothing)
        self._nothing.setVisible(not slots)
        self.slots.setVisible(bool(slots))
        if list(slots) != self._shown:
            self._shown = list(slots)
            with QSignalBlocker(self.slots):
                self.slots.clear()
                for slot in slots:
                    self.slots.addItem(_chip(slot, self.slots.gridSize()))
        self._mark_slot()

    def show_start(self, day: date, minute: int) -> None:
        """Show the chosen wall-clock time."""
        self._start = (day, minute)
        with QSignalBlocker(self.day), QSignalBlocker(self.clock):
            if self.day.day() != day:  # writing the same back would disturb who is typing it
                self.day.set_day(day)
            if self.clock.minute() != minute:
                self.clock.set_clock(time(minute // 60, minute % 60))
        self._mark_slot()

    def show_occurrences(self, starts: Sequence[datetime], chosen: int) -> None:
        """Offer the two instants of a doubled hour."""
        with QSignalBlocker(self.occurrence):
            self.occurrence.clear()
            for start in starts:
                self.occurrence.addItem(f"{formats().time(start)} UTC{start:%z}")
            self.occurrence.setCurrentIndex(chosen)
        self.occurrence.setVisible(bool(starts))

    def show_verdict(self, verdict: TimeVerdict | None) -> None:
        """Show the verdict; None while it is being asked for."""
        self.alternatives.clear()
        if verdict is None:
            set_role(self.verdict, "muted")
            self.verdict.setText(tr("Looking…"))
            return
        mark = FREE if verdict.is_free else REFUSED
        set_role(self.verdict, "success" if verdict.is_free else "error")
        self.verdict.setText("\n".join(mark + sentence for sentence in verdict.sentences))
        self.alternatives.show_slots(
            verdict.alternatives, self._start[0], is_naming=self._is_anyone, after=self.occurrence
        )
        self.override_allowed.emit(verdict.can_override)
        self.length_refused.emit(verdict.length_error)

    def start(self) -> tuple[date, int]:
        """The chosen day and minute of the wall clock."""
        return self._start

    def is_refused(self) -> bool:
        """Whether the verdict on the chosen time is shown, and is a no."""
        return self.verdict.text().startswith(REFUSED)

    def _take(self, slot: FreeSlot) -> None:
        self.clock.setFocus()
        self.taken.emit(slot)

    def _mark_slot(self) -> None:
        rows = [
            row
            for row, slot in enumerate(self._shown)
            if (slot.starts_at.date(), slot.starts_at.hour * 60 + slot.starts_at.minute) == self._start
        ]
        with QSignalBlocker(self.slots):
            self.slots.setCurrentRow(rows[0] if rows else -1)

    def _slot_chosen(self, row: int) -> None:
        if 0 <= row < len(self._shown):
            self.presenter.choose(self._shown[row])

    def _make_slots(self) -> None:
        self.slots = SlotList()
        self.slots.setAccessibleName(tr("Free slots"))
        self.slots.setFlow(QListView.Flow.LeftToRight)
        self.slots.setWrapping(True)
        self.slots.setResizeMode(QListView.ResizeMode.Adjust)
        widest = self.slots.fontMetrics().horizontalAdvance(formats().clock(22 * 60 + 30))
        self.slots.setGridSize(QSize(max(LEAST_CHIP_WIDTH, widest + CHIP_PADDING), CHIP_HEIGHT))
        _bound(self.slots)
        self.slots.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.slots.currentRowChanged.connect(self._slot_chosen)
        self._nothing = plain_label(role="muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        _bound(self._nothing)
        self._nothing.hide()

    def _make_clock(self) -> None:
        self.clock = TimeEdit()
        self.clock.setAccessibleName(tr("Start time"))
        self._timer = QTimer(self, singleShot=True, interval=CLOCK_DELAY_MS)
        self._timer.timeout.connect(self._take_clock)
        self.clock.timeChanged.connect(lambda _time: self._timer.start())
        self.occurrence = QComboBox()
        self.occurrence.setAccessibleName(tr("Which of the two: the clock is put back in this hour"))
        self.occurrence.currentIndexChanged.connect(self.presenter.set_occurrence)
        self.occurrence.hide()
        keys = QKeySequence(FIND_KEYS).toString(QKeySequence.SequenceFormat.NativeText)
        self.find_button = PushButton(tr("&Find a time") + f"   {keys}")
        self.find_button.setAccessibleName(tr("Find a time"))
        self.find_button.clicked.connect(self.find_requested)

    def flush(self) -> None:
        """Take a clock time that was typed a moment ago; a time nobody typed stays nobody's choice."""
        if self._timer.isActive():
            self._timer.stop()
            self._take_clock()

    def _take_clock(self) -> None:
        self.presenter.set_clock(self.clock.minute())

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        days = QHBoxLayout()
        days.setSpacing(4)
        days.addWidget(self.before)
        days.addWidget(self.day, 1)
        days.addWidget(self.after)
        clock = QHBoxLayout()
        clock.addWidget(self.clock)
        clock.addStretch(1)
        clock.addWidget(self.find_button)
        grid.addWidget(_caption(tr("Da&y"), self.day), 0, 0)
        grid.addLayout(days, 0, 1)
        slots = QVBoxLayout()
        slots.addWidget(self.slots)
        slots.addWidget(self._nothing)
        grid.addLayout(slots, 1, 0, 1, 2)
        grid.addWidget(_caption(tr("Sta&rt"), self.clock), 2, 0)
        grid.addLayout(clock, 2, 1)
        grid.addWidget(self.occurrence, 3, 1)
        for row, widget in enumerate((self.verdict, self.alternatives), start=4):
            grid.addWidget(widget, row, 0, 1, 2)
        grid.setRowStretch(1, MOST_SLOTS_HEIGHT)
        grid.setRowStretch(6, 1)


class SlotList(QListWidget):
    """The free slots of a day; the focus alone chooses none."""

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        row = self.currentRow()
        with QSignalBlocker(self):  # Qt goes to the first row if there is no current one
            super().focusInEvent(event)
            self.setCurrentRow(row)

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), LEAST_SLOTS_HEIGHT)


def _bound(widget: QWidget) -> None:
    widget.setMinimumHeight(LEAST_SLOTS_HEIGHT)
    widget.setMaximumHeight(MOST_SLOTS_HEIGHT)


def _chip(slot: FreeSlot, size: QSize) -> QListWidgetItem:
    item = QListWidgetItem(formats().time(slot.starts_at))
    item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
    item.setSizeHint(size)
    return item


def _caption(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(buddy)
    return label


def _arrow(kind: Qt.ArrowType, name: str) -> QToolButton:
    button = QToolButton()
    button.setArrowType(kind)
    button.setAccessibleName(name)
    button.setToolTip(name)
    return button
