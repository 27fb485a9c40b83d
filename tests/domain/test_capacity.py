"""Seats of a group sitting, on whole lists; and against a reference that counts every minute."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdesk.domain.capacity import (
    Load,
    Party,
    assign,
    crowded,
    first_fit,
    free_starts,
    loads_of,
    peak,
    seats_left,
)
from inkdesk.domain.spans import Span

LAST = 40
"""The reference looks at minutes 0 to LAST; here one second is one minute."""


def load(start: int, end: int, seats: int = 1) -> Load:
    return Span(start, end), seats


# Tables


def test_touching_parties_need_one_seat() -> None:
    loads = [load(10, 20), load(0, 10), load(20, 30)]
    assert peak(loads) == 1
    assert seats_left(1, loads, Span(0, 30)) == 0
    assert seats_left(2, loads, Span(0, 30)) == 1


def test_two_short_parties_are_not_two_seats() -> None:
    loads = [load(0, 10), load(20, 30)]
    assert seats_left(2, loads, Span(0, 30)) == 1
    assert seats_left(2, loads, Span(10, 20)) == 2


def test_a_peak_outside_does_not_count() -> None:
    loads = [load(0, 10, 3), load(8, 30)]
    assert seats_left(4, loads, Span(10, 30)) == 3
    assert seats_left(4, loads, Span(9, 30)) == 0


def test_nothing_takes_nothing() -> None:
    assert peak([]) == 0
    assert peak([load(5, 5, 4), load(9, 3, 4)]) == 0
    assert seats_left(8, [load(0, 9, 8)], Span(4, 4)) == 8


def test_more_taken_than_there_are_is_told() -> None:
    assert seats_left(2, [load(0, 9, 3)], Span(0, 9)) == -1


def test_crowded_spans_are_merged() -> None:
    loads = [load(10, 20, 2), load(20, 25), load(20, 30), load(30, 40)]
    assert crowded(2, loads, 1) == [Span(10, 25)]
    assert crowded(2, loads, 2) == [Span(10, 40)]
    assert crowded(2, loads, 3) == [Span(10, 40)]
    assert crowded(3, loads, 1) == []


@pytest.mark.parametrize(
    ("length", "party", "step", "starts"),
    [
        (10, 1, 5, [0, 20, 25, 30]),
        (10, 2, 5, [0, 30]),
        (5, 1, 5, [0, 5, 20, 25, 30, 35]),
        (40, 1, 5, []),
        (41, 1, 5, []),
        (10, 3, 5, []),
        (10, 1, 7, [0, 21, 28]),
        (0, 1, 5, []),
        (10, 0, 5, []),
    ],
)
def test_free_starts(length: int, party: int, step: int, starts: list[int]) -> None:
    taken = [load(10, 20, 2), load(20, 30)]
    assert free_starts(2, taken, Span(0, 40), length, party, step) == starts


def test_the_grid_begins_with_the_sitting() -> None:
    assert free_starts(1, [], Span(3, 20), 5, 1, 5) == [3, 8, 13]


def test_the_first_free_units_are_taken() -> None:
    parties = [Party(1, Span(0, 10), 2, (11, 13)), Party(2, Span(10, 20), 1, (12,))]
    assert first_fit([11, 12, 13, 14], parties, Span(0, 10), 2) == (12, 14)
    assert first_fit([11, 12, 13, 14], parties, Span(10, 20), 2) == (11, 13)
    assert first_fit([11, 12, 13, 14], parties, Span(5, 15), 1) == (14,)
    assert first_fit([11, 12, 13, 14], parties, Span(5, 15), 2) is None


def test_re_seating_makes_room_that_first_fit_does_not_find() -> None:
    """One came for the morning on seat 1, one for the afternoon on seat 2: nobody has a seat for the whole day."""
    morning, afternoon = Party(1, Span(0, 10), 1, (1,)), Party(2, Span(10, 20), 1, (2,))
    day = Party(3, Span(0, 20), 1)
    assert first_fit([1, 2], [morning, afternoon], day.span, 1) is None
    assert assign([1, 2], [morning, afternoon, day]) == {1: (1,), 3: (2,), 2: (1,)}
    assert assign([1, 2], [afternoon, day], [morning]) == {3: (2,), 2: (1,)}
    assert assign([1, 2], [day], [morning, afternoon]) is None


# Against every minute


def taken_at(minute: int, loads: Sequence[Load]) -> int:
    return sum(seats for span, seats in loads if span.start_s <= minute < span.end_s)


MINUTE = st.integers(0, LAST)
SPANS = st.builds(Span, MINUTE, MINUTE)
REAL_SPANS = st.tuples(MINUTE, st.integers(1, 15)).map(lambda one: Span(one[0], min(one[0] + one[1], LAST + 1)))
LOADS = st.lists(st.tuples(SPANS, st.integers(0, 4)), max_size=12)


@given(LOADS)
def test_the_peak_is_that_of_every_minute(loads: list[Load]) -> None:
    assert peak(loads) == max(taken_at(minute, loads) for minute in range(LAST + 1))
    assert peak(reversed(loads)) == peak(loads)


@given(st.integers(0, 9), LOADS, SPANS)
def test_seats_left_are_those_of_every_minute_inside(seats: int, loads: list[Load], within: Span) -> None:
    free = [seats - taken_at(minute, loads) for minute in range(*within)]
    assert seats_left(seats, loads, within) == min(free, default=seats)


@given(st.integers(1, 6), LOADS, st.integers(1, 6))
def test_crowded_minutes_are_those_with_too_few_seats(seats: int, loads: list[Load], wanted: int) -> None:
    spans = crowded(seats, loads, min(wanted, seats))
    minutes = {minute for span in spans for minute in range(*span)}
    assert minutes == {minute for minute in range(LAST + 1) if seats - taken_at(minute, loads) < min(wanted, seats)}


@given(st.integers(1, 6), LOADS, REAL_SPANS, st.integers(1, 20), st.integers(1, 6), st.integers(1, 7))
def test_free_starts_are_those_with_room_at_every_minute(
    seats: int, loads: list[Load], within: Span, length: int, party: int, step: int
) -> None:
    room = [
        start
        for start in range(within.start_s, within.end_s - length + 1, step)
        if all(seats - taken_at(minute, loads) >= party for minute in range(start, start + length))
    ]
    assert free_starts(seats, loads, within, length, party, step) == room


PARTIES = st.lists(st.tuples(REAL_SPANS, st.integers(1, 3)), max_size=10).map(
    lambda drawn: [Party(key, span, seats) for key, (span, seats) in enumerate(drawn)]
)


def is_seating(parties: Sequence[Party], units: Sequence[int]) -> bool:
    """Whether everybody has as many different units as they need, and no unit two parties at any minute."""
    enough = all(len(set(one.units)) == one.seats and set(one.units) <= set(units) for one in parties)
    once = all(
        taken_at(minute, [(one.span, 1) for one in parties if unit in one.units]) <= 1
        for unit in units
        for minute in range(LAST + 1)
    )
    return enough and once


@given(st.integers(1, 6), PARTIES)
def test_everybody_is_seated_exactly_if_the_peak_fits(seats: int, parties: list[Party]) -> None:
    units = range(101, 101 + seats)
    seated = assign(units, parties)
    assert (seated is not None) == (peak(loads_of(parties)) <= seats)
    if seated is not None:
        assert is_seating([one._replace(units=seated[one.key]) for one in parties], units)


@given(st.integers(1, 6), PARTIES, MINUTE)
def test_who_has_begun_stays_and_the_others_still_fit(seats: int, parties: list[Party], now: int) -> None:
    units = range(101, 101 + seats)
    before = assign(units, [one for one in parties if one.span.start_s <= now])
    if before is None:
        return
    begun = [one._replace(units=before[one.key]) for one in parties if one.key in before]
    others = [one for one in parties if one.key not in before]
    seated = assign(units, others, begun)
    assert (seated is not None) == (peak(loads_of(parties)) <= seats)
    if seated is not None:
        assert is_seating([*begun, *(one._replace(units=seated[one.key]) for one in others)], units)


@given(st.integers(1, 5), PARTIES, st.lists(st.integers(0, 9), max_size=10))
def test_whatever_is_fixed_a_seating_is_right(seats: int, parties: list[Party], keys: list[int]) -> None:
    units = range(101, 101 + seats)
    before = assign(units, [one for one in parties if one.key in keys]) or {}
    fixed = [one._replace(units=before[one.key]) for one in parties if one.key in before]
    seated = assign(units, [one for one in parties if one.key not in before], fixed)
    if seated is not None:
        both = {**before, **seated}
        assert is_seating([one._replace(units=both[one.key]) for one in parties], units)
