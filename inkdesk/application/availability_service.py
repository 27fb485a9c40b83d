"""What is free, asked by the dialogs, the command line and the booking transaction alike."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from inkdesk.application.picture import Picture
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork
from inkdesk.application.reasons import nobody_is_free, sentences, sentences_of_all
from inkdesk.domain.artists import Artist
from inkdesk.domain.availability import TAKEN, Cause, Slot, Verdict, free_slots, slots_of_any, verdict
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.hours import DAY_S
from inkdesk.domain.message import Message, message
from inkdesk.domain.sitting import LONGEST_S
from inkdesk.domain.slot_rules import check_year
from inkdesk.domain.spans import Span, to_seconds, to_seconds_up
from inkdesk.domain.studio import Studio

MOST_DAYS = 366
"""The longest range one search may cover."""
OVERRIDABLE = frozenset(Cause) - TAKEN - {Cause.PAST}
"""Rules of the house: a reason on the record is enough to book against them."""
_ALTERNATIVE_DAYS = (2, 14, 90)
"""How far alternatives are looked for around a refused start, if the days before did not have enough."""


class FreeSlot(NamedTuple):
    """A start that can be booked, with the artists who are free and the station units that would be taken.

    Both instants are aware, in the studio's zone.
    """

    artist_ids: tuple[int, ...]
    artist_names: tuple[str, ...]
    station_ids: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime

    @property
    def artist_id(self) -> int:
        """The first artist."""
        return self.artist_ids[0]

    @property
    def artist_name(self) -> str:
        """The first artist's name."""
        return self.artist_names[0]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer about one start: free, or why not (a sentence for each cause, the weightiest first)."""

    verdict: Verdict
    sentences: tuple[Message, ...] = ()

    @property
    def sentence(self) -> Message | None:
        """The sentence for the weightiest cause; None if the start is free."""
        return self.sentences[0] if self.sentences else None

    @property
    def is_free(self) -> bool:
        """Whether it can be booked as it is."""
        return self.verdict.is_free

    @property
    def is_taken(self) -> bool:
        """Whether somebody else has an artist or the stations; nobody may override that."""
        return bool(TAKEN & set(self.verdict.causes))

    @property
    def can_override(self) -> bool:
        """Whether a reason on the record is enough to book it."""
        return not self.is_free and OVERRIDABLE.issuperset(self.verdict.causes)


class AvailabilityService:
    """Offers slots and judges starts."""

    def __init__(self, read: ReadUnit, clock: Clock) -> None:
        self._read = read
        self._clock = clock

    def slots(
        self,
        artist_id: int | None,
        service_id: int,
        first: date,
        last: date,
        *,
        with_artist_ids: Collection[int] = (),
        style: str = "",
        sitting_s: int | None = None,
        waived: frozenset[Cause] = frozenset(),
    ) -> list[FreeSlot]:
        """Free starts of one artist (None: of anyone who does the service), by start, then artist.

        ``first`` and ``last`` are dates of the studio's zone, both included. ``with_artist_ids`` must be free at the
        same time; ``style`` keeps only artists who have it; ``sitting_s`` is another length than the service's;
        ``waived`` are rules that the desk will override.
        ValidationError if the dates are the wrong way round or more than a year apart, or an artist is named twice.
        """
        check_dates(first, last)
        if (last - first).days > MOST_DAYS:
            raise ValidationError(message("Search at most one year at a time."), field="last")
        now_s = to_seconds_up(self._clock.now())

        def look(uow: UnitOfWork) -> list[FreeSlot]:
            studio = uow.studio.get()
            service = uow.catalogue.service(service_id).lasting(sitting_s)
            teams = teams_for(uow, service, artist_id, with_artist_ids, style)
            within = date_span(studio.zone_info, first, last)
            picture = Picture.of(uow, studio, members(teams), service, within, now_s)
            return named(teams, search(picture, teams, within, now_s, waived), studio.zone_info)

        return self._read().glance(look)

    def judge(
        self,
        artist_id: int,
        service_id: int,
        starts_at: datetime,
        *,
        with_artist_ids: Collection[int] = (),
        sitting_s: int | None = None,
    ) -> Judgement:
        """Whether this start can be booked now with all of these artists, and if not, why.

        ValidationError for what cannot be booked at any time: an artist who does not do the service or is named twice,
        a length beyond a week, a start without a zone.
        """
        artist_ids = (artist_id, *with_artist_ids)
        check_each_once(artist_ids)
        now = self._clock.now()

        def look(uow: UnitOfWork) -> Judgement:
            studio = uow.studio.get()
            service = uow.catalogue.service(service_id).lasting(sitting_s)
            artists = [uow.artists.get(one) for one in artist_ids]
            return judge_in(uow, studio, artists, service, starts_at, now)

        return self._read().glance(look)

    def judge_any(
        self,
        service_id: int,
        starts_at: datetime,
        *,
        with_artist_ids: Collection[int] = (),
        sitting_s: int | None = None,
    ) -> tuple[int, Judgement]:
        """Who can start then, with all of ``with_artist_ids``: the first artist who is free, and the verdict.

        If nobody is, it is the first who does the service, with what stands against everybody, or that nobody is free.
        However many artists there are, it is one picture. ValidationError if nobody does the service.
        """
        now = self._clock.now()

        def look(uow: UnitOfWork) -> tuple[int, Judgement]:
            studio = uow.studio.get()
            service = uow.catalogue.service(service_id).lasting(sitting_s)
            teams = _teams_of_anyone(uow, service, with_artist_ids)
            return _first_free(uow, studio, teams, service, starts_at, now)

        return self._read().glance(look)

    def alternatives(
        self,
        artist_id: int | None,
        service_id: int,
        near: datetime,
        *,
        with_artist_ids: Collection[int] = (),
        sitting_s: int | None = None,
        count: int = 3,
    ) -> list[FreeSlot]:
        """The free starts nearest to ``near``, before and after it, the nearest first; the earlier if equally near."""
        now_s = to_seconds_up(self._clock.now())

        def look(uow: UnitOfWork) -> list[FreeSlot]:
            studio = uow.studio.get()
            service = uow.catalogue.service(service_id).lasting(sitting_s)
            teams = teams_for(uow, service, artist_id, with_artist_ids)

            def free(within: Span) -> list[Slot]:
                return search(Picture.of(uow, studio, members(teams), service, within, now_s), teams, within, now_s)

            return named(teams, nearest(free, near, count), studio.zone_info)

        return self._read().glance(look, in_pieces=True)


Team = tuple[Artist, ...]
"""Artists who work at the same time; usually one."""


def teams_for(
    uow: UnitOfWork, service: Service, artist_id: int | None, with_artist_ids: Collection[int] = (), style: str = ""
) -> list[Team]:
    """Who could do it: the artist (None: each active one who does the service and has the style), with the others.

    Raises ValidationError if the service is archived or lasts too long, if one of the others does not do it, or if an
    artist is named twice.
    """
    check_each_once(with_artist_ids if artist_id is None else (artist_id, *with_artist_ids))
    if not service.is_active:
        raise ValidationError(_archived(service), field="service_id")
    if sum(service.sitting) > LONGEST_S:
        raise ValidationError(_too_long(), field="sitting_s")
    others = tuple(uow.artists.get(one) for one in with_artist_ids)
    for one in others:
        check_offered(one, service)
    first = [uow.artists.get(artist_id)] if artist_id is not None else uow.artists.all()
    sought = style.strip().casefold()
    return [
        (one, *others)
        for one in first
        if not any(_not_offered(one, service))
        and (not sought or sought in {own.casefold() for own in one.styles})
        and one not in others
    ]


def members(teams: Iterable[Team]) -> list[Artist]:
    """Everybody in the teams, once."""
    return list({artist.id: artist for team in teams for artist in team}.values())


def search(
    picture: Picture, teams: Sequence[Team], within: Span, now_s: int, waived: frozenset[Cause] = frozenset()
) -> list[Slot]:
    """Every free slot of the teams in a range that the picture covers, by start, then artist."""
    request = picture.request(now_s, waived)
    if all(len(team) == 1 for team in teams):
        return slots_of_any([picture.times[team[0].id] for team in teams], request, within)
    found: list[Slot] = []
    for team in teams:
        found += free_slots([picture.times[artist.id] for artist in team], request, within)
    return sorted(found)


def check_moment(moment: datetime, field: str) -> None:
    """Raise ValidationError for a moment without a zone, or in a year in which nobody books."""
    if moment.tzinfo is None:
        raise ValidationError(message("The start needs a time zone."), field=field)
    check_year(moment.date(), field)


def nearest(look: Callable[[Span], list[Slot]], near: datetime, count: int) -> list[Slot]:
    """Of all slots that ``look`` finds the nearest to ``near``, the earlier if equally near; far days only if need be.

    ValidationError for a year in which nobody books, and for a moment without a zone.
    """
    check_moment(near, "near")
    near_s = to_seconds(near)
    found: list[Slot] = []
    for days in _ALTERNATIVE_DAYS:
        found = look(Span(near_s - days * DAY_S, near_s + days * DAY_S + 1))
        if len(found) >= count:
            break
    return sorted(found, key=lambda slot: (abs(slot.start_s - near_s), slot))[:count]


def named(teams: Iterable[Team], slots: Iterable[Slot], zone: ZoneInfo) -> list[FreeSlot]:
    """Slots as the desk reads them."""
    names = {tuple(artist.id for artist in team): tuple(artist.name for artist in team) for team in teams}
    at = datetime.fromtimestamp
    return [
        FreeSlot(artist_ids, names[artist_ids], station_ids, at(start_s, zone), at(end_s, zone))
        for start_s, end_s, artist_ids, station_ids in slots
    ]


def judge_in(
    uow: UnitOfWork,
    studio: Studio,
    artists: Sequence[Artist],
    service: Service,
    starts_at: datetime,
    now: datetime,
    *,
    without: Collection[int] = (),
) -> Judgement:
    """Judge one start within a unit of work: the same answer for the dialog and for the booking transaction.

    Claims of the bookings ``without`` do not count: they are about to move.
    """
    check_moment(starts_at, "starts_at")
    start_s, now_s = to_seconds(starts_at), to_seconds_up(now)
    for artist in artists:
        check_offered(artist, service)
    within = Span(start_s, start_s + 1)
    picture = Picture.of(uow, studio, artists, service, within, now_s, without=without)
    answer = verdict([picture.times[artist.id] for artist in artists], picture.request(now_s), start_s)
    if answer.is_free:
        return Judgement(answer)
    return Judgement(answer, tuple(sentences(uow, picture, artists, answer, starts_at, without)))


def _teams_of_anyone(uow: UnitOfWork, service: Service, with_artist_ids: Collection[int]) -> list[Team]:
    """Who could do it, one team at least; ValidationError if nobody does it, or it is too long with anybody's pause."""
    teams = teams_for(uow, service, None, with_artist_ids)
    if teams:
        return teams
    for artist in uow.artists.all():
        if service.is_done_by(artist.id) and artist.id not in with_artist_ids:
            check_offered(artist, service)
    raise ValidationError(message("No artist does this service. Choose another service."), field="service_id")


