"""Reading the ledger part by part, in the words that it is shown and filtered in; runs off the window's thread."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from inkdesk.application.calendar import BookQueries, LedgerLine
from inkdesk.application.ledger_view import LedgerFilter, LedgerPlace, LedgerSums, place_of, signed, sums_of
from inkdesk.application.ledger_words import kind_words, who_and_why
from inkdesk.application.text import formats
from inkdesk.domain.payments import COLLECTED

PAGE: Final = 200
"""How many lines are shown before anybody scrolls."""
CHUNK: Final = 2000
"""How many lines are read at once where all of them are looked through."""

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_LONGER_THAN_A_SIGN: Final = 5
"""Signs of currencies such as FCFA have fewer letters."""
_A_LEAP_YEAR: Final = datetime(2024, 1, 1, tzinfo=UTC)
"""Whose dates show every name of a month and of a weekday."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line as the table shows it; ``receipt_of`` is the payment that a receipt can be made of."""

    line: LedgerLine
    cells: tuple[str, ...]
    receipt_of: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPart:
    """Rows that follow each other; ``has_more`` says whether others stand behind them."""

    rows: Sequence[LedgerRow]
    has_more: bool

    @property
    def end(self) -> LedgerPlace | None:
        """Where the next part begins, None behind no row."""
        return place_of(self.rows[-1].line) if self.rows else None


@dataclass(frozen=True, slots=True)
class LedgerReader:
    """The lines that fit ``wanted`` and hold every typed word, whatever its case.

    Reading ends early, with less than there is, once ``is_over`` says that nobody waits any more.
    """

    queries: BookQueries
    wanted: LedgerFilter
    typed: str
    is_over: Callable[[], bool]

    def part(self, after: LedgerPlace | None = None, limit: int = PAGE) -> LedgerPart:
        """The next rows behind a place."""
        rows = list(islice(self._rows(after, limit + 1), limit + 1))
        return LedgerPart(rows=rows[:limit], has_more=len(rows) > limit)

    def sums(self, first: LedgerPart) -> LedgerSums:
        """What all rows come to, ``first`` being the first of them: typed words are looked for line by line."""
        shown = sums_of([row.line for row in first.rows])
        if not first.has_more:
            return shown
        if not self.typed.split():
            return self.queries.ledger_sums(self.wanted)
        for lines in self._chunks(first.end):
            shown += sums_of(lines)
        return shown

    def lines(self) -> list[LedgerLine]:
        """All that fits, newest first."""
        return [line for lines in self._chunks(None) for line in lines]

    def _chunks(self, after: LedgerPlace | None) -> Iterator[list[LedgerLine]]:
        for lines in self._read(after, CHUNK):
            yield [line for line in lines if self._fits(line)]

    def _rows(self, after: LedgerPlace | None, size: int) -> Iterator[LedgerRow]:
        for lines in self._read(after, size):
            yield from (to_row(line) for line in lines if self._fits(line))

    def _read(self, after: LedgerPlace | None, size: int) -> Iterator[list[LedgerLine]]:
        """Everything behind a place that may fit what was typed; the later parts are larger ones."""
        wanted = replace(self.wanted, words=name_words(self.typed))
        while not self.is_over():
            lines = self.queries.ledger(wanted, after, size)
            yield lines
            if len(lines) < size:
                return
            after, size = place_of(lines[-1]), CHUNK

    def _fits(self, line: LedgerLine) -> bool:
        words = self.typed.casefold().split()
        if not words:
            return True
        text = " ".join(cells_of(line)).casefold()
        return all(word in text for word in words)


def name_words(typed: str) -> tuple[str, ...]:
    """Parts of the typed words that only a name, a reason or what happened can hold: no date and no amount has them.

    For these the database reads no other lines; short ones may be of a currency.
    """
    parts = [part for part in _LETTERS.findall(typed.casefold()) if len(part) >= _LONGER_THAN_A_SIGN]
    if not parts:
        return ()
    dates = " ".join(formats().moment(_A_LEAP_YEAR + timedelta(hours=36 * number)) for number in range(244)).casefold()
    return tuple(part for part in parts if part not in dates)


def to_row(line: LedgerLine) -> LedgerRow:
    """One line as the table shows it."""
    has_money = line.payment_status in COLLECTED
    return LedgerRow(line, cells_of(line), line.entry.payment_id if has_money else None)


def cells_of(line: LedgerLine) -> tuple[str, ...]:
    """One line: when, what, client, artist, sitting, amount, fee, who (and why)."""
    entry = line.entry
    return (
        formats().moment(entry.at),
        kind_words(entry.kind),
        line.client_name,
        line.artist_name,
        f"{line.service_name}, {formats().moment(line.starts_at)}",
        formats().money(signed(entry)),
        formats().money(line.fee) if line.fee is not None else "",
        who_and_why(entry),
    )
