"""Which of the free starts are offered: the grid, by the studio's alignment (``slot_rules.Alignment``).

A start in a missing hour does not exist; in a doubled hour both instants are offered, and both stand on the grid.
"""

from collections.abc import Iterator, Sequence

from inkdesk.domain.hours import DAY_S, OffsetSpan
from inkdesk.domain.slot_rules import Alignment
from inkdesk.domain.sweeps import Pair, clipped

ROUNDNESS_S = (3600, 1800, 900, 600, 300)
"""What counts as a round time of the clock, the roundest first."""


def clock_starts(free: Sequence[Pair], offsets: Sequence[OffsetSpan], step_s: int) -> list[int]:
    """The instants of the merged ``free`` at which the clock shows a multiple of the step, counted from midnight."""
    starts: list[int] = []
    for begins_s, ends_s, offset_s in offsets:
        for begin, end in clipped(free, begins_s, ends_s):
            if DAY_S % step_s:
                starts.extend(_from_midnights(begin, end, offset_s, step_s))
                continue
            first = begin + -(begin + offset_s) % step_s
            if first < end:
                starts.append(first)
                if first + step_s < end:
                    starts.extend(range(first + step_s, end, step_s))
    return starts


def window_starts(window: Pair, alignment: Alignment, offsets: Sequence[OffsetSpan], step_s: int) -> range:
    """The starts of one window of free starts, counted from its own first one, or from a rounder one."""
    begin, end = window
    if alignment is Alignment.ROUND:
        begin = _rounder(begin, end, offsets, step_s)
    return range(begin, end, step_s)


def _rounder(begin: int, end: int, offsets: Sequence[OffsetSpan], step_s: int) -> int:
    """The roundest time from ``begin`` on from which the window still has room for as many steps."""
    last = begin + (end - 1 - begin) % step_s
    pieces = [piece for piece in offsets if piece.end_s > begin and piece.start_s <= last]
    for round_s in ROUNDNESS_S:
        for start_s, end_s, offset_s in pieces:
            at = max(begin, start_s)
            at += -(at + offset_s) % round_s
            if at <= last and at < end_s:
                return at
    return begin


def _from_midnights(begin: int, end: int, offset_s: int, step_s: int) -> Iterator[int]:
    """The grid of a step that does not divide a day: counted anew from each midnight of one offset."""
    for midnight in range(begin - (begin + offset_s) % DAY_S, end, DAY_S):
        since = max(begin - midnight, 0)
        yield from range(midnight + since + -since % step_s, min(end, midnight + DAY_S), step_s)
