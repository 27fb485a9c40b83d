"""Taking a time for a sitting within a unit of work: lock, judge again, say which station units it gets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from inkdesk.application.availability_service import check_each_once, judge_in
from inkdesk.application.changes import Changes
from inkdesk.application.claims import candidates, claims_for
from inkdesk.application.deposits import Deposits
from inkdesk.application.picture import unit_ids
from inkdesk.application.ports import UnitOfWork
from inkdesk.application.seating import seat_again
from inkdesk.domain.artists import Artist
from inkdesk.domain.bookings import Booking, BookingStatus, keeps_slot
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import SlotTaken, SlotUnavailable, ValidationError
from inkdesk.domain.message import Message, message
from inkdesk.domain.reconciling import is_overdue
from inkdesk.domain.sitting import kept_from, occupied_by_artist
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.domain.studio import HoldPolicy, Studio

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a sitting shall be: all of these artists at once, what they do, when.

    ``override_reason`` sets hours, notice, leave and limits aside, never a real overlap and never the past.
    """

    artists: tuple[Artist, ...]
    service: Service
    starts_at: datetime
    override_reason: str = ""

    @property
    def artist(self) -> Artist:
        """The first artist, in whose column the booking stands."""
        return self.artists[0]


class HeldByOverdue(SlotTaken):
    """The slot is kept only by unpaid holds past their deadline: ask Stripe about them, then try again."""

    def __init__(self, sentence: Message, booking_ids: Sequence[int]) -> None:
        super().__init__(sentence)
        self.booking_ids = booking_ids


def place_of(
    uow: UnitOfWork,
    artist_ids: Sequence[int],
    service: Service,
    starts_at: datetime,
    override_reason: str = "",
) -> Place:
    """The place with its artists read; ValidationError if the start has no zone, or an artist is named twice."""
    if starts_at.tzinfo is None:
        raise ValidationError(message("The start needs a time zone."), field="starts_at")
    check_each_once(artist_ids)
    artists = tuple(uow.artists.get(one) for one in artist_ids)
    return Place(artists=artists, service=service, starts_at=starts_at, override_reason=override_reason.strip())


def as_booked(uow: UnitOfWork, booking: Booking) -> Service:
    """The booking's service with the spans it was booked with; it counts as offered, also if it is archived now.

    So does it by the booking's own artists, also if they do not do it any more. What the service needs of stations is
    today's; a processing that came later and does not fit into the booked sitting is left out.
    """
    service = uow.catalogue.service(booking.service_id)
    processing = service.processing
    fits = processing is None or processing.after_s + processing.lasts_s <= booking.sitting.sitting_s
    return replace(
        service,
        sitting=booking.sitting,
        processing=processing if fits else None,
        artist_ids=(*service.artist_ids, *artists_of(booking)) if service.artist_ids else (),
        is_active=True,
    )


def artists_of(booking: Booking) -> tuple[int, ...]:
    """Ids of all artists of a booking, the first one first."""
    return (booking.artist_id, *booking.with_artist_ids)


def place_in(
    uow: UnitOfWork,
    studio: Studio,
    place: Place,
    now: datetime,
    stripe_now: datetime,
    *,
    without: frozenset[int] = frozenset(),
) -> tuple[int, ...]:
    """Lock what will be claimed and ask availability again; the answer is the station units, by need.

    The claims of the bookings ``without`` do not count. Raises SlotTaken, SlotUnavailable, or HeldByOverdue if only
    holds past their deadline, in Stripe's time, are in the way.
    """
    uow.bookings.lock_resources(candidates(uow, place.artists, place.service))
    judged = judge_in(uow, studio, place.artists, place.service, place.starts_at, now, without=without)
    if judged.is_free or (place.override_reason and judged.can_override):
        return judged.verdict.station_ids
    sentence = judged.sentence or message("This time is not free. Choose another time.")
    if not judged.is_taken:
        raise SlotUnavailable(sentence)
    overdue = [one for one in _in_the_way(uow, place) if is_overdue(one, stripe_now) and one.id not in without]
    if overdue:
        raise HeldByOverdue(sentence, [one.id for one in overdue])
    raise SlotTaken(sentence)


def claim_in(uow: UnitOfWork, studio: Studio, booking: Booking, place: Place, station_ids: Sequence[int]) -> None:
    """Give the booking its claims, in place of any it has; SlotTaken if the guard refuses."""
    blocks = keeps_slot(booking.status, holds_block=holds_block(studio))
    claims = claims_for(place.artists, place.service, place.starts_at, station_ids)
    uow.bookings.claim(booking.id, claims, blocks=blocks)


def place_again(uow: UnitOfWork, studio: Studio, booking: Booking, now: datetime, stripe_now: datetime) -> Booking:
    """Make a lapsed booking a hold again at its own time, judged as a new one; what was overridden for it stays so.

    It may get other station units, and other seats in a group sitting. The answer is not saved yet.
    """
    held = replace(booking, status=BookingStatus.PENDING_PAYMENT)
    if booking.group_id is not None:
        seat_again(uow, booking, now)
        return held
    place = place_of(uow, artists_of(booking), as_booked(uow, booking), booking.starts_at, booking.override_reason)
    station_ids = place_in(uow, studio, place, now, stripe_now)
    claim_in(uow, studio, held, place, station_ids)
    return replace(held, station_id=next(iter(station_ids), None), pause_s=place.artist.pause_s)


def holds_block(studio: Studio) -> bool:
    """Whether an unpaid hold keeps its slot."""
    return studio.hold_policy is HoldPolicy.HOLD_WHILE_PAYING


def once_overdue_are_gone(deposits: Deposits, attempt: Callable[[], Result]) -> tuple[Result, Changes]:
    """Do ``attempt``; if only overdue holds are in the way, let those go that nobody paid, and do it again.

    Each hold is asked about once. The second part of the answer is what letting go changed.
    """
    asked: set[int] = set()
    released = Changes()
    while True:
        try:
            return attempt(), released
        except HeldByOverdue as held:
            if asked.issuperset(held.booking_ids):
                raise SlotTaken(held.message) from None
            asked.update(held.booking_ids)
            booking_ids = held.booking_ids
        released |= deposits.release_overdue(booking_ids)


def _in_the_way(uow: UnitOfWork, place: Place) -> list[Booking]:
    """Bookings that keep an artist, or a unit that would do, at the time; each once."""
    start_s, sitting = to_seconds(place.starts_at), place.service.sitting
    asked: list[tuple[list[int], Span]] = [
        ([artist.resource_id], occupied_by_artist(start_s, sitting, artist.pause_s)) for artist in place.artists
    ]
    units = unit_ids(uow, place.service)
    asked += [(units, span) for need in place.service.station_needs for span in kept_from(start_s, need)]
    found = {one.id: one for resources, span in asked for one in uow.bookings.blocking_bookings(resources, span)}
    return list(found.values())
