"""How long the ledger takes to open with 1,000 and 100,000 lines in the dates asked for, beside the driver alone.

The floor is one page of the same lines and their sums by two plain statements of the driver. ``first lines`` is what
the page waits for before it shows anything; the sums follow in another thread. Run it with
``python tests/benchmarks/bench_ledger.py``, or with a PostgreSQL URL of an empty database behind it; it prints
milliseconds: median, 95th percentile, worst.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import big_studio
from benchmarks.bench_search import print_row, times_ms
from benchmarks.desk_floors import RawBook
from support.clock import StandingClock

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from inkdesk.application.ledger_view import LedgerFilter
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.rows import instants
from inkdesk.ui.common.cells_table import CellsTable
from inkdesk.ui.payments.ledger_reader import PAGE, LedgerReader
from inkdesk.ui.payments.model import LedgerModel

AROUND = date(2026, 11, 24)
BOOKINGS = 65_000
"""Of which every one has a line of what was paid, and those before ``AROUND`` one of what it became."""
SIZES = (1_000, 100_000)
TIMES, FEW = 30, 3
_LINES = (
    "SELECT e.*, c.name, a.name, s.name, b.starts_at, b.status, p.method, p.status, p.currency, p.fee_minor,"
    " p.net_minor, p.fee_currency FROM ledger_entry e JOIN booking b ON b.id = e.booking_id"
    " JOIN client c ON c.id = b.client_id JOIN artist a ON a.id = b.artist_id JOIN service s ON s.id = b.service_id"
    " LEFT JOIN payment p ON p.id = e.payment_id"
    " WHERE e.studio_id = 1 AND e.at >= ? AND e.at < ? ORDER BY e.at DESC, e.id DESC LIMIT ?"
)
_SUMS = (
    "SELECT kind, currency, count(*), sum(amount_minor) FROM ledger_entry"
    " WHERE studio_id = 1 AND at >= ? AND at < ? GROUP BY kind, currency"
)
_REASONS = "SELECT DISTINCT who, why FROM ledger_entry WHERE studio_id = 1 AND at >= ? AND at < ?"


@dataclass(frozen=True, slots=True)
class Bench:
    """One book, seen by the program and by the driver."""

    database: Database
    raw: RawBook
    model: LedgerModel

    def works(self, wanted: LedgerFilter) -> list[tuple[str, int, Callable[[], object]]]:
        """What is timed: name, how often, the work."""
        within = instants(ZoneInfo("Europe/Paris"), wanted.first, wanted.last)
        span = self.raw.instant(within.start_s), self.raw.instant(within.end_s)
        queries = self.database.queries
        plain, typed, amount = (
            LedgerReader(queries, wanted, words, lambda: False) for words in ("", "nobody at all", "1234567.89")
        )
        return [
            ("floor: a page by the driver", TIMES, partial(self.raw.rows, _LINES, *span, PAGE)),
            ("floor: the sums by the driver", TIMES, partial(self.raw.rows, _SUMS, *span)),
            ("first lines", TIMES, plain.part),
            ("first lines, painted", TIMES, partial(self.paint, plain)),
            ("the next lines", TIMES, partial(plain.part, plain.part().end)),
            ("the sums", TIMES, partial(queries.ledger_sums, wanted)),
            ("whose lines there are", FEW, partial(queries.ledger_names, wanted.first, wanted.last)),
            ("floor: names and reasons by the driver", FEW, partial(self.looked_for, span)),
            ("typed words that nothing fits", FEW, typed.part),
            ("a typed amount that nothing fits", FEW, amount.part),
            ("all lines, for a file", FEW, plain.lines),
        ]

    def looked_for(self, span: tuple[object, object]) -> None:
        """Read what typed words are looked for in, and nothing else."""
        for table in ("client", "artist", "service"):
            self.raw.rows(f"SELECT id, name FROM {table} WHERE studio_id = 1")
        self.raw.rows(_REASONS, *span)

    def paint(self, reader: LedgerReader) -> None:
        """Read the first lines and show them as the page does."""
        first = reader.part()
        self.model.show_rows(first.rows, has_more=first.has_more)
        QApplication.processEvents()


def a_range(database: Database, size: int) -> LedgerFilter:
    """The latest dates that hold about so many lines."""
    last, days = AROUND + timedelta(days=500), 1
    while True:
        wanted = LedgerFilter(first=last - timedelta(days=days), last=last)
        if database.queries.ledger_sums(wanted).count >= size:
            return wanted
        days += 1 + days // 50


def main() -> None:
    """Fill a studio, open its ledger, print."""
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'big.db'}"
        big_studio.fill(url, AROUND, bookings=BOOKINGS)
        database = Database.open(url, who="bench", clock=StandingClock())
        app, model = QApplication(sys.argv[:1]), LedgerModel()
        table = CellsTable(model, "Ledger")
        table.resize(1100, 700)
        table.show()
        bench = Bench(database, RawBook(url), model)
        for size in SIZES:
            wanted = a_range(database, size)
            count = database.queries.ledger_sums(wanted).count
            print(f"load average {os.getloadavg()[0]:.1f}")
            print(f"{f'{count:,} lines, ms':36}{'median':>9}{'p95':>9}{'worst':>9}{'times':>8}")
            for name, times, work in bench.works(wanted):
                work()
                print_row(name, times_ms([work] * times))
        table.close()
        app.quit()
        bench.raw.close()
        database.close()


if __name__ == "__main__":
    main()
