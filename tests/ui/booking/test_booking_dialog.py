"""Booking by real keys, on a real book."""

from datetime import UTC, date, datetime

import pytest
import shiboken6
from PySide6.QtCore import QTime
from PySide6.QtGui import QAccessible, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from support.booking_form import TEN, Opened, book
from support.desk import NO_KEY, Desk

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.application.changes import EVERYTHING
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.clients import Client
from inkdesk.ui.booking.dialog import BookingDialog

KEY = Qt.Key


def bookings(desk: Desk) -> list[str]:
    return [card.client_name for card in desk.services.queries.calendar(date(2026, 11, 1), date(2026, 12, 31)).cards]


def add_client(desk: Desk, name: str, phone: str) -> None:
    with desk.database.write() as uow:
        uow.clients.add(Client(name=name, phone=phone))
        uow.commit()


def test_a_known_client_is_booked_by_keyboard_alone(qtbot: QtBot, paying_desk: Desk) -> None:
    opened = Opened(qtbot, paying_desk, artist_id=paying_desk.book.ana.id, starts_at=TEN)
    opened.find("zo")
    opened.key(KEY.Key_Return)
    assert opened.dialog.client.line.text() == "Zoé Müller"
    opened.key(KEY.Key_Return)
    opened.until(opened.is_booked)
    booking = opened.booked[0].booking
    assert booking.starts_at == TEN
    assert (booking.status, booking.client_id) == (BookingStatus.PENDING_PAYMENT, paying_desk.book.client.id)
    assert opened.booked[0].payment_id is not None
    assert opened.dialog.isHidden()


def test_enter_right_after_typing_takes_the_best_match(qtbot: QtBot, paying_desk: Desk) -> None:
    opened = Opened(qtbot, paying_desk, starts_at=TEN)
    opened.type("5678")
    opened.key(KEY.Key_Return)
    opened.until(lambda: opened.dialog.client.line.text() == "Zoé Müller")


def test_without_a_time_the_first_free_slot_is_offered(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk)
    assert opened.dialog.when.clock.time() == QTime(10, 0)
    assert opened.verdict.startswith("✓ Free: Ana")
    assert opened.dialog.when.slots.currentItem().text() == "10:00"


def test_slots_are_chosen_with_the_arrows(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk)
    opened.dialog.when.slots.setFocus()
    opened.key(KEY.Key_Right)
    opened.until(lambda: opened.dialog.when.clock.time() == QTime(10, 15))
    opened.until(lambda: "10:15" in opened.verdict)


def test_a_collision_is_named_while_the_time_is_typed(qtbot: QtBot, desk: Desk) -> None:
    book(desk, TEN)
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN.replace(hour=8))
    assert opened.verdict.startswith("✓")
    opened.dialog.when.clock.setFocus()
    opened.type("1130")
    opened.until(lambda: "taken by Zoé Müller" in opened.verdict)
    assert not opened.dialog.reason.isVisible()


def test_a_near_free_time_is_one_click_away(qtbot: QtBot, desk: Desk) -> None:
    book(desk, TEN)
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    opened.until(lambda: bool(opened.dialog.when.alternatives.findChildren(QPushButton)))
    button = opened.dialog.when.alternatives.findChildren(QPushButton)[0]
    wanted = button.text().split()[-1]
    button.click()
    opened.until(lambda: opened.verdict.startswith("✓") and wanted in opened.verdict)


def test_any_artist_takes_whoever_is_free(qtbot: QtBot, desk: Desk) -> None:
    book(desk, TEN)
    add_client(desk, "Kim", "+33611112222")
    opened = Opened(qtbot, desk, starts_at=TEN)
    assert opened.verdict.startswith("✓ Free: Bo")
    opened.find("kim")
    opened.key(KEY.Key_Return)
    opened.dialog.choices[DepositChoice.NONE].click()
    opened.dialog.save_button.click()
    opened.until(opened.is_booked)
    assert opened.booked[0].booking.artist_id == desk.book.bo.id


