"""The ready message for a client on the screen, by keys."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from support.desk import Desk
from support.mnemonics import clashes

from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.application.client_words import Letter, News
from inkdesk.domain.bookings import Booking
from inkdesk.ui.booking.detail import BookingDetailDialog
from inkdesk.ui.booking.letter_dialog import LetterDialog

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
TOLD = "Hello Zoé Müller,\n\nYour deposit of 50.00 EUR has arrived."


def a_letter(address: str = "zoe@example.org") -> Letter:
    return Letter(news=News.PAID, address=address, subject="Your booking", text=TOLD)


def opened(qtbot: QtBot, desk: Desk, letter: Letter) -> LetterDialog:
    dialog = LetterDialog(letter, desk.background, desk.open_url)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow, timeout=5000)
    return dialog


def booked(desk: Desk, choice: DepositChoice) -> Booking:
    command = BookCommand(
        request_key=choice.value,
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts_at=TEN,
        client=desk.book.client.id,
        choice=choice,
    )
    return desk.services.bookings.book(command).booking


def detail_of(qtbot: QtBot, desk: Desk, booking: Booking) -> BookingDetailDialog:
    dialog = BookingDetailDialog(desk.services, desk.background, booking_id=booking.id, open_url=desk.open_url)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: bool(dialog.client.text()), timeout=5000)
    return dialog


def test_enter_copies_what_is_written_there(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk, a_letter())
    assert dialog.copy.hasFocus()
    dialog.text.appendPlainText("See you!")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == TOLD + "\nSee you!"
    assert dialog.copy.text() == "Copied ✓"
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isHidden()


def test_the_mail_program_is_given_what_is_written_there(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk, a_letter())
    dialog.text.setPlainText("Dear Zoé & Co")
    dialog.mail.click()
    qtbot.waitUntil(lambda: bool(desk.opened_urls), timeout=5000)
    address = urlsplit(desk.opened_urls[0])
    assert (address.scheme, address.path) == ("mailto", "zoe@example.org")
    assert parse_qs(address.query) == {"subject": ["Your booking"], "body": ["Dear Zoé & Co"]}
    assert dialog.notice.isHidden()


def test_without_a_mail_program_copying_is_offered(qtbot: QtBot, desk: Desk) -> None:
    desk.has_browser = False
    dialog = opened(qtbot, desk, a_letter())
    dialog.mail.click()
    qtbot.waitUntil(dialog.notice.isVisible, timeout=5000)
    assert dialog.notice.text() == "No e-mail program could be started. Copy the message instead."


def test_without_an_address_no_mail_is_offered(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk, a_letter(""))
    assert dialog.mail.isHidden()
    assert clashes(dialog) == {}


def test_no_two_letters_of_the_keys_are_alike(qtbot: QtBot, desk: Desk) -> None:
    assert clashes(opened(qtbot, desk, a_letter())) == {}


@pytest.mark.parametrize(("choice", "is_offered"), [(DepositChoice.CASH, True), (DepositChoice.NONE, False)])
def test_a_booking_offers_its_message_if_there_is_one(
    qtbot: QtBot, desk: Desk, choice: DepositChoice, is_offered: bool
) -> None:
    dialog = detail_of(qtbot, desk, booked(desk, choice))
    assert dialog.write_button.isVisible() is is_offered
    assert clashes(dialog) == {}
    if is_offered:
        dialog.write_button.click()
        (letter,) = dialog.findChildren(LetterDialog)
        assert "Your deposit of 50.00 EUR has arrived." in letter.text.toPlainText()
        letter.reject()
