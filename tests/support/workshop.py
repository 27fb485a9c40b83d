"""A workshop in the database, and bookings of its seats."""

from collections.abc import Sequence
from dataclasses import replace

from inkdesk.application.ports import Claim
from inkdesk.domain.groups import GroupSitting
from inkdesk.domain.sitting import Sitting
from inkdesk.infrastructure.db.database import Database
from support.book import HOUR, TUESDAY, Book, a_booking


def a_group(book: Book, seats: int, key: str = "group") -> GroupSitting:
    """A workshop of Ana's from 10:00 to 14:00 UTC, not stored."""
    return GroupSitting(
        artist_id=book.ana.id,
        service_id=book.service.id,
        title="Workshop",
        starts_at=TUESDAY,
        ends_at=TUESDAY + 4 * HOUR,
        seats=seats,
        created_at=TUESDAY,
        request_key=key,
    )


def stored(database: Database, group: GroupSitting) -> GroupSitting:
    """The group, written and committed."""
    with database.write() as uow:
        found = uow.groups.add(group)
        uow.commit()
    return found


def seated(database: Database, book: Book, group: GroupSitting, units: Sequence[int], *, blocks: bool = True) -> int:
    """A booking of all of the group's time on these units."""
    sitting = Sitting(0, group.span.end_s - group.span.start_s, 0)
    with database.write() as uow:
        draft = replace(a_booking(book, group.starts_at), sitting=sitting, pause_s=0, group_id=group.id)
        booking = uow.bookings.add(draft)
        uow.bookings.claim(booking.id, [Claim(unit, group.span) for unit in units], blocks=blocks)
        uow.commit()
    return booking.id
