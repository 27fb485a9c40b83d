"""Finding the next openings: three offers out of the whole book, read no further than the answer needs."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from inkdesk.application.availability_service import (
    FreeSlot,
    Team,
    check_offered,
    date_span,
    members,
    named,
    search,
    teams_for,
)
from inkdesk.application.picture import Picture
from inkdesk.application.placing import artists_of, as_booked
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork
from inkdesk.domain.availability import Cause, Slot, verdict
from inkdesk.domain.bookings import Booking
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.finder import ANY_TIME, Choice, OfferKind, SlotKey, Wish, choose
from inkdesk.domain.message import Message, message
from inkdesk.domain.slot_rules import check_year
from inkdesk.domain.spans import Span, intersect, merge, subtract, to_seconds, to_seconds_up

FINDER_OVERRIDES = frozenset({Cause.TOO_SOON, Cause.TOO_FAR})
"""Rules that the finder may be asked to look beyond; booking such an offer needs a reason on the record."""

FURTHEST_DAYS = 365
"""The finder looks at most so many days beyond its first date, also if the studio books further ahead."""

_FIRST_DAYS, _FEWEST_DAYS = 14, 4
"""So many are read at first for one artist; fewer for more artists, but enough to reach beyond a weekend."""
_GROWTH = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FindCommand:
    """What is sought.

    ``sitting_s`` is the length of the sitting in seconds, None for the service's own. ``artist_id`` None means anyone
    who does the service and has the ``style`` ("" = any); ``with_artist_ids`` work at the same time. ``earliest`` is
    the first date of the studio's zone to look at, None for today. ``overrides`` are rules to look beyond, out of
    ``FINDER_OVERRIDES``: each offer says which of them it really needs. ``moving`` is the booking that shall have the
    time: it lasts as it was booked, what it keeps now is not in its way, and where it stands is not offered.
    """

    service_id: int
    sitting_s: int | None = None
    artist_id: int | None = None
    with_artist_ids: tuple[int, ...] = ()
    style: str = ""
    earliest: date | None = None
    wish: Wish = ANY_TIME
    overrides: frozenset[Cause] = frozenset()
    moving: int | None = None


class FoundOffer(NamedTuple):
    """A slot that can be booked, why it is offered, and the rules that a reason must override to book it."""

    slot: FreeSlot
    kind: OfferKind
    overrode: tuple[Cause, ...] = ()

    @property
    def key(self) -> SlotKey:
        """What ``find_next`` is told if the client declines it."""
        return SlotKey(to_seconds(self.slot.starts_at), self.slot.artist_ids)


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: up to three offers, the earliest first.

    ``searched_until`` is the last date of the studio's zone that was looked at. ``is_exhausted`` says that it is also
    the last that can be booked, and that nothing that fits is left after these offers. ``sentence`` says what to do
    if there is no offer at all, else it is None.
    """

    offers: tuple[FoundOffer, ...]
    searched_until: date
    is_exhausted: bool
    sentence: Message | None = None


class FinderService:
    """Offers the next openings."""

    def __init__(self, read: ReadUnit, clock: Clock) -> None:
        self._read = read
        self._clock = clock

    def find(self, command: FindCommand) -> Found:
        """The first three offers (``inkdesk.domain.finder`` has their rules).

        ValidationError for an artist or a service that is archived or does not go with the other, for a style nobody
        has, for a length that cannot be, and for a rule that cannot be overridden.
        """
        return self.find_next(command, ())

    def find_next(self, command: FindCommand, declined: Collection[SlotKey]) -> Found:
        """The three offers after ``declined``: the keys of all offers made before, in any order.

        Adding each answer's keys and asking again offers every slot that fits once, unless the book changes
        meanwhile. Errors as in ``find``.
        """
        if not command.overrides <= FINDER_OVERRIDES:
            raise ValidationError(
                message("The finder looks only beyond the minimum notice and the furthest date."), field="overrides"
            )
        if command.earliest is not None:
            check_year(command.earliest, "earliest")
        now = self._clock.now()
        return self._read().glance(lambda uow: _Search(uow, command, frozenset(declined), now).run(), in_pieces=True)


