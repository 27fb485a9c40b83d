"""Group sittings by keys: planned, filled, changed, cancelled."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot
from support.alt_keys import press
from support.desk import Desk
from support.mnemonics import clashes

from inkdesk.application.booking_commands import Booked, DepositChoice
from inkdesk.application.changes import Changes
from inkdesk.application.group_commands import CancelGroup, ChangeGroup, CreateGroup, GroupSaved, SeatCommand
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.groups import GroupSitting
from inkdesk.domain.money import Money
from inkdesk.ui.booking.deposit_ways import DepositWays
from inkdesk.ui.booking.group_dialog import EndGroupDialog, GroupDialog
from inkdesk.ui.booking.group_form import GroupForm
from inkdesk.ui.booking.seat_dialog import SeatDialog
from inkdesk.ui.booking.when_field import FREE, REFUSED

TEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""10:00 in Paris."""


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    if request.param == "fr":
        request.getfixturevalue("french")
    return str(request.param)


def plan(desk: Desk, seats: int = 2) -> GroupSitting:
    command = CreateGroup(
        request_key=f"plan{seats}",
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        title="Flash day",
        starts_at=TEN,
        ends_at=TEN + timedelta(hours=6),
        seats=seats,
    )
    return desk.services.groups.create(command).group


def seat(
    desk: Desk,
    group: GroupSitting,
    hours: tuple[int, int] = (0, 6),
    seats: int = 1,
    choice: DepositChoice = DepositChoice.CASH,
) -> Booked:
    command = SeatCommand(
        request_key=f"seat{hours}{seats}",
        group_id=group.id,
        client=desk.book.client.id,
        starts_at=TEN + timedelta(hours=hours[0]),
        ends_at=TEN + timedelta(hours=hours[1]),
        seats=seats,
        choice=choice,
    )
    return desk.services.groups.seat(command)


def opened(qtbot: QtBot, desk: Desk, group: GroupSitting) -> GroupDialog:
    dialog = GroupDialog(desk.services, desk.background, group_id=group.id)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: bool(dialog.title.text()), timeout=5000)
    return dialog


def child(qtbot: QtBot, dialog: QDialog, kind: type[QDialog]) -> QDialog:
    qtbot.waitUntil(lambda: dialog.findChild(kind) is not None, timeout=5000)
    found = dialog.findChild(kind)
    assert isinstance(found, kind)
    return found


def words(dialog: QDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel)]


def table(dialog: GroupDialog) -> list[list[str]]:
    shown = dialog.table
    items = [[shown.item(row, column) for column in range(4)] for row in range(shown.rowCount())]
    return [[item.text() for item in row if item] for row in items]


def test_a_flash_day_is_planned_by_keys(qtbot: QtBot, desk: Desk) -> None:
    form = GroupForm(desk.services, desk.background, artist_id=desk.book.bo.id, starts_at=TEN)
    qtbot.addWidget(form)
    form.open()
    qtbot.waitUntil(form.save_button.isEnabled, timeout=5000)
    assert (form.artist.currentText(), form.day.day()) == ("Bo", date(2026, 11, 24))
    assert (form.start.minute(), form.end.minute()) == (600, 960)
    press(qtbot, form, Qt.Key.Key_S)
    qtbot.waitUntil(form.title.hasFocus, timeout=5000)
    qtbot.waitUntil(lambda: "The group sitting needs a title, for example Flash day." in words(form), timeout=5000)
    QTest.keyClicks(form.title, "Flash day")
    press(qtbot, form, Qt.Key.Key_E)
    assert form.seats.hasFocus()
    form.seats.setValue(3)
    with qtbot.waitSignal(form.saved, timeout=5000) as saved:
        QTest.keyClick(form.seats, Qt.Key.Key_Return)
    assert saved.args is not None
    assert isinstance(saved.args[0], GroupSaved)
    group = saved.args[0].group
    assert (group.title, group.seats, group.starts_at, group.ends_at) == ("Flash day", 3, TEN, TEN + timedelta(hours=6))
    (card,) = desk.services.queries.calendar(date(2026, 11, 24), date(2026, 11, 24)).groups
    assert card.group_id == group.id


def test_an_end_before_the_start_is_on_the_next_day_and_a_taken_artist_is_said(qtbot: QtBot, desk: Desk) -> None:
    plan(desk)
    form = GroupForm(desk.services, desk.background, artist_id=desk.book.ana.id, starts_at=TEN)
    qtbot.addWidget(form)
    form.open()
    qtbot.waitUntil(form.save_button.isEnabled, timeout=5000)
    form.title.setText("Night")
    form.end.set_clock(time(2))
    assert form._times()[1] - form._times()[0] == timedelta(hours=16)
    press(qtbot, form, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: any("Ana" in text for text in words(form)), timeout=5000)
    assert form.isVisible()


