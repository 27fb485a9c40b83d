"""The finder's first three offers out of 50,000 bookings, beside the floor in the same run, on both engines.

The floor knows beforehand on which days the answer lies, and asks the driver for just those: hours, leaves and
bookings by one plain query each and one sweep over integers, of which it takes the earliest and the nearest. Run it
with ``python tests/benchmarks/bench_finder.py``; ``--quick`` takes fewer runs. Times are medians in milliseconds.
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_desk import filled, median_ms, opened, postgres
from benchmarks.big_studio import BigStudio
from benchmarks.desk_floors import RawBook, raw_slots

from inkdesk.application.finder_service import FindCommand, FinderService, Found
from inkdesk.domain.finder import SlotKey, Wish
from inkdesk.domain.spans import to_seconds
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.system_clock import SystemClock

NOW = datetime.now(UTC).replace(microsecond=0)
SUNDAY = frozenset({6})
"""Nobody works then."""


@dataclass(frozen=True)
class Question:
    """What is asked, and in how many answers before it everything was declined."""

    title: str
    command: FindCommand
    declined_answers: int = 0


def main() -> int:
    """Fill the books and print the table of each engine."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer runs")
    runs = 10 if parser.parse_args().quick else 50
    with tempfile.TemporaryDirectory(prefix="inkdesk-bench-") as name, postgres() as server:
        url = f"sqlite:///{(Path(name) / 'big.db').as_posix()}"
        books = [(url, filled(url)), (server, filled(server))]
        for book_url, big in books:
            print_finds(book_url, big, runs)
    return 0


def questions(big: BigStudio) -> list[Question]:
    """From the usual to the worst."""
    soon = FindCommand(service_id=big.plain.id)
    one = replace(soon, artist_id=big.artists[2].id)
    next_week, far = (Wish(near_s=to_seconds(NOW + timedelta(days=days))) for days in (9, 120))
    return [
        Question("soon, one artist", one),
        Question("soon, anyone", soon),
        Question("soon, anyone, in a chair", replace(soon, service_id=big.seated.id)),
        Question("near a time next week, one artist", replace(one, wish=next_week)),
        Question("near a time next week, anyone", replace(soon, wish=next_week)),
        Question("near a time in four months, anyone", replace(soon, wish=far)),
        Question("on Saturdays only, anyone", replace(soon, wish=Wish(weekdays=frozenset({5})))),
        Question("soon, anyone, ten answers declined", soon, declined_answers=10),
        Question("seven hours, booked for months, anyone", replace(soon, sitting_s=7 * 3600)),
        Question("never, a whole year read, anyone", replace(soon, wish=Wish(weekdays=SUNDAY))),
    ]


def print_finds(url: str, big: BigStudio, runs: int) -> None:
    """One engine's table."""
    print(f"\n{url.partition(':')[0]:42}{'floor':>10}{'InkDesk':>10}{'times':>8}  offers")
    with opened(url) as database:
        raw = RawBook(url)
        for question in questions(big):
            print_find(database, raw, big, question, runs)
        raw.close()


def print_find(database: Database, raw: RawBook, big: BigStudio, question: Question, runs: int) -> None:
    """One line: the floor beside the finder."""
    finder = FinderService(database.read, SystemClock())
    declined: list[SlotKey] = []
    for _ in range(question.declined_answers):
        declined += [one.key for one in finder.find_next(question.command, declined).offers]
    found = finder.find_next(question.command, declined)
    floor = partial(plain_offers, raw, as_asked(big, question.command), question.command, days_of(found, question))
    check(found, floor(), question)
    floor_ms = median_ms([floor] * (runs + 1))
    taken_ms = median_ms([partial(finder.find_next, question.command, declined)] * (runs + 1))
    offers = ", ".join(f"{one.slot.starts_at:%d %b %H:%M}" for one in found.offers) or "none"
    print(f"{question.title:42}{floor_ms:10.2f}{taken_ms:10.2f}{taken_ms / floor_ms:8.1f}  {offers}", flush=True)


def as_asked(big: BigStudio, command: FindCommand) -> BigStudio:
    """The studio as the floor shall see it: with the asked artist and length alone."""
    artists = [one for one in big.artists if command.artist_id in {None, one.id}]
    sitting_s = command.sitting_s or big.plain.sitting.sitting_s
    return replace(
        big, artists=artists, plain=replace(big.plain, sitting=big.plain.sitting._replace(sitting_s=sitting_s))
    )


def days_of(found: Found, question: Question) -> list[tuple[date, date]]:
    """The days on which the answer lies, first and last; the whole year if there is none."""
    today, near_s = NOW.date(), question.command.wish.near_s
    on = sorted(one.slot.starts_at.date() for one in found.offers)
    if near_s is None:
        return [(today, on[-1] if on else found.searched_until)]
    asked = datetime.fromtimestamp(near_s, UTC).date()
    reach = max(abs(one.slot.starts_at.date() - asked) for one in found.offers[1:])
    return [(today, on[0]), (asked - reach, asked + reach)]


def plain_offers(
    raw: RawBook, big: BigStudio, command: FindCommand, days: list[tuple[date, date]]
) -> list[tuple[int, int]]:
    """Start and artist of the earliest and the nearest slot from now on, for the wishes asked here."""
    wish, zone, now_s = command.wish, big.studio.zone_info, int(NOW.timestamp())
    starts = [slot for first, last in days for slot in raw_slots(raw, big, first, last) if slot[0] >= now_s]
    if wish.weekdays:
        starts = [slot for slot in starts if datetime.fromtimestamp(slot[0], zone).weekday() in wish.weekdays]
    if not starts:
        return []
    near_s = wish.near_s or starts[0][0]
    return [starts[0], min(starts, key=lambda slot: (abs(slot[0] - near_s), slot))]


def check(found: Found, plain: list[tuple[int, int]], question: Question) -> None:
    """Refuse to compare answers that differ."""
    if question.declined_answers:
        return
    ours = [(one.key.start_s, one.slot.artist_id) for one in found.offers]
    if ours[:1] != plain[:1] or (plain and plain[1] not in ours):
        raise RuntimeError(f"the floor and the finder differ: {question.title}: {ours} {plain}")


if __name__ == "__main__":
    raise SystemExit(main())
