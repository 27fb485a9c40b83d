"""The calendar's page: a tool row over the painted view."""

from datetime import date, datetime

from PySide6.QtCore import QEvent, QSignalBlocker, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QComboBox, QPushButton, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from inkdesk.application.calendar import CalendarRange
from inkdesk.application.text import tr
from inkdesk.ui.calendar.bands import open_minutes
from inkdesk.ui.calendar.margins import HEADER_HEIGHT, gutter_width
from inkdesk.ui.calendar.presenter import CalendarPresenter, Mode
from inkdesk.ui.calendar.sight import reveal_now, reveal_today
from inkdesk.ui.calendar.toolbar import ToolBar
from inkdesk.ui.calendar.view import CalendarView

SOON_MIN = 60


class CalendarPage(QWidget):
    """Day or week with its tools; ``zone`` is the studio's, ``now`` aware.

    It never fetches: call ``reload`` once its signals are connected, and ``show_range`` with every answer.
    """

    slot_requested = Signal(int, object)
    """A free place was chosen: artist's id, aware start (datetime)."""
    booking_requested = Signal(int)
    """A booking shall be opened: its id."""
    group_requested = Signal(int)
    """A group sitting shall be opened: its id."""
    move_requested = Signal(int)
    """A booking shall be moved: its id."""
    repeat_requested = Signal(int)
    """A booking shall become the pattern of a series: its id."""
    new_group_requested = Signal(int, object)
    """A group sitting shall be planned: artist's id, aware start (datetime)."""
    range_requested = Signal(object, object)
    """Data is wanted: first and last (date), both included."""
    selection_changed = Signal(object)
    """The selected BookingCard or GroupCard, or None."""

    def __init__(self, zone: str, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.presenter = CalendarPresenter(zone, now)
        self._artist_ids: list[int | None] = []
        self._is_first_look = True
        self._make_tools()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        filters = (self.gone, self.artists, self.day, self.week)
        self.tools = ToolBar((self.today, self.back, self.forth), filters, self.new)
        self._column.addWidget(self.tools)
        # Made after the tools: Tab follows the order in which widgets get their parent.
        self.view = _RoomyView(self.presenter, self)
        self._column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.today.clicked.connect(self.view.go_today)
        self.new.clicked.connect(self.view.create_here)
        self.view.slot_requested.connect(self.slot_requested)
        self.view.booking_requested.connect(self.booking_requested)
        self.view.group_requested.connect(self.group_requested)
        self.view.move_requested.connect(self.move_requested)
        self.view.repeat_requested.connect(self.repeat_requested)
        self.view.new_group_requested.connect(self.new_group_requested)
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
            if self._is_first_look and data.artists:
                self._is_first_look = False
                self._bring_now_into_sight()

    def set_now(self, now: datetime) -> None:
        """Move the now line and count holds down; call it at least once a minute."""
        self.view.set_now(now)

    def go_to(self, day: date) -> None:
        """Show the day or week that holds ``day``."""
        self.view.act(lambda: self.presenter.go_to(day))

    def select_booking(self, booking_id: int) -> None:
        """Select a booking that is shown, or the group sitting it has seats in, and bring it into sight."""
        if card := self.presenter.find_booking(booking_id):
            self.view.act(lambda: self.presenter.select(card))
            self.view.reveal_cursor()

    # Inside

    def _make_tools(self) -> None:
        self.today = _button(tr("Today"), tr("Show today (T)"))
        self.back = _button("‹", tr("Earlier (Ctrl+Left)"))
        self.back.clicked.connect(self._turn_back)
        self.forth = _button("›", tr("Later (Ctrl+Right)"))
        self.forth.clicked.connect(self._turn_forth)
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

    def _bring_now_into_sight(self) -> None:
        """Scroll to the now line while somebody works or soon begins; else the first look stays at the first hours."""
        reveal_today(self.view)
        at = self.presenter.now_line()
        if at is not None and self._is_working_time(*at):
            reveal_now(self.view)

    def _is_working_time(self, day: date, minute: int) -> bool:
        lanes = [lane for lane in self.presenter.board.lanes if lane.day == day]
        hours = [span for lane in lanes for span in open_minutes(self.presenter.data, lane)]
        return any(span.start_s - SOON_MIN <= minute <= span.end_s for span in hours)

    def _fill_artists(self) -> None:
        ids: list[int | None] = [None, *(artist.id for artist in self.presenter.data.artists)]
        with QSignalBlocker(self.artists):
            self.artists.clear()
            self.artists.addItem(tr("All artists"))
            self.artists.addItems([artist.name for artist in self.presenter.data.artists])
            self.artists.setCurrentIndex(ids.index(self.presenter.artist_id))
        self._artist_ids = ids

    def _show_title(self) -> None:
        self.tools.show_title(self.presenter.title())
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


class _RoomyView(CalendarView):
    """The view with a gutter as wide as the reader's clock times."""

    def __init__(self, presenter: CalendarPresenter, parent: QWidget) -> None:
        super().__init__(presenter, parent)
        self._make_room()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        frame = self.viewport().geometry()
        self._gutter.setGeometry(0, frame.top(), frame.left(), frame.height())

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._make_room()

    def _make_room(self) -> None:
        self.setViewportMargins(gutter_width(self.fontMetrics()), HEADER_HEIGHT, 0, 0)


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
