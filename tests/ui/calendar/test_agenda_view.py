"""The agenda by keys, and what its rows say."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from support import sample_week as sample

from inkdesk.application.calendar import CalendarRange
from inkdesk.ui.calendar.agenda_view import AgendaView
from inkdesk.ui.calendar.page import CalendarPage
from inkdesk.ui.calendar.ranges import AGENDA_DAYS, Mode

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def four_weeks() -> CalendarRange:
    """Three bookings on two dates."""
    return CalendarRange(
        zone=sample.ZONE,
        first=sample.MONDAY,
        last=sample.MONDAY + timedelta(days=60),
        artists=sample.ARTISTS,
        cards=[
            sample.card(3, 2, sample.at(8, 9), 60, client="Cleo"),
            sample.card(1, 1, sample.at(2, 9), 60, client="Ada"),
            sample.card(2, 2, sample.at(2, 11), 90, client="Bo"),
        ],
        hours={},
        leaves=[],
    )


@pytest.fixture
def page(qtbot: QtBot) -> CalendarPage:
    """Four weeks in front."""
    page = CalendarPage(sample.ZONE, sample.NOW)
    qtbot.addWidget(page)
    page.resize(1280, 720)
    page.show()
    page.activateWindow()
    page.view.setFocus()
    page.show_mode(Mode.AGENDA)
    page.show_range(four_weeks())
    return page


@pytest.fixture
def agenda(qtbot: QtBot, page: CalendarPage) -> AgendaView:
    """Its list, keys going to it."""
    view = page.views.currentWidget()
    assert isinstance(view, AgendaView)
    qtbot.waitUntil(view.hasFocus)
    return view


def shown(view: AgendaView) -> list[tuple[str, ...]]:
    model = view.model()
    return [
        tuple(str(model.index(row, column).data()) for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def test_a_row_says_everything_and_a_date_stands_once(agenda: AgendaView) -> None:
    assert shown(agenda) == [
        ("2026-11-25", "08:00 – 09:00", "Ada", "Sleeve", "Mia Laurent", "confirmed", ""),
        ("", "10:00 – 11:30", "Bo", "Sleeve", "Tom Okafor", "confirmed", ""),
        ("2026-12-01", "08:00 – 09:00", "Cleo", "Sleeve", "Tom Okafor", "confirmed", ""),
    ]


def test_the_arrows_select_and_enter_opens(qtbot: QtBot, agenda: AgendaView) -> None:
    assert agenda.presenter.selected_id == 1
    QTest.keyClick(agenda, KEY.Key_Down)
    assert agenda.presenter.selected_id == 2
    with qtbot.waitSignal(agenda.booking_requested) as asked:
        QTest.keyClick(agenda, KEY.Key_Return)
    assert asked.args == [2]
    with qtbot.waitSignal(agenda.move_requested) as asked:
        QTest.keyClick(agenda, KEY.Key_M)
    assert asked.args == [2]


def test_a_page_is_four_weeks(qtbot: QtBot, page: CalendarPage, agenda: AgendaView) -> None:
    with qtbot.waitSignal(page.range_requested) as asked:
        QTest.keyClick(agenda, KEY.Key_Right, CTRL)
    first = date(2026, 11, 25) + timedelta(days=AGENDA_DAYS)
    assert asked.args == [first, first + timedelta(days=AGENDA_DAYS - 1)]
    assert shown(agenda) == []
    assert agenda.presenter.empty_words() == "Nothing is booked in these four weeks."
    QTest.keyClick(agenda, KEY.Key_T)
    assert agenda.presenter.first == agenda.presenter.today


def test_the_filters_count_here_too(page: CalendarPage, agenda: AgendaView) -> None:
    page.artists.setCurrentIndex(1)
    page.artists.activated.emit(1)
    assert [row[2] for row in shown(agenda)] == ["Ada"]


def test_the_selected_booking_stays_selected_when_news_come(page: CalendarPage, agenda: AgendaView) -> None:
    agenda.selectRow(2)
    page.show_range(four_weeks())
    assert agenda.presenter.selected_id == 3
    assert agenda.currentIndex().row() == 2


def test_the_week_of_a_row_is_shown_with_its_booking_selected(page: CalendarPage, agenda: AgendaView) -> None:
    agenda.selectRow(2)
    page.show_mode(Mode.WEEK)
    assert page.presenter.selected_id == 3
    assert page.presenter.first == date(2026, 11, 30)
    assert page.view.hasFocus()
