"""Payment attempts, refunds, ledger, desk tasks, and what the poller remembers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, Text, cast, select

from inkdesk.domain.message import message
from inkdesk.domain.payments import DeskTask, LedgerEntry, Payment, PaymentStatus
from inkdesk.domain.refunds import Refund, RefundStatus
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.repositories import payment_rows as rows
from inkdesk.infrastructure.db.session import Session

UNFINISHED = tuple(
    status.value
    for status in (
        PaymentStatus.CREATING,
        PaymentStatus.OPEN,
        PaymentStatus.PROCESSING,
        PaymentStatus.REFUND_DUE,
        PaymentStatus.REFUND_PENDING,
    )
)
UNFINISHED_REFUNDS = (RefundStatus.CREATING.value, RefundStatus.PENDING.value)


class SqlPaymentRepository:
    """Everything about money but the prices."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, payment_id: int) -> Payment:
        """One payment; ValidationError if there is none."""
        mine = (t.payment.c.id == payment_id) & (t.payment.c.studio_id == self._session.studio_id)
        missing = message("This payment is not in the book. Reload the page.")
        return rows.to_payment(self._session.one(select(t.payment).where(mine), missing))

    def add(self, payment: Payment) -> Payment:
        """Store a new attempt; the answer has its id."""
        values = {"version": 1, **rows.payment_values(payment)}
        return replace(payment, id=self._session.insert(t.payment, values), version=1)

    def save(self, payment: Payment) -> Payment:
        """Store changes; StaleRecord on a version conflict."""
        stale = message("This payment was changed at another desk. Look at it again and repeat the change.")
        values = rows.payment_values(payment)
        return replace(payment, version=self._session.save(t.payment, payment.id, payment.version, values, stale))

    def of_booking(self, booking_id: int) -> list[Payment]:
        """All attempts of a booking, oldest first."""
        return self._payments(t.payment.c.booking_id == booking_id)

    def by_session(self, session_ids: Sequence[str]) -> list[Payment]:
        """Attempts with these Stripe session ids."""
        return self._payments((t.payment.c.session_id.in_(_known(session_ids))) & (t.payment.c.session_id != ""))

    def by_intent(self, intent_ids: Sequence[str]) -> list[Payment]:
        """Attempts with these Stripe payment intent ids."""
        return self._payments(t.payment.c.intent_id.in_(_known(intent_ids)))

    def unfinished(self) -> list[Payment]:
        """Attempts in CREATING, OPEN, PROCESSING, REFUND_DUE or REFUND_PENDING, oldest first."""
        return self._payments(t.payment.c.status.in_(UNFINISHED))

    def refunds_of(self, payment_id: int) -> list[Refund]:
        """Refunds of one payment, oldest first."""
        mine = (t.refund.c.payment_id == payment_id) & (t.refund.c.studio_id == self._session.studio_id)
        query = select(t.refund).where(mine).order_by(t.refund.c.id)
        return [rows.to_refund(row) for row in self._session.rows(query)]

    def unfinished_refunds(self) -> list[Refund]:
        """Refunds in CREATING or PENDING, oldest first."""
        refund = t.refund.c
        mine = (refund.studio_id == self._session.studio_id) & refund.status.in_(UNFINISHED_REFUNDS)
        query = select(t.refund).where(mine).order_by(refund.id)
        return [rows.to_refund(row) for row in self._session.rows(query)]

    def add_refund(self, refund: Refund) -> Refund:
        """Store a new refund; the answer has its id."""
        values = {"version": 1, **rows.refund_values(refund)}
        return replace(refund, id=self._session.insert(t.refund, values), version=1)

    def save_refund(self, refund: Refund) -> Refund:
        """Store changes; StaleRecord on a version conflict."""
        stale = message("This refund was changed at another desk. Look at it again and repeat the change.")
        values = rows.refund_values(refund)
        return replace(refund, version=self._session.save(t.refund, refund.id, refund.version, values, stale))

    def write_ledger(self, entry: LedgerEntry) -> bool:
        """Append a fact; False if a fact with this key stands there already."""
        return self._session.insert_once(t.ledger_entry, rows.ledger_values(entry))

    def open_task(self, task: DeskTask) -> bool:
        """Tell the desk; False if a task with this key exists already (open or closed)."""
        return self._session.insert_once(t.desk_task, rows.task_values(task))

    def close_task(self, fact_key: str, closed_at: datetime) -> None:
        """The fact is gone; unknown keys and closed tasks are left as they are."""
        task = t.desk_task.c
        mine = (task.studio_id == self._session.studio_id) & (task.fact_key == fact_key) & task.closed_at.is_(None)
        self._session.write(t.desk_task.update().where(mine).values(closed_at=closed_at))

    def poll_state(self) -> Mapping[str, str]:
        """What the payment poller remembers (event cursor, read counters ...)."""
        state = t.poll_state.c
        query = select(state.key, state.value).where(state.studio_id == self._session.studio_id)
        return {row.key: row.value for row in self._session.rows(query)}

    def set_poll_state(self, values: Mapping[str, str]) -> None:
        """Remember these; other keys stay. No page shows it, so it does not count as a change."""
        if not values:
            return
        studio_id = self._session.studio_id
        entries = [{"studio_id": studio_id, "key": key, "value": values[key]} for key in sorted(values)]
        made = self._session.upsert(t.poll_state)
        statement = made.on_conflict_do_update(index_elements=["studio_id", "key"], set_={"value": made.excluded.value})
        self._session.connection.execute(statement, entries)

    def add_to_poll_state(self, key: str, count: int) -> None:
        """Add to a remembered number (0 at first), in the database: what other desks add meanwhile is kept."""
        made = self._session.upsert(t.poll_state).values(studio_id=self._session.studio_id, key=key, value=str(count))
        total = cast(cast(t.poll_state.c.value, BigInteger) + count, Text)
        statement = made.on_conflict_do_update(index_elements=["studio_id", "key"], set_={"value": total})
        self._session.connection.execute(statement)

    def _payments(self, which: ColumnElement[bool]) -> list[Payment]:
        mine = t.payment.c.studio_id == self._session.studio_id
        query = select(t.payment).where(mine, which).order_by(t.payment.c.id)
        return [rows.to_payment(row) for row in self._session.rows(query)]


def _known(stripe_ids: Sequence[str]) -> list[str]:
    """Without "", which only says that Stripe gave no id yet."""
    return [stripe_id for stripe_id in stripe_ids if stripe_id]
