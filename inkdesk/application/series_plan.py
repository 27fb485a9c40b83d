"""Looking ahead: the verdict about every date of a series, and sittings proposed for a project."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from inkdesk.application.availability_service import AvailabilityService, FreeSlot, Judgement, check_offered
from inkdesk.application.picture import Picture
from inkdesk.application.placing import Place, place_of
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork
from inkdesk.application.reasons import sentences
from inkdesk.application.series_commands import PlannedDate, PlanSeries, ProposeSittings
from inkdesk.domain.availability import ArtistTime, StationPool, Verdict, verdict
from inkdesk.domain.message import Message, message
from inkdesk.domain.series import TOLERANCE, SeriesDate, check_project, next_sitting, series_starts
from inkdesk.domain.sitting import kept_from, occupied_by_artist
from inkdesk.domain.spans import Span, to_seconds, to_seconds_up
from inkdesk.domain.studio import Studio

HORIZON = timedelta(days=365)
"""How far ahead sittings are proposed."""
_FIRST_LOOK_DAYS = 28
"""What is read first; each further look is twice as long."""
_A_DAY = timedelta(days=1)


class SeriesPlan:
    """Reads only; nothing is kept for anybody until it is booked."""

    def __init__(self, read: ReadUnit, clock: Clock, availability: AvailabilityService) -> None:
        self._read = read
        self._clock = clock
        self._availability = availability

    def plan(self, command: PlanSeries) -> list[PlannedDate]:
        """A verdict per date, also against the free dates before it in the same series; the refused with alternatives.

        Raises ValidationError for a rule that cannot be, or an artist who does not do the service.
        """
        now_s = to_seconds_up(self._clock.now())
        with self._read() as uow:
            studio = uow.studio.get()
            dates = series_starts(command.first, command.repeat, studio.zone_info)
            service = uow.catalogue.service(command.service_id)
            place = place_of(uow, (command.artist_id, *command.with_artist_ids), service, command.first)
            look = _Look(uow, studio, place, dates, now_s)
            found = [look.at(one) for one in dates]
        return [one if one.is_free else self._with_alternatives(command, one, studio) for one in found]

    def propose(self, command: ProposeSittings) -> list[FreeSlot]:
        """Free starts for the sittings of a project, in order; fewer than asked if the year ahead has no more.

        Raises ValidationError for a number of sittings or days to heal that cannot be.
        """
        check_project(command.count, command.gap_days)
        with self._read() as uow:
            today = self._clock.now().astimezone(uow.studio.get().zone_info).date()
        last = today + HORIZON
        chosen = self._from(command, command.artist_id, max(command.from_date, today), last)[:1]
        while chosen and len(chosen) < command.count:
            earliest = chosen[-1].starts_at.date() + timedelta(days=command.gap_days)
            slots = self._from(command, chosen[0].artist_id, earliest, last)
            start = next_sitting([slot.starts_at for slot in slots], earliest, chosen[0].starts_at)
            if start is None:
                break
            chosen.append(next(slot for slot in slots if slot.starts_at is start))
        return chosen

    def _from(self, command: ProposeSittings, artist_id: int | None, earliest: date, last: date) -> list[FreeSlot]:
        """The first free starts on ``earliest`` or later, with all of the week that begins with them."""

        def read(first: date, until: date) -> list[FreeSlot]:
            return self._availability.slots(
                artist_id, command.service_id, first, until, with_artist_ids=command.with_artist_ids
            )

        days = _FIRST_LOOK_DAYS
        while earliest <= last:
            until = min(earliest + timedelta(days=days - 1), last)
            slots = read(earliest, until)
            if slots:
                needed = min(slots[0].starts_at.date() + TOLERANCE, last)
                return slots + read(until + _A_DAY, needed) if needed > until else slots
            earliest, days = until + _A_DAY, days * 2
        return []

    def _with_alternatives(self, command: PlanSeries, planned: PlannedDate, studio: Studio) -> PlannedDate:
        near = planned.starts_at or planned.wall.replace(tzinfo=studio.zone_info)
        found = self._availability.alternatives(
            command.artist_id, command.service_id, near, with_artist_ids=command.with_artist_ids
        )
        return replace(planned, alternatives=tuple(found))


class _Look:
    """Judges the dates of one series in order: each against the book, and against the free ones before it."""

    def __init__(self, uow: UnitOfWork, studio: Studio, place: Place, dates: list[SeriesDate], now_s: int) -> None:
        for artist in place.artists:
            check_offered(artist, place.service)
        starts = [to_seconds(one.starts_at) for one in dates if one.starts_at is not None]
        within = Span(starts[0], starts[-1] + 1)
        self._uow = uow
        self._place = place
        self._picture = Picture.of(uow, studio, place.artists, place.service, within, now_s)
        self._request = self._picture.request(now_s)
        self._times = [self._picture.times[artist.id] for artist in place.artists]
        self._with_own = (self._times, self._request)

    def at(self, day: SeriesDate) -> PlannedDate:
        """The verdict about the next date."""
        if day.starts_at is None:
            return PlannedDate(wall=day.wall, starts_at=None, sentence=does_not_exist(day.wall))
        start_s = to_seconds(day.starts_at)
        answer = verdict(self._times, self._request, start_s)
        if not answer.is_free:
            return self._refused(day, day.starts_at, answer)
        times, request = self._with_own
        together = verdict(times, request, start_s)
        if not together.is_free:
            sentence = message("This date does not go together with the earlier dates of the series. Choose another.")
            return PlannedDate(wall=day.wall, starts_at=day.starts_at, sentence=sentence)
        sitting = Span(start_s, start_s + self._request.sitting.sitting_s)
        kept = [
            _busier(time, sitting, occupied_by_artist(start_s, request.sitting, time.hours.pause_s)) for time in times
        ]
        pools = tuple(_fuller(pool, start_s, together.station_ids) for pool in request.pools)
        self._with_own = (kept, replace(request, pools=pools))
        return PlannedDate(wall=day.wall, starts_at=day.starts_at)

    def _refused(self, day: SeriesDate, starts_at: datetime, answer: Verdict) -> PlannedDate:
        why = tuple(sentences(self._uow, self._picture, self._place.artists, answer, starts_at))
        judged = Judgement(answer, why)
        return PlannedDate(
            wall=day.wall, starts_at=starts_at, sentence=judged.sentence, can_override=judged.can_override
        )


def does_not_exist(wall: datetime) -> Message:
    """What is said of a wall time that the clock jumps over."""
    return message(
        "{start} does not exist: the clock is put forward over it. Choose another time.",
        start=wall.strftime("%Y-%m-%d %H:%M"),
    )


def _busier(time: ArtistTime, sitting: Span, occupied: Span) -> ArtistTime:
    return replace(time, busy=(*time.busy, occupied), sittings=(*time.sittings, sitting))


def _fuller(pool: StationPool, start_s: int, taken: tuple[int, ...]) -> StationPool:
    kept = kept_from(start_s, pool.need)
    return StationPool(
        pool.need, {unit: (*busy, *kept) if unit in taken else busy for unit, busy in pool.units.items()}
    )
