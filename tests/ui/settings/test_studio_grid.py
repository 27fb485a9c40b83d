"""The studio's grid and how far ahead it books: entered by keys, stored and read back."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLabel
from pytestqt.qtbot import QtBot
from support.settings_desk import Desk
from support.settings_forms import choose, errors, input_of, retype, tick

from inkdesk.domain.slot_rules import Alignment
from inkdesk.domain.studio import Studio

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)

TODAY = date(2026, 11, 23)


def stored(desk: Desk) -> Studio:
    return desk.studio.settings(TODAY).studio


def submit(qtbot: QtBot, desk: Desk) -> Studio:
    with qtbot.waitSignal(desk.feed.changed):
        desk.page.studio.submit()
    return stored(desk)


def type_number(qtbot: QtBot, desk: Desk, name: str, typed: str) -> None:
    retype(qtbot, input_of(desk.page.studio, name, QAbstractSpinBox).lineEdit(), typed)


def type_day(desk: Desk, name: str, typed: str) -> None:
    edit = input_of(desk.page.studio, name, QAbstractSpinBox)
    assert edit.isEnabled()
    edit.setFocus()
    QTest.keyClicks(edit, typed)


@pytest.mark.parametrize(
    ("row", "alignment", "example"),
    [
        (0, Alignment.CLOCK, "10:00, 10:30, 11:00"),
        (1, Alignment.WINDOW, "10:10, 10:40, 11:10"),
        (2, Alignment.ROUND, "10:30, 11:00"),
    ],
)
def test_slots_begin_as_chosen(qtbot: QtBot, desk: Desk, row: int, alignment: Alignment, example: str) -> None:
    combo = input_of(desk.page.studio, "Slots begin", QComboBox)
    choose(combo, 2 - row)
    choose(combo, row)
    assert [one.text() for one in desk.page.studio.findChildren(QLabel) if example in one.text()]
    assert submit(qtbot, desk).alignment is alignment


def test_how_far_ahead_is_limited_in_every_way(qtbot: QtBot, desk: Desk) -> None:
    desk.page.activateWindow()
    qtbot.waitUntil(desk.page.isActiveWindow)
    type_number(qtbot, desk, "Minimum notice", "24")
    type_number(qtbot, desk, "Furthest date", "60")
    type_number(qtbot, desk, "Days with a free slot", "10")
    shown = input_of(desk.page.studio, "Days with a free slot", QAbstractSpinBox).text()
    assert shown == "Only the next 10 of them"
    tick(desk.page.studio, "Not before")
    type_day(desk, "Not before", "01122026")
    tick(desk.page.studio, "Not after")
    type_day(desk, "Not after", "31012027")
    wanted = replace(
        desk.book.studio,
        minimum_notice_s=86400,
        horizon_days=60,
        first_date=date(2026, 12, 1),
        last_date=date(2027, 1, 31),
        open_days=10,
        version=2,
    )
    assert submit(qtbot, desk) == wanted


def test_every_limit_can_be_taken_away(qtbot: QtBot, desk: Desk) -> None:
    ranged = replace(desk.book.studio, first_date=date(2026, 12, 1), last_date=date(2027, 1, 31))
    desk.studio.save_studio(replace(ranged, minimum_notice_s=3600, open_days=10))
    desk.page.reload()
    first = input_of(desk.page.studio, "Not before", QAbstractSpinBox)
    qtbot.waitUntil(first.isEnabled)
    assert "12" in first.text()
    for name in ("Minimum notice", "Furthest date", "Days with a free slot"):
        type_number(qtbot, desk, name, "" if name != "Minimum notice" else "0")
    for name in ("Not before", "Not after"):
        tick(desk.page.studio, name)
    assert not first.isEnabled()
    assert submit(qtbot, desk) == replace(desk.book.studio, horizon_days=None, version=3)


def test_a_range_that_ends_first_is_refused(qtbot: QtBot, desk: Desk) -> None:
    desk.page.activateWindow()
    qtbot.waitUntil(desk.page.isActiveWindow)
    tick(desk.page.studio, "Not before")
    type_day(desk, "Not before", "01122026")
    tick(desk.page.studio, "Not after")
    type_day(desk, "Not after", "30112026")
    desk.page.studio.submit()
    assert errors(desk.page.studio) == ["The last date lies before the first. Swap them."]
    assert stored(desk) == desk.book.studio


@pytest.mark.parametrize("name", ["Slots begin", "Days with a free slot", "Not before"])
def test_what_is_changed_here_counts_as_typed(desk: Desk, name: str) -> None:
    section = desk.page.studio
    assert not section.is_typed_in()
    if name == "Not before":
        tick(section, name)
    elif name == "Slots begin":
        choose(input_of(section, name, QComboBox), 1)
    else:
        input_of(section, name, QAbstractSpinBox).stepUp()
    assert section.is_typed_in()