def test_who_sits_when_and_what_is_left(qtbot: QtBot, desk: Desk) -> None:
    group = plan(desk)
    for hours in ((0, 2), (1, 3), (3, 6)):
        seat(desk, group, hours)
    desk.clock.at = TEN + timedelta(minutes=30)
    dialog = opened(qtbot, desk, group)
    assert [row[:3] for row in table(dialog)] == [
        ["Zoé Müller", "09:00 – 11:00", "1"],
        ["Zoé Müller", "10:00 – 12:00", "1"],
        ["Zoé Müller", "12:00 – 15:00", "1"],
    ]
    shown = words(dialog)
    assert "2 of 2 taken at the busiest moment" in shown
    assert "0 seats all the time" in shown
    assert "1 seat free" in shown
    asked: list[int] = []
    dialog.booking_requested.connect(asked.append)
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert asked == [dialog._ids[1]]


def test_a_client_is_seated_by_keys_for_a_part_with_the_room_said_at_once(qtbot: QtBot, desk: Desk) -> None:
    group = plan(desk)
    seat(desk, group, (0, 2))
    dialog = opened(qtbot, desk, group)
    press(qtbot, dialog, Qt.Key.Key_A)
    form = child(qtbot, dialog, SeatDialog)
    assert isinstance(form, SeatDialog)
    QTest.keyClicks(form.client.line, "zo")
    qtbot.waitUntil(lambda: form.client.matches.count() > 1, timeout=5000)
    QTest.keyClick(form.client.line, Qt.Key.Key_Return)
    assert form.room.text() == FREE + "1 seat is free then."
    form.seats.setValue(2)
    assert form.room.text() == REFUSED + "Only 1 seat is free all of this time."
    press(qtbot, form, Qt.Key.Key_P)
    qtbot.waitUntil(form.start.isEnabled, timeout=5000)
    form.start.set_clock(time(13))
    assert form.room.text() == FREE + "2 seats are free then."
    qtbot.waitUntil(lambda: form.ways.choice() is DepositChoice.NONE, timeout=5000)  # no key is stored here
    press(qtbot, form, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: len(table(dialog)) == 2, timeout=5000)
    assert table(dialog)[1] == ["Zoé Müller", "12:00 – 15:00", "2", "Confirmed"]


def test_without_a_link_no_deposit_is_preset_and_never_cash(qtbot: QtBot) -> None:
    ways = DepositWays()
    qtbot.addWidget(ways)
    ways.show_amount(Money(5000, "EUR"), "Deposit 50.00 EUR:")
    presets = [ways.choice()]
    for trouble in ("There is no key.", ""):
        ways.show_link_trouble(trouble)
        presets.append(ways.choice())
    assert presets == [DepositChoice.LINK, DepositChoice.NONE, DepositChoice.LINK]
    ways.buttons[DepositChoice.CASH].click()
    ways.show_link_trouble("There is no key.")
    assert ways.choice() is DepositChoice.CASH


def test_a_full_time_is_refused_in_words(qtbot: QtBot, desk: Desk) -> None:
    group = plan(desk)
    seat(desk, group, seats=2)
    dialog = opened(qtbot, desk, group)
    press(qtbot, dialog, Qt.Key.Key_A)
    form = child(qtbot, dialog, SeatDialog)
    assert isinstance(form, SeatDialog)
    assert form.room.text() == REFUSED + "Every seat is taken at some moment of this time."
    form.client.choose(desk.book.client)
    press(qtbot, form, Qt.Key.Key_S)
    refused = "All 2 seats are taken from 10:00 to 16:00. Choose another time."
    qtbot.waitUntil(lambda: refused in words(form), timeout=5000)
    assert form.isVisible()
    assert form.seats.hasFocus()
    assert form.seats.property("invalid") is True
    assert form.room.text() == ""
    press(qtbot, form, Qt.Key.Key_P)
    qtbot.waitUntil(form.part.isChecked, timeout=5000)
    assert form.seats.property("invalid") is False
    assert form.room.text() == REFUSED + "Every seat is taken at some moment of this time."


def test_whoever_is_seating_a_client_sees_what_other_desks_do(qtbot: QtBot, desk: Desk) -> None:
    group = plan(desk)
    dialog = opened(qtbot, desk, group)
    press(qtbot, dialog, Qt.Key.Key_A)
    form = child(qtbot, dialog, SeatDialog)
    assert isinstance(form, SeatDialog)
    form.seats.setValue(2)
    form.note.setText("with a friend")
    assert form.room.text() == FREE + "2 seats are free then."

    other = seat(desk, group, seats=1)
    dialog.reload(other.changes)
    qtbot.waitUntil(lambda: form.room.text().startswith(REFUSED), timeout=5000)
    assert form.room.text() == REFUSED + "Only 1 seat is free all of this time."

    more = ChangeGroup(
        group_id=group.id,
        version=1,
        title="Friday",
        starts_at=TEN + timedelta(hours=1),
        ends_at=TEN + timedelta(hours=7),
        seats=3,
    )
    dialog.reload(desk.services.groups.change(more).changes)
    qtbot.waitUntil(lambda: form.room.text().startswith(FREE), timeout=5000)
    assert (form.windowTitle(), form.start.minute(), form.end.minute()) == ("Add a client: Friday", 11 * 60, 17 * 60)

    desk.services.groups.cancel(CancelGroup(group_id=group.id, version=2, fate=DepositFate.KEEP))
    dialog.reload(Changes(settings=True))
    qtbot.waitUntil(lambda: form.room.text() == REFUSED + "This group sitting is cancelled.", timeout=5000)
    assert (form.seats.value(), form.note.text()) == (2, "with a friend")
    form.reject()
    dialog.reload(Changes(settings=True))
    assert dialog._seating is None


