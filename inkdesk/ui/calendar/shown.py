"""What stands in the calendar: bookings and group sittings, under one id space."""

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from inkdesk.application.calendar import BookingCard, GroupCard
from inkdesk.domain.bookings import BookingStatus

GONE = frozenset({BookingStatus.CANCELLED, BookingStatus.LAPSED})
"""Bookings that keep nothing; hidden unless asked for."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What is hidden: bookings of the ``hidden`` statuses; with ``is_on_shift`` also artists who do not work then."""

    hidden: frozenset[BookingStatus] = GONE
    is_on_shift: bool = False

    def shows(self, card: "Shown") -> bool:
        """Whether a block is shown; a cancelled group sitting counts as a cancelled booking."""
        if isinstance(card, GroupCard):
            return not card.is_cancelled or BookingStatus.CANCELLED not in self.hidden
        return card.status not in self.hidden


Shown: TypeAlias = BookingCard | GroupCard
"""One block. The bookings that have seats in a group sitting are inside its block and have none of their own."""


class GroupId(NamedTuple):
    """The id of a group sitting, which is no booking's."""

    group_id: int


ShownId: TypeAlias = int | GroupId
"""A booking's id, or a group sitting's."""

Look: TypeAlias = BookingStatus | None
"""What decides about a block's colours: a status, or None for a group sitting that takes place."""


def id_of(shown: Shown) -> ShownId:
    """The block's id."""
    return GroupId(shown.group_id) if isinstance(shown, GroupCard) else shown.booking_id


def look_of(shown: Shown) -> Look:
    """How the block looks; a cancelled group sitting looks like a cancelled booking."""
    if isinstance(shown, BookingCard):
        return shown.status
    return BookingStatus.CANCELLED if shown.is_cancelled else None


def artists_of(shown: Shown) -> tuple[int, ...]:
    """In whose lanes the block stands, the artist it was booked with first."""
    if isinstance(shown, GroupCard):
        return (shown.artist_id,)
    return (shown.artist_id, *shown.with_artist_ids)
