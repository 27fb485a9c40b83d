"""The money of a booking on the screen: its menu, its small questions, by keys alone."""

from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from support.desk import Desk
from support.gates import hold_writes
from support.mnemonics import clashes

from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.application.series_commands import BookSeriesCommand
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerKind, PaymentMethod, PaymentStatus
from inkdesk.domain.series import SeriesKind
from inkdesk.practice import PracticeServer
from inkdesk.ui.booking.deposit_dialogs import (
    AmountDialog,
    ExtendDialog,
    MoneyByHandDialog,
    MoneyDialog,
    ReleaseDialog,
    RestDialog,
    RollDialog,
)
from inkdesk.ui.booking.detail import BookingDetailDialog
from inkdesk.ui.booking.money_dialogs import CancelDialog, NoShowDialog
from inkdesk.ui.booking.presenter.cancel_terms import CancelTerms
from inkdesk.ui.booking.presenter.detail import BookingAction
from inkdesk.ui.booking.presenter.money import MoneyAction
from inkdesk.ui.common.forms import ErrorLine

pytestmark = pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
"""Said of every open menu where there is no screen."""
Question = TypeVar("Question", bound=QWidget)
TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
LATER = TEN + timedelta(days=1)


def booked(desk: Desk, choice: DepositChoice = DepositChoice.CASH, starts_at: datetime = TEN) -> Booking:
    command = BookCommand(
        request_key=f"{choice}{starts_at}",
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts_at=starts_at,
        client=desk.book.client.id,
        choice=choice,
    )
    done = desk.services.bookings.book(command)
    if done.payment_id is not None and choice is DepositChoice.LINK:
        desk.services.payments.open_link(done.payment_id)
    return done.booking


def open_detail(qtbot: QtBot, desk: Desk, booking: Booking) -> BookingDetailDialog:
    dialog = BookingDetailDialog(desk.services, desk.background, booking_id=booking.id, open_url=desk.open_url)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: bool(dialog.client.text()), timeout=5000)
    return dialog


def offered(dialog: BookingDetailDialog) -> list[MoneyAction]:
    """What the open menu offers."""
    return [MoneyAction(line.data()) for line in dialog.money_menu.actions() if line.data()]


def ask(dialog: BookingDetailDialog, action: MoneyAction, kind: type[Question]) -> Question:
    """Open the menu by its key, choose a line by the arrows and Enter, and get its question."""
    QTest.keyClick(dialog.buttons[BookingAction.MONEY], Qt.Key.Key_Return)
    menu = dialog.money_menu
    assert menu.isVisible()
    for _ in range(offered(dialog).index(action)):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert not menu.isVisible()
    question = dialog.findChild(kind)
    assert isinstance(question, kind)
    return question


def type_in(field: QWidget, typed: str) -> None:
    """Type over what a field shows."""
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, typed)


def is_gone(question: QWidget) -> bool:
    """Whether a question was answered and closed."""
    return not shiboken6.isValid(question) or not question.isVisible()


def errors_of(question: MoneyDialog) -> list[str]:
    return [one.text() for one in question.findChildren(ErrorLine) if one.isVisible()]


