"""Settings changed by hand: real keys, a real database, every refusal beside its field."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from support.book import a_booking
from support.settings_desk import Desk
from support.settings_forms import errors, input_of, opened, retype, save, texts

from inkdesk.domain.artists import Artist
from inkdesk.domain.catalogue import Service
from inkdesk.domain.hours import WallSpan, every_week
from inkdesk.domain.money import Money
from inkdesk.ui.settings.artist_dialog import ArtistDialog
from inkdesk.ui.settings.leave_dialogs import LeaveDialog, OverrideDialog
from inkdesk.ui.settings.service_dialog import ServiceDialog
from inkdesk.ui.settings.station_dialog import StationDialog

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)
"""The list under a search field is a window of its own; offscreen Qt says what it cannot do with one."""

TODAY = date(2026, 11, 23)
HOSTILE = '<b>Zoë</b> "O\'Neil" & مريم 🖤'


def artists(desk: Desk) -> tuple[Artist, ...]:
    return desk.studio.settings(TODAY).artists


def test_an_artist_is_added_with_hours_by_keyboard(qtbot: QtBot, desk: Desk) -> None:
    desk.page.open_section("artists")
    QTest.keyClick(desk.page.artists.add, Qt.Key.Key_Space)
    dialog = opened(desk.page, ArtistDialog)
    retype(qtbot, input_of(dialog, "Name", QLineEdit), HOSTILE)
    retype(qtbot, input_of(dialog, "Tue", QLineEdit), "10-13, 14:00-19:00")
    retype(qtbot, input_of(dialog, "Sat", QLineEdit), "20:00-02:00")
    with qtbot.waitSignal(desk.feed.changed):
        save(qtbot, dialog)
    qtbot.waitUntil(lambda: HOSTILE in texts(desk.page, "artists"))
    added = artists(desk)[-1]
    assert added.name == HOSTILE
    week = ((), (WallSpan(600, 780), WallSpan(840, 1140)), (), (), (), (WallSpan(1200, 1560),), ())
    assert added.plans == every_week(week)
    assert added.colour not in {one.colour for one in artists(desk)[:-1]}


def test_a_form_begins_with_its_first_field_and_ends_with_its_buttons(qtbot: QtBot, desk: Desk) -> None:
    QTest.keyClick(desk.page.stations.list, Qt.Key.Key_Return)
    dialog = opened(desk.page, StationDialog)
    qtbot.waitUntil(lambda: dialog.focusWidget() is not None)
    names = []
    for _ in range(5):
        widget = dialog.focusWidget()
        names.append(widget.accessibleName() or (widget.text() if isinstance(widget, QPushButton) else ""))
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert names == ["Name", "Kind", "&Save", "Cancel", "Name"]


def test_enter_saves_also_after_a_look_at_cancel(qtbot: QtBot, desk: Desk) -> None:
    QTest.keyClick(desk.page.stations.list, Qt.Key.Key_Return)
    dialog = opened(desk.page, StationDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    for words in ("&Save", "Cancel"):
        next(one for one in dialog.findChildren(QPushButton) if one.text() == words).setFocus()
    retype(qtbot, input_of(dialog, "Name", QLineEdit), "Throne")
    save(qtbot, dialog)
    assert desk.studio.settings(TODAY).stations[0].name == "Throne"


def test_hours_that_are_none_are_named_and_nothing_typed_is_lost(qtbot: QtBot, desk: Desk) -> None:
    desk.page.open_section("artists")
    QTest.keyClick(desk.page.artists.list, Qt.Key.Key_Return)
    dialog = opened(desk.page, ArtistDialog)
    hours = input_of(dialog, "Wed", QLineEdit)
    retype(qtbot, hours, "nine to five")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert errors(dialog) == ["nine to five are no hours. Type them like 10:00-13:00, 14:00-19:00."]
    assert hours.text() == "nine to five"
    assert hours.property("invalid") is True
    retype(qtbot, hours, "9-17")
    save(qtbot, dialog)
    assert artists(desk)[0].plans[0].weeks[0][2] == (WallSpan(540, 1020),)


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("Name", "", "The artist needs a name."),
        ("Time zone of the hours", "Mars/Olympus", "There is no time zone called Mars/Olympus."),
    ],
)
def test_an_artist_that_cannot_be_is_refused(qtbot: QtBot, desk: Desk, name: str, typed: str, sentence: str) -> None:
    QTest.keyClick(desk.page.artists.list, Qt.Key.Key_Return)
    dialog = opened(desk.page, ArtistDialog)
    field = input_of(dialog, name, QWidget)
    retype(qtbot, field.lineEdit() if isinstance(field, QComboBox) else field, typed)  # type: ignore[arg-type]
    dialog.submit()
    assert len(errors(dialog)) == 1
    assert errors(dialog)[0].startswith(sentence)
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert artists(desk) == (desk.book.ana, desk.book.bo)


def test_a_guest_has_a_stay_and_a_zone(qtbot: QtBot, desk: Desk) -> None:
    QTest.keyClick(desk.page.artists.list, Qt.Key.Key_Return)
    dialog = opened(desk.page, ArtistDialog)
    QTest.keyClick(dialog.findChildren(QCheckBox)[0], Qt.Key.Key_Space)
    zone = input_of(dialog, "Time zone of the hours", QComboBox)
    retype(qtbot, zone.lineEdit(), "america/new_york")
    save(qtbot, dialog)
    ana = artists(desk)[0]
    assert ana.is_guest
    assert (ana.stays_from, ana.stays_until) == (TODAY, date(2026, 12, 6))
    assert ana.zone == "America/New_York"


def test_an_artist_is_archived_and_brought_back(qtbot: QtBot, desk: Desk) -> None:
    archive = desk.page.artists.archive
    QTest.keyClick(archive, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Ana, archived" in texts(desk.page, "artists"))
    assert not artists(desk)[0].is_active
    assert archive.text() == "B&ring back"
    QTest.keyClick(archive, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Ana" in texts(desk.page, "artists"))
    assert artists(desk)[0].is_active


def test_another_desk_was_faster(qtbot: QtBot, desk: Desk) -> None:
    QTest.keyClick(desk.page.artists.list, Qt.Key.Key_Return)
    dialog = opened(desk.page, ArtistDialog)
    desk.studio.save_artist(replace(desk.book.ana, name="Ana Maria"))
    retype(qtbot, input_of(dialog, "Name", QLineEdit), "Anna")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(dialog.findChildren(QMessageBox)))
    question = dialog.findChildren(QMessageBox)[0]
    assert input_of(dialog, "Name", QLineEdit).text() == "Anna"
    newest = next(one for one in question.buttons() if one.text() == "Load the newest")
    QTest.keyClick(newest, Qt.Key.Key_Space)
    qtbot.waitUntil(
        lambda: any(
            one.isVisible() and input_of(one, "Name", QLineEdit).text() == "Ana Maria"
            for one in desk.page.findChildren(ArtistDialog)
        )
    )


def test_leave_is_entered_and_taken_back(qtbot: QtBot, desk: Desk) -> None:
    desk.page.open_section("leave")
    assert texts(desk.page, "leave") == []
    QTest.keyClick(desk.page.leave.add_leave, Qt.Key.Key_Space)
    dialog = opened(desk.page, LeaveDialog)
    retype(qtbot, input_of(dialog, "Reason", QLineEdit), "flu <i>bad</i>")
    save(qtbot, dialog)
    qtbot.waitUntil(lambda: len(texts(desk.page, "leave")) == 1)
    assert "flu <i>bad</i>" in texts(desk.page, "leave")[0]
    leave = desk.studio.settings(TODAY).leaves[0]
    assert leave.artist_id == desk.book.ana.id
    assert leave.starts_at == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    assert leave.ends_at - leave.starts_at == timedelta(days=1)
    QTest.keyClick(desk.page.leave.remove, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: texts(desk.page, "leave") == [])


def test_a_leave_says_how_many_bookings_lie_in_it(qtbot: QtBot, desk: Desk) -> None:
    with desk.database.write() as uow:
        for hour in (9, 13):
            uow.bookings.add(a_booking(desk.book, datetime(2026, 11, 24, hour, tzinfo=UTC)))
        uow.bookings.add(a_booking(desk.book, artist=desk.book.bo))
        uow.commit()
    desk.page.open_section("leave")
    QTest.keyClick(desk.page.leave.add_leave, Qt.Key.Key_Space)
    dialog = opened(desk.page, LeaveDialog)

    def said(words: str) -> None:
        qtbot.waitUntil(lambda: any(label.text().startswith(words) for label in dialog.findChildren(QLabel)))

    said("No booking lies in this time.")
    QTest.keyClick(input_of(dialog, "Until", QWidget), Qt.Key.Key_Up)
    said("2 bookings lie in this time.")
    QTest.keyClick(input_of(dialog, "Who", QComboBox), Qt.Key.Key_End)
    said("3 bookings lie in this time.")


def test_what_was_added_is_chosen_and_has_the_keys(qtbot: QtBot, desk: Desk) -> None:
    desk.page.open_section("artists")
    QTest.keyClick(desk.page.artists.add, Qt.Key.Key_Space)
    dialog = opened(desk.page, ArtistDialog)
    retype(qtbot, input_of(dialog, "Name", QLineEdit), "Cy")
    save(qtbot, dialog)
    shown = desk.page.artists.list
    qtbot.waitUntil(lambda: shown.count() == 3)
    assert shown.currentItem().text().startswith("Cy")
    assert desk.page.window().focusWidget() is shown


def test_a_leave_that_ends_first_is_refused(qtbot: QtBot, desk: Desk) -> None:
    desk.page.open_section("leave")
    QTest.keyClick(desk.page.leave.add_leave, Qt.Key.Key_Space)
    dialog = opened(desk.page, LeaveDialog)
    until = input_of(dialog, "Until", QWidget)
    for _ in range(3):
        QTest.keyClick(until, Qt.Key.Key_Down)
    dialog.submit()
    assert errors(dialog) == ["The leave ends before it begins. Check its two dates."]


def test_one_date_gets_other_hours(qtbot: QtBot, desk: Desk) -> None:
    desk.page.open_section("leave")
    QTest.keyClick(desk.page.leave.add_override, Qt.Key.Key_Space)
    dialog = opened(desk.page, OverrideDialog)
    retype(qtbot, input_of(dialog, "Hours", QLineEdit), "12-16")
    save(qtbot, dialog)
    qtbot.waitUntil(lambda: len(texts(desk.page, "leave")) == 1)
    assert texts(desk.page, "leave") == ["Ana: 2026-11-23, 12:00-16:00"]
    QTest.keyClick(desk.page.leave.remove, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: texts(desk.page, "leave") == [])


def services(desk: Desk) -> tuple[Service, ...]:
    return desk.studio.settings(TODAY).services


def test_a_service_is_added(qtbot: QtBot, desk: Desk) -> None:
    desk.page.open_section("services")
    QTest.keyClick(desk.page.services.add, Qt.Key.Key_Space)
    dialog = opened(desk.page, ServiceDialog)
    retype(qtbot, input_of(dialog, "Name", QLineEdit), "Touch-up")
    retype(qtbot, input_of(dialog, "Price", QLineEdit), "80,50")
    retype(qtbot, input_of(dialog, "Deposit", QLineEdit), "20")
    save(qtbot, dialog)
    qtbot.waitUntil(lambda: len(texts(desk.page, "services")) == 2)
    added = services(desk)[-1]
    assert (added.name, added.price, added.deposit) == ("Touch-up", Money(8050, "EUR"), Money(2000, "EUR"))
    assert added.artist_ids == ()


def test_a_service_belongs_to_the_ticked_artists(qtbot: QtBot, desk: Desk) -> None:
    desk.page.open_section("services")
    QTest.keyClick(desk.page.services.list, Qt.Key.Key_Return)
    dialog = opened(desk.page, ServiceDialog)
    QTest.keyClick(input_of(dialog, "Bo", QCheckBox), Qt.Key.Key_Space)
    save(qtbot, dialog)
    assert services(desk)[0].artist_ids == (desk.book.bo.id,)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("Name", "", "The service needs a name."),
        ("Price", "-5", "A price cannot be negative. Enter 0 or more."),
        ("Price", "12.345", "12.345 is not an amount. Type it like 120 or 12.50."),
        ("Price", "NaN", "NaN is not an amount. Type it like 120 or 12.50."),
        ("Deposit", "-1", "A deposit cannot be negative. Enter 0 or more."),
        ("Deposit", "99999", "The deposit is higher than the price. Lower it."),
    ],
)
def test_a_service_that_cannot_be_is_refused(qtbot: QtBot, desk: Desk, field: str, typed: str, sentence: str) -> None:
    QTest.keyClick(desk.page.services.list, Qt.Key.Key_Return)
    dialog = opened(desk.page, ServiceDialog)
    line = input_of(dialog, field, QLineEdit)
    retype(qtbot, line, typed)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert errors(dialog) == [sentence]
    assert line.text() == typed
    assert services(desk) == (desk.book.service,)


def test_a_station_is_added_and_its_units_are_fixed(qtbot: QtBot, desk: Desk) -> None:
    desk.page.open_section("stations")
    QTest.keyClick(desk.page.stations.add, Qt.Key.Key_Space)
    dialog = opened(desk.page, StationDialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert errors(dialog) == ["The station needs a name."]
    retype(qtbot, input_of(dialog, "Name", QLineEdit), "Back room")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert errors(dialog) == ["The station needs a kind, for example chair."]
    retype(qtbot, input_of(dialog, "Kind", QComboBox).lineEdit(), "room")
    save(qtbot, dialog)
    qtbot.waitUntil(lambda: "Back room: room, 1 unit" in texts(desk.page, "stations"))
    QTest.keyClick(desk.page.stations.list, Qt.Key.Key_Return)
    assert not input_of(opened(desk.page, StationDialog), "Units", QWidget).isEnabled()
