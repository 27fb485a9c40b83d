"""What shows in the calendar is chosen by keys and pointer."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from support import sample_week as sample

from inkdesk.domain.bookings import BookingStatus
from inkdesk.ui.calendar.page import CalendarPage
from inkdesk.ui.calendar.shown import GONE, Filter

pytestmark = pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)


def shown(page: CalendarPage) -> set[BookingStatus]:
    return {card.status for card in page.presenter.cards if hasattr(card, "status")}


def test_a_status_is_hidden_and_shown_again_while_the_menu_stays_open(qtbot: QtBot, page: CalendarPage) -> None:
    assert BookingStatus.CONFIRMED in shown(page)
    page.filter.setFocus()
    QTest.keyClick(page.filter, Qt.Key.Key_Space)
    qtbot.waitUntil(page.filter.ticks.isVisible)
    page.filter.ticks.setActiveAction(page.filter.statuses[BookingStatus.CONFIRMED])
    QTest.keyClick(page.filter.ticks, Qt.Key.Key_Space)
    assert BookingStatus.CONFIRMED not in shown(page)
    assert page.filter.text() == "Filtered"
    QTest.keyClick(page.filter.ticks, Qt.Key.Key_Return)
    assert BookingStatus.CONFIRMED in shown(page)
    assert page.filter.ticks.isVisible()
    assert page.filter.text() == "Filter"
    QTest.keyClick(page.filter.ticks, Qt.Key.Key_Escape)
    assert not page.filter.ticks.isVisible()


def test_a_click_sets_a_tick(qtbot: QtBot, page: CalendarPage) -> None:
    page.filter.click()
    qtbot.waitUntil(page.filter.ticks.isVisible)
    place = page.filter.ticks.actionGeometry(page.filter.statuses[BookingStatus.CANCELLED]).center()
    QTest.mouseClick(page.filter.ticks, Qt.MouseButton.LeftButton, pos=place)
    assert page.filter.filter() == Filter(hidden=GONE - {BookingStatus.CANCELLED})
    assert BookingStatus.CANCELLED in shown(page)
    page.filter.ticks.close()


def test_only_artists_who_work_then_have_lanes(page: CalendarPage) -> None:
    everybody = {lane.artist_id for lane in page.presenter.board.lanes}
    page.go_to(sample.MONDAY)
    page.show_range(sample.week())
    page.filter.on_shift.trigger()
    working = {artist_id for (artist_id, _), hours in sample.week().hours.items() if hours}
    assert {lane.artist_id for lane in page.presenter.board.lanes} == working
    page.filter.forget()
    assert {lane.artist_id for lane in page.presenter.board.lanes} == everybody


@pytest.mark.parametrize("status", list(BookingStatus))
def test_every_status_has_a_tick_of_its_own(page: CalendarPage, status: BookingStatus) -> None:
    words = [tick.text() for tick in page.filter.statuses.values()]
    assert len(set(words)) == len(BookingStatus)
    assert page.filter.statuses[status].isChecked() is (status not in GONE)
