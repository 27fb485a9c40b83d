"""Free slots from the database to the list, beside the floor, ``rrule`` and a plain loop in the same run.

One artist and ten, four weeks and a year, at 6, 20 and 60 bookings a day, on both engines; then 20 artists for a month
with 100,000 bookings in the book. Times are medians in microseconds an artist-day; *compute* is InkDesk without the
database. Below each table stands how many times as long a year takes as four weeks, and 60 bookings a day as 6.
It takes about six minutes. Run it with ``python tests/benchmarks/bench_slots.py``; ``--quick`` takes fewer runs.
"""

import argparse
import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

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
IN_A_TURN = 4
SLOW_S = 0.1
"""A run that takes longer is the only one of its turn, and counted."""
ENOUGH_S = 3.0
"""A way that was measured for so long takes no further turn."""
COLUMNS = ("floor", "InkDesk", "times", "compute", "rrule", "loop", "slots")
Times = dict[str, float]
"""Of each way, by its name."""


class Place(NamedTuple):
    """A line of the table."""

    artists: int
    days: int
    bookings_a_day: int


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
        files = {one: f"sqlite:///{(Path(name) / f'{one}.db').as_posix()}" for one in (*DENSITIES, "month")}
        print_engine("sqlite", {n: nullcontext(files[n]) for n in DENSITIES}, runs)
        print_engine("postgresql", {n: postgres() for n in DENSITIES}, runs)
        print_month(files["month"], runs)
    with postgres() as server:
        print_month(server, runs)
    return 0


def print_engine(kind: str, books: Mapping[int, AbstractContextManager[str]], runs: int) -> None:
    """One table: a line for each shape and density, then how the times grow."""
    title = f"{kind}, us an artist-day"
    print(f"\n{title:30}" + "".join(f"{one:>10}" for one in COLUMNS), flush=True)
    lines: dict[Place, Times] = {}
    for bookings_a_day, book in books.items():
        with book as url:
            full = filled(url, bookings_a_day)
            raw = RawBook(url)
            with opened(url) as database:
                for artists, days in SHAPES:
                    each = print_shape(database, raw, full, artists, days, runs)
                    lines[Place(artists, days, bookings_a_day)] = each
            raw.close()
    (artists, month), (_, year) = SHAPES[-2:]
    few, most = DENSITIES[0], DENSITIES[-1]
    for n in DENSITIES:
        title = f"{year / month:.1f} times the days at {n} a day"
        print_growth(title, lines[Place(artists, month, n)], lines[Place(artists, year, n)], year / month)
    for shape in SHAPES:
        title = f"{most / few:.1f} times the bookings, {shape[0]} x {shape[1]}"
        print_growth(title, lines[Place(*shape, few)], lines[Place(*shape, most)], 1)


def print_growth(title: str, less: Times, more: Times, times_the_days: float) -> None:
    """How many times as long the longer question takes; times are an artist-day's."""
    grown = {name: f"{more[name] / less[name] * times_the_days:.1f}" for name in ("floor", "InkDesk", "compute")}
    print(
        f"{title:36} take  {', '.join(f'{name} {times}' for name, times in grown.items())}  times as long", flush=True
    )


def print_shape(database: Database, raw: RawBook, full: FullStudio, artists: int, days: int, runs: int) -> Times:
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
    each = {name: seconds * 1e6 / (artists * days) for name, seconds in turns(ways, runs).items()}
    label = f"{artists:3} x {days:3} at {full.bookings_a_day} a day"
    figures = [f"{each['floor']:10.1f}", f"{each['InkDesk']:10.1f}", f"{each['InkDesk'] / each['floor']:10.2f}"]
    figures += [f"{each[name]:10.1f}" if name in each else f"{'-':>10}" for name in ("compute", "rrule", "loop")]
    print(f"{label:30}{''.join(figures)}{len(expected):10}", flush=True)
    return each


def turns(ways: Mapping[str, Callable[[], object]], runs: int) -> Times:
    """Median seconds of each way; the slow ones are run less often.

    The ways take turns, so that all meet the same machine, and each is run a few times in a turn, the first not
    counted: another way's code has just filled the processor's memory. That matters less the longer it takes.
    """
    taken: dict[str, list[float]] = {name: [] for name in ways}
    gc.collect()
    gc.disable()
    for _ in range(runs):
        for name, way in ways.items():
            times = taken[name]
            if sum(times) >= ENOUGH_S:
                continue
            times.append(seconds(way))
            if times[-1] < SLOW_S:
                times[-1:] = [seconds(way) for _ in range(IN_A_TURN - 1)]
    gc.enable()
    return {name: median(times) for name, times in taken.items()}


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
