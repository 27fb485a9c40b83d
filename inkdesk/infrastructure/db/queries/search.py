"""Finding clients by the starts of their names and the ends of their numbers."""

import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from inkdesk.application.calendar import ClientMatch
from inkdesk.domain.bookings import BookingStatus
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.names import LAST_SIGN, name_tokens, typed_digits
from inkdesk.infrastructure.db.repositories.clients import to_client

_MOST_WORDS = 8
_GONE = (BookingStatus.CANCELLED.value, BookingStatus.LAPSED.value)


def matching_clients(studio_id: int, typed: str, now: datetime, limit: int) -> Select[Any]:
    """Clients that fit all that was typed, by name; the latest ones if nothing was typed."""
    query = _facts(now).where(t.client.c.studio_id == studio_id).limit(limit)
    clean = typed.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
    if not clean.strip():
        return query.order_by(t.client.c.id.desc())
    return query.where(_fits(studio_id, clean)).order_by(t.client.c.name_folded, t.client.c.id)


def to_match(row: Row[Any]) -> ClientMatch:
    """A row of ``matching_clients``."""
    return ClientMatch(
        client=to_client(row),
        last_artist_id=row.last_artist_id,
        last_service_id=row.last_service_id,
        next_starts_at=row.next_starts_at,
        no_shows=row.no_shows,
    )


def _fits(studio_id: int, typed: str) -> ColumnElement[bool]:
    words = name_tokens(typed)[:_MOST_WORDS]
    if any(sign.isalpha() for sign in unicodedata.normalize("NFKD", typed)):
        return and_(*(_word_fits(studio_id, word) for word in words))
    by_name = and_(*(_name_starts(studio_id, word) for word in words))
    digits = typed_digits(typed)
    return or_(_number_ends(digits), by_name) if digits else by_name


def _word_fits(studio_id: int, word: str) -> ColumnElement[bool]:
    digits = typed_digits(word) if word.isdecimal() else ""
    return or_(_number_ends(digits), _name_starts(studio_id, word)) if digits else _name_starts(studio_id, word)


def _number_ends(digits: str) -> ColumnElement[bool]:
    stored = t.client.c.digits_reversed
    return and_(stored >= digits, stored < digits + LAST_SIGN)


def _name_starts(studio_id: int, word: str) -> ColumnElement[bool]:
    token = t.client_name_token.c
    return t.client.c.id.in_(
        select(token.client_id).where(token.studio_id == studio_id, token.token >= word, token.token < word + LAST_SIGN)
    )


def _facts(now: datetime) -> Select[Any]:
    """Clients with their last artist and service, next start and number of no-shows."""
    last = t.booking.alias("last")
    kept = t.booking.c.status.not_in(_GONE)
    mine = t.booking.c.client_id == t.client.c.id
    last_id = (
        select(t.booking.c.id)
        .where(mine, kept)
        .order_by(t.booking.c.starts_at.desc(), t.booking.c.id.desc())
        .limit(1)
        .correlate(t.client)
        .scalar_subquery()
    )
    next_start = (
        select(func.min(t.booking.c.starts_at, type_=t.booking.c.starts_at.type))
        .where(mine, kept, t.booking.c.starts_at >= now)
        .correlate(t.client)
        .scalar_subquery()
    )
    no_shows = (
        select(func.count())
        .select_from(t.booking)
        .where(mine, t.booking.c.status == BookingStatus.NO_SHOW.value)
        .correlate(t.client)
        .scalar_subquery()
    )
    return select(
        t.client,
        last.c.artist_id.label("last_artist_id"),
        last.c.service_id.label("last_service_id"),
        next_start.label("next_starts_at"),
        no_shows.label("no_shows"),
    ).outerjoin_from(t.client, last, last.c.id == last_id)