def _first_free(
    uow: UnitOfWork, studio: Studio, teams: Sequence[Team], service: Service, starts_at: datetime, now: datetime
) -> tuple[int, Judgement]:
    """The first of the teams, of which there is one at least, that can start then; else what stands against all."""
    check_moment(starts_at, "starts_at")
    start_s, now_s = to_seconds(starts_at), to_seconds_up(now)
    artists = members(teams)
    picture = Picture.of(uow, studio, artists, service, Span(start_s, start_s + 1), now_s)
    request = picture.request(now_s)
    answers: list[Verdict] = []
    for team in teams:
        answers.append(verdict([picture.times[artist.id] for artist in team], request, start_s))
        if answers[-1].is_free:
            return team[0].id, Judgement(answers[-1])
    said = sentences_of_all(uow, picture, artists, answers, starts_at) or [nobody_is_free(starts_at)]
    return teams[0][0].id, Judgement(answers[0], tuple(said))


def check_each_once(artist_ids: Collection[int]) -> None:
    """Raise ValidationError if an artist is named twice: nobody works beside themselves."""
    if len(set(artist_ids)) < len(artist_ids):
        raise ValidationError(message("An artist is named twice. Choose each artist once."), field="with_artist_ids")


def check_offered(artist: Artist, service: Service) -> None:
    """Raise ValidationError unless the artist works here and does the service, and it may last so long."""
    for problem, field in _not_offered(artist, service):
        raise ValidationError(problem, field=field)


