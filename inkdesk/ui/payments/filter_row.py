"""Which part of the ledger is shown: dates, artist, client, state, words."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from inkdesk.application.ledger_view import LedgerNames, LedgerState
from inkdesk.application.ledger_words import state_words
from inkdesk.application.text import tr
from inkdesk.ui.common.choices import SearchCombo
from inkdesk.ui.common.forms import DateEdit
from inkdesk.ui.payments.filter_line import FilterLine
from inkdesk.ui.payments.presenter import LedgerRange

FILTER_DELAY_MS = 80
FILTER_WIDTH = 160


class Whose(NamedTuple):
    """What is chosen beside the dates; None: any."""

    artist_id: int | None
    client_id: int | None
    state: LedgerState | None


class FilterRow(QWidget):
    """Two rows of inputs.

    ``dates_chosen`` carries first and last date, ``range_chosen`` a LedgerRange, ``whose_chosen`` a Whose.
    """

    range_chosen = Signal(object)
    dates_chosen = Signal(object, object)
    whose_chosen = Signal(object)
    typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_dates()
        self._make_whose()
        self.line = FilterLine()
        self.line.setPlaceholderText(tr("Filter"))
        self.line.setAccessibleName(tr("Filter the lines"))
        self.line.setMinimumWidth(FILTER_WIDTH)
        self._timer = QTimer(self, singleShot=True, interval=FILTER_DELAY_MS)
        self._timer.timeout.connect(lambda: self.typed.emit(self.line.text()))
        self.line.textChanged.connect(self._timer.start)
        self._arrange()

    def show_dates(self, first: date, last: date) -> None:
        """Show which dates were read."""
        with QSignalBlocker(self.first), QSignalBlocker(self.last):
            self.first.set_day(first)
            self.last.set_day(last)

    def show_names(self, names: LedgerNames) -> None:
        """Offer these artists and clients; who is chosen stays so, also without a line on these dates."""
        self.artist.offer(names.artists)
        self.client.offer(names.clients)

    def choose_free_dates(self) -> None:
        """Take the two dates as they stand."""
        with QSignalBlocker(self.range):
            self.range.setCurrentIndex(self.range.findData(LedgerRange.FREE))
        self.dates_chosen.emit(self.first.day(), self.last.day())

    def _choose_range(self) -> None:
        chosen = LedgerRange(self.range.currentData())
        if chosen is LedgerRange.FREE:
            self.choose_free_dates()
        else:
            self.range_chosen.emit(chosen)

    def _choose_whose(self) -> None:
        state = self.state.currentData()
        whose = Whose(self.artist.chosen(), self.client.chosen(), LedgerState(state) if state else None)
        self.whose_chosen.emit(whose)

    def _make_dates(self) -> None:
        self.range = QComboBox()
        self.range.setAccessibleName(tr("Dates"))
        for text, chosen in (
            (tr("Today"), LedgerRange.TODAY),
            (tr("This week"), LedgerRange.WEEK),
            (tr("This month"), LedgerRange.MONTH),
            (tr("Last month"), LedgerRange.LAST_MONTH),
            (tr("This year"), LedgerRange.YEAR),
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
            edit.dateChanged.connect(self.choose_free_dates)

    def _make_whose(self) -> None:
        self.artist, self.client = PersonCombo(tr("All artists")), PersonCombo(tr("All clients"))
        self.artist.setAccessibleName(tr("Artist"))
        self.client.setAccessibleName(tr("Client"))
        self.state = QComboBox()
        self.state.setAccessibleName(tr("State"))
        self.state.addItem(tr("All states"), "")
        for state in LedgerState:
            self.state.addItem(state_words(state), state.value)
        for combo in (self.artist, self.client, self.state):
            combo.currentIndexChanged.connect(self._choose_whose)

    def _arrange(self) -> None:
        dates = QHBoxLayout()
        for widget in (self.range, self.first, QLabel("–"), self.last):
            dates.addWidget(widget)
        dates.addStretch(1)
        whose = QHBoxLayout()
        for widget in (self.artist, self.client, self.state):
            whose.addWidget(widget)
        whose.addWidget(self.line, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(dates)
        layout.addLayout(whose)


class PersonCombo(SearchCombo):
    """People to choose from by typing; the first entry, ``anybody``, is also what an emptied field means."""

    def __init__(self, anybody: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: Sequence[tuple[int, str]] = ()
        self.addItem(anybody, None)
        if (line := self.lineEdit()) is not None:
            line.editingFinished.connect(self._settle)
        self.currentIndexChanged.connect(self._show_beginning)
        self._show_beginning()

    def chosen(self) -> int | None:
        """The id of who is chosen; None: anybody."""
        found = self.currentData()
        return int(found) if found is not None else None

    def offer(self, names: Sequence[tuple[int, str]]) -> None:
        """Offer these; who is chosen stays so, also if they are not among them."""
        if names == self._names:
            return
        self._names = names
        kept, text = self.chosen(), self.itemText(self.currentIndex())
        with QSignalBlocker(self):
            self.model().removeRows(1, self.count() - 1)
            for person_id, name in names:
                self.addItem(name, person_id)
            if kept is not None and self.findData(kept) < 0:
                self.addItem(text, kept)
            self.setCurrentIndex(0 if kept is None else self.findData(kept))
        self._show_beginning()

    def _settle(self) -> None:
        """Show who is chosen, not what was typed on the way to nobody."""
        typed = self.currentText().strip()
        found = self.findText(typed, Qt.MatchFlag.MatchFixedString) if typed else 0
        if self.itemText(self.currentIndex()).casefold() != typed.casefold() and found >= 0:
            self.setCurrentIndex(found)
        self.setEditText(self.itemText(self.currentIndex()))
        self._show_beginning()

    def _show_beginning(self) -> None:
        """A long name is cut at its end, not at its beginning."""
        if (line := self.lineEdit()) is not None:
            line.setCursorPosition(0)
