"""Why a start cannot be booked, as sentences that name who or what is in the way."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache

from inkdesk.application.picture import Picture
from inkdesk.application.ports import UnitOfWork
from inkdesk.application.text import formats
from inkdesk.domain.artists import Artist
from inkdesk.domain.availability import TAKEN, Cause, Obstacle, Verdict
from inkdesk.domain.bookings import Booking
from inkdesk.domain.hours import working_spans
from inkdesk.domain.message import Message, message
from inkdesk.domain.spans import Span, overlaps, to_instant, to_seconds
from inkdesk.domain.studio import Studio


def sentences(
    uow: UnitOfWork,
    picture: Picture,
    artists: Sequence[Artist],
    answer: Verdict,
    starts_at: datetime,
    without: Collection[int] = (),
) -> Iterator[Message]:
    """A sentence for each obstacle: the past, then collisions, then the rules of the house.

    Bookings ``without`` are not in the way: they are about to move.
    """
    asked = _Asked(uow, picture, {artist.id: artist for artist in artists}, starts_at, without)
    for obstacle in _weightiest_first(answer):
        yield _sentence(asked, obstacle)


def sentences_of_all(
    uow: UnitOfWork, picture: Picture, artists: Sequence[Artist], answers: Sequence[Verdict], starts_at: datetime
) -> list[Message]:
    """What stands against each of several teams, one ``Verdict`` each: the sentences that are true of all of them.

    An obstacle that not all have names its artist, so only a closure of the studio can read alike. What all have is
    looked up once, and leave is known already: there are no more queries for more teams.
    """
    asked = _Asked(uow, picture, {artist.id: artist for artist in artists}, starts_at, ())
    met_by_all = frozenset.intersection(*(frozenset(answer.obstacles) for answer in answers))
    say = cache(lambda obstacle: _sentence(asked, obstacle))
    first, *others = (
        [say(one) for one in _weightiest_first(answer) if one in met_by_all or one.cause is Cause.ON_LEAVE]
        for answer in answers
    )
    return [one for one in first if all(one in said for said in others)]


def nobody_is_free(starts_at: datetime) -> Message:
    """Nobody can do it then, each for a reason of their own."""
    return message("No artist is free at {time}. Choose another time.", time=starts_at)


def _weightiest_first(answer: Verdict) -> list[Obstacle]:
    order = [Cause.PAST, *sorted(TAKEN), *Cause]
    return sorted(answer.obstacles, key=lambda one: order.index(one.cause))


class _Asked:
    """What was asked, and where more is known about it."""

    def __init__(
        self,
        uow: UnitOfWork,
        picture: Picture,
        artists: dict[int, Artist],
        starts_at: datetime,
        without: Collection[int],
    ) -> None:
        self.uow = uow
        self.picture = picture
        self.artists = artists
        self.local = starts_at.astimezone(picture.studio.zone_info)
        self.start_s = to_seconds(starts_at)
        self.without = without

    @property
    def studio(self) -> Studio:
        return self.picture.studio

    @property
    def sitting(self) -> Span:
        return Span(self.start_s, self.start_s + self.picture.sitting.sitting_s)

    def in_the_way(self, resource_ids: Sequence[int], span: Span) -> Booking | None:
        """The first booking that keeps one of the resources then."""
        found = self.uow.bookings.blocking_bookings(resource_ids, span)
        return next((one for one in found if one.id not in self.without), None)

    def time(self, instant: datetime) -> str:
        return formats().time(instant.astimezone(self.studio.zone_info))


def _sentence(asked: _Asked, obstacle: Obstacle) -> Message:
    if obstacle.artist_id is None:
        return _of_request(asked, obstacle)
    artist = asked.artists[obstacle.artist_id]
    match obstacle.cause:
        case Cause.ARTIST_TAKEN:
            return _taken_by(asked, artist, obstacle)
        case Cause.ON_LEAVE:
            return _on_leave(asked, artist)
        case Cause.OUTSIDE_HOURS:
            return _outside_hours(asked, artist)
        case Cause.NOT_HERE:
            return message(
                "On {day} {artist} is not at the studio. Choose another day.",
                artist=artist.name,
                day=asked.local.date(),
            )
        case _:
            return _full(asked, artist, obstacle.cause)


def _of_request(asked: _Asked, obstacle: Obstacle) -> Message:
    match obstacle.cause:
        case Cause.PAST:
            return message("{time} is in the past. Choose a later time.", time=asked.local)
        case Cause.TOO_SOON:
            return message(
                "{time} is too soon: the studio wants {hours} hours of notice. Choose a later time.",
                time=asked.local,
                hours=f"{asked.studio.minimum_notice_s / 3600:g}",
            )
        case Cause.STATION_TAKEN:
            return _station_taken(asked, obstacle)
        case _:
            return _too_far(asked)


def _too_far(asked: _Asked) -> Message:
    """Which bound of the studio's it is; several may hold, and the plainest is told."""
    studio, day = asked.studio, asked.local.date()
    if studio.first_date is not None and day < studio.first_date:
        return message(
            "{time} is too early: the studio books from {day} on. Choose a later time.",
            time=asked.local,
            day=studio.first_date,
        )
    if studio.last_date is not None and day > studio.last_date:
        return message(
            "{time} is too far ahead: the studio books until {day}. Choose an earlier time.",
            time=asked.local,
            day=studio.last_date,
        )
    if studio.open_days is not None:
        return message(
            "{time} is too far ahead: the studio books the next {count} days that have a free time. "
            "Choose an earlier time.",
            time=asked.local,
            count=studio.open_days,
        )
    return message(
        "{time} is too far ahead: the studio books {count} days ahead. Choose an earlier time.",
        time=asked.local,
        count=studio.horizon_days or 0,
    )


