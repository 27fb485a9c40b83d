"""The ledger page: which dates, which lines, and their sums."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from inkdesk.application.background import Background
from inkdesk.application.calendar import LedgerLine
from inkdesk.application.changes import Changes
from inkdesk.application.ledger_table import ledger_table
from inkdesk.application.ledger_view import LedgerFilter, LedgerNames, LedgerState, signed, totals
from inkdesk.application.ledger_words import kind_words, total_words, why_words
from inkdesk.application.progress import Progress
from inkdesk.application.receipts import Receipt
from inkdesk.application.services import Services
from inkdesk.application.tables_out import WriteTable
from inkdesk.application.text import formats, tr
from inkdesk.domain.errors import InkDeskError, ValidationError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import COLLECTED


class LedgerRange(StrEnum):
    """Which dates are shown."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line as the table shows it; ``receipt_of`` is the payment that a receipt can be made of."""

    line: LedgerLine
    cells: tuple[str, ...]
    words: str
    receipt_of: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerShown:
    """What the page shows; ``totals`` is one sentence for each currency."""

    rows: Sequence[LedgerRow]
    totals: Sequence[str]
    is_filtered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    wanted: LedgerFilter
    rows: Sequence[LedgerRow]
    names: LedgerNames
    waiting: int


class LedgerView(Protocol):
    """The page."""

    def show_dates(self, first: date, last: date) -> None:
        """Show which dates were read."""
        ...

    def show_names(self, names: LedgerNames) -> None:
        """Offer whose lines there are."""
        ...

    def show_lines(self, shown: LedgerShown) -> None:
        """Show lines and their sums."""
        ...

    def show_waiting(self, count: int) -> None:
        """Say how many tasks need a person."""
        ...

    def show_error(self, error: InkDeskError) -> None:
        """Say why nothing can be shown."""
        ...

    def show_export(self, progress: Progress) -> None:
        """Show how far a file is."""
        ...

    def end_export(self, sentence: str) -> None:
        """Show how the file ended."""
        ...

    def print_receipt(self, receipt: Receipt, path: Path) -> None:
        """Write a receipt to a PDF file."""
        ...


