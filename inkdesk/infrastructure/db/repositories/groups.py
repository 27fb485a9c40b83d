"""Group sittings, their seats, and who has them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Select, delete, select, update

from inkdesk.domain.bookings import Booking
from inkdesk.domain.capacity import Party
from inkdesk.domain.errors import SlotTaken
from inkdesk.domain.groups import GroupSitting
from inkdesk.domain.message import message
from inkdesk.domain.spans import Span, to_instant
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.failures import GuardRefused
from inkdesk.infrastructure.db.queries.groups import meets, seats_taken
from inkdesk.infrastructure.db.repositories.bookings import to_bookings
from inkdesk.infrastructure.db.repositories.claims import BLOCKING, where
from inkdesk.infrastructure.db.rows import to_parties, units_by_group
from inkdesk.infrastructure.db.session import Session
from inkdesk.infrastructure.db.types import YES

_G = t.group_sitting.c


class SqlGroupRepository:
    """Group sittings with a concrete unit for each seat."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, group_id: int) -> GroupSitting:
        """One group sitting; ValidationError if there is none."""
        missing = message("This group sitting is not in the book. Reload the calendar.")
        return self._with_units([self._session.one(self._mine().where(_G.id == group_id), missing)])[0]

    def by_request_key(self, key: str) -> GroupSitting | None:
        """The group sitting that a form with this request key already made."""
        found = self._with_units(self._session.rows(self._mine().where(_G.request_key == key)))
        return found[0] if found else None

    def within(self, within: Span, artist_id: int | None = None) -> list[GroupSitting]:
        """Group sittings that meet ``within``, by start, cancelled ones too; only of one host if one is named."""
        query = self._mine().where(*meets(self._session.studio_id, within))
        if artist_id is not None:
            query = query.where(_G.artist_id == artist_id)
        return self._with_units(self._session.rows(query.order_by(_G.starts_at, _G.id)))

    def holding(self, resource_ids: Sequence[int], within: Span) -> list[GroupSitting]:
        """The group sittings whose blocking claims on these hosts meet ``within``, by start."""
        claims = BLOCKING.with_only_columns(t.occupancy.c.group_id).where(t.occupancy.c.group_id.is_not(None))
        held = self._mine().where(_G.id.in_(claims)).order_by(_G.starts_at, _G.id)
        return self._with_units(self._session.rows(held, **where(resource_ids, within)))

    def add(self, group: GroupSitting) -> GroupSitting:
        """Store a new one with a resource for each seat; the answer has id and ``unit_ids``."""
        values = {
            **_values(group),
            "created_at": group.created_at,
            "request_key": group.request_key,
            "version": 1,
        }
        stored = replace(group, id=self._session.insert(t.group_sitting, values), version=1, unit_ids=())
        return self._filled(stored)

    def save(self, group: GroupSitting) -> GroupSitting:
        """Store changes; StaleRecord on a version conflict. The answer has as many units as there are seats.

        Nobody may sit on a unit that is no longer among ``unit_ids`` for the time to come; what does not block, for
        example a lapsed hold, is put on one that stays.
        """
        version = self._session.save(
            t.group_sitting,
            group.id,
            group.version,
            _values(group),
            message("{group} was changed at another desk. Look at it again and repeat the change.", group=group.title),
        )
        stored = self._units([group.id]).get(group.id, ())
        self._take_away([unit for unit in stored if unit not in group.unit_ids], group.unit_ids[0])
        return self._filled(replace(group, version=version))

    def keep_host(self, group_id: int, resource_id: int, span: Span) -> None:
        """Claim the group's host, whom it does not keep yet; SlotTaken if the guard refuses."""
        claim = {
            "studio_id": self._session.studio_id,
            "group_id": group_id,
            "resource_id": resource_id,
            "starts_at": to_instant(span.start_s),
            "ends_at": to_instant(span.end_s),
            "blocks": True,
        }
        try:
            with self._session.connection.begin_nested():
                self._session.insert_many(t.occupancy, [claim])
        except GuardRefused:
            raise SlotTaken(message("The host is taken at that time. Choose another time.")) from None

    def let_host_go(self, group_id: int) -> None:
        """Remove the group's claim on its host."""
        self._session.write(delete(t.occupancy).where(t.occupancy.c.group_id == group_id))

    def parties(self, group_ids: Sequence[int]) -> dict[int, list[Party]]:
        """Who keeps seats of each group, by booking id: the blocking claims of its bookings. One query."""
        rows = self._session.rows(seats_taken().where(t.booking.c.group_id.in_(group_ids))) if group_ids else ()
        return {group_id: [] for group_id in group_ids} | to_parties(rows)

    def bookings(self, group_id: int) -> list[Booking]:
        """The bookings of a group in any status, by start."""
        booking = t.booking.c
        mine = (booking.studio_id == self._session.studio_id) & (booking.group_id == group_id)
        query = select(t.booking).where(mine).order_by(booking.starts_at, booking.id)
        return to_bookings(self._session, self._session.rows(query))

    def client_names(self, group_id: int) -> dict[int, str]:
        """Names of everybody who ever booked seats of a group, by client id."""
        client = t.client.c
        booked = select(t.booking.c.client_id).where(t.booking.c.group_id == group_id)
        query = select(client.id, client.name).where(client.studio_id == self._session.studio_id, client.id.in_(booked))
        return {row.id: row.name for row in self._session.rows(query)}

    def _mine(self) -> Select[Any]:
        return select(t.group_sitting).where(_G.studio_id == self._session.studio_id)

    def _with_units(self, rows: Sequence[Row[Any]]) -> list[GroupSitting]:
        units = self._units([row.id for row in rows])
        return [_to_group(row, units.get(row.id, ())) for row in rows]

    def _units(self, group_ids: Sequence[int]) -> Mapping[int, tuple[int, ...]]:
        seat = t.group_seat.c
        query = select(seat.group_id, seat.resource_id).where(seat.group_id.in_(group_ids))
        rows = self._session.rows(query.order_by(seat.group_id, seat.resource_id)) if group_ids else ()
        return units_by_group(rows)

    def _filled(self, group: GroupSitting) -> GroupSitting:
        """Make units until there is one for each seat."""
        missing = range(group.seats - len(group.unit_ids))
        fresh = [self._session.insert(t.resource, {"kind": "station_unit"}) for _ in missing]
        self._session.insert_many(t.group_seat, [{"resource_id": unit, "group_id": group.id} for unit in fresh])
        return replace(group, unit_ids=(*group.unit_ids, *fresh))

    def _take_away(self, units: Sequence[int], instead: int) -> None:
        """The resources stay, for what was; a lapsed hold on one must not come back to a seat that is gone."""
        if not units:
            return
        claim = t.occupancy.c
        idle = claim.resource_id.in_(units) & (claim.blocks != YES)
        self._session.write(update(t.occupancy).where(idle).values(resource_id=instead))
        self._session.write(delete(t.group_seat).where(t.group_seat.c.resource_id.in_(units)))


def _to_group(row: Row[Any], unit_ids: tuple[int, ...]) -> GroupSitting:
    return GroupSitting(
        id=row.id,
        artist_id=row.artist_id,
        service_id=row.service_id,
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        seats=row.seats,
        unit_ids=unit_ids,
        is_cancelled=row.is_cancelled,
        note=row.note,
        created_at=row.created_at,
        request_key=row.request_key,
        version=row.version,
    )


def _values(group: GroupSitting) -> dict[str, Any]:
    return {
        "artist_id": group.artist_id,
        "service_id": group.service_id,
        "title": group.title,
        "starts_at": group.starts_at,
        "ends_at": group.ends_at,
        "seats": group.seats,
        "is_cancelled": group.is_cancelled,
        "note": group.note,
    }
