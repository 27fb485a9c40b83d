"""Free slots from the database to the list, beside the floor, ``rrule`` and a plain loop in the same run.

One artist and ten, four weeks and a year, at 6, 20 and 60 bookings a day, on both engines; then 20 artists for a month
with 100,000 bookings in the book. Times are medians in microseconds an artist-day; *compute* is InkDesk without the
database. Run it with ``python tests/benchmarks/bench_slots.py``; ``--quick`` takes fewer runs.
"""

import argparse
import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import big_studio
from benchmarks.bench_desk import opened, postgres
from benchmarks.desk_floors import RawBook
from benchmarks.slot_floors import Found, Question, answered, by_loop, by_rrule, by_sweep

from inkdesk.application.availability_service import AvailabilityService, date_span, named, search
from inkdesk.application.picture import Picture
from inkdesk.domain.artists import Artist, Leave
from inkdesk.domain.catalogue import Service
from inkdesk.domain.hours import WallSpan, every_week
from inkdesk.domain.money import Money
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.spans import to_seconds_up
from inkdesk.domain.studio import Mode, Studio
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.addresses import parse_address
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.engines import make_engine, open_connection
from inkdesk.infrastructure.system_clock import SystemClock

ARTISTS = 10
FIRST = datetime.now(UTC).date() + timedelta(days=2)
YEAR = 365
OPENS_MIN, CLOSES_MIN = 540, 1260
SHAPES = ((1, 28), (10, 28), (10, YEAR))
DENSITIES = (6, 20, 60)
SLOWEST_S = 1.5
"""A way that takes longer than this is left out."""
IN_A_TURN = 4


@dataclass(frozen=True)
class FullStudio:
    """A studio whose artists have so many bookings a day, in three of four places of every day."""

    bookings_a_day: int
    studio: Studio
    artists: tuple[Artist, ...]
    service: Service

    def question(self, artists: int, days: int) -> Question:
        """Free starts of the first so many artists."""
        last = FIRST + timedelta(days=days - 1)
        return Question(self.studio, self.artists[:artists], self.service.sitting, FIRST, last)


def main() -> int:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer runs")
    runs = 5 if parser.parse_args().quick else 15
    with tempfile.TemporaryDirectory(prefix="inkdesk-bench-") as name:
        files = {n: f"sqlite:///{(Path(name) / f'{n}.db').as_posix()}" for n in DENSITIES}
        print_densities("sqlite", files, runs)
        for bookings_a_day in DENSITIES:
            with postgres() as server:
                print_densities("postgresql", {bookings_a_day: server}, runs)
        print_month(f"sqlite:///{(Path(name) / 'month.db').as_posix()}", runs)
    with postgres() as server:
        print_month(server, runs)
    return 0


def print_densities(kind: str, urls: dict[int, str], runs: int) -> None:
    """One table: a line for each shape and density."""
    title = f"{kind}, us an artist-day"
    columns = ("floor", "InkDesk", "times", "compute", "rrule", "loop", "slots")
    print(f"\n{title:30}" + "".join(f"{one:>10}" for one in columns), flush=True)
    for bookings_a_day, url in urls.items():
        full = filled(url, bookings_a_day)
        raw = RawBook(url)
        with opened(url) as database:
            for artists, days in SHAPES:
                print_shape(database, raw, full, artists, days, runs)
        raw.close()


def print_shape(database: Database, raw: RawBook, full: FullStudio, artists: int, days: int, runs: int) -> None:
    """One line; the ways take turns, so that all meet the same machine."""
    asked = full.question(artists, days)
    service = AvailabilityService(database.read, SystemClock())
    who = asked.artists[0].id if artists == 1 else None

    def inkdesk() -> Found:
        return [(slot.starts_at, slot.artist_id) for slot in service.slots(who, full.service.id, FIRST, asked.last)]

    expected = answered(raw, asked, by_sweep)
    ways: dict[str, Callable[[], object]] = {
        "floor": lambda: answered(raw, asked, by_sweep),
        "InkDesk": lambda: service.slots(who, full.service.id, FIRST, asked.last),
        "compute": computing(database, full, asked),
    }
    if days < YEAR:
        ways["rrule"] = lambda: answered(raw, asked, by_rrule)
        if artists == 1 or full.bookings_a_day < 60:
            ways["loop"] = lambda: answered(raw, asked, by_loop)
    if inkdesk() != expected:
        raise RuntimeError("the floor and the service do not find the same slots")
    taken = turns(ways, runs)
    each = {name: seconds * 1e6 / (artists * days) for name, seconds in taken.items()}
    label = f"{artists:3} x {days:3} at {full.bookings_a_day} a day"
    figures = [f"{each['floor']:10.1f}", f"{each['InkDesk']:10.1f}", f"{each['InkDesk'] / each['floor']:10.2f}"]
    figures += [f"{each[name]:10.1f}" if name in each else f"{'-':>10}" for name in ("compute", "rrule", "loop")]
    print(f"{label:30}{''.join(figures)}{len(expected):10}", flush=True)


