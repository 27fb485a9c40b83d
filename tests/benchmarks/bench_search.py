"""How long the answer to a typed key takes with 20,000 clients and 50,000 bookings, beside one plain indexed read.

Names and numbers are typed sign by sign, as at the desk; each prefix is one search. Run it with
``python tests/benchmarks/bench_search.py``; it prints milliseconds: median, 95th percentile, worst.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import big_studio
from support.clock import StandingClock

from inkdesk.infrastructure.db.database import Database

AROUND = date(2026, 11, 24)
TYPED = 40
"""How many clients are looked up, each by name and by number."""


def times_ms(works: Sequence[Callable[[], object]]) -> list[float]:
    """Each call's wall time."""
    taken = []
    for work in works:
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken)


def print_row(name: str, taken: Sequence[float]) -> None:
    """Median, 95th percentile and worst of sorted times."""
    p95 = taken[int(len(taken) * 0.95)]
    print(f"{name:36}{statistics.median(taken):9.2f}{p95:9.2f}{taken[-1]:9.2f}{len(taken):8}")


def main() -> None:
    """Fill a studio, type, print."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'big.db'}"
        big_studio.fill(url, AROUND)
        database = Database.open(url, who="bench", clock=StandingClock())
        with database.read() as uow:
            clients = [uow.clients.get(1 + n * big_studio.CLIENTS // TYPED) for n in range(TYPED)]
            floor = times_ms([partial(uow.clients.get, client.id) for client in clients * 10])
        find = database.queries.find_clients
        names = [client.name[:end] for client in clients for end in range(1, len(client.name) + 1)]
        numbers = [client.phone[-9:][:end] for client in clients for end in range(1, 10)]
        find("a")
        print(f"{'a key, ms':36}{'median':>9}{'p95':>9}{'worst':>9}{'keys':>8}")
        print_row("floor: one client by its id", floor)
        print_row("a sign of a name", times_ms([partial(find, typed) for typed in names]))
        print_row("a digit of a number", times_ms([partial(find, typed) for typed in numbers]))
        database.close()


if __name__ == "__main__":
    main()
