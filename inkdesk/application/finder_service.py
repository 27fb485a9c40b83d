"""Finding the next openings: three offers out of the whole book, read no further than the answer needs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from inkdesk.application.availability_service import FreeSlot
from inkdesk.application.picture import Picture
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork
from inkdesk.domain.artists import Artist
from inkdesk.domain.availability import Cause, Slot, free_slots, slots_of_any, verdict
from inkdesk.domain.catalogue import Service, check_service
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.finder import Choice, Offer, OfferKind, SlotKey, Wish, choose
from inkdesk.domain.message import Message, message
from inkdesk.domain.spans import Span, intersect, merge, subtract, to_instant, to_seconds, to_seconds_up
from inkdesk.domain.studio import Studio

OVERRIDABLE = frozenset({Cause.TOO_SOON, Cause.TOO_FAR})
"""Rules that the finder may be asked to look beyond; booking such an offer needs a reason on the record."""

FURTHEST_DAYS = 365
"""The finder looks at most so many days beyond its first date, also if the studio books further ahead."""

RADII = (6, 27, 90, FURTHEST_DAYS)
"""How many days after the first date, and around the asked one, are read at first, and then if that is not enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindCommand:
    """What is sought.

    ``sitting_s`` is the length of the sitting in seconds, None for the service's own. ``artist_ids``: one artist,
    several at once, or empty for anyone who does the service, with ``style`` ("" = any) among their styles.
    ``earliest`` is the first date of the studio's zone to look at, None for today. ``overrides`` are rules to look
    beyond, out of ``OVERRIDABLE``: each offer says which of them it really needs.
    """

    service_id: int
    sitting_s: int | None = None
    artist_ids: tuple[int, ...] = ()
    style: str = ""
    earliest: date | None = None
    wish: Wish = Wish()
    overrides: frozenset[Cause] = frozenset()


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
        if not command.overrides <= OVERRIDABLE:
            raise ValidationError(
                message("The finder looks only beyond the minimum notice and the furthest date."), field="overrides"
            )
        with self._read() as uow:
            return _Search(uow, command, frozenset(declined), self._clock.now()).run()


class _Search:
    """One search: reads whole days, in growing ranges, until no unread day could change the answer."""

    def __init__(self, uow: UnitOfWork, command: FindCommand, declined: frozenset[SlotKey], now: datetime) -> None:
        self._uow = uow
        self._command = command
        self._declined = declined
        self._now_s = to_seconds_up(now)
        self._studio = uow.studio.get()
        self._zone = self._studio.zone_info
        self._service = _sought(uow.catalogue.service(command.service_id), command.sitting_s)
        self._artists = _who(uow, command, self._service)
        self._first = max(command.earliest or date.min, now.astimezone(self._zone).date())
        self._days = Span(self._first.toordinal(), self._last(now).toordinal() + 1)
        self._pictures: list[Picture] = []
        self._slots: list[Slot] = []

    def run(self) -> Found:
        """Read until the offers are certain."""
        known: list[Span] = []
        choice = Choice([], is_certain=True, more=0)
        for radius in RADII:
            wanted = self._within(radius)
            for days in subtract(wanted, known):
                self._look_at(days)
            known = wanted
            choice = self._choice(subtract([self._days], known))
            if choice.is_certain:
                break
        return self._found(choice, known)

    def _last(self, now: datetime) -> date:
        """The last date to look at."""
        rules = self._studio.slot_rules
        last = self._first + timedelta(days=FURTHEST_DAYS)
        if Cause.TOO_FAR in self._command.overrides:
            return last
        if rules.horizon_days is not None:
            last = min(last, now.astimezone(self._zone).date() + timedelta(days=rules.horizon_days))
        return last if rules.last_date is None else min(last, rules.last_date)

    def _within(self, radius: int) -> list[Span]:
        """The days to know: those after the first one, and those around the asked one."""
        near_s = self._command.wish.near_s
        asked = self._days.start_s if near_s is None else to_instant(near_s).astimezone(self._zone).toordinal()
        around = (Span(day - radius, day + radius + 1) for day in (self._days.start_s, asked))
        return intersect(merge(around), [self._days] if self._days.start_s < self._days.end_s else [])

    def _look_at(self, days: Span) -> None:
        picture = Picture.of(self._uow, self._studio, self._artists, self._service, self._real(days))
        times = [picture.artist_time(artist) for artist in self._artists]
        find = free_slots if self._command.artist_ids else slots_of_any
        request = picture.request(self._now_s, self._command.overrides)
        self._slots += find(times, request, picture.within)
        self._pictures.append(picture)

    def _choice(self, unread: Sequence[Span]) -> Choice:
        real = [self._real(days) for days in unread]
        return choose(self._slots, self._command.wish, self._zone, self._declined, real)

    def _real(self, days: Span) -> Span:
        """Whole days as real time."""
        return Span(*(to_seconds(datetime.fromordinal(day).replace(tzinfo=self._zone)) for day in days))

    def _found(self, choice: Choice, known: Sequence[Span]) -> Found:
        is_all = not subtract([self._days], known)
        return Found(
            offers=tuple(self._offer(one) for one in choice.offers),
            searched_until=date.fromordinal((known[-1] if known else self._days).end_s - 1),
            is_exhausted=is_all and not choice.more,
            sentence=None if choice.offers else self._nothing(),
        )

    def _offer(self, offer: Offer) -> FoundOffer:
        slot = offer.slot
        names = {artist.id: artist.name for artist in self._artists}
        free = FreeSlot(
            artist_ids=slot.artist_ids,
            artist_names=tuple(names[one] for one in slot.artist_ids),
            station_ids=slot.station_ids,
            starts_at=to_instant(slot.start_s).astimezone(self._zone),
            ends_at=to_instant(slot.end_s).astimezone(self._zone),
        )
        return FoundOffer(free, offer.kind, self._overrode(slot))

    def _overrode(self, slot: Slot) -> tuple[Cause, ...]:
        """What the rules say against a slot that was found without some of them."""
        overrides = self._command.overrides
        if not overrides:
            return ()
        picture = next(one for one in self._pictures if one.within.start_s <= slot.start_s < one.within.end_s)
        times = [picture.artist_time(artist) for artist in self._artists if artist.id in slot.artist_ids]
        causes = verdict(times, picture.request(self._now_s, frozenset()), slot.start_s).causes
        return tuple(cause for cause in causes if cause in overrides)

    def _nothing(self) -> Message:
        last = date.fromordinal(self._days.end_s - 1)
        if self._days.end_s <= self._days.start_s:
            return message("The studio books no further than {day}. Choose an earlier date.", day=last)
        if self._declined:
            return message("Nothing else fits until {day}. Ask for other times, days or artists.", day=last)
        return message("Nothing fits until {day}. Ask for other times, days or artists.", day=last)


def _sought(service: Service, sitting_s: int | None) -> Service:
    """The service with the asked length. ValidationError if the sitting cannot be so short."""
    if sitting_s is None:
        return service
    sought = replace(service, sitting=service.sitting._replace(sitting_s=sitting_s))
    check_service(sought)
    return sought


def _who(uow: UnitOfWork, command: FindCommand, service: Service) -> list[Artist]:
    """The asked artists, or everyone who would do."""
    if command.artist_ids:
        return [uow.artists.get(artist_id) for artist_id in command.artist_ids]
    return []
