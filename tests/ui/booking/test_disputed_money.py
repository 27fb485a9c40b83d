"""Money that a bank holds in a dispute, where a booking ends: asked about once, by keys alone, and done when won."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from support.desk import Desk

from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.domain.bookings import Booking, DepositFate
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerKind
from inkdesk.practice import PracticeServer
from inkdesk.ui.booking.detail import BookingDetailDialog
from inkdesk.ui.booking.fate_field import FateField
from inkdesk.ui.booking.money_dialogs import CancelDialog, NoShowDialog
from inkdesk.ui.booking.presenter.cancel_terms import CancelTerms, terms_in_all
from inkdesk.ui.booking.presenter.detail import BookingAction

START = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
SENTENCE = "The bank holds 50.00 EUR while the payment is disputed; your answer counts if the bank gives it back."


@pytest.fixture
def booking(paying_desk: Desk, practice: PracticeServer) -> Booking:
    """Paid by a link, and disputed."""
    desk = paying_desk
    command = BookCommand(
        request_key="disputed",
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts_at=START,
        client=desk.book.client.id,
        choice=DepositChoice.LINK,
    )
    booked = desk.services.bookings.book(command)
    assert booked.payment_id is not None
    practice.pay(desk.services.payments.open_link(booked.payment_id).payment.session_id)
    desk.services.reconcile.look(sweep=True)
    (payment,) = desk.services.queries.booking(booked.booking.id).payments
    practice.dispute(payment.charge_id)
    desk.services.reconcile.look(sweep=True)
    return booked.booking


def ask(qtbot: QtBot, desk: Desk, booking: Booking, action: BookingAction, kind: type[QDialog]) -> BookingDetailDialog:
    """The booking, with one question open that was asked by its key."""
    dialog = BookingDetailDialog(desk.services, desk.background, booking_id=booking.id, open_url=desk.open_url)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: bool(dialog.client.text()), timeout=5000)
    QTest.keyClick(dialog.buttons[action], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.findChild(kind) is not None, timeout=5000)
    return dialog


def question_of(dialog: BookingDetailDialog) -> CancelDialog | NoShowDialog:
    (found,) = [one for one in dialog.findChildren(QDialog) if isinstance(one, CancelDialog | NoShowDialog)]
    return found


def said(fate: FateField) -> tuple[bool, str]:
    return fate.held.isVisible(), fate.held.text()


def win(desk: Desk, practice: PracticeServer, booking: Booking) -> list[LedgerKind]:
    """The bank decides for the studio; what the ledger has at last."""
    (payment,) = desk.services.queries.booking(booking.id).payments
    with desk.database.read() as uow:
        (dispute,) = uow.payments.disputes_of(payment.id)
    practice.close_dispute(dispute.stripe_id, won=True)
    for _ in range(2):
        desk.services.reconcile.look(sweep=True)
    return [one.kind for one in desk.services.queries.booking(booking.id).ledger]


def test_a_cancel_asks_about_disputed_money_with_the_policys_answer(
    qtbot: QtBot, paying_desk: Desk, practice: PracticeServer, booking: Booking
) -> None:
    dialog = ask(qtbot, paying_desk, booking, BookingAction.CANCEL, CancelDialog)
    question = question_of(dialog)
    assert said(question.fate) == (True, SENTENCE)
    assert question.fate.fates[DepositFate.REFUND].isChecked()
    assert question.fate.refund.text() == "25.00"

    QTest.keyClick(question.fate.fates[DepositFate.CREDIT], Qt.Key.Key_Space)
    QTest.keyClick(question.accept_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.status.text() == "Cancelled", timeout=10000)

    assert win(paying_desk, practice, booking)[-1] is LedgerKind.CREDITED


def test_a_no_show_whose_money_is_disputed_keeps_it_when_it_is_won(
    qtbot: QtBot, paying_desk: Desk, practice: PracticeServer, booking: Booking
) -> None:
    paying_desk.clock.at = booking.starts_at
    dialog = ask(qtbot, paying_desk, booking, BookingAction.NO_SHOW, NoShowDialog)
    question = question_of(dialog)
    assert said(question.fate) == (True, SENTENCE)
    assert question.fate.fates[DepositFate.KEEP].isChecked()

    QTest.keyClick(question, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.status.text() == "No-show", timeout=10000)

    assert win(paying_desk, practice, booking)[-1] is LedgerKind.FORFEITED
    assert [one.kind for one in paying_desk.services.queries.open_tasks()] == []


def test_money_of_a_series_that_banks_hold_is_counted_together() -> None:
    some, nothing = Money(5000, "EUR"), Money(0, "EUR")
    terms = [CancelTerms(some, nothing, some), CancelTerms(some, some), CancelTerms(some, nothing, nothing)]
    assert terms_in_all(terms) == CancelTerms(Money(15000, "EUR"), some, some)


def test_without_a_dispute_nothing_is_said_of_the_bank(qtbot: QtBot) -> None:
    paid = Money(5000, "EUR")
    question = CancelDialog("Zoé", CancelTerms(paid, paid, Money(0, "EUR")))
    qtbot.addWidget(question)
    question.open()
    assert said(question.fate) == (False, "")
