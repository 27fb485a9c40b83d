"""The window: a side bar, one page at a time, the banner above it, and the dialogs that pages ask for."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QCloseEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from inkdesk.application.calendar import BookingCard, BookingDetail, CalendarRange
from inkdesk.application.changes import Changes
from inkdesk.application.text import render, tr
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.studio import Mode
from inkdesk.ui.banner import Banner
from inkdesk.ui.calendar.mini_month import MiniMonth
from inkdesk.ui.calendar.page import CalendarPage
from inkdesk.ui.common.keymap import KeyMap, from_text
from inkdesk.ui.desk import Desk
from inkdesk.ui.menus import make_menus
from inkdesk.ui.moving import Moving
from inkdesk.ui.navigation import PAGES, Navigation, SideBar
from inkdesk.ui.open_dialogs import OpenDialogs
from inkdesk.ui.poll_words import banner_words, own_good_look, status_words
from inkdesk.ui.window_actions import WindowActions

if TYPE_CHECKING:
    from inkdesk.application.booking_commands import Booked
    from inkdesk.application.look_result import LookResult
    from inkdesk.ui.palette.kinds import Kind

TICK_MS = 20_000
STATUS_MS = 60_000
"""How long the status line says what was done."""
WISHED, FRAME = QSize(1360, 840), QSize(16, 40)
"""The size of the window at first, and what its borders and title take of the screen besides."""


def first_size(available: QSize) -> QSize:
    """The window's size at its first show: as wished, but with its frame inside what the screen has to give."""
    return (available - FRAME).boundedTo(WISHED)


