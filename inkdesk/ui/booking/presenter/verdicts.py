"""What the desk is told about one start: free, or all that stands against it, and what a reason could override."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inkdesk.application.availability_service import FreeSlot, Judgement
from inkdesk.application.text import formats, render, tr
from inkdesk.domain.artists import Artist
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.message import Message, message
from inkdesk.domain.spans import later

LENGTH_FIELDS = frozenset({"sitting_s", "processing"})
"""What is wrong if a length does not fit the service: the length itself, or the processing time that outlasts it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Who shall do what, and how long. ``artist_id`` None means anyone who does the service.

    All ``with_artist_ids`` work along. ``sitting_s`` is a length in seconds that was typed, None for the service's own.
    """

    artist_id: int | None
    service_id: int
    with_artist_ids: tuple[int, ...] = ()
    sitting_s: int | None = None

    def is_about_length(self, error: InkDeskError) -> bool:
        """Whether the length that was typed is what the error is about."""
        return self.sitting_s is not None and error.field in LENGTH_FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeVerdict:
    """What is known about the chosen time: one sentence if it is free, else one for each cause, the weightiest first.

    ``can_override``: a reason would be enough to book it. ``alternatives`` are the nearest free starts, by time.
    ``length_error`` is what is wrong with the typed length, to stand beside it; there is no other sentence then.
    """

    sentences: tuple[str, ...]
    is_free: bool
    can_override: bool = False
    alternatives: tuple[FreeSlot, ...] = ()
    length_error: str = ""


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
    ends_at = later(starts_at, service.lasting(wish.sitting_s).sitting.sitting_s)
    names = [artists[one].name for one in (artist_id, *wish.with_artist_ids) if one in artists]
    return tr("Free: {artist}, {start} to {end}.", artist=team(names), start=starts_at, end=formats().time(ends_at))


def team(names: list[str] | tuple[str, ...]) -> str:
    """Who works together, e.g. ``Ana with Bo``."""
    if len(names) < 2:
        return "".join(names)
    return tr("{artist} with {others}", artist=names[0], others=", ".join(names[1:]))


def not_offered(artist: Artist, service: Service) -> Message:
    """This artist does not do that."""
    return message(
        "{artist} does not offer {service}. Choose another artist.", artist=artist.name, service=service.name
    )
