"""Artists, their hours and leave."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from inkdesk.domain.artists import Artist, DateOverride, Leave
from inkdesk.domain.hours import WeeklyPlan
from inkdesk.domain.message import message
from inkdesk.domain.spans import Span
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.rows import to_artists, to_leave, to_overrides
from inkdesk.infrastructure.db.session import Session
from inkdesk.infrastructure.db.types import YES, at_seconds


class SqlArtistRepository:
    """Artists with their plans of hours, styles, date overrides and leave."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self, *, with_inactive: bool = False) -> list[Artist]:
        """Artists by id, in three queries."""
        query = select(t.artist).where(t.artist.c.studio_id == self._session.studio_id).order_by(t.artist.c.id)
        if not with_inactive:
            query = query.where(t.artist.c.is_active == YES)
        return self._whole(query)

    def get(self, artist_id: int) -> Artist:
        """One artist; ValidationError if there is none."""
        query = select(t.artist).where(t.artist.c.id == artist_id, t.artist.c.studio_id == self._session.studio_id)
        self._session.one(query, message("This artist is not in the studio any more. Choose another artist."))
        return self._whole(query)[0]

    def add(self, artist: Artist) -> Artist:
        """Store a new artist with a new resource; the answer has both ids."""
        resource_id = self._session.insert(t.resource, {"kind": "artist"})
        values = {"resource_id": resource_id, "version": 1, **_values(artist)}
        artist_id = self._session.insert(t.artist, values)
        self._add_plans_and_styles(replace(artist, id=artist_id))
        return replace(artist, id=artist_id, resource_id=resource_id, version=1)

    def save(self, artist: Artist) -> Artist:
        """Store changes, plans and styles included; StaleRecord on a version conflict."""
        version = self._session.save(
            t.artist,
            artist.id,
            artist.version,
            _values(artist),
            message("{artist} was changed at another desk. Open the artist again and repeat it.", artist=artist.name),
        )
        self._remove_plans_and_styles(artist.id)
        self._add_plans_and_styles(artist)
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
        """Go back to the planned hours on one date."""
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

    def _whole(self, query: Select[Any]) -> list[Artist]:
        artists = self._session.rows(query)
        ids = [row.id for row in artists]
        return to_artists(artists, self._session.rows(_plan_hours(ids)), self._session.rows(_styles(ids)))

    def _remove_plans_and_styles(self, artist_id: int) -> None:
        plans = select(t.weekly_plan.c.id).where(t.weekly_plan.c.artist_id == artist_id)
        self._session.write(t.plan_hours.delete().where(t.plan_hours.c.plan_id.in_(plans)))
        for table in (t.weekly_plan, t.artist_style):
            self._session.write(table.delete().where(table.c.artist_id == artist_id))

    def _add_plans_and_styles(self, artist: Artist) -> None:
        for plan in artist.plans:
            values = {"artist_id": artist.id, "starts_on": plan.starts_on, "week_a": plan.week_a}
            statement = t.weekly_plan.insert().values(weeks=len(plan.weeks), **values).returning(t.weekly_plan.c.id)
            plan_id = int(self._session.write(statement).scalar_one())
            self._session.insert_many(t.plan_hours, _hour_rows(plan_id, plan))
        styles = [{"artist_id": artist.id, "position": n, "style": style} for n, style in enumerate(artist.styles)]
        self._session.insert_many(t.artist_style, styles)


def _plan_hours(artist_ids: Sequence[int]) -> Select[Any]:
    plan, hours = t.weekly_plan.c, t.plan_hours.c
    return (
        select(
            *(plan.artist_id, plan.id.label("plan_id"), plan.starts_on, plan.week_a, plan.weeks),
            *(hours.week, hours.weekday, hours.start_min, hours.end_min),
        )
        .outerjoin_from(t.weekly_plan, t.plan_hours, hours.plan_id == plan.id)
        .where(plan.artist_id.in_(artist_ids))
        .order_by(plan.artist_id, plan.id, hours.week, hours.weekday, hours.start_min)
    )


def _styles(artist_ids: Sequence[int]) -> Select[Any]:
    style = t.artist_style.c
    query = select(style.artist_id, style.style).where(style.artist_id.in_(artist_ids))
    return query.order_by(style.artist_id, style.position)


def _hour_rows(plan_id: int, plan: WeeklyPlan) -> list[dict[str, Any]]:
    return [
        {"plan_id": plan_id, "week": week, "weekday": weekday, **span._asdict()}
        for week, days in enumerate(plan.weeks)
        for weekday, spans in enumerate(days)
        for span in spans
    ]


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
        "per_day": artist.limits.per_day,
        "per_week": artist.limits.per_week,
        "long_sitting_s": artist.limits.long_sitting_s,
    }
