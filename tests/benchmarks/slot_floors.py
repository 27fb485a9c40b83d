"""What free slots cost without InkDesk: the plainest code that is right, and the two usual ways.

All of them read hours, leaves and claims by one plain query each through the driver, and answer the same starts as
datetimes. They know one week of hours, no overrides, no station and the clock's grid: the least a studio could need.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

from benchmarks.desk_floors import RawBook
from dateutil.rrule import MINUTELY, rrule

from inkdesk.domain.artists import Artist
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.studio import Studio

Pairs = list[tuple[int, int]]
Found = list[tuple[datetime, int]]
"""Start and artist, in order."""


@dataclass(frozen=True)
class Question:
    """Free starts of these artists from ``first`` to ``last``."""

    studio: Studio
    artists: Sequence[Artist]
    sitting: Sitting
    first: date
    last: date


class Read(NamedTuple):
    """What the three queries found: by artist open spans in real time, by artist what keeps them, leaves."""

    opened: dict[int, Pairs]
    busy: dict[int, Pairs]
    away: dict[int, Pairs]


def read(raw: RawBook, asked: Question) -> Read:
    """Three plain queries, and every day's hours as real time."""
    zone = asked.studio.zone_info
    days = [asked.first + timedelta(days=n) for n in range((asked.last - asked.first).days + 1)]
    # Noon less twelve hours: right for hours by day also on the days on which the clock is changed.
    noons = ((day.weekday(), datetime(day.year, day.month, day.day, 12, tzinfo=zone)) for day in days)
    midnights = [(weekday, int(noon.timestamp()) - 43200) for weekday, noon in noons]
    start, end = midnights[0][1] - 86400, midnights[-1][1] + 2 * 86400
    ids = ", ".join(str(artist.id) for artist in asked.artists)
    resources = {artist.resource_id: artist.id for artist in asked.artists}
    span = f"{raw.seconds('starts_at')}, {raw.seconds('ends_at')}"
    weekly: dict[int, list[tuple[int, int, int]]] = {artist.id: [] for artist in asked.artists}
    for who, weekday, from_min, to_min in raw.rows(
        "SELECT artist_id, weekday, start_min, end_min FROM weekly_plan p JOIN plan_hours h ON h.plan_id = p.id"
        f" WHERE artist_id IN ({ids})"
    ):
        weekly[who].append((weekday, from_min * 60, to_min * 60))
    away: dict[int, Pairs] = {artist.id: [] for artist in asked.artists}
    for who, begin, stop in raw.rows(
        f"SELECT artist_id, {span} FROM leave WHERE starts_at < ? AND ends_at > ?", raw.instant(end), raw.instant(start)
    ):
        for one in away if who is None else (who,):
            away[one].append((begin, stop))
    busy: dict[int, Pairs] = {artist.id: [] for artist in asked.artists}
    for resource, begin, stop in raw.rows(
        f"SELECT resource_id, {span} FROM occupancy WHERE blocks AND resource_id IN ({', '.join(map(str, resources))})"
        " AND starts_at < ? AND starts_at > ? ORDER BY resource_id, starts_at",
        *(raw.instant(end), raw.instant(start)),
    ):
        busy[resources[resource]].append((begin, stop))
    opened = {
        who: [(at + begin, at + stop) for day, at in midnights for weekday, begin, stop in hours if weekday == day]
        for who, hours in weekly.items()
    }
    return Read(opened, busy, away)


def answered(raw: RawBook, asked: Question, starts: Callable[[Question, Pairs, Pairs], Iterable[int]]) -> Found:
    """Read, and let ``starts`` find those of each artist; leave is one more thing that keeps the artist."""
    found: list[tuple[int, int]] = []
    facts = read(raw, asked)
    prep_s, _, clean_up_s = asked.sitting
    for who, opened in facts.opened.items():
        away = [(begin + clean_up_s, stop - prep_s) for begin, stop in facts.away[who]]
        kept = sorted(facts.busy[who] + away) if away else facts.busy[who]
        found += [(start, who) for start in starts(asked, opened, kept)]
    found.sort()
    zone = asked.studio.zone_info
    return [(datetime.fromtimestamp(start, zone), who) for start, who in found]


def by_sweep(asked: Question, opened: Pairs, kept: Pairs) -> list[int]:
    """The floor: one sweep over integers, from gap to gap, and the grid of each gap."""
    prep_s, sitting_s, clean_up_s = asked.sitting
    tail_s, step_s = sitting_s + clean_up_s, asked.studio.slot_step_s
    found: list[int] = []
    index, last, at = 0, len(kept), 0
    for opens, closes in opened:
        at, end = max(at, opens), closes - sitting_s + 1
        while index < last and kept[index][0] - tail_s < end:
            begin, stop = kept[index]
            index += 1
            if begin - tail_s >= at:
                found.extend(range(at + (opens - at) % step_s, begin - tail_s + 1, step_s))
            at = max(at, stop + prep_s)
        found.extend(range(at + (opens - at) % step_s, end, step_s))
    return found


def by_rrule(asked: Question, opened: Pairs, kept: Pairs) -> list[int]:
    """Every start of the grid generated by a recurrence rule, each looked up among the bookings."""
    prep_s, sitting_s, clean_up_s = asked.sitting
    begins = list(map(itemgetter(0), kept))
    found: list[int] = []
    for opens, closes in opened:
        rule = rrule(
            MINUTELY,
            interval=asked.studio.slot_step_s // 60,
            dtstart=datetime.fromtimestamp(opens, asked.studio.zone_info),
            until=datetime.fromtimestamp(closes - sitting_s, asked.studio.zone_info),
        )
        for moment in rule:
            start = int(moment.timestamp())
            before = bisect_left(begins, start + sitting_s + clean_up_s)
            if not (before and kept[before - 1][1] > start - prep_s):
                found.append(start)
    return found


def by_loop(asked: Question, opened: Pairs, kept: Pairs) -> list[int]:
    """Every start of the grid held against every booking."""
    prep_s, sitting_s, clean_up_s = asked.sitting
    return [
        start
        for opens, closes in opened
        for start in range(opens, closes - sitting_s + 1, asked.studio.slot_step_s)
        if not any(begin < start + sitting_s + clean_up_s and start - prep_s < stop for begin, stop in kept)
    ]