def test_the_arrows_beside_the_day_go_to_days_with_free_slots(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=datetime(2026, 11, 27, 10, tzinfo=UTC))
    opened.until(lambda: opened.dialog.when.slots.count() > 0)
    opened.dialog.when.after.click()
    opened.until(lambda: opened.dialog.when.day.day() == date(2026, 11, 30))
    opened.dialog.when.before.click()
    opened.until(lambda: opened.dialog.when.day.day() == date(2026, 11, 27))


def test_a_reason_books_outside_the_hours(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN.replace(hour=19))
    opened.until(opened.dialog.reason.isVisible)
    opened.find("zo")
    opened.key(KEY.Key_Return)
    opened.dialog.choices[DepositChoice.NONE].click()
    opened.dialog.save_button.click()
    opened.until(opened.dialog.reason.hasFocus)
    assert bookings(desk) == []
    opened.until(opened.dialog.save_button.isEnabled)
    opened.type("Friend of the house")
    opened.key(KEY.Key_Return)
    opened.until(opened.is_booked)
    assert opened.booked[0].booking.override_reason == "Friend of the house"


def test_a_new_client_is_made_of_what_was_typed(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, starts_at=TEN)
    opened.find("Robert'); 06 98 76 54 32")
    opened.key(KEY.Key_Up, KEY.Key_Return)
    assert opened.dialog.client.name.text() == "Robert');"
    assert opened.dialog.client.phone.text() == "06 98 76 54 32"
    opened.dialog.choices[DepositChoice.CASH].click()
    opened.dialog.save_button.click()
    opened.until(opened.is_booked)
    assert opened.booked[0].booking.status is BookingStatus.CONFIRMED
    assert bookings(desk) == ["Robert');"]


def test_a_wrong_phone_is_told_beside_its_field_and_nothing_is_lost(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, starts_at=TEN)
    opened.find("Kim")
    opened.key(KEY.Key_Up, KEY.Key_Return)
    assert opened.dialog.client.phone.hasFocus()
    opened.type("not a number")
    opened.dialog.note.setText("left arm")
    opened.dialog.choices[DepositChoice.NONE].click()
    opened.dialog.save_button.click()
    opened.until(lambda: opened.dialog.client.phone.property("invalid") is True)
    assert opened.dialog.client.phone.hasFocus()
    assert (opened.dialog.client.phone.text(), opened.dialog.note.text()) == ("not a number", "left arm")
    assert bookings(desk) == []
    opened.dialog.client.phone.setText("0612345679")
    opened.key(KEY.Key_Return)
    opened.until(opened.is_booked)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [("price", "abc", "not an amount"), ("price", "-1", "negative"), ("deposit", "999", "between 0 and the price")],
)
def test_a_wrong_amount_is_told_beside_its_field(qtbot: QtBot, desk: Desk, field: str, typed: str, words: str) -> None:
    opened = Opened(qtbot, desk, starts_at=TEN)
    opened.find("zo")
    opened.key(KEY.Key_Return)
    edit = getattr(opened.dialog, field)
    edit.setText(typed)
    opened.dialog.save_button.click()
    opened.until(lambda: edit.property("invalid") is True)
    assert edit.hasFocus()
    assert edit.text() == typed
    shown = [line.text() for line in opened.dialog.form._errors.values() if line.isVisible()]
    assert len(shown) == 1
    assert words in shown[0]


def test_a_client_must_be_chosen(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, starts_at=TEN)
    opened.dialog.save_button.click()
    assert opened.dialog.client.line.property("invalid") is True
    assert opened.dialog.client.line.hasFocus()


