"""How wide the columns of a table are: free of Qt."""

from collections.abc import Mapping, Sequence


def spared(
    wanted: Sequence[int], flexible: Mapping[int, int], spare: Sequence[int], available: int, enough: int
) -> frozenset[int]:
    """Which of the ``spare`` columns, the most dispensable first, are left out so that names can be read.

    They are if the flexible columns that stay would otherwise get less than ``enough`` each, in pixels.
    """
    gone: set[int] = set()
    for column in spare:
        left = [one for one in flexible if one not in gone]
        room = available - sum(width for one, width in enumerate(wanted) if one not in flexible and one not in gone)
        if room >= sum(min(wanted[one], enough) for one in left):
            break
        gone.add(column)
    return frozenset(gone)


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
