"""Payment attempts, refunds, ledger, desk tasks, and what the poller remembers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Text, cast, func, select

from inkdesk.domain.disputes import Dispute
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.payments import DeskTask, LedgerEntry, LedgerKind, Payment, PaymentStatus
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

    def by_ids(self, payment_ids: Collection[int]) -> list[Payment]:
        """These payments, oldest first; one that is not in the book is left out."""
        return self._payments(t.payment.c.id.in_(payment_ids))

    def of_bookings(self, booking_ids: Collection[int]) -> list[Payment]:
        """All attempts of these bookings, oldest first."""
        return self._payments(t.payment.c.booking_id.in_(booking_ids))

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
        return self.refunds_of_all([payment_id])

    def refunds_of_all(self, payment_ids: Collection[int]) -> list[Refund]:
        """Refunds of these payments, oldest first."""
        mine = t.refund.c.payment_id.in_(payment_ids) & (t.refund.c.studio_id == self._session.studio_id)
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

    def refund(self, refund_id: int) -> Refund:
        """One refund; ValidationError if there is none."""
        mine = (t.refund.c.id == refund_id) & (t.refund.c.studio_id == self._session.studio_id)
        missing = message("This refund is not in the book. Reload the page.")
        return rows.to_refund(self._session.one(select(t.refund).where(mine), missing))

    def add_refund_once(self, refund: Refund) -> Refund | None:
        """Store a refund that Stripe told of; None if its key or Stripe's id stands there already."""
        if not self._session.insert_once(t.refund, {"version": 1, **rows.refund_values(refund)}):
            return None
        key = t.refund.c.idempotency_key == refund.idempotency_key
        mine = select(t.refund).where(key, t.refund.c.studio_id == self._session.studio_id)
        return rows.to_refund(self._session.rows(mine)[0])

    def dispute(self, stripe_id: str) -> Dispute | None:
        """The dispute with this id of Stripe's, if it was ever seen."""
        found = self._disputes(t.dispute.c.stripe_id == stripe_id)
        return found[0] if found else None

    def disputes_of(self, payment_id: int) -> list[Dispute]:
        """Disputes of one payment, oldest first."""
        return self.disputes_of_all([payment_id])

    def disputes_of_all(self, payment_ids: Collection[int]) -> list[Dispute]:
        """Disputes of these payments, oldest first."""
        return self._disputes(t.dispute.c.payment_id.in_(payment_ids))

    def save_dispute(self, dispute: Dispute) -> Dispute:
        """Store what is known of a dispute now, by Stripe's id; the last word wins. The answer has its id."""
        values = rows.dispute_values(dispute)
        made = self._session.upsert(t.dispute).values(studio_id=self._session.studio_id, version=1, **values)
        fresh = {name: made.excluded[name] for name in values}
        statement = made.on_conflict_do_update(
            index_elements=["studio_id", "stripe_id"], set_={**fresh, "version": t.dispute.c.version + 1}
        )
        return rows.to_dispute(self._session.write(statement.returning(*t.dispute.c)).one())

    def ledger_of(self, booking_id: int) -> list[LedgerEntry]:
        """A booking's lines and those of money rolled over to it, oldest first."""
        return self.ledger_of_all([booking_id])

    def ledger_of_all(self, booking_ids: Collection[int]) -> list[LedgerEntry]:
        """These bookings' lines and those of money rolled over to them, oldest first."""
        entry = t.ledger_entry.c
        return self._entries(entry.booking_id.in_(booking_ids) | entry.to_booking_id.in_(booking_ids))

    def credit_lines(self, client_id: int) -> list[LedgerEntry]:
        """Lines by which a client got or used credit, oldest first."""
        entry = t.ledger_entry.c
        theirs = select(t.booking.c.id).where(t.booking.c.client_id == client_id)
        kinds = (LedgerKind.CREDITED.value, LedgerKind.CREDIT_USED.value)
        return self._entries(entry.booking_id.in_(theirs) & entry.kind.in_(kinds))

    def receipt_number(self, payment_id: int, issued_at: datetime) -> int:
        """The number of a payment's receipt; the next free one if it never had one."""
        receipt, studio_id = t.receipt.c, self._session.studio_id
        known = self._session.rows(select(receipt.number).where(receipt.payment_id == payment_id))
        if known:
            return int(known[0].number)
        self._session.rows(select(t.studio.c.id).where(t.studio.c.id == studio_id).with_for_update())  # one by one
        last = select(func.coalesce(func.max(receipt.number), 0).label("last")).where(receipt.studio_id == studio_id)
        number = int(self._session.rows(last)[0].last) + 1
        values = {"number": number, "payment_id": payment_id, "issued_at": issued_at, "who": self._session.who}
        self._session.insert_many(t.receipt, [{"studio_id": studio_id, **values}])
        return number

    def without_fee(self) -> list[Payment]:
        """Payments by link whose money came and whose fee Stripe has not told yet, oldest first."""
        payment = t.payment.c
        return self._payments((payment.charge_id != "") & payment.fee_minor.is_(None))

    def count_charged_since(self, since: datetime) -> int:
        """How many payments by link came at ``since`` or later."""
        payment = t.payment.c
        mine = (payment.studio_id == self._session.studio_id) & (payment.session_id != "")
        query = select(func.count().label("charged")).select_from(t.payment).where(mine, payment.charged_at >= since)
        return int(self._session.rows(query)[0].charged)

    def write_ledger(self, entry: LedgerEntry) -> bool:
        """Append a fact; False if a fact with this key stands there already."""
        return self._session.insert_once(t.ledger_entry, rows.ledger_values(entry))

    def tasks(self, booking_ids: Collection[int] | None = None) -> list[DeskTask]:
        """Open tasks, oldest first; of these bookings, or all (None)."""
        is_open = t.desk_task.c.closed_at.is_(None)
        return self._tasks(is_open if booking_ids is None else is_open & t.desk_task.c.booking_id.in_(booking_ids))

    def task(self, task_id: int) -> DeskTask:
        """One task, open or closed; ValidationError if there is none."""
        found = self._tasks(t.desk_task.c.id == task_id)
        if not found:
            raise ValidationError(message("This task is not in the book. Reload the page."))
        return found[0]

    def open_task(self, task: DeskTask) -> bool:
        """Tell the desk, or tell it again if the task had closed by itself; False if it is open or a person closed it.

        A task is one by its ``fact_key``.
        """
        values = rows.task_values(task)
        made = self._session.upsert(t.desk_task).values(studio_id=self._session.studio_id, **values)
        kept = t.desk_task.c
        again = made.on_conflict_do_update(
            index_elements=["studio_id", "fact_key"],
            set_={name: made.excluded[name] for name in ("sentence", "opened_at", "closed_at")},
            where=kept.closed_at.is_not(None) & (kept.closed_by == ""),
        )
        return self._session.write(again.returning(kept.id)).one_or_none() is not None

    def close_task(self, fact_key: str, closed_at: datetime, by: str = "") -> None:
        """The fact is gone, or the person ``by`` closes it; unknown keys and closed tasks are left as they are."""
        task = t.desk_task.c
        mine = (task.studio_id == self._session.studio_id) & (task.fact_key == fact_key) & task.closed_at.is_(None)
        self._session.write(t.desk_task.update().where(mine).values(closed_at=closed_at, closed_by=by))

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

    def forget_poll_state(self, keys: Collection[str]) -> None:
        """Remember these no more; unknown ones are ignored."""
        state = t.poll_state.c
        mine = (state.studio_id == self._session.studio_id) & state.key.in_(sorted(keys))
        self._session.connection.execute(t.poll_state.delete().where(mine))

    def add_to_poll_state(self, key: str, count: int) -> None:
        """Add to a remembered number (0 at first), in the database: what other desks add meanwhile is kept."""
        made = self._session.upsert(t.poll_state).values(studio_id=self._session.studio_id, key=key, value=str(count))
        total = cast(cast(t.poll_state.c.value, BigInteger) + count, Text)
        statement = made.on_conflict_do_update(index_elements=["studio_id", "key"], set_={"value": total})
        self._session.connection.execute(statement)

    def _payments(self, which: ColumnElement[bool]) -> list[Payment]:
        return [rows.to_payment(row) for row in self._session.rows(self._mine(which))]

    def _mine(self, which: ColumnElement[bool]) -> Select[Any]:
        mine = t.payment.c.studio_id == self._session.studio_id
        return select(t.payment).where(mine, which).order_by(t.payment.c.id)

    def _disputes(self, which: ColumnElement[bool]) -> list[Dispute]:
        mine = t.dispute.c.studio_id == self._session.studio_id
        query = select(t.dispute).where(mine, which).order_by(t.dispute.c.opened_at, t.dispute.c.id)
        return [rows.to_dispute(row) for row in self._session.rows(query)]

    def _entries(self, which: ColumnElement[bool]) -> list[LedgerEntry]:
        mine = t.ledger_entry.c.studio_id == self._session.studio_id
        query = select(t.ledger_entry).where(mine, which).order_by(t.ledger_entry.c.id)
        return [rows.to_ledger_entry(row) for row in self._session.rows(query)]

    def _tasks(self, which: ColumnElement[bool]) -> list[DeskTask]:
        mine = t.desk_task.c.studio_id == self._session.studio_id
        query = select(t.desk_task).where(mine, which).order_by(t.desk_task.c.id)
        return [rows.to_task(row) for row in self._session.rows(query)]


def _known(stripe_ids: Sequence[str]) -> list[str]:
    """Without "", which only says that Stripe gave no id yet."""
    return [stripe_id for stripe_id in stripe_ids if stripe_id]
