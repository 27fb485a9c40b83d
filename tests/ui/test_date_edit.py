"""What a date field takes."""

from datetime import date

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inkdesk.ui.common.forms import DateEdit


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (date(1, 1, 1), date(2000, 1, 1)),
        (date(1999, 12, 31), date(2000, 1, 1)),
        (date(2026, 11, 24), date(2026, 11, 24)),
        (date(2199, 12, 31), date(2199, 12, 31)),
        (date(2200, 1, 1), date(2199, 12, 31)),
    ],
)
def test_a_date_stays_between_2000_and_2199(qtbot: QtBot, wanted: date, shown: date) -> None:
    edit = DateEdit()
    qtbot.addWidget(edit)
    edit.set_day(wanted)
    assert edit.day() == shown


@pytest.mark.parametrize("reason", [Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.OtherFocusReason])
def test_the_day_is_typed_first_also_where_a_window_opens_with_the_date_in_focus(
    qtbot: QtBot, reason: Qt.FocusReason
) -> None:
    edit = DateEdit()
    qtbot.addWidget(edit)
    edit.set_day(date(2026, 11, 24))
    edit.show()
    QApplication.sendEvent(edit, QFocusEvent(QEvent.Type.FocusIn, reason))
    QTest.keyClicks(edit, "17")
    assert edit.day() == date(2026, 11, 17)


def test_a_window_that_comes_back_keeps_the_part_of_the_date(qtbot: QtBot) -> None:
    edit = DateEdit()
    qtbot.addWidget(edit)
    edit.show()
    for reason in (Qt.FocusReason.OtherFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
        QApplication.sendEvent(edit, QFocusEvent(QEvent.Type.FocusIn, reason))
        if reason is Qt.FocusReason.OtherFocusReason:
            edit.setSelectedSection(DateEdit.Section.YearSection)
    assert edit.currentSection() == DateEdit.Section.YearSection
