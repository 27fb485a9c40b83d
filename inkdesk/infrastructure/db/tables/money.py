"""Payment attempts, refunds, the ledger, desk tasks and what the poller remembers."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy import text as sql

from inkdesk.infrastructure.db.tables.base import of_studio, own_id, refers, rule, table, text, version, whole
from inkdesk.infrastructure.db.types import Instant

payment = table(
    "payment",
    own_id(),
    of_studio(),
    refers("booking_id", "booking.id"),
    whole("attempt"),
    text("method"),
    text("status"),
    whole("amount_minor"),
    text("currency"),
    text("idempotency_key"),
    text("params"),
    Column("expires_at", Instant),
    text("account"),
    text("session_id"),
    text("url"),
    text("intent_id"),
    text("charge_id"),
    Column("charged_at", Instant),
    whole("fee_minor", nullable=True),
    whole("refunded_minor"),
    Column("created_at", Instant, nullable=False),
    version(),
    UniqueConstraint("studio_id", "idempotency_key"),
    UniqueConstraint("booking_id", "attempt"),
    rule("money", "amount_minor >= 0 AND refunded_minor >= 0 AND refunded_minor <= amount_minor"),
    Index(None, "studio_id", "session_id", unique=True, sqlite_where=sql("session_id <> ''")),
    Index(None, "studio_id", "intent_id"),
    Index(None, "studio_id", "status"),
)

refund = table(
    "refund",
    own_id(),
    of_studio(),
    refers("payment_id", "payment.id"),
    whole("amount_minor"),
    text("currency"),
    text("reason"),
    text("idempotency_key"),
    text("status"),
    text("stripe_id"),
    Column("created_at", Instant, nullable=False),
    version(),
    UniqueConstraint("studio_id", "idempotency_key"),
    rule("money", "amount_minor > 0"),
    Index(None, "payment_id"),
    Index(None, "studio_id", "status"),
)

ledger_entry = table(
    "ledger_entry",
    own_id(),
    of_studio(),
    text("kind"),
    refers("booking_id", "booking.id"),
    refers("payment_id", "payment.id", nullable=True),
    whole("amount_minor"),
    text("currency"),
    Column("at", Instant, nullable=False),
    text("who"),
    text("why"),
    text("fact_key"),
    UniqueConstraint("studio_id", "fact_key"),
    Index(None, "studio_id", "at"),
    Index(None, "booking_id"),
    Index(None, "payment_id"),
)
"""Append-only, by trigger."""

desk_task = table(
    "desk_task",
    own_id(),
    of_studio(),
    text("kind"),
    refers("booking_id", "booking.id", nullable=True),
    refers("payment_id", "payment.id", nullable=True),
    text("sentence"),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    text("fact_key"),
    UniqueConstraint("studio_id", "fact_key"),
    Index(None, "booking_id"),
    Index(None, "payment_id"),
)
"""``sentence`` is a template and its typed values as JSON, rendered in the reader's language."""

poll_state = table(
    "poll_state",
    of_studio(),
    text("key"),
    text("value"),
    PrimaryKeyConstraint("studio_id", "key"),
)
