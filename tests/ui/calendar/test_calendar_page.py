"""The page around the calendar: its tools at any width, its first look, its hours in any clock."""

from collections.abc import Iterator
from datetime import datetime
from gettext import NullTranslations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from support import sample_week as sample

from inkdesk.application import text
from inkdesk.application.text import PlainFormats
from inkdesk.infrastructure.language import BabelFormats
from inkdesk.ui.calendar.margins import GUTTER_EDGE, GUTTER_WIDTH, Gutter
from inkdesk.ui.calendar.page import CalendarPage
from inkdesk.ui.calendar.toolbar import SPACING


def test_the_title_is_cut_with_an_ellipsis_and_whole_in_its_tip(page: CalendarPage) -> None:
    title, words = page.tools.title, "Wednesday, 25 November 2026 · week 48, in a language of long words"
    page.resize(560, 600)
    page.tools.show_title(words)
    QApplication.processEvents()
    assert title.text().endswith("…")
    assert title.toolTip() == words
    page.resize(1500, 600)
    QApplication.processEvents()
    assert title.text() == words


@pytest.mark.parametrize("width", [580, 720, 1000, 1400])
def test_no_tool_is_cut_at_any_width(page: CalendarPage, width: int) -> None:
    page.resize(width, 600)
    QApplication.processEvents()
    tools = (
        page.today,
        page.back,
        page.forth,
        page.filter,
        page.artists,
        page.day,
        page.week,
        page.month,
        page.agenda,
        page.new,
    )
    cut = [one for one in tools if one.width() < one.sizeHint().width()]
    assert cut == []
    assert page.tools.title.text() == page.presenter.title()
    assert (page.filter.mapTo(page, QPoint(0, 0)).y() > page.new.geometry().bottom()) == (width < 1000)


def open_at(qtbot: QtBot, now: datetime) -> CalendarPage:
    """A low page as it is first seen at ``now``."""
    page = CalendarPage(sample.ZONE, now)
    qtbot.addWidget(page)
    page.resize(1280, 500)
    page.show()
    page.go_to(sample.MONDAY)
    page.show_range(sample.week())
    return page


@pytest.mark.parametrize("hour", [9, 10, 12, 15, 18])
def test_the_first_look_shows_the_now_line_while_somebody_works(qtbot: QtBot, hour: int) -> None:
    page = open_at(qtbot, sample.at(2, hour))
    view = page.view
    y = view.geometry_px.y_of(hour * 60) - view.offset().y()
    assert 0 < y < view.viewport().height()


@pytest.mark.parametrize("now", [sample.at(2, 3), sample.at(2, 23), sample.at(6, 15), sample.at(9, 15)])
def test_the_first_look_begins_with_the_first_hours_when_nobody_works(qtbot: QtBot, now: datetime) -> None:
    page = open_at(qtbot, now)
    view = page.view
    assert view.offset().y() == view.geometry_px.y_of(view.presenter.first_minute())


@pytest.fixture
def american() -> Iterator[None]:
    """Dates and clock of the United States."""
    text.install(NullTranslations(), BabelFormats("en_US", sample.PARIS), "en")
    yield
    text.install(NullTranslations(), PlainFormats(), "en")


@pytest.mark.usefixtures("american")
def test_the_gutter_has_room_for_every_clock_time(page: CalendarPage) -> None:
    room = page.view.viewport().x()
    metrics = page.view.fontMetrics()
    widest = max(metrics.horizontalAdvance(text.formats().clock(minute)) for minute in range(1440))
    assert GUTTER_WIDTH < widest + GUTTER_EDGE <= room
    assert [one.width() for one in page.view.findChildren(Gutter)] == [room]


def test_the_second_line_of_tools_stands_under_the_first(page: CalendarPage) -> None:
    page.resize(720, 600)
    QApplication.processEvents()
    left = [one.mapTo(page, QPoint(0, 0)).x() for one in (page.today, page.filter)]
    assert left[0] == left[1]
    assert page.artists.mapTo(page, QPoint(0, 0)).x() == left[1] + page.filter.width() + SPACING
