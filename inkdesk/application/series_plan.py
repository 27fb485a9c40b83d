"""Looking ahead: the verdict about every date of a series, and sittings proposed for a project."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce

from inkdesk.application.availability_service import (
    FreeSlot,
    Judgement,
    Team,
    check_offered,
    date_span,
    members,
    named,
    nearest,
    search,
    teams_for,
)
from inkdesk.application.finder_service import nobody_does
from inkdesk.application.picture import Picture
from inkdesk.application.placing import Place, place_of
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork
from inkdesk.application.reasons import sentences
from inkdesk.application.series_commands import PlannedDate, PlanSeries, ProposeSittings
from inkdesk.domain.artists import Artist
from inkdesk.domain.availability import TAKEN, Slot
from inkdesk.domain.catalogue import Service
from inkdesk.domain.message import Message, message
from inkdesk.domain.series import TOLERANCE, SeriesDate, check_project, next_sitting, series_starts
from inkdesk.domain.spans import Span, to_seconds, to_seconds_up
from inkdesk.domain.studio import Studio

HORIZON = timedelta(days=365)
"""How far ahead sittings are proposed."""
_FIRST_LOOK_DAYS = 28
"""What is read first; each further look is twice as long."""
_A_DAY = timedelta(days=1)
_ALTERNATIVES = 3


class SeriesPlan:
    """Reads only; nothing is kept for anybody until it is booked."""

    def __init__(self, read: ReadUnit, clock: Clock) -> None:
        self._read = read
        self._clock = clock

    def plan(self, command: PlanSeries) -> list[PlannedDate]:
        """A verdict per date, also against the dates before it in the same series; the refused with alternatives.

        Raises ValidationError for a rule or a length that cannot be, or an artist who does not do the service.
        """
        now_s = to_seconds_up(self._clock.now())
        with self._read() as uow:
            studio = uow.studio.get()
            dates = series_starts(command.first, command.repeat, studio.zone_info)
            service = uow.catalogue.service(command.service_id).lasting(command.sitting_s)
            place = place_of(uow, (command.artist_id, *command.with_artist_ids), service, command.first)
            for artist in place.artists:
                check_offered(artist, service)
            book = _Book(uow, studio, service, now_s)
            series = InTurn(uow, book.picture(place.artists, around(one.starts_at for one in dates)), now_s)
            found = [series.at(place.artists, one) for one in dates]
            return [one if one.is_free else _with_alternatives(one, book, place, series.taken) for one in found]

    def propose(self, command: ProposeSittings) -> list[FreeSlot]:
        """Free starts for the sittings of a project, in order; fewer than asked if the year ahead has no more.

        Each is free in the book as it will be once those before it are booked. Raises ValidationError for a number of
        sittings or days to heal that cannot be, for a service or further artist that do not go together, for a length
        that cannot be, and for a style that nobody has.
        """
        check_project(command.count, command.gap_days)
        with self._read() as uow:
            return _Proposal(uow, command, self._clock.now()).run()


class InTurn:
    """Judges sittings of one service and one length in order: each against the book, and against those before it.

    ``picture`` is the book around all of them, less the bookings ``without``. What is free counts as taken for what
    follows, and so does what a reason is enough for: booked with that reason, the later ones would meet it.
    """

    def __init__(self, uow: UnitOfWork, picture: Picture, now_s: int, *, without: Collection[int] = ()) -> None:
        self._uow = uow
        self._book = picture
        self._with_own = picture
        self._now_s = now_s
        self._without = without
        self.taken: list[Slot] = []

    def at(self, artists: Sequence[Artist], day: SeriesDate) -> PlannedDate:
        """The verdict about the next sitting."""
        if day.starts_at is None:
            return PlannedDate(wall=day.wall, starts_at=None, sentence=does_not_exist(day.wall))
        ids, start_s = tuple(one.id for one in artists), to_seconds(day.starts_at)
        together = Judgement(self._with_own.verdict(ids, self._now_s, start_s))
        if together.is_free or together.can_override:
            slot = Slot(start_s, start_s + self._book.sitting.sitting_s, ids, together.verdict.station_ids)
            self._with_own = self._with_own.taking(slot)
            self.taken.append(slot)
        if together.is_free:
            return PlannedDate(wall=day.wall, starts_at=day.starts_at)
        why = self._why(artists, day.starts_at, together)
        return PlannedDate(wall=day.wall, starts_at=day.starts_at, sentence=why, can_override=together.can_override)

    def _why(self, artists: Sequence[Artist], starts_at: datetime, together: Judgement) -> Message:
        """What is said first; nobody has a time that only the series itself has taken."""
        answer = together.verdict
        if together.is_taken:
            answer = self._book.verdict([one.id for one in artists], self._now_s, to_seconds(starts_at))
            if not TAKEN & set(answer.causes):
                return message("This date does not go together with the earlier dates of the series. Choose another.")
        return next(sentences(self._uow, self._book, artists, answer, starts_at, self._without))


@dataclass(frozen=True, slots=True)
class _Book:
    """Where starts for one service are looked for."""

    uow: UnitOfWork
    studio: Studio
    service: Service
    now_s: int

    def picture(self, artists: Sequence[Artist], within: Span) -> Picture:
        return Picture.of(self.uow, self.studio, artists, self.service, within, self.now_s)

    def free(self, teams: Sequence[Team], within: Span, taken: Iterable[Slot]) -> list[Slot]:
        """What is free once ``taken`` is booked."""
        picture = reduce(Picture.taking, taken, self.picture(members(teams), within))
        return search(picture, teams, within, self.now_s)


class _Proposal:
    """Looks for one sitting after the other, each in the book as it will be with those before it."""

    def __init__(self, uow: UnitOfWork, command: ProposeSittings, now: datetime) -> None:
        studio, service = uow.studio.get(), uow.catalogue.service(command.service_id).lasting(command.sitting_s)
        today = now.astimezone(studio.zone_info).date()
        self._book = _Book(uow, studio, service, to_seconds_up(now))
        self._zone = studio.zone_info
        self._teams = teams_for(uow, service, command.artist_id, command.with_artist_ids, command.style)
        if command.style and not self._teams:
            raise nobody_does(service, command.style)
        self._count = command.count
        self._gap = timedelta(days=command.gap_days)
        self._earliest = max(command.from_date, today)
        self._last = today + HORIZON
        self._chosen: list[Slot] = []

    def run(self) -> list[FreeSlot]:
        """All sittings, or as many as there are."""
        while len(self._chosen) < self._count:
            slot = self._next()
            if slot is None:
                break
            self._chosen.append(slot)
            self._teams = [team for team in self._teams if tuple(one.id for one in team) == slot.artist_ids]
            self._earliest = self._start(slot).date() + self._gap
        return named(self._teams, self._chosen, self._zone)

    def _next(self) -> Slot | None:
        slots = self._slots()
        if not slots or not self._chosen:
            return next(iter(slots), None)
        starts = [self._start(slot) for slot in slots]
        start = next_sitting(starts, self._earliest, self._start(self._chosen[0]))
        return None if start is None else slots[starts.index(start)]

    def _slots(self) -> list[Slot]:
        """The first free starts on the earliest date or later, with all of the week that begins with them."""
        days, earliest = _FIRST_LOOK_DAYS, self._earliest
        while earliest <= self._last:
            until = min(earliest + timedelta(days=days - 1), self._last)
            slots = self._free(earliest, until)
            if slots:
                needed = min(self._start(slots[0]).date() + TOLERANCE, self._last)
                return slots + self._free(until + _A_DAY, needed) if needed > until else slots
            earliest, days = until + _A_DAY, days * 2
        return []

    def _free(self, first: date, last: date) -> list[Slot]:
        return self._book.free(self._teams, date_span(self._zone, first, last), self._chosen)

    def _start(self, slot: Slot) -> datetime:
        return datetime.fromtimestamp(slot.start_s, self._zone)


def _with_alternatives(planned: PlannedDate, book: _Book, place: Place, taken: Sequence[Slot]) -> PlannedDate:
    """With the nearest starts that go together with all other dates."""
    near = planned.starts_at or planned.wall.replace(tzinfo=book.studio.zone_info)
    others = [slot for slot in taken if slot.start_s != to_seconds(near)]
    found = nearest(lambda within: book.free([place.artists], within, others), near, _ALTERNATIVES)
    return replace(planned, alternatives=tuple(named([place.artists], found, book.studio.zone_info)))


def around(starts: Iterable[datetime | None]) -> Span:
    """From the first start to the last; at least one must exist."""
    seconds = [to_seconds(start) for start in starts if start is not None]
    return Span(min(seconds), max(seconds) + 1)


def does_not_exist(wall: datetime) -> Message:
    """What is said of a wall time that the clock jumps over."""
    return message(
        "{start} does not exist: the clock is put forward over it. Choose another time.",
        start=wall.strftime("%Y-%m-%d %H:%M"),
    )
