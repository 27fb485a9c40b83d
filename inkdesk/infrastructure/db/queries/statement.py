"""What the book says that moved at Stripe, to be laid beside Stripe's own account."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, select

from inkdesk.domain.money import Money
from inkdesk.domain.payments import COLLECTED, LedgerKind, PaymentMethod
from inkdesk.domain.refunds import REFUND_FAILURES, RefundStatus
from inkdesk.domain.statement import BookLine, Movement
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.session import Session

AT_ONCE: Final = 500
"""How many ids one statement asks for."""
_WON: Final = "dispute_won:"
_LOST: Final = "disputed:"


def book_lines(
    session: Session, since: datetime, until: datetime, source_ids: Sequence[str], account: str
) -> list[BookLine]:
    """Charges, refunds and disputes of one account in ``[since, until)``, and of ``source_ids`` whenever, by time."""
    payment, refund, entry = t.payment.c, t.refund.c, t.ledger_entry.c
    found: list[BookLine] = []
    for parts, at, about, to_lines in (
        (_charges(), payment.charged_at, payment.charge_id.in_, _charge_lines),
        (_refunds(), refund.created_at, refund.stripe_id.in_, _refund_lines),
        (_disputes(), entry.at, _facts_about, _dispute_lines),
    ):
        mine = parts.where(
            payment.studio_id == session.studio_id,
            payment.account == account,
            payment.method == PaymentMethod.LINK.value,
        )
        found += _read(session, mine, [(at >= since) & (at < until), *map(about, _batches(source_ids))], to_lines)
    return sorted(found, key=lambda line: line.at)


def _read(
    session: Session,
    query: Select[Any],
    conditions: Sequence[ColumnElement[bool]],
    to_lines: Callable[[Row[Any]], list[BookLine]],
) -> list[BookLine]:
    """The lines that meet any condition; a row that meets several counts once."""
    rows = {row.row_id: row for condition in conditions for row in session.rows(query.where(condition))}
    return [line for row in rows.values() for line in to_lines(row)]


def _batches(source_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(source_ids), AT_ONCE):
        yield source_ids[start : start + AT_ONCE]


def _with_client(query: Select[Any]) -> Select[Any]:
    return (
        query.add_columns(t.client.c.name.label("client_name"), t.booking.c.id.label("whose_id"))
        .join(t.booking, t.booking.c.id == t.payment.c.booking_id)
        .join(t.client, t.client.c.id == t.booking.c.client_id)
    )


def _charges() -> Select[Any]:
    collected = sorted(status.value for status in COLLECTED)
    query = select(t.payment, t.payment.c.id.label("row_id")).select_from(t.payment)
    return _with_client(query).where(t.payment.c.charge_id != "", t.payment.c.status.in_(collected))


def _charge_lines(row: Row[Any]) -> list[BookLine]:
    settled_in = row.fee_currency or row.currency
    return [
        BookLine(
            movement=Movement.CHARGE,
            source_id=row.charge_id,
            amount=Money(row.amount_minor, row.currency),
            at=row.charged_at,
            booking_id=row.whose_id,
            client_name=row.client_name,
            fee=None if row.fee_minor is None else Money(row.fee_minor, settled_in),
            net=None if row.net_minor is None else Money(row.net_minor, settled_in),
            has_fee=True,
        )
    ]


def _refunds() -> Select[Any]:
    query = select(t.refund, t.refund.c.id.label("row_id")).join_from(
        t.refund, t.payment, t.payment.c.id == t.refund.c.payment_id
    )
    return _with_client(query).where(t.refund.c.stripe_id != "")


def _refund_lines(row: Row[Any]) -> list[BookLine]:
    """Money on its way may have left the balance; a refund that failed may have left it and come back, or neither."""
    status = RefundStatus(row.status)
    went = BookLine(
        movement=Movement.REFUND,
        source_id=row.stripe_id,
        amount=Money(-row.amount_minor, row.currency),
        at=row.created_at,
        booking_id=row.whose_id,
        client_name=row.client_name,
        is_certain=status is RefundStatus.SUCCEEDED,
    )
    if status not in REFUND_FAILURES:
        return [went]
    came = BookLine(
        movement=Movement.REFUND_CAME_BACK,
        source_id=row.stripe_id,
        amount=Money(row.amount_minor, row.currency),
        at=row.created_at,
        booking_id=row.whose_id,
        client_name=row.client_name,
        is_certain=False,
    )
    return [went, came]


def _disputes() -> Select[Any]:
    query = select(t.ledger_entry, t.ledger_entry.c.id.label("row_id")).join_from(
        t.ledger_entry, t.payment, t.payment.c.id == t.ledger_entry.c.payment_id
    )
    return _with_client(query.where(t.ledger_entry.c.kind == LedgerKind.DISPUTED.value))


def _facts_about(source_ids: Sequence[str]) -> ColumnElement[bool]:
    return t.ledger_entry.c.fact_key.in_([f"{kind}{one}" for kind in (_LOST, _WON) for one in source_ids])


def _dispute_lines(row: Row[Any]) -> list[BookLine]:
    is_won = row.fact_key.startswith(_WON)
    return [
        BookLine(
            movement=Movement.DISPUTE_WON if is_won else Movement.DISPUTE,
            source_id=row.fact_key.partition(":")[2],
            amount=Money(-row.amount_minor, row.currency),
            at=row.at,
            booking_id=row.whose_id,
            client_name=row.client_name,
        )
    ]
