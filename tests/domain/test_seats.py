"""Units that are alike: who can be seated beside whom."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdesk.domain.seats import Seat, are_seated_in_turn, is_free, seated, seats_of
from inkdesk.domain.spans import Span, overlaps

MORNING, NOON, DAY = Span(0, 10), Span(10, 20), Span(0, 20)
CHAIRS = {1: (1, 2), 2: (2, 1)}


def test_a_booking_wants_one_seat_for_each_resource_it_claims() -> None:
    claims = [(7, DAY), (2, MORNING), (2, NOON)]
    assert seats_of(claims, CHAIRS) == (Seat((7,), (DAY,)), Seat((2, 1), (MORNING, NOON)))


def test_it_keeps_the_unit_it_has_and_gets_another_only_if_it_must() -> None:
    chair = [Seat((2, 1), (MORNING,))]
    assert seated(chair, {}) == (2,)
    assert seated(chair, {2: [NOON]}) == (2,)
    assert seated(chair, {2: [DAY]}) == (1,)
    assert seated(chair, {2: [DAY], 1: [MORNING]}) is None


def test_two_seats_at_one_time_are_two_units() -> None:
    pair = [Seat((1, 2), (DAY,)), Seat((2, 1), (DAY,))]
    assert seated(pair, {}) == (1, 2)
    assert seated(pair, {2: [MORNING]}) is None


def test_one_makes_room_for_the_other_if_only_so_both_are_seated() -> None:
    """The second can have the first one's unit only."""
    assert seated([Seat((1, 2), (DAY,)), Seat((1,), (DAY,))], {}) == (2, 1)


def test_in_turn_nobody_makes_room() -> None:
    assert not are_seated_in_turn([[Seat((1, 2), (DAY,))], [Seat((1,), (DAY,))]], {})
    assert are_seated_in_turn([[Seat((1, 2), (DAY,))], [Seat((1, 2), (DAY,))]], {})


@pytest.mark.parametrize(("taken", "free"), [({}, True), ({1: [MORNING]}, False), ({1: [NOON], 2: [DAY]}, True)])
def test_a_unit_is_free_if_nothing_of_it_is_taken_then(taken: dict[int, list[Span]], *, free: bool) -> None:
    assert is_free(1, [MORNING], taken) is free


spans = st.tuples(st.integers(0, 5), st.integers(1, 4)).map(lambda one: Span(one[0], one[0] + one[1]))
wishes = st.lists(
    st.builds(
        Seat, st.permutations([1, 2, 3]).map(lambda order: tuple(order[:2])), st.lists(spans, min_size=1, max_size=2)
    ),
    max_size=4,
)


@given(wishes, st.dictionaries(st.integers(1, 3), st.lists(spans, max_size=2)))
def test_the_answer_is_right_by_trying_every_way(seats: list[Seat], taken: dict[int, list[Span]]) -> None:
    def fits(units: tuple[int, ...]) -> bool:
        rows = [(unit, span) for unit, seat in zip(units, seats, strict=True) for span in seat.spans]
        theirs = [(unit, span) for unit, several in taken.items() for span in several]
        others = [
            (units[one], span, units[two], other)
            for one in range(len(seats))
            for two in range(one)
            for span in seats[one].spans
            for other in seats[two].spans
        ]
        return not any(
            unit == its and overlaps(span, other) for unit, span in rows for its, other in theirs
        ) and not any(unit == its and overlaps(span, other) for unit, span, its, other in others)

    found = seated(seats, taken)
    ways = [units for units in product(*(seat.units for seat in seats)) if fits(units)]
    assert (found in ways) if found is not None else not ways
