"""How long the sittings of a series last: typed in its form, by keys."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from support.alt_keys import press
from support.desk import Desk
from support.mnemonics import clashes

from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.domain.bookings import Booking
from inkdesk.ui.booking.series_dialog import SeriesDialog
from inkdesk.ui.common.forms import ErrorLine

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
"""11:00 in Paris."""


def book(desk: Desk, starts_at: datetime, sitting_s: int | None = None) -> Booking:
    command = BookCommand(
        request_key=f"{starts_at}",
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts_at=starts_at,
        client=desk.book.client.id,
        choice=DepositChoice.NONE,
        sitting_s=sitting_s,
    )
    return desk.services.bookings.book(command).booking


def opened(qtbot: QtBot, desk: Desk, pattern_id: int | None = None) -> SeriesDialog:
    dialog = SeriesDialog(desk.services, desk.background, pattern_id=pattern_id)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.plan_button.isEnabled, timeout=5000)
    qtbot.waitUntil(lambda: pattern_id is None or dialog.pattern.isVisible(), timeout=5000)
    return dialog


def show_two_dates(qtbot: QtBot, dialog: SeriesDialog) -> list[str]:
    """The verdicts about two Tuesdays at 11:00."""
    dialog.first_day.set_day(date(2026, 11, 24))
    dialog.clock.set_clock(time(11))
    dialog.every.setValue(1)
    dialog.count.setValue(2)
    press(qtbot, dialog, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: dialog.book_button.isEnabled() or dialog.notice.isVisible(), timeout=5000)
    shown = [dialog.dates.table.item(row, 1) for row in range(dialog.dates.table.rowCount())]
    return [one.text() for one in shown if one is not None]


@pytest.mark.parametrize("hours", [3, 1])
def test_a_typed_length_is_judged_and_booked(qtbot: QtBot, desk: Desk, hours: int) -> None:
    book(desk, TEN + timedelta(days=7, hours=2))
    dialog = opened(qtbot, desk)
    dialog.client.choose(desk.book.client)
    assert dialog.length.seconds() == desk.book.service.sitting.sitting_s
    dialog.service.setFocus()
    QTest.keyClick(dialog.service, Qt.Key.Key_Tab)
    assert dialog.length.hours.hasFocus()
    QTest.keyClicks(dialog.length.hours, str(hours))
    assert ["free" in one for one in show_two_dates(qtbot, dialog)] == [True, hours == 1]
    if hours == 3:
        QTest.keyClick(dialog.dates.table, Qt.Key.Key_Down)
        QTest.keyClick(dialog.dates.table, Qt.Key.Key_Delete)
    with qtbot.waitSignal(dialog.booked, timeout=5000) as booked:
        press(qtbot, dialog, Qt.Key.Key_B)
    assert booked.args is not None
    assert {one.sitting.sitting_s for one in booked.args[0].bookings} == {hours * 3600}


def test_dates_of_another_length_are_not_booked(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk)
    dialog.client.choose(desk.book.client)
    show_two_dates(qtbot, dialog)
    assert dialog.book_button.isEnabled()
    dialog.length.hours.setValue(2)
    assert not dialog.book_button.isEnabled()
    assert dialog.plan_button.isDefault()


def test_no_length_is_refused_beside_its_field(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk)
    dialog.length.hours.setValue(0)
    press(qtbot, dialog, Qt.Key.Key_S)
    lines = dialog.form.findChildren(ErrorLine)
    qtbot.waitUntil(lambda: any("longer than nothing" in one.text() for one in lines), timeout=5000)


def test_a_series_like_a_booking_lasts_as_long_as_it(qtbot: QtBot, desk: Desk) -> None:
    pattern = book(desk, TEN + timedelta(days=1), 2 * 3600)
    dialog = opened(qtbot, desk, pattern.id)
    assert dialog.length.seconds() == 2 * 3600
    show_two_dates(qtbot, dialog)
    with qtbot.waitSignal(dialog.booked, timeout=5000) as booked:
        press(qtbot, dialog, Qt.Key.Key_B)
    assert booked.args is not None
    assert {one.sitting.sitting_s for one in booked.args[0].bookings} == {2 * 3600}


def test_no_letter_stands_for_two_things(qtbot: QtBot, desk: Desk) -> None:
    assert clashes(opened(qtbot, desk)) == {}
