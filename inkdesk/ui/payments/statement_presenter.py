"""The statement of a month: which month, how far it is, what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Protocol

from inkdesk.application.background import Background
from inkdesk.application.progress import Progress
from inkdesk.application.services import Services
from inkdesk.application.statement_service import AccountChoice, Statement
from inkdesk.application.statement_table import (
    StatementLine,
    difference_words,
    movement_words,
    statement_lines,
    statement_table,
    total_words,
)
from inkdesk.application.tables_out import WriteTable
from inkdesk.application.text import formats, ntr, tr
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.money import Money

MONTHS: Final = 36
"""How many months back a statement can be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementChoices:
    """What can be chosen: months, the newest first, and accounts, the studio's first."""

    months: Sequence[date]
    accounts: Sequence[AccountChoice]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementShown:
    """A statement in words; ``rows`` are the lines' cells in the same order."""

    statement: Statement
    sentence: str
    agrees: bool
    lines: Sequence[StatementLine]
    rows: Sequence[tuple[str, ...]]
    totals: Sequence[str]


class StatementView(Protocol):
    """The dialog."""

    def show_choices(self, choices: StatementChoices) -> None:
        """Offer months and accounts."""
        ...

    def show_progress(self, progress: Progress, words: str) -> None:
        """Show how far the work is."""
        ...

    def show_statement(self, shown: StatementShown) -> None:
        """Show what was found."""
        ...

    def show_end(self, sentence: str) -> None:
        """The work is over without a statement, or a file is written."""
        ...

    def show_error(self, error: InkDeskError) -> None:
        """Say why nothing can be shown."""
        ...


class StatementPresenter:
    """Asks for one statement at a time; ``close`` stops whatever runs."""

    def __init__(
        self, view: StatementView, services: Services, background: Background, write_table: WriteTable
    ) -> None:
        self._view = view
        self._services = services
        self._background = background
        self._write_table = write_table
        self._progress = Progress()
        self._shown: StatementShown | None = None

    def begin(self) -> None:
        """Find out what can be chosen."""
        self._background.read(self._choices, self._view.show_choices, self._view.show_error)

    def compare(self, month: date, account: str) -> None:
        """Lay a month beside Stripe's account of it."""
        progress = self._start(tr("Asking Stripe…"))
        statements = self._services.statements

        def work() -> StatementShown | None:
            found = statements.month(month, progress, account)
            return None if found is None else in_words(found)

        def done(shown: StatementShown | None) -> None:
            if shown is None:
                self._view.show_end(tr("The comparison was stopped."))
                return
            self._shown = shown
            self._view.show_statement(shown)

        self._background.call(work, done, self._view.show_error)

    def export(self, path: Path) -> None:
        """Write what is shown to a file of the kind that its name says."""
        shown = self._shown
        if shown is None:
            return
        progress = self._start(tr("Writing the file…"))

        def work() -> bool:
            return self._write_table(path, statement_table(shown.statement, shown.lines), progress)

        def done(is_whole: bool) -> None:  # noqa: FBT001 - an answer
            written = tr("{file} was written.", file=path.name)
            self._view.show_end(written if is_whole else tr("The export was stopped. No file was written."))

        self._background.read(work, done, self._view.show_error)

    def close(self) -> None:
        """Nobody waits for an answer any more."""
        self._progress.stop()

    def _start(self, words: str) -> Progress:
        self._progress = Progress()
        self._view.show_progress(self._progress, words)
        return self._progress

    def _choices(self) -> StatementChoices:
        with self._services.read() as uow:
            zone = uow.studio.get().zone_info
        this_month = self._services.clock.now().astimezone(zone).date().replace(day=1)
        return StatementChoices(months=months_back(this_month), accounts=self._services.statements.accounts())


def months_back(first: date) -> list[date]:
    """The month that begins on ``first`` and those before it, the newest first."""
    months = [first]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


def in_words(statement: Statement) -> StatementShown:
    """A statement as it is read."""
    lines, count = statement_lines(statement), len(statement.differences)
    month = formats().month(statement.month)
    return StatementShown(
        statement=statement,
        sentence=ntr(
            "{n} difference between InkDesk and Stripe in {month}.",
            "{n} differences between InkDesk and Stripe in {month}.",
            count,
            month=month,
        )
        if count
        else tr("InkDesk and Stripe agree on {month}.", month=month),
        agrees=not count,
        lines=lines,
        rows=[_cells(line) for line in lines],
        totals=[
            "    ".join(f"{word} {formats().money(Money(minor, sums.currency))}" for word, minor in total_words(sums))
            for sums in statement.totals
        ],
    )


def _cells(line: StatementLine) -> tuple[str, ...]:
    return (
        difference_words(line.difference),
        formats().moment(line.at),
        movement_words(line),
        line.client_name,
        _money(line.here),
        _money(line.there),
        _money(line.fee_here),
        _money(line.fee_there),
        line.source_id,
    )


def _money(amount: Money | None) -> str:
    return "" if amount is None else formats().money(amount)
