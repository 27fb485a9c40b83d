"""The guard's rows: who keeps which resource, and whose name to give when the guard refuses."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    ScalarSelect,
    Select,
    case,
    func,
    literal_column,
    select,
    type_coerce,
)

from inkdesk.application.ports import Claim
from inkdesk.domain.errors import SlotTaken
from inkdesk.domain.message import Message, message
from inkdesk.domain.spans import Span, to_instant
from inkdesk.domain.sweeps import Pair
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.failures import GuardRefused
from inkdesk.infrastructure.db.session import Session
from inkdesk.infrastructure.db.types import Seconds, at_seconds, seconds_list


class Claims:
    """Rows of ``occupancy`` within one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lock(self, resource_ids: Sequence[int]) -> None:
        """Row locks in id order, so that desks queue instead of deadlocking. SQLite has one writer anyway."""
        wanted = set(resource_ids) - self._session.locked
        if wanted and self._session.connection.dialect.name == "postgresql":
            query = select(t.resource.c.id).where(t.resource.c.id.in_(sorted(wanted))).order_by(t.resource.c.id)
            self._session.rows(query.with_for_update(key_share=True))
        self._session.locked |= wanted

    def busy(self, resource_ids: Sequence[int], within: Span, without: Collection[int] = ()) -> dict[int, list[Pair]]:
        """Blocking spans that meet ``within`` by resource, sorted, as plain pairs; every asked id has an entry.

        Claims of the bookings ``without`` do not count.
        """
        found: dict[int, list[Pair]] = {resource_id: [] for resource_id in resource_ids}
        claim = t.occupancy.c
        query = blocking(resource_ids, within, without).with_only_columns(
            claim.resource_id, seconds_list(claim.starts_at).label("starts"), seconds_list(claim.ends_at).label("ends")
        )
        for row in self._session.rows(query.group_by(claim.resource_id)):
            found[row.resource_id] = sorted(zip(row.starts, row.ends, strict=True))
        return found

    def of_booking(self, booking_id: int) -> list[Claim]:
        """What the booking claims, blocking or not, in the order in which it was claimed."""
        return self.of_bookings([booking_id])[booking_id]

    def of_bookings(self, booking_ids: Collection[int]) -> dict[int, list[Claim]]:
        """The same of several bookings by booking, every asked id has an entry. One query."""
        found: dict[int, list[Claim]] = {booking_id: [] for booking_id in booking_ids}
        claim = t.occupancy.c
        query = select(claim.booking_id, *_CLAIM).where(claim.booking_id.in_(sorted(found))).order_by(claim.id)
        for row in self._session.rows(query):
            found[row.booking_id].append(Claim(row.resource_id, Span(row.start_s, row.end_s)))
        return found

    def blocking_ids(self, resource_ids: Sequence[int], within: Span) -> Select[tuple[int]]:
        """Ids of the bookings whose blocking claims meet ``within``, as a query."""
        return blocking(resource_ids, within).with_only_columns(t.occupancy.c.booking_id)

    def claim(self, booking_id: int | None, claims: Sequence[Claim], *, blocks: bool) -> None:
        """Replace the booking's claims (None: add a blocked time); SlotTaken leaves the claims as they were."""
        old = None if booking_id is None else t.occupancy.c.booking_id == booking_id
        self._replace(old, {"booking_id": booking_id, "group_id": None}, claims, blocks=blocks)

    def claim_group(self, group_id: int, claims: Sequence[Claim], *, blocks: bool) -> None:
        """Replace a group sitting's own claims (its host's); SlotTaken leaves the claims as they were."""
        owner = {"booking_id": None, "group_id": group_id}
        self._replace(t.occupancy.c.group_id == group_id, owner, claims, blocks=blocks)

    def _replace(
        self,
        old: ColumnElement[bool] | None,
        owner: Mapping[str, int | None],
        claims: Sequence[Claim],
        *,
        blocks: bool,
    ) -> None:
        self.lock([claim.resource_id for claim in claims])
        rows = [
            {
                **owner,
                "studio_id": self._session.studio_id,
                "resource_id": claim.resource_id,
                "starts_at": to_instant(claim.span.start_s),
                "ends_at": to_instant(claim.span.end_s),
                "blocks": blocks,
            }
            for claim in claims
        ]
        with self._guarded(claims):
            if old is not None:
                self._session.write(t.occupancy.delete().where(old))
            self._session.insert_many(t.occupancy, rows)

    def set_blocks(self, booking_id: int, *, blocks: bool) -> None:
        """Let the booking's claims go, or make them block; SlotTaken leaves them as they were."""
        claims = self.of_booking(booking_id)
        self.lock([claim.resource_id for claim in claims])
        mine = t.occupancy.c.booking_id == booking_id
        with self._guarded(claims):
            self._session.write(t.occupancy.update().where(mine).values(blocks=blocks))

    @contextmanager
    def _guarded(self, claims: Sequence[Claim]) -> Iterator[None]:
        """A savepoint: when the guard refuses, only this step is undone and the unit of work stays usable."""
        try:
            with self._session.connection.begin_nested():
                yield
        except GuardRefused:
            raise SlotTaken(self._who_has(claims)) from None

    def _who_has(self, claims: Sequence[Claim]) -> Message:
        for claim in claims:
            query = _named(blocking([claim.resource_id], claim.span))
            for row in self._session.rows(query):
                return _taken(row)
        return message("This time is taken. Choose another time.")


