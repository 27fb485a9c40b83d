"""The layout of overlapping blocks, held to its rules by examples nobody chose."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from inkdesk.ui.calendar.layout import Interval, LayoutIndex, Placed, lay_out

intervals = st.lists(
    st.builds(
        lambda start, length, n: Interval(start, start + length, n),
        st.integers(0, 1400),
        st.integers(1, 300),
        st.integers(0, 9999),
    ),
    max_size=40,
)


def placed(items: list[Interval[int]]) -> list[Placed[int]]:
    return [item for group in lay_out(items) for item in group.items]


def overlap_in_time(one: Placed[int], other: Placed[int]) -> bool:
    return one.start_min < other.end_min and other.start_min < one.end_min


def overlap_in_width(one: Placed[int], other: Placed[int]) -> bool:
    slack = 1e-9
    return one.left + slack < other.left + other.width and other.left + slack < one.left + one.width


@given(intervals)
def test_every_item_is_placed_once_inside_the_lane(items: list[Interval[int]]) -> None:
    out = placed(items)
    assert sorted((p.start_min, p.end_min, p.what) for p in out) == sorted(tuple(item) for item in items)
    assert all(p.left >= 0 and p.width > 0 and p.left + p.width <= 1 + 1e-9 for p in out)


@given(intervals)
def test_no_two_items_cover_each_other(items: list[Interval[int]]) -> None:
    out = placed(items)
    clashes = [
        (one, other)
        for n, one in enumerate(out)
        for other in out[n + 1 :]
        if overlap_in_time(one, other) and overlap_in_width(one, other)
    ]
    assert clashes == []


@given(intervals)
def test_groups_are_maximal_chains_that_never_touch_in_time(items: list[Interval[int]]) -> None:
    groups = lay_out(items)
    assert all(one.end_min <= other.start_min for one, other in pairwise(groups))
    for group in groups:
        reach = group.items[0].end_min
        for item in group.items[1:]:
            assert item.start_min < reach
            reach = max(reach, item.end_min)


@given(intervals)
def test_a_group_has_as_many_columns_as_overlap_at_once_and_no_item_can_grow(items: list[Interval[int]]) -> None:
    for group in lay_out(items):
        deepest = max(sum(p.start_min <= q.start_min < p.end_min for p in group.items) for q in group.items)
        columns = [round(p.left * deepest) for p in group.items]
        assert all(abs(p.left * deepest - c) < 1e-6 for p, c in zip(group.items, columns, strict=True))
        for item in group.items:
            wider = item._replace(width=item.width + 1 / deepest)
            blocked = any(overlap_in_time(item, o) and overlap_in_width(wider, o) for o in group.items if o is not item)
            assert blocked or item.left + item.width > 1 - 1e-9


def test_a_lone_block_is_wide_and_a_short_neighbour_leaves_room() -> None:
    spans = ((600, 720), (600, 660), (660, 700), (650, 655), (900, 960))
    items = [Interval(start, end, n) for n, (start, end) in enumerate(spans, 1)]
    out = {p.what: (p.left, round(p.width, 3)) for p in placed(items)}
    assert out == {1: (0.0, 0.333), 2: (1 / 3, 0.333), 4: (2 / 3, 0.333), 3: (1 / 3, 0.667), 5: (0.0, 1.0)}


@given(intervals, st.integers(0, 1700), st.integers(1, 300))
def test_the_index_finds_what_a_full_search_finds(items: list[Interval[int]], start: int, length: int) -> None:
    index = LayoutIndex({"lane": items})
    found = index.between("lane", start, start + length)
    assert found == [p for p in index.all("lane") if p.start_min < start + length and p.end_min > start]


@given(intervals)
def test_every_item_is_hit_in_its_middle(items: list[Interval[int]]) -> None:
    index = LayoutIndex({"lane": items})
    for item in index.all("lane"):
        hit = index.at("lane", (item.start_min + item.end_min) / 2, item.left + item.width / 2)
        assert hit is not None
        assert hit[:4] == item[:4]


def test_an_unknown_lane_is_empty() -> None:
    index = LayoutIndex[str, int]({})
    assert index.between("nobody", 0, 1440) == []
    assert index.at("nobody", 600, 0.5) is None
    assert index.all("nobody") == []
