"""Series of bookings."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select

from inkdesk.domain.bookings import Booking
from inkdesk.domain.series import Series, SeriesKind
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.repositories.bookings import to_bookings
from inkdesk.infrastructure.db.session import Session


class SqlSeriesRepository:
    """Bookings that were made as one. A series itself never changes."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_request_key(self, key: str) -> Series | None:
        """The series a form with this request key already made."""
        mine = t.series.c.studio_id == self._session.studio_id
        rows = self._session.rows(select(t.series).where(mine, t.series.c.request_key == key))
        return _to_series(rows[0]) if rows else None

    def add(self, series: Series) -> Series:
        """Store a new series; the answer has its id. The request key is unique."""
        values = {
            "kind": series.kind.value,
            "rule": series.rule,
            "created_at": series.created_at,
            "request_key": series.request_key,
        }
        return replace(series, id=self._session.insert(t.series, values))

    def bookings_of(self, series_id: int) -> list[Booking]:
        """Its bookings of any status, by start."""
        booking = t.booking.c
        mine = (booking.series_id == series_id) & (booking.studio_id == self._session.studio_id)
        query = select(t.booking).where(mine).order_by(booking.starts_at, booking.id)
        return to_bookings(self._session, self._session.rows(query))


def _to_series(row: Row[Any]) -> Series:
    return Series(
        id=row.id,
        kind=SeriesKind(row.kind),
        rule=row.rule,
        created_at=row.created_at,
        request_key=row.request_key,
    )
