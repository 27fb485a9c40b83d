"""What a service needs of stations, and its processing time: entered by keys, stored and read back."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QWidget
from pytestqt.qtbot import QtBot
from support.settings_desk import Desk
from support.settings_forms import choose, errors, input_of, opened, retype, save, tick

from inkdesk.domain.catalogue import Service, Station
from inkdesk.domain.sitting import Processing
from inkdesk.ui.settings.service_dialog import ServiceDialog

TODAY = date(2026, 11, 23)
PROCESSING = "A processing time within the sitting"


def stored(desk: Desk) -> Service:
    return desk.studio.settings(TODAY).services[0]


def open_service(qtbot: QtBot, desk: Desk, service: Service | None = None) -> ServiceDialog:
    """The form of the service, as it is or as another program stored it; there is a room besides the two chairs."""
    desk.studio.save_station(Station(name="Back room", kind="room"))
    if service is not None:
        desk.studio.save_service(service)
    with qtbot.waitSignal(desk.page.services.list.model().rowsInserted):
        desk.page.reload()
    desk.page.open_section("services")
    QTest.keyClick(desk.page.services.list, Qt.Key.Key_Return)
    return opened(desk.page, ServiceDialog)


def choose_kind(dialog: ServiceDialog, name: str, kind: str) -> None:
    combo = input_of(dialog, name, QComboBox)
    choose(combo, combo.findText(kind))


def type_number(qtbot: QtBot, dialog: ServiceDialog, name: str, typed: str) -> None:
    spin = input_of(dialog, name, QAbstractSpinBox)
    assert spin.isEnabled()
    retype(qtbot, spin.lineEdit(), typed)


def shown_names(dialog: ServiceDialog) -> set[str]:
    return {one.accessibleName() for one in dialog.findChildren(QWidget) if one.isVisible() and one.accessibleName()}


STATION_ROWS = {"How many of it", "Its own preparation", "Its own clean-up"}
PROCESSING_ROWS = {"Begins after", "Lasts", "Other station then"}


def test_what_is_not_used_is_not_shown(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_service(qtbot, desk)
    assert shown_names(dialog) & (STATION_ROWS | PROCESSING_ROWS | {"Meanwhile the station"}) == set()
    tick(dialog, PROCESSING)
    assert shown_names(dialog) & (STATION_ROWS | {"Meanwhile the station"}) == set()
    assert shown_names(dialog) >= PROCESSING_ROWS
    choose_kind(dialog, "Station", "chair")
    assert shown_names(dialog) >= STATION_ROWS | PROCESSING_ROWS | {"Meanwhile the station"}


def test_stations_of_a_kind(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_service(qtbot, desk)
    choose_kind(dialog, "Station", "chair")
    type_number(qtbot, dialog, "How many of it", "2")
    save(qtbot, dialog)
    assert stored(desk) == replace(desk.book.service, station_kind="chair", station_units=2, version=2)


def test_the_station_is_kept_for_its_own_times(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_service(qtbot, desk, replace(desk.book.service, station_kind="chair"))
    shown = [input_of(dialog, name, QAbstractSpinBox) for name in ("Its own preparation", "Its own clean-up")]
    assert [(one.text(), one.isEnabled()) for one in shown] == [("10 min", False), ("20 min", False)]
    type_number(qtbot, dialog, "Clean-up", "25")
    assert shown[1].text() == "25 min", "until it has its own, it follows the artist's"
    tick(dialog, "Its own clean-up")
    type_number(qtbot, dialog, "Its own clean-up", "0")
    save(qtbot, dialog)
    assert (stored(desk).station_prep_s, stored(desk).station_clean_up_s) == (None, 0)
    assert stored(desk).sitting.clean_up_s == 1500


def test_own_times_are_read_back_and_given_up(qtbot: QtBot, desk: Desk) -> None:
    own = replace(desk.book.service, station_kind="chair", station_units=2, station_prep_s=0, station_clean_up_s=2700)
    dialog = open_service(qtbot, desk, own)
    assert [input_of(dialog, name, QAbstractSpinBox).text() for name in sorted(STATION_ROWS)] == [
        "2",
        "45 min",
        "0 min",
    ]
    tick(dialog, "Its own clean-up")
    save(qtbot, dialog)
    assert stored(desk) == replace(own, station_clean_up_s=None, version=3)


def test_a_processing_time(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_service(qtbot, desk, replace(desk.book.service, station_kind="chair"))
    tick(dialog, PROCESSING)
    type_number(qtbot, dialog, "Begins after", "10")
    type_number(qtbot, dialog, "Lasts", "40")
    choose(input_of(dialog, "Meanwhile the station", QComboBox), 1)
    choose_kind(dialog, "Other station then", "room")
    save(qtbot, dialog)
    assert stored(desk).processing == Processing(600, 2400, "room", keeps_station=False)


def test_a_processing_time_is_read_back_hidden_and_kept(qtbot: QtBot, desk: Desk) -> None:
    processing = Processing(900, 1800, "room", keeps_station=False)
    dialog = open_service(qtbot, desk, replace(desk.book.service, station_kind="chair", processing=processing))
    assert input_of(dialog, "Begins after", QAbstractSpinBox).text() == "15 min"
    assert input_of(dialog, "Meanwhile the station", QComboBox).currentText() == "Is free for others"
    box = tick(dialog, PROCESSING)
    assert shown_names(dialog) & PROCESSING_ROWS == set()
    QTest.keyClick(box, Qt.Key.Key_Space)
    save(qtbot, dialog)
    assert stored(desk).processing == processing


def test_a_processing_time_is_given_up(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_service(qtbot, desk, replace(desk.book.service, processing=Processing(0, 1800)))
    tick(dialog, PROCESSING)
    save(qtbot, dialog)
    assert stored(desk) == replace(desk.book.service, version=3)


def test_a_service_without_a_station_has_none_of_its_times(qtbot: QtBot, desk: Desk) -> None:
    own = replace(desk.book.service, station_kind="chair", station_units=2, station_prep_s=0)
    dialog = open_service(qtbot, desk, replace(own, processing=Processing(0, 600, keeps_station=False)))
    choose(input_of(dialog, "Station", QComboBox), 0)
    save(qtbot, dialog)
    assert stored(desk) == replace(desk.book.service, processing=Processing(0, 600), version=3)


@pytest.mark.parametrize(
    ("field", "number", "other", "sentence"),
    [
        ("Lasts", "0", "None needed", "A processing time begins within the sitting and lasts longer than nothing."),
        ("Lasts", "61", "None needed", "The processing time ends after the sitting. Shorten it, or begin it earlier."),
        ("Other station then", "30", "chair", "The processing time needs a station of another kind than the sitting"),
        ("How many of it", "3", "None needed", "This service needs 3 of chair, and the studio has 2. Lower the number"),
    ],
)
def test_what_cannot_be_is_said_at_its_row(
    qtbot: QtBot, desk: Desk, field: str, number: str, other: str, sentence: str
) -> None:
    dialog = open_service(qtbot, desk, replace(desk.book.service, station_kind="chair"))
    tick(dialog, PROCESSING)
    type_number(qtbot, dialog, "Lasts" if field == "Other station then" else field, number)
    choose_kind(dialog, "Other station then", other)
    dialog.submit()
    qtbot.waitUntil(lambda: bool(errors(dialog)))
    assert [one.startswith(sentence) for one in errors(dialog)] == [True]
    assert dialog.focusWidget() is input_of(dialog, field, QWidget)
    assert stored(desk).processing is None


def test_an_unticked_service_has_every_row_in_tab_order(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_service(qtbot, desk, replace(desk.book.service, station_kind="chair", processing=Processing(0, 600)))
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    input_of(dialog, "Station", QComboBox).setFocus()
    names = []
    for _ in range(9):
        widget = dialog.focusWidget()
        names.append(widget.text().replace("&", "") if isinstance(widget, QCheckBox) else widget.accessibleName())
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert names == [
        "Station",
        "How many of it",
        "Its own preparation",
        "Its own clean-up",
        PROCESSING,
        "Begins after",
        "Lasts",
        "Meanwhile the station",
        "Other station then",
    ]