class MainWindow(QMainWindow):
    """Shows one desk. ``first_painted`` is emitted once the first week with its bookings is on the screen.

    Pages are made when they are first shown, so that the week is there at once.
    """

    first_painted = Signal()
    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._background = desk.runner.of(self)
        self.dialogs = OpenDialogs(desk, self)
        self._is_first = True
        self._keymap = keymap = from_text(desk.keys)
        self._asked = 0
        self._counted = 0
        self._to_select: int | None = None
        self._is_sought = False
        self._good_look: datetime | None = None
        self._make_pages()
        self._arrange()
        self.actions_by_name = WindowActions(keymap, self)
        make_menus(self, desk, self.actions_by_name)
        self._connect()
        self._say_mode()
        self.setWindowTitle(f"{desk.studio.name} - InkDesk")
        self.resize(first_size(self.screen().availableSize()))
        self.setMinimumSize(760, 520)
        self.calendar.use_keys(keymap)
        self.calendar.setFocus()
        self.calendar.reload()

    def show_page(self, name: str) -> None:
        """Bring one of ``PAGES`` to the front."""
        self.navigation.setCurrentRow(PAGES.index(name))

    def open_settings(self, section: str) -> None:
        """Bring one section of the settings to the front."""
        self.show_page("settings")
        self.dialogs.settings_page().open_section(section)

    @Slot()
    def new_booking(self) -> None:
        """Book for whoever is on the phone; the calendar's cursor says for when, if it is in front."""
        self.dialogs.book(None, None)

    @Slot()
    def new_group(self) -> None:
        """Plan a group sitting; the calendar's cursor says with whom and when."""
        cursor, lane = self.calendar.presenter.cursor, self.calendar.presenter.lane
        self.dialogs.plan_group(lane.artist_id if lane else None, cursor.slot.starts_at if cursor else None)

    @Slot()
    def move_booking(self) -> None:
        """Move the booking that is selected in the calendar."""
        if self.calendar.presenter.selected_booking() is None:
            self._say(tr("Select a booking in the calendar first."))
        else:
            self.calendar.view.move_booking()

    @Slot()
    def show_keys(self) -> None:
        """Show every key, to learn or to change them."""
        from inkdesk.ui.keys.dialog import KeysDialog  # noqa: PLC0415 - not needed for the first week

        dialog = KeysDialog(self._keymap, self)
        dialog.changed.connect(self._use_keys)
        dialog.show()

    def open_palette(self, kinds: "frozenset[Kind]") -> QDialog:
        """Open the line that finds these kinds of things."""
        from inkdesk.ui.finding import open_palette  # noqa: PLC0415 - not needed for the first week

        return open_palette(self, self._desk, self._keymap, kinds)

    def show_place(self, place: date | BookingCard) -> None:
        """Bring a date, or a booking on its date, to the calendar's cursor; one that is hidden there is opened."""
        self.show_page("calendar")
        self.calendar.setFocus()
        if isinstance(place, date):
            self.calendar.go_to(place)
        elif not self.calendar.presenter.filter.shows(place):
            self.dialogs.show_booking(place.booking_id)
        else:
            self._to_select, self._is_sought = place.booking_id, True
            self.calendar.go_to(place.starts_at.astimezone(self._desk.studio.zone_info).date())
            self.calendar.reload()

    @Slot(object)
    def _use_keys(self, keymap: KeyMap) -> None:
        self._keymap = keymap
        self.calendar.use_keys(keymap)
        self.actions_by_name.use_keys(keymap)
        self._desk.save_preference("keys", keymap.to_text())

    # What pages ask for

    @Slot(object, object)
    def _load_range(self, first: date, last: date) -> None:
        self._asked += 1
        number = self._asked  # reads run side by side: only the latest question's answer counts
        self._background.read(
            lambda: self._desk.services.queries.calendar(first, last),
            lambda data: self._show_range(number, data),
            lambda error: self._range_failed(number, error),
        )

    def _show_range(self, number: int, data: CalendarRange) -> None:
        if number != self._asked:
            return
        self.banner.set_notice("calendar", "")
        self._tick()  # or a hold that was just made had a minute too many until the next beat
        self.calendar.show_range(data)
        self._select()
        if self._is_first:
            self._is_first = False
            QTimer.singleShot(0, self, self.first_painted.emit)

    def _select(self) -> None:
        """Select what was saved or sought, now that its dates are there."""
        wanted, self._to_select = self._to_select, None
        is_sought, self._is_sought = self._is_sought, False
        if wanted is not None and not self.calendar.select_booking(wanted) and is_sought:
            self.dialogs.show_booking(wanted)

    def _range_failed(self, number: int, error: InkDeskError) -> None:
        if number == self._asked:
            self._say_unread(error)

    def _say_unread(self, error: InkDeskError) -> None:
        self.banner.set_notice("calendar", render(error.message), "error")

    @Slot(int, object)
    def _book_slot(self, artist_id: int, starts_at: datetime) -> None:
        self.dialogs.book(artist_id, starts_at)

    @Slot(object)
    def _booked(self, booked: "Booked") -> None:
        """Bring the new booking to the calendar's cursor, once the week that was asked for again has it."""
        self._to_select = booked.booking.id
        self.calendar.go_to(booked.booking.starts_at.astimezone(self._desk.studio.zone_info).date())
        self._read_booking(booked.booking.id, self._say_saved)

    @Slot(int)
    def follow(self, booking_id: int) -> None:
        """Bring the calendar's cursor after a booking that was moved, maybe into another week."""
        self._read_booking(booking_id, self._follow)

    def _follow(self, detail: BookingDetail) -> None:
        self._to_select = detail.card.booking_id
        self.calendar.go_to(detail.card.starts_at.astimezone(self._desk.studio.zone_info).date())
        self.calendar.reload()
        self._say_saved(detail)

    # What the workers tell

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        if changes.bookings or changes.clients or changes.payments or changes.settings:
            self.calendar.reload()
        if changes.bookings or changes.payments or changes.tasks:
            self._count_tasks()

    @Slot()
    def _count_tasks(self) -> None:
        self._counted += 1
        number = self._counted

        def done(count: int) -> None:
            if number == self._counted:
                self.navigation.show_waiting(count)

        self._background.read(lambda: len(self._desk.services.inbox.open()), done, lambda _error: None)

    @Slot(object)
    def _looked(self, result: "LookResult") -> None:
        now, zone = self._desk.services.clock.now(), self._desk.studio.zone_info
        self.banner.set_notice("payments", banner_words(result, now, zone))
        self._good_look = own_good_look(self._good_look, result, now)
        words = status_words(result, now, zone, self._good_look)
        if words is not None:
            self.last_look.setText(words)
        self._desk.feed.announce(result.changes)
        for booking_id in result.paid:
            self._read_booking(booking_id, self._say_paid)

    def _read_booking(self, booking_id: int, done: Callable[[BookingDetail], None]) -> None:
        self._background.read(lambda: self._desk.services.queries.booking(booking_id), done, self._say_unread)

    def _say_saved(self, detail: BookingDetail) -> None:
        card = detail.card
        artist = next((one.name for one in self.calendar.presenter.data.artists if one.id == card.artist_id), "")
        self._say(
            tr("Saved: {client} with {artist}, {start}", client=card.client_name, artist=artist, start=card.starts_at)
        )

    def _say_paid(self, detail: BookingDetail) -> None:
        self._say(tr("Paid: {client}, {start}", client=detail.card.client_name, start=detail.card.starts_at))

    def _say(self, words: str) -> None:
        """Say in the status line what was done; it goes after a while, being true no longer than that."""
        self.status.setText(words)
        self.status_end.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    @Slot(bool)
    def _reachable_changed(self, is_reachable: bool) -> None:  # noqa: FBT001 - a signal's argument
        lost = tr("The database cannot be reached. You see the last known state; what you type stays.")
        self.banner.set_notice("database", "" if is_reachable else lost, "error")

    @Slot()
    def _tick(self) -> None:
        self.calendar.set_now(self._desk.services.clock.now())

    # Making it

    def _make_pages(self) -> None:
        self.calendar = CalendarPage(self._desk.studio.zone, self._desk.services.clock.now(), self)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.calendar)
        self.navigation = Navigation()
        self.mini_month = MiniMonth(self.calendar.presenter.today)
        self.banner = Banner()

    def _arrange(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.stack, 1)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(SideBar(self.navigation, self.mini_month))
        row.addWidget(page, 1)
        self.setCentralWidget(middle)
        self.status = QLabel()
        self.status_end = QTimer(self, singleShot=True, interval=STATUS_MS)
        self.status_end.timeout.connect(self.status.clear)
        self.last_look = QLabel()
        for label in (self.status, self.last_look):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("role", "muted")
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().setContentsMargins(12, 0, 12, 0)
        self.statusBar().addWidget(self.status, 1)
        self.statusBar().addPermanentWidget(self.last_look)

    def _connect(self) -> None:
        self.navigation.currentRowChanged.connect(self._turn_to)
        self.calendar.dates_shown.connect(self.mini_month.show_dates)
        self.mini_month.day_chosen.connect(self.calendar.go_to)
        self.calendar.range_requested.connect(self._load_range)
        self.calendar.slot_requested.connect(self._book_slot)
        self.calendar.booking_requested.connect(self.dialogs.show_booking)
        self.calendar.group_requested.connect(self.dialogs.show_group)
        self.calendar.move_requested.connect(self.dialogs.move)
        self.calendar.repeat_requested.connect(self.dialogs.plan_series)
        self.calendar.new_group_requested.connect(self.dialogs.plan_group)
        self.calendar.refused.connect(self._say)
        self._moving = Moving(self, self._desk)
        self.dialogs.booked.connect(self._booked)
        self.dialogs.moved.connect(self.follow)
        self.dialogs.inbox_wanted.connect(lambda: self.show_page("inbox"))
        self.dialogs.time_jumped.connect(self._tick)
        self.first_painted.connect(lambda: QTimer.singleShot(0, self, self._count_tasks))  # the week comes first
        self._desk.feed.changed.connect(self._changed)
        self._desk.feed.reachable_changed.connect(self._reachable_changed)
        self._desk.monitor.looked.connect(self._looked)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    @Slot(int)
    def _turn_to(self, row: int) -> None:
        dialogs = self.dialogs
        page = (lambda: self.calendar, dialogs.inbox_page, dialogs.ledger_page, dialogs.settings_page)[row]()
        if self.stack.indexOf(page) < 0:
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        self.mini_month.setVisible(PAGES[row] == "calendar")
        if PAGES[row] == "inbox" and not self.navigation.hasFocus():
            page.setFocus()  # its list takes the arrows at once

    def _say_mode(self) -> None:
        match self._desk.studio.mode:
            case Mode.PRACTICE:
                words = tr("Practice studio: nothing here is real, and no money moves.")
            case Mode.TEST:
                words = tr("Stripe test mode: no real money moves.")
            case Mode.LIVE:
                words = ""
        self.banner.set_notice("mode", words, "info")

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._desk.monitor.set_hidden(is_hidden=False)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._desk.monitor.set_hidden(is_hidden=True)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._desk.monitor.set_hidden(is_hidden=self.isMinimized())

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.dialogs.close_all():
            event.ignore()
            return
        event.accept()
        self.closed.emit()
