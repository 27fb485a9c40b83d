"""The ledger on the screen."""

from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot
from support.desk import Desk

from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.application.changes import Changes
from inkdesk.domain.clients import Client
from inkdesk.domain.message import message
from inkdesk.domain.payments import DeskTask
from inkdesk.ui.payments.columns import column_widths
from inkdesk.ui.payments.model import AMOUNT, CLIENT, FLEXIBLE
from inkdesk.ui.payments.page import LedgerPage
from inkdesk.ui.payments.presenter import LedgerRange, dates
from inkdesk.ui.payments.table import LEAST_WIDTH

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
    page = LedgerPage(desk.services, desk.background)
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    qtbot.waitUntil(lambda: "line" in page.totals.text(), timeout=5000)
    return page


def cells(page: LedgerPage, row: int) -> list[object]:
    return [page.model.index(row, column).data() for column in range(page.model.columnCount())]


def test_a_deposit_stands_in_the_ledger(qtbot: QtBot, desk: Desk) -> None:
    take_deposit(desk, "<b>Kim</b>")
    page = open_page(qtbot, desk)
    assert page.model.rowCount() == 1
    when, what, client, artist, sitting, amount, who = cells(page, 0)
    assert (what, client, artist, amount) == ("Paid", "<b>Kim</b>", "Ana", "50.00 EUR")
    assert "2026-11-23" in str(when)
    assert str(sitting).startswith("Small piece")
    assert who == "Desk 1 · Cash"
    assert page.totals.text() == "1 line    Paid 50.00 EUR"
    assert page.totals.isVisible()


def test_the_columns_share_the_width_and_a_tool_tip_holds_the_rest(qtbot: QtBot, desk: Desk) -> None:
    take_deposit(desk, "<b>Bartholomew</b> " + "Featherstonehaugh " * 3)
    page = open_page(qtbot, desk)
    header = page.table.horizontalHeader()
    assert header.sectionSize(0) >= page.table.sizeHintForColumn(0)
    for width in (720, 1400):
        page.resize(width, 600)
        qtbot.waitUntil(lambda: header.length() > page.table.viewport().width() - 8, timeout=5000)
        assert header.length() <= page.table.viewport().width()
        sizes = [header.sectionSize(column) for column in range(header.count())]
        assert min(sizes[column] for column in FLEXIBLE) >= LEAST_WIDTH
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


def test_a_column_with_more_shares_is_cut_less() -> None:
    assert column_widths([100, 100, 100, 200], {1: 1, 3: 3}, 360, 40) == [100, 60, 100, 100]


def test_escape_clears_the_filter(qtbot: QtBot, desk: Desk) -> None:
    page = open_page(qtbot, desk)
    QTest.keyClicks(page.filter, "zo")
    QTest.keyClick(page.filter, Qt.Key.Key_Escape)
    assert page.filter.text() == ""
    button = page.filter.findChild(QToolButton)
    assert button is not None
    assert button.geometry().right() < page.filter.width() - 5


def test_nothing_says_so(qtbot: QtBot, desk: Desk) -> None:
    page = open_page(qtbot, desk)
    assert page.empty.isVisible()
    assert page.empty.text() == "No money moved on these dates."
    assert not page.totals.isVisible()


def test_words_filter_the_lines_and_their_sum(qtbot: QtBot, desk: Desk) -> None:
    take_deposit(desk, "Kim")
    take_deposit(desk, "Zoë", TEN + timedelta(days=1))
    page = open_page(qtbot, desk)
    assert page.totals.text() == "2 lines    Paid 100.00 EUR"
    page.filter.setFocus()
    QTest.keyClicks(page.filter, "ana zOË")
    qtbot.waitUntil(lambda: page.totals.text() == "1 line    Paid 50.00 EUR", timeout=5000)
    QTest.keyClicks(page.filter, "nobody")
    qtbot.waitUntil(page.empty.isVisible, timeout=5000)
    assert page.empty.text() == "No line holds these words."


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
    page.first.set_day(date(2026, 11, 24))
    qtbot.waitUntil(page.empty.isVisible, timeout=5000)
    assert page.range.currentData() == LedgerRange.FREE
    page.range.setCurrentIndex(page.range.findData(LedgerRange.TODAY))
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=5000)
    assert (page.first.day(), page.last.day()) == (date(2026, 11, 23), date(2026, 11, 23))


def test_dates_the_wrong_way_round_are_told(qtbot: QtBot, desk: Desk) -> None:
    page = open_page(qtbot, desk)
    page.last.set_day(date(2026, 1, 1))
    assert page.notice.isVisible()
    assert "lies before the first" in page.notice.text()
    page.range.setCurrentIndex(0)
    qtbot.waitUntil(page.notice.isHidden, timeout=5000)


def test_changes_are_followed(qtbot: QtBot, desk: Desk) -> None:
    page = open_page(qtbot, desk)
    booking_id = take_deposit(desk, "Kim")
    page.reload(Changes())
    page.reload(Changes(bookings=frozenset({booking_id})))
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=5000)


def test_what_needs_a_person_stands_above(qtbot: QtBot, desk: Desk) -> None:
    booking_id = take_deposit(desk, "Kim")
    with desk.database.write() as uow:
        for number in range(4):
            uow.payments.open_task(
                DeskTask(
                    kind="mismatch",
                    booking_id=booking_id,
                    payment_id=None,
                    sentence=message("{client} paid another amount.", client="<b>Kim</b>"),
                    opened_at=desk.clock.now(),
                    fact_key=f"mismatch:{number}",
                )
            )
        uow.commit()
    page = open_page(qtbot, desk)
    qtbot.waitUntil(page.tasks.isVisible, timeout=5000)
    shown = [label.text() for label in page.tasks.findChildren(QLabel)]
    assert shown.count("<b>Kim</b> paid another amount.") == 3
    assert "and 1 more" in shown
    with qtbot.waitSignal(page.booking_requested) as asked:
        page.tasks.findChildren(QPushButton)[0].click()
    assert asked.args == [booking_id]


@pytest.mark.parametrize(
    ("chosen", "first", "last"),
    [
        (LedgerRange.TODAY, date(2026, 12, 31), date(2026, 12, 31)),
        (LedgerRange.WEEK, date(2026, 12, 28), date(2027, 1, 3)),
        (LedgerRange.MONTH, date(2026, 12, 1), date(2026, 12, 31)),
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
