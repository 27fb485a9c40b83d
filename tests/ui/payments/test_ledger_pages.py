"""A long ledger: shown as it is scrolled, added up and exported whole."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from support.book import a_booking, put
from support.desk import Desk
from support.held import HeldBackground

from inkdesk.application.changes import Changes
from inkdesk.application.ledger_view import LedgerFilter
from inkdesk.bootstrap import resource_folder
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, LedgerKind
from inkdesk.infrastructure.exports.table_file import write_table
from inkdesk.ui.payments.ledger_reader import PAGE, LedgerReader, cells_of, name_words
from inkdesk.ui.payments.page import LedgerPage

LINES = 2 * PAGE + 30
TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def write(desk: Desk, numbers: range, booking_id: int) -> None:
    """Lines with their number as the reason, three of each second."""
    with desk.database.write() as uow:
        for number in numbers:
            entry = LedgerEntry(
                kind=LedgerKind.TIP,
                booking_id=booking_id,
                payment_id=None,
                amount=Money(100 + number, "EUR"),
                at=TEN + timedelta(seconds=number // 3),
                who="Desk 1",
                why=f"no{number:04}",
                fact_key=f"line {number}",
            )
            uow.payments.write_ledger(entry)
        uow.commit()


@pytest.fixture
def booking_id(desk: Desk) -> int:
    """A booking with a long ledger."""
    with desk.database.write() as uow:
        booking = put(uow, a_booking(desk.book), desk.book.ana)
        uow.commit()
    write(desk, range(LINES), booking.id)
    return booking.id


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, booking_id: int) -> LedgerPage:
    """The page with its first lines and all sums."""
    assert booking_id
    page = LedgerPage(desk.services, desk.background, write_table, resource_folder())
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    qtbot.waitUntil(lambda: "lines" in page.totals.text(), timeout=5000)
    return page


def whys(page: LedgerPage) -> list[str]:
    return [page.model.row_at(row).line.entry.why for row in range(page.model.rowCount())]


def expected(first: int, count: int) -> list[str]:
    return [f"no{number:04}" for number in range(first, first - count, -1)]


def total_of(numbers: range) -> str:
    cents = sum(100 + number for number in numbers)
    return f"{cents // 100}.{cents % 100:02} EUR"


def to_the_end(qtbot: QtBot, page: LedgerPage, then: int) -> None:
    """Scroll down, and wait for so many rows."""
    page.table.scrollToBottom()
    qtbot.waitUntil(lambda: page.model.rowCount() == then, timeout=5000)


def test_lines_come_as_the_list_is_scrolled(qtbot: QtBot, page: LedgerPage) -> None:
    assert whys(page) == expected(LINES - 1, PAGE)
    whole = total_of(range(LINES))
    assert page.totals.text() == f"{LINES} lines    Tips {whole}    Net {whole}"
    for count in (2 * PAGE, LINES):
        to_the_end(qtbot, page, count)
    assert whys(page) == expected(LINES - 1, LINES)
    assert not page.model.canFetchMore()
    assert page.totals.text().startswith(f"{LINES} lines")


def test_scrolling_while_something_else_is_looked_for_takes_nothing_from_it(
    qtbot: QtBot, desk: Desk, booking_id: int
) -> None:
    assert booking_id
    background = HeldBackground()
    page = LedgerPage(desk.services, background, write_table, resource_folder())
    qtbot.addWidget(page)
    background.answer_all()
    page.tools.typed.emit("n")
    page.model.fetchMore()
    background.answer_all()
    assert whys(page) == expected(LINES - 1, PAGE)
    page.model.fetchMore()
    background.answer_all()
    assert whys(page) == expected(LINES - 1, 2 * PAGE)


def test_typed_words_find_and_add_up_what_was_never_shown(qtbot: QtBot, page: LedgerPage) -> None:
    QTest.keyClicks(page.tools.line, "no00")
    whole = total_of(range(100))
    qtbot.waitUntil(lambda: page.totals.text() == f"100 lines    Tips {whole}    Net {whole}", timeout=5000)
    assert whys(page) == expected(99, 100)
    page.tools.line.clear()
    QTest.keyClicks(page.tools.line, "DESK ana")
    whole = total_of(range(LINES))
    qtbot.waitUntil(lambda: page.totals.text() == f"{LINES} lines    Tips {whole}    Net {whole}", timeout=5000)
    assert page.model.rowCount() == PAGE
    to_the_end(qtbot, page, 2 * PAGE)
    assert whys(page) == expected(LINES - 1, 2 * PAGE)


TYPED = (
    "no00",
    "DESK ana",
    "nobody here",
    "novembre",
    "nov",
    "Tattoo,",
    "small 102",
    "tip €",
    "tip",
    "3.07",
    "o'brien",
)


@pytest.mark.parametrize("typed", TYPED)
def test_the_database_leaves_out_no_line_that_fits(desk: Desk, booking_id: int, typed: str) -> None:
    assert booking_id
    wanted = LedgerFilter(first=TEN.date(), last=TEN.date())
    words = typed.casefold().split()
    lines = desk.services.queries.ledger(wanted)
    fits = [line for line in lines if all(word in " ".join(cells_of(line)).casefold() for word in words)]
    assert LedgerReader(desk.services.queries, wanted, typed, lambda: False).lines() == fits


def test_only_names_can_hold_longer_words_that_no_date_has() -> None:
    assert name_words("Nobody-else at 24 no0042 FCFA") == ("nobody",)


def test_news_leave_the_place_and_the_chosen_line(qtbot: QtBot, desk: Desk, page: LedgerPage, booking_id: int) -> None:
    to_the_end(qtbot, page, 2 * PAGE)
    page.table.selectRow(PAGE + 7)
    page.table.verticalScrollBar().setValue(PAGE)
    chosen = whys(page)[PAGE + 7]
    write(desk, range(LINES, LINES + 3), booking_id)
    page.reload(Changes(bookings=frozenset({booking_id})))
    qtbot.waitUntil(lambda: page.totals.text().startswith(f"{LINES + 3} lines"), timeout=5000)
    assert whys(page) == expected(LINES + 2, 2 * PAGE)
    assert whys(page)[page.table.currentIndex().row()] == chosen
    assert page.table.verticalScrollBar().value() == PAGE
    page.tools.range.setCurrentIndex(page.tools.range.currentIndex() + 1)
    qtbot.waitUntil(lambda: page.model.rowCount() == PAGE, timeout=5000)
    assert page.table.verticalScrollBar().value() == 0


def test_everything_that_fits_is_exported(qtbot: QtBot, page: LedgerPage, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    page.export.path_chosen.emit(path)
    qtbot.waitUntil(lambda: "was written" in page.notice.text(), timeout=5000)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["Why"] for row in rows] == expected(LINES - 1, LINES)
    assert page.model.rowCount() == PAGE
