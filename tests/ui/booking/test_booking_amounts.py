"""Price and deposit of the booking form: what was typed stays, and what cannot be is said beside it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot
from support.book import a_service
from support.desk import Desk

from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.domain.money import Money
from inkdesk.ui.booking.dialog import BookingDialog

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
OTHER = replace(a_service("Large piece"), price=Money(30000, "EUR"), deposit=Money(8000, "EUR"))


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk) -> BookingDialog:
    """A form with two services, the first chosen; Zoé's last visit was the second."""
    with desk.database.write() as uow:
        other = uow.catalogue.add_service(OTHER)
        uow.commit()
    command = BookCommand(
        request_key="earlier",
        artist_id=desk.book.ana.id,
        service_id=other.id,
        starts_at=TEN.replace(day=25),
        client=desk.book.client.id,
        choice=DepositChoice.NONE,
    )
    desk.services.bookings.book(command)
    shown = BookingDialog(desk.services, desk.background, starts_at=TEN)
    qtbot.addWidget(shown)
    shown.open()
    qtbot.waitUntil(lambda: shown.when.verdict.text()[:1] in {"✓", "✕"}, timeout=5000)
    shown.service.setCurrentText("Small piece")
    shown._presenter._keeps_service = False
    assert amounts(shown) == ("120.00", "50.00")
    return shown


def amounts(dialog: BookingDialog) -> tuple[str, str]:
    return dialog.price.text(), dialog.deposit.text()


def retype(line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClicks(line, text)


def pick_zoe(qtbot: QtBot, dialog: BookingDialog) -> None:
    dialog.client.line.setFocus()
    QTest.keyClicks(dialog.client.line, "zo")
    QTest.keyClick(dialog.client.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.service.currentText() == "Large piece", timeout=5000)


def sentences(dialog: BookingDialog) -> dict[str, str]:
    return {field: line.text() for field, line in dialog.form._errors.items() if line.isVisible()}


def test_a_last_visit_keeps_the_amounts_that_were_typed(qtbot: QtBot, dialog: BookingDialog) -> None:
    retype(dialog.price, "777")
    retype(dialog.deposit, "111")
    pick_zoe(qtbot, dialog)
    assert amounts(dialog) == ("777", "111")


def test_a_last_visit_fills_amounts_that_nobody_typed(qtbot: QtBot, dialog: BookingDialog) -> None:
    pick_zoe(qtbot, dialog)
    assert amounts(dialog) == ("300.00", "80.00")


def test_another_service_fills_only_what_nobody_typed(dialog: BookingDialog) -> None:
    retype(dialog.price, "777")
    dialog.service.setCurrentText("Large piece")
    assert amounts(dialog) == ("777", "80.00")


def test_a_typed_amount_is_not_closed_over_unasked_whatever_service_follows(
    qtbot: QtBot, dialog: BookingDialog
) -> None:
    retype(dialog.price, "777")
    dialog.service.setCurrentText("Large piece")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.findChild(QMessageBox) is not None


def test_another_service_alone_is_nothing_typed(dialog: BookingDialog) -> None:
    dialog.service.setCurrentText("Large piece")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isHidden()


@pytest.mark.parametrize(
    ("edit", "typed", "field", "words"),
    [
        (lambda form: form.price, "-1", "price", "A price cannot be negative."),
        (lambda form: form.price, "abc", "price", "abc is not an amount."),
        (lambda form: form.deposit, "999", "deposit", "Enter a deposit between 0 and the price, "),
        (lambda form: form.deposit, "12,345", "deposit", "12,345 is not an amount."),
        (lambda form: form.price, "30", "deposit", "Enter a deposit between 0 and the price, "),
    ],
)
def test_what_is_wrong_is_said_once_the_amount_is_typed(
    dialog: BookingDialog, edit: Callable[[BookingDialog], QLineEdit], typed: str, field: str, words: str
) -> None:
    retype(edit(dialog), typed)
    QTest.keyClick(edit(dialog), Qt.Key.Key_Tab)
    said = sentences(dialog)
    assert list(said) == [field]
    assert said[field].startswith(words)
    assert not edit(dialog).hasFocus()
    retype(edit(dialog), "120" if field == "price" else "60")
    QTest.keyClick(edit(dialog), Qt.Key.Key_Tab)
    assert sentences(dialog) == {}


def test_a_service_that_suits_the_typed_amount_takes_the_sentence_away(dialog: BookingDialog) -> None:
    retype(dialog.deposit, "150")
    QTest.keyClick(dialog.deposit, Qt.Key.Key_Tab)
    assert list(sentences(dialog)) == ["deposit"]
    dialog.service.setCurrentText("Large piece")
    assert sentences(dialog) == {}
