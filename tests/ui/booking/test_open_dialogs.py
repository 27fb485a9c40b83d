"""What the window ties a dialog to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot
from support.book import TUESDAY
from support.desk import Desk as StudioDesk
from typing_extensions import override

from inkdesk import bootstrap
from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.application.key_service import KeyGateway
from inkdesk.application.reconcile_service import LookResult
from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.studio import Mode
from inkdesk.practice import Fault, FaultKind, PracticeServer
from inkdesk.ui.booking.checkout import CheckoutDialog
from inkdesk.ui.booking.detail import BookingDetailDialog
from inkdesk.ui.booking.letter_dialog import LetterDialog
from inkdesk.ui.booking.presenter.detail import BookingAction
from inkdesk.ui.desk import Desk
from inkdesk.ui.open_dialogs import OpenDialogs
from inkdesk.workers.change_feed import ChangeFeed
from inkdesk.workers.payment_monitor import PaymentMonitor
from inkdesk.workers.task_runner import TaskRunner


class WatchedMonitor(PaymentMonitor):
    """Never looks; remembers which holds it was asked to watch."""

    def __init__(self, desk: StudioDesk) -> None:
        super().__init__(lambda _sweep: LookResult(), desk.clock)
        self.watched: list[tuple[str, int]] = []

    @override
    def watch(self, booking_id: int) -> None:
        self.watched.append(("watch", booking_id))

    @override
    def unwatch(self, booking_id: int) -> None:
        self.watched.append(("unwatch", booking_id))


@pytest.fixture
def monitor(paying_desk: StudioDesk) -> WatchedMonitor:
    return WatchedMonitor(paying_desk)


@pytest.fixture
def dialogs(paying_desk: StudioDesk, monitor: WatchedMonitor, runner: TaskRunner) -> Iterator[OpenDialogs]:
    window = QWidget()
    desk = Desk(
        studio=paying_desk.book.studio,
        services=paying_desk.services,
        runner=runner,
        feed=ChangeFeed(lambda: 1),
        monitor=monitor,
        database=("SQLite", "studio.db"),
        resources=Path(),
        theme="light",
        keys="",
        open_url=paying_desk.open_url,
        open_key=_no_key,
        write_table=bootstrap.write_table,
        choose_theme=lambda _name: None,
        save_preference=lambda _name, _value: None,
    )
    yield OpenDialogs(desk, window)
    assert runner.stop()
    window.deleteLater()


def _no_key(_key: str, _mode: Mode) -> KeyGateway:
    raise AssertionError("nobody tries a key here")


def hold(desk: StudioDesk) -> tuple[int, int]:
    """An unpaid hold: the booking's id and its payment's."""
    command = BookCommand(
        request_key="hold",
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts_at=TUESDAY,
        client=desk.book.client.id,
        choice=DepositChoice.LINK,
    )
    booked = desk.services.bookings.book(command)
    assert booked.payment_id is not None
    return booked.booking.id, booked.payment_id


def test_a_hold_is_watched_while_its_link_is_shown_from_the_booking(
    qtbot: QtBot, paying_desk: StudioDesk, monitor: WatchedMonitor, dialogs: OpenDialogs
) -> None:
    booking_id, _ = hold(paying_desk)
    dialog = dialogs.show_booking(booking_id)
    assert isinstance(dialog, BookingDetailDialog)
    qtbot.waitUntil(dialog.buttons[BookingAction.SHOW_LINK].isVisible, timeout=5000)
    assert monitor.watched == []
    dialog.buttons[BookingAction.SHOW_LINK].click()
    assert monitor.watched == [("watch", booking_id)]
    dialog.reject()
    assert monitor.watched == [("watch", booking_id), ("unwatch", booking_id)]


def test_a_hold_is_watched_after_it_was_booked(
    qtbot: QtBot, paying_desk: StudioDesk, monitor: WatchedMonitor, dialogs: OpenDialogs
) -> None:
    booking_id, payment_id = hold(paying_desk)
    dialog = dialogs.follow_payment(booking_id, payment_id)
    assert isinstance(dialog, CheckoutDialog)
    assert monitor.watched == [("watch", booking_id)]
    qtbot.waitUntil(dialog.panel.link_part.isVisible, timeout=5000)
    dialog.reject()
    assert monitor.watched[-1] == ("unwatch", booking_id)


def test_who_leaves_while_stripe_hangs_is_asked_once(
    qtbot: QtBot, paying_desk: StudioDesk, practice: PracticeServer, dialogs: OpenDialogs
) -> None:
    booking_id, payment_id = hold(paying_desk)
    paying_desk.services.payments.open_link(payment_id)
    dialogs._window.show()
    dialog = dialogs.show_booking(booking_id)
    assert isinstance(dialog, BookingDetailDialog)
    qtbot.waitUntil(dialog.buttons[BookingAction.CANCEL].isVisible, timeout=5000)
    held = practice.faults.add(Fault(FaultKind.HELD, times=100))
    dialog._presenter.cancel(DepositFate.KEEP, None, "")
    assert held.entered.wait(10)
    paying_desk.clock.advance(seconds=10)
    dialog._timer.timeout.emit()
    assert dialog.notice.text().startswith("Stripe has not answered yet.")

    assert not dialogs.close_all()
    (asked,) = dialog.findChildren(QMessageBox)
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    qtbot.waitUntil(asked.isHidden, timeout=5000)
    assert dialogs._window.isVisible()
    assert not dialogs.close_all()
    again = next(one for one in dialog.findChildren(QMessageBox) if one.isVisible())
    QTest.mouseClick(again.buttons()[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialogs._window.isHidden, timeout=5000)
    assert dialogs.close_all()

    practice.faults.clear()
    qtbot.waitUntil(lambda: not dialog._presenter.is_busy(), timeout=5000)
    assert dialog.notice.text() == ""


def test_the_message_for_a_client_is_opened_or_that_there_is_none_is_said(
    qtbot: QtBot, paying_desk: StudioDesk, practice: PracticeServer, dialogs: OpenDialogs
) -> None:
    booking_id, payment_id = hold(paying_desk)
    dialogs._window.show()
    dialogs.write_to_client(booking_id)
    qtbot.waitUntil(lambda: bool(dialogs._window.findChildren(QMessageBox)), timeout=5000)
    (said,) = dialogs._window.findChildren(QMessageBox)
    assert said.text() == "There is nothing to tell the client about this booking now."
    said.close()
    practice.pay(paying_desk.services.payments.open_link(payment_id).payment.session_id)
    paying_desk.services.reconcile.look(sweep=True)
    dialogs.write_to_client(booking_id)
    qtbot.waitUntil(lambda: bool(dialogs._window.findChildren(LetterDialog)), timeout=5000)
    (letter,) = dialogs._window.findChildren(LetterDialog)
    assert "Your booking stands" in letter.text.toPlainText()
    letter.reject()
