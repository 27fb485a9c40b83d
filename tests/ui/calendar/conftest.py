"""What calendar tests share."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot
from support import sample_week as sample

from inkdesk.application.calendar import CalendarRange
from inkdesk.ui.calendar.page import CalendarPage

MakePage = Callable[[CalendarRange], CalendarPage]


@pytest.fixture
def make_page(qtbot: QtBot) -> MakePage:
    """A shown page of 1280 x 720 with the given week, keys going to the calendar."""

    def make(data: CalendarRange) -> CalendarPage:
        page = CalendarPage(data.zone, sample.NOW)
        qtbot.addWidget(page)
        page.resize(1280, 720)
        page.show()
        page.go_to(data.first)
        page.show_range(data)
        page.activateWindow()
        page.view.setFocus()
        qtbot.waitUntil(page.view.hasFocus)
        return page

    return make


@pytest.fixture
def page(make_page: MakePage) -> CalendarPage:
    """The sample week."""
    return make_page(sample.week())
