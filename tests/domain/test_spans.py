"""Spans: half-open, integer, and the sweeps over them."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdesk.domain.spans import (
    Span,
    intersect,
    later,
    merge,
    overlaps,
    subtract,
    to_instant,
    to_seconds,
    to_seconds_up,
)

spans = st.lists(st.builds(Span, st.integers(0, 40), st.integers(0, 40)), max_size=8)


def instants(some: list[Span]) -> set[int]:
    return {second for span in some for second in range(span.start_s, span.end_s)}


def is_merged(some: list[Span]) -> bool:
    return all(span.start_s < span.end_s for span in some) and all(
        one.end_s < other.start_s for one, other in pairwise(some)
    )


def test_an_instant_survives_the_way_through_seconds() -> None:
    instant = datetime(2026, 3, 29, 3, 0, tzinfo=timezone(timedelta(hours=2)))
    assert to_seconds(instant) == 1774746000
    assert to_instant(1774746000) == instant
    assert to_instant(1774746000).tzinfo is UTC


@pytest.mark.parametrize("year", [1969, 2026])
def test_fractions_are_cut_before_and_after_1970(year: int) -> None:
    whole = datetime(year, 5, 1, 12, 0, 7, tzinfo=UTC)
    assert to_seconds(whole.replace(microsecond=999_999)) == to_seconds(whole)


def test_a_begun_second_counts_whole_where_the_past_must_not_be_offered() -> None:
    whole = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert to_seconds_up(whole) == to_seconds(whole)
    assert to_seconds_up(whole.replace(microsecond=1)) == to_seconds(whole) + 1


def test_later_counts_real_seconds_over_a_change_of_the_clock() -> None:
    before = datetime(2026, 4, 5, 1, tzinfo=ZoneInfo("Australia/Lord_Howe"))
    assert later(before, 3600).isoformat() == "2026-04-05T01:30:00+10:30"
    assert later(before, 3600).tzinfo is before.tzinfo


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        to_seconds(datetime(2026, 1, 1))  # noqa: DTZ001


@given(spans)
def test_merge_keeps_the_instants(some: list[Span]) -> None:
    assert instants(merge(some)) == instants(some)
    assert is_merged(merge(some))


@given(spans, spans)
def test_subtract_leaves_what_is_only_in_the_first(some: list[Span], holes: list[Span]) -> None:
    assert instants(subtract(some, holes)) == instants(some) - instants(holes)
    assert is_merged(subtract(some, holes))


@given(spans, spans)
def test_intersect_keeps_what_is_in_both(one: list[Span], other: list[Span]) -> None:
    shared = intersect(merge(one), merge(other))
    assert instants(shared) == instants(one) & instants(other)
    assert is_merged(shared)


@given(st.builds(Span, st.integers(0, 9), st.integers(0, 9)), st.builds(Span, st.integers(0, 9), st.integers(0, 9)))
def test_overlap_is_a_shared_instant(one: Span, other: Span) -> None:
    assert overlaps(one, other) == bool(instants([one]) & instants([other]))
