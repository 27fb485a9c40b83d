"""The studio section, and what holds for the whole settings page."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot
from support.settings_desk import Desk
from support.settings_forms import errors, input_of, retype, texts

from inkdesk.application.changes import Changes
from inkdesk.domain.artists import Leave
from inkdesk.domain.studio import HoldPolicy
from inkdesk.ui.settings.hours_edit import HoursEdit
from inkdesk.ui.settings.record_dialog import RecordDialog

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)
"""The list under a search field is a window of its own; offscreen Qt says what it cannot do with one."""

TODAY = date(2026, 11, 23)
HOSTILE = '<b>Zoë</b> "O\'Neil" & مريم 🖤'


def test_the_studio_is_changed(qtbot: QtBot, desk: Desk) -> None:
    section = desk.page.studio
    retype(qtbot, input_of(section, "Name", QLineEdit), HOSTILE)
    policy = input_of(section, "Unpaid deposit", QComboBox)
    QTest.keyClick(policy, Qt.Key.Key_Down)
    assert any("Who pays second is refunded" in label.text() for label in section.findChildren(QLabel))
    retype(qtbot, input_of(section, "Minimum notice", QDoubleSpinBox).lineEdit(), "1.5")
    with qtbot.waitSignal(desk.feed.changed):
        section.submit()
    for name in ("Once more", "And again"):
        retype(qtbot, input_of(section, "Name", QLineEdit), name)
        with qtbot.waitSignal(desk.feed.changed):
            section.submit()
    studio = desk.studio.settings(TODAY).studio
    assert studio.name == "And again"
    assert studio.hold_policy is HoldPolicy.FIRST_TO_PAY_WINS
    assert studio.minimum_notice_s == 5400
    assert studio.mode is desk.book.studio.mode


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("Name", "  ", "The studio needs a name."),
        ("Time zone", "Europe/Atlantis", "There is no time zone called Europe/Atlantis."),
        ("Phone country", "Utopia", "Utopia is no country."),
    ],
)
def test_a_studio_that_cannot_be_is_refused(qtbot: QtBot, desk: Desk, field: str, typed: str, sentence: str) -> None:
    section = desk.page.studio
    widget = input_of(section, field, QWidget)
    line = widget.lineEdit() if isinstance(widget, QComboBox) else widget
    retype(qtbot, line, typed)  # type: ignore[arg-type]
    section.submit()
    assert [one.startswith(sentence) for one in errors(section)] == [True]
    assert desk.studio.settings(TODAY).studio == desk.book.studio


def test_what_is_being_typed_survives_a_change_elsewhere(qtbot: QtBot, desk: Desk) -> None:
    line = input_of(desk.page.studio, "Name", QLineEdit)
    retype(qtbot, line, "Half typ")
    desk.studio.save_station(replace(desk.book.station, name="Throne"))
    desk.feed.announce(Changes(settings=True))
    qtbot.waitUntil(lambda: "Throne: chair, 2 units" in texts(desk.page, "stations"))
    assert line.text() == "Half typ"


def test_what_the_stripe_section_saved_does_not_make_the_typed_stale(qtbot: QtBot, desk: Desk) -> None:
    section = desk.page.studio
    retype(qtbot, input_of(section, "Name", QLineEdit), "Ours")
    desk.studio.save_studio(replace(desk.book.studio, success_url="https://ink.example/"))
    desk.studio.save_station(replace(desk.book.station, name="Throne"))
    desk.feed.announce(Changes(settings=True))
    qtbot.waitUntil(lambda: "Throne: chair, 2 units" in texts(desk.page, "stations"))
    with qtbot.waitSignal(desk.feed.changed):
        section.submit()
    studio = desk.studio.settings(TODAY).studio
    assert (studio.name, studio.success_url) == ("Ours", "https://ink.example/")


@pytest.mark.parametrize("minutes", [0, 1, 20, 59, 90, 1439, 525600])
def test_hours_keep_every_minute(qtbot: QtBot, minutes: int) -> None:
    edit = HoursEdit()
    qtbot.addWidget(edit)
    edit.set_seconds(minutes * 60)
    assert edit.seconds() == minutes * 60


def test_hours_are_shown_short(qtbot: QtBot) -> None:
    edit = HoursEdit()
    qtbot.addWidget(edit)
    shown = []
    for hours in (0, 10, 1.5):
        edit.setValue(hours)
        shown.append(edit.text())
    assert shown == ["0 h", "10 h", "1.5 h"]


def test_a_stale_studio_offers_the_newest(qtbot: QtBot, desk: Desk) -> None:
    section = desk.page.studio
    desk.studio.save_studio(replace(desk.book.studio, name="Theirs"))
    line = input_of(section, "Name", QLineEdit)
    retype(qtbot, line, "Ours")
    section.submit()
    qtbot.waitUntil(lambda: bool(section.findChildren(QMessageBox)))
    question = section.findChildren(QMessageBox)[0]
    assert line.text() == "Ours"
    assert question.textFormat() is Qt.TextFormat.PlainText
    QTest.keyClick(next(one for one in question.buttons() if one.text() == "Load the newest"), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: line.text() == "Theirs")


def test_a_language_is_chosen_for_the_next_start(qtbot: QtBot, desk: Desk) -> None:
    language = input_of(desk.page.studio, "Language", QComboBox)
    with qtbot.waitSignal(desk.page.language_chosen) as chosen:
        QTest.keyClick(language, Qt.Key.Key_Down)
        language.activated.emit(language.currentIndex())
    assert chosen.args == ["fr"]


def test_every_input_has_a_name_and_labels_are_plain_text(qtbot: QtBot, desk: Desk) -> None:
    desk.studio.add_leave(
        Leave(artist_id=None, starts_at=datetime(2026, 12, 1, tzinfo=UTC), ends_at=datetime(2026, 12, 2, tzinfo=UTC))
    )
    for section in (desk.page.artists, desk.page.services, desk.page.stations):
        QTest.keyClick(section.list, Qt.Key.Key_Return)
    for button in (desk.page.leave.add_leave, desk.page.leave.add_override):
        QTest.keyClick(button, Qt.Key.Key_Space)
    dialogs = desk.page.findChildren(RecordDialog)
    assert len(dialogs) == 5
    assert all(dialog.findChildren(QDialogButtonBox) for dialog in dialogs)
    inputs = [one for one in desk.page.findChildren(QWidget) if isinstance(one, QLineEdit | QComboBox)]
    assert [one for one in inputs if not one.accessibleName() and not _is_inner(one)] == []
    labels = [one for one in desk.page.findChildren(QLabel) if one.buddy() is None and not _is_inner(one)]
    assert [one.text() for one in labels if one.textFormat() is not Qt.TextFormat.PlainText] == []


def _is_inner(widget: QWidget) -> bool:
    """Whether Qt made it as a part of another input."""
    return isinstance(widget.parent(), QComboBox) or widget.objectName().startswith("qt_")
