"""What asking Stripe costs, in simulated time against the practice server's own counter of reads.

Reads of a month for a typical and a busy studio, beside the allowance and beside asking for each hold every five
seconds; how soon a payment is seen; the sweep of many open attempts; how late the window's thread is meanwhile. Each
figure stands beside the floor it must keep. Run it with ``python tests/benchmarks/bench_poller.py`` (a few minutes):
days are simulated and taken for the month, ``--whole`` simulates all thirty (half an hour). The monitor's and the
services' own code runs; only its waits are skipped, and so a look itself takes no time.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from support.book import fill
from support.clock import StandingClock
from support.payment_desk import PaymentDesk
from support.poller_desk import a_poller

from inkdesk.application.cadence import next_wait_s
from inkdesk.application.payment_service import PaymentService
from inkdesk.application.poll_state import allowance_of
from inkdesk.application.poller_service import PollerService
from inkdesk.application.reconcile_service import ReconcileService
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.stripe_api.gateway import StripeGateway
from inkdesk.infrastructure.system_clock import SystemClock
from inkdesk.practice import PracticeServer
from inkdesk.practice.checkout import create
from inkdesk.workers.payment_monitor import PaymentMonitor, _Memory

MONTH = 30
OPEN_S = 10 * 3600
NAIVE_S = 5
DEADLINE_S = 1800
SPENT_AT_MOST = 0.6
SEEN_WITHIN_S = 5.0
SWEPT_WITH = 300
"""Reads for 10,000 attempts: calls that grow by hundreds."""
LATE_AT_MOST_MS = 10.0
THREE_MINUTES_S = 180
FIRST_SITTING = datetime(2027, 2, 1, 8, 0, tzinfo=UTC)


@dataclass
class Client:
    """One deposit of the day, in seconds after opening: ``paid_s`` None = never; ``watched_s``: the dialog is open."""

    asked_s: int
    paid_s: int | None
    watched_s: int
    booking_id: int = 0
    session_id: str = ""


@dataclass
class Figures:
    """What the simulated days brought; ``seen_after_s`` with how long the dialog had been open at the payment."""

    looks: int = 0
    naive: int = 0
    seen_after_s: list[tuple[float, int]] = field(default_factory=list)
    per_day: list[int] = field(default_factory=list)


def main() -> int:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--whole", action="store_true", help="simulate every day of the month")
    options = parser.parse_args()
    print_months(whole=options.whole)
    print_sweeps((300, 10_000), expired=10_000 if options.whole else 300)
    print_lateness()
    return 0


# A month


def print_months(*, whole: bool) -> None:
    """Reads of both studios, and how soon their payments were seen."""
    print(f"{'':38}{'days':>5}{'reads':>8}{'allowance':>11}{'spent':>8}{'naive':>9}{'naive spent':>13}   floor")
    seen: list[tuple[float, int]] = []
    for name, deposits, days in (("typical: 20 deposits a month", 20, 6), ("busy: 400 deposits a month", 400, 2)):
        simulated = MONTH if whole else days
        figures = simulate(deposits, simulated)
        scale, allowance = MONTH / simulated, allowance_of(deposits)
        reads, naive = (round(count * scale) for count in (sum(figures.per_day), figures.naive))
        print(
            f"{name + ', reads a month':38.38}{simulated:5}{reads:8,}{allowance:11,}{reads / allowance:8.1%}"
            f"{naive:9,}{naive / allowance:13.1%}   {kept(reads / allowance, SPENT_AT_MOST)} under {SPENT_AT_MOST:.0%}"
        )
        seen += figures.seen_after_s
    print(f"\n{'payment seen with the dialog open, s':38}{'count':>6}{'median':>8}{'p95':>8}{'worst':>8}   floor")
    print_seen("all", [after for after, _ in seen])
    print_seen("dialog open for more than 3 minutes", [after for after, open_s in seen if open_s > THREE_MINUTES_S])


def print_seen(title: str, after_s: Sequence[float]) -> None:
    """One line."""
    p95 = percentile(after_s, 95)
    print(
        f"{title:38}{len(after_s):6}{statistics.median(after_s):8.1f}{p95:8.1f}{max(after_s):8.1f}"
        f"   {kept(p95, SEEN_WITHIN_S)} p95 within {SEEN_WITHIN_S:.0f} s"
    )


def kept(figure: float, floor: float) -> str:
    """Whether a figure keeps its floor."""
    return "kept:" if figure <= floor else "MISSED:"


def simulate(deposits: int, days: int) -> Figures:
    """So many days of a studio in which ``deposits`` are asked for in a month."""
    dice, figures = random.Random(deposits), Figures()
    share, owed = deposits / MONTH, 0.5
    with tempfile.TemporaryDirectory(prefix="inkdesk-bench-") as name, PracticeServer() as server:
        clock = StandingClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
        database = Database.open(f"sqlite:///{name}/month.db", who="Desk 1", clock=clock)
        desk = PaymentDesk.open(server, database, clock)
        for day in range(days):
            owed += share
            clients = [a_client(dice) for _ in range(int(owed))]
            owed -= len(clients)
            before = server.reads.count()
            run_day(desk, sorted(clients, key=lambda one: one.asked_s), day, figures)
            figures.per_day.append(server.reads.count() - before)
        desk.close()
        database.close()
    return figures


def a_client(dice: random.Random) -> Client:
    """Most pay at the desk within minutes, some take long, some pay later by the link they were sent, some never.

    Of those some leave the dialog open until the hold is over.
    """
    asked, fate = dice.randrange(0, OPEN_S - 2400), dice.random()
    if fate < 0.75:
        paid = asked + (dice.randrange(30, 240) if fate < 0.55 else dice.randrange(240, 1700))
        return Client(asked, paid, paid + 30 - asked)
    if fate < 0.9:
        return Client(asked, asked + dice.randrange(300, 1500), 60)
    return Client(asked, None, 60 if fate < 0.95 else DEADLINE_S)


def run_day(desk: PaymentDesk, clients: Sequence[Client], day: int, figures: Figures) -> None:
    """One program's run from opening to closing, and the night."""
    poller = a_poller(desk, f"day {day}")
    monitor = PaymentMonitor(poller.look, desk.clock, monotonic=desk.monotonic)
    memory, sweep, opened = _Memory(), True, desk.monotonic.at
    acts = day_of(desk, clients, monitor, day)
    while desk.monotonic.at - opened < OPEN_S:
        monitor._look_once(memory, sweep=sweep)
        figures.looks += 1
        note_seen(memory.result.paid, clients, desk.monotonic.at - opened, figures)
        until = desk.monotonic.at + max(1.0, float(round(next_wait_s(monitor._pace(memory)))))
        memory.wait_s = until - desk.monotonic.at
        while acts and opened + acts[0][0] <= until and not monitor._wishes.is_asked:
            at, act = acts.pop(0)
            desk.pass_time(seconds=opened + at - desk.monotonic.at)
            act()
        if not monitor._wishes.is_asked:
            desk.pass_time(seconds=until - desk.monotonic.at)
        monitor._wishes.is_asked = False
        sweep = monitor._is_sweep_due(memory)
    poller.leave()
    figures.naive += sum(min((one.paid_s or OPEN_S) - one.asked_s, DEADLINE_S) // NAIVE_S for one in clients)
    desk.pass_time(seconds=24 * 3600 - OPEN_S)


def day_of(
    desk: PaymentDesk, clients: Sequence[Client], monitor: PaymentMonitor, day: int
) -> list[tuple[int, Callable[[], object]]]:
    """What people do, by seconds after opening."""
    acts: list[tuple[int, Callable[[], object]]] = []
    for number, one in enumerate(clients):
        starts_at = FIRST_SITTING + timedelta(days=7 * day, hours=4 * number)

        def ask(one: Client = one, starts_at: datetime = starts_at) -> None:
            one.booking_id, one.session_id = desk.held_link(starts_at)
            monitor.watch(one.booking_id)

        def pay(one: Client = one) -> None:
            desk.server.pay(one.session_id)

        def close(one: Client = one) -> None:
            monitor.unwatch(one.booking_id)

        acts.append((one.asked_s, ask))
        acts.append((one.asked_s + one.watched_s, close))
        if one.paid_s is not None:
            acts.append((one.paid_s, pay))
    return sorted(acts, key=lambda act: act[0])


def note_seen(paid: Sequence[int], clients: Sequence[Client], now_s: float, figures: Figures) -> None:
    """How long a payment in front of the dialog took to be seen."""
    for one in clients:
        if one.booking_id in paid and one.paid_s is not None and one.paid_s <= one.asked_s + one.watched_s:
            figures.seen_after_s.append((now_s - one.paid_s, one.paid_s - one.asked_s))


def percentile(values: Sequence[float], share: int) -> float:
    """The value that ``share`` percent do not exceed."""
    return sorted(values)[min(len(values) - 1, round(len(values) * share / 100))]


# Many open attempts


def print_sweeps(counts: Sequence[int], expired: int) -> None:
    """Reads to find out how many attempts stand: all payable; then, of so many, all expired."""
    print(f"\n{'sweep of open attempts':38}{'reads':>8}{'seconds':>10}   floor")
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="inkdesk-bench-") as name, PracticeServer() as server:
            clock = StandingClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
            database = Database.open(f"sqlite:///{name}/many.db", who="Desk 1", clock=clock)
            desk = PaymentDesk.open(server, database, clock)
            fill_with_links(desk, count)
            print_sweep(desk, f"{count:,}, all still open")
            if count <= expired:
                desk.pass_time(hours=25)
                print_sweep(desk, f"{count:,}, all expired over night")
            desk.close()
            database.close()


