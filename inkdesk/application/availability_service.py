"""What is free, asked by the dialogs, the command line and the booking transaction alike."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from inkdesk.application.picture import Picture
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork
from inkdesk.application.reasons import TAKEN, reason
from inkdesk.domain.artists import Artist
from inkdesk.domain.availability import Cause, Verdict
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import Message, message
from inkdesk.domain.spans import Span, to_instant, to_seconds
from inkdesk.domain.studio import Studio

MOST_DAYS = 366
"""The longest range one search may cover."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSlot:
    """A start that can be booked, with the artist who is free."""

    artist_id: int
    artist_name: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer about one start: free, or why not (one sentence) and whether a reason may override it."""

    verdict: Verdict
    sentence: Message | None
    is_past: bool = False

    @property
    def is_free(self) -> bool:
        """Whether it can be booked as it is."""
        return self.verdict.is_free

    @property
    def is_taken(self) -> bool:
        """Whether somebody else has the artist or every station; nobody may override that."""
        return bool(TAKEN & set(self.verdict.causes))

    @property
    def can_override(self) -> bool:
        """Whether a reason on the record is enough to book it; nobody may override the past."""
        return not self.is_past and bool(self.verdict.causes) and OVERRIDABLE.issuperset(self.verdict.causes)


OVERRIDABLE = frozenset({Cause.NOT_HERE, Cause.OUTSIDE_HOURS, Cause.ON_LEAVE, Cause.TOO_SOON, Cause.TOO_FAR})


class AvailabilityService:
    """Offers slots and judges starts."""

    def __init__(self, read: ReadUnit, clock: Clock) -> None:
        self._read = read
        self._clock = clock

    def slots(self, artist_id: int | None, service_id: int, first: date, last: date) -> list[FreeSlot]:
        """Free starts of one artist (None: of anyone who does the service), by start, then artist.

        ``first`` and ``last`` are dates of the studio's zone, both included. ValidationError if they are the
        wrong way round or more than a year apart.
        """
        if last < first:
            raise ValidationError(message("The last date lies before the first. Swap them."), field="last")
        if (last - first).days > MOST_DAYS:
            raise ValidationError(message("Search at most one year at a time."), field="last")
        with self._read() as uow:
            studio = uow.studio.get()
            service = uow.catalogue.service(service_id)
            artists = [uow.artists.get(artist_id)] if artist_id is not None else uow.artists.all()
            artists = [artist for artist in artists if artist.is_active and service.is_done_by(artist.id)]
            within = _instants(studio, first, last)
            picture = Picture.of(uow, studio, artists, service, within)
        now_s = to_seconds(self._clock.now())
        found = [slot for artist in artists for slot in picture.slots(artist, now_s)]
        names = {artist.id: artist.name for artist in artists}
        return [
            FreeSlot(
                artist_id=slot.artist_id,
                artist_name=names[slot.artist_id],
                starts_at=to_instant(slot.start_s).astimezone(studio.zone_info),
                ends_at=to_instant(slot.end_s).astimezone(studio.zone_info),
            )
            for slot in sorted(found)
        ]

    def judge(self, artist_id: int, service_id: int, starts_at: datetime) -> Judgement:
        """Whether this start can be booked now, and if not, why."""
        with self._read() as uow:
            studio = uow.studio.get()
            artist = uow.artists.get(artist_id)
            service = uow.catalogue.service(service_id)
            return judge_in(uow, studio, artist, service, starts_at, self._clock.now())


def judge_in(
    uow: UnitOfWork, studio: Studio, artist: Artist, service: Service, starts_at: datetime, now: datetime
) -> Judgement:
    """Judge one start within a unit of work: the same answer for the dialog and for the booking transaction."""
    start_s = to_seconds(starts_at)
    _check_offered(artist, service)
    within = Span(start_s - 86400, start_s + service.sitting.sitting_s + 86400)
    picture = Picture.of(uow, studio, [artist], service, within)
    answer = picture.verdict(artist, start_s, to_seconds(now))
    if answer.is_free:
        return Judgement(answer, None)
    return Judgement(answer, reason(uow, studio, artist, service, answer, starts_at, now), is_past=starts_at < now)


def _check_offered(artist: Artist, service: Service) -> None:
    if not artist.is_active:
        raise ValidationError(
            message("{artist} is archived. Choose another artist.", artist=artist.name), field="artist_id"
        )
    if not service.is_active:
        raise ValidationError(
            message("{service} is archived. Choose another service.", service=service.name), field="service_id"
        )
    if not service.is_done_by(artist.id):
        raise ValidationError(
            message(
                "{artist} does not offer {service}. Choose another artist.", artist=artist.name, service=service.name
            ),
            field="artist_id",
        )


def _instants(studio: Studio, first: date, last: date) -> Span:
    zone = studio.zone_info
    start = datetime(first.year, first.month, first.day, tzinfo=zone)
    after = last + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone)
    return Span(to_seconds(start), to_seconds(end))
