"""The spans of one sitting: what the artist is kept for, and what each station unit is kept for.

All spans here are in seconds and, unless a start is given, *relative*: counted from the start of the sitting, so
preparation is negative time. They are half-open (``spans``).

* The artist is kept for ``[start - prep, start + sitting + clean-up + pause)``, without a break: also through a
  processing time, in which the client waits and the artist does not touch the needle.
* A station unit is kept for its own span, which may differ from the artist's; a processing time may let it go for a
  while, and may name another kind of station for that while.
"""

from dataclasses import dataclass
from typing import NamedTuple

from inkdesk.domain.spans import Span

LONGEST_S = 7 * 86400
"""The longest that one sitting may keep an artist, with all that comes before and after it."""


class Sitting(NamedTuple):
    """The three spans of a service in seconds: preparation, the sitting itself, cleaning up."""

    prep_s: int
    sitting_s: int
    clean_up_s: int


class Processing(NamedTuple):
    """A time inside a sitting in which something works by itself: numbing cream, a stencil that dries.

    It begins ``after_s`` after the start and lasts ``lasts_s``; the artist stays kept. The sitting's own station is
    kept too if ``keeps_station``; ``station_kind`` names a kind of station that is needed just for this time ("" =
    none).
    """

    after_s: int
    lasts_s: int
    station_kind: str = ""
    keeps_station: bool = True


@dataclass(frozen=True, slots=True)
class StationNeed:
    """So many concrete ``units`` of a kind, each kept in all of the relative spans ``kept`` (merged)."""

    kind: str
    kept: tuple[Span, ...]
    units: int = 1


def occupied_by_artist(start_s: int, sitting: Sitting, pause_s: int) -> Span:
    """What the artist is kept for: ``[start - prep, start + sitting + clean-up + pause)``."""
    return Span(start_s - sitting.prep_s, start_s + sitting.sitting_s + sitting.clean_up_s + pause_s)


def kept_from(start_s: int, need: StationNeed) -> tuple[Span, ...]:
    """The real spans in which a sitting that starts at ``start_s`` keeps each unit of ``need``."""
    return tuple(Span(start_s + begin, start_s + end) for begin, end in need.kept)


def station_needs(
    kind: str,
    sitting: Sitting,
    *,
    units: int = 1,
    prep_s: int | None = None,
    clean_up_s: int | None = None,
    processing: Processing | None = None,
) -> tuple[StationNeed, ...]:
    """What a sitting needs of stations: of its own ``kind`` ("" = none), and of the kind its processing names.

    ``prep_s`` and ``clean_up_s`` are the station's own, None where they are the artist's.
    """
    before = sitting.prep_s if prep_s is None else prep_s
    after = sitting.clean_up_s if clean_up_s is None else clean_up_s
    whole = Span(-before, sitting.sitting_s + after)
    needs: list[StationNeed] = []
    if kind:
        needs.append(StationNeed(kind, _around(whole, processing), units))
    if processing is not None and processing.station_kind:
        middle = Span(processing.after_s, processing.after_s + processing.lasts_s)
        needs.append(StationNeed(processing.station_kind, (middle,)))
    return tuple(needs)


def _around(whole: Span, processing: Processing | None) -> tuple[Span, ...]:
    if processing is None or processing.keeps_station:
        return (whole,)
    leaves, returns = processing.after_s, processing.after_s + processing.lasts_s
    pieces = (Span(whole.start_s, leaves), Span(returns, whole.end_s))
    return tuple(piece for piece in pieces if piece.start_s < piece.end_s)