def test_seats_are_changed_but_never_below_the_peak(qtbot: QtBot, desk: Desk) -> None:
    group = plan(desk)
    seat(desk, group, seats=2)
    dialog = opened(qtbot, desk, group)
    press(qtbot, dialog, Qt.Key.Key_H)
    form = child(qtbot, dialog, GroupForm)
    assert isinstance(form, GroupForm)
    qtbot.waitUntil(form.save_button.isEnabled, timeout=5000)
    assert not form.artist.isEnabled()
    form.seats.setValue(1)
    press(qtbot, form, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: form.seats.property("invalid") is True or form.notice.isVisible(), timeout=5000)
    form.seats.setValue(5)
    press(qtbot, form, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: "2 of 5 taken at the busiest moment" in words(dialog), timeout=5000)


@pytest.mark.parametrize("fate", [DepositFate.KEEP, DepositFate.REFUND])
def test_a_cancel_asks_what_becomes_of_those_who_booked(qtbot: QtBot, desk: Desk, fate: DepositFate) -> None:
    group = plan(desk)
    booked = seat(desk, group)
    dialog = opened(qtbot, desk, group)
    press(qtbot, dialog, Qt.Key.Key_G)
    question = child(qtbot, dialog, EndGroupDialog)
    assert isinstance(question, EndGroupDialog)
    assert question.fates[DepositFate.REFUND].isChecked()
    question.fates[fate].click()
    QTest.keyClicks(question.reason, "ill")
    press(qtbot, question, Qt.Key.Key_C)
    qtbot.waitUntil(dialog.cancelled.isVisible, timeout=5000)
    assert desk.services.queries.booking(booked.booking.id).card.status is BookingStatus.CANCELLED
    assert not dialog.add_button.isVisible()


def test_seats_that_nobody_paid_are_cancelled_without_a_question_about_money(qtbot: QtBot, desk: Desk) -> None:
    group = plan(desk)
    booked = seat(desk, group, choice=DepositChoice.NONE)
    dialog = opened(qtbot, desk, group)
    press(qtbot, dialog, Qt.Key.Key_G)
    press(qtbot, dialog, Qt.Key.Key_G)
    question = child(qtbot, dialog, EndGroupDialog)
    assert isinstance(question, EndGroupDialog)
    assert question.fates == {}
    assert "One booking is cancelled with it." in words(question)
    assert len(dialog.findChildren(EndGroupDialog)) == 1
    press(qtbot, question, Qt.Key.Key_C)
    qtbot.waitUntil(dialog.cancelled.isVisible, timeout=5000)
    assert desk.services.queries.booking(booked.booking.id).card.status is BookingStatus.CANCELLED


def test_an_empty_one_is_cancelled_without_a_question_about_money(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk, plan(desk))
    assert dialog.nobody.isVisible()
    assert not dialog.table.isVisible()
    press(qtbot, dialog, Qt.Key.Key_G)
    question = child(qtbot, dialog, EndGroupDialog)
    assert isinstance(question, EndGroupDialog)
    assert question.fates == {}
    QTest.keyClick(question.reason, Qt.Key.Key_Return)  # Enter keeps it
    qtbot.waitUntil(lambda: not question.isVisible(), timeout=5000)
    assert not desk.services.groups.group(dialog._group_id).group.is_cancelled


def test_alt_reaches_one_thing_in_each(qtbot: QtBot, desk: Desk, language: str) -> None:
    group = plan(desk)
    seat(desk, group)
    dialog = opened(qtbot, desk, group)
    assert clashes(dialog) == {}, language
    known = dialog._presenter.known
    assert known is not None
    form = GroupForm(desk.services, desk.background)
    seats = SeatDialog(desk.services, desk.background, known)
    for one in (form, seats, EndGroupDialog(known, is_paid=True)):
        qtbot.addWidget(one)
        one.open()
        assert clashes(one) == {}, type(one)
    seats.client._start_new()
    assert clashes(seats) == {}
    qtbot.waitUntil(form.save_button.isEnabled, timeout=5000)
