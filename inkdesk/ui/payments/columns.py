"""How wide the columns of a table are: free of Qt."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet


def column_widths(wanted: Sequence[int], flexible: AbstractSet[int], available: int, least: int) -> list[int]:
    """Widths, in pixels, that fill ``available``: only ``flexible`` columns give room or take what is left.

    Too little room is taken from the widest first, down to ``least`` each (then they are wider than ``available`` in
    all); what is left over is shared alike.
    """
    room = available - sum(width for column, width in enumerate(wanted) if column not in flexible)
    widths = list(wanted)
    left = len(flexible)
    for column in sorted(flexible, key=lambda one: wanted[one]):
        widths[column] = max(least, min(wanted[column], room // left))
        room -= widths[column]
        left -= 1
    for column in sorted(flexible):
        widths[column] += max(0, room) // len(flexible)
    return widths
