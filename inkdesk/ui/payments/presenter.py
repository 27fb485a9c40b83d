"""The ledger page: which dates, which lines, and their sums."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

from inkdesk.application.background import Background
from inkdesk.application.changes import Changes
from inkdesk.application.ledger_table import ledger_table
from inkdesk.application.ledger_view import LedgerFilter, LedgerNames, LedgerPlace, LedgerState, LedgerSums
from inkdesk.application.ledger_words import total_words
from inkdesk.application.progress import Progress
from inkdesk.application.receipts import Receipt
from inkdesk.application.services import Services
from inkdesk.application.tables_out import WriteTable
from inkdesk.application.text import formats, tr
from inkdesk.domain.errors import InkDeskError, ValidationError
from inkdesk.domain.money import Money
from inkdesk.ui.payments.ledger_reader import CHUNK, PAGE, LedgerPart, LedgerReader, LedgerRow

T = TypeVar("T")


class LedgerRange(StrEnum):
    """Which dates are shown."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    LAST_MONTH = "last_month"
    YEAR = "year"
    FREE = "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerShown:
    """The first rows; ``is_again`` if the same was asked for before, so that whoever reads it keeps his place."""

    rows: Sequence[LedgerRow]
    has_more: bool
    is_filtered: bool
    is_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SumsShown:
    """How many lines there are, and one sentence for each currency."""

    count: int
    totals: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked for; ``number`` tells a later question from this one."""

    number: int
    range: LedgerRange
    wanted: LedgerFilter
    typed: str
    limit: int
    is_again: bool


class LedgerView(Protocol):
    """The page."""

    def show_dates(self, first: date, last: date) -> None:
        """Show which dates were read."""
        ...

    def show_names(self, names: LedgerNames) -> None:
        """Offer whose lines there are."""
        ...

    def show_lines(self, shown: LedgerShown) -> None:
        """Show the first lines."""
        ...

    def add_lines(self, part: LedgerPart) -> None:
        """Show the next lines below."""
        ...

    def show_sums(self, shown: SumsShown | None) -> None:
        """Show what all lines come to; None: it is still being added up."""
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
    """Reads a range of the ledger part by part and filters it as the desk types. The latest answer wins.

    Rows and sums are made off the window's thread: a studio has years of them.
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
        self._count = 0
        self._total = 0
        self._end: LedgerPlace | None = None
        self._reader: LedgerReader | None = None

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
        self.reload()

    def follow(self, changes: Changes) -> None:
        """Read again if money, tasks or names may have changed."""
        if changes:
            self._ask(limit=max(PAGE, self._count), is_again=True)

    def reload(self) -> None:
        """Read the range and the open tasks."""
        self._ask(limit=PAGE, is_again=False)

    def more(self) -> None:
        """Read the lines that stand behind those that are shown, unless others are asked for already."""
        reader, after, number = self._reader, self._end, self._asked
        if reader is None or reader.is_over():
            return

        def add(part: LedgerPart) -> None:
            self._reached(self._count + len(part.rows), part)
            self._view.add_lines(part)

        self._read(number, lambda: reader.part(after), add)

    def export(self, path: Path) -> None:
        """Write all lines that fit to a file of the kind that its name says."""
        reader = self._reader
        if reader is None:
            return
        progress = Progress()
        reader = replace(reader, is_over=lambda: progress.is_stopped)
        self._view.show_export(progress)

        def work() -> bool:
            with self._services.read() as uow:
                zone = uow.studio.get().zone_info
            return self._write_table(path, ledger_table(reader.lines(), zone), progress)

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

    def _ask(self, *, limit: int, is_again: bool) -> None:
        self._asked += 1
        asked = _Asked(self._asked, self._range, self._wanted, self._typed, limit, is_again)
        if asked.typed and not is_again and self._total > CHUNK:
            self._view.show_sums(None)  # so many are looked through one by one

        self._read(asked.number, lambda: self._first(asked), lambda found: self._found(asked, *found))
        self._read(asked.number, lambda: len(self._services.inbox.open()), self._view.show_waiting)

    def _read(self, number: int, work: Callable[[], T], show: Callable[[T], None]) -> None:
        """Read elsewhere, and show the answer unless something else was asked meanwhile."""

        def done(found: T) -> None:
            if number == self._asked:
                show(found)

        self._background.read(work, done, self._view.show_error)

    def _first(self, asked: _Asked) -> tuple[LedgerReader, LedgerPart]:
        reader = LedgerReader(self._services.queries, self._dated(asked), asked.typed, lambda: self._is_over(asked))
        return reader, reader.part(limit=asked.limit)

    def _dated(self, asked: _Asked) -> LedgerFilter:
        if asked.range is LedgerRange.FREE:
            return asked.wanted
        studio, now = self._services.studio.find(), self._services.clock.now()
        first, last = dates(asked.range, now.astimezone(studio.zone_info).date() if studio else now.date())
        return replace(asked.wanted, first=first, last=last)

    def _is_over(self, asked: _Asked) -> bool:
        return asked.number != self._asked

    def _found(self, asked: _Asked, reader: LedgerReader, first: LedgerPart) -> None:
        self._reader, self._wanted = reader, reader.wanted
        self._reached(len(first.rows), first)
        self._view.show_dates(reader.wanted.first, reader.wanted.last)
        self._view.show_lines(
            LedgerShown(
                rows=first.rows,
                has_more=first.has_more,
                is_filtered=_is_narrowed(asked),
                is_again=asked.is_again,
            )
        )
        self._ask_about(asked, reader, first)

    def _reached(self, count: int, part: LedgerPart) -> None:
        self._count, self._end = count, part.end

    def _ask_about(self, asked: _Asked, reader: LedgerReader, first: LedgerPart) -> None:
        """What the lines come to, and whose they are: both may take longer than the first lines."""
        if first.has_more:
            self._view.show_sums(None)
        dates = reader.wanted.first, reader.wanted.last

        self._read(asked.number, lambda: sums_shown(reader.sums(first)), self._show_sums)
        self._read(asked.number, lambda: reader.queries.ledger_names(*dates), self._view.show_names)

    def _show_sums(self, shown: SumsShown) -> None:
        self._total = max(shown.count, self._total if self._typed else 0)
        self._view.show_sums(shown)


def _is_narrowed(asked: _Asked) -> bool:
    wanted = asked.wanted
    return bool(asked.typed.split()) or any((wanted.artist_id, wanted.client_id, wanted.state))


def dates(chosen: LedgerRange, today: date) -> tuple[date, date]:
    """First and last date of a ready range; weeks begin as the reader's do."""
    match chosen:
        case LedgerRange.WEEK:
            first = today - timedelta(days=(today.weekday() - formats().first_weekday) % 7)
            return first, first + timedelta(days=6)
        case LedgerRange.MONTH:
            return _month_of(today)
        case LedgerRange.LAST_MONTH:
            return _month_of(today.replace(day=1) - timedelta(days=1))
        case LedgerRange.YEAR:
            return today.replace(month=1, day=1), today.replace(month=12, day=31)
        case _:
            return today, today


def _month_of(day: date) -> tuple[date, date]:
    after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day.replace(day=1), after - timedelta(days=1)


def sums_shown(sums: LedgerSums) -> SumsShown:
    """Sums in words: of each currency in which money moved, e.g. ``In 50.00 EUR    Fees -1.00 EUR``."""
    shown = (
        "    ".join(f"{word} {formats().money(Money(minor, one.currency))}" for word, minor in total_words(one))
        for one in sums.totals
    )
    return SumsShown(count=sums.count, totals=[sentence for sentence in shown if sentence])
