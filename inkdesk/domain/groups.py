"""Group sittings: a flash day or a workshop that one artist holds for several clients at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from inkdesk.domain.errors import SlotTaken, ValidationError
from inkdesk.domain.message import Message, message
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.spans import Span, to_seconds

LONGEST_GROUP = timedelta(days=6)
"""The longest group sitting; with what is done before and after it, it keeps its host for less than a week."""
MOST_SEATS = 500
"""More is a slip of the finger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSitting:
    """One artist, its *host*, for ``[starts_at, ends_at)``, and so many ``seats``.

    A seat is a concrete unit; ``unit_ids`` are their resource ids, as many as there are seats. A client takes seats
    by a booking of the group's service, for all of the time or for a part of it.
    """

    id: int = 0
    artist_id: int
    service_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    seats: int
    unit_ids: tuple[int, ...] = ()
    is_cancelled: bool = False
    note: str = ""
    created_at: datetime
    request_key: str
    version: int = 1

    @property
    def span(self) -> Span:
        """When clients sit, in POSIX seconds."""
        return Span(to_seconds(self.starts_at), to_seconds(self.ends_at))

    def host_sitting(self, service: Sitting) -> Sitting:
        """What the host is kept for: once the service's preparation, all of the group's time, once its clean-up."""
        return service._replace(sitting_s=self.span.end_s - self.span.start_s)


class GroupFull(SlotTaken):
    """Too few seats are free: only ``left`` of them during ``when``; ``nearest`` spans have room for the party.

    They are as long as what was asked for, one before it and one after it, as far as there are any.
    """

    def __init__(self, sentence: Message, *, left: int, when: Span, nearest: tuple[Span, ...]) -> None:
        super().__init__(sentence)
        self.left = left
        self.when = when
        self.nearest = nearest


def check_group(group: GroupSitting) -> None:
    """Raise ValidationError at the first thing about ``group`` that cannot be."""
    if not group.title.strip():
        raise ValidationError(message("The group sitting needs a title, for example Flash day."), field="title")
    if group.starts_at.utcoffset() is None or group.ends_at.utcoffset() is None:
        raise ValidationError(message("Start and end need a time zone."), field="starts_at")
    if group.span.end_s <= group.span.start_s:
        raise ValidationError(message("The group sitting ends before it begins. Check its times."), field="ends_at")
    if group.span.end_s - group.span.start_s > LONGEST_GROUP.total_seconds():
        raise ValidationError(message("A group sitting lasts at most 6 days. Make several."), field="ends_at")
    if not 1 <= group.seats <= MOST_SEATS:
        raise ValidationError(message("A group sitting has 1 to {most} seats.", most=MOST_SEATS), field="seats")


def check_part(group: GroupSitting, part: Span, seats: int) -> None:
    """Raise ValidationError unless ``seats`` for ``part`` can be asked of ``group`` at all, taken or not."""
    if part.end_s <= part.start_s:
        raise ValidationError(message("The sitting ends before it begins. Check its times."), field="ends_at")
    if part.start_s < group.span.start_s or part.end_s > group.span.end_s:
        raise ValidationError(
            message(
                "{group} lasts from {start} to {end}. Choose a time within it.",
                group=group.title,
                start=group.starts_at,
                end=group.ends_at,
            ),
            field="starts_at",
        )
    if not 1 <= seats <= group.seats:
        raise ValidationError(
            message("{group} has {seats} seats. Take 1 to {seats} of them.", group=group.title, seats=group.seats),
            field="seats",
        )
