"""Giving a slot: nobody is pushed aside who need not be, and what is firm never is."""

from hypothesis import given
from hypothesis import strategies as st

from inkdesk.application.contention import Contention
from inkdesk.domain.seats import Seat, seated, with_taken
from inkdesk.domain.spans import Span

MORNING, NOON = Span(0, 10), Span(10, 20)
UNITS = (1, 2, 3)

_spans = st.sampled_from([(MORNING,), (NOON,), (MORNING, NOON)])
_seat = st.builds(Seat, st.permutations(UNITS).flatmap(lambda all_: st.sampled_from([(all_[0],), tuple(all_)])), _spans)
_seats = st.lists(_seat, min_size=1, max_size=2).map(tuple)
_grounds = st.builds(
    lambda seats, holds, blocks, firm: Contention(
        seats, dict(enumerate(holds)), frozenset(one for one in blocks if one < len(holds)), firm
    ),
    _seats,
    st.lists(_seats, max_size=3),
    st.frozensets(st.integers(0, 2)),
    st.dictionaries(st.sampled_from(UNITS), st.lists(st.sampled_from([MORNING, NOON]), max_size=1)),
)


@given(_grounds, st.frozensets(st.integers(0, 2)))
def test_as_few_holds_leave_as_must_and_nothing_firm(ground: Contention, ended: frozenset[int]) -> None:
    placed = ground.place(ended)
    assert (placed is None) is (seated(ground.seats, ground.firm) is None)
    if placed is None:
        return
    staying = ground.blocking - placed.leaving
    taken = with_taken(ground.firm, [(seat.units[0], seat.spans) for one in staying for seat in ground.holds[one]])
    given_seats = [Seat((unit,), seat.spans) for unit, seat in zip(placed.units, ground.seats, strict=True)]
    assert seated(given_seats, taken) == placed.units
    for one in placed.leaving:
        fuller = with_taken(taken, [(seat.units[0], seat.spans) for seat in ground.holds[one]])
        assert seated(ground.seats, fuller) is None


@given(_grounds)
def test_who_can_be_kept_beside_it_is_no_rival(ground: Contention) -> None:
    for one, seats in ground.holds.items():
        assert (one in ground.rivals) is (seated([*ground.seats, *seats], ground.firm) is None)
    assert not ground.competitors & ground.rivals


def test_a_hold_whose_link_has_ended_leaves_before_one_that_may_still_be_paid() -> None:
    wanted, one, other = (Seat((unit, 3 - unit), (MORNING,)) for unit in (1, 1, 2))
    ground = Contention((wanted,), {4: (one,), 9: (other,)}, frozenset({4, 9}), {})
    for ended, leaving in ((frozenset[int](), {9}), (frozenset({4}), {4}), (frozenset({4, 9}), {9})):
        placed = ground.place(ended)
        assert placed is not None
        assert placed.leaving == leaving


def test_three_who_want_two_chairs_compete_but_are_no_rivals() -> None:
    chair = (Seat((1, 2), (MORNING,)),)
    ground = Contention(chair, {4: chair, 9: chair}, frozenset(), {})
    assert (ground.rivals, ground.competitors) == (frozenset(), frozenset({4, 9}))
    assert Contention(chair, {4: chair}, frozenset(), {}).competitors == frozenset()
    assert Contention(chair, {4: chair}, frozenset(), {2: [MORNING]}).rivals == {4}
