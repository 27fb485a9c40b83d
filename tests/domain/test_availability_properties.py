"""Availability against the slow reference, on random studios around the nights when clocks change."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from support.minute_reference import clock, hours_minutes, planned
from support.random_studios import DAY, DAYS, Case, Twist, cases

from inkdesk.domain.availability import Cause, StationPool, free_slots, open_spans, slots_of_any, verdict
from inkdesk.domain.hours import WorkingTime
from inkdesk.domain.sitting import kept_from, occupied_by_artist
from inkdesk.domain.slot_rules import Alignment, Limits, SlotRules
from inkdesk.domain.spans import Span, intersect, merge, overlaps, subtract

some = settings(max_examples=40, deadline=None, derandomize=True)

one_or_two = cases(1) | cases(1) | cases(2)
by_the_window = cases(1, (Alignment.WINDOW, Alignment.ROUND)) | cases(2, (Alignment.WINDOW, Alignment.ROUND))


@settings(some, max_examples=150)
@given(one_or_two)
def test_the_slots_are_those_of_the_reference(case: Case) -> None:
    assert case.slots() == case.reference.slots(case.within)


@settings(some, max_examples=120)
@given(cases(1, always=frozenset({Twist.GUEST})) | cases(1, always=frozenset({Twist.LIMITS})))
def test_stays_and_limits_are_those_of_the_reference(case: Case) -> None:
    """Rare in the cases above, and each by a calendar of its own."""
    assert case.slots() == case.reference.slots(case.within)


@settings(some, max_examples=60)
@given(one_or_two)
def test_every_offered_slot_is_free_with_the_same_units_and_has_no_cause(case: Case) -> None:
    reference = case.reference
    for slot in case.slots():
        answer = verdict(case.artists, case.request, slot.start_s)
        assert (answer.obstacles, answer.station_ids) == ((), slot.station_ids)
        assert reference.causes(slot.start_s) == set()


@settings(some, max_examples=60)
@given(one_or_two)
def test_every_start_is_judged_by_exactly_the_causes_that_hold(case: Case) -> None:
    reference = case.reference
    for start in range(case.within.start_s, case.within.end_s, 1500):
        answer = verdict(case.artists, case.request, start)
        assert set(answer.causes) == reference.causes(start), start
        assert answer.causes == tuple(cause for cause in Cause if cause in set(answer.causes))
        units = reference.station_ids(reference.minute(start))
        assert Cause.STATION_TAKEN in answer.causes or answer.station_ids == units


@some
@given(cases(1, (Alignment.CLOCK,)) | cases(2, (Alignment.CLOCK,)))
def test_every_start_on_the_clocks_grid_is_offered_or_has_a_cause(case: Case) -> None:
    offered = {slot.start_s: slot.station_ids for slot in case.slots()}
    shown, reference = clock(case.artists[0].hours.zone, case.first), case.reference
    step_min = case.request.rules.step_s // 60
    for start in range(case.within.start_s, case.within.end_s, 300):
        local = shown[reference.minute(start)]
        is_on_grid = (local.hour * 60 + local.minute) % step_min == 0
        assert not (start in offered and not is_on_grid)
        if is_on_grid:
            answer = verdict(case.artists, case.request, start)
            assert answer.is_free == (start in offered)
            assert not answer.is_free or answer.station_ids == offered[start]


@some
@given(one_or_two, st.randoms(use_true_random=False))
def test_the_order_of_what_is_busy_is_irrelevant(case: Case, random: Random) -> None:
    def shuffled(spans: Sequence[tuple[int, int]]) -> list[Span]:
        return [Span(*one) for one in random.sample(spans, len(spans))]

    def mixed(units: Mapping[int, Sequence[tuple[int, int]]]) -> dict[int, list[Span]]:
        return {unit: shuffled(spans) for unit, spans in units.items()}

    artists = tuple(
        replace(
            one,
            busy=shuffled(one.busy),
            sittings=shuffled(one.sittings),
            hours=replace(one.hours, leave=tuple(shuffled(one.hours.leave))),
        )
        for one in case.artists
    )
    pools = tuple(StationPool(need, mixed(units)) for need, units in case.request.pools)
    mixed_up = replace(case, artists=artists, request=replace(case.request, pools=pools))
    assert mixed_up.slots() == case.slots()


@some
@given(by_the_window | one_or_two, st.integers(-8, 4), st.integers(-8, 4))
def test_hours_that_are_worked_out_already_change_no_answer(case: Case, days_before: int, days_after: int) -> None:
    """Whether they cover all that is asked, or not."""
    known = Span(case.within.start_s - days_before * 86400, case.within.end_s + days_after * 86400)
    artists = tuple(replace(one, working=WorkingTime.of(one.hours, known)) for one in case.artists)
    assert replace(case, artists=artists).slots() == case.slots()
    for start in range(case.within.start_s, case.within.end_s, 5 * 3600):
        assert verdict(artists, case.request, start) == verdict(case.artists, case.request, start)


@some
@given(by_the_window | one_or_two, st.integers(0, 864), st.integers(0, 59))
def test_a_range_cut_in_two_gives_the_same_slots(case: Case, part: int, seconds: int) -> None:
    start, end = case.within
    cut = min(start + 300 * part + seconds, end)
    assert case.slots(Span(start, cut)) + case.slots(Span(cut, end)) == case.slots()


@some
@given(one_or_two)
def test_no_slot_meets_an_occupancy_or_leaves_the_hours_or_the_present(case: Case) -> None:
    request = case.request
    for slot in case.slots():
        assert slot.start_s >= request.now_s + request.rules.minimum_notice_s
        assert slot.end_s == slot.start_s + request.sitting.sitting_s
        for artist in case.artists:
            always_here = replace(artist.hours, stays_from=None, stays_until=None)
            sitting = Span(slot.start_s, slot.end_s)
            assert open_spans(always_here, sitting) == [sitting]
            kept = occupied_by_artist(slot.start_s, request.sitting, artist.hours.pause_s)
            assert not any(overlaps(kept, Span(*taken)) for taken in artist.busy)
        stations = list(slot.station_ids)
        for need, units in request.pools:
            for unit in (stations.pop(0) for _ in range(need.units)):
                assert not any(
                    overlaps(kept, Span(*taken)) for kept in kept_from(slot.start_s, need) for taken in units[unit]
                )
        assert stations == []


def unlimited(case: Case) -> Case:
    """The same, with nothing that takes slots out of their window."""
    artists = tuple(replace(one, limits=Limits()) for one in case.artists)
    rules = SlotRules(step_s=case.request.rules.step_s, alignment=case.request.rules.alignment)
    return replace(case, artists=artists, request=replace(case.request, rules=rules, now_s=0))


def roundness(case: Case, start_s: int) -> int:
    """How many minutes divide what the clock shows: 60, 30, 15, 10, 5 or 1."""
    minute = clock(case.artists[0].hours.zone, case.first)[case.reference.minute(start_s)].minute
    return next(one for one in (60, 30, 15, 10, 5, 1) if minute % one == 0)


@some
@given(by_the_window)
def test_round_times_cost_no_slot(case: Case) -> None:
    case = unlimited(case)
    reference = case.reference
    window, rounded = (case.with_rules(alignment=one) for one in (Alignment.WINDOW, Alignment.ROUND))
    for first, last in reference.windows:
        begin, end = reference.origin_s + first * 60, reference.origin_s + last * 60 + 60
        if case.within.start_s <= begin and end <= case.within.end_s:
            stretch = Span(begin, end)
            plain, moved = window.slots(stretch), rounded.slots(stretch)
            assert len(moved) == len(plain) == (last - first) // (case.request.rules.step_s // 60) + 1
            assert plain[0].start_s == begin
            assert roundness(case, moved[0].start_s) >= roundness(case, begin)
            assert 0 <= moved[0].start_s - begin < case.request.rules.step_s


@some
@given(cases(3))
def test_any_of_several_is_each_of_them_alone(case: Case) -> None:
    alone = [slot for artist in case.artists for slot in free_slots([artist], case.request, case.within)]
    expected = sorted(alone, key=lambda slot: (slot.start_s, slot.artist_ids))
    assert slots_of_any(case.artists, case.request, case.within) == expected
    assert slots_of_any(case.artists[::-1], case.request, case.within) == expected
    assert slots_of_any([], case.request, case.within) == []


@some
@given(cases(2, (Alignment.CLOCK,)))
def test_both_at_once_is_when_each_is_free(case: Case) -> None:
    one, other = case.artists
    zone = one.hours.zone
    other = replace(other, hours=replace(other.hours, zone=zone))
    request = replace(case.request, rules=replace(case.request.rules, open_days=None))
    alone = {slot.start_s for slot in free_slots([other], request, case.within)}
    expected = [
        slot._replace(artist_ids=(1, 2)) for slot in free_slots([one], request, case.within) if slot.start_s in alone
    ]
    assert free_slots([one, other], request, case.within) == expected


@some
@given(one_or_two)
def test_what_is_taken_is_offered_no_more(case: Case) -> None:
    """Book the first slot: no offered slot meets it, and its own start is refused because of it."""
    found = case.slots()
    if not found:
        return
    slot, request = found[0], case.request
    kept = [occupied_by_artist(slot.start_s, request.sitting, one.hours.pause_s) for one in case.artists]
    artists = tuple(replace(one, busy=[*one.busy, span]) for one, span in zip(case.artists, kept, strict=True))
    booked = replace(case, artists=artists)
    assert Cause.ARTIST_TAKEN in verdict(artists, request, slot.start_s).causes
    for other in booked.slots():
        for artist, taken in zip(case.artists, kept, strict=True):
            assert not overlaps(occupied_by_artist(other.start_s, request.sitting, artist.hours.pause_s), taken)


@some
@given(cases(1))
def test_open_time_is_the_hours_less_leave_during_the_stay(case: Case) -> None:
    """The hours of a guest's last date are open to their end, also after midnight."""
    (artist,) = case.artists
    hours, reference = artist.hours, case.reference
    shown = clock(hours.zone, case.first)
    minutes = [
        Span(reference.origin_s + minute * 60, reference.origin_s + minute * 60 + 60)
        for number in range(-2, DAYS + 3)
        for day in [case.first + number * DAY]
        if day <= (hours.stays_until or date.max)
        for walls in planned(hours, day)
        for minute in hours_minutes(hours.zone, case.first, day, walls)
        if (hours.stays_from or date.min) <= shown[minute].date()
    ]
    assert open_spans(hours, case.within) == subtract(intersect(merge(minutes), [case.within]), hours.leave)
