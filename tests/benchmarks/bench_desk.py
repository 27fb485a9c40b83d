"""How long the desk waits, each figure beside its floor in the same run.

Start to the first painted week beside a bare PySide6 window, memory, change of week, and saving a booking; all with
50,000 bookings in the book. Run it with
``python tests/benchmarks/bench_desk.py``; it prints tables and takes a few minutes. ``--quick`` takes fewer runs.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import big_studio
from benchmarks.desk_floors import RawBook
from support.postgres import PostgresServer

from inkdesk.application.availability_service import AvailabilityService
from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.application.booking_service import BookingService
from inkdesk.application.payment_service import PaymentService
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from inkdesk.infrastructure.stripe_api.gateway import StripeGateway
from inkdesk.infrastructure.system_clock import SystemClock

WINDOW = Path(__file__).with_name("started_window.py")
TODAY = datetime.now(UTC).date()


def main() -> int:
    """Fill the books and print every table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer runs")
    is_quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory(prefix="inkdesk-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{(folder / 'big.db').as_posix()}"
        big = filled(url)
        print_start(folder, url, 5 if is_quick else 11)
        with postgres() as other:
            books = [(url, big), (other, filled(other))]
            print_saves(books, 20 if is_quick else 100)
    return 0


def filled(url: str) -> big_studio.BigStudio:
    """A full book in an empty database."""
    before = time.perf_counter()
    big = big_studio.fill(url, TODAY)
    print(
        f"{big_studio.BOOKINGS:,} bookings written to {url.partition(':')[0]} in {time.perf_counter() - before:.0f} s"
    )
    return big


@contextmanager
def postgres() -> Iterator[str]:
    """An empty PostgreSQL database that keeps its promises: unlike in the tests, a commit reaches the disk."""
    server = PostgresServer()
    try:
        server.execute("ALTER SYSTEM SET fsync = on", "ALTER SYSTEM SET full_page_writes = on")
        server.execute("SELECT pg_reload_conf()", "CREATE DATABASE big")
        yield server.url("big")
    finally:
        server.remove()


def median_ms(steps: Sequence[Callable[[], object]]) -> float:
    """Median milliseconds of the steps, the first one not counted."""
    taken = []
    for step in steps:
        before = time.perf_counter()
        step()
        taken.append((time.perf_counter() - before) * 1e3)
    return statistics.median(taken[1:])


# The window


def print_start(folder: Path, url: str, runs: int) -> None:
    """Start, memory and change of week; the two windows take turns, so that both meet the same machine."""
    environment = child_environment(folder)
    started(environment, "desk", "--database", url)  # compiles every module once, as an installation does
    bare, desk = [], []
    for _ in range(runs):
        bare.append(started(environment, "bare"))
        desk.append(started(environment, "desk", "--database", url))
    libraries = [alone(environment, "import sqlalchemy, PySide6.QtWidgets") for _ in range(runs)]
    print(f"\n{'':34}{'bare window':>12}{'libraries':>12}{'InkDesk':>12}{'times bare':>12}")
    figures = [middle(bare, "start_ms"), statistics.median(libraries), middle(desk, "start_ms")]
    print(
        f"{'start to first week, ms':34}"
        + "".join(f"{one:12.0f}" for one in figures)
        + f"{figures[2] / figures[0]:12.1f}"
    )
    memory = [middle(bare, "memory_mb"), middle(desk, "memory_mb")]
    print(f"{'memory with first week, MB':34}{memory[0]:12.0f}{'':12}{memory[1]:12.0f}{memory[1] / memory[0]:12.1f}")
    weeks = [week for one in desk for week in one["weeks"]]
    whole, query = (statistics.median(column) for column in zip(*weeks, strict=True))
    print(f"{'change of week, ms':34}{'':24}{whole:12.1f}   (its query alone {query:.1f}, {desk[0]['shown']} bookings)")
    print_imports(environment, url)


def child_environment(folder: Path) -> dict[str, str]:
    """A person's own computer: a home, compiled modules, and no settings of whoever runs the benchmark."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {
        **kept,
        "HOME": str(folder),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }


def started(environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    """Start one window and wait for its end; ``start_ms`` counts from before its process was made."""
    before = time.monotonic()
    command = [sys.executable, str(WINDOW), *arguments]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {**figures, "start_ms": (figures["painted_at"] - before) * 1e3}


def alone(environment: dict[str, str], code: str) -> float:
    """Milliseconds of a process that runs only ``code``."""
    before = time.monotonic()
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)
    return (time.monotonic() - before) * 1e3


def middle(runs: list[dict[str, Any]], name: str) -> float:
    """The median of one figure."""
    return float(statistics.median(run[name] for run in runs))


def print_imports(environment: dict[str, str], url: str) -> None:
    """Where the time of the imports before the first week goes, by library."""
    command = [sys.executable, "-X", "importtime", str(WINDOW), "desk", "--database", url]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    before_the_week = re.split(r"\n.*\bpsutil\b", done.stderr, maxsplit=1)[0]  # the window's report begins with it
    own_us: dict[str, int] = {}
    for line in re.finditer(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", before_the_week):
        parts = line[2].split(".")
        library = ".".join(parts[:2]) if parts[0] == "inkdesk" else parts[0]
        own_us[library] = own_us.get(library, 0) + int(line[1])
    longest = sorted(own_us.items(), key=lambda one: -one[1])[:12]
    print(f"imports before the first week, ms of {sum(own_us.values()) / 1e3:.0f}: ", end="")
    print(", ".join(f"{name} {us / 1e3:.0f}" for name, us in longest))


# Saves


def print_saves(books: list[tuple[str, big_studio.BigStudio]], runs: int) -> None:
    """Saving one booking, beside plain INSERTs of the rows that it stored."""
    print(f"\n{'save of a booking, ms':34}{'raw rows':>12}{'InkDesk':>12}{'times':>12}")
    for url, big in books:
        with opened(url) as database:
            starts = far_starts(database, big, 2 * (runs + 1))
            for choice in (DepositChoice.NONE, DepositChoice.LINK):
                raw = RawBook(url)
                measure_saves(database, raw, [command(big, *next(starts), choice) for _ in range(runs + 1)])
                raw.close()


def measure_saves(database: Database, raw: RawBook, commands: list[BookCommand]) -> None:
    """One line of the table."""
    service = booking_service(database)
    made: list[int] = []

    def book(one: BookCommand) -> None:
        made.append(service.book(one).booking.id)

    taken = median_ms([partial(book, one) for one in commands])
    floor = median_ms([partial(raw.write_copy, raw.stored_with(one)) for one in made])
    label = f"{database.kind}, deposit {commands[0].choice.value}"
    print(f"{label:34}{floor:12.2f}{taken:12.2f}{taken / floor:12.1f}", flush=True)


def command(big: big_studio.BigStudio, artist_id: int, starts_at: datetime, choice: DepositChoice) -> BookCommand:
    """A booking of a known client."""
    return BookCommand(
        request_key=f"{artist_id}-{starts_at.isoformat()}",
        artist_id=artist_id,
        service_id=big.seated.id,
        starts_at=starts_at,
        client=1,
        choice=choice,
    )


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database as the program opens it."""
    database = Database.open(url, who="benchmark", clock=SystemClock())
    try:
        yield database
    finally:
        database.close()


def booking_service(database: Database) -> BookingService:
    """The service with a gateway that is ready but never asked."""
    gateway = StripeGateway("rk_live_benchmark", Mode.LIVE)
    payments = PaymentService(database.write, database.read, lambda: gateway, SystemClock(), "http://127.0.0.1/")
    return BookingService(database.write, SystemClock(), payments, LibraryPhoneNumbers())


def far_starts(database: Database, big: big_studio.BigStudio, wanted: int) -> Iterator[tuple[int, datetime]]:
    """Free starts of artist after artist, no two in each other's way."""
    first = TODAY + timedelta(days=2)
    found = AvailabilityService(database.read, SystemClock()).slots(
        None, big.seated.id, first, first + timedelta(days=180)
    )
    places: dict[tuple[int, date], datetime] = {}
    for slot in found:
        places.setdefault((slot.artist_id, slot.starts_at.date()), slot.starts_at)
    if len(places) < wanted:
        raise RuntimeError(f"only {len(places)} free places")
    return iter([(artist_id, starts_at) for (artist_id, _), starts_at in places.items()])


if __name__ == "__main__":
    raise SystemExit(main())