def test_pressing_save_twice_books_once(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, starts_at=TEN)
    opened.find("zo")
    opened.key(KEY.Key_Return)
    opened.dialog.choices[DepositChoice.NONE].click()
    opened.dialog._save()
    assert not opened.dialog.save_button.isEnabled()
    opened.dialog._save()
    opened.key(KEY.Key_Escape)
    assert opened.dialog.isVisible()
    opened.until(opened.is_booked)
    assert len(opened.booked) == 1
    assert bookings(desk) == ["Zoé Müller"]


def test_who_was_faster_is_told_and_everything_typed_stays(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    opened.find("zo")
    opened.key(KEY.Key_Return)
    opened.dialog.note.setText("left arm")
    opened.dialog.choices[DepositChoice.NONE].click()
    book(desk, TEN)
    changes: list[object] = []
    opened.dialog.changed.connect(changes.append)
    opened.dialog.save_button.click()
    opened.until(lambda: bool(opened.dialog.notice.text()) and opened.dialog.save_button.isEnabled())
    opened.until(lambda: opened.verdict.startswith("✕"))
    assert "taken by Zoé Müller, 2026-11-24 11:00 to 12:00." in opened.verdict
    assert "taken by Zoé Müller" in opened.dialog.notice.text()
    assert changes == [EVERYTHING]
    slots = opened.dialog.when.slots
    opened.until(lambda: "11:00" not in [slots.item(row).text() for row in range(slots.count())])
    assert (opened.dialog.client.line.text(), opened.dialog.note.text()) == ("Zoé Müller", "left arm")
    assert opened.dialog.save_button.isEnabled()


def test_without_a_key_the_link_is_refused_before_anything_is_asked(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, starts_at=TEN)
    opened.until(opened.dialog.link_hint.isVisible)
    assert NO_KEY.plain() in opened.dialog.link_hint.text()
    assert opened.dialog.choices[DepositChoice.NONE].isChecked()
    assert not opened.dialog._link_error.isVisible()
    opened.dialog.choices[DepositChoice.LINK].click()
    assert opened.dialog._link_error.text() == NO_KEY.plain()
    opened.dialog.client.line.setFocus()
    opened.find("zo")
    opened.key(KEY.Key_Return, KEY.Key_Return)
    opened.until(opened.dialog.choices[DepositChoice.LINK].hasFocus)
    assert bookings(desk) == []
    opened.dialog.choices[DepositChoice.CASH].click()
    assert not opened.dialog._link_error.isVisible()


@pytest.mark.parametrize("name", ['O\'Brien "Bob"', "Zoë 🎨 Ink", "آنا محمد", "<b>Bold</b> & Co"])
def test_hostile_names_are_shown_as_they_are(qtbot: QtBot, desk: Desk, name: str) -> None:
    add_client(desk, name, "+33611112222")
    opened = Opened(qtbot, desk, starts_at=TEN)
    opened.find("11112222")
    assert opened.dialog.client.matches.item(0).text().startswith(name)
    opened.key(KEY.Key_Return)
    assert opened.dialog.client.line.text() == name
    opened.dialog.choices[DepositChoice.NONE].click()
    opened.dialog.save_button.click()
    opened.until(opened.is_booked)
    assert bookings(desk) == [name]


def test_a_last_visit_sets_artist_and_service(qtbot: QtBot, desk: Desk) -> None:
    book(desk, TEN)
    opened = Opened(qtbot, desk, starts_at=TEN.replace(day=25))
    assert opened.dialog.artist.currentText() == "Any artist"
    opened.find("zo")
    opened.key(KEY.Key_Return)
    opened.until(lambda: opened.dialog.artist.currentText() == "Ana")
    assert "Last with Ana" in opened.dialog.client.peek.text()


def test_the_missing_hour_is_refused_with_a_sentence(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=datetime(2027, 3, 28, 3, 30, tzinfo=UTC))
    opened.dialog.when.clock.setTime(QTime(2, 30))
    opened.until(lambda: "does not exist" in opened.verdict)
    opened.find("zo")
    opened.key(KEY.Key_Return, KEY.Key_Return)
    assert opened.dialog.when.clock.hasFocus()
    assert "does not exist" in opened.dialog.notice.text()
    assert bookings(desk) == []
    opened.type("1400")
    opened.until(opened.dialog.notice.isHidden)


def test_the_doubled_hour_offers_both(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=datetime(2027, 10, 31, 0, 30, tzinfo=UTC))
    choice = opened.dialog.when.occurrence
    assert [choice.itemText(row) for row in range(choice.count())] == ["02:30 UTC+0200", "02:30 UTC+0100"]
    choice.setCurrentIndex(1)
    assert opened.dialog.when.presenter.starts_at().timestamp() == datetime(2027, 10, 31, 1, 30, tzinfo=UTC).timestamp()


def test_escape_closes_at_once_if_nothing_was_typed(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, starts_at=TEN)
    opened.key(KEY.Key_Escape)
    assert opened.dialog.isHidden()


def test_escape_asks_before_something_typed_is_lost(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, starts_at=TEN)
    opened.type("An")
    opened.key(KEY.Key_Escape)
    box = opened.dialog.findChild(QMessageBox)
    assert box is not None
    assert opened.dialog.isVisible()
    QTest.keyClick(box, KEY.Key_Escape)
    assert opened.dialog.isVisible()
    opened.key(KEY.Key_Escape)
    close = [one for one in opened.dialog.findChildren(QPushButton) if one.text() == "Close without booking"]
    close[-1].click()
    opened.until(opened.dialog.isHidden)


def test_an_answer_after_the_dialog_is_gone_is_dropped(qtbot: QtBot, desk: Desk) -> None:
    dialog = BookingDialog(desk.services, desk.background, starts_at=TEN)
    shiboken6.delete(dialog)
    answered: list[object] = []
    for _reader in range(4):
        desk.background.read(lambda: 1, answered.append, answered.append)
    qtbot.waitUntil(lambda: answered == [1] * 4, timeout=5000)


def test_tab_goes_in_reading_order_and_every_stop_has_a_name(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN.replace(hour=19))
    opened.until(lambda: bool(opened.dialog.when.alternatives.findChildren(QPushButton)))
    dialog, when = opened.dialog, opened.dialog.when
    stops: list[QWidget] = []
    while (stop := dialog.focusWidget()) not in stops:
        stops.append(stop)
        QTest.keyClick(stop, KEY.Key_Tab)
    fields = [dialog.client.line, dialog.artist, dialog.others.box, dialog.service, dialog.price, dialog.deposit]
    fields += [
        dialog.choices[DepositChoice.LINK],
        dialog.note,
        dialog.length.hours,
        dialog.length.minutes,
        dialog.reason,
    ]
    fields += [when.before, when.day, when.after, when.slots, when.clock, when.find_button]
    fields += [one for one in when.alternatives.findChildren(QPushButton) if one.isVisible()]
    assert stops[: len(fields)] == fields
    assert dialog.save_button in stops[len(fields) :]
    for stop in stops:
        assert QAccessible.queryAccessibleInterface(stop).text(QAccessible.Text.Name)


def test_the_dialog_fits_a_small_screen_with_every_row_shown(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN.replace(hour=19))
    opened.until(opened.dialog.reason.isVisible)
    opened.find("Kim")
    opened.key(KEY.Key_Up, KEY.Key_Return)
    opened.dialog.client.phone.setText("x")
    opened.dialog.reason.setText("Friend of the house")
    opened.dialog.choices[DepositChoice.NONE].click()
    opened.dialog.save_button.click()
    opened.until(lambda: opened.dialog.client.phone.property("invalid") is True)
    opened.dialog.choices[DepositChoice.LINK].click()
    assert opened.dialog._link_error.isVisible()
    needed = opened.dialog.minimumSizeHint()
    assert needed.height() <= 600
    assert needed.width() <= 900
