"""A change of a booking that is still in the hand: read once, then judged as often as the hand moves.

Nothing here touches the database after the first reading, so a verdict costs microseconds. It is as old as the reading;
the change itself is judged again when it is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from inkdesk.application.availability_service import OVERRIDABLE, check_offered, date_span
from inkdesk.application.move_service import check_movable
from inkdesk.application.picture import Picture
from inkdesk.application.placing import as_booked
from inkdesk.application.ports import Clock, ReadUnit
from inkdesk.application.proposed import Change, Proposed
from inkdesk.domain.artists import Artist
from inkdesk.domain.availability import TAKEN, Cause, StationPool, Verdict
from inkdesk.domain.bookings import Booking
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.hours import DAY_S
from inkdesk.domain.message import message
from inkdesk.domain.spans import Span, to_seconds, to_seconds_up


@dataclass(frozen=True, slots=True)
class Proposal:
    """One booking and everything that decides where it may go within the dates that were read."""

    booking: Booking
    service: Service
    artists: Mapping[int, Artist]
    picture: Picture
    now_s: int

    @property
    def booking_id(self) -> int:
        """Whose changes are judged."""
        return self.booking.id

    def propose(self, change: Change) -> Proposed:
        """Judge a change. Artists who are not there, and starts out of the dates that were read, are not free."""
        ids = (change.artist_id, *self.booking.with_artist_ids)
        try:
            service = self.service.lasting(change.sitting_s)
            for one in ids:
                check_offered(self.artists[one], service)
        except ValidationError as refusal:
            return Proposed(is_free=False, sentence=refusal.message)
        if change.artist_id in self.booking.with_artist_ids:
            return Proposed(is_free=False, sentence=message("This artist works along in this sitting already."))
        return _proposed(self._picture_of(service).verdict(ids, self.now_s, to_seconds(change.starts_at)))

    def _picture_of(self, service: Service) -> Picture:
        """The same reading for a sitting of another length."""
        if service.sitting == self.picture.sitting:
            return self.picture
        needs = zip(service.station_needs, self.picture.pools, strict=True)
        pools = tuple(StationPool(need, pool.units) for need, pool in needs)
        return replace(self.picture, sitting=service.sitting, pools=pools)


class ProposalService:
    """Opens proposals."""

    def __init__(self, read: ReadUnit, clock: Clock) -> None:
        self._read = read
        self._clock = clock

    def of(self, booking_id: int, first: date, last: date) -> Proposal:
        """Everything that decides where a booking may go between two dates of the studio's zone, both included.

        ValidationError with one sentence if it cannot be moved at all.
        """
        with self._read() as uow:
            booking = uow.bookings.get(booking_id)
            now = self._clock.now()
            check_movable(booking, now)
            studio, service = uow.studio.get(), as_booked(uow, booking)
            days = date_span(studio.zone_info, first, last)
            within = Span(days.start_s, days.end_s + DAY_S)  # a longer sitting may end on the day after
            artists = {artist.id: artist for artist in uow.artists.all()}
            for one in booking.with_artist_ids:
                artists.setdefault(one, uow.artists.get(one))
            now_s = to_seconds_up(now)
            picture = Picture.of(
                uow, studio, list(artists.values()), service, within, now_s, without=frozenset({booking_id})
            )
            return Proposal(booking, service, artists, picture, now_s)


def _proposed(answer: Verdict) -> Proposed:
    if answer.is_free:
        return Proposed(is_free=True)
    weightiest = min(answer.causes, key=_WEIGHTS.index)
    return Proposed(is_free=False, can_override=OVERRIDABLE.issuperset(answer.causes), sentence=_SENTENCES[weightiest])


_WEIGHTS = [Cause.PAST, *sorted(TAKEN), *(cause for cause in Cause if cause not in {Cause.PAST, *TAKEN})]
_SENTENCES = {
    Cause.PAST: message("This is in the past."),
    Cause.ARTIST_TAKEN: message("The artist is taken."),
    Cause.STATION_TAKEN: message("No station is free."),
    Cause.OUTSIDE_HOURS: message("Outside working hours."),
    Cause.NOT_HERE: message("The artist is not at the studio then."),
    Cause.ON_LEAVE: message("The artist is away."),
    Cause.TOO_SOON: message("Too soon: the studio wants more notice."),
    Cause.TOO_FAR: message("Further than the studio books."),
    Cause.DAY_FULL: message("The artist takes no more bookings on this day."),
    Cause.WEEK_FULL: message("The artist takes no more bookings in this week."),
    Cause.LONG_DAY: message("The artist has a long sitting on this day already."),
}
