"""Alt and a letter reach one thing in each of the booking dialogs, in both languages."""

from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot
from support.desk import Desk
from support.mnemonics import clashes

from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.money import Money
from inkdesk.domain.series import Scope
from inkdesk.ui.booking.checkout import CheckoutDialog
from inkdesk.ui.booking.deposit_dialogs import ExtendDialog, MoneyByHandDialog, RestDialog
from inkdesk.ui.booking.detail import BookingDetailDialog
from inkdesk.ui.booking.dialog import BookingDialog
from inkdesk.ui.booking.money_dialogs import CancelDialog
from inkdesk.ui.booking.money_menu import MoneyMenu
from inkdesk.ui.booking.presenter.cancel_terms import CancelTerms, SeriesTerms
from inkdesk.ui.booking.presenter.money import MoneyAction

LATE = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)


@pytest.fixture(params=["en", "fr"], autouse=True)
def language(request: pytest.FixtureRequest) -> None:
    if request.param == "fr":
        request.getfixturevalue("french")


def test_a_second_thing_with_one_letter_is_found(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    layout = QVBoxLayout(dialog)
    for text in ("&Save", "&Send", "&Close"):
        layout.addWidget(QPushButton(text))
    dialog.show()
    assert clashes(dialog) == {"Alt+S": ["&Save", "&Send"]}


def test_the_form_with_a_new_client_and_an_override(qtbot: QtBot, paying_desk: Desk) -> None:
    dialog = BookingDialog(
        paying_desk.services, paying_desk.background, artist_id=paying_desk.book.ana.id, starts_at=LATE
    )
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(dialog.reason.isVisible, timeout=5000)
    assert clashes(dialog) == {}
    dialog.client._start_new()
    assert dialog.client.name.isVisible()
    assert clashes(dialog) == {}


@pytest.mark.parametrize("choice", list(DepositChoice))
def test_a_booking_and_its_link(qtbot: QtBot, paying_desk: Desk, choice: DepositChoice) -> None:
    command = BookCommand(
        request_key="hold",
        artist_id=paying_desk.book.ana.id,
        service_id=paying_desk.book.service.id,
        starts_at=LATE.replace(hour=10),
        client=paying_desk.book.client.id,
        choice=choice,
    )
    booked = paying_desk.services.bookings.book(command)
    parts = (paying_desk.services, paying_desk.background)
    detail = BookingDetailDialog(*parts, booking_id=booked.booking.id, open_url=paying_desk.open_url)
    qtbot.addWidget(detail)
    detail.open()
    qtbot.waitUntil(lambda: bool(detail.client.text()), timeout=5000)
    assert clashes(detail) == {}
    if booked.payment_id is not None:
        link = CheckoutDialog(
            *parts, booking_id=booked.booking.id, payment_id=booked.payment_id, open_url=paying_desk.open_url
        )
        qtbot.addWidget(link)
        link.open()
        qtbot.waitUntil(link.panel.link_part.isVisible, timeout=5000)
        assert clashes(link) == {}


def test_the_questions_about_money(qtbot: QtBot) -> None:
    paid = Money(5000, "EUR")
    terms = CancelTerms(paid, paid)
    series = SeriesTerms(2, 3, dict.fromkeys(Scope, terms))
    cancel, money = CancelDialog("Zoé", terms), MoneyByHandDialog(paid, paid)
    others = (ExtendDialog(), RestDialog(paid), RestDialog(paid, is_tip=True))
    for dialog in (cancel, CancelDialog("Zoé", terms, series=series), money, *others):
        qtbot.addWidget(dialog)
        dialog.open()
        assert clashes(dialog) == {}
    assert cancel.fates[DepositFate.REFUND].isChecked()


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_every_line_of_the_money_menu_has_a_letter_of_its_own(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    button = QPushButton(dialog)
    dialog.show()
    menu = MoneyMenu(dialog)
    menu.open_for(button, list(MoneyAction))
    letters = [QKeySequence.mnemonic(line.text()).toString() for line in menu.actions() if line.data()]
    menu.close()
    assert len(letters) == len(MoneyAction)
    assert "" not in letters
    assert len(set(letters)) == len(letters), letters
