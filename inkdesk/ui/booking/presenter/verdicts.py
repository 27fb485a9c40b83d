"""What the desk is told about one start: free, or all that stands against it, and what a reason could override."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inkdesk.application.availability_service import AvailabilityService, FreeSlot, Judgement
from inkdesk.application.text import formats, render, tr
from inkdesk.domain.artists import Artist
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import Message, message
from inkdesk.domain.spans import later


@dataclass(frozen=True, slots=True)
class Wish:
    """Who shall do what. ``artist_id`` None means anyone who does the service; all ``with_artist_ids`` work along."""

    artist_id: int | None
    service_id: int
    with_artist_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeVerdict:
    """What is known about the chosen time: one sentence if it is free, else one for each cause, the weightiest first.

    ``can_override``: a reason would be enough to book it. ``alternatives`` are the nearest free starts, by time.
    """

    sentences: tuple[str, ...]
    is_free: bool
    can_override: bool = False
    alternatives: tuple[FreeSlot, ...] = ()


def judge(
    availability: AvailabilityService, wish: Wish, artists: Mapping[int, Artist], service: Service, starts_at: datetime
) -> tuple[int, Judgement]:
    """The answer for the artist wished for, or of anyone: the first who is free, else what stands against everybody.

    It reads: ask in the background. ValidationError if nobody does the service.
    """
    others = wish.with_artist_ids
    if wish.artist_id is not None:
        return wish.artist_id, availability.judge(wish.artist_id, service.id, starts_at, with_artist_ids=others)
    answers: list[Judgement] = []
    able = [one for one in artists if service.is_done_by(one) and one not in others]
    for artist_id in able:
        answers.append(availability.judge(artist_id, service.id, starts_at, with_artist_ids=others))
        if answers[-1].is_free:
            return artist_id, answers[-1]
    if not able:
        raise ValidationError(message("No artist does this service. Choose another service."), field="service_id")
    shared = [one for one in answers[0].sentences if all(one in answer.sentences for answer in answers)]
    return able[0], Judgement(answers[0].verdict, tuple(shared) or (nobody(starts_at),))


def verdict_on(
    judged: Judgement, artist_id: int, wish: Wish, artists: Mapping[int, Artist], service: Service, starts_at: datetime
) -> TimeVerdict:
    """The answer in words, its alternatives not known yet."""
    if judged.is_free:
        return TimeVerdict(sentences=(_free(artist_id, wish, artists, service, starts_at),), is_free=True)
    return TimeVerdict(
        sentences=tuple(render(one) for one in judged.sentences),
        is_free=False,
        can_override=judged.can_override and wish.artist_id is not None,
    )


def _free(artist_id: int, wish: Wish, artists: Mapping[int, Artist], service: Service, starts_at: datetime) -> str:
    ends_at = later(starts_at, service.sitting.sitting_s)
    names = [artists[one].name for one in (artist_id, *wish.with_artist_ids) if one in artists]
    return tr("Free: {artist}, {start} to {end}.", artist=team(names), start=starts_at, end=formats().time(ends_at))


def team(names: list[str] | tuple[str, ...]) -> str:
    """Who works together, e.g. ``Ana with Bo``."""
    if len(names) < 2:
        return "".join(names)
    return tr("{artist} with {others}", artist=names[0], others=", ".join(names[1:]))


def nobody(starts_at: datetime) -> Message:
    """Nobody can do it then."""
    return message("No artist is free at {time}. Choose another time.", time=starts_at)


def not_offered(artist: Artist, service: Service) -> Message:
    """This artist does not do that."""
    return message(
        "{artist} does not offer {service}. Choose another artist.", artist=artist.name, service=service.name
    )