def fill_with_links(desk: PaymentDesk, count: int) -> None:
    """Holds with open links like the first, written to both books directly: an hour of calls otherwise."""
    with desk.database.write() as uow:
        uow.studio.save(replace(uow.studio.get(), hold_s=24 * 3600 - 600))
        uow.commit()
    booking, payment = desk.hold(FIRST_SITTING, blocks=False, minutes=24 * 60)
    params, accounts = json.loads(payment.params), desk.server._bank.books[desk.server.account_id]
    desk.payments.open_link(payment.id)
    with desk.database._engine.begin() as connection:
        held = dict(connection.execute(t.booking.select().where(t.booking.c.id == booking.id)).one()._mapping)
        paid = dict(connection.execute(t.payment.select().where(t.payment.c.id == payment.id)).one()._mapping)
        bookings, payments = [], []
        for number in range(1, count):
            new_id, session = held["id"] + number, create(accounts, params, desk.server.url)
            bookings.append({**held, "id": new_id, "request_key": f"many-{number}"})
            link = {"id": paid["id"] + number, "booking_id": new_id, "idempotency_key": f"many-{number}"}
            payments.append({**paid, **link, "session_id": session["id"], "url": session["url"]})
        connection.execute(t.booking.insert(), bookings)
        connection.execute(t.payment.insert(), payments)