def _taken_by(asked: _Asked, artist: Artist, obstacle: Obstacle) -> Message:
    span = obstacle.span or asked.sitting
    other = asked.in_the_way([artist.resource_id], span)
    if other is None:
        return _held(asked, artist, span)
    return message(
        "{artist} is taken by {client}, {start} to {end}. Choose another time.",
        artist=artist.name,
        client=asked.uow.clients.get(other.client_id).name,
        start=other.starts_at.astimezone(asked.studio.zone_info),
        end=asked.time(other.ends_at),
    )


def _held(asked: _Asked, artist: Artist, span: Span) -> Message:
    for group in asked.uow.groups.holding([artist.resource_id], span):
        return message(
            '{artist} holds "{title}", {start} to {end}. Choose another time.',
            artist=artist.name,
            title=group.title,
            start=group.starts_at.astimezone(asked.studio.zone_info),
            end=asked.time(group.ends_at),
        )
    return message(
        "{artist} is blocked from {start} to {end}. Choose another time.",
        artist=artist.name,
        start=to_instant(span.start_s).astimezone(asked.studio.zone_info),
        end=asked.time(to_instant(span.end_s)),
    )


def _station_taken(asked: _Asked, obstacle: Obstacle) -> Message:
    kind = obstacle.station_kind
    pool = next(pool for pool in asked.picture.pools if pool.need.kind == kind)
    if len(pool.units) < pool.need.units:
        return message(
            "This service needs {count} of {kind}, and the studio has {units}. Enter them in the settings.",
            count=pool.need.units,
            kind=kind,
            units=len(pool.units),
        )
    other = asked.in_the_way(list(pool.units), obstacle.span) if obstacle.span else None
    if other is None:
        return message("Every {kind} is taken at that time. Choose another time.", kind=kind)
    return message(
        "Every {kind} is taken then, one by {client} until {end}. Choose another time.",
        kind=kind,
        client=asked.uow.clients.get(other.client_id).name,
        end=asked.time(other.ends_at),
    )


def _on_leave(asked: _Asked, artist: Artist) -> Message:
    for leave in asked.uow.artists.leaves(asked.sitting):
        if leave.artist_id is None:
            return message("The studio is closed then ({reason}). Choose another time.", reason=leave.reason or "-")
        if leave.artist_id == artist.id:
            return message(
                "{artist} is on leave until {end} ({reason}). Choose another time.",
                artist=artist.name,
                end=leave.ends_at,
                reason=leave.reason or "-",
            )
    return message("{artist} is on leave then. Choose another time.", artist=artist.name)


def _outside_hours(asked: _Asked, artist: Artist) -> Message:
    midnight = asked.local.replace(hour=0, minute=0, second=0, microsecond=0)
    day = Span(to_seconds(midnight), to_seconds(midnight + timedelta(days=1)))
    spans = [one for one in working_spans(asked.picture.times[artist.id].hours, day) if overlaps(one, day)]
    if not spans:
        return message(
            "{artist} does not work on {day}. Choose another day.", artist=artist.name, day=asked.local.date()
        )
    hours = ", ".join(f"{asked.time(to_instant(one.start_s))}-{asked.time(to_instant(one.end_s))}" for one in spans)
    return message(
        "{artist} does not work for the whole sitting at {time}, only {hours}. Choose a time within the working hours.",
        artist=artist.name,
        time=asked.local,
        hours=hours,
    )


def _full(asked: _Asked, artist: Artist, cause: Cause) -> Message:
    limits = artist.limits
    if cause is Cause.DAY_FULL:
        return message(
            "{artist} takes at most {count} sittings a day, and {day} has them. Choose another day.",
            artist=artist.name,
            count=limits.per_day or 0,
            day=asked.local.date(),
        )
    if cause is Cause.WEEK_FULL:
        return message(
            "{artist} takes at most {count} sittings a week, and the week of {day} has them. Choose another week.",
            artist=artist.name,
            count=limits.per_week or 0,
            day=asked.local.date(),
        )
    return message(
        "{artist} takes one sitting of more than {hours} hours a day, and {day} has it. Choose another day.",
        artist=artist.name,
        hours=f"{(limits.long_sitting_s or 0) / 3600:g}",
        day=asked.local.date(),
    )