def turns(ways: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Median seconds of each way; one that is too slow to wait for is left out.

    The ways take turns, so that all meet the same machine, and each is run a few times in a turn, the first not
    counted: another way's code has just filled the processor's memory.
    """
    taken: dict[str, list[float]] = {name: [] for name in ways}
    gc.collect()
    gc.disable()
    for _ in range(runs):
        for name, way in ways.items():
            if max(taken[name], default=0) < SLOWEST_S:
                taken[name] += [seconds(way) for _ in range(IN_A_TURN)][1:]
    gc.enable()
    return {name: median(times) for name, times in taken.items() if max(times) < SLOWEST_S}


def seconds(way: Callable[[], object]) -> float:
    """How long one run takes."""
    before = time.perf_counter()
    way()
    return time.perf_counter() - before


def computing(database: Database, full: FullStudio, asked: Question) -> Callable[[], object]:
    """InkDesk's work once the picture is read."""
    zone, now_s = full.studio.zone_info, to_seconds_up(SystemClock().now())
    within = date_span(zone, FIRST, asked.last)
    teams = [(artist,) for artist in asked.artists]
    with database.read() as uow:
        picture = Picture.of(uow, full.studio, asked.artists, full.service, within, now_s)
    return lambda: named(teams, search(picture, teams, within, now_s), zone)


def print_month(url: str, runs: int) -> None:
    """20 artists for a month, 100,000 bookings in the book; budgets 50 ms of computing, 200 ms in all."""
    big = big_studio.fill(url, FIRST, bookings=100_000, artists=20)
    last = FIRST + timedelta(days=30)
    full = FullStudio(6, big.studio, tuple(big.artists), big.plain)
    asked = Question(big.studio, big.artists, big.plain.sitting, FIRST, last)
    with opened(url) as database:
        service = AvailabilityService(database.read, SystemClock())
        ways: dict[str, Callable[[], object]] = {
            "compute": computing(database, full, asked),
            "in all": lambda: service.slots(None, big.plain.id, FIRST, last),
            "in all, with a chair": lambda: service.slots(None, big.seated.id, FIRST, last),
        }
        taken = turns(ways, runs)
    print(f"\n{database.kind}, 20 artists x 31 days, 100,000 bookings stored, ms: ", end="")
    print(", ".join(f"{name} {seconds * 1e3:.1f}" for name, seconds in taken.items()), flush=True)


def filled(url: str, bookings_a_day: int) -> FullStudio:
    """A studio with its claims for a year from ``FIRST`` on."""
    place_s = (CLOSES_MIN - OPENS_MIN) * 60 * 3 // (bookings_a_day * 4)
    around_s = place_s // 540 * 60
    sitting = Sitting(around_s, place_s - 2 * around_s, around_s)
    week = ((WallSpan(OPENS_MIN, CLOSES_MIN),),) * 7
    with opened(url) as database, database.write() as uow:
        studio = uow.studio.add(
            Studio(
                uid="full", name="Full Studio", zone="Europe/Paris", currency="EUR", mode=Mode.LIVE,
                horizon_days=None, slot_step_s=900 if bookings_a_day < 10 else 300,
            )
        )  # fmt: skip
        artists = tuple(uow.artists.add(Artist(name=f"Artist {n}", plans=every_week(week))) for n in range(ARTISTS))
        away = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC) + timedelta(days=9)
        uow.artists.add_leave(Leave(artist_id=artists[0].id, starts_at=away, ends_at=away + timedelta(days=2)))
        price = Money(10000, "EUR")
        service = uow.catalogue.add_service(Service(name="Piece", sitting=sitting, price=price, deposit=price))
        uow.commit()
    full = FullStudio(bookings_a_day, studio, artists, service)
    engine = make_engine(parse_address(url, None))
    with open_connection(engine, is_read=False) as connection, connection.begin():
        rows = claims(full, place_s)
        while batch := [row for _, row in zip(range(5000), rows, strict=False)]:
            connection.execute(t.occupancy.insert(), batch)
    with open_connection(engine, is_read=False) as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    engine.dispose()
    return full


def claims(full: FullStudio, place_s: int) -> Iterator[dict[str, object]]:
    """Three of four places of every day and artist."""
    zone = full.studio.zone_info
    for n in range(-3, YEAR + 3):
        day: date = FIRST + timedelta(days=n)
        opens = datetime(day.year, day.month, day.day, OPENS_MIN // 60, tzinfo=zone).astimezone(UTC)
        for artist in full.artists:
            for place in range(full.bookings_a_day * 4 // 3):
                if (place + n + artist.id) % 4:
                    starts_at = opens + timedelta(seconds=place * place_s)
                    yield {
                        "studio_id": full.studio.id, "resource_id": artist.resource_id, "blocks": True,
                        "starts_at": starts_at, "ends_at": starts_at + timedelta(seconds=place_s),
                    }  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
