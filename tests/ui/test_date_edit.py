"""What a date field takes."""

from datetime import date

import pytest
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
