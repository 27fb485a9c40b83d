"""The window around the pages: late answers, dialogs side by side, what the monitor is told."""

import threading
from contextlib import suppress
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QMessageBox
from pytestqt.qtbot import QtBot
from support.story import PATIENCE_MS, focused, type_into
from support.window_parts import Browser, SlowQueries, WatchedMonitor

from inkdesk.application.booking_commands import BookCommand, Booked, CancelCommand, DepositChoice, NewClient
from inkdesk.application.changes import EVERYTHING
from inkdesk.application.group_commands import CreateGroup, GroupSaved, SeatCommand
from inkdesk.application.reconcile_service import LookResult
from inkdesk.bootstrap import OpenStudio
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.errors import InkDeskError
from inkdesk.ui.booking.dialog import BookingDialog
from inkdesk.ui.booking.group_dialog import GroupDialog
from inkdesk.ui.booking.group_form import GroupForm
from inkdesk.ui.booking.move_dialog import MoveDialog
from inkdesk.ui.calendar.shown import GroupId, id_of
from inkdesk.ui.desk import Desk
from inkdesk.ui.main_window import MainWindow, first_size


def dialogs(window: MainWindow) -> list[BookingDialog]:
    return [one for one in window.findChildren(BookingDialog) if one.isVisible()]


def question(window: MainWindow) -> QMessageBox | None:
    return next((one for one in window.findChildren(QMessageBox) if one.isVisible()), None)


def let_readers_finish(qtbot: QtBot, desk: Desk, window: MainWindow) -> None:
    """Until every answer that was under way has been shown: both readers must have time to meet."""
    meeting = threading.Barrier(2, timeout=PATIENCE_MS / 1000)
    met: list[int] = []
    for _ in range(2):
        desk.runner.of(window).read(meeting.wait, met.append, lambda error: pytest.fail(str(error)))
    qtbot.waitUntil(lambda: len(met) == 2, timeout=PATIENCE_MS)


def book_far_away(opened: OpenStudio) -> Booked:
    """A booking two weeks from now, late in Maya's day."""
    services = opened.services
    today = services.clock.now().date()
    settings = services.studio.settings(today)
    service = next(one for one in settings.services if one.name.startswith("Small"))
    maya = next(one for one in settings.artists if one.name == "Maya Lindqvist")
    slot = services.availability.slots(maya.id, service.id, today + timedelta(days=14), today + timedelta(days=21))[-1]
    return services.bookings.book(
        BookCommand(
            request_key="far-away",
            artist_id=maya.id,
            service_id=service.id,
            starts_at=slot.starts_at,
            client=NewClient(name="Far Away", phone="+33199000001"),
            choice=DepositChoice.NONE,
        )
    )


def test_a_late_older_answer_does_not_undo_a_newer_one(
    qtbot: QtBot, window: MainWindow, desk: Desk, opened: OpenStudio, queries: SlowQueries
) -> None:
    booking = book_far_away(opened).booking  # the sample's own week may be over
    window.calendar.presenter.go_to(booking.starts_at.date())
    window.calendar.reload()

    def status() -> BookingStatus | None:
        cards = window.calendar.presenter.data.cards
        return next((one.status for one in cards if one.booking_id == booking.id), None)

    qtbot.waitUntil(lambda: status() is BookingStatus.CONFIRMED, timeout=PATIENCE_MS)

    held = queries.gate = threading.Event()
    queries.was_read.clear()
    window.calendar.reload()
    assert queries.was_read.wait(PATIENCE_MS / 1000)
    queries.gate = threading.Event()
    queries.gate.set()
    opened.services.bookings.cancel(
        CancelCommand(booking_id=booking.id, version=booking.version, fate=DepositFate.KEEP, reason="x")
    )
    window.calendar.reload()
    qtbot.waitUntil(lambda: status() is BookingStatus.CANCELLED, timeout=PATIENCE_MS)
    held.set()
    let_readers_finish(qtbot, desk, window)
    assert status() is BookingStatus.CANCELLED


