"""Who sits on which unit of a pool, when several bookings want units that are alike.

A booking wants *seats*: one for each resource it claims. For an artist only that artist would do; for a chair every
chair of its kind would. Two bookings are rivals only if there is no way to seat both.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from inkdesk.domain.spans import Span, overlaps

Taken: TypeAlias = Mapping[int, Sequence[tuple[int, int]]]
"""By resource: spans that nobody can have any more, in any order. A resource without an entry is free."""


class Seat(NamedTuple):
    """One resource for all of ``spans``: ``units`` are the resources that would do, the one it has now first."""

    units: tuple[int, ...]
    spans: tuple[Span, ...]


def seats_of(claims: Iterable[tuple[int, Span]], alike: Mapping[int, tuple[int, ...]]) -> tuple[Seat, ...]:
    """What a booking wants, by what it claims; ``alike`` names the units that would do in place of each, itself first.

    A resource without an entry there has no substitute.
    """
    spans: dict[int, list[Span]] = {}
    for resource, span in claims:
        spans.setdefault(resource, []).append(span)
    return tuple(Seat(alike.get(resource, (resource,)), tuple(its)) for resource, its in spans.items())


def seated(seats: Sequence[Seat], taken: Taken) -> tuple[int, ...] | None:
    """A unit for each of the seats, free and not given twice, as they have now if they can; None if there is no way."""
    if not seats:
        return ()
    first, rest = seats[0], seats[1:]
    for unit in first.units:
        if is_free(unit, first.spans, taken):
            others = seated(rest, with_taken(taken, [(unit, first.spans)]))
            if others is not None:
                return (unit, *others)
    return None


def are_seated_in_turn(bookings: Iterable[Sequence[Seat]], taken: Taken) -> bool:
    """Whether each booking gets its seats, one after the other, none making room for a later one."""
    for seats in bookings:
        units = seated(seats, taken)
        if units is None:
            return False
        taken = with_taken(taken, zip(units, (seat.spans for seat in seats), strict=True))
    return True


def is_free(unit: int, spans: Iterable[Span], taken: Taken) -> bool:
    """Whether a unit can be had for all of ``spans``."""
    return not any(overlaps(span, Span(*other)) for span in spans for other in taken.get(unit, ()))


def with_taken(taken: Taken, more: Iterable[tuple[int, Iterable[Span]]]) -> Taken:
    """What is taken once these units are, too, for these spans."""
    fuller = dict(taken)
    for unit, spans in more:
        fuller[unit] = [*fuller.get(unit, ()), *spans]
    return fuller
