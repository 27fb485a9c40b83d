"""What a change of a booking, and of its series with it, would meet: read before it is made."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from inkdesk.application.availability_service import (
    FreeSlot,
    Judgement,
    Team,
    date_span,
    judge_in,
    members,
    named,
    nearest,
    search,
    teams_for,
)
from inkdesk.application.move_service import can_move, check_movable
from inkdesk.application.picture import Picture
from inkdesk.application.placing import artists_of, as_booked, place_of
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork
from inkdesk.application.series_commands import PlannedDate
from inkdesk.application.series_plan import does_not_exist
from inkdesk.application.series_service import can_cancel, in_scope
from inkdesk.domain.availability import Slot
from inkdesk.domain.bookings import Booking
from inkdesk.domain.catalogue import Service
from inkdesk.domain.series import Scope, SeriesDate, shifted
from inkdesk.domain.spans import Span, to_seconds_up
from inkdesk.domain.studio import Studio


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
            teams = self._teams(uow, booking, artist_id)
            found = self._search(uow, studio, booking, teams, date_span(studio.zone_info, first, last))
            return named(teams, found, studio.zone_info)

    def judge(self, artist_id: int, starts_at: datetime) -> Judgement:
        """Whether it could go there, and if not, why."""
        with self._read() as uow:
            booking = uow.bookings.get(self._booking_id)
            leaving = [one.id for one in self._moving(uow, booking)]
            return self._judged(uow, booking, (artist_id, *booking.with_artist_ids), starts_at, leaving)

    def alternatives(self, artist_id: int | None, near: datetime, count: int) -> list[FreeSlot]:
        """The free starts nearest to ``near``, before and after it, the nearest first."""
        with self._read() as uow:
            studio, booking = uow.studio.get(), uow.bookings.get(self._booking_id)
            teams = self._teams(uow, booking, artist_id)
            found = nearest(lambda within: self._search(uow, studio, booking, teams, within), near, count)
            return named(teams, found, studio.zone_info)

    def companions(self, starts_at: datetime) -> list[PlannedDate]:
        """Where the others of its series would go with it, by start, each with its verdict; without alternatives."""
        with self._read() as uow:
            studio, booking = uow.studio.get(), uow.bookings.get(self._booking_id)
            moving = self._moving(uow, booking)
            leaving = [one.id for one in moving]
            return [
                self._companion(
                    uow, one, shifted(one.starts_at, booking.starts_at, starts_at, studio.zone_info), leaving
                )
                for one in moving
                if one.id != booking.id
            ]

    def ending(self, scope: Scope) -> list[int]:
        """The bookings that would be cancelled with it as far as ``scope``, itself included, by start."""
        now = self._clock.now()
        with self._read() as uow:
            booking = uow.bookings.get(self._booking_id)
            return [one.id for one in in_scope(uow, booking, scope) if one.id == booking.id or can_cancel(one, now)]

    def _moving(self, uow: UnitOfWork, booking: Booking) -> list[Booking]:
        now = self._clock.now()
        return [one for one in in_scope(uow, booking, self.scope) if one.id == booking.id or can_move(one, now)]

    def _companion(self, uow: UnitOfWork, one: Booking, moved: SeriesDate, leaving: Collection[int]) -> PlannedDate:
        if moved.starts_at is None:
            return PlannedDate(wall=moved.wall, starts_at=None, sentence=does_not_exist(moved.wall))
        judged = self._judged(uow, one, artists_of(one), moved.starts_at, leaving)
        return PlannedDate(
            wall=moved.wall, starts_at=moved.starts_at, sentence=judged.sentence, can_override=judged.can_override
        )

    def _judged(
        self,
        uow: UnitOfWork,
        booking: Booking,
        artist_ids: tuple[int, ...],
        starts_at: datetime,
        leaving: Collection[int],
    ) -> Judgement:
        place = place_of(uow, artist_ids, as_booked(uow, booking), starts_at)
        now = self._clock.now()
        return judge_in(uow, uow.studio.get(), place.artists, place.service, starts_at, now, without=leaving)

    def _teams(self, uow: UnitOfWork, booking: Booking, artist_id: int | None) -> list[Team]:
        """Who could do it in place of the first artist; nobody who works along already."""
        if artist_id in booking.with_artist_ids:
            return []
        return teams_for(uow, as_booked(uow, booking), artist_id, booking.with_artist_ids)

    def _search(
        self, uow: UnitOfWork, studio: Studio, booking: Booking, teams: Sequence[Team], within: Span
    ) -> list[Slot]:
        now_s = to_seconds_up(self._clock.now())
        service = as_booked(uow, booking)
        leaving = [one.id for one in self._moving(uow, booking)]
        picture = Picture.of(uow, studio, members(teams), service, within, now_s, without=leaving)
        return search(picture, teams, within, now_s)