def test_a_second_ring_opens_a_second_booking_beside_the_first(qtbot: QtBot, window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F2)
    (first,) = dialogs(window)
    qtbot.waitUntil(lambda: first.service.count() > 1, timeout=PATIENCE_MS)
    first.activateWindow()
    qtbot.waitUntil(first.isActiveWindow)
    type_into(focused(first), "Ana")
    QTest.keyClick(focused(first), Qt.Key.Key_F2)
    second = next(one for one in dialogs(window) if one is not first)
    assert not first.isModal()
    assert first.pos() != second.pos()
    qtbot.waitUntil(second.isActiveWindow)
    type_into(focused(second), "Bo")
    first.activateWindow()
    qtbot.waitUntil(first.isActiveWindow)
    type_into(focused(first), "bel")
    assert (first.client.line.text(), second.client.line.text()) == ("Anabel", "Bo")
    QTest.keyClick(focused(first), Qt.Key.Key_F9)
    assert window.stack.currentWidget() is window.dialogs.settings_page()


def test_the_window_asks_before_it_closes_what_was_typed(qtbot: QtBot, window: MainWindow) -> None:
    untouched, typed = window.dialogs.book(None, None), window.dialogs.book(None, None)
    assert isinstance(typed, BookingDialog)
    qtbot.waitUntil(typed.isActiveWindow)
    type_into(focused(typed), "Ana")
    assert not window.close()
    assert (window.isVisible(), untouched.isVisible(), typed.isVisible()) == (True, True, True)
    asked = question(window)
    assert asked is not None
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    assert typed.client.line.text() == "Ana"
    assert not window.close()
    again = question(window)
    assert again is not None
    with qtbot.waitSignal(window.closed):
        QTest.mouseClick(again.buttons()[0], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not typed.isVisible(), timeout=PATIENCE_MS)
        assert window.close()


def test_the_monitor_is_told_whether_the_window_is_seen(window: MainWindow, desk: Desk) -> None:
    monitor = desk.monitor
    assert isinstance(monitor, WatchedMonitor)
    assert monitor.hidden[-1:] == [False]
    window.showMinimized()
    assert monitor.hidden[-1:] == [True]
    window.showNormal()
    assert monitor.hidden[-1:] == [False]
    window.hide()
    assert monitor.hidden[-1:] == [True]


@pytest.mark.parametrize("is_there", [True, False])
def test_stripes_page_opens_in_the_background_or_its_address_is_shown(
    qtbot: QtBot, window: MainWindow, browser: Browser, is_there: bool
) -> None:
    browser.is_there = is_there
    window.dialogs.settings_page().link_requested.emit("https://dashboard.stripe.com/apikeys")
    qtbot.waitUntil(lambda: bool(browser.asked), timeout=PATIENCE_MS)
    assert browser.asked == [("https://dashboard.stripe.com/apikeys", False)]
    if is_there:
        return
    qtbot.waitUntil(lambda: question(window) is not None, timeout=PATIENCE_MS)
    told = question(window)
    assert told is not None
    assert "https://dashboard.stripe.com/apikeys" in told.text()
    assert told.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse


def test_a_new_booking_is_selected_once_its_week_is_there(
    qtbot: QtBot, window: MainWindow, desk: Desk, opened: OpenStudio
) -> None:
    window.resize(900, 600)
    booked = book_far_away(opened)
    window.dialogs._after_booking(booked)
    calendar = window.calendar
    qtbot.waitUntil(lambda: calendar.presenter.selected_id == booked.booking.id, timeout=PATIENCE_MS)
    assert booked.booking.id in {id_of(card) for card, _ in calendar.view.visible_cards()}
    assert calendar.presenter.cursor == calendar.presenter.board.places[booked.booking.id]
    qtbot.waitUntil(lambda: "Far Away" in window.status.text(), timeout=PATIENCE_MS)
    assert "Maya Lindqvist" in window.status.text()
    assert window.status_end.isActive()
    window.status_end.timeout.emit()
    assert window.status.text() == ""


def test_a_week_that_is_read_again_counts_holds_from_now(qtbot: QtBot, window: MainWindow) -> None:
    window._timer.stop()  # its beat would do the same
    before = window.calendar.presenter.now - timedelta(minutes=1)
    window.calendar.set_now(before)
    window._desk.feed.announce(EVERYTHING)
    qtbot.waitUntil(lambda: window.calendar.presenter.now > before, timeout=PATIENCE_MS)


