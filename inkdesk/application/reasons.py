"""Why a start cannot be booked, as one sentence that names who or what is in the way."""

from datetime import datetime

from inkdesk.application.ports import UnitOfWork
from inkdesk.application.text import formats
from inkdesk.domain.artists import Artist
from inkdesk.domain.availability import Cause, Verdict, occupied_by_artist
from inkdesk.domain.catalogue import Service
from inkdesk.domain.message import Message, message
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.domain.studio import Studio

TAKEN = frozenset({Cause.ARTIST_TAKEN, Cause.STATION_TAKEN})
"""Somebody else has it; nobody may override that."""


def reason(
    uow: UnitOfWork,
    studio: Studio,
    artist: Artist,
    service: Service,
    answer: Verdict,
    starts_at: datetime,
    now: datetime,
) -> Message:
    """The sentence for the weightiest cause of a refusal: the past, then a collision, then a rule of the house."""
    if starts_at < now:
        return message("{time} is in the past. Choose a later time.", time=starts_at.astimezone(studio.zone_info))
    start_s = to_seconds(starts_at)
    cause = next((cause for cause in answer.causes if cause in TAKEN), answer.causes[0])
    if cause is Cause.ARTIST_TAKEN:
        return _taken_by(uow, studio, artist, occupied_by_artist(start_s, service.sitting, artist.pause_s))
    if cause is Cause.STATION_TAKEN:
        return message("Every {kind} is taken at that time. Choose another time.", kind=service.station_kind)
    if cause is Cause.ON_LEAVE:
        return _on_leave(uow, artist, Span(start_s, start_s + service.sitting.sitting_s))
    return _rule(cause, artist, starts_at.astimezone(studio.zone_info))


def _rule(cause: Cause, artist: Artist, local: datetime) -> Message:
    match cause:
        case Cause.NOT_HERE:
            return message(
                "On {day} {artist} is not at the studio. Choose another day.", artist=artist.name, day=local.date()
            )
        case Cause.TOO_SOON:
            return message("{time} is sooner than the studio's minimum notice allows.", time=local)
        case Cause.TOO_FAR:
            return message("{time} is further ahead than the studio books.", time=local)
        case _:
            return message(
                "{artist} does not work for the whole sitting at {time}. Choose a time within the working hours.",
                artist=artist.name,
                time=local,
            )


def _taken_by(uow: UnitOfWork, studio: Studio, artist: Artist, occupied: Span) -> Message:
    others = uow.bookings.blocking_bookings([artist.resource_id], occupied)
    if not others:
        return message("{artist} is blocked at that time. Choose another time.", artist=artist.name)
    other = others[0]
    return message(
        "{artist} is taken by {client}, {start} to {end}. Choose another time.",
        artist=artist.name,
        client=uow.clients.get(other.client_id).name,
        start=other.starts_at.astimezone(studio.zone_info),
        end=formats().time(other.ends_at.astimezone(studio.zone_info)),
    )


def _on_leave(uow: UnitOfWork, artist: Artist, sitting: Span) -> Message:
    for leave in uow.artists.leaves(sitting):
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
