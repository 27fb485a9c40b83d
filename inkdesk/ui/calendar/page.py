"""The calendar's page: a tool row over the painted view."""

from datetime import date, datetime

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from inkdesk.application.calendar import CalendarRange
from inkdesk.application.text import tr
from inkdesk.ui.calendar.presenter import CalendarPresenter, Mode
from inkdesk.ui.calendar.view import CalendarView


class CalendarPage(QWidget):
    """Day or week with its tools; ``zone`` is the studio's, ``now`` aware.

    It never fetches: call ``reload`` once its signals are connected, and ``show_range`` with every answer.
    """

    slot_requested = Signal(int, object)
    """A free place was chosen: artist's id, aware start (datetime)."""
    booking_requested = Signal(int)
    """A booking shall be opened: its id."""
    range_requested = Signal(object, object)
    """Data is wanted: first and last (date), both included."""
    selection_changed = Signal(object)
    """The selected BookingCard, or None."""

    def __init__(self, zone: str, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.presenter = CalendarPresenter(zone, now)
        self._artist_ids: list[int | None] = []
        self._make_tools()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._tool_row())
        # Made after the tools: Tab follows the order in which widgets get their parent.
        self.view = CalendarView(self.presenter, self)
        self._column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.today.clicked.connect(self.view.go_today)
        self.new.clicked.connect(self.view.create_here)
        self.view.slot_requested.connect(self.slot_requested)
        self.view.booking_requested.connect(self.booking_requested)
        self.view.selection_changed.connect(self.selection_changed)
        self.view.range_requested.connect(self._ask)
        self._fill_artists()
        self._show_title()

    def reload(self) -> None:
        """Ask for the dates that are shown."""
        self.range_requested.emit(self.presenter.first, self.presenter.last)

    def show_range(self, data: CalendarRange) -> None:
        """Show the answer; scroll place, cursor and selection stay. A late answer for other dates is dropped."""
        if self.view.show_range(data):
            self._fill_artists()
            self._show_title()

    def set_now(self, now: datetime) -> None:
        """Move the now line and count holds down; call it at least once a minute."""
        self.view.set_now(now)

    def go_to(self, day: date) -> None:
        """Show the day or week that holds ``day``."""
        self.view.act(lambda: self.presenter.go_to(day))

    def select_booking(self, booking_id: int) -> None:
        """Select a booking that is shown and bring it into sight; nothing happens if it is not."""
        if card := self.presenter.board.find(booking_id):
            self.view.act(lambda: self.presenter.select(card))

    # Inside

    def _make_tools(self) -> None:
        self.today = _button(tr("Today"), tr("Show today (T)"))
        self.back = _button("‹", tr("Earlier (Ctrl+Left)"))
        self.back.clicked.connect(self._turn_back)
        self.forth = _button("›", tr("Later (Ctrl+Right)"))
        self.forth.clicked.connect(self._turn_forth)
        self.title = _Title()
        self.day = _mode(tr("Day"), tr("Show one day"))
        self.week = _mode(tr("Week"), tr("Show a week"))
        self.week.setChecked(True)
        self._modes = QButtonGroup(self)
        for mode, button in ((Mode.DAY, self.day), (Mode.WEEK, self.week)):
            self._modes.addButton(button, mode.value)
        self._modes.idClicked.connect(self._set_mode)
        self.artists = QComboBox()
        self.artists.setAccessibleName(tr("Artist"))
        self.artists.setToolTip(tr("Show all artists or one"))
        self.artists.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.artists.setMaximumWidth(180)
        self.artists.activated.connect(self._filter)
        self.gone = QCheckBox(tr("Show cancelled"))
        self.gone.setToolTip(tr("Also show cancelled and lapsed bookings"))
        self.gone.toggled.connect(self._show_gone)
        self.new = QPushButton(tr("New booking"))
        self.new.setProperty("kind", "primary")
        self.new.setToolTip(tr("Book at the cursor (Enter)"))

    def _tool_row(self) -> QWidget:
        tools = QWidget()
        tools.setObjectName("toolbar")
        tools.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(tools)
        row.setContentsMargins(12, 9, 12, 9)
        row.setSpacing(7)
        for button in (self.today, self.back, self.forth):
            row.addWidget(button)
        row.addSpacing(6)
        row.addWidget(self.title, 1)
        for widget in (self.gone, self.artists, self.day, self.week, self.new):
            row.addWidget(widget)
        return tools

    def _fill_artists(self) -> None:
        ids: list[int | None] = [None, *(artist.id for artist in self.presenter.data.artists)]
        with QSignalBlocker(self.artists):
            self.artists.clear()
            self.artists.addItem(tr("All artists"))
            self.artists.addItems([artist.name for artist in self.presenter.data.artists])
            self.artists.setCurrentIndex(ids.index(self.presenter.artist_id))
        self._artist_ids = ids

    def _show_title(self) -> None:
        words = self.presenter.title()
        self.title.setToolTip(words)
        self.title.setText(
            self.title.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, self.title.width() - 8)
        )
        self.new.setEnabled(self.presenter.cursor is not None)

    def _ask(self, first: date, last: date) -> None:
        self._show_title()
        self.range_requested.emit(first, last)

    def _turn_back(self) -> None:
        self.view.turn(-1)

    def _turn_forth(self) -> None:
        self.view.turn(1)

    def _set_mode(self, days: int) -> None:
        self.view.act(lambda: self.presenter.set_mode(Mode(days)))

    def _filter(self, index: int) -> None:
        self.view.act(lambda: self.presenter.filter_artist(self._artist_ids[index]))

    def _show_gone(self, shown: bool) -> None:  # noqa: FBT001 - a slot of toggled(bool)
        self.view.act(lambda: self.presenter.show_gone(shown=shown))


class _Title(QLabel):
    """A heading that is cut with an ellipsis where there is no room; its tip has it whole."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "heading")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_words(self, words: str) -> None:
        """Show ``words`` as far as they fit."""
        self.setToolTip(words)
        self.setText(self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, self.width() - 2))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_words(self.toolTip())


def _button(words: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(words)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button


def _mode(words: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(words)
    button.setToolTip(tip)
    button.setCheckable(True)
    return button