_CLAIM = (
    t.occupancy.c.resource_id,
    type_coerce(t.occupancy.c.starts_at, Seconds).label("start_s"),
    type_coerce(t.occupancy.c.ends_at, Seconds).label("end_s"),
)


def blocking(resource_ids: Sequence[int], within: Span, without: Collection[int] = ()) -> Select[Any]:
    """Blocking claims of these resources that meet ``within``, those of the bookings ``without`` left out.

    Blocking claims of one resource are disjoint, so at most one of each begins before ``within`` and reaches into it.
    The earliest of those bounds the search: a short range of the index, however long the book or the claims. Both
    planners answer the bound first, and then read that range only.
    """
    claim = t.occupancy.c
    query = (
        select(t.occupancy)
        .join_from(t.occupancy, t.resource, claim.resource_id == t.resource.c.id)
        .where(
            claim.resource_id.in_(resource_ids),
            _blocks(t.occupancy),
            claim.starts_at >= func.coalesce(_reaches_in(resource_ids, within), _at(within.start_s), type_=Seconds()),
            claim.starts_at < _at(within.end_s),
            claim.ends_at > _at(within.start_s),
        )
    )
    if without:
        query = query.where(claim.booking_id.is_(None) | claim.booking_id.not_in(without))
    return query


def _reaches_in(resource_ids: Sequence[int], within: Span) -> ScalarSelect[Any]:
    """When the earliest claim begins that begins before ``within`` and reaches into it; null if none does."""
    earlier = t.occupancy.alias("earlier")
    last_before = (
        select(case((earlier.c.ends_at > _at(within.start_s), earlier.c.starts_at)))
        .where(earlier.c.resource_id == t.resource.c.id, _blocks(earlier), earlier.c.starts_at <= _at(within.start_s))
        .order_by(earlier.c.starts_at.desc())
        .limit(1)
        .correlate(t.resource)
        .scalar_subquery()
    )
    return select(func.min(last_before)).where(t.resource.c.id.in_(resource_ids)).correlate(None).scalar_subquery()


def _at(seconds: int) -> ColumnElement[int]:
    return at_seconds(seconds)


def _blocks(occupancy: FromClause) -> ColumnElement[bool]:
    """The partial index's own words: neither planner sees that ``blocks = 1`` means the same."""
    return literal_column(f"{occupancy.name}.blocks")  # type: ignore[attr-defined]


def _named(query: Select[Any]) -> Select[Any]:
    claim, booking = t.occupancy.c, t.booking.c
    return (
        query.outerjoin(t.booking, booking.id == claim.booking_id)
        .outerjoin(t.client, t.client.c.id == booking.client_id)
        .outerjoin(t.group_sitting, t.group_sitting.c.id == claim.group_id)
        .with_only_columns(
            *(t.resource.c.kind, t.client.c.name, booking.starts_at, claim.starts_at.label("from_")),
            *(t.group_sitting.c.title, t.group_sitting.c.starts_at.label("group_starts_at")),
        )
        .order_by(claim.starts_at)
        .limit(1)
    )


def _taken(row: Row[Any]) -> Message:
    if row.title is not None:
        return message(
            'The artist holds "{title}" at {start}. Choose another time.', title=row.title, start=row.group_starts_at
        )
    if row.name is None:
        return message("The time is blocked from {start} on. Choose another time.", start=row.from_)
    if row.kind == "artist":
        return message(
            "The artist is taken by {client} at {start}. Choose another time.", client=row.name, start=row.starts_at
        )
    return message(
        "The station is taken by {client} at {start}. Choose another time.", client=row.name, start=row.starts_at
    )