def sums(desk: Desk, booking: Booking) -> dict[str, int]:
    """The parts of the booking's money that are not 0, in whole units."""
    look = desk.services.deposits.look(booking.id)
    parts: dict[str, Money] = {one: getattr(look.balance, one) for one in look.balance.__dataclass_fields__}
    return {name: part.amount_minor // 100 for name, part in parts.items() if part.amount_minor}


def test_the_rest_and_a_tip_are_taken_by_keys(qtbot: QtBot, desk: Desk) -> None:
    booking = booked(desk)
    dialog = open_detail(qtbot, desk, booking)
    question = ask(dialog, MoneyAction.REST, RestDialog)
    assert question.focusWidget() is question.amount
    assert question.amount.selectedText() == "70.00"
    type_in(question.tip, "10")
    question.method.setCurrentIndex(question.method.findData(PaymentMethod.TERMINAL))
    QTest.keyClick(question.tip, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_gone(question), timeout=5000)
    qtbot.waitUntil(lambda: "still to pay 0.00 EUR" in dialog.payments.toPlainText(), timeout=5000)
    assert sums(desk, booking) == {"paid": 120, "tips": 10}
    assert "70.00 EUR · Card terminal · the rest · paid" in dialog.payments.toPlainText()
    assert "10.00 EUR · Card terminal · a tip · paid" in dialog.payments.toPlainText()


def test_an_answer_that_is_refused_keeps_all_that_was_typed(qtbot: QtBot, desk: Desk) -> None:
    booking = booked(desk)
    question = ask(open_detail(qtbot, desk, booking), MoneyAction.REST, RestDialog)
    key = question.request_key
    type_in(question.amount, "71")
    type_in(question.tip, "5")
    QTest.keyClick(question.tip, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(errors_of(question)), timeout=5000)
    assert errors_of(question) == ["Enter an amount up to the rest of 70.00 EUR. More than that is a tip."]
    assert (question.amount.text(), question.tip.text()) == ("71", "5")
    assert question.focusWidget() is question.amount
    type_in(question.amount, "70")
    assert question.request_key == key
    QTest.keyClick(question.amount, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_gone(question), timeout=5000)
    assert sums(desk, booking) == {"paid": 120, "tips": 5}


def test_enter_pressed_twice_takes_the_money_once(qtbot: QtBot, desk: Desk) -> None:
    booking = booked(desk)
    question = ask(open_detail(qtbot, desk, booking), MoneyAction.REST, RestDialog)
    type_in(question.amount, "10")
    gate = hold_writes(desk)
    QTest.keyClick(question.amount, Qt.Key.Key_Return)
    QTest.keyClick(question, Qt.Key.Key_Return)
    QTest.keyClick(question, Qt.Key.Key_Escape)
    assert question.isVisible()
    gate.set()
    qtbot.waitUntil(lambda: is_gone(question), timeout=5000)
    qtbot.waitUntil(lambda: sums(desk, booking) == {"paid": 60}, timeout=5000)


def test_a_tip_alone(qtbot: QtBot, desk: Desk) -> None:
    booking = booked(desk)
    question = ask(open_detail(qtbot, desk, booking), MoneyAction.TIP, RestDialog)
    assert question.focusWidget() is question.tip
    assert not question.amount.isVisible()
    QTest.keyClicks(question.tip, "0")
    QTest.keyClick(question.tip, Qt.Key.Key_Return)
    assert errors_of(question) == ["Enter the tip that came, more than 0."]
    assert question.focusWidget() is question.tip
    QTest.keyClicks(question.tip, "12")
    QTest.keyClick(question.tip, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_gone(question), timeout=5000)
    assert sums(desk, booking) == {"paid": 50, "tips": 12}


@pytest.mark.parametrize(
    ("action", "part"),
    [(MoneyAction.REFUND, "returned"), (MoneyAction.CREDIT, "credited")],
)
def test_a_part_is_given_back_or_credited(qtbot: QtBot, desk: Desk, action: MoneyAction, part: str) -> None:
    booking = booked(desk)
    dialog = open_detail(qtbot, desk, booking)
    question = ask(dialog, action, AmountDialog)
    assert question.amount.text() == "50.00"
    type_in(question.amount, "20")
    assert question.reason is not None
    QTest.keyClicks(question.reason, "moves away")
    QTest.keyClick(question.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_gone(question), timeout=5000)
    assert sums(desk, booking) == {"paid": 50, part: 20}
    assert desk.services.queries.booking(booking.id).ledger[-1].why == "moves away"
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert dialog.focusWidget() is dialog.payments
    assert dialog.isVisible()
    assert not dialog.money_menu.isVisible()


@pytest.mark.parametrize("typed", ["0", "50.01", "x"])
def test_an_impossible_amount_is_refused_beside_its_field(qtbot: QtBot, desk: Desk, typed: str) -> None:
    question = ask(open_detail(qtbot, desk, booked(desk)), MoneyAction.REFUND, AmountDialog)
    type_in(question.amount, typed)
    QTest.keyClick(question.amount, Qt.Key.Key_Return)
    assert question.isVisible()
    assert len(errors_of(question)) == 1
    assert question.amount.property("invalid") is True


def test_credit_pays_for_a_hold(qtbot: QtBot, paying_desk: Desk, practice: PracticeServer) -> None:
    first = booked(paying_desk)
    paying_desk.services.deposits.credit(first.id, Money(5000, "EUR"), "", "credit")
    held = booked(paying_desk, DepositChoice.LINK, LATER)
    dialog = open_detail(qtbot, paying_desk, held)
    question = ask(dialog, MoneyAction.USE_CREDIT, AmountDialog)
    QTest.keyClick(question.amount, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.status.text() == "Confirmed", timeout=10000)
    assert sums(paying_desk, held) == {"credit_used": 50}


def test_money_rolls_over_to_another_sitting(qtbot: QtBot, desk: Desk) -> None:
    first, second = booked(desk), booked(desk, DepositChoice.NONE, LATER)
    question = ask(open_detail(qtbot, desk, first), MoneyAction.ROLL_OVER, RollDialog)
    assert question.sitting.currentText() == "2026-11-25 10:00 · Small piece"
    QTest.keyClick(question.amount, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_gone(question), timeout=5000)
    assert (sums(desk, first), sums(desk, second)) == ({"paid": 50, "rolled_out": 50}, {"rolled_in": 50})
    other = open_detail(qtbot, desk, second)
    assert "From another sitting 50.00 EUR · not used yet 50.00 EUR" in other.payments.toPlainText()


def test_a_hold_is_extended(qtbot: QtBot, paying_desk: Desk) -> None:
    held = booked(paying_desk, DepositChoice.LINK)
    dialog = open_detail(qtbot, paying_desk, held)
    assert dialog.time_left.text() == "30 minutes left to pay."
    question = ask(dialog, MoneyAction.EXTEND, ExtendDialog)
    QTest.keyClicks(question.minutes, "1")
    QTest.keyClick(question.minutes, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.time_left.text() == "31 minutes left to pay.", timeout=10000)
    assert "Held until" in dialog.history.toPlainText()
    assert dialog.checkout is None


@pytest.mark.parametrize("typed", ["99999", "1441", "0", "-5", "", "half", "1" * 5000])
def test_a_wrong_length_is_refused_and_stays_as_typed(qtbot: QtBot, paying_desk: Desk, typed: str) -> None:
    held = booked(paying_desk, DepositChoice.LINK)
    question = ask(open_detail(qtbot, paying_desk, held), MoneyAction.EXTEND, ExtendDialog)
    QTest.keyClick(question.minutes, Qt.Key.Key_Backspace)
    question.minutes.insert(typed)
    QTest.keyClick(question.minutes, Qt.Key.Key_Return)
    assert errors_of(question) == ["Enter whole minutes, from 1 to 1440."]
    assert question.minutes.text() == typed
    assert paying_desk.services.queries.booking(held.id).card.hold_until == held.hold_until


def test_a_long_extension_shows_the_new_link(qtbot: QtBot, paying_desk: Desk) -> None:
    held = booked(paying_desk, DepositChoice.LINK)
    dialog = open_detail(qtbot, paying_desk, held)
    question = ask(dialog, MoneyAction.EXTEND, ExtendDialog)
    QTest.keyClicks(question.minutes, "60")
    QTest.keyClick(question.minutes, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.checkout is not None, timeout=10000)
    statuses = [one.status for one in paying_desk.services.queries.booking(held.id).payments]
    assert statuses == [PaymentStatus.EXPIRED, PaymentStatus.OPEN]
    assert dialog.checkout is not None
    dialog.checkout.close_button.click()


def test_an_open_link_is_sent_anew(qtbot: QtBot, paying_desk: Desk) -> None:
    held = booked(paying_desk, DepositChoice.LINK)
    dialog = open_detail(qtbot, paying_desk, held)
    QTest.keyClick(dialog.buttons[BookingAction.MONEY], Qt.Key.Key_Return)
    line = next(one for one in dialog.money_menu.actions() if one.data() == MoneyAction.NEW_LINK.value)
    line.trigger()
    dialog.money_menu.close()
    qtbot.waitUntil(lambda: dialog.checkout is not None, timeout=10000)
    statuses = [one.status for one in paying_desk.services.queries.booking(held.id).payments]
    assert statuses == [PaymentStatus.EXPIRED, PaymentStatus.OPEN]
    assert dialog.checkout is not None
    dialog.checkout.close_button.click()


def test_a_hold_goes_only_with_a_reason_and_not_by_enter(
    qtbot: QtBot, paying_desk: Desk, practice: PracticeServer
) -> None:
    held = booked(paying_desk, DepositChoice.LINK)
    practice.access.revoke(practice.key)
    dialog = open_detail(qtbot, paying_desk, held)
    question = ask(dialog, MoneyAction.RELEASE, ReleaseDialog)
    QTest.keyClick(question.accept_button, Qt.Key.Key_Space)
    assert errors_of(question) == ["Say why the time is given free without its payment."]
    QTest.keyClicks(question.reason, "phoned off")
    QTest.keyClick(question.accept_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: dialog.status.text() == "Given free by hand, not paid", timeout=10000)
    assert "Let go by hand; Stripe could not be asked · Desk 1 · phoned off" in dialog.history.toPlainText()
    assert [one.kind for one in paying_desk.services.queries.open_tasks()] == ["watch_link"]
    QTest.keyClick(dialog.buttons[BookingAction.MONEY], Qt.Key.Key_Return)
    assert offered(dialog) == [MoneyAction.TAKE, MoneyAction.NEW_LINK]
    dialog.money_menu.close()


def test_a_no_show_asks_once_with_the_policys_answer(qtbot: QtBot, desk: Desk) -> None:
    booking = booked(desk)
    desk.clock.at = booking.starts_at
    dialog = open_detail(qtbot, desk, booking)
    QTest.keyClick(dialog.buttons[BookingAction.NO_SHOW], Qt.Key.Key_Return)
    question = dialog.findChild(NoShowDialog)
    assert isinstance(question, NoShowDialog)
    assert question.fate.fates[DepositFate.KEEP].isChecked()
    assert question.focusWidget() is question.fate.fates[DepositFate.KEEP]
    assert not question.fate.fates[DepositFate.ROLL].isVisible()
    QTest.keyClick(question, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.status.text() == "No-show", timeout=5000)
    assert sums(desk, booking) == {"paid": 50, "forfeited": 50}
    assert "kept 50.00 EUR" in dialog.payments.toPlainText()


def test_a_no_show_without_money_asks_nothing(qtbot: QtBot, desk: Desk) -> None:
    booking = booked(desk, DepositChoice.NONE)
    desk.clock.at = booking.starts_at
    dialog = open_detail(qtbot, desk, booking)
    QTest.keyClick(dialog.buttons[BookingAction.NO_SHOW], Qt.Key.Key_Return)
    assert dialog.findChild(NoShowDialog) is None
    qtbot.waitUntil(lambda: dialog.status.text() == "No-show", timeout=5000)


def test_cancelling_the_first_sitting_alone_carries_its_deposit_on(qtbot: QtBot, desk: Desk) -> None:
    command = BookSeriesCommand(
        request_key="project",
        kind=SeriesKind.PROJECT,
        rule="",
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts=(TEN, LATER),
        client=desk.book.client.id,
        choice=DepositChoice.CASH,
    )
    first, second = desk.services.series.book(command).bookings
    dialog = open_detail(qtbot, desk, first)
    dialog.buttons[BookingAction.CANCEL].click()
    qtbot.waitUntil(lambda: dialog.findChild(CancelDialog) is not None, timeout=5000)
    question = dialog.findChild(CancelDialog)
    assert isinstance(question, CancelDialog)
    assert question.fates[DepositFate.ROLL].isChecked()
    question.accept_button.click()
    qtbot.waitUntil(lambda: dialog.status.text() == "Cancelled", timeout=5000)
    assert sums(desk, second) == {"rolled_in": 50}


def test_money_on_its_way_is_decided_about_when_its_booking_is_cancelled(
    qtbot: QtBot, paying_desk: Desk, practice: PracticeServer
) -> None:
    held = booked(paying_desk, DepositChoice.LINK, LATER + timedelta(days=1))
    session_id = paying_desk.services.queries.booking(held.id).payments[0].session_id
    practice.pay_later(session_id)
    paying_desk.services.reconcile.look(sweep=True)
    dialog = open_detail(qtbot, paying_desk, held)
    dialog.buttons[BookingAction.CANCEL].click()
    question = dialog.findChild(CancelDialog)
    assert isinstance(question, CancelDialog)
    assert question.fates[DepositFate.REFUND].isChecked()
    question.fates[DepositFate.CREDIT].click()
    question.accept_button.click()
    qtbot.waitUntil(lambda: dialog.status.text() == "Cancelled", timeout=10000)
    practice.settle(session_id)
    paying_desk.services.reconcile.look(sweep=True)
    kinds = [one.kind for one in paying_desk.services.queries.booking(held.id).ledger]
    assert kinds == [LedgerKind.ASKED, LedgerKind.PAID, LedgerKind.CREDITED]


def test_no_letter_stands_for_two_things(qtbot: QtBot) -> None:
    paid = Money(5000, "EUR")
    terms = CancelTerms(paid, paid, has_heir=True)
    amounts = (MoneyAction.REFUND, MoneyAction.CREDIT, MoneyAction.USE_CREDIT, MoneyAction.KEEP)
    questions: list[QWidget] = [
        MoneyByHandDialog(paid, paid),
        RestDialog(paid),
        RestDialog(paid, is_tip=True),
        RollDialog(paid, ()),
        ExtendDialog(),
        ReleaseDialog("Zoé"),
        NoShowDialog("Zoé", terms),
        *(AmountDialog(one, paid) for one in amounts),
    ]
    for question in questions:
        qtbot.addWidget(question)
        question.show()
        assert clashes(question) == {}, question.windowTitle()


def test_a_menu_has_no_letter_twice(qtbot: QtBot, desk: Desk) -> None:
    booking = booked(desk)
    booked(desk, DepositChoice.NONE, LATER)
    dialog = open_detail(qtbot, desk, booking)
    QTest.keyClick(dialog.buttons[BookingAction.MONEY], Qt.Key.Key_Return)
    letters = [line.text()[line.text().index("&") + 1].lower() for line in dialog.money_menu.actions() if line.data()]
    assert len(set(letters)) == len(letters) == 5
    assert offered(dialog)[0] is MoneyAction.REST
    assert desk.services.queries.booking(booking.id).card.status is BookingStatus.CONFIRMED
    dialog.money_menu.close()
