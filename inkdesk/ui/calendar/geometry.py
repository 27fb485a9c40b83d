"""Clock minutes and lanes to pixels and back: the one set of numbers that paints, hits and scrolls alike.

Pixels are logical and count from the top left of the content (the scrolled picture), not of the window.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from inkdesk.ui.calendar.wallclock import MINUTES_A_DAY


class Lane(NamedTuple):
    """One artist on one date."""

    day: date
    artist_id: int


class Box(NamedTuple):
    """A rectangle in content pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Geometry:
    """``edges`` are the left sides of the lanes, plus the right side of the last; ``scale`` is px per minute."""

    edges: tuple[int, ...]
    scale: float

    @property
    def width(self) -> int:
        """Width of the content."""
        return self.edges[-1]

    @property
    def height(self) -> int:
        """Height of the content: one day."""
        return self.y_of(MINUTES_A_DAY)

    def y_of(self, minute: float) -> int:
        """Where a clock minute lies."""
        return round(minute * self.scale)

    def minute_at(self, y: float) -> float:
        """The clock minute at ``y``, kept within the day."""
        return min(max(y / self.scale, 0.0), MINUTES_A_DAY - 0.001)

    def lane_at(self, x: float) -> int | None:
        """The lane under ``x``; None beside the lanes."""
        lane = bisect_right(self.edges, x) - 1
        return lane if 0 <= lane < len(self.edges) - 1 else None

    def lanes_between(self, left: int, right: int) -> range:
        """Lanes that show in ``[left, right)``."""
        first = max(0, bisect_right(self.edges, left) - 1)
        return range(first, min(bisect_right(self.edges, right), len(self.edges) - 1))

    def share_at(self, lane: int, x: float) -> float:
        """How far ``x`` lies into ``lane``, 0 to 1."""
        left, right = self.edges[lane], self.edges[lane + 1]
        return (x - left) / max(1, right - left)

    def box(self, lane: int, start_min: float, end_min: float, left: float = 0.0, width: float = 1.0) -> Box:
        """The rectangle of a time in a lane; ``left`` and ``width`` are shares of the lane."""
        start, end = self.edges[lane], self.edges[lane + 1]
        x = start + round((end - start) * left)
        right = start + round((end - start) * (left + width))
        y = self.y_of(start_min)
        return Box(x, y, right - x, self.y_of(end_min) - y)


def lane_edges(is_open: Sequence[bool], available: int, minimum: int, closed: int) -> tuple[int, ...]:
    """Edges of lanes that share ``available`` px: closed lanes have ``closed`` px, open ones equal shares of the rest.

    An open lane is never below ``minimum`` px. If no lane is open, all are treated as open.
    """
    wanted = is_open if any(is_open) else [True] * len(is_open)
    open_lanes = sum(wanted)
    thin = (len(wanted) - open_lanes) * closed
    room = max(available - thin, open_lanes * minimum)
    shares = [room * (n + 1) // open_lanes - room * n // open_lanes for n in range(open_lanes)]
    widths = iter(shares)
    return tuple(accumulate((next(widths) if opened else closed for opened in wanted), initial=0))
