"""The ledger page: which dates, which lines, and their sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from inkdesk.application.background import Background
from inkdesk.application.calendar import LedgerLine
from inkdesk.application.changes import Changes
from inkdesk.application.services import Services
from inkdesk.application.text import formats, render
from inkdesk.domain.errors import InkDeskError, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import DeskTask, LedgerKind, PaymentMethod

_KINDS = {
    LedgerKind.ASKED: message("Asked"),
    LedgerKind.PAID: message("Paid"),
    LedgerKind.APPLIED: message("Applied"),
    LedgerKind.CREDITED: message("Credited"),
    LedgerKind.REFUNDED: message("Refunded"),
    LedgerKind.FORFEITED: message("Kept"),
    LedgerKind.ROLLED_OVER: message("Rolled over"),
}
_WHYS = {
    PaymentMethod.LINK.value: message("Link"),
    PaymentMethod.CASH.value: message("Cash"),
    PaymentMethod.TRANSFER.value: message("Transfer"),
    PaymentMethod.TERMINAL.value: message("Card terminal"),
}
"""The reasons that the program itself writes; any other was typed by a person."""


class LedgerRange(StrEnum):
    """Which dates are shown."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line as the table shows it; ``amount_minor`` is what the amount column sorts by."""

    booking_id: int
    cells: tuple[str, ...]
    amount_minor: int


@dataclass(frozen=True, slots=True)
class _Read:
    lines: Sequence[LedgerLine]
    tasks: Sequence[DeskTask]
    first: date
    last: date


class LedgerView(Protocol):
    """The page."""

    def show_dates(self, first: date, last: date) -> None:
        """Show which dates were read."""
        ...

    def show_rows(self, rows: Sequence[LedgerRow], totals: Sequence[tuple[str, str]], *, is_filtered: bool) -> None:
        """Show lines and their sums by kind."""
        ...

    def show_tasks(self, tasks: Sequence[DeskTask]) -> None:
        """Show what needs a person."""
        ...

    def show_error(self, error: InkDeskError) -> None:
        """Say why nothing can be shown."""
        ...


class LedgerPresenter:
    """Reads a range of the ledger and filters it as the desk types. The latest answer wins."""

    def __init__(self, view: LedgerView, services: Services, background: Background) -> None:
        self._view = view
        self._services = services
        self._background = background
        self._range = LedgerRange.WEEK
        self._free: tuple[date, date] | None = None
        self._typed = ""
        self._asked = 0
        self._lines: Sequence[LedgerLine] = ()

    def choose(self, chosen: LedgerRange) -> None:
        """Show one of the ready ranges."""
        self._range = chosen
        self.reload()

    def choose_dates(self, first: date, last: date) -> None:
        """Show any dates, both included."""
        self._range, self._free = LedgerRange.FREE, (first, last)
        if last < first:
            error = ValidationError(message("The last date lies before the first. Change one of them."))
            self._view.show_error(error)
            return
        self.reload()

    def filter(self, typed: str) -> None:
        """Keep only lines that hold every typed word, whatever its case."""
        self._typed = typed
        self._show()

    def follow(self, changes: Changes) -> None:
        """Read again if money, tasks or names may have changed."""
        if changes:
            self.reload()

    def reload(self) -> None:
        """Read the range and the open tasks."""
        self._asked += 1
        number = self._asked

        def done(found: _Read) -> None:
            if number == self._asked:
                self._lines = found.lines
                self._view.show_dates(found.first, found.last)
                self._view.show_tasks(found.tasks)
                self._show()

        self._background.read(self._read, done, self._view.show_error)

    def _read(self) -> _Read:
        studio = self._services.studio.find()
        now = self._services.clock.now()
        today = now.astimezone(studio.zone_info).date() if studio else now.date()
        first, last = self._free if self._range is LedgerRange.FREE and self._free else dates(self._range, today)
        queries = self._services.queries
        return _Read(queries.ledger(first, last), queries.open_tasks(), first, last)

    def _show(self) -> None:
        words = self._typed.casefold().split()
        kept = [(line, row) for line in self._lines if (row := to_row(line)) and _holds(row, words)]
        self._view.show_rows([row for _, row in kept], totals([line for line, _ in kept]), is_filtered=bool(words))


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
    """One line: when, what, client, artist, sitting, amount, who (and why)."""
    entry = line.entry
    why = render(_WHYS[entry.why]) if entry.why in _WHYS else entry.why
    who = " · ".join(part for part in (entry.who, why) if part)
    cells = (
        formats().moment(entry.at),
        render(_KINDS[entry.kind]),
        line.client_name,
        line.artist_name,
        f"{line.service_name}, {formats().moment(line.starts_at)}",
        formats().money(entry.amount),
        who,
    )
    return LedgerRow(entry.booking_id, cells, entry.amount.amount_minor)


def totals(lines: Sequence[LedgerLine]) -> list[tuple[str, str]]:
    """(kind, sum) of each kind that occurs, in the order money moves."""
    sums: dict[tuple[LedgerKind, str], int] = {}
    for line in lines:
        key = (line.entry.kind, line.entry.amount.currency)
        sums[key] = sums.get(key, 0) + line.entry.amount.amount_minor
    return [
        (render(_KINDS[kind]), formats().money(Money(minor, currency)))
        for kind in LedgerKind
        for (found, currency), minor in sums.items()
        if found is kind
    ]


def _holds(row: LedgerRow, words: Sequence[str]) -> bool:
    text = " ".join(row.cells).casefold()
    return all(word in text for word in words)
