"""Nothing typed in the settings is lost unasked: by Escape, by closing a form, by closing the window."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from support.settings_desk import Desk

from inkdesk.ui.settings.page import SettingsPage
from inkdesk.ui.settings.record_dialog import RecordDialog

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)
ADDS: dict[str, Callable[[SettingsPage], QPushButton]] = {
    "artist": lambda page: page.artists.add,
    "guest": lambda page: page.artists.change,
    "service": lambda page: page.services.change,
    "station": lambda page: page.stations.add,
    "leave": lambda page: page.leave.add_leave,
    "override": lambda page: page.leave.add_override,
}


def form_of(page: SettingsPage, kind: str) -> RecordDialog[object]:
    ADDS[kind](page).click()
    (dialog,) = [one for one in page.window().findChildren(RecordDialog) if one.isVisible()]
    return dialog


def question(widget: QWidget) -> QMessageBox | None:
    return next((one for one in widget.findChildren(QMessageBox) if one.isVisible()), None)


def answer(widget: QWidget, words: str) -> None:
    asked = question(widget)
    assert asked is not None
    next(one for one in asked.buttons() if one.text() == words).click()


def input_of(form: QWidget, name: str) -> QWidget:
    return next(one for one in form.findChildren(QWidget) if one.accessibleName() == name)


@pytest.mark.parametrize("kind", list(ADDS))
def test_an_untouched_form_closes_at_once(desk: Desk, kind: str) -> None:
    dialog = form_of(desk.page, kind)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isHidden()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("artist", "Name"),
        ("artist", "Colour"),
        ("artist", "Pause after a sitting"),
        ("artist", "Sun"),
        ("guest", "A guest with a bounded stay"),
        ("service", "Sitting"),
        ("service", "Price"),
        ("service", "Bo"),
        ("station", "Kind"),
        ("station", "Units"),
        ("leave", "Who"),
        ("leave", "Until"),
        ("leave", "Reason"),
        ("override", "Date"),
        ("override", "Hours"),
    ],
)
def test_a_changed_form_asks_first(qtbot: QtBot, desk: Desk, kind: str, name: str) -> None:
    dialog = form_of(desk.page, kind)
    change(dialog, name)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    answer(dialog, "Go on")
    assert dialog.isVisible()
    assert not dialog.close()
    answer(dialog, "Close without saving")
    qtbot.waitUntil(lambda: not desk.page.window().findChildren(RecordDialog), timeout=5000)


def change(dialog: QWidget, name: str) -> None:
    """Change one input by a key or a click."""
    boxes = [one for one in dialog.findChildren(QCheckBox) if one.text().replace("&", "") == name]
    if boxes:
        boxes[0].click()
        return
    one = input_of(dialog, name)
    if isinstance(one, QLineEdit):
        QTest.keyClicks(one, "9")
    elif isinstance(one, QComboBox) and one.isEditable():
        one.setEditText("room")
    elif isinstance(one, QAbstractSpinBox):
        one.stepUp()
    else:
        QTest.keyClick(one, Qt.Key.Key_Down)


def test_what_was_typed_and_taken_back_is_nothing_typed(desk: Desk) -> None:
    dialog = form_of(desk.page, "leave")
    reason = input_of(dialog, "Reason")
    QTest.keyClicks(reason, "x")
    QTest.keyClick(reason, Qt.Key.Key_Backspace)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isHidden()


def test_another_page_keeps_what_was_typed(qtbot: QtBot, desk: Desk) -> None:
    name = input_of(desk.page.studio, "Name")
    assert isinstance(name, QLineEdit)
    name.setText("Half typ")
    desk.page.open_section("artists")
    desk.page.open_section("studio")
    assert name.text() == "Half typ"
    assert question(desk.page) is None


@pytest.mark.parametrize(
    ("section", "field"), [("studio", "Name"), ("stripe", "Stripe key"), ("stripe", "Page after paying")]
)
def test_the_window_asks_before_it_closes_over_a_section(
    qtbot: QtBot, test_desk: Desk, section: str, field: str
) -> None:
    page = test_desk.page
    page.open_section(section)
    line = input_of(getattr(page, section), field)
    assert isinstance(line, QLineEdit)
    line.setText("typed")
    page.open_section("artists")
    assert not page.close()
    answer(page, "Go on")
    assert (page.isVisible(), line.text()) == (True, "typed")
    assert not page.close()
    answer(page, "Close without saving")
    qtbot.waitUntil(page.isHidden, timeout=5000)


def test_a_window_without_anything_typed_closes_at_once(test_desk: Desk) -> None:
    test_desk.page.open_section("stripe")
    test_desk.page.open_section("studio")
    assert test_desk.page.close()


def test_a_saved_section_closes_at_once(qtbot: QtBot, desk: Desk) -> None:
    name = input_of(desk.page.studio, "Name")
    assert isinstance(name, QLineEdit)
    name.setText("New name")
    with qtbot.waitSignal(desk.feed.changed):
        desk.page.studio.submit()
    assert desk.page.close()