def print_sweep(desk: PaymentDesk, title: str) -> None:
    """One sweep."""
    before, began = desk.server.reads.count(), time.perf_counter()
    desk.look(sweep=True)
    reads, took_s = desk.server.reads.count() - before, time.perf_counter() - began
    print(f"{title:38}{reads:8,}{took_s:10.1f}   {kept(reads, SWEPT_WITH)} at most {SWEPT_WITH} reads")


# The window


class Ticker(QObject):
    """Measures how late a timer of 10 ms is."""

    STEP_MS = 10

    def __init__(self) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=self.STEP_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin now."""
        self._last = time.perf_counter()
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late_ms.append(max(0.0, (now - self._last) * 1e3 - self.STEP_MS))
        self._last = now


def print_lateness() -> None:
    """The event loop alone, and beside a monitor that sweeps without a pause: far more than it ever does."""
    app = QCoreApplication.instance() or QCoreApplication([])
    print(f"\nload average {os.getloadavg()[0]:.1f}")
    print(f"{'a timer of 10 ms is late by, ms':38}{'median':>8}{'p95':>8}{'worst':>8}   floor")
    print_ticks("the event loop alone", ticks(app, 4))
    with tempfile.TemporaryDirectory(prefix="inkdesk-bench-") as name, practice_process() as (url, key):
        clock = SystemClock()
        database = Database.open(f"sqlite:///{name}/window.db", who="Desk 1", clock=clock)
        fill(database)
        gateway = StripeGateway(key, Mode.PRACTICE, base_url=url)
        payments = PaymentService(database.write, database.read, lambda: gateway, clock, f"{url}/c/paid")
        poller = real_poller(database, payments, clock)
        monitor = PaymentMonitor(poller.look, clock, beat=poller.beat, renew=poller.renew, leave=poller.leave)
        looks: list[object] = []
        monitor.looked.connect(looks.append)
        monitor.looked.connect(lambda _: monitor.look_now(sweep=True))
        monitor.start()
        late = ticks(app, 6)
        monitor.stop()
        print_ticks(f"while the monitor looks {len(looks) / 6:.0f} times a s", late)
        gateway.close()
        database.close()


def real_poller(database: Database, payments: PaymentService, clock: SystemClock) -> PollerService:
    """As the program makes it."""
    return PollerService(
        database.read,
        database.write,
        "bench",
        desk=ReconcileService(payments, database.write, database.read, clock),
        make=lambda write, pulse: ReconcileService(payments, write, database.read, clock, pulse=pulse),
        check_ready=lambda: None,
    )


def ticks(app: QCoreApplication, seconds: int) -> list[float]:
    """How late each tick was."""
    ticker = Ticker()
    ticker.start()
    QTimer.singleShot(seconds * 1000, app, app.quit)
    app.exec()
    ticker._timer.stop()
    return ticker.late_ms[10:]


def print_ticks(title: str, late_ms: Sequence[float]) -> None:
    """One line."""
    p95 = percentile(late_ms, 95)
    print(
        f"{title:38}{statistics.median(late_ms):8.2f}{p95:8.2f}{max(late_ms):8.2f}"
        f"   {kept(p95, LATE_AT_MOST_MS)} p95 under {LATE_AT_MOST_MS:.0f} ms"
    )


@contextmanager
def practice_process() -> Iterator[tuple[str, str]]:
    """The practice Stripe in a process of its own, as far away as the real one: its URL and key."""
    with subprocess.Popen(
        [sys.executable, "-m", "inkdesk.practice", "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdout is None:
            raise RuntimeError("no output")
        url, key = process.stdout.readline().split()[:2]
        try:
            yield url, key
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main())
