"""Who sits where in a group sitting: within one unit of work, after its host and all its seats were locked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from inkdesk.application.ports import Claim, UnitOfWork
from inkdesk.application.text import formats
from inkdesk.domain.bookings import Booking
from inkdesk.domain.capacity import Party, assign, crowded, first_fit, free_starts, loads_of, seats_left
from inkdesk.domain.errors import SlotTaken
from inkdesk.domain.groups import GroupFull, GroupSitting
from inkdesk.domain.message import Message, message
from inkdesk.domain.spans import Span, intersect, to_instant, to_seconds, to_seconds_up


def lock_group(uow: UnitOfWork, group_id: int) -> GroupSitting:
    """The group as it stands once nobody else can change it, its seats or who has them."""
    group = uow.groups.get(group_id)
    host = uow.artists.get(group.artist_id)
    locked: set[int] = set()
    while not locked.issuperset(wanted := {host.resource_id, *group.unit_ids}):
        uow.bookings.lock_resources(sorted(wanted))
        locked |= wanted
        group = uow.groups.get(group_id)  # seats that came while we waited are younger, so the order of ids is kept
    return group


def give_seats(uow: UnitOfWork, group: GroupSitting, party: Party, now: datetime) -> tuple[int, ...]:
    """Units for a party that keeps none, free for its whole span.

    If the true peak leaves room, but no unit is free from its start to its end, those who have not begun get other
    units; their bookings stay. Raises SlotTaken, with the nearest times that have room.
    """
    others = uow.groups.parties([group.id])[group.id]
    if seats_left(group.seats, loads_of(others), party.span) < party.seats:
        raise full(uow, group, others, party, now)
    units = first_fit(group.unit_ids, others, party.span, party.seats)
    return units if units is not None else _seated_anew(uow, group, others, party, now)


def seat_again(uow: UnitOfWork, booking: Booking, now: datetime) -> None:
    """Give a booking of a group seats that are free now and make it keep them; SlotTaken if there are too few.

    For a hold that lapsed and is paid or asked for again: what it had at first may be somebody else's, though there
    is room. In a group a hold always keeps its seats, also where the first to pay wins elsewhere: seats are alike,
    so who pays second for one of them has not lost to who paid for another.
    """
    if booking.group_id is None:
        raise ValueError(f"booking {booking.id} belongs to no group")
    group = lock_group(uow, booking.group_id)
    if group.is_cancelled:
        raise SlotTaken(cancelled(group))
    uow.bookings.set_blocks(booking.id, blocks=False)
    start_s = to_seconds(booking.starts_at)
    seats = len(uow.bookings.claims_of(booking.id))
    party = Party(booking.id, Span(start_s, start_s + booking.sitting.sitting_s), seats)
    take_seats(uow, booking.id, give_seats(uow, group, party, now), party.span)


def cancelled(group: GroupSitting) -> Message:
    """What somebody is told who wants seats, or a change, of a cancelled group."""
    return message("{group} is cancelled. Choose another group sitting.", group=group.title)


def take_seats(uow: UnitOfWork, booking_id: int, units: Sequence[int], span: Span) -> None:
    """Replace what a booking claims by these units, which it keeps; SlotTaken if the guard refuses."""
    uow.bookings.claim(booking_id, [Claim(unit, span) for unit in units], blocks=True)


def move_parties(
    uow: UnitOfWork, parties: Sequence[Party], seated: Mapping[int, tuple[int, ...]], by_s: int = 0
) -> None:
    """Give parties the units they are ``seated`` on, ``by_s`` later: all let go first, then all claim anew."""
    moved = [one for one in parties if by_s or set(seated[one.key]) != set(one.units)]
    for party in moved:
        uow.bookings.set_blocks(party.key, blocks=False)
    for party in moved:
        span = Span(party.span.start_s + by_s, party.span.end_s + by_s)
        take_seats(uow, party.key, seated[party.key], span)


def has_begun(party: Party, now: datetime) -> bool:
    """Whether a party sits already, and must stay where it is."""
    return party.span.start_s <= to_seconds(now)


def full(uow: UnitOfWork, group: GroupSitting, others: Sequence[Party], party: Party, now: datetime) -> GroupFull:
    """The refusal of a party that does not fit: when too few seats are free, and the nearest times with room."""
    studio = uow.studio.get()
    loads = loads_of(others)
    crowds = intersect(crowded(group.seats, loads, party.seats), [party.span])
    when = crowds[0] if crowds else party.span
    left = max(0, seats_left(group.seats, loads, when))
    length_s = party.span.end_s - party.span.start_s
    starts = free_starts(group.seats, loads, group.span, length_s, party.seats, studio.slot_step_s)
    nearest = _around([start for start in starts if start >= to_seconds_up(now)], party.span.start_s)
    return GroupFull(
        _sentence(_Times(group, studio.zone_info), left, when, nearest),
        left=left,
        when=when,
        nearest=tuple(Span(start, start + length_s) for start in nearest),
    )


def _seated_anew(
    uow: UnitOfWork, group: GroupSitting, others: Sequence[Party], party: Party, now: datetime
) -> tuple[int, ...]:
    movable = [one for one in others if not has_begun(one, now)]
    seated = assign(group.unit_ids, [*movable, party], [one for one in others if has_begun(one, now)])
    if seated is None:
        raise full(uow, group, others, party, now)
    move_parties(uow, movable, seated)
    return seated[party.key]


def _around(starts: Sequence[int], wanted_s: int) -> list[int]:
    """The last of ``starts`` before ``wanted_s`` and the first after it, as far as there are any."""
    before = [start for start in starts if start < wanted_s][-1:]
    return before + [start for start in starts if start > wanted_s][:1]


def _sentence(times: "_Times", left: int, when: Span, nearest: Sequence[int]) -> Message:
    start, end, seats = times.show(when.start_s), times.show(when.end_s), times.group.seats
    if not nearest and left:
        return message(
            "Only {left} of {seats} seats are free from {start} to {end}. Take fewer, or choose another time.",
            left=left,
            seats=seats,
            start=start,
            end=end,
        )
    if not nearest:
        return message(
            "All {seats} seats are taken from {start} to {end}. Choose another time.", seats=seats, start=start, end=end
        )
    room = ", ".join(times.show(one) for one in nearest)
    if left:
        return message(
            "Only {left} of {seats} seats are free from {start} to {end}. There is room at {times}.",
            left=left,
            seats=seats,
            start=start,
            end=end,
            times=room,
        )
    return message(
        "All {seats} seats are taken from {start} to {end}. There is room at {times}.",
        seats=seats,
        start=start,
        end=end,
        times=room,
    )


@dataclass(frozen=True, slots=True)
class _Times:
    """Shows instants of a group on the studio's clock; with the date only if it lasts longer than a day."""

    group: GroupSitting
    zone: ZoneInfo

    def show(self, at_s: int) -> str:
        local = to_instant(at_s).astimezone(self.zone)
        is_short = self.group.span.end_s - self.group.span.start_s <= 86400
        return formats().time(local) if is_short else formats().moment(local)
