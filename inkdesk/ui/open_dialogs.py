"""Opens the dialogs and the pages beside the calendar, and ties them to the feed and the monitor."""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from inkdesk.application.changes import EVERYTHING
from inkdesk.application.text import render, tr
from inkdesk.ui.desk import Desk

if TYPE_CHECKING:
    from inkdesk.application.booking_commands import Booked
    from inkdesk.application.client_words import Letter
    from inkdesk.application.group_commands import GroupSaved
    from inkdesk.application.series_commands import BookedSeries
    from inkdesk.domain.clients import Client
    from inkdesk.domain.errors import InkDeskError
    from inkdesk.ui.payments.inbox_page import InboxPage
    from inkdesk.ui.payments.page import LedgerPage
    from inkdesk.ui.practice.console import PracticeConsole
    from inkdesk.ui.settings.page import SettingsPage

CASCADE_PX = 28


@runtime_checkable
class AsksToClose(Protocol):
    """A dialog that asks before what was typed is lost."""

    def is_typed_in(self) -> bool:
        """Whether closing it would lose something."""
        ...


class OpenDialogs(QObject):
    """``booked`` carries a ``Booked`` once a booking was stored, ``moved`` the id of a booking that was moved.

    ``inbox_wanted`` asks for the page of what needs a person; ``time_jumped`` says that a trainer moved the time.
    Dialogs are imported and made when asked for.
    """

    booked = Signal(object)
    moved = Signal(int)
    inbox_wanted = Signal()
    time_jumped = Signal()

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._inbox: InboxPage | None = None
        self._ledger: LedgerPage | None = None
        self._settings: SettingsPage | None = None
        self._console: PracticeConsole | None = None
        self._may_leave = False

    def book(self, artist_id: int | None, starts_at: datetime | None, client: "Client | None" = None) -> QDialog:
        """Open a new booking; each call is a dialog of its own, so a second ring loses nothing."""
        from inkdesk.ui.booking.dialog import BookingDialog  # noqa: PLC0415 - not needed for the first week

        background = self._desk.runner.of(self._window)
        dialog = BookingDialog(
            self._desk.services, background, artist_id=artist_id, starts_at=starts_at, parent=self._window
        )
        dialog.booked.connect(self._after_booking)
        dialog.changed.connect(self._desk.feed.announce)
        if client is not None:
            dialog.client.choose(client)
        return self._show(dialog)

    @Slot(int)
    def show_booking(self, booking_id: int) -> QDialog:
        """Open one booking."""
        from inkdesk.ui.booking.detail import BookingDetailDialog  # noqa: PLC0415 - as above

        dialog = BookingDetailDialog(
            self._desk.services,
            self._desk.runner.of(self._window),
            booking_id=booking_id,
            open_url=self._desk.open_url,
            parent=self._window,
        )
        dialog.changed.connect(self._desk.feed.announce)
        dialog.checkout_shown.connect(lambda is_shown: self._set_watched(booking_id, is_watched=is_shown))
        dialog.repeat_requested.connect(self.plan_series)
        self._desk.feed.changed.connect(dialog.reload)
        return self._show(dialog)

    @Slot(int)
    def move(self, booking_id: int) -> QDialog:
        """Move one booking."""
        from inkdesk.ui.booking.move_dialog import MoveDialog  # noqa: PLC0415 - as above

        dialog = MoveDialog(
            self._desk.services, self._desk.runner.of(self._window), booking_id=booking_id, parent=self._window
        )
        dialog.changed.connect(self._desk.feed.announce)
        dialog.accepted.connect(lambda: self.moved.emit(booking_id))
        return self._show(dialog)

    @Slot(int)
    def plan_series(self, pattern_id: int | None = None) -> QDialog:
        """Plan a series, like a booking if one is named."""
        from inkdesk.ui.booking.series_dialog import SeriesDialog  # noqa: PLC0415 - as above

        dialog = SeriesDialog(
            self._desk.services, self._desk.runner.of(self._window), pattern_id=pattern_id, parent=self._window
        )
        dialog.booked.connect(self._after_series)
        dialog.changed.connect(self._desk.feed.announce)
        return self._show(dialog)

    @Slot(int, object)
    def plan_group(self, artist_id: int | None = None, starts_at: datetime | None = None) -> QDialog:
        """Plan a group sitting."""
        from inkdesk.ui.booking.group_form import GroupForm  # noqa: PLC0415 - as above

        background = self._desk.runner.of(self._window)
        dialog = GroupForm(
            self._desk.services, background, artist_id=artist_id, starts_at=starts_at, parent=self._window
        )
        dialog.saved.connect(self._after_planning)
        return self._show(dialog)

    @Slot(int)
    def show_group(self, group_id: int) -> QDialog:
        """Open one group sitting."""
        from inkdesk.ui.booking.group_dialog import GroupDialog  # noqa: PLC0415 - as above

        dialog = GroupDialog(
            self._desk.services, self._desk.runner.of(self._window), group_id=group_id, parent=self._window
        )
        dialog.changed.connect(self._desk.feed.announce)
        dialog.booked.connect(self._after_booking)
        dialog.booking_requested.connect(self.show_booking)
        self._desk.feed.changed.connect(dialog.reload)
        return self._show(dialog)

    @Slot(int, int)
    def follow_payment(self, booking_id: int, payment_id: int) -> QDialog:
        """Show the payable link of a hold and what becomes of it."""
        from inkdesk.ui.booking.checkout import CheckoutDialog  # noqa: PLC0415 - as above

        dialog = CheckoutDialog(
            self._desk.services,
            self._desk.runner.of(self._window),
            booking_id=booking_id,
            payment_id=payment_id,
            open_url=self._desk.open_url,
            parent=self._window,
        )
        dialog.changed.connect(self._desk.feed.announce)
        self._desk.feed.changed.connect(dialog.reload)
        self._set_watched(booking_id, is_watched=True)
        dialog.finished.connect(lambda: self._set_watched(booking_id, is_watched=False))
        return self._show(dialog)

    @Slot(int)
    def write_to_client(self, booking_id: int) -> None:
        """Open the ready message for a booking's client, if there is something to tell."""
        from inkdesk.application.client_words import write_letter  # noqa: PLC0415 - as above

        services = self._desk.services
        self._desk.runner.of(self._window).read(
            lambda: write_letter(services.queries, services.read, booking_id), self._show_letter, self._say
        )

    def _show_letter(self, letter: "Letter | None") -> None:
        from inkdesk.ui.booking.letter_dialog import LetterDialog  # noqa: PLC0415 - as above

        if letter is None:
            self._tell(tr("There is nothing to tell the client about this booking now."))
        else:
            self._show(LetterDialog(letter, self._desk.runner.of(self._window), self._desk.open_url, self._window))

    def _say(self, error: "InkDeskError") -> None:
        self._tell(render(error.message))

    def _tell(self, sentence: str) -> None:
        from inkdesk.ui.common.prompts import tell  # noqa: PLC0415 - rarely said

        tell(self._window, sentence)

    @Slot()
    def show_practice(self) -> None:
        """Bring the practice console to the front; there is one at most, and none with real money."""
        from inkdesk.ui.practice.console import PracticeConsole  # noqa: PLC0415 - as above

        if self._console is not None:
            self._console.raise_()
            self._console.activateWindow()
        elif self._desk.practice is not None:
            self._console = console = PracticeConsole(
                self._desk.practice, self._desk.services.queries, self._desk.runner, self._window
            )
            console.time_jumped.connect(self._after_jump)
            console.finished.connect(self._forget_console)
            self._show(console)

    @Slot()
    def _forget_console(self) -> None:
        self._console = None

    @Slot()
    def _after_jump(self) -> None:
        """Show everything as it is at the new time, and look at once what became due at Stripe."""
        self.time_jumped.emit()
        self._desk.feed.announce(EVERYTHING)
        self._desk.monitor.look_now(sweep=True)

    def close_all(self) -> bool:
        """Close what is open beside the window; False, and nothing else is closed, if one asks first.

        One that neither closes nor asks waits for an answer, of Stripe for minutes: the person may leave all the same.
        """
        shown = [one for one in self._window.children() if isinstance(one, QDialog) and one.isVisible()]
        shown.sort(key=_is_typed_in, reverse=True)
        return all(one.close() or self._may_leave_waiting(one) for one in shown)

    def _may_leave_waiting(self, dialog: QDialog) -> bool:
        from inkdesk.ui.common.prompts import is_asking  # noqa: PLC0415 - rarely asked

        if is_asking(dialog):
            return False
        if not self._may_leave:
            self._ask_to_leave(dialog)
        return self._may_leave

    def _ask_to_leave(self, waiting: QDialog) -> None:
        from inkdesk.ui.common.prompts import confirm  # noqa: PLC0415 - rarely asked

        def leave() -> None:
            self._may_leave = True
            self._window.close()

        waits = tr("A booking still waits for an answer. If you leave now, look at it again at the next start.")
        confirm(waiting, waits, yes=tr("Leave now"), no=tr("Wait"), done=leave)

    def inbox_page(self) -> "InboxPage":
        """What needs a person, made on first use."""
        from inkdesk.ui.payments.inbox_page import InboxPage  # noqa: PLC0415 - as above

        if self._inbox is None:
            self._inbox = InboxPage(self._desk.services, self._desk.runner.of(self._window))
            self._inbox.booking_requested.connect(self.show_booking)
            self._inbox.letter_requested.connect(self.write_to_client)
            self._inbox.payment_requested.connect(self.follow_payment)
            self._inbox.link_requested.connect(self._open_page)
            self._inbox.changed.connect(self._desk.feed.announce)
            self._desk.feed.changed.connect(self._inbox.reload)
        return self._inbox

    def ledger_page(self) -> "LedgerPage":
        """The ledger, made on first use."""
        from inkdesk.ui.payments.page import LedgerPage  # noqa: PLC0415 - as above

        if self._ledger is None:
            desk = self._desk
            self._ledger = LedgerPage(desk.services, desk.runner.of(self._window), desk.write_table, desk.resources)
            self._ledger.booking_requested.connect(self.show_booking)
            self._ledger.inbox_requested.connect(self.inbox_wanted)
            self._ledger.statement_requested.connect(self.show_statement)
            self._desk.feed.changed.connect(self._ledger.reload)
        return self._ledger

    @Slot()
    def show_statement(self) -> QDialog:
        """Lay a month beside Stripe's own account."""
        from inkdesk.ui.payments.statement_dialog import StatementDialog  # noqa: PLC0415 - as above

        desk = self._desk
        dialog = StatementDialog(desk.services, desk.runner, desk.write_table, self._window)
        dialog.booking_requested.connect(self.show_booking)
        return self._show(dialog)

    def settings_page(self) -> "SettingsPage":
        """The settings, made on first use."""
        from inkdesk.ui.settings.page import SettingsPage  # noqa: PLC0415 - as above

        if self._settings is None:
            desk = self._desk
            self._settings = SettingsPage(desk.services, desk.runner, desk.feed, desk.open_key, desk.database)
            self._settings.link_requested.connect(self._open_page)
            self._settings.language_chosen.connect(lambda code: desk.save_preference("language", code))
            self._settings.key_changed.connect(lambda: desk.monitor.look_now(sweep=True))
        return self._settings

    @Slot(object)
    def _after_booking(self, booked: "Booked") -> None:
        self._desk.feed.announce(booked.changes)
        self.booked.emit(booked)
        if booked.payment_id is not None:
            self.follow_payment(booked.booking.id, booked.payment_id)

    @Slot(object)
    def _after_planning(self, saved: "GroupSaved") -> None:
        self._desk.feed.announce(saved.changes)
        self.show_group(saved.group.id)

    @Slot(object)
    def _after_series(self, series: "BookedSeries") -> None:
        """The first sitting stands for the series: the window goes there, and it has the deposit."""
        from inkdesk.application.booking_commands import Booked  # noqa: PLC0415 - as above

        self._after_booking(Booked(series.bookings[0], series.payment_id, series.changes))

    @Slot(str)
    def _open_page(self, url: str) -> None:
        """Show a web page; a browser may take seconds to answer, so not in the window's thread."""

        def opened(is_shown: bool) -> None:  # noqa: FBT001 - an answer
            if not is_shown:
                self._offer_address(url)

        self._desk.runner.of(self._window).call(
            lambda: self._desk.open_url(url), opened, lambda _: self._offer_address(url)
        )

    def _offer_address(self, url: str) -> None:
        from inkdesk.ui.common.prompts import tell  # noqa: PLC0415 - rarely said

        said = tell(self._window, tr("No browser could be started. Copy this address into one: {url}", url=url))
        said.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def _set_watched(self, booking_id: int, *, is_watched: bool) -> None:
        """Whether somebody waits in front of this hold's link: then Stripe is asked more often."""
        if is_watched:
            self._desk.monitor.watch(booking_id)
        else:
            self._desk.monitor.unwatch(booking_id)

    def _show(self, dialog: QDialog) -> QDialog:
        dialog.finished.connect(dialog.deleteLater)
        beside = sum(one.isVisible() for one in self._window.findChildren(QDialog))
        dialog.show()  # not modal: the calendar and a second ring go on beside it
        if beside:
            dialog.move(dialog.pos() + QPoint(CASCADE_PX, CASCADE_PX) * beside)
        return dialog


def _is_typed_in(dialog: QDialog) -> bool:
    return isinstance(dialog, AsksToClose) and dialog.is_typed_in()