def _not_offered(artist: Artist, service: Service) -> Iterator[tuple[Message, str]]:
    if not artist.is_active:
        yield message("{artist} is archived. Choose another artist.", artist=artist.name), "artist_id"
    if not service.is_active:
        yield _archived(service), "service_id"
    if not service.is_done_by(artist.id):
        sentence = message(
            "{artist} does not offer {service}. Choose another artist.", artist=artist.name, service=service.name
        )
        yield sentence, "artist_id"
    if sum(service.sitting) + artist.pause_s > LONGEST_S:
        yield _too_long(), "sitting_s"


def _too_long() -> Message:
    return message("A booking keeps its artist for at most 7 days. Book several sittings.")


def _archived(service: Service) -> Message:
    return message("{service} is archived. Choose another service.", service=service.name)


def check_dates(first: date, last: date) -> None:
    """Raise ValidationError for dates that are the wrong way round, or of years in which nobody books."""
    if last < first:
        raise ValidationError(message("The last date lies before the first. Swap them."), field="last")
    check_year(first, "first")
    check_year(last, "last")


def date_span(zone: ZoneInfo, first: date, last: date) -> Span:
    """Real time from the start of ``first`` to the end of ``last``, as the zone's calendar shows them."""
    after = last + timedelta(days=1)
    start = datetime(first.year, first.month, first.day, tzinfo=zone)
    end = datetime(after.year, after.month, after.day, tzinfo=zone)
    return Span(to_seconds(start), to_seconds(end))
