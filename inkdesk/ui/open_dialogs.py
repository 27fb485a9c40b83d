"""Opens the dialogs and the pages beside the calendar, and ties them to the feed and the monitor."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from inkdesk.application.booking_commands import Booked
from inkdesk.ui.desk import Desk

if TYPE_CHECKING:
    from inkdesk.ui.payments.page import LedgerPage
    from inkdesk.ui.settings.page import SettingsPage


class OpenDialogs(QObject):
    """``booked`` carries a ``Booked`` once a booking was stored. Dialogs are imported and made when asked for."""

    booked = Signal(object)

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._ledger: LedgerPage | None = None
        self._settings: SettingsPage | None = None

    def book(self, artist_id: int | None, starts_at: datetime | None) -> QDialog:
        """Open a new booking; each call is a dialog of its own, so a second ring loses nothing."""
        from inkdesk.ui.booking.dialog import BookingDialog  # noqa: PLC0415 - not needed for the first week

        background = self._desk.runner.of(self._window)
        dialog = BookingDialog(
            self._desk.services, background, artist_id=artist_id, starts_at=starts_at, parent=self._window
        )
        dialog.booked.connect(self._after_booking)
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
        self._desk.monitor.watch(booking_id)
        dialog.finished.connect(lambda: self._desk.monitor.unwatch(booking_id))
        return self._show(dialog)

    def ledger_page(self) -> "LedgerPage":
        """The ledger, made on first use."""
        from inkdesk.ui.payments.page import LedgerPage  # noqa: PLC0415 - as above

        if self._ledger is None:
            self._ledger = LedgerPage(self._desk.services, self._desk.runner.of(self._window))
            self._ledger.booking_requested.connect(self.show_booking)
            self._desk.feed.changed.connect(self._ledger.reload)
        return self._ledger

    def settings_page(self) -> "SettingsPage":
        """The settings, made on first use."""
        from inkdesk.ui.settings.page import SettingsPage  # noqa: PLC0415 - as above

        if self._settings is None:
            desk = self._desk
            self._settings = SettingsPage(desk.services, desk.runner, desk.feed, desk.probe_key, desk.database)
            self._settings.link_requested.connect(desk.open_url)
            self._settings.language_chosen.connect(lambda code: desk.save_preference("language", code))
            self._settings.key_changed.connect(lambda: desk.monitor.look_now(sweep=True))
        return self._settings

    @Slot(object)
    def _after_booking(self, booked: Booked) -> None:
        self._desk.feed.announce(booked.changes)
        self.booked.emit(booked)
        if booked.payment_id is not None:
            self.follow_payment(booked.booking.id, booked.payment_id)

    def _show(self, dialog: QDialog) -> QDialog:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog
