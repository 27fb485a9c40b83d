"""How the booking form looks and what it offers, before anything is booked."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from support.book import a_service
from support.desk import NO_KEY, Desk

from inkdesk.application.booking_commands import DepositChoice, NewClient
from inkdesk.application.calendar import ClientMatch
from inkdesk.domain.money import Money
from inkdesk.ui.booking.deposit_dialogs import MoneyByHandDialog
from inkdesk.ui.booking.dialog import BookingDialog
from inkdesk.ui.booking.form_column import FormColumn
from inkdesk.ui.booking.presenter.clients import new_client_from
from inkdesk.ui.common.forms import ErrorLine

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def open_dialog(qtbot: QtBot, desk: Desk, starts_at: datetime = TEN, *, artist_id: int | None = None) -> BookingDialog:
    dialog = BookingDialog(desk.services, desk.background, starts_at=starts_at, artist_id=artist_id)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.when.verdict.text()[:1] in {"✓", "✕"}, timeout=5000)
    return dialog


@pytest.mark.usefixtures("french")
def test_in_french_a_new_client_needs_no_sideways_scrolling(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_dialog(qtbot, desk)
    dialog.client._start_new()
    dialog.show_link_trouble(NO_KEY.plain())
    qtbot.waitUntil(dialog.client.name.isVisible, timeout=5000)
    QTest.keyClick(dialog, Qt.Key.Key_Tab)
    column = next(one for one in dialog.findChildren(FormColumn) if one.isAncestorOf(dialog.form))
    assert column is not None
    assert column.horizontalScrollBar().maximum() == 0
    captions = [one for one in dialog.form.findChildren(QLabel) if one.isVisible() and not one.wordWrap()]
    assert len(captions) > 8
    assert [one.text() for one in captions if one.width() < one.minimumSizeHint().width()] == []
    assert dialog.minimumSizeHint().width() <= 900
    assert dialog.minimumSizeHint().height() <= 600


@pytest.mark.usefixtures("french")
def test_near_times_of_other_days_do_not_widen_the_dialog(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_dialog(qtbot, desk, TEN.replace(day=28))

    def near() -> list[str]:
        return [one.text() for one in dialog.when.alternatives.findChildren(QPushButton) if one.isVisible()]

    qtbot.waitUntil(lambda: len(near()) == 3, timeout=5000)
    assert all("nov." in text for text in near())
    assert dialog.minimumSizeHint().width() <= 900


def test_without_a_deposit_there_is_nothing_to_choose(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_dialog(qtbot, desk)
    qtbot.waitUntil(dialog.link_hint.isVisible, timeout=5000)
    dialog.choices[DepositChoice.LINK].click()
    dialog.deposit.setText("0")
    assert dialog.no_deposit.isVisible()
    assert not any(button.isEnabled() for button in dialog.choices.values())
    assert dialog.choices[DepositChoice.NONE].isChecked()
    assert not dialog._link_error.isVisible()
    dialog.deposit.setText("20")
    assert not dialog.no_deposit.isVisible()
    assert all(button.isEnabled() for button in dialog.choices.values())
    assert dialog.choices[DepositChoice.LINK].isChecked()
    assert dialog._link_error.isVisible()


def test_an_empty_price_list_is_told_at_once(qtbot: QtBot, desk: Desk) -> None:
    with desk.database.write() as uow:
        uow.catalogue.save_service(replace(desk.book.service, is_active=False))
        uow.commit()
    dialog = BookingDialog(desk.services, desk.background)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(dialog.notice.isVisible, timeout=5000)
    assert "price list is empty" in dialog.notice.text()


def test_the_first_service_with_a_deposit_is_preset(qtbot: QtBot, desk: Desk) -> None:
    with desk.database.write() as uow:
        uow.catalogue.save_service(replace(desk.book.service, deposit=Money(0, "EUR")))
        uow.catalogue.add_service(a_service("Sleeve"))
        uow.commit()
    dialog = open_dialog(qtbot, desk)
    assert dialog.service.itemText(0) == "Small piece"
    assert dialog.service.currentText() == "Sleeve"


def new_client(qtbot: QtBot, dialog: BookingDialog, typed: str) -> None:
    QTest.keyClicks(dialog.client.line, typed)
    qtbot.waitUntil(lambda: dialog.client.matches.isVisible() and dialog.client.matches.count() > 0, timeout=5000)
    QTest.keyClick(dialog.client.line, Qt.Key.Key_Up)
    QTest.keyClick(dialog.client.line, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.client.name.isVisible, timeout=5000)


def test_a_new_client_without_a_phone_is_not_saved(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_dialog(qtbot, desk)
    new_client(qtbot, dialog, "Kim")
    assert dialog.client.phone.hasFocus()
    QTest.keyClick(dialog.client.phone, Qt.Key.Key_Return)
    assert dialog.client.phone.property("invalid") is True
    assert dialog.client.phone.hasFocus()
    assert dialog.isVisible()
    assert dialog.save_button.isEnabled()


def test_the_title_names_the_client(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_dialog(qtbot, desk)
    assert dialog.windowTitle() == "New booking"
    QTest.keyClicks(dialog.client.line, "zo")
    QTest.keyClick(dialog.client.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.windowTitle() == "New booking - Zoé Müller", timeout=5000)
    QTest.keyClicks(dialog.client.line, "x")
    assert dialog.windowTitle() == "New booking"
    new_client(qtbot, dialog, "y")
    assert dialog.windowTitle() == "New booking - Zoé Müllerxy"


def test_the_last_artist_is_kept_out_if_the_chosen_service_is_not_theirs(qtbot: QtBot, desk: Desk) -> None:
    with desk.database.write() as uow:
        uow.catalogue.add_service(replace(a_service("Piercing"), artist_ids=(desk.book.bo.id,)))
        uow.commit()
    dialog = open_dialog(qtbot, desk)
    dialog.service.setCurrentIndex(dialog.service.findText("Piercing"))
    match = ClientMatch(
        client=desk.book.client,
        last_artist_id=desk.book.ana.id,
        last_service_id=desk.book.service.id,
        next_starts_at=None,
        no_shows=0,
    )
    dialog.client.picked.emit(match)
    assert (dialog.artist.currentText(), dialog.service.currentText()) == ("Any artist", "Piercing")
    dialog.artist.setCurrentIndex(dialog.artist.findText("Ana"))
    qtbot.waitUntil(dialog.when._nothing.isVisible, timeout=5000)
    assert dialog.when._nothing.text() == "Ana does not offer Piercing. Choose another artist."


def test_the_last_service_is_kept_out_if_the_clicked_artist_does_not_do_it(qtbot: QtBot, desk: Desk) -> None:
    with desk.database.write() as uow:
        piercing = uow.catalogue.add_service(replace(a_service("Piercing"), artist_ids=(desk.book.bo.id,)))
        uow.commit()
    dialog = open_dialog(qtbot, desk, artist_id=desk.book.ana.id)
    match = ClientMatch(
        client=desk.book.client,
        last_artist_id=desk.book.bo.id,
        last_service_id=piercing.id,
        next_starts_at=None,
        no_shows=0,
    )
    dialog.client.picked.emit(match)
    assert (dialog.artist.currentText(), dialog.service.currentText()) == ("Ana", "Small piece")


def test_the_past_offers_no_override_and_save_says_why_not(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_dialog(qtbot, desk, datetime(2026, 11, 22, 3, 0, tzinfo=UTC), artist_id=desk.book.ana.id)
    assert "is in the past" in dialog.when.verdict.text()
    assert dialog.reason.isHidden()
    QTest.keyClicks(dialog.client.line, "zo")
    QTest.keyClick(dialog.client.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.windowTitle() == "New booking - Zoé Müller", timeout=5000)
    dialog.choices[DepositChoice.NONE].click()
    dialog.save_button.click()
    qtbot.waitUntil(dialog.notice.isVisible, timeout=5000)
    assert "is in the past" in dialog.notice.text()


def test_an_override_without_a_reason_asks_for_it(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_dialog(qtbot, desk, TEN.replace(hour=19), artist_id=desk.book.ana.id)
    QTest.keyClicks(dialog.client.line, "zo")
    QTest.keyClick(dialog.client.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.windowTitle() != "New booking", timeout=5000)
    dialog.choices[DepositChoice.NONE].click()
    dialog.save_button.click()
    qtbot.waitUntil(lambda: dialog.reason.property("invalid") is True, timeout=5000)
    assert "working hours" in dialog.notice.text()


@pytest.mark.parametrize(
    ("typed", "words"), [("0", "above 0"), ("120.01", "at most the price of 120.00 EUR"), ("x", "not an amount")]
)
def test_money_by_hand_is_at_most_the_price(qtbot: QtBot, typed: str, words: str) -> None:
    dialog = MoneyByHandDialog(Money(5000, "EUR"), Money(12000, "EUR"))
    qtbot.addWidget(dialog)
    dialog.open()
    QTest.keyClicks(dialog.amount, typed)
    QTest.keyClick(dialog.amount, Qt.Key.Key_Return)
    assert dialog.isVisible()
    errors = [one.text() for one in dialog.form.findChildren(ErrorLine) if one.isVisible()]
    assert len(errors) == 1
    assert words in errors[0]


@pytest.mark.parametrize(
    ("typed", "name", "phone"),
    [
        ("Kim", "Kim", ""),
        ("06 12 34 56 78", "", "06 12 34 56 78"),
        ("+33612345678 Kim Lee", "Kim Lee", "+33612345678"),
        ("Kim 2", "Kim 2", ""),
        ("", "", ""),
    ],
)
def test_what_was_typed_is_sorted_into_name_and_phone(typed: str, name: str, phone: str) -> None:
    assert new_client_from(typed) == NewClient(name=name, phone=phone)
