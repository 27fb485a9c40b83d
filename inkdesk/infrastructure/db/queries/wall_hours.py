"""Working hours of one date as the studio's clock shows them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from inkdesk.domain.artists import Artist, DateOverride
from inkdesk.domain.hours import MINUTES_A_DAY, ArtistHours, WallSpan, hours_on, wall_seconds, working_spans
from inkdesk.domain.spans import Span, to_instant

_DAY = timedelta(days=1)


def wall_hours(
    artists: Sequence[Artist], overrides: Sequence[DateOverride], zone: ZoneInfo, first: date, last: date
) -> dict[tuple[int, date], tuple[WallSpan, ...]]:
    """Spans by (artist, date) for every date from the day before ``first`` to ``last``.

    The day before is there because its night may reach into ``first``. Overrides and stay are applied; the hours
    of a guest with another zone stand where the studio's clock shows them.
    """
    others = {(one.artist_id, one.on): one.spans for one in overrides}
    found: dict[tuple[int, date], tuple[WallSpan, ...]] = {}
    for artist in artists:
        own = artist.zone_info
        if own is None or own.key == zone.key:
            found.update({(artist.id, on): _planned(artist, others, on) for on in _dates(first - _DAY, last)})
        else:
            found.update(_moved(artist, others, own, zone, first, last))
    return found


def _dates(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _planned(artist: Artist, others: Mapping[tuple[int, date], tuple[WallSpan, ...]], on: date) -> tuple[WallSpan, ...]:
    """The artist's own wall-clock spans of one date; none outside the stay."""
    if (artist.stays_from and on < artist.stays_from) or (artist.stays_until and on > artist.stays_until):
        return ()
    found = others.get((artist.id, on))
    return hours_on(artist.plans, on) if found is None else found


def _moved(
    artist: Artist,
    others: Mapping[tuple[int, date], tuple[WallSpan, ...]],
    own: ZoneInfo,
    zone: ZoneInfo,
    first: date,
    last: date,
) -> dict[tuple[int, date], tuple[WallSpan, ...]]:
    """Spans in the artist's zone, shown by the studio's clock; two days of margin hold any two zones."""
    shown: dict[date, list[WallSpan]] = {on: [] for on in _dates(first - _DAY, last)}
    for on in _dates(first - 3 * _DAY, last + 2 * _DAY):
        for span in _planned(artist, others, on):
            day, moved = _shown(artist.id, on, span, own, zone)
            if day in shown and moved.end_min > moved.start_min:
                shown[day].append(moved)
    return {(artist.id, on): tuple(sorted(spans)) for on, spans in shown.items()}


def _shown(artist_id: int, on: date, span: WallSpan, own: ZoneInfo, zone: ZoneInfo) -> tuple[date, WallSpan]:
    alone = ArtistHours(artist_id, own, overrides={on: (span,)})
    midnight = wall_seconds(on)
    real = working_spans(alone, Span(midnight - 2 * 86400, midnight + 4 * 86400))
    if not real:
        return on, WallSpan(0, 0)
    start, end = (to_instant(edge).astimezone(zone) for edge in real[0])
    days = (end.date() - start.date()).days
    return start.date(), WallSpan(start.hour * 60 + start.minute, days * MINUTES_A_DAY + end.hour * 60 + end.minute)