class _Search:
    """One search: reads whole days, in growing ranges, until no unread day could change the answer."""

    def __init__(self, uow: UnitOfWork, command: FindCommand, declined: frozenset[SlotKey], now: datetime) -> None:
        self._uow = uow
        self._command = command
        self._declined = declined
        self._now_s = to_seconds_up(now)
        self._studio = uow.studio.get()
        self._zone = self._studio.zone_info
        self._moving = None if command.moving is None else uow.bookings.get(command.moving)
        self._service = (
            uow.catalogue.service(command.service_id).lasting(command.sitting_s)
            if self._moving is None
            else as_booked(uow, self._moving)
        )
        self._teams = _teams(uow, self._service, command)
        self._days = self._days_from(now.astimezone(self._zone).date())
        self._read: list[tuple[Span, Picture]] = []
        self._slots: list[Slot] = []

    def run(self) -> Found:
        """Read until the offers are certain."""
        known: list[Span] = []
        choice = self._choice([])
        for radius in _radii(len(self._teams)):
            wanted = self._within(radius)
            for days in subtract(wanted, known):
                self._look_at(days)
            known = wanted
            choice = self._choice(subtract([self._days], known))
            if choice.is_certain:
                break
        return self._found(choice, known)

    def _days_from(self, today: date) -> Span:
        """The days to look at: from the asked one to the last that can be booked, at most a year."""
        rules = self._studio.slot_rules
        is_bounded = Cause.TOO_FAR not in self._command.overrides
        firsts = [today, self._command.earliest, rules.first_date if is_bounded else None]
        first = max(day.toordinal() for day in firsts if day)
        ends = [first + FURTHEST_DAYS]
        if is_bounded and rules.horizon_days is not None:
            ends.append(today.toordinal() + rules.horizon_days)
        if is_bounded and rules.last_date is not None:
            ends.append(rules.last_date.toordinal())
        return Span(first, min(ends) + 1)

    def _within(self, radius: int) -> list[Span]:
        """The days to know by now: those after the first one, and those around the asked one."""
        near_s = self._command.wish.near_s
        first = self._days.start_s
        asked = first if near_s is None else datetime.fromtimestamp(near_s, self._zone).toordinal()
        around = (Span(day - radius, day + radius + 1) for day in (first, asked))
        return intersect(merge(around), merge([self._days]))

    def _look_at(self, days: Span) -> None:
        within = self._real(days)
        without = () if self._moving is None else (self._moving.id,)
        picture = Picture.of(
            self._uow, self._studio, members(self._teams), self._service, within, self._now_s, without=without
        )
        found = search(picture, self._teams, within, self._now_s, self._command.overrides)
        self._slots += found if self._moving is None else _without_own(found, self._moving)
        self._read.append((within, picture))

    def _choice(self, unread: Sequence[Span]) -> Choice:
        real = [self._real(days) for days in unread]
        return choose(self._slots, self._command.wish, self._zone, self._declined, real)

    def _real(self, days: Span) -> Span:
        """Whole days, counted as by ``date.toordinal``, as real time."""
        return date_span(self._zone, date.fromordinal(days.start_s), date.fromordinal(days.end_s - 1))

    def _found(self, choice: Choice, known: Sequence[Span]) -> Found:
        slots = named(self._teams, (one.slot for one in choice.offers), self._zone)
        overrode = [self._overrode(one.slot) for one in choice.offers]
        kinds = [one.kind for one in choice.offers]
        return Found(
            offers=tuple(map(FoundOffer, slots, kinds, overrode)),
            searched_until=date.fromordinal((known[-1] if known else self._days).end_s - 1),
            is_exhausted=not subtract([self._days], known) and not choice.more,
            sentence=None if choice.offers else self._nothing(),
        )

    def _overrode(self, slot: Slot) -> tuple[Cause, ...]:
        """What the rules say against a slot that was sought without some of them."""
        if not self._command.overrides:
            return ()
        picture = next(one for within, one in self._read if within.start_s <= slot.start_s < within.end_s)
        times = [picture.times[one] for one in slot.artist_ids]
        return verdict(times, picture.request(self._now_s), slot.start_s).causes

    def _nothing(self) -> Message:
        last = date.fromordinal(self._days.end_s - 1)
        if self._days.end_s <= self._days.start_s:
            return message("The studio books no further than {day}. Choose an earlier date.", day=last)
        if self._declined:
            return message("Nothing else fits until {day}. Ask for other times, days or artists.", day=last)
        return message("Nothing fits until {day}. Ask for other times, days or artists.", day=last)


def _without_own(slots: Iterable[Slot], booking: Booking) -> list[Slot]:
    """Where a booking could go: not where it stands."""
    own = to_seconds(booking.starts_at), artists_of(booking)
    return [slot for slot in slots if (slot.start_s, slot.artist_ids) != own]


def _radii(teams: int) -> Iterator[int]:
    """How many days after the first one, and around the asked one, are read at first, and then if need be."""
    radius = max(_FIRST_DAYS // teams, _FEWEST_DAYS)
    while radius < FURTHEST_DAYS:
        yield radius
        radius *= _GROWTH
    yield FURTHEST_DAYS


def _teams(uow: UnitOfWork, service: Service, command: FindCommand) -> list[Team]:
    """Who could do it; ValidationError if nobody can."""
    if command.artist_id is not None:
        check_offered(uow.artists.get(command.artist_id), service)
    teams = teams_for(uow, service, command.artist_id, command.with_artist_ids, command.style)
    if teams:
        return teams
    raise nobody_does(service, command.style)


def nobody_does(service: Service, style: str) -> ValidationError:
    """What a form is told that asks for a service which nobody does in this style ("": at all)."""
    if style:
        sentence = message("Nobody does {service} as {style}. Choose another style.", service=service.name, style=style)
        return ValidationError(sentence, field="style")
    return ValidationError(
        message("Nobody does {service}. Choose another service.", service=service.name), field="service_id"
    )