class LedgerPresenter:
    """Reads a range of the ledger and filters it as the desk types. The latest answer wins.

    Rows and sums are made off the window's thread: a year has thousands.
    """

    def __init__(self, view: LedgerView, services: Services, background: Background, write_table: WriteTable) -> None:
        self._view = view
        self._services = services
        self._background = background
        self._write_table = write_table
        self._range = LedgerRange.WEEK
        self._wanted = LedgerFilter(first=date.min, last=date.min)
        self._typed = ""
        self._asked = 0
        self._rows: Sequence[LedgerRow] = ()
        self._shown: Sequence[LedgerRow] = ()

    def choose(self, chosen: LedgerRange) -> None:
        """Show one of the ready ranges."""
        self._range = chosen
        self.reload()

    def choose_dates(self, first: date, last: date) -> None:
        """Show any dates, both included."""
        self._range = LedgerRange.FREE
        self._wanted = replace(self._wanted, first=first, last=last)
        try:
            self._wanted.check()
        except ValidationError as error:
            self._asked += 1
            self._view.show_error(error)
            return
        self.reload()

    def choose_whose(self, artist_id: int | None, client_id: int | None, state: LedgerState | None) -> None:
        """Show only lines of an artist, of a client, of payments in a state; None: of any."""
        self._wanted = replace(self._wanted, artist_id=artist_id, client_id=client_id, state=state)
        self.reload()

    def filter(self, typed: str) -> None:
        """Keep only lines that hold every typed word, whatever its case."""
        self._typed = typed
        self._asked += 1
        self._find(self._asked)

    def follow(self, changes: Changes) -> None:
        """Read again if money, tasks or names may have changed."""
        if changes:
            self.reload()

    def reload(self) -> None:
        """Read the range and the open tasks."""
        self._asked += 1
        number, chosen, wanted = self._asked, self._range, self._wanted

        def done(found: _Read) -> None:
            if number != self._asked:
                return
            self._wanted, self._rows = found.wanted, found.rows
            self._view.show_dates(found.wanted.first, found.wanted.last)
            self._view.show_names(found.names)
            self._view.show_waiting(found.waiting)
            self._find(number)

        self._background.read(lambda: self._read(chosen, wanted), done, self._view.show_error)

    def export(self, path: Path) -> None:
        """Write the lines that are shown to a file of the kind that its name says."""
        progress, rows = Progress(), self._shown
        self._view.show_export(progress)

        def work() -> bool:
            with self._services.read() as uow:
                zone = uow.studio.get().zone_info
            return self._write_table(path, ledger_table([row.line for row in rows], zone), progress)

        def done(is_whole: bool) -> None:  # noqa: FBT001 - an answer
            written = tr("{file} was written.", file=path.name)
            self._view.end_export(written if is_whole else tr("The export was stopped. No file was written."))

        self._background.read(work, done, self._failed_export)

    def issue_receipt(self, payment_id: int, path: Path) -> None:
        """Have the receipt of a payment printed; it gets its number the first time."""
        receipts = self._services.receipts
        self._background.write(
            lambda: receipts.issue(payment_id),
            lambda receipt: self._view.print_receipt(receipt, path),
            self._view.show_error,
        )

    def _failed_export(self, error: InkDeskError) -> None:
        self._view.end_export("")
        self._view.show_error(error)

    def _read(self, chosen: LedgerRange, wanted: LedgerFilter) -> _Read:
        studio = self._services.studio.find()
        now = self._services.clock.now()
        today = now.astimezone(studio.zone_info).date() if studio else now.date()
        if chosen is not LedgerRange.FREE:
            first, last = dates(chosen, today)
            wanted = replace(wanted, first=first, last=last)
        queries = self._services.queries
        return _Read(
            wanted=wanted,
            rows=[to_row(line) for line in queries.ledger(wanted)],
            names=queries.ledger_names(wanted.first, wanted.last),
            waiting=len(self._services.inbox.open()),
        )

    def _find(self, number: int) -> None:
        rows, typed, wanted = self._rows, self._typed, self._wanted

        def done(shown: LedgerShown) -> None:
            if number == self._asked:
                self._shown = shown.rows
                self._view.show_lines(shown)

        self._background.read(lambda: _found(rows, typed, wanted), done, self._view.show_error)


def dates(chosen: LedgerRange, today: date) -> tuple[date, date]:
    """First and last date of a ready range that holds ``today``; weeks begin as the reader's do."""
    match chosen:
        case LedgerRange.WEEK:
            first = today - timedelta(days=(today.weekday() - formats().first_weekday) % 7)
            return first, first + timedelta(days=6)
        case LedgerRange.MONTH:
            after = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
            return today.replace(day=1), after - timedelta(days=1)
        case _:
            return today, today


def to_row(line: LedgerLine) -> LedgerRow:
    """One line: when, what, client, artist, sitting, amount, fee, who (and why)."""
    entry = line.entry
    cells = (
        formats().moment(entry.at),
        kind_words(entry.kind),
        line.client_name,
        line.artist_name,
        f"{line.service_name}, {formats().moment(line.starts_at)}",
        formats().money(signed(entry)),
        formats().money(line.fee) if line.fee is not None else "",
        " · ".join(part for part in (entry.who, why_words(entry.why)) if part),
    )
    has_money = line.payment_status in COLLECTED
    return LedgerRow(line, cells, " ".join(cells).casefold(), entry.payment_id if has_money else None)


def _found(rows: Sequence[LedgerRow], typed: str, wanted: LedgerFilter) -> LedgerShown:
    words = typed.casefold().split()
    kept = [row for row in rows if all(word in row.words for word in words)]
    return LedgerShown(
        rows=kept,
        totals=totals_shown([row.line for row in kept]),
        is_filtered=bool(words) or any((wanted.artist_id, wanted.client_id, wanted.state)),
    )


def totals_shown(lines: Sequence[LedgerLine]) -> list[str]:
    """The sums of each currency in which money moved, e.g. ``In 50.00 EUR    Fees -1.00 EUR    Net 49.00 EUR``."""
    shown = (
        "    ".join(f"{word} {formats().money(Money(minor, sums.currency))}" for word, minor in total_words(sums))
        for sums in totals(lines)
    )
    return [sentence for sentence in shown if sentence]
