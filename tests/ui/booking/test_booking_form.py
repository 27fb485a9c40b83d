"""How the booking form looks and what it offers, before anything is booked."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from support.desk import NO_KEY, Desk

from inkdesk.application.booking_commands import DepositChoice, NewClient
from inkdesk.ui.booking.dialog import BookingDialog
from inkdesk.ui.booking.form_column import FormColumn
from inkdesk.ui.booking.presenter.clients import new_client_from

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def open_dialog(qtbot: QtBot, desk: Desk, starts_at: datetime = TEN) -> BookingDialog:
    dialog = BookingDialog(desk.services, desk.background, starts_at=starts_at)
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
    column = dialog.findChild(FormColumn)
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
    qtbot.waitUntil(dialog._link_error.isVisible, timeout=5000)
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
