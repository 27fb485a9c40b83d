"""Finding clients by the starts of their names and the ends of their numbers, and their bookings."""

import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Row, Select, and_, func, select, union

from inkdesk.application.calendar import ClientMatch
from inkdesk.domain.bookings import BookingStatus
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.names import LAST_SIGN, name_tokens, typed_digits
from inkdesk.infrastructure.db.queries.cards import CARDS
from inkdesk.infrastructure.db.repositories.clients import to_client

_Ids = Select[tuple[int]] | CompoundSelect[tuple[int]]
_MOST_WORDS = 8
_MOST_CLIENTS = 50
"""Whose bookings are looked for: a letter or two fit thousands."""
_GONE = (BookingStatus.CANCELLED.value, BookingStatus.LAPSED.value)


def matching_clients(studio_id: int, typed: str, now: datetime, limit: int) -> Select[Any]:
    """Clients that fit all that was typed, by name; the latest ones if nothing was typed."""
    client = t.client.c
    sought = clean(typed)
    page = select(client.id).where(client.studio_id == studio_id).limit(limit)
    if not sought:
        return _facts(page.order_by(client.id.desc()), now).order_by(client.id.desc())
    found = page.where(_fits(studio_id, sought)).order_by(client.name_folded, client.id)
    return _facts(found, now).order_by(client.name_folded, client.id)


def bookings_of_matching(studio_id: int, typed: str, now: datetime, limit: int) -> tuple[Select[Any], Select[Any]]:
    """The cards of the clients that fit what was typed: those to come, and those that were."""
    client = t.client.c
    mine = select(client.id).where(client.studio_id == studio_id, _fits(studio_id, clean(typed)))
    found = mine.order_by(client.name_folded, client.id).limit(_MOST_CLIENTS)
    start, ids = t.booking.c.starts_at, t.booking.c.id
    cards = CARDS.where(t.booking.c.studio_id == studio_id, t.booking.c.client_id.in_(found)).limit(limit)
    return cards.where(start >= now).order_by(start, ids), cards.where(start < now).order_by(start.desc(), ids.desc())


def clean(typed: str) -> str:
    """What was typed, without signs that no database takes."""
    return typed.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8").strip()


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
        return and_(*(_among(_word(studio_id, word)) for word in words))
    by_name = and_(*(_among(_name_starts(studio_id, word)) for word in words))
    digits = typed_digits(typed)
    if not digits:
        return by_name
    return _among(union(_number_ends(studio_id, digits), select(t.client.c.id).where(by_name)))


def _word(studio_id: int, word: str) -> _Ids:
    if not word.isdecimal():
        return _name_starts(studio_id, word)
    return union(_number_ends(studio_id, typed_digits(word)), _name_starts(studio_id, word))


def _among(ids: _Ids) -> ColumnElement[bool]:
    """A union of ids, not an OR of conditions: PostgreSQL would read all clients for the latter."""
    return t.client.c.id.in_(ids)


def _number_ends(studio_id: int, digits: str) -> _Ids:
    client = t.client.alias("by_number").c
    stored = client.digits_reversed
    return select(client.id).where(client.studio_id == studio_id, stored >= digits, stored < digits + LAST_SIGN)


def _name_starts(studio_id: int, word: str) -> _Ids:
    token = t.client_name_token.c
    return select(token.client_id).where(
        token.studio_id == studio_id, token.token >= word, token.token < word + LAST_SIGN
    )


def _facts(page: Select[tuple[int]], now: datetime) -> Select[Any]:
    """The clients of one page with their last artist and service, next start and number of no-shows."""
    ids = page.subquery("page")
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
    facts = select(
        t.client,
        last.c.artist_id.label("last_artist_id"),
        last.c.service_id.label("last_service_id"),
        next_start.label("next_starts_at"),
        no_shows.label("no_shows"),
    )
    return facts.join_from(ids, t.client, t.client.c.id == ids.c.id).outerjoin(last, last.c.id == last_id)
