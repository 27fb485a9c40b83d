"""The ledger's lines with their names, what they come to, and whose they are."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, Table, false, func, not_, or_, select, true

from inkdesk.application.calendar import LedgerLine
from inkdesk.application.ledger_view import (
    STATUSES,
    LedgerFilter,
    LedgerNames,
    LedgerPlace,
    LedgerSums,
    added,
    counted,
    fees,
)
from inkdesk.application.ledger_words import kind_words, why_words
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerKind, PaymentMethod, PaymentStatus
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.repositories.payment_rows import to_ledger_entry
from inkdesk.infrastructure.db.rows import instants
from inkdesk.infrastructure.db.session import Session
from inkdesk.infrastructure.db.types import at_seconds

_MOST_VALUES = 10_000
"""Of which one statement can be told: the drivers take some ten thousands."""
_COMES_IN = frozenset({LedgerKind.PAID, LedgerKind.TIP})
_SETTLED_IN = func.coalesce(func.nullif(t.payment.c.fee_currency, ""), t.payment.c.currency)


def ledger_lines(
    session: Session, zone: ZoneInfo, wanted: LedgerFilter, after: LedgerPlace | None, limit: int | None
) -> list[LedgerLine]:
    """The entries that fit, newest first: at most ``limit`` of those that stand behind ``after``."""
    entry, booking, payment = t.ledger_entry, t.booking, t.payment
    query = (
        select(
            entry,
            t.client.c.name.label("client_name"),
            t.artist.c.name.label("artist_name"),
            t.service.c.name.label("service_name"),
            booking.c.starts_at,
            booking.c.status,
            payment.c.method,
            payment.c.status.label("payment_status"),
            payment.c.currency.label("paid_in"),
            payment.c.fee_minor,
            payment.c.net_minor,
            payment.c.fee_currency,
        )
        .join_from(entry, booking, booking.c.id == entry.c.booking_id)
        .join(t.client, t.client.c.id == booking.c.client_id)
        .join(t.artist, t.artist.c.id == booking.c.artist_id)
        .join(t.service, t.service.c.id == booking.c.service_id)
        .outerjoin(payment, payment.c.id == entry.c.payment_id)
        .where(
            *_written(session, zone, wanted.first, wanted.last, after), *_fits(wanted), *_told(session, zone, wanted)
        )
        .order_by(entry.c.at.desc(), entry.c.id.desc())
        .limit(limit)
    )
    return [_to_line(row) for row in session.rows(query)]


def ledger_sums(session: Session, zone: ZoneInfo, wanted: LedgerFilter) -> LedgerSums:
    """How many entries fit, and what they come to: as ``sums_of`` reckons them, without reading them one by one.

    ``words`` are not looked for.
    """
    entry, payment = t.ledger_entry.c, t.payment.c
    fits = [*_written(session, zone, wanted.first, wanted.last), *_fits(wanted)]
    count, amount = func.count().label("lines"), func.sum(entry.amount_minor).label("amount")
    amounts = _all_that(wanted, select(entry.kind, entry.currency, count, amount))
    kinds = session.rows(amounts.where(*fits).group_by(entry.kind, entry.currency))
    taken = _all_that(
        wanted, select(_SETTLED_IN.label("currency"), func.sum(payment.fee_minor).label("fee")), with_payment=True
    )
    comes_in = entry.kind.in_(sorted(kind.value for kind in _COMES_IN)) & (entry.amount_minor > 0)
    charged = session.rows(taken.where(*fits, comes_in, payment.fee_minor.is_not(None)).group_by(_SETTLED_IN))
    return LedgerSums(
        count=sum(row.lines for row in kinds),
        totals=added(
            [
                *(counted(LedgerKind(row.kind), Money(int(row.amount), row.currency)) for row in kinds),
                *(fees(Money(int(row.fee), row.currency)) for row in charged),
            ]
        ),
    )


def _all_that(wanted: LedgerFilter, query: Select[Any], *, with_payment: bool = False) -> Select[Any]:
    """The entries beside the tables that ``_fits`` asks about, and no others: reading one more doubles the time."""
    query = query.select_from(t.ledger_entry)
    if wanted.artist_id is not None or wanted.client_id is not None:
        query = query.join(t.booking, t.booking.c.id == t.ledger_entry.c.booking_id)
    if with_payment or wanted.state is not None:
        query = query.join(t.payment, t.payment.c.id == t.ledger_entry.c.payment_id)
    return query


def ledger_names(session: Session, zone: ZoneInfo, first: date, last: date) -> LedgerNames:
    """Whose entries there are between two dates, by name."""
    return LedgerNames(
        artists=_names(session, zone, t.artist, t.booking.c.artist_id, (first, last)),
        clients=_names(session, zone, t.client, t.booking.c.client_id, (first, last)),
    )


def _names(
    session: Session,
    zone: ZoneInfo,
    people: Table,
    who: ColumnElement[int],
    days: tuple[date, date],
) -> list[tuple[int, str]]:
    theirs = (
        select(who)
        .join_from(t.ledger_entry, t.booking, t.booking.c.id == t.ledger_entry.c.booking_id)
        .where(*_written(session, zone, *days))
    )
    query = select(people.c.id, people.c.name).where(people.c.id.in_(theirs))
    return sorted(((row.id, row.name) for row in session.rows(query)), key=lambda one: (one[1].casefold(), one[0]))


def _written(
    session: Session, zone: ZoneInfo, first: date, last: date, after: LedgerPlace | None = None
) -> list[ColumnElement[bool]]:
    """Entries of these dates that stand behind ``after``, a place among them: one range of one index.

    There is one upper end: with two, or with an OR, SQLite reads the whole range by a worse way and sorts it.
    """
    within, entry = instants(zone, first, last), t.ledger_entry.c
    begun = [entry.studio_id == session.studio_id, entry.at >= at_seconds(within.start_s)]
    if after is None:
        return [*begun, entry.at < at_seconds(within.end_s)]
    return [*begun, entry.at <= after.at, not_((entry.at == after.at) & (entry.id >= after.entry_id))]


def _fits(wanted: LedgerFilter) -> list[ColumnElement[bool]]:
    fits = []
    if wanted.artist_id is not None:
        fits.append(t.booking.c.artist_id == wanted.artist_id)
    if wanted.client_id is not None:
        fits.append(t.booking.c.client_id == wanted.client_id)
    if wanted.state is not None:
        fits.append(t.payment.c.status.in_(sorted(status.value for status in STATUSES[wanted.state])))
    return fits


def _told(session: Session, zone: ZoneInfo, wanted: LedgerFilter) -> list[ColumnElement[bool]]:
    """Entries that hold every word of ``wanted`` in a name, a reason or what happened.

    Few names and reasons stand in many lines: they are looked through once instead of the lines.
    """
    if not wanted.words:
        return []
    entry, booking = t.ledger_entry.c, t.booking.c
    people = [(t.client, booking.client_id), (t.artist, booking.artist_id), (t.service, booking.service_id)]
    named = [(column, _all_names(session, table)) for table, column in people]
    query = select(entry.who, entry.why).where(*_written(session, zone, wanted.first, wanted.last)).distinct()
    reasons = [(row.who, row.why) for row in session.rows(query)]
    return [or_(false(), *_holding(word, reasons, named)) for word in wanted.words]


def _holding(
    word: str, reasons: Sequence[tuple[str, str]], named: Sequence[tuple[ColumnElement[int], list[tuple[int, str]]]]
) -> list[ColumnElement[bool]]:
    """By what an entry can hold a word; what nearly everything holds leaves no line out."""
    entry = t.ledger_entry.c
    held: list[tuple[ColumnElement[Any], Collection[str | int]]] = [
        (entry.kind, [kind.value for kind in LedgerKind if word in kind_words(kind).casefold()]),
        (entry.who, {who for who, _ in reasons if word in who.casefold()}),
        (entry.why, {why for _, why in reasons if word in why_words(why).casefold()}),
        *((column, [one for one, name in names if word in name]) for column, names in named),
    ]
    if sum(len(values) for _, values in held) > _MOST_VALUES:
        return [true()]
    return [column.in_(list(values)) for column, values in held if values]


def _all_names(session: Session, table: Table) -> list[tuple[int, str]]:
    query = select(table.c.id, table.c.name).where(table.c.studio_id == session.studio_id)
    return [(row.id, row.name.casefold()) for row in session.rows(query)]


def _to_line(row: Row[Any]) -> LedgerLine:
    entry = to_ledger_entry(row)
    brings_fee = entry.kind in _COMES_IN and entry.payment_id is not None and entry.amount.amount_minor > 0
    settled_in = row.fee_currency or row.paid_in
    return LedgerLine(
        entry=entry,
        client_name=row.client_name,
        artist_name=row.artist_name,
        service_name=row.service_name,
        starts_at=row.starts_at,
        status=BookingStatus(row.status),
        method=PaymentMethod(row.method) if row.method else None,
        payment_status=PaymentStatus(row.payment_status) if row.payment_status else None,
        fee=Money(row.fee_minor, settled_in) if brings_fee and row.fee_minor is not None else None,
        net=Money(row.net_minor, settled_in) if brings_fee and row.net_minor is not None else None,
    )
