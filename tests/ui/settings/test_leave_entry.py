"""Every kind of leave and of other hours can be entered: whole and part days, many days, nights, closed days."""

from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLabel, QLineEdit, QPushButton, QTimeEdit
from pytestqt.qtbot import QtBot
from support.settings_desk import Desk
from support.settings_forms import input_of, opened, retype, save, texts, tick

from inkdesk.domain.artists import DateOverride
from inkdesk.domain.hours import WallSpan
from inkdesk.ui.settings.artist_dialog import ArtistDialog
from inkdesk.ui.settings.leave_dialogs import LeaveDialog, OverrideDialog

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)

TODAY = date(2026, 11, 23)


def open_leave(qtbot: QtBot, desk: Desk) -> LeaveDialog:
    desk.page.open_section("leave")
    QTest.keyClick(desk.page.leave.add_leave, Qt.Key.Key_Space)
    dialog = opened(desk.page, LeaveDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def open_override(qtbot: QtBot, desk: Desk) -> OverrideDialog:
    desk.page.open_section("leave")
    QTest.keyClick(desk.page.leave.add_override, Qt.Key.Key_Space)
    dialog = opened(desk.page, OverrideDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def type_moment(dialog: LeaveDialog, name: str, day: str, clock: str) -> None:
    edit = input_of(dialog, name, QAbstractSpinBox)
    edit.setFocus()
    QTest.keyClicks(edit, day)
    times = dialog.findChildren(QTimeEdit)
    time = times[0 if name == "From" else 1]
    time.setFocus()
    QTest.keyClicks(time, clock)


@pytest.mark.parametrize(
    ("who", "start", "end", "begins", "ends"),
    [
        ("Ana", ("24112026", "1330"), ("24112026", "1600"), (24, 12, 30), (24, 15, 0)),
        ("Ana", ("24112026", "0000"), ("28112026", "0000"), (23, 23, 0), (27, 23, 0)),
        ("Everybody: the studio is closed", ("24112026", "1400"), ("26112026", "1200"), (24, 13, 0), (26, 11, 0)),
        ("Everybody: the studio is closed", ("24112026", "2200"), ("25112026", "0600"), (24, 21, 0), (25, 5, 0)),
    ],
)
def test_leave_of_part_days_and_many_days(
    qtbot: QtBot,
    desk: Desk,
    who: str,
    start: tuple[str, str],
    end: tuple[str, str],
    begins: tuple[int, int, int],
    ends: tuple[int, int, int],
) -> None:
    dialog = open_leave(qtbot, desk)
    assert "00:00 is the end of the day before." in [label.text() for label in dialog.findChildren(QLabel)]
    chosen = input_of(dialog, "Who", QComboBox)
    while chosen.currentText() != who:
        QTest.keyClick(chosen, Qt.Key.Key_Down)
    type_moment(dialog, "From", *start)
    type_moment(dialog, "Until", *end)
    save(qtbot, dialog)
    (leave,) = desk.studio.settings(TODAY).leaves
    assert leave.artist_id == (desk.book.ana.id if who == "Ana" else None)
    assert leave.starts_at == datetime(2026, 11, *begins, tzinfo=UTC)
    assert leave.ends_at == datetime(2026, 11, *ends, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "spans", "row"),
    [
        ("", (), "Day off"),
        ("9-12, 13:30-15:00, 18-20", ((540, 720), (810, 900), (1080, 1200)), "09:00-12:00, 13:30-15:00, 18:00-20:00"),
        ("22:00-06:00", ((1320, 1800),), "22:00-06:00"),
        ("16:00-24:00", ((960, 1440),), "16:00-24:00"),
        ("00:00-24:00", ((0, 1440),), "00:00-24:00"),
        ("9-12, 12-14", ((540, 720), (720, 840)), "09:00-12:00, 12:00-14:00"),
    ],
)
def test_a_date_gets_any_hours(
    qtbot: QtBot, desk: Desk, typed: str, spans: tuple[tuple[int, int], ...], row: str
) -> None:
    dialog = open_override(qtbot, desk)
    retype(qtbot, input_of(dialog, "Hours", QLineEdit), typed)
    save(qtbot, dialog)
    qtbot.waitUntil(lambda: len(texts(desk.page, "leave")) == 1)
    assert texts(desk.page, "leave") == [f"Ana: 2026-11-23, {row}"]
    wall = tuple(WallSpan(*span) for span in spans)
    assert desk.studio.settings(TODAY).overrides == (DateOverride(artist_id=desk.book.ana.id, on=TODAY, spans=wall),)


def test_a_date_says_which_hours_it_has_so_far(qtbot: QtBot, desk: Desk) -> None:
    override = DateOverride(artist_id=desk.book.bo.id, on=TODAY, spans=(WallSpan(720, 960),))
    desk.studio.set_override(override)
    with qtbot.waitSignal(desk.page.leave.list.model().rowsInserted):
        desk.page.reload()
    dialog = open_override(qtbot, desk)

    def says(words: str) -> bool:
        return words in [label.text() for label in dialog.findChildren(QLabel)]

    assert says("Planned: 09:00-17:00")
    QTest.keyClick(input_of(dialog, "Who", QComboBox), Qt.Key.Key_Down)
    assert says("Entered already, and replaced by this: 12:00-16:00")
    edit = input_of(dialog, "Date", QAbstractSpinBox)
    edit.setFocus()
    QTest.keyClicks(edit, "28")
    assert says("Planned: Day off")


def test_a_guest_stays_for_a_while_in_a_zone_of_their_own(qtbot: QtBot, desk: Desk) -> None:
    desk.page.open_section("artists")
    QTest.keyClick(desk.page.artists.add, Qt.Key.Key_Space)
    dialog = opened(desk.page, ArtistDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    retype(qtbot, input_of(dialog, "Name", QLineEdit), "Hana")
    tick(dialog, "A guest with a bounded stay")
    for name, typed in (("Stays from", "01122026"), ("Stays until", "05122026")):
        edit = input_of(dialog, name, QAbstractSpinBox)
        edit.setFocus()
        QTest.keyClicks(edit, typed)
    retype(qtbot, input_of(dialog, "Time zone of the hours", QComboBox).lineEdit(), "asia/kathmandu")
    retype(qtbot, input_of(dialog, "Fri", QLineEdit), "22:00-06:00")
    save(qtbot, dialog)
    hana = desk.studio.settings(TODAY).artists[-1]
    assert (hana.stays_from, hana.stays_until) == (date(2026, 12, 1), date(2026, 12, 5))
    assert hana.zone == "Asia/Kathmandu"
    assert hana.plans[0].weeks[0][4] == (WallSpan(1320, 1800),)


def test_the_buttons_of_a_form_come_last(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_override(qtbot, desk)
    names = []
    for _ in range(5):
        widget = dialog.focusWidget()
        names.append(widget.text() if isinstance(widget, QPushButton) else widget.accessibleName())
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert names == ["Who", "Date", "Hours", "&Save", "Cancel"]
