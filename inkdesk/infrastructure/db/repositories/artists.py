"""Artists, their hours and leave."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, select

from inkdesk.domain.artists import Artist, DateOverride, Leave
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.hours import DAY_S, WeeklyPlan
from inkdesk.domain.message import message
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.rows import to_artists, to_leave, to_overrides
from inkdesk.infrastructure.db.session import Session
from inkdesk.infrastructure.db.types import YES, Seconds

_LONG_S = 366 * DAY_S


def whole_years(first: date, last: date) -> tuple[date, date]:
    """Dates for which overrides are read, so that the next question finds its own in memory."""
    return first.replace(month=1, day=1), last.replace(month=12, day=31)


def long_span(within: Span) -> Span:
    """The same for leave."""
    return Span(within.start_s // _LONG_S * _LONG_S, -(-within.end_s // _LONG_S) * _LONG_S)


class SqlArtistRepository:
    """Artists with their plans of hours, styles, date overrides and leave."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self, *, with_inactive: bool = False) -> list[Artist]:
        """Artists by id, in three queries."""
        query = _ARTISTS if with_inactive else _ACTIVE_ARTISTS
        return list(self._session.remembered(("artists", with_inactive), lambda: self._artists(query)))

    def get(self, artist_id: int) -> Artist:
        """One artist; ValidationError if there is none."""
        found = self._session.remembered(("artist", artist_id), lambda: self._artists(_ARTIST, artist_id=artist_id))
        if not found:
            raise ValidationError(message("This artist is not in the studio any more. Choose another artist."))
        return found[0]

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
        years = whole_years(first, last)
        found = self._session.remembered(
            ("overrides", *artist_ids, *years), lambda: self._overrides(artist_ids, *years)
        )
        return [one for one in found if first <= one.on <= last]

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
        wide = long_span(within)
        found = self._session.remembered(("leaves", wide), lambda: self._leaves(wide))
        return [leave for span, leave in found if span.start_s < within.end_s and span.end_s > within.start_s]

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

    def _artists(self, query: Select[Any], **values: object) -> list[Artist]:
        artists = self._session.rows(query, studio_id=self._session.studio_id, **values)
        ids = [row.id for row in artists]
        hours = self._session.rows(_PLAN_HOURS, artist_ids=ids)
        return to_artists(artists, hours, self._session.rows(_STYLES, artist_ids=ids))

    def _overrides(self, artist_ids: Sequence[int], first: date, last: date) -> list[DateOverride]:
        return to_overrides(self._session.rows(_OVERRIDES, artist_ids=artist_ids, first=first, last=last))

    def _leaves(self, within: Span) -> list[tuple[Span, Leave]]:
        rows = self._session.rows(
            _LEAVES, studio_id=self._session.studio_id, start_s=within.start_s, end_s=within.end_s
        )
        leaves = [to_leave(row) for row in rows]
        return [(Span(to_seconds(leave.starts_at), to_seconds(leave.ends_at)), leave) for leave in leaves]

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


_A, _P, _H, _Y, _D, _S, _L = (
    one.c
    for one in (t.artist, t.weekly_plan, t.plan_hours, t.artist_style, t.date_override, t.date_override_span, t.leave)
)
_ARTISTS = select(t.artist).where(_A.studio_id == bindparam("studio_id")).order_by(_A.id)
_ACTIVE_ARTISTS = _ARTISTS.where(_A.is_active == YES)
_ARTIST = _ARTISTS.where(_A.id == bindparam("artist_id"))
_PLAN_HOURS = (
    select(
        *(_P.artist_id, _P.id.label("plan_id"), _P.starts_on, _P.week_a, _P.weeks),
        *(_H.week, _H.weekday, _H.start_min, _H.end_min),
    )
    .outerjoin_from(t.weekly_plan, t.plan_hours, _H.plan_id == _P.id)
    .where(_P.artist_id.in_(bindparam("artist_ids", expanding=True)))
    .order_by(_P.artist_id, _P.id, _H.week, _H.weekday, _H.start_min)
)
_STYLES = (
    select(_Y.artist_id, _Y.style)
    .where(_Y.artist_id.in_(bindparam("artist_ids", expanding=True)))
    .order_by(_Y.artist_id, _Y.position)
)
_OVERRIDES = (
    select(_D.artist_id, _D.on_date, _S.start_min, _S.end_min)
    .outerjoin_from(t.date_override, t.date_override_span, (_S.artist_id == _D.artist_id) & (_S.on_date == _D.on_date))
    .where(
        _D.artist_id.in_(bindparam("artist_ids", expanding=True)),
        _D.on_date.between(bindparam("first"), bindparam("last")),
    )
    .order_by(_D.artist_id, _D.on_date, _S.start_min)
)
_LEAVES = (
    select(t.leave)
    .where(
        _L.studio_id == bindparam("studio_id"),
        _L.ends_at > bindparam("start_s", type_=Seconds()),
        _L.starts_at < bindparam("end_s", type_=Seconds()),
    )
    .order_by(_L.starts_at, _L.id)
)


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
