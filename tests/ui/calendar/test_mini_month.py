"""The small month: dates by key, click and wheel."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inkdesk.ui.calendar.mini_month import MiniMonth
from inkdesk.ui.calendar.page import CalendarPage

KEY = Qt.Key
TODAY = date(2026, 11, 25)


@pytest.fixture
def month(qtbot: QtBot) -> MiniMonth:
    month = MiniMonth(TODAY)
    qtbot.addWidget(month)
    month.resize(170, month.sizeHint().height())
    month.show()
    month.setFocus()
    return month


@pytest.mark.parametrize(
    ("key", "day"),
    [
        (KEY.Key_Left, date(2026, 11, 24)),
        (KEY.Key_Down, date(2026, 12, 2)),
        (KEY.Key_PageUp, date(2026, 10, 25)),
        (KEY.Key_PageDown, date(2026, 12, 25)),
        (KEY.Key_Home, TODAY),
        (KEY.Key_Return, TODAY),
    ],
)
def test_keys_go_to_dates(qtbot: QtBot, month: MiniMonth, key: Qt.Key, day: date) -> None:
    with qtbot.waitSignal(month.day_chosen) as chosen:
        QTest.keyClick(month, key)
    assert chosen.args == [day]


def test_a_click_goes_to_the_date_under_it(qtbot: QtBot, month: MiniMonth) -> None:
    for number, day in enumerate(month.days()):
        if day.month == 11:
            with qtbot.waitSignal(month.day_chosen) as chosen:
                QTest.mouseClick(month, Qt.MouseButton.LeftButton, pos=month.rect_of(number).center())
            assert chosen.args == [day]


def test_every_date_has_a_box_inside(month: MiniMonth) -> None:
    boxes = [month.rect_of(number) for number in range(len(month.days()))]
    assert all(month.rect().contains(box) for box in boxes)
    assert not any(one.intersects(other) for n, one in enumerate(boxes) for other in boxes[:n])


def test_it_follows_the_calendar_and_leads_it(qtbot: QtBot, page: CalendarPage) -> None:
    month = MiniMonth(TODAY)
    qtbot.addWidget(month)
    page.dates_shown.connect(month.show_dates)
    month.day_chosen.connect(page.go_to)
    page.go_to(date(2027, 3, 3))
    assert date(2027, 3, 3) in month.days()
    QTest.keyClick(month, KEY.Key_Down)
    assert page.presenter.day == date(2027, 3, 10)
