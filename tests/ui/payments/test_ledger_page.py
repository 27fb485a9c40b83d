"""The ledger on the screen."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

import openpyxl
import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QToolButton, QWidget
from pytestqt.qtbot import QtBot
from support.desk import Desk

from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.application.calendar import LedgerLine
from inkdesk.application.changes import Changes
from inkdesk.application.ledger_view import LedgerState, sums_of
from inkdesk.application.progress import Progress
from inkdesk.application.tables_out import Table
from inkdesk.bootstrap import resource_folder
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.clients import Client
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import DeskTask, LedgerEntry, LedgerKind
from inkdesk.infrastructure.exports.table_file import write_table
from inkdesk.ui.common.cells_table import LEAST_WIDTH
from inkdesk.ui.common.columns import column_widths, spared
from inkdesk.ui.payments.filter_row import PersonCombo
from inkdesk.ui.payments.model import AMOUNT, CLIENT, FEE, FLEXIBLE, WHO
from inkdesk.ui.payments.page import LedgerPage
from inkdesk.ui.payments.presenter import LedgerRange, dates, sums_shown

RESOURCES = resource_folder()
TAB = Qt.FocusPolicy.TabFocus
TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def take_deposit(desk: Desk, client: str, starts_at: datetime = TEN) -> int:
    with desk.database.write() as uow:
        client_id = uow.clients.add(Client(name=client, phone="+33611112222")).id
        uow.commit()
    command = BookCommand(
        request_key=client,
        artist_id=desk.book.ana.id,
        service_id=desk.book.service.id,
        starts_at=starts_at,
        client=client_id,
        choice=DepositChoice.CASH,
    )
    return desk.services.bookings.book(command).booking.id


def open_page(qtbot: QtBot, desk: Desk) -> LedgerPage:
    page = LedgerPage(desk.services, desk.background, write_table, RESOURCES)
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    qtbot.waitUntil(lambda: "line" in page.totals.text(), timeout=5000)
    return page


def clients(qtbot: QtBot, page: LedgerPage, count: int) -> PersonCombo:
    """The choice of clients once it offers so many, who are read beside the lines."""
    qtbot.waitUntil(lambda: page.tools.client.count() == count + 1, timeout=5000)
    return page.tools.client


def cells(page: LedgerPage, row: int) -> list[object]:
    return [page.model.index(row, column).data() for column in range(page.model.columnCount())]


def test_a_deposit_stands_in_the_ledger(qtbot: QtBot, desk: Desk) -> None:
    take_deposit(desk, "<b>Kim</b>")
    page = open_page(qtbot, desk)
    assert page.model.rowCount() == 1
    when, what, client, artist, sitting, amount, fee, who = cells(page, 0)
    assert (what, client, artist, amount) == ("Paid", "<b>Kim</b>", "Ana", "50.00 EUR")
    assert "2026-11-23" in str(when)
    assert str(sitting).startswith("Small piece")
    assert (fee, who) == ("", "Desk 1 · Cash")
    assert page.totals.text() == "1 line    In 50.00 EUR    Net 50.00 EUR"
    assert page.totals.isVisible()


def test_the_columns_share_the_width_and_a_tool_tip_holds_the_rest(qtbot: QtBot, desk: Desk) -> None:
    take_deposit(desk, "<b>Bartholomew</b> " + "Featherstonehaugh " * 3)
    page = open_page(qtbot, desk)
    header = page.table.horizontalHeader()
    assert header.sectionSize(0) >= page.table.sizeHintForColumn(0)
    for width in (640, 720, 1400):
        page.resize(width, 600)
        qtbot.waitUntil(lambda: header.length() > page.table.viewport().width() - 8, timeout=5000)
        assert header.length() <= page.table.viewport().width()
        sizes = [header.sectionSize(column) for column in range(header.count())]
        assert min(sizes[column] for column in FLEXIBLE if not header.isSectionHidden(column)) >= LEAST_WIDTH
        assert header.isSectionHidden(FEE) == (width < 1400)  # it is empty: it goes first
        assert header.isSectionHidden(WHO) == (width == 640)
        assert sizes[AMOUNT] >= page.table.sizeHintForColumn(AMOUNT)
    tip = page.model.index(0, CLIENT).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("<qt>&lt;b&gt;Bartholomew")


@pytest.mark.parametrize(
    ("available", "widths"),
    [
        (500, [100, 100, 100, 200]),
        (540, [100, 120, 100, 220]),
        (400, [100, 100, 100, 100]),
        (320, [100, 60, 100, 60]),
        (100, [100, 40, 100, 40]),
    ],
)
def test_room_is_shared_among_the_columns_that_may_be_cut(available: int, widths: list[int]) -> None:
    assert column_widths([100, 100, 100, 200], {1: 1, 3: 1}, available, 40) == widths


@pytest.mark.parametrize(
    ("available", "gone"), [(500, set()), (350, set()), (340, {3}), (275, {3}), (274, {3, 1}), (0, {3, 1})]
)
def test_what_can_be_spared_goes_before_names_are_cut(available: int, gone: set[int]) -> None:
    """200 pixels are fixed; the flexible columns want 100 and 200, and 75 are enough."""
    assert spared([100, 100, 100, 200], {1: 1, 3: 1}, (3, 1), available, 75) == gone


def test_a_column_with_more_shares_is_cut_less() -> None:
    assert column_widths([100, 100, 100, 200], {1: 1, 3: 3}, 360, 40) == [100, 60, 100, 100]


def test_escape_clears_the_filter(qtbot: QtBot, desk: Desk) -> None:
    page = open_page(qtbot, desk)
    QTest.keyClicks(page.tools.line, "zo")
    QTest.keyClick(page.tools.line, Qt.Key.Key_Escape)
    assert page.tools.line.text() == ""
    button = page.tools.line.findChild(QToolButton)
    assert button is not None
    assert button.geometry().right() < page.tools.line.width() - 5


def test_nothing_says_so(qtbot: QtBot, desk: Desk) -> None:
    page = open_page(qtbot, desk)
    assert page.empty.isVisible()
    assert page.empty.text() == "No money moved on these dates."
    assert not page.totals.isVisible()


def test_the_filter_is_found_by_the_keyboard(qtbot: QtBot, desk: Desk) -> None:
    page = open_page(qtbot, desk)
    page.show()
    page.activateWindow()
    page.tools.range.setFocus()
    qtbot.waitUntil(lambda: page.isActiveWindow() and page.tools.range.hasFocus(), timeout=5000)
    QTest.keyClick(page.tools.range, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.tools.line.hasFocus()


def test_a_file_is_offered_among_the_documents(
    qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda place: str(tmp_path))
    take_deposit(desk, "Kim")
    page = open_page(qtbot, desk)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=5000)
    page.export.csv.trigger()
    [dialog] = page.findChildren(QFileDialog)
    assert Path(dialog.selectedFiles()[0]).parent == tmp_path


def test_words_filter_the_lines_and_their_sum(qtbot: QtBot, desk: Desk) -> None:
    take_deposit(desk, "Kim")
    take_deposit(desk, "Zoë", TEN + timedelta(days=1))
    page = open_page(qtbot, desk)
    assert page.totals.text() == "2 lines    In 100.00 EUR    Net 100.00 EUR"
    page.tools.line.setFocus()
    QTest.keyClicks(page.tools.line, "ana zOË")
    qtbot.waitUntil(lambda: page.totals.text() == "1 line    In 50.00 EUR    Net 50.00 EUR", timeout=5000)
    QTest.keyClicks(page.tools.line, "nobody")
    qtbot.waitUntil(page.empty.isVisible, timeout=5000)
    assert page.empty.text() == "No line fits."


def test_enter_opens_the_booking_of_a_line(qtbot: QtBot, desk: Desk) -> None:
    booking_id = take_deposit(desk, "Kim")
    page = open_page(qtbot, desk)
    page.table.setFocus()
    page.table.selectRow(0)
    with qtbot.waitSignal(page.booking_requested) as asked:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert asked.args == [booking_id]


def test_free_dates_and_ready_ranges(qtbot: QtBot, desk: Desk) -> None:
    take_deposit(desk, "Kim")
    page = open_page(qtbot, desk)
    page.tools.first.set_day(date(2026, 11, 24))
    qtbot.waitUntil(page.empty.isVisible, timeout=5000)
    assert page.tools.range.currentData() == LedgerRange.FREE
    page.tools.range.setCurrentIndex(page.tools.range.findData(LedgerRange.TODAY))
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=5000)
    assert (page.tools.first.day(), page.tools.last.day()) == (date(2026, 11, 23), date(2026, 11, 23))


def test_dates_the_wrong_way_round_are_told(qtbot: QtBot, desk: Desk) -> None:
    page = open_page(qtbot, desk)
    page.tools.last.set_day(date(2026, 1, 1))
    assert page.notice.isVisible()
    assert "lies before the first" in page.notice.text()
    page.tools.range.setCurrentIndex(0)
    qtbot.waitUntil(page.notice.isHidden, timeout=5000)


def test_changes_are_followed(qtbot: QtBot, desk: Desk) -> None:
    page = open_page(qtbot, desk)
    booking_id = take_deposit(desk, "Kim")
    page.reload(Changes())
    page.reload(Changes(bookings=frozenset({booking_id})))
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=5000)


def test_the_way_to_what_needs_a_person_stands_above(qtbot: QtBot, desk: Desk) -> None:
    page = open_page(qtbot, desk)
    assert not page.tasks.isVisible()
    with desk.database.write() as uow:
        for number in range(4):
            uow.payments.open_task(
                DeskTask(
                    kind="mismatch",
                    booking_id=None,
                    payment_id=None,
                    sentence=message("Look at it."),
                    opened_at=desk.clock.now(),
                    fact_key=f"mismatch:{number}",
                )
            )
        uow.commit()
    page.reload(Changes(tasks=True))
    qtbot.waitUntil(page.tasks.isVisible, timeout=5000)
    assert page.waiting.text() == "4 tasks about money need you."
    with qtbot.waitSignal(page.inbox_requested):
        page.to_tasks.click()


@pytest.mark.parametrize(
    ("chosen", "first", "last"),
    [
        (LedgerRange.TODAY, date(2026, 12, 31), date(2026, 12, 31)),
        (LedgerRange.WEEK, date(2026, 12, 28), date(2027, 1, 3)),
        (LedgerRange.MONTH, date(2026, 12, 1), date(2026, 12, 31)),
        (LedgerRange.LAST_MONTH, date(2026, 11, 1), date(2026, 11, 30)),
        (LedgerRange.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_ready_ranges_hold_today(chosen: LedgerRange, first: date, last: date) -> None:
    assert dates(chosen, date(2026, 12, 31)) == (first, last)


def test_every_stop_has_a_name(qtbot: QtBot, desk: Desk) -> None:
    take_deposit(desk, "Kim")
    page = open_page(qtbot, desk)
    stops = [
        one
        for one in page.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & TAB and not one.focusProxy()
    ]
    assert len(stops) >= 5
    nameless = [one for one in stops if not QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name)]
    assert nameless == []


def test_artist_client_and_state_narrow_the_lines(qtbot: QtBot, desk: Desk) -> None:
    take_deposit(desk, "Kim")
    take_deposit(desk, "Zoë", TEN + timedelta(days=1))
    page = open_page(qtbot, desk)
    people = clients(qtbot, page, 2)
    assert [people.itemText(row) for row in range(people.count())] == ["All clients", "Kim", "Zoë"]
    people.setFocus()
    people.setEditText("zoë")
    QTest.keyClick(people, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=5000)
    assert cells(page, 0)[2] == "Zoë"
    page.tools.state.setCurrentIndex(page.tools.state.findData(LedgerState.DISPUTED.value))
    qtbot.waitUntil(page.empty.isVisible, timeout=5000)
    assert page.empty.text() == "No line fits."
    page.tools.state.setCurrentIndex(0)
    people.setCurrentIndex(0)
    page.tools.artist.setCurrentIndex(page.tools.artist.findText("Ana"))
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=5000)


def test_a_name_typed_in_vain_leaves_the_choice(qtbot: QtBot, desk: Desk) -> None:
    take_deposit(desk, "Kim")
    page = open_page(qtbot, desk)
    people = clients(qtbot, page, 1)
    people.setCurrentIndex(1)
    people.setFocus()
    people.setEditText("nobody")
    QTest.keyClick(people, Qt.Key.Key_Return)
    assert (people.currentText(), people.chosen() is None) == ("Kim", False)
    people.setEditText("")
    QTest.keyClick(people, Qt.Key.Key_Return)
    assert (people.currentText(), people.chosen()) == ("All clients", None)


def test_who_is_chosen_stays_chosen_without_lines(qtbot: QtBot, desk: Desk) -> None:
    take_deposit(desk, "Kim")
    page = open_page(qtbot, desk)
    clients(qtbot, page, 1).setCurrentIndex(1)
    page.tools.first.set_day(date(2026, 11, 1))
    page.tools.last.set_day(date(2026, 11, 2))
    qtbot.waitUntil(page.empty.isVisible, timeout=5000)
    assert page.tools.client.currentText() == "Kim"
    page.tools.range.setCurrentIndex(page.tools.range.findData(LedgerRange.MONTH))
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=5000)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_lines_shown_are_exported(qtbot: QtBot, desk: Desk, tmp_path: Path, kind: str) -> None:
    take_deposit(desk, "=Kim")
    take_deposit(desk, "Zoë", TEN + timedelta(days=1))
    page = open_page(qtbot, desk)
    QTest.keyClicks(page.tools.line, "kim")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=5000)
    (page.export.csv if kind == "csv" else page.export.xlsx).trigger()
    [dialog] = page.findChildren(QFileDialog)
    assert dialog.selectedFiles()[0].endswith(f"Ledger 2026-11-23 to 2026-11-29.{kind}")
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("out")
    dialog.accept()
    path = tmp_path / f"out.{kind}"
    qtbot.waitUntil(lambda: page.notice.text() == f"out.{kind} was written.", timeout=5000)
    assert page.progress.isHidden()
    assert page.export.isEnabled()
    if kind == "csv":
        [row] = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
        assert (row["Client"], row["Amount"], row["Currency"], row["What"]) == ("'=Kim", "50.00", "EUR", "Paid")
    else:
        sheet = openpyxl.load_workbook(path).worksheets[0]
        assert [sheet.max_row, sheet["C2"].value, sheet["J2"].value] == [2, 50, "'=Kim"]


def test_an_export_can_be_stopped(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    take_deposit(desk, "Kim")
    begun, stopped = Event(), Event()

    def write(path: Path, table: Table, progress: Progress) -> bool:
        progress.tell(1, 4)
        begun.set()
        assert stopped.wait(10)
        return write_table(path, table, progress)

    page = LedgerPage(desk.services, desk.background, write, RESOURCES)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=5000)
    page.export.path_chosen.emit(tmp_path / "out.csv")
    assert begun.wait(10)
    qtbot.waitUntil(lambda: page.progress.bar.value() == 25, timeout=5000)
    assert not page.export.isEnabled()
    page.progress.cancel.click()
    stopped.set()
    qtbot.waitUntil(lambda: "was stopped" in page.notice.text(), timeout=5000)
    assert list(tmp_path.glob("*.csv")) == []


def test_a_file_that_cannot_be_written_is_told(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    take_deposit(desk, "Kim")
    page = open_page(qtbot, desk)
    page.export.path_chosen.emit(tmp_path / "missing" / "out.csv")
    qtbot.waitUntil(lambda: "choose another place" in page.notice.text(), timeout=5000)
    assert page.export.isEnabled()
    QTest.keyClicks(page.tools.line, "k")
    qtbot.waitUntil(page.notice.isHidden, timeout=5000)


def test_the_sums_of_each_currency_stand_in_a_line_of_their_own() -> None:
    at = TEN
    entry = LedgerEntry(
        kind=LedgerKind.PAID, booking_id=1, payment_id=1, amount=Money(1000, "USD"), at=at, who="", why="", fact_key="k"
    )
    line = LedgerLine(
        entry=entry,
        client_name="Kim",
        artist_name="Ana",
        service_name="Small piece",
        starts_at=at,
        status=BookingStatus.CONFIRMED,
        fee=Money(60, "EUR"),
    )
    refund = replace(line, fee=None, entry=replace(entry, kind=LedgerKind.REFUNDED, amount=Money(300, "USD")))
    kept = replace(line, fee=None, entry=replace(entry, kind=LedgerKind.FORFEITED, amount=Money(200, "USD")))
    assert sums_shown(sums_of([line, refund, kept])).totals == [
        "Fees -0.60 EUR    Net -0.60 EUR",
        "In 10.00 USD    Refunded -3.00 USD    Net 7.00 USD    Kept 2.00 USD",
    ]
