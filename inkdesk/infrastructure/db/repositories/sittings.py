"""Which sittings count for an artist's limits."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, cast, exists, literal_column, null, select, type_coerce
from sqlalchemy import union_all as all_of

from inkdesk.domain.spans import Span
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.types import YES, Seconds, Whole, at_seconds

_B, _G = t.booking.c, t.group_sitting.c


def kept_sittings(
    studio_id: int, artist_ids: Sequence[int], within: Span, without: Collection[int]
) -> CompoundSelect[Any]:
    """``artist_id``, ``start_s`` and either ``sitting_s`` or ``end_s``, by start.

    Bookings with a blocking claim that start in ``within``, once for each of their artists, and group sittings for
    their host. A seat in a group sitting is not a sitting of its own. The bookings ``without`` do not count.
    """
    further = t.booking_artist
    starts = _starts_in(_B.starts_at, within)
    kept = [_B.studio_id == studio_id, _B.group_id.is_(None), *starts, _has_blocking_claim()]
    if without:
        kept.append(_B.id.not_in(without))
    first = _bookings(_B.artist_id).where(_B.artist_id.in_(artist_ids), *kept)
    beside = _bookings(further.c.artist_id).join_from(t.booking, further, further.c.booking_id == _B.id)
    hosts = select(
        _G.artist_id,
        type_coerce(_G.starts_at, Seconds).label("start_s"),
        cast(null(), Whole).label("sitting_s"),
        type_coerce(_G.ends_at, Seconds).label("end_s"),
    ).where(
        *(_G.studio_id == studio_id, _G.artist_id.in_(artist_ids), _G.is_cancelled != YES),
        *_starts_in(_G.starts_at, within),
    )
    together = all_of(first, beside.where(further.c.artist_id.in_(artist_ids), *kept), hosts)
    return together.order_by(together.selected_columns.start_s)


def _bookings(artist_id: ColumnElement[int]) -> Select[Any]:
    return select(
        artist_id.label("artist_id"),
        type_coerce(_B.starts_at, Seconds).label("start_s"),
        _B.sitting_s,
        cast(null(), Seconds).label("end_s"),
    )


def _starts_in(starts_at: ColumnElement[Any], within: Span) -> tuple[ColumnElement[bool], ...]:
    return starts_at >= at_seconds(within.start_s), starts_at < at_seconds(within.end_s)


def _has_blocking_claim() -> ColumnElement[bool]:
    """``blocks`` in the words of the partial index, as in ``claims``."""
    return exists().where(t.occupancy.c.booking_id == _B.id, literal_column("occupancy.blocks")).correlate(t.booking)