def test_a_booking_is_moved_by_its_key_and_by_the_menu(
    qtbot: QtBot, window: MainWindow, desk: Desk, opened: OpenStudio
) -> None:
    entries = [entry for menu in window.findChildren(QMenu) for entry in menu.actions()]
    action = next(entry for entry in entries if entry.text() == "&Move booking…\tM")
    action.trigger()
    assert window.status.text() == "Select a booking in the calendar first."
    window.dialogs._after_booking(book_far_away(opened))
    calendar = window.calendar
    qtbot.waitUntil(lambda: calendar.presenter.selected_booking() is not None, timeout=PATIENCE_MS)
    QTest.keyClick(calendar.view, Qt.Key.Key_M)
    action.trigger()
    dialogs = window.findChildren(MoveDialog)
    assert len(dialogs) == 2
    qtbot.waitUntil(lambda: all("Far Away" in one.client.text() for one in dialogs), timeout=PATIENCE_MS)


def test_the_calendar_follows_a_booking_that_is_moved_into_another_week(
    qtbot: QtBot, window: MainWindow, opened: OpenStudio
) -> None:
    booked = book_far_away(opened)
    window.dialogs._after_booking(booked)
    calendar = window.calendar
    qtbot.waitUntil(lambda: calendar.presenter.selected_booking() is not None, timeout=PATIENCE_MS)
    before = calendar.presenter.cursor
    dialog = window.dialogs.move(booked.booking.id)
    assert isinstance(dialog, MoveDialog)
    qtbot.waitUntil(dialog.save_button.isEnabled, timeout=PATIENCE_MS)
    dialog.when.day.set_day(dialog.when.day.day() + timedelta(weeks=1))
    qtbot.waitUntil(lambda: dialog.when.verdict.text().startswith("✓"), timeout=PATIENCE_MS)
    with qtbot.waitSignal(window.dialogs.moved, timeout=PATIENCE_MS):
        dialog.save_button.click()
    qtbot.waitUntil(lambda: calendar.presenter.cursor != before, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: calendar.presenter.selected_id == booked.booking.id, timeout=PATIENCE_MS)
    assert booked.booking.id in {id_of(card) for card, _ in calendar.view.visible_cards()}
    assert "Far Away" in window.status.text()


def test_a_seat_that_was_booked_selects_its_group_sitting(
    qtbot: QtBot, window: MainWindow, desk: Desk, opened: OpenStudio
) -> None:
    form = window.dialogs.plan_group()
    assert isinstance(form, GroupForm)
    services = opened.services
    settings = services.studio.settings(date(2026, 1, 1))
    group = planned_group(opened, settings.artists[0].id, settings.services[0].id)
    form.saved.emit(group)
    (dialog,) = window.findChildren(GroupDialog)
    qtbot.waitUntil(lambda: dialog.title.text() == "Flash day", timeout=PATIENCE_MS)
    seated = SeatCommand(
        request_key="seat",
        group_id=group.group.id,
        client=NewClient(name="Seated Guest", phone="0611223344"),
        choice=DepositChoice.NONE,
    )
    dialog.booked.emit(services.groups.seat(seated))
    group_id = GroupId(group.group.id)
    qtbot.waitUntil(lambda: window.calendar.presenter.selected_id == group_id, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 1, timeout=PATIENCE_MS)
    with qtbot.waitSignal(window.calendar.group_requested):
        QTest.keyClick(window.calendar.view, Qt.Key.Key_Return)


def planned_group(opened: OpenStudio, artist_id: int, service_id: int) -> GroupSaved:
    """A group sitting on the first day that has room for it."""
    today = opened.services.clock.now().replace(hour=11, minute=0, second=0, microsecond=0)
    for days in range(1, 90):
        starts_at = today + timedelta(days=days)
        command = CreateGroup(
            request_key="flash",
            artist_id=artist_id,
            service_id=service_id,
            title="Flash day",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            seats=3,
        )
        with suppress(InkDeskError):
            return opened.services.groups.create(command)
    raise AssertionError("no day has room for a group sitting")


@pytest.mark.parametrize(
    ("available", "size"),
    [((1920, 1040), (1360, 840)), ((1280, 760), (1264, 720)), ((1376, 880), (1360, 840))],
)
def test_the_window_begins_inside_its_screen(available: tuple[int, int], size: tuple[int, int]) -> None:
    assert first_size(QSize(*available)) == QSize(*size)


def test_a_look_that_asked_nobody_says_no_time(window: MainWindow) -> None:
    window._looked(LookResult(was_asked=False))
    assert window.last_look.text() == ""
    window._looked(LookResult())
    assert window.last_look.text().startswith("Payments checked at ")
