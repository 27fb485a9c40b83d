"""A booking carried in the calendar of the real window is moved in the real book."""

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from support.story import PATIENCE_MS

from inkdesk.application.booking_commands import BookCommand, DepositChoice, MoveCommand, NewClient
from inkdesk.application.calendar import BookingCard
from inkdesk.bootstrap import OpenStudio
from inkdesk.ui.main_window import MainWindow
from inkdesk.ui.moving import NOTICE

KEY, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier
STEP = timedelta(minutes=15)


@pytest.fixture
def carried(qtbot: QtBot, window: MainWindow, opened: OpenStudio) -> BookingCard:
    """A booking two weeks ahead with an hour free after it, selected in the calendar."""
    services = opened.services
    today = window.calendar.presenter.today
    settings = services.studio.settings(today)
    service = next(one for one in settings.services if one.is_active and not one.station_kind)
    first, last = today + timedelta(days=14), today + timedelta(days=28)
    slots = services.availability.slots(None, service.id, first, last)
    starts = {(one.artist_id, one.starts_at) for one in slots}
    slot = next(one for one in slots if (one.artist_id, one.starts_at + timedelta(hours=1)) in starts)
    booked = services.bookings.book(
        BookCommand(
            request_key="carried",
            artist_id=slot.artist_id,
            service_id=service.id,
            starts_at=slot.starts_at,
            client=NewClient(name="Cora Carried", phone="0611223344"),
            choice=DepositChoice.NONE,
        )
    )
    window._booked(booked)
    qtbot.waitUntil(lambda: window.calendar.presenter.selected_id == booked.booking.id, timeout=PATIENCE_MS)
    window.calendar.view.setFocus()
    return services.queries.booking(booked.booking.id).card


def starts(opened: OpenStudio, card: BookingCard) -> datetime:
    return opened.services.queries.booking(card.booking_id).card.starts_at


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = ALT) -> None:
    QTest.keyClick(window.calendar.view, key, modifiers)


def test_it_is_moved_and_followed(qtbot: QtBot, window: MainWindow, opened: OpenStudio, carried: BookingCard) -> None:
    hand = window.calendar.view.hand
    for _ in range(4):
        press(window, KEY.Key_Down)
    qtbot.waitUntil(lambda: hand.carrying.proposed() is not None, timeout=PATIENCE_MS)
    verdict = hand.carrying.proposed()
    assert verdict is not None
    assert verdict.is_free, hand.carrying.words()
    press(window, KEY.Key_Return, Qt.KeyboardModifier.NoModifier)
    qtbot.waitUntil(lambda: starts(opened, carried) == carried.starts_at + 4 * STEP, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "Cora Carried" in window.status.text(), timeout=PATIENCE_MS)
    assert window.calendar.presenter.selected_id == carried.booking_id


def test_a_place_that_cannot_be_is_said_and_the_booking_stays_in_the_hand(
    qtbot: QtBot, window: MainWindow, opened: OpenStudio, carried: BookingCard
) -> None:
    hand = window.calendar.view.hand
    for _ in range(80):
        press(window, KEY.Key_Up)
    qtbot.waitUntil(lambda: hand.carrying.proposed() is not None, timeout=PATIENCE_MS)
    press(window, KEY.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert "Outside working hours." in window.status.text()
    assert hand.carrying.ghost is not None
    press(window, KEY.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert starts(opened, carried) == carried.starts_at


def test_a_time_taken_meanwhile_is_refused_by_the_book(
    qtbot: QtBot, window: MainWindow, opened: OpenStudio, carried: BookingCard
) -> None:
    hand = window.calendar.view.hand
    press(window, KEY.Key_Down)
    qtbot.waitUntil(lambda: hand.carrying.proposed() is not None, timeout=PATIENCE_MS)
    opened.services.moves.move(
        MoveCommand(
            booking_id=carried.booking_id, version=carried.version, starts_at=carried.starts_at + timedelta(hours=1)
        )
    )
    press(window, KEY.Key_Return, Qt.KeyboardModifier.NoModifier)
    qtbot.waitUntil(lambda: "changed meanwhile" in window.banner.text(NOTICE), timeout=PATIENCE_MS)
    assert starts(opened, carried) == carried.starts_at + timedelta(hours=1)
