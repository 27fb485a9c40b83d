"""Each rule of availability as the set of starts that it refuses or leaves open.

Two half-open intervals meet exactly if each begins before the other ends (Allen's interval algebra, 1983).

A start and an occupancy ``start + [from, until)`` meet a busy span ``[begin, end)`` exactly if
``begin - until < start < end - from``; so every rule becomes intervals of starts, and what is free is one sweep.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from inkdesk.domain.hours import DAY_S, dates_spans, midnights, working_pairs
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.slots import ArtistTime, Cause, Obstacle, SlotRequest
from inkdesk.domain.spans import Span
from inkdesk.domain.sweeps import Pair, common, less

ArtistRule = Callable[[ArtistTime, Sitting, Span], Iterable[tuple[Cause, list[Pair]]]]
"""What an artist's time refuses, by cause."""


# The artist's rules


def in_hours(artist: ArtistTime, sitting_s: int, within: Span) -> list[Pair]:
    """The starts of ``within`` whose whole sitting lies inside one stretch of working hours, merged."""
    working = _working(artist, Span(within.start_s, within.end_s + sitting_s))
    return common([(start, end - sitting_s + 1) for start, end in working if end - start >= sitting_s], [within])


def in_windows(artist: ArtistTime, sitting_s: int, within: Span) -> list[Pair]:
    """As ``in_hours``, but stretches of hours longer than a day begin anew at each midnight (pieces may touch)."""
    working = _working(artist, Span(within.start_s, within.end_s + sitting_s))
    pieces: list[Pair] = []
    for start, end in working:
        last = end - sitting_s + 1
        if last <= start:
            continue
        cuts = midnights(artist.hours.zone, Span(start + 1, last)) if end - start > DAY_S else []
        pieces += zip((start, *cuts), (*cuts, last), strict=True)
    return common(pieces, [within])


def refused_in_windows(artist: ArtistTime, sitting: Sitting, within: Span) -> Iterator[tuple[Cause, list[Pair]]]:
    """What the artist's stay, leave and bookings refuse, by cause: in the way for everybody, so windows end there."""
    hours = artist.hours
    if hours.stays_from is not None or hours.stays_until is not None:
        here = dates_spans(hours.zone, hours.stays_from, hours.stays_until, within)
        yield Cause.NOT_HERE, less([within], here)
    if hours.leave:
        yield Cause.ON_LEAVE, sorted(refused_by(hours.leave, 0, sitting.sitting_s))
    after_s = sitting.sitting_s + sitting.clean_up_s + hours.pause_s
    yield Cause.ARTIST_TAKEN, refused_by(artist.busy, -sitting.prep_s, after_s)


def refused_by_limits(artist: ArtistTime, sitting: Sitting, within: Span) -> Iterator[tuple[Cause, list[Pair]]]:
    """What the artist's limits refuse, by cause: whole dates and weeks of the artist's calendar."""
    limits, zone = artist.limits, artist.hours.zone
    if not limits.are_set:
        return
    dates = Counter(local_date(one.start_s, zone) for one in artist.sittings)
    if limits.per_day is not None:
        yield Cause.DAY_FULL, _full(dates, limits.per_day, zone, 1, within)
    if limits.per_week is not None:
        weeks: Counter[date] = Counter()
        for day, count in dates.items():
            weeks[day - timedelta(days=day.weekday())] += count
        yield Cause.WEEK_FULL, _full(weeks, limits.per_week, zone, 7, within)
    if limits.long_sitting_s is not None and sitting.sitting_s > limits.long_sitting_s:
        long = (one for one in artist.sittings if one.end_s - one.start_s > limits.long_sitting_s)
        yield Cause.LONG_DAY, _full(Counter(local_date(one.start_s, zone) for one in long), 1, zone, 1, within)


def obstacles(artist: ArtistTime, sitting: Sitting, start_s: int) -> Iterator[Obstacle]:
    """Everything about one artist that stands against one start, with the first span met."""
    only = Span(start_s, start_s + 1)
    if not in_hours(artist, sitting.sitting_s, only):
        yield Obstacle(Cause.OUTSIDE_HOURS, artist.hours.artist_id, None)
    sources = {
        Cause.ON_LEAVE: (artist.hours.leave, Span(start_s, start_s + sitting.sitting_s)),
        Cause.ARTIST_TAKEN: (artist.busy, _kept(start_s, artist, sitting)),
    }
    for rules in (refused_in_windows, refused_by_limits):
        for cause, refused in rules(artist, sitting, only):
            if any(begin <= start_s < end for begin, end in refused):
                spans, kept = sources.get(cause, ((), only))
                yield Obstacle(cause, artist.hours.artist_id, _first_met(spans, kept))


def refused_by(busy: Iterable[Pair], from_s: int, until_s: int) -> list[Pair]:
    """The starts at which ``[start + from_s, start + until_s)`` meets a busy span, in their order."""
    before_s = until_s - 1
    return [(begin - before_s, end - from_s) for begin, end in busy if begin < end]


def _working(artist: ArtistTime, within: Span) -> Sequence[Pair]:
    known = artist.working
    if known is None or not known.covers(within):
        return working_pairs(artist.hours, within)
    return known.meeting(within)


# The rules of the request


def bookable(request: SlotRequest, within: Span) -> list[Pair]:
    """The starts of ``within`` that the present, the notice and the horizon leave open, merged."""
    soonest_s = request.now_s
    if Cause.TOO_SOON not in request.waived:
        soonest_s += request.rules.minimum_notice_s
    open_s = Span(max(within.start_s, soonest_s), within.end_s)
    if open_s.end_s <= open_s.start_s:
        return []
    return [open_s] if Cause.TOO_FAR in request.waived else list(_in_horizon(request, open_s))


def refused_by_request(request: SlotRequest, start_s: int) -> Iterator[Cause]:
    """Which of the request's rules stand against one start; ``open_days`` apart."""
    if start_s < request.now_s:
        yield Cause.PAST
    elif start_s < request.now_s + request.rules.minimum_notice_s:
        yield Cause.TOO_SOON
    if not _in_horizon(request, Span(start_s, start_s + 1)):
        yield Cause.TOO_FAR


def local_date(instant_s: int, zone: ZoneInfo) -> date:
    """The date that the zone's calendar shows."""
    return datetime.fromtimestamp(instant_s, zone).date()


def _in_horizon(request: SlotRequest, within: Span) -> list[Span]:
    rules = request.rules
    lasts = [] if rules.last_date is None else [rules.last_date]
    if rules.horizon_days is not None:
        today = local_date(request.now_s, request.zone).toordinal()
        lasts.append(date.fromordinal(min(today + rules.horizon_days, date.max.toordinal())))
    return dates_spans(request.zone, rules.first_date, min(lasts, default=None), within)


def _full(counts: Counter[date], most: int, zone: ZoneInfo, days: int, within: Span) -> list[Pair]:
    """The instants of ``within`` on the dates that have ``most`` already, each standing for so many days, sorted."""
    if most < 1:
        return [within]
    found: list[Pair] = []
    for first in sorted(first for first, count in counts.items() if count >= most):
        found += dates_spans(zone, first, first + timedelta(days=days - 1), within)
    return found


def _kept(start_s: int, artist: ArtistTime, sitting: Sitting) -> Span:
    end_s = start_s + sitting.sitting_s + sitting.clean_up_s + artist.hours.pause_s
    return Span(start_s - sitting.prep_s, end_s)


def _first_met(spans: Sequence[Pair], kept: Span) -> Span | None:
    met = (Span(*one) for one in spans if max(one[0], kept.start_s) < min(one[1], kept.end_s))
    return min(met, default=None)
