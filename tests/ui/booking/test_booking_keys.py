"""What the keys do in the booking form: typing a date, passing through, pressing buttons."""

from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QLocale, QTime
from PySide6.QtGui import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from support.desk import Desk

from inkdesk.ui.booking.dialog import BookingDialog
from inkdesk.ui.common import forms
from inkdesk.ui.common.forms import PushButton

KEY = Qt.Key
TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
"""11:00 in Paris."""


def open_dialog(qtbot: QtBot, desk: Desk, starts_at: datetime | None = TEN) -> BookingDialog:
    dialog = BookingDialog(desk.services, desk.background, artist_id=desk.book.ana.id, starts_at=starts_at)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.when.verdict.text()[:1] in {"✓", "✕"}, timeout=5000)
    return dialog


def tab_to(dialog: QDialog, wanted: QWidget) -> None:
    for _stop in range(30):
        focused = dialog.focusWidget()
        if focused is wanted:
            return
        assert focused is not None
        QTest.keyClick(focused, KEY.Key_Tab)
    raise AssertionError(f"Tab never comes to {wanted}")


@pytest.mark.parametrize("way", ["tab", "mnemonic"])
def test_a_day_is_typed_as_in_any_date_field(qtbot: QtBot, desk: Desk, way: str) -> None:
    dialog = open_dialog(qtbot, desk)
    if way == "tab":
        tab_to(dialog, dialog.when.day)
    else:
        dialog.when.day.setFocus(Qt.FocusReason.ShortcutFocusReason)
    QTest.keyClicks(dialog.when.day, "27")
    assert dialog.when.day.day() == date(2026, 11, 27)
    qtbot.waitUntil(lambda: "2026-11-27 11:00" in dialog.when.verdict.text(), timeout=5000)
    assert dialog.when.day.day() == date(2026, 11, 27)


@pytest.mark.parametrize("territory", ["en_US", "en_GB", "fr_FR", "sv_SE"])
def test_the_day_is_typed_in_every_order_of_day_and_month(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch, territory: str
) -> None:
    monkeypatch.setattr(forms, "reader_locale", lambda: QLocale(territory))
    dialog = open_dialog(qtbot, desk)
    tab_to(dialog, dialog.when.day)
    QTest.keyClicks(dialog.when.day, "2")
    dialog.when.show_start(dialog.when.day.day(), 11 * 60)
    QTest.keyClicks(dialog.when.day, "7")
    qtbot.waitUntil(lambda: "2026-11-27 11:00" in dialog.when.verdict.text(), timeout=5000)
    assert dialog.when.day.day() == date(2026, 11, 27)


def test_day_month_and_year_are_typed_in_a_row(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_dialog(qtbot, desk)
    tab_to(dialog, dialog.when.day)
    QTest.keyClicks(dialog.when.day, "02122027")
    assert dialog.when.day.day() == date(2027, 12, 2)


def test_passing_through_the_slots_chooses_none(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_dialog(qtbot, desk, TEN.replace(minute=5))
    qtbot.waitUntil(lambda: dialog.when.slots.count() > 0, timeout=5000)
    tab_to(dialog, dialog.when.slots)
    QTest.keyClick(dialog.when.slots, KEY.Key_Tab)
    assert dialog.when.clock.hasFocus()
    assert dialog.when.clock.time() == QTime(11, 5)
    QTest.keyClick(dialog.when.clock, KEY.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(dialog.when.slots, KEY.Key_Right)
    assert dialog.when.clock.time() == QTime(9, 0)


@pytest.mark.parametrize("enter", [KEY.Key_Return, KEY.Key_Enter])
def test_enter_presses_the_focused_button_and_else_the_default(qtbot: QtBot, enter: Qt.Key) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    line, button, main = QLineEdit(), PushButton("Copy"), PushButton("Save")
    layout = QVBoxLayout(dialog)
    for widget in (line, button, main):
        layout.addWidget(widget)
    main.setDefault(True)
    pressed: list[str] = []
    button.clicked.connect(lambda: pressed.append("Copy"))
    main.clicked.connect(lambda: pressed.append("Save"))
    dialog.open()
    button.setFocus()
    QTest.keyClick(button, enter)
    line.setFocus()
    QTest.keyClick(line, enter)
    assert pressed == ["Copy", "Save"]


def test_enter_on_cancel_closes_the_form(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_dialog(qtbot, desk)
    tab_to(dialog, dialog.cancel_button)
    QTest.keyClick(dialog.cancel_button, KEY.Key_Return)
    assert dialog.isHidden()
