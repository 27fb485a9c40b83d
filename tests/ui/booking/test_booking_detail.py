"""One booking on the screen, and what is done with it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from support.desk import Desk
from support.gates import hold_writes

from inkdesk.application.booking_commands import BookCommand, Booked, DepositChoice, MarkCommand
from inkdesk.application.changes import EVERYTHING, Changes
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.catalogue import CancellationPolicy
from inkdesk.domain.clients import Client
from inkdesk.domain.payments import PaymentStatus
from inkdesk.practice import PracticeServer
from inkdesk.ui.booking.deposit_dialogs import MoneyByHandDialog
from inkdesk.ui.booking.detail import BookingDetailDialog
from inkdesk.ui.booking.money_dialogs import CancelDialog
from inkdesk.ui.booking.presenter.detail import BookingAction
from inkdesk.ui.booking.presenter.money import MoneyAction

Question = TypeVar("Question", CancelDialog, MoneyByHandDialog)
TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def book(desk: Desk, choice: DepositChoice, starts_at: datetime = TEN, client_id: int = 0) -> Booked:
    command = BookCommand(
        request_key=f"{choice}{starts_at}",
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts_at=starts_at,
        client=client_id or desk.book.client.id,
        choice=choice,
        note="<i>left</i> arm",
    )
    return desk.services.bookings.book(command)


def open_detail(qtbot: QtBot, desk: Desk, booking_id: int) -> BookingDetailDialog:
    dialog = BookingDetailDialog(desk.services, desk.background, booking_id=booking_id, open_url=desk.open_url)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: bool(dialog.client.text()), timeout=5000)
    return dialog


def offered(dialog: BookingDetailDialog) -> set[BookingAction]:
    return {action for action, button in dialog.buttons.items() if button.isVisible()}


def question_of(dialog: BookingDetailDialog, kind: type[Question]) -> Question:
    question = dialog.findChild(kind)
    assert isinstance(question, kind)
    return question


def choose(dialog: BookingDetailDialog, action: MoneyAction) -> None:
    """Open the menu and take one of its lines."""
    dialog.buttons[BookingAction.MONEY].click()
    next(line for line in dialog.money_menu.actions() if line.data() == action.value).trigger()
    dialog.money_menu.close()


def status_of(desk: Desk, booking_id: int) -> BookingStatus:
    return desk.services.queries.booking(booking_id).card.status


def words(dialog: BookingDetailDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def test_it_shows_what_when_who_money_and_history(qtbot: QtBot, desk: Desk) -> None:
    booking = book(desk, DepositChoice.CASH).booking
    desk.clock.at = booking.starts_at
    dialog = open_detail(qtbot, desk, booking.id)
    assert dialog.client.text() == "Zoé Müller"
    shown = words(dialog)
    for part in ("2026-11-24", "Small piece", "Ana", "06 12 34 56 78", "120.00 EUR", "<i>left</i> arm", "Confirmed"):
        assert part in shown
    assert dialog.payments.toPlainText().splitlines() == [
        "Paid 50.00 EUR · not used yet 50.00 EUR · still to pay 70.00 EUR",
        "2026-11-23 09:00 · 50.00 EUR · Cash · paid",
    ]
    assert "Booked and confirmed" in dialog.history.toPlainText()
    actions = {BookingAction.ARRIVED, BookingAction.DONE, BookingAction.NO_SHOW, BookingAction.CANCEL}
    assert offered(dialog) == actions | {BookingAction.REPEAT, BookingAction.MONEY}
    assert dialog.buttons[BookingAction.ARRIVED].hasFocus()


@pytest.mark.parametrize("name", ["<b>Bold</b>", "آنا 🎨", 'O\'Neil "&"'])
def test_names_are_shown_literally(qtbot: QtBot, desk: Desk, name: str) -> None:
    with desk.database.write() as uow:
        client = uow.clients.add(Client(name=name, phone="+33611112222"))
        uow.commit()
    dialog = open_detail(qtbot, desk, book(desk, DepositChoice.NONE, client_id=client.id).booking.id)
    assert dialog.client.text() == name
    assert dialog.client.textFormat().name == "PlainText"


def test_arrived_then_done(qtbot: QtBot, desk: Desk) -> None:
    booking = book(desk, DepositChoice.CASH).booking
    booking_id, desk.clock.at = booking.id, booking.starts_at
    dialog = open_detail(qtbot, desk, booking_id)
    dialog.buttons[BookingAction.ARRIVED].click()
    qtbot.waitUntil(lambda: BookingAction.ARRIVED not in offered(dialog), timeout=5000)
    dialog.buttons[BookingAction.DONE].click()
    qtbot.waitUntil(lambda: status_of(desk, booking_id) is BookingStatus.COMPLETED, timeout=5000)
    qtbot.waitUntil(lambda: offered(dialog) == {BookingAction.REPEAT, BookingAction.MONEY}, timeout=5000)


def test_a_request_is_confirmed(qtbot: QtBot, desk: Desk) -> None:
    booking = book(desk, DepositChoice.NONE).booking
    with desk.database.write() as uow:
        uow.bookings.save(replace(uow.bookings.get(booking.id), status=BookingStatus.REQUESTED))
        uow.commit()
    dialog = open_detail(qtbot, desk, booking.id)
    dialog.buttons[BookingAction.CONFIRM].click()
    qtbot.waitUntil(lambda: status_of(desk, booking.id) is BookingStatus.CONFIRMED, timeout=5000)


def test_a_stale_booking_is_told_and_shown_as_it_is_now(qtbot: QtBot, desk: Desk) -> None:
    booking = book(desk, DepositChoice.NONE).booking
    desk.clock.at = booking.starts_at
    dialog = open_detail(qtbot, desk, booking.id)
    desk.services.bookings.mark(
        MarkCommand(booking_id=booking.id, version=booking.version, status=BookingStatus.NO_SHOW)
    )
    dialog.buttons[BookingAction.DONE].click()
    qtbot.waitUntil(dialog.notice.isVisible, timeout=5000)
    assert "changed meanwhile" in dialog.notice.text()
    qtbot.waitUntil(lambda: dialog.status.text() == "No-show", timeout=5000)


def test_cancel_presets_what_the_policy_gives_back(qtbot: QtBot, paying_desk: Desk, practice: PracticeServer) -> None:
    booked = book(paying_desk, DepositChoice.LINK, TEN.replace(day=26))
    assert booked.payment_id is not None
    opened = paying_desk.services.payments.open_link(booked.payment_id)
    practice.pay(opened.payment.session_id)
    paying_desk.services.reconcile.look(sweep=True)
    dialog = open_detail(qtbot, paying_desk, booked.booking.id)
    dialog.buttons[BookingAction.CANCEL].setFocus()
    QTest.keyClick(dialog.buttons[BookingAction.CANCEL], Qt.Key.Key_Return)
    question = question_of(dialog, CancelDialog)
    assert question.fates[DepositFate.REFUND].isChecked()
    assert question.refund.text() == "25.00"
    question.reason.setText("ill")
    question.accept_button.click()
    qtbot.waitUntil(lambda: dialog.status.text() == "Cancelled", timeout=10000)
    detail = paying_desk.services.queries.booking(booked.booking.id)
    assert detail.payments[0].refunded_minor == 2500
    assert detail.payments[0].status is PaymentStatus.PARTIALLY_REFUNDED
    assert "ill" in dialog.history.toPlainText().splitlines()[-1]
    assert "50.00 EUR, paid 50.00 EUR, refunded 25.00 EUR" in words(dialog)
    assert dialog.payments.toPlainText().endswith("50.00 EUR · Link · refunded in part: 25.00 EUR")
    assert dialog.focusWidget() is dialog.payments


def test_the_policy_is_the_one_it_was_booked_with(qtbot: QtBot, desk: Desk) -> None:
    booking = book(desk, DepositChoice.CASH, TEN.replace(day=26)).booking
    with desk.database.write() as uow:
        uow.catalogue.save_service(replace(desk.book.service, policy=CancellationPolicy(0, 100)))
        uow.commit()
    dialog = open_detail(qtbot, desk, booking.id)
    dialog.buttons[BookingAction.CANCEL].click()
    assert question_of(dialog, CancelDialog).refund.text() == "25.00"


def test_a_cancel_refused_because_the_link_was_paid_is_announced(
    qtbot: QtBot, paying_desk: Desk, practice: PracticeServer
) -> None:
    booked = book(paying_desk, DepositChoice.LINK)
    assert booked.payment_id is not None
    opened = paying_desk.services.payments.open_link(booked.payment_id)
    dialog = open_detail(qtbot, paying_desk, booked.booking.id)
    changes: list[Changes] = []
    dialog.changed.connect(changes.append)
    practice.pay(opened.payment.session_id)
    dialog.buttons[BookingAction.CANCEL].click()
    question_of(dialog, CancelDialog).accept_button.click()
    qtbot.waitUntil(lambda: dialog.status.text() == "Confirmed", timeout=10000)
    assert "paid a moment ago" in dialog.notice.text()
    assert changes == [Changes(bookings=frozenset({booked.booking.id})) | EVERYTHING]


def test_a_late_cancel_presets_that_the_studio_keeps_it(qtbot: QtBot, desk: Desk) -> None:
    desk.clock.advance(hours=20)
    dialog = open_detail(qtbot, desk, book(desk, DepositChoice.CASH).booking.id)
    dialog.buttons[BookingAction.CANCEL].click()
    question = question_of(dialog, CancelDialog)
    assert question.fates[DepositFate.KEEP].isChecked()
    assert not question.refund.isVisible()


def test_without_money_a_cancel_only_asks_for_the_reason(qtbot: QtBot, desk: Desk) -> None:
    booking_id = book(desk, DepositChoice.NONE).booking.id
    dialog = open_detail(qtbot, desk, booking_id)
    dialog.buttons[BookingAction.CANCEL].click()
    question = question_of(dialog, CancelDialog)
    assert not any(button.isVisible() for button in question.fates.values())
    question.accept_button.click()
    qtbot.waitUntil(lambda: status_of(desk, booking_id) is BookingStatus.CANCELLED, timeout=5000)


def test_enter_in_the_reason_cancels_nothing(qtbot: QtBot, desk: Desk) -> None:
    booking_id = book(desk, DepositChoice.CASH).booking.id
    dialog = open_detail(qtbot, desk, booking_id)
    dialog.buttons[BookingAction.CANCEL].click()
    question = question_of(dialog, CancelDialog)
    assert question.refuse_button.isDefault()
    QTest.keyClick(question.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not question.isVisible(), timeout=5000)
    assert status_of(desk, booking_id) is BookingStatus.CONFIRMED


def test_a_refund_above_what_was_paid_is_refused_beside_the_field(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_detail(qtbot, desk, book(desk, DepositChoice.CASH).booking.id)
    dialog.buttons[BookingAction.CANCEL].click()
    question = question_of(dialog, CancelDialog)
    question.refund.setText("51")
    question.accept_button.click()
    assert question.isVisible()
    assert question.refund.property("invalid") is True


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_cash_instead_of_the_link_confirms(qtbot: QtBot, paying_desk: Desk) -> None:
    booked = book(paying_desk, DepositChoice.LINK)
    dialog = open_detail(qtbot, paying_desk, booked.booking.id)
    choose(dialog, MoneyAction.TAKE)
    question = question_of(dialog, MoneyByHandDialog)
    assert question.amount.text() == "50.00"
    question.accept_button.click()
    qtbot.waitUntil(lambda: dialog.status.text() == "Confirmed", timeout=10000)
    assert "2026-11-23 09:00 · 50.00 EUR · Cash · paid" in dialog.payments.toPlainText().splitlines()


def test_an_open_link_is_shown_again(qtbot: QtBot, paying_desk: Desk) -> None:
    booked = book(paying_desk, DepositChoice.LINK)
    dialog = open_detail(qtbot, paying_desk, booked.booking.id)
    dialog.buttons[BookingAction.SHOW_LINK].click()
    assert dialog.checkout is not None
    qtbot.waitUntil(dialog.checkout.panel.link_part.isVisible, timeout=5000)
    assert paying_desk.opened_urls == []
    dialog.checkout.close_button.click()
    assert dialog.checkout is None


def test_whoever_leaves_the_booking_leaves_its_link(qtbot: QtBot, paying_desk: Desk) -> None:
    dialog = open_detail(qtbot, paying_desk, book(paying_desk, DepositChoice.LINK).booking.id)
    shown: list[bool] = []
    dialog.checkout_shown.connect(shown.append)
    dialog.buttons[BookingAction.SHOW_LINK].click()
    assert shown == [True]
    dialog.reject()
    assert shown == [True, False]
    assert dialog.checkout is None


def test_a_lapsed_hold_gets_a_new_link(qtbot: QtBot, paying_desk: Desk, practice: PracticeServer) -> None:
    booked = book(paying_desk, DepositChoice.LINK)
    assert booked.payment_id is not None
    paying_desk.services.payments.open_link(booked.payment_id)
    paying_desk.clock.advance(minutes=40)
    practice.clock.advance(2400)
    paying_desk.services.reconcile.look(sweep=True)
    dialog = open_detail(qtbot, paying_desk, booked.booking.id)
    assert dialog.status.text().startswith("Lapsed")
    dialog.buttons[BookingAction.NEW_LINK].click()
    qtbot.waitUntil(lambda: dialog.checkout is not None, timeout=10000)
    dialog.reload(EVERYTHING)
    qtbot.waitUntil(lambda: dialog.status.text().startswith("Held"), timeout=5000)
    assert dialog.checkout is not None
    dialog.checkout.close_button.click()


def test_it_stays_until_what_was_done_is_saved(qtbot: QtBot, desk: Desk) -> None:
    booking = book(desk, DepositChoice.CASH).booking
    desk.clock.at = booking.starts_at
    dialog = open_detail(qtbot, desk, booking.id)
    gate = hold_writes(desk)
    dialog.buttons[BookingAction.ARRIVED].click()
    dialog.reject()
    assert not dialog.close()
    assert dialog.isVisible()
    assert not dialog.close_button.isEnabled()
    gate.set()
    qtbot.waitUntil(dialog.close_button.isEnabled, timeout=5000)
    dialog.close_button.click()
    assert dialog.isHidden()


@pytest.mark.parametrize("is_refused", [False, True])
def test_what_was_written_is_announced_though_the_dialog_is_gone(qtbot: QtBot, desk: Desk, is_refused: bool) -> None:
    booking = book(desk, DepositChoice.CASH).booking
    desk.clock.at = booking.starts_at
    dialog = BookingDetailDialog(desk.services, desk.background, booking_id=booking.id, open_url=desk.open_url)
    dialog.open()
    qtbot.waitUntil(lambda: bool(dialog.client.text()), timeout=5000)
    changes: list[Changes] = []
    dialog.changed.connect(changes.append)
    if is_refused:
        desk.services.bookings.check_in(booking.id, booking.version)
    gate = hold_writes(desk)
    dialog.buttons[BookingAction.DONE].click()
    shiboken6.delete(dialog)
    gate.set()
    qtbot.waitUntil(lambda: bool(changes), timeout=5000)
    assert changes[0].bookings == {booking.id}
    assert (status_of(desk, booking.id) is BookingStatus.COMPLETED) is not is_refused


def test_the_minutes_of_a_hold_count_down(qtbot: QtBot, paying_desk: Desk) -> None:
    dialog = open_detail(qtbot, paying_desk, book(paying_desk, DepositChoice.LINK).booking.id)
    assert dialog.time_left.text() == "30 minutes left to pay."
    assert dialog.time_left.isVisible()
    paying_desk.clock.advance(minutes=29, seconds=10)
    dialog._timer.timeout.emit()
    assert dialog.time_left.text() == "1 minute left to pay."


def test_a_confirmed_booking_has_no_minutes(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_detail(qtbot, desk, book(desk, DepositChoice.CASH).booking.id)
    assert dialog.time_left.isHidden()


def test_every_stop_has_a_name(qtbot: QtBot, paying_desk: Desk) -> None:
    dialog = open_detail(qtbot, paying_desk, book(paying_desk, DepositChoice.LINK).booking.id)
    dialog.buttons[BookingAction.SHOW_LINK].click()
    assert dialog.checkout is not None
    qtbot.waitUntil(dialog.checkout.panel.link_part.isVisible, timeout=5000)
    stops = [
        one
        for one in (*dialog.findChildren(QWidget), *dialog.checkout.findChildren(QWidget))
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert len(stops) >= 8
    nameless = [one for one in stops if not QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name)]
    assert nameless == []
    dialog.checkout.close_button.click()
