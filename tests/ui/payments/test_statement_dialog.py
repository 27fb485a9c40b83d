"""A month beside Stripe's account, on the screen and by the keyboard."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot
from support.clock import StandingClock
from support.desk import Desk
from support.mnemonics import clashes
from support.payment_desk import PaymentDesk

from inkdesk.domain.payments import Payment
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.exports.table_file import write_table
from inkdesk.practice import PracticeServer
from inkdesk.practice.faults import Fault, FaultKind
from inkdesk.ui.common.cells_table import ROW_HEIGHT
from inkdesk.ui.payments.statement_dialog import LEAST_ROWS, StatementDialog
from inkdesk.workers.task_runner import TaskRunner

WAIT_MS = 10_000


@pytest.fixture
def money(sqlite_url: str, clock: StandingClock) -> Iterator[PaymentDesk]:
    """A studio that takes deposits by link."""
    database = Database.open(sqlite_url, who="Desk 1", clock=clock)
    with PracticeServer() as server:
        opened = PaymentDesk.open(server, database, clock)
        yield opened
        opened.close()
    database.close()


def open_dialog(qtbot: QtBot, money: PaymentDesk, runner: TaskRunner) -> StatementDialog:
    desk = Desk(money.database, money.book, money.clock, runner.of(QObject()), money.gateway)
    dialog = StatementDialog(desk.services, runner, write_table)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.compare.isEnabled, timeout=WAIT_MS)
    return dialog


def compare_this_month(qtbot: QtBot, dialog: StatementDialog) -> None:
    dialog.month.setCurrentIndex(0)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.compare.isEnabled() and not dialog.notice.isHidden(), timeout=WAIT_MS)


def paid(money: PaymentDesk) -> Payment:
    booking_id, session_id = money.held_link()
    money.server.pay(session_id)
    money.look(sweep=True)
    return money.payment(booking_id)


def test_a_month_that_agrees(qtbot: QtBot, money: PaymentDesk, runner: TaskRunner) -> None:
    paid(money)
    dialog = open_dialog(qtbot, money, runner)
    assert dialog.month.currentText() == "2026-10"
    assert dialog.month.count() == 36
    assert not dialog.account.isVisible()
    assert not dialog.export.isEnabled()
    compare_this_month(qtbot, dialog)
    assert dialog.notice.text() == "InkDesk and Stripe agree on 2026-11."
    assert dialog.model.rowCount() == 1
    cells = [dialog.model.index(0, column).data() for column in range(9)]
    assert (cells[0], cells[2:6]) == ("", ["Payment", "Zoé Müller", "50.00 EUR", "50.00 EUR"])
    assert cells[6] == cells[7]
    assert dialog.totals.text().startswith("Payment 50.00 EUR    Fees -")
    assert dialog.progress.isHidden()


def test_differences_stand_first_and_are_exported(
    qtbot: QtBot, money: PaymentDesk, runner: TaskRunner, tmp_path: Path
) -> None:
    payment = paid(money)
    money.pass_time(minutes=1)
    foreign = money.server.charge_elsewhere(700)
    money.pass_time(minutes=1)
    dialog = open_dialog(qtbot, money, runner)
    compare_this_month(qtbot, dialog)
    assert dialog.notice.text() == "1 difference between InkDesk and Stripe in 2026-11."
    shown = [(dialog.model.index(row, 0).data(), dialog.model.index(row, 8).data()) for row in range(2)]
    assert shown == [("Not in InkDesk", foreign), ("", payment.charge_id)]
    dialog.export.csv.trigger()
    [chooser] = dialog.findChildren(QFileDialog)
    assert chooser.selectedFiles()[0].endswith("Statement 2026-11.csv")
    chooser.setDirectory(str(tmp_path))
    chooser.selectFile("out")
    chooser.accept()
    qtbot.waitUntil(lambda: dialog.notice.text() == "out.csv was written.", timeout=WAIT_MS)
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["Difference"], row["At Stripe"], row["In InkDesk"]) for row in rows] == [
        ("Not in InkDesk", "7.00", ""),
        ("", "50.00", "50.00"),
    ]


def test_enter_opens_the_booking_of_a_line(qtbot: QtBot, money: PaymentDesk, runner: TaskRunner) -> None:
    payment = paid(money)
    dialog = open_dialog(qtbot, money, runner)
    compare_this_month(qtbot, dialog)
    with qtbot.waitSignal(dialog.booking_requested) as asked:
        QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert asked.args == [payment.booking_id]


def test_stripe_out_of_reach_is_told(qtbot: QtBot, money: PaymentDesk, runner: TaskRunner) -> None:
    dialog = open_dialog(qtbot, money, runner)
    money.server.faults.set_offline(offline=True)
    compare_this_month(qtbot, dialog)
    assert "cannot be reached" in dialog.notice.text()
    assert dialog.model.rowCount() == 0


def test_a_comparison_can_be_stopped(qtbot: QtBot, money: PaymentDesk, runner: TaskRunner) -> None:
    dialog = open_dialog(qtbot, money, runner)
    held = money.server.faults.add(Fault(FaultKind.HELD, "/v1/balance_transactions"))
    dialog.month.setCurrentIndex(0)
    dialog.compare.click()
    assert held.entered.wait(10)
    assert dialog.progress.isVisible()
    assert not dialog.compare.isEnabled()
    dialog.progress.cancel.click()
    held.gate.set()
    qtbot.waitUntil(dialog.compare.isEnabled, timeout=WAIT_MS)
    assert dialog.notice.text() == "The comparison was stopped."


def test_closing_stops_what_runs(qtbot: QtBot, money: PaymentDesk, runner: TaskRunner) -> None:
    dialog = open_dialog(qtbot, money, runner)
    dialog.compare.click()
    progress = dialog._presenter._progress
    dialog.reject()
    assert progress.is_stopped


def test_letters_and_names(qtbot: QtBot, money: PaymentDesk, runner: TaskRunner) -> None:
    paid(money)
    dialog = open_dialog(qtbot, money, runner)
    compare_this_month(qtbot, dialog)
    assert clashes(dialog) == {}
    stops = [
        one
        for one in dialog.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and not one.focusProxy()
    ]
    assert [one for one in stops if not QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name)] == []


def test_rows_and_months_are_read_whole_in_the_smallest_window(
    qtbot: QtBot, money: PaymentDesk, runner: TaskRunner
) -> None:
    dialog = open_dialog(qtbot, money, runner)
    dialog.resize(dialog.minimumSizeHint())
    assert dialog.table.height() >= LEAST_ROWS * ROW_HEIGHT
    assert dialog.month.width() >= dialog.month.sizeHint().width()
