"""The agenda: bookings as rows of a table, for reading, searching by eye and screen readers."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QSignalBlocker, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget
from typing_extensions import override

from inkdesk.application.calendar import GroupCard
from inkdesk.application.text import tr
from inkdesk.ui.calendar.agenda_presenter import CLIENT, NOTE, SERVICE, STATE, AgendaPresenter, headings
from inkdesk.ui.calendar.hint import draw_hint
from inkdesk.ui.calendar.keys import AGENDA_DEEDS, deed_for
from inkdesk.ui.calendar.steps import take_step
from inkdesk.ui.common.cells import CellsModel
from inkdesk.ui.common.cells_table import CellsTable
from inkdesk.ui.common.keymap import KeyMap


class AgendaView(CellsTable):
    """Four weeks as a list. Its presenter's calendar has range, filters and selection; ``act`` changes them."""

    booking_requested = Signal(int)
    """A booking shall be opened: its id."""
    group_requested = Signal(int)
    """A group sitting shall be opened: its id."""
    move_requested = Signal(int)
    """A booking shall be moved: its id."""
    range_requested = Signal(object, object)
    """Other dates are shown: first and last (date), both included."""
    selection_changed = Signal(object)
    """The selected BookingCard or GroupCard, or None."""

    def __init__(self, presenter: AgendaPresenter, parent: QWidget | None = None) -> None:
        self._cells = CellsModel(headings(), frozenset(), {CLIENT: 2, SERVICE: 2, STATE: 2, NOTE: 3})
        super().__init__(self._cells, tr("Agenda"), parent)
        self._cells.setParent(self)
        self.agenda = presenter
        self.presenter = presenter.calendar
        self.keymap = KeyMap()
        self.selectionModel().currentRowChanged.connect(self._choose)
        self.doubleClicked.connect(self.open)

    def relay(self) -> None:
        """Show the rows anew; the selected block stays selected."""
        with QSignalBlocker(self.selectionModel()):
            self._cells.show_cells(self.agenda.rows())
            row = self.agenda.row()
            if row >= 0:
                self.selectRow(row)
                self.scrollTo(self._cells.index(row, 0), QAbstractItemView.ScrollHint.EnsureVisible)
        self.agenda.select_row(row)
        self.viewport().update()

    def act(self, step: Callable[[], object]) -> None:
        """Let the presenter take a step, then show and announce what it changed."""
        take_step(self, step, self.relay)

    def open(self) -> None:
        """Open the selected block."""
        card = self.presenter.selected()
        if isinstance(card, GroupCard):
            self.group_requested.emit(card.group_id)
        elif card is not None:
            self.booking_requested.emit(card.booking_id)

    def move_booking(self) -> None:
        """Ask for another time of the selected booking."""
        if card := self.presenter.selected_booking():
            self.move_requested.emit(card.booking_id)

    def _choose(self, current: QModelIndex) -> None:
        row = current.row()
        take_step(self, lambda: self.agenda.select_row(row), lambda: None)

    def do(self, name: str) -> None:
        """Do an action by its name; nothing if it has no meaning here."""
        if name in AGENDA_DEEDS:
            AGENDA_DEEDS[name](self)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if deed := deed_for(event, self.keymap, AGENDA_DEEDS):
            deed(self)
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if words := self.presenter.empty_words():
            with QPainter(self.viewport()) as painter:
                draw_hint(painter, self.viewport().rect(), self.font(), words)
