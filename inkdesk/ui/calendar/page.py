"""The calendar's page: a tool row over the painted view."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inkdesk.application.calendar import CalendarRange
from inkdesk.application.text import tr
from inkdesk.ui.calendar.bands import open_minutes
from inkdesk.ui.calendar.filter_button import FilterButton
from inkdesk.ui.calendar.presenter import WITH_CLOCK, CalendarPresenter
from inkdesk.ui.calendar.ranges import Mode
from inkdesk.ui.calendar.shown import Filter
from inkdesk.ui.calendar.sight import reveal_now, reveal_today
from inkdesk.ui.calendar.toolbar import ToolBar
from inkdesk.ui.calendar.view import CalendarView
from inkdesk.ui.common.keymap import KeyMap

if TYPE_CHECKING:
    from inkdesk.ui.calendar.agenda_view import AgendaView
    from inkdesk.ui.calendar.month_view import MonthView

SOON_MIN = 60


class CalendarPage(QWidget):
    """Day, week, month or agenda with its tools; ``zone`` is the studio's, ``now`` aware.

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
    proposal_wanted = Signal(int, object, object)
    """A booking is carried: its id, and the first and last date it may be put down on."""
    change_requested = Signal(object, object)
    """A booking was put down elsewhere: its BookingCard and the ``Change``."""
    refused = Signal(str)
    """It cannot stand where it was put down: why not."""
    dates_shown = Signal(object, object, object, object)
    """What is looked at now: the keys' date, first and last date, today."""

    def __init__(self, zone: str, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.presenter = CalendarPresenter(zone, now)
        self._artist_ids: list[int | None] = []
        self._is_first_look = True
        self._make_tools()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        filters = (self.filter, self.artists, *self._modes.buttons())
        self.tools = ToolBar((self.today, self.back, self.forth), filters, self.new)
        self._column.addWidget(self.tools)
        # Made after the tools: Tab follows the order in which widgets get their parent.
        self.view = CalendarView(self.presenter, self)
        self.views = QStackedWidget(self)
        self.views.addWidget(self.view)
        self._column.addWidget(self.views, 1)
        self.setFocusProxy(self.view)
        self._others: dict[Mode, MonthView | AgendaView] = {}
        self.today.clicked.connect(self._go_today)
        self.new.clicked.connect(self._create)
        self._connect(self.view)
        self.view.slot_requested.connect(self.slot_requested)
        self.view.hand.proposal_wanted.connect(self._want_proposal)
        self.view.hand.change_requested.connect(self.change_requested)
        self.view.hand.refused.connect(self.refused)
        self.view.repeat_requested.connect(self.repeat_requested)
        self.view.new_group_requested.connect(self.new_group_requested)
        self._fill_artists()
        self._show_title()

    def reload(self) -> None:
        """Ask for the dates that are shown."""
        self.range_requested.emit(self.presenter.first, self.presenter.last)

    def show_range(self, data: CalendarRange) -> None:
        """Show the answer; scroll place, cursor and selection stay. A late answer for other dates is dropped."""
        if self.view.show_range(data):
            self._relay_other()
            self._fill_artists()
            self._show_title()
            if self._is_first_look and data.artists:
                self._is_first_look = False
                self._bring_now_into_sight()

    def set_now(self, now: datetime) -> None:
        """Move the now line and count holds down; call it at least once a minute."""
        self.view.set_now(now)
        self._relay_other()

    def use_keys(self, keymap: KeyMap) -> None:
        """Let these keys act in every view."""
        for view in (self.view, *self._others.values()):
            view.keymap = keymap

    def do(self, name: str) -> None:
        """Do one of the calendar's actions in the view that is in front; nothing if it has no meaning there."""
        view = self._others.get(self.presenter.mode, self.view)
        view.setFocus()
        view.do(name)

    def show_mode(self, mode: Mode) -> None:
        """Look at the cursor's day as a day, a week, a month or a list."""
        shown = self.view if mode in WITH_CLOCK else self._other(mode)
        had_focus = any(one.hasFocus() for one in (self.view, *self._others.values()))
        self.views.setCurrentWidget(shown)
        self.setFocusProxy(shown)
        shown.act(lambda: self.presenter.set_mode(mode))
        self._modes.button(list(Mode).index(mode)).setChecked(True)
        if had_focus:
            shown.setFocus()

    def go_to(self, day: date) -> None:
        """Show the day or week that holds ``day``."""
        self._act(lambda: self.presenter.go_to(day))

    def select_booking(self, booking_id: int) -> bool:
        """Select a booking, or the group sitting it has seats in, and bring it into sight; False if it is not shown."""
        card = self.presenter.find_booking(booking_id)
        if card is None:
            return False
        self._act(lambda: self.presenter.select(card))
        self.view.reveal_cursor()
        return True

    # Inside

    def _make_tools(self) -> None:
        self.today = _button(tr("Today"), tr("Show today (T)"))
        self.back = _button("‹", tr("Earlier (Ctrl+Left)"))
        self.back.clicked.connect(self._turn_back)
        self.forth = _button("›", tr("Later (Ctrl+Right)"))
        self.forth.clicked.connect(self._turn_forth)
        self.day = _mode(tr("Day"), tr("Show one day"))
        self.week = _mode(tr("Week"), tr("Show a week"))
        self.month = _mode(tr("Month"), tr("Show a month"))
        self.agenda = _mode(tr("Agenda"), tr("Show four weeks as a list"))
        self.week.setChecked(True)
        self._modes = QButtonGroup(self)
        for number, button in enumerate((self.day, self.week, self.month, self.agenda)):
            self._modes.addButton(button, number)
        self._modes.idClicked.connect(lambda number: self.show_mode(list(Mode)[number]))
        self.artists = QComboBox()
        self.artists.setAccessibleName(tr("Artist"))
        self.artists.setToolTip(tr("Show all artists or one"))
        self.artists.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.artists.setMaximumWidth(180)
        self.artists.activated.connect(self._filter)
        self.filter = FilterButton()
        self.filter.changed.connect(self._use_filter)
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
        presenter = self.presenter
        self.tools.show_title(presenter.title())
        self.dates_shown.emit(presenter.day, presenter.first, presenter.last, presenter.today)
        self.new.setEnabled(self.presenter.cursor is not None or self.presenter.mode not in WITH_CLOCK)

    def _ask(self, first: date, last: date) -> None:
        self._show_title()
        self.range_requested.emit(first, last)

    def _other(self, mode: Mode) -> "MonthView | AgendaView":
        """The view without a clock for that mode, made when it is first looked at."""
        if mode not in self._others:
            view = self._others[mode] = self._make_month() if mode is Mode.MONTH else self._make_agenda()
            view.keymap = self.view.keymap
            self._connect(view)
            self.views.addWidget(view)
        return self._others[mode]

    def _make_month(self) -> "MonthView":
        from inkdesk.ui.calendar.month_presenter import MonthPresenter  # noqa: PLC0415 - not for the first week
        from inkdesk.ui.calendar.month_view import MonthView  # noqa: PLC0415 - as above

        month = MonthView(MonthPresenter(self.presenter), self)
        month.day_requested.connect(self._show_day)
        return month

    def _make_agenda(self) -> "AgendaView":
        from inkdesk.ui.calendar.agenda_presenter import AgendaPresenter  # noqa: PLC0415 - not for the first week
        from inkdesk.ui.calendar.agenda_view import AgendaView  # noqa: PLC0415 - as above

        return AgendaView(AgendaPresenter(self.presenter), self)

    def _relay_other(self) -> None:
        """Show new data, or a new minute, in the view that is in front if it has no clock."""
        if self.presenter.mode in self._others:
            self._others[self.presenter.mode].relay()

    def _connect(self, view: "CalendarView | MonthView | AgendaView") -> None:
        view.booking_requested.connect(self.booking_requested)
        view.group_requested.connect(self.group_requested)
        view.move_requested.connect(self.move_requested)
        view.selection_changed.connect(self.selection_changed)
        view.range_requested.connect(self._ask)

    def _act(self, step: Callable[[], object]) -> None:
        """Take a step in the view that is in front."""
        view = self._others.get(self.presenter.mode)
        if view is None:
            self.view.act(step)
        else:
            view.act(step)

    @Slot(int)
    def _want_proposal(self, booking_id: int) -> None:
        self.proposal_wanted.emit(booking_id, self.presenter.first, self.presenter.last)

    @Slot(object)
    def _show_day(self, day: date) -> None:
        self._act(lambda: self.presenter.put_day(day))
        self.show_mode(Mode.DAY)

    def _turn_back(self) -> None:
        self._act(lambda: self.presenter.turn(-1))

    def _turn_forth(self) -> None:
        self._act(lambda: self.presenter.turn(1))

    def _go_today(self) -> None:
        if self.presenter.mode not in WITH_CLOCK:
            self._act(lambda: self.presenter.put_day(self.presenter.today))
        else:
            self.view.go_today()

    def _create(self) -> None:
        if self.presenter.mode not in WITH_CLOCK:
            self._show_day(self.presenter.day)
        self.view.create_here()

    def _filter(self, index: int) -> None:
        self._act(lambda: self.presenter.filter_artist(self._artist_ids[index]))

    @Slot(object)
    def _use_filter(self, filter_: Filter) -> None:
        self._act(lambda: self.presenter.use_filter(filter_))


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
