"""The main job once more by mouse: click a free place in the week, save; later show the link again."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from support.story import CLIENT, PATIENCE_MS, Browser, the_hold, type_into, wait_for, window_of

from inkdesk.app import AppOptions, Program
from inkdesk.ui.booking.checkout import CheckoutDialog
from inkdesk.ui.booking.detail import BookingDetailDialog
from inkdesk.ui.booking.dialog import BookingDialog
from inkdesk.ui.booking.presenter.detail import BookingAction
from inkdesk.ui.calendar.shown import id_of
from inkdesk.ui.calendar.view import CalendarView
from inkdesk.ui.main_window import MainWindow
from inkdesk.workers.payment_monitor import PaymentMonitor

LEFT = Qt.MouseButton.LeftButton
SMALL = 2
"""A service of the sample with a deposit."""


def free_place(program: Program, window: MainWindow) -> tuple[int, datetime]:
    """An artist and a start tomorrow or later, with an hour free around it."""
    assert program.opened is not None
    services = program.opened.services
    today = services.clock.now().date()
    slots = services.availability.slots(None, SMALL, today + timedelta(days=1), today + timedelta(days=9))
    return slots[0].artist_id, slots[0].starts_at


def point_at(view: CalendarView, artist_id: int, starts_at: datetime) -> QPoint:
    """Where this start is, scrolled into sight; in the viewport."""
    lane = next(n for n, at in enumerate(view.presenter.board.lanes) if at == (starts_at.date(), artist_id))
    minute = starts_at.hour * 60 + starts_at.minute
    box = view.geometry_px.box(lane, minute, minute + 15)
    view.verticalScrollBar().setValue(box.y - view.viewport().height() // 2)
    view.horizontalScrollBar().setValue(box.x - view.viewport().width() // 2)
    return QPoint(box.x + box.width // 2, box.y + box.height // 2) - view.offset()


def middle_of(view: CalendarView, booking_id: int) -> QPoint:
    box = next(box for card, box in view.visible_cards() if id_of(card) == booking_id)
    return QPoint(box.x + box.width // 2, box.y + box.height // 2) - view.offset()


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The holds somebody waits in front of, as the monitor was told."""
    told: set[int] = set()
    watch, unwatch = PaymentMonitor.watch, PaymentMonitor.unwatch

    def begin(monitor: PaymentMonitor, booking_id: int) -> None:
        told.add(booking_id)
        watch(monitor, booking_id)

    def end(monitor: PaymentMonitor, booking_id: int) -> None:
        told.discard(booking_id)
        unwatch(monitor, booking_id)

    monkeypatch.setattr(PaymentMonitor, "watch", begin)
    monkeypatch.setattr(PaymentMonitor, "unwatch", end)
    return told


def book_by_mouse(qtbot: QtBot, program: Program, window: MainWindow) -> CheckoutDialog:
    """Click a free place, type who it is, click Save."""
    artist_id, starts_at = free_place(program, window)
    view = window.calendar.view
    window.calendar.go_to(starts_at.date())
    qtbot.waitUntil(lambda: starts_at.date() in {at.day for at in view.presenter.board.lanes}, timeout=PATIENCE_MS)
    QTest.mouseClick(view.viewport(), LEFT, pos=point_at(view, artist_id, starts_at))
    dialog = wait_for(qtbot, window, BookingDialog)
    qtbot.waitUntil(lambda: dialog.service.count() > 1, timeout=PATIENCE_MS)
    assert dialog.artist.currentData() == artist_id
    dialog.service.setCurrentIndex(dialog.service.findData(SMALL))
    type_into(dialog.client.line, CLIENT)
    qtbot.waitUntil(dialog.client.matches.isVisible, timeout=PATIENCE_MS)
    QTest.keyClick(dialog.client.line, Qt.Key.Key_Up)
    QTest.keyClick(dialog.client.line, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.client.phone.isVisible, timeout=PATIENCE_MS)
    type_into(dialog.client.phone, "+33 6 12 34 56 78")
    qtbot.waitUntil(lambda: dialog.when.verdict.text().startswith("✓"), timeout=PATIENCE_MS)
    QTest.mouseClick(dialog.save_button, LEFT)
    checkout = wait_for(qtbot, window, CheckoutDialog)
    assert the_hold(qtbot, window).starts_at == starts_at
    return checkout


def test_book_by_mouse_and_show_the_link_again(
    qtbot: QtBot, start: Callable[[AppOptions], Program], browser: Browser, watched: set[int]
) -> None:
    program = start(AppOptions(practice=True, language="en"))
    window = window_of(program, qtbot)
    checkout = book_by_mouse(qtbot, program, window)
    hold = the_hold(qtbot, window)
    qtbot.waitUntil(lambda: bool(browser.urls), timeout=PATIENCE_MS)
    assert watched == {hold.booking_id}
    checkout.close()
    assert watched == set()
    QTest.mouseDClick(window.calendar.view.viewport(), LEFT, pos=middle_of(window.calendar.view, hold.booking_id))
    detail = wait_for(qtbot, window, BookingDetailDialog)
    qtbot.waitUntil(detail.buttons[BookingAction.SHOW_LINK].isVisible, timeout=PATIENCE_MS)
    QTest.mouseClick(detail.buttons[BookingAction.SHOW_LINK], LEFT)
    again = wait_for(qtbot, window, CheckoutDialog)
    assert watched == {hold.booking_id}
    again.close()
    assert watched == set()
