"""What a time field makes of the keys."""

from collections.abc import Iterator
from datetime import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from inkdesk.ui.common.time_edit import TimeEdit


@pytest.fixture
def edit(qtbot: QtBot) -> Iterator[TimeEdit]:
    """A time field with 10:30 and another field behind it."""
    window, edit = QWidget(), TimeEdit()
    layout = QVBoxLayout(window)
    for one in (edit, QLineEdit()):
        layout.addWidget(one)
    qtbot.addWidget(window)
    edit.set_clock(time(10, 30))
    window.show()
    window.activateWindow()
    edit.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(edit.hasFocus, timeout=5000)
    yield edit
    window.close()


@pytest.mark.parametrize("typed", ["1407", "14:07", "14.07", "14h07"])
@pytest.mark.parametrize("is_marked", [True, False])
def test_a_time_is_typed_with_or_without_its_colon(edit: TimeEdit, typed: str, is_marked: bool) -> None:
    if is_marked:
        QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(edit, typed)
    assert (edit.minute(), edit.hasFocus()) == (14 * 60 + 7, True)


@pytest.mark.parametrize(
    ("typed", "minute"), [("15:07", 907), ("9:05", 545), ("2:45", 165), ("0007", 7), ("23:59", 1439)]
)
def test_any_time_over_any_other(edit: TimeEdit, typed: str, minute: int) -> None:
    for _ in range(2):  # also over itself
        QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(edit, typed)
        assert (edit.minute(), edit.hasFocus()) == (minute, True)


def test_twelve_hours_are_typed_with_their_half_of_the_day(edit: TimeEdit) -> None:
    edit.setDisplayFormat("h:mm AP")
    QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(edit, "2:45 pm")
    assert (edit.minute(), edit.hasFocus()) == (14 * 60 + 45, True)


@pytest.mark.parametrize(
    ("typed", "minute"),
    [
        ("14:07", 847),
        ("1407", 847),
        ("14.07", 847),
        ("14h07", 847),
        ("23:59", 1439),
        ("2030", 1230),
        ("0:05", 5),
        ("00:05", 5),
        ("0005", 5),
        ("09:05", 545),
        ("0905", 545),
        ("2:45", 165),
        ("245", 165),
        ("230", 150),
        ("145", 105),
        ("1130", 690),
        ("12:15", 735),
        ("1:30", 90),
        ("11:30 pm", 1410),
        ("12:15 am", 15),
        ("9:05 pm", 1265),
    ],
)
@pytest.mark.parametrize("is_marked", [True, False])
def test_twelve_hours_take_twenty_four_too(edit: TimeEdit, typed: str, minute: int, is_marked: bool) -> None:
    edit.setDisplayFormat("h:mm AP")
    edit.set_clock(time(0 if typed == "12:15 am" else 12 if typed == "12:15" else 10, 30))
    for _ in range(2):  # also over itself
        if is_marked:
            QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        else:
            QTest.keyClick(edit, Qt.Key.Key_Home)
            edit.setSelectedSection(TimeEdit.Section.HourSection)
        QTest.keyClicks(edit, typed)
        assert (edit.minute(), edit.hasFocus()) == (minute, True)


def test_what_is_typed_in_the_minutes_is_no_hour(edit: TimeEdit) -> None:
    edit.setDisplayFormat("h:mm AP")
    edit.setSelectedSection(TimeEdit.Section.MinuteSection)
    QTest.keyClicks(edit, "14")
    assert edit.minute() == 10 * 60 + 14


def test_the_arrows_still_step_after_an_hour_was_begun(edit: TimeEdit) -> None:
    edit.setDisplayFormat("h:mm AP")
    QTest.keyClicks(edit, "1")
    QTest.keyClick(edit, Qt.Key.Key_Up)
    QTest.keyClicks(edit, "4:")
    assert edit.minute() % 60 == 30


def test_tab_still_leaves_it(edit: TimeEdit) -> None:
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert not edit.hasFocus()
