"""What a change of a booking, and of its series with it, would meet: read before it is made."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from inkdesk.application.availability_service import (
    FreeSlot,
    Judgement,
    Team,
    check_offered,
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
from inkdesk.application.series_plan import InTurn, around
from inkdesk.application.series_service import in_scope
from inkdesk.application.series_tasks import can_cancel
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
        self.booking_id = booking_id
        self.scope = scope

    def movable(self) -> Service:
        """What the booking is for, as it was booked; ValidationError with the reason if it cannot be moved."""
        with self._read() as uow:
            booking = uow.bookings.get(self.booking_id)
            check_movable(booking, self._clock.now())
            return as_booked(uow, booking)

    def slots(self, artist_id: int | None, first: date, last: date) -> list[FreeSlot]:
        """Where it could go between two dates of the studio's zone, both included. See ``AvailabilityService``."""
        with self._read() as uow:
            studio, booking = uow.studio.get(), uow.bookings.get(self.booking_id)
            teams = self._teams(uow, booking, artist_id)
            found = self._search(uow, studio, booking, teams, date_span(studio.zone_info, first, last))
            return named(teams, found, studio.zone_info)

    def judge(self, artist_id: int, starts_at: datetime) -> Judgement:
        """Whether it could go there, and if not, why."""
        with self._read() as uow:
            booking = uow.bookings.get(self.booking_id)
            leaving = [one.id for one in self._moving(uow, booking)]
            return self._judged(uow, booking, (artist_id, *booking.with_artist_ids), starts_at, leaving)

    def alternatives(self, artist_id: int | None, near: datetime, count: int) -> list[FreeSlot]:
        """The free starts nearest to ``near``, before and after it, the nearest first."""
        with self._read() as uow:
            studio, booking = uow.studio.get(), uow.bookings.get(self.booking_id)
            teams = self._teams(uow, booking, artist_id)
            found = nearest(lambda within: self._search(uow, studio, booking, teams, within), near, count)
            return named(teams, found, studio.zone_info)

    def companions(self, starts_at: datetime) -> list[PlannedDate]:
        """Where the others of its series would go with it, by start, each with its verdict; without alternatives.

        Each is judged with the booking itself, and those before it, at their new places.
        """
        with self._read() as uow:
            studio, booking = uow.studio.get(), uow.bookings.get(self.booking_id)
            moving = self._moving(uow, booking)
            others = [one for one in moving if one.id != booking.id]
            if not others:
                return []
            going = [
                (one, shifted(one.starts_at, booking.starts_at, starts_at, studio.zone_info))
                for one in (booking, *others)
            ]
            return self._in_turn(uow, studio, going)[1:]

    def ending(self, scope: Scope) -> list[int]:
        """The bookings that would be cancelled with it as far as ``scope``, itself included, by start."""
        now = self._clock.now()
        with self._read() as uow:
            booking = uow.bookings.get(self.booking_id)
            return [one.id for one in in_scope(uow, booking, scope) if one.id == booking.id or can_cancel(one, now)]

    def _moving(self, uow: UnitOfWork, booking: Booking) -> list[Booking]:
        now = self._clock.now()
        return [one for one in in_scope(uow, booking, self.scope) if one.id == booking.id or can_move(one, now)]

    def _in_turn(
        self, uow: UnitOfWork, studio: Studio, going: Sequence[tuple[Booking, SeriesDate]]
    ) -> list[PlannedDate]:
        """The verdicts about all of a series, which is of one service; its artists count as doing it."""
        service = replace(as_booked(uow, going[0][0]), artist_ids=())
        artists = {one: uow.artists.get(one) for one in {one for booking, _ in going for one in artists_of(booking)}}
        for artist in artists.values():
            check_offered(artist, service)
        now_s, within = to_seconds_up(self._clock.now()), around(moved.starts_at for _, moved in going)
        leaving = [one.id for one, _ in going]
        picture = Picture.of(uow, studio, list(artists.values()), service, within, now_s, without=leaving)
        series = InTurn(uow, picture, now_s, without=leaving)
        return [series.at([artists[artist] for artist in artists_of(one)], moved) for one, moved in going]

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
