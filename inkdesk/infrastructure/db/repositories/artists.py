"""Artists, their hours and leave."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from inkdesk.domain.artists import Artist, DateOverride, Leave
from inkdesk.domain.hours import WeeklyHours
from inkdesk.domain.message import message
from inkdesk.domain.spans import Span
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.rows import to_artists, to_leave, to_overrides
from inkdesk.infrastructure.db.session import Session
from inkdesk.infrastructure.db.types import YES, at_seconds


class SqlArtistRepository:
    """Artists with their weekly hours, date overrides and leave."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self, *, with_inactive: bool = False) -> list[Artist]:
        """Artists by id, in two queries."""
        query = select(t.artist).where(t.artist.c.studio_id == self._session.studio_id).order_by(t.artist.c.id)
        if not with_inactive:
            query = query.where(t.artist.c.is_active == YES)
        return self._with_hours(query)

    def get(self, artist_id: int) -> Artist:
        """One artist; ValidationError if there is none."""
        query = select(t.artist).where(t.artist.c.id == artist_id, t.artist.c.studio_id == self._session.studio_id)
        self._session.one(query, message("This artist is not in the studio any more. Choose another artist."))
        return self._with_hours(query)[0]

    def add(self, artist: Artist) -> Artist:
        """Store a new artist with a new resource; the answer has both ids."""
        resource_id = self._session.insert(t.resource, {"kind": "artist"})
        values = {"resource_id": resource_id, "version": 1, **_values(artist)}
        artist_id = self._session.insert(t.artist, values)
        self._set_weekly(artist_id, artist.weekly)
        return replace(artist, id=artist_id, resource_id=resource_id, version=1)

    def save(self, artist: Artist) -> Artist:
        """Store changes, weekly hours included; StaleRecord on a version conflict."""
        version = self._session.save(
            t.artist,
            artist.id,
            artist.version,
            _values(artist),
            message("{artist} was changed at another desk. Open the artist again and repeat it.", artist=artist.name),
        )
        self._session.write(t.weekly_hours.delete().where(t.weekly_hours.c.artist_id == artist.id))
        self._set_weekly(artist.id, artist.weekly)
        return replace(artist, version=version)

    def overrides(self, artist_ids: Sequence[int], first: date, last: date) -> list[DateOverride]:
        """Overrides of dates from ``first`` to ``last``, both included, by artist and date."""
        day, span = t.date_override, t.date_override_span
        query = (
            select(day.c.artist_id, day.c.on_date, span.c.start_min, span.c.end_min)
            .outerjoin_from(day, span, (span.c.artist_id == day.c.artist_id) & (span.c.on_date == day.c.on_date))
            .where(day.c.artist_id.in_(artist_ids), day.c.on_date.between(first, last))
            .order_by(day.c.artist_id, day.c.on_date, span.c.start_min)
        )
        return to_overrides(self._session.rows(query))

    def set_override(self, override: DateOverride) -> None:
        """Replace the hours of one date."""
        self.clear_override(override.artist_id, override.on)
        key = {"artist_id": override.artist_id, "on_date": override.on}
        self._session.insert_many(t.date_override, [key])
        rows = [{**key, "start_min": span.start_min, "end_min": span.end_min} for span in override.spans]
        self._session.insert_many(t.date_override_span, rows)

    def clear_override(self, artist_id: int, on: date) -> None:
        """Go back to the weekly hours on one date."""
        for table in (t.date_override_span, t.date_override):
            self._session.write(table.delete().where(table.c.artist_id == artist_id, table.c.on_date == on))

    def leaves(self, within: Span) -> list[Leave]:
        """Leave of any artist and closures of the studio that meet ``within``, by start."""
        leave = t.leave.c
        query = (
            select(t.leave)
            .where(
                leave.studio_id == self._session.studio_id,
                leave.ends_at > at_seconds(within.start_s),
                leave.starts_at < at_seconds(within.end_s),
            )
            .order_by(leave.starts_at, leave.id)
        )
        return [to_leave(row) for row in self._session.rows(query)]

    def add_leave(self, leave: Leave) -> Leave:
        """Store a leave; the answer has its id."""
        values = {
            "artist_id": leave.artist_id,
            "starts_at": leave.starts_at,
            "ends_at": leave.ends_at,
            "reason": leave.reason,
        }
        return replace(leave, id=self._session.insert(t.leave, values))

    def remove_leave(self, leave_id: int) -> None:
        """Take a leave back; unknown ids are ignored."""
        mine = (t.leave.c.id == leave_id) & (t.leave.c.studio_id == self._session.studio_id)
        self._session.write(t.leave.delete().where(mine))

    def _with_hours(self, query: Select[Any]) -> list[Artist]:
        artists = self._session.rows(query)
        hours = t.weekly_hours.c
        plan = (
            select(t.weekly_hours)
            .where(hours.artist_id.in_([row.id for row in artists]))
            .order_by(hours.artist_id, hours.weekday, hours.start_min)
        )
        return to_artists(artists, self._session.rows(plan))

    def _set_weekly(self, artist_id: int, weekly: WeeklyHours) -> None:
        rows = [
            {"artist_id": artist_id, "weekday": weekday, "start_min": span.start_min, "end_min": span.end_min}
            for weekday, spans in enumerate(weekly)
            for span in spans
        ]
        self._session.insert_many(t.weekly_hours, rows)


def _values(artist: Artist) -> dict[str, Any]:
    return {
        "name": artist.name,
        "colour": artist.colour,
        "zone": artist.zone,
        "is_guest": artist.is_guest,
        "stays_from": artist.stays_from,
        "stays_until": artist.stays_until,
        "pause_s": artist.pause_s,
        "is_active": artist.is_active,
    }
