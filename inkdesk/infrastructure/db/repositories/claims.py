"""The guard's rows: who keeps which resource, and whose name to give when the guard refuses."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Row,
    ScalarSelect,
    Select,
    TableValuedAlias,
    bindparam,
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
from inkdesk.infrastructure.db.driver_statement import DriverStatement
from inkdesk.infrastructure.db.failures import GuardRefused
from inkdesk.infrastructure.db.session import STAMP, Session
from inkdesk.infrastructure.db.types import Ids, Seconds, each_of, pairs_of, span_texts


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
        if not resource_ids:
            return {}
        values = where(resource_ids, within)
        statement = _BUSY
        if without:
            statement, values["without"] = _BUSY_WITHOUT, list(without)
        return {resource_id: pairs_of(spans) for _, resource_id, spans in self._session.stamped(statement, values)}

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

    def claim(self, booking_id: int | None, claims: Sequence[Claim], *, blocks: bool) -> None:
        """Replace the booking's claims (None: add a blocked time); SlotTaken leaves the claims as they were."""
        self.lock([claim.resource_id for claim in claims])
        rows = [
            {
                "studio_id": self._session.studio_id,
                "booking_id": booking_id,
                "resource_id": claim.resource_id,
                "starts_at": to_instant(claim.span.start_s),
                "ends_at": to_instant(claim.span.end_s),
                "blocks": blocks,
            }
            for claim in claims
        ]
        with self._guarded(claims):
            if booking_id is not None:
                self._session.write(t.occupancy.delete().where(t.occupancy.c.booking_id == booking_id))
            self._session.insert_many(t.occupancy, rows)

    def set_blocks(self, booking_id: int, *, blocks: bool) -> None:
        """Let the booking's claims go, or make them block; SlotTaken leaves them as they were."""
        claims = self._locked(booking_id)
        mine = t.occupancy.c.booking_id == booking_id
        with self._guarded(claims):
            self._session.write(t.occupancy.update().where(mine).values(blocks=blocks))

    def _locked(self, booking_id: int) -> list[Claim]:
        """The booking's claims once nobody else can change them: it may have moved while we waited for its locks."""
        claims = self.of_booking(booking_id)
        while not self._session.locked.issuperset(wanted := {claim.resource_id for claim in claims}):
            self.lock(sorted(wanted))
            claims = self.of_booking(booking_id)
        return claims

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
            for row in self._session.rows(_NAMED, **where([claim.resource_id], claim.span)):
                return _taken(row)
        return message("This time is taken. Choose another time.")


_CLAIM = (
    t.occupancy.c.resource_id,
    type_coerce(t.occupancy.c.starts_at, Seconds).label("start_s"),
    type_coerce(t.occupancy.c.ends_at, Seconds).label("end_s"),
)


_CLAIMS, _EARLIER = t.occupancy.c, t.occupancy.alias("earlier")
_START, _END = (bindparam(name, type_=Seconds()) for name in ("start_s", "end_s"))
_RESOURCES: BindParameter[Any] = bindparam("resource_ids", expanding=True)


def _blocks(occupancy: FromClause) -> ColumnElement[bool]:
    """The partial index's own words: neither planner sees that ``blocks = 1`` means the same."""
    return literal_column(f"{occupancy.name}.blocks")  # type: ignore[attr-defined]


def _reaches_in(resource: FromClause, resource_id: ColumnElement[int]) -> ScalarSelect[Any]:
    """When a resource's last claim begins that begins before the range; null if it does not reach into it."""
    return (
        select(case((_EARLIER.c.ends_at > _START, _EARLIER.c.starts_at)))
        .where(_EARLIER.c.resource_id == resource_id, _blocks(_EARLIER), _EARLIER.c.starts_at <= _START)
        .order_by(_EARLIER.c.starts_at.desc())
        .limit(literal_column("1"))
        .correlate(resource)
        .scalar_subquery()
    )


def _meets_range(earliest: ColumnElement[Any]) -> tuple[ColumnElement[bool], ...]:
    """The claims between ``earliest`` (null: the range's start) and the range's end that are not over before it."""
    return (
        _blocks(t.occupancy),
        _CLAIMS.starts_at >= func.coalesce(earliest, _START, type_=Seconds()),
        _CLAIMS.starts_at < _END,
        _CLAIMS.ends_at > _START,
    )


_EARLIEST = select(func.min(_reaches_in(t.resource, t.resource.c.id))).where(t.resource.c.id.in_(_RESOURCES))
BLOCKING = (
    select(t.occupancy)
    .join_from(t.occupancy, t.resource, _CLAIMS.resource_id == t.resource.c.id)
    .where(_CLAIMS.resource_id.in_(_RESOURCES), *_meets_range(_EARLIEST.correlate(None).scalar_subquery()))
)
"""Blocking claims of ``resource_ids`` that meet the range from ``start_s`` to ``end_s`` (see ``where``).

Blocking claims of one resource are disjoint, so at most one of each begins before the range and reaches into it. The
earliest of those bounds the search: a short range of the index, however long the book or the claims. Both planners
answer the bound first, and then read that range only.
"""


def _each(parameter: str) -> TableValuedAlias:
    """A row for each id; SQLite says what the column is called, PostgreSQL calls it like the table."""
    return each_of(bindparam(parameter, type_=Ids())).table_valued("value", name="value")


_ASKED, _LEAVING = _each("resource_ids"), _each("without")
_SPANS = select(span_texts(_CLAIMS.starts_at, _CLAIMS.ends_at)).where(
    _CLAIMS.resource_id == _ASKED.c.value, *_meets_range(_reaches_in(_ASKED, _ASKED.c.value))
)
_OTHERS = _CLAIMS.booking_id.is_(None) | _CLAIMS.booking_id.not_in(select(_LEAVING.c.value))


def _busy(spans: Select[Any]) -> DriverStatement:
    """Stamp, id and spans of each resource that is asked for."""
    stamp = select(STAMP).scalar_subquery()
    return DriverStatement(select(stamp, _ASKED.c.value, spans.correlate(_ASKED).scalar_subquery()))


_BUSY, _BUSY_WITHOUT = _busy(_SPANS), _busy(_SPANS.where(_OTHERS))


def where(resource_ids: Sequence[int], within: Span) -> dict[str, object]:
    """The values of ``BLOCKING``'s parameters."""
    return {"resource_ids": list(resource_ids), "start_s": within.start_s, "end_s": within.end_s}


_NAMED = (
    BLOCKING.outerjoin(t.booking, t.booking.c.id == _CLAIMS.booking_id)
    .outerjoin(t.client, t.client.c.id == t.booking.c.client_id)
    .outerjoin(t.group_sitting, t.group_sitting.c.id == _CLAIMS.group_id)
    .with_only_columns(
        *(t.resource.c.kind, t.client.c.name, t.booking.c.starts_at, _CLAIMS.starts_at.label("from_")),
        *(t.group_sitting.c.title, t.group_sitting.c.starts_at.label("group_starts_at")),
    )
    .order_by(_CLAIMS.starts_at)
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
