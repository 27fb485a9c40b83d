"""A booking form on the screen, driven by keys."""

from datetime import UTC, datetime

from PySide6.QtGui import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inkdesk.application.booking_commands import BookCommand, Booked, DepositChoice
from inkdesk.domain.bookings import Booking
from inkdesk.ui.booking.dialog import BookingDialog
from support.desk import Desk

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
"""Tuesday, 11:00 in Paris."""


class Opened:
    """A dialog on the screen, and what it booked."""

    def __init__(self, qtbot: QtBot, desk: Desk, **how: object) -> None:
        self.qtbot = qtbot
        self.dialog = BookingDialog(desk.services, desk.background, **how)  # type: ignore[arg-type]
        qtbot.addWidget(self.dialog)
        self.booked: list[Booked] = []
        self.dialog.booked.connect(self.booked.append)
        self.dialog.open()
        self.until(lambda: self.verdict[:1] in {"✓", "✕"})

    @property
    def verdict(self) -> str:
        return self.dialog.when.verdict.text()

    def until(self, condition: object) -> None:
        self.qtbot.waitUntil(condition, timeout=5000)  # type: ignore[arg-type]

    def key(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.dialog.focusWidget() or self.dialog, key)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.dialog.focusWidget(), text)

    def find(self, text: str) -> None:
        self.type(text)
        self.until(self.dialog.client.matches.isVisible)

    def is_booked(self) -> bool:
        return bool(self.booked)


def book(desk: Desk, starts_at: datetime, key: str = "earlier", artist_id: int | None = None) -> Booking:
    """Somebody was faster."""
    command = BookCommand(
        request_key=key,
        artist_id=artist_id or desk.book.ana.id,
        service_id=desk.book.service.id,
        starts_at=starts_at,
        client=desk.book.client.id,
        choice=DepositChoice.NONE,
    )
    return desk.services.bookings.book(command).booking
