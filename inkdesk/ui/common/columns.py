"""How wide the columns of a table are: free of Qt."""

from collections.abc import Mapping, Sequence


def column_widths(wanted: Sequence[int], flexible: Mapping[int, int], available: int, least: int) -> list[int]:
    """Widths, in pixels, that fill ``available``: only ``flexible`` columns give room or take what is left.

    ``flexible`` says in how many shares a column takes part. Too little room is taken first from what is widest for
    its shares, down to ``least`` each (then all are wider than ``available``); what is left over is shared alike.
    """
    room = available - sum(width for column, width in enumerate(wanted) if column not in flexible)
    widths = list(wanted)
    room = max(0, room - least * len(flexible))
    left = sum(flexible.values())
    for column, shares in sorted(flexible.items(), key=lambda one: (wanted[one[0]] - least) / one[1]):
        more = max(0, min(wanted[column] - least, room * shares // left))
        widths[column] = least + more
        room -= more
        left -= shares
    for column in sorted(flexible):
        widths[column] += room // len(flexible)
    return widths
