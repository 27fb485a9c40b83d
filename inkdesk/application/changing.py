"""What a change of a booking, and of its series with it, would meet: read before it is made."""

from datetime import date, datetime

from inkdesk.application.availability_service import (
    FreeSlot,
    Judgement,
    date_span,
    judge_in,
    members,
    named,
    search,
    teams_for,
)
from inkdesk.application.move_service import can_move, check_movable
from inkdesk.application.picture import Picture
from inkdesk.application.placing import artists_of, as_booked
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork
from inkdesk.application.series_commands import PlannedDate
from inkdesk.application.series_plan import does_not_exist
from inkdesk.application.series_service import can_cancel, in_scope
from inkdesk.domain.bookings import Booking
from inkdesk.domain.catalogue import Service
from inkdesk.domain.hours import DAY_S
from inkdesk.domain.series import Scope, shifted
from inkdesk.domain.spans import Span, to_seconds, to_seconds_up
from inkdesk.domain.studio import Studio

_ALTERNATIVE_DAYS = (2, 14, 90)
"""How far alternatives are looked for around a refused start, if the days before did not have enough."""


class ChangeLook:
    """One booking that is about to change. What it keeps now never stands in its own way.

    It lasts as it was booked. With a wider ``scope`` its companions move away, too, so theirs does not count either.
    """

    def __init__(self, read: ReadUnit, clock: Clock, booking_id: int, scope: Scope = Scope.ONE) -> None:
        self._read = read
        self._clock = clock
        self._booking_id = booking_id
        self.scope = scope

    def movable(self) -> Service:
        """What the booking is for, as it was booked; ValidationError with the reason if it cannot be moved."""
        with self._read() as uow:
            booking = uow.bookings.get(self._booking_id)
            check_movable(booking, self._clock.now())
            return as_booked(uow, booking)

    def slots(self, artist_id: int | None, first: date, last: date) -> list[FreeSlot]:
        """Where it could go between two dates of the studio's zone, both included. See ``AvailabilityService``."""
        with self._read() as uow:
            studio, booking = uow.studio.get(), uow.bookings.get(self._booking_id)
            return self._search(uow, studio, booking, artist_id, date_span(studio.zone_info, first, last))

    def judge(self, artist_id: int, starts_at: datetime) -> Judgement:
        """Whether it could go there, and if not, why."""
        with self._read() as uow:
            booking = uow.bookings.get(self._booking_id)
            return self._judged(uow, booking, (artist_id, *booking.with_artist_ids), starts_at)

    def alternatives(self, artist_id: int | None, near: datetime, count: int) -> list[FreeSlot]:
        """The free starts nearest to ``near``, before and after it, the nearest first."""
        near_s = to_seconds(near)
        found: list[FreeSlot] = []
        with self._read() as uow:
            studio, booking = uow.studio.get(), uow.bookings.get(self._booking_id)
            for days in _ALTERNATIVE_DAYS:
                within = Span(near_s - days * DAY_S, near_s + days * DAY_S + 1)
                found = self._search(uow, studio, booking, artist_id, within)
                if len(found) >= count:
                    break
        return sorted(found, key=lambda slot: (abs(to_seconds(slot.starts_at) - near_s), slot))[:count]

    def companions(self, starts_at: datetime) -> list[PlannedDate]:
        """Where the others of its series would go with it, by start, each with its verdict; without alternatives."""
        with self._read() as uow:
            studio, booking = uow.studio.get(), uow.bookings.get(self._booking_id)
            others = [one for one in self._moving(uow, booking) if one.id != booking.id]
            return [self._companion(uow, studio, one, booking, starts_at) for one in others]

    def ending(self, scope: Scope) -> list[int]:
        """The bookings that would be cancelled with it as far as ``scope``, itself included, by start."""
        now = self._clock.now()
        with self._read() as uow:
            booking = uow.bookings.get(self._booking_id)
            return [one.id for one in in_scope(uow, booking, scope) if one.id == booking.id or can_cancel(one, now)]

    def _moving(self, uow: UnitOfWork, booking: Booking) -> list[Booking]:
        now = self._clock.now()
        return [one for one in in_scope(uow, booking, self.scope) if one.id == booking.id or can_move(one, now)]

    def _companion(
        self, uow: UnitOfWork, studio: Studio, one: Booking, booking: Booking, starts_at: datetime
    ) -> PlannedDate:
        moved = shifted(one.starts_at, booking.starts_at, starts_at, studio.zone_info)
        if moved.starts_at is None:
            return PlannedDate(wall=moved.wall, starts_at=None, sentence=does_not_exist(moved.wall))
        judged = self._judged(uow, one, artists_of(one), moved.starts_at)
        return PlannedDate(
            wall=moved.wall, starts_at=moved.starts_at, sentence=judged.sentence, can_override=judged.can_override
        )

    def _judged(self, uow: UnitOfWork, booking: Booking, artist_ids: tuple[int, ...], starts_at: datetime) -> Judgement:
        artists = [uow.artists.get(one) for one in dict.fromkeys(artist_ids)]
        service = as_booked(uow, booking)
        leaving = [one.id for one in self._moving(uow, uow.bookings.get(self._booking_id))]
        return judge_in(uow, uow.studio.get(), artists, service, starts_at, self._clock.now(), without=leaving)

    def _search(
        self, uow: UnitOfWork, studio: Studio, booking: Booking, artist_id: int | None, within: Span
    ) -> list[FreeSlot]:
        now_s = to_seconds_up(self._clock.now())
        service = as_booked(uow, booking)
        others = [one for one in booking.with_artist_ids if one != artist_id]
        teams = teams_for(uow, service, artist_id, others)
        leaving = [one.id for one in self._moving(uow, booking)]
        picture = Picture.of(uow, studio, members(teams), service, within, now_s, without=leaving)
        return named(teams, search(picture, teams, within, now_s), studio.zone_info)
