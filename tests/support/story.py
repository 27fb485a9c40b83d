"""One run of the real program in this process, and what tests wait for in it."""

from typing import TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from inkdesk.app import Program
from inkdesk.application.calendar import BookingCard
from inkdesk.domain.bookings import BookingStatus
from inkdesk.ui.booking.checkout import CheckoutDialog
from inkdesk.ui.booking.dialog import BookingDialog
from inkdesk.ui.main_window import MainWindow

PATIENCE_MS = 30_000
"""How long a test waits before it gives up; what it waits for comes much sooner."""
CLIENT = "Zoë O'Brien <b>"
Dialog = TypeVar("Dialog", bound=QDialog)


class Browser:
    """Stands for the person's browser: keeps what it was asked to show."""

    def __init__(self) -> None:
        self.urls: list[str] = []
        self.is_there = True

    def __call__(self, url: str) -> bool:
        self.urls.append(url)
        return self.is_there


def window_of(program: Program, qtbot: QtBot) -> MainWindow:
    """The program's window, once its first week is shown."""

    def is_shown() -> bool:
        return program.window is not None and bool(program.window.calendar.presenter.data.artists)

    qtbot.waitUntil(is_shown, timeout=PATIENCE_MS)
    assert program.window is not None
    return program.window


def type_into(widget: QWidget, words: str) -> None:
    """Key events with text: QTest's own take ASCII only."""
    for sign in words:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, sign))


def wait_for(qtbot: QtBot, window: MainWindow, kind: type[Dialog]) -> Dialog:
    """The visible dialog of this kind, once it is there."""

    def visible() -> list[Dialog]:
        return [one for one in window.findChildren(kind) if one.isVisible()]

    qtbot.waitUntil(lambda: bool(visible()), timeout=PATIENCE_MS)
    return visible()[0]


def focused(dialog: QWidget) -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    assert dialog.isAncestorOf(widget)
    return widget


def book_by_keys(qtbot: QtBot, window: MainWindow) -> CheckoutDialog:
    """F2, a new client, a service with a deposit, the first free slot, Enter: no mouse."""
    dialog = fill_booking(qtbot, window)
    QTest.keyClick(focused(dialog), Qt.Key.Key_Return)
    return wait_for(qtbot, window, CheckoutDialog)


def fill_booking(qtbot: QtBot, window: MainWindow) -> BookingDialog:
    """All of it but the last Enter."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_F2)
    dialog = wait_for(qtbot, window, BookingDialog)
    qtbot.waitUntil(lambda: dialog.service.count() > 1, timeout=PATIENCE_MS)
    type_into(focused(dialog), CLIENT)
    qtbot.waitUntil(dialog.client.matches.isVisible, timeout=PATIENCE_MS)
    QTest.keyClick(focused(dialog), Qt.Key.Key_Up)
    QTest.keyClick(focused(dialog), Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.client.phone.hasFocus)
    type_into(focused(dialog), "+33 6 12 34 56 78")
    dialog.service.setFocus()
    type_into(dialog.service, "small")
    qtbot.waitUntil(lambda: bool(dialog.deposit.money().amount_minor), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: dialog.when.verdict.text().startswith("✓"), timeout=PATIENCE_MS)
    return dialog


def the_hold(qtbot: QtBot, window: MainWindow) -> BookingCard:
    """The new booking as the calendar shows it: a hold with its minutes."""

    def holds() -> list[BookingCard]:
        return [card for card in window.calendar.presenter.data.cards if card.client_name == CLIENT]

    qtbot.waitUntil(lambda: bool(holds()), timeout=PATIENCE_MS)
    (card,) = holds()
    assert card.status is BookingStatus.PENDING_PAYMENT
    assert card.hold_until is not None
    return card
