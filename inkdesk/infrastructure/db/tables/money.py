"""Payment attempts, refunds, disputes, the ledger, desk tasks, Stripe accounts, and who asks Stripe."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy import text as sql

from inkdesk.infrastructure.db.tables.base import of_studio, own_id, refers, rule, table, text, version, whole
from inkdesk.infrastructure.db.types import Flag, Instant

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
    text("purpose", default="'deposit'"),
    whole("net_minor", nullable=True),
    text("fee_currency", default="''"),
    text("balance_id", default="''"),
    Column("looked_at", Instant),
    text("destination", default="''"),
    whole("app_fee_minor", nullable=True),
    UniqueConstraint("studio_id", "idempotency_key"),
    UniqueConstraint("booking_id", "attempt"),
    rule("purpose", "purpose IN ('deposit', 'rest', 'tip')"),
    rule("money", "amount_minor >= 0 AND refunded_minor >= 0 AND refunded_minor <= amount_minor"),
    Index(None, "studio_id", "session_id", unique=True, sqlite_where=sql("session_id <> ''")),
    Index(None, "studio_id", "intent_id"),
    Index(None, "studio_id", "status"),
    Index(None, "studio_id", "charged_at"),
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
    text("params", default="''"),
    text("who", default="''"),
    text("failure", default="''"),
    text("balance_id", default="''"),
    Column("try_after", Instant),
    UniqueConstraint("studio_id", "idempotency_key"),
    rule("money", "amount_minor > 0"),
    Index(None, "payment_id"),
    Index(None, "studio_id", "status"),
    Index(None, "studio_id", "stripe_id", unique=True, sqlite_where=sql("stripe_id <> ''")),
)

dispute = table(
    "dispute",
    own_id(),
    of_studio(),
    refers("payment_id", "payment.id"),
    text("stripe_id"),
    whole("amount_minor"),
    text("currency"),
    text("status"),
    Column("due_by", Instant),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    version(),
    UniqueConstraint("studio_id", "stripe_id"),
    rule("money", "amount_minor >= 0"),
    Index(None, "payment_id"),
)
"""``status`` is Stripe's word."""

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
    refers("to_booking_id", "booking.id", nullable=True),
    UniqueConstraint("studio_id", "fact_key"),
    Index(None, "studio_id", "at"),
    Index(None, "booking_id"),
    Index(None, "payment_id"),
    Index(None, "to_booking_id"),
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
    text("closed_by", default="''"),
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

poller = table(
    "poller",
    refers("studio_id", "studio.id", primary_key=True),
    whole("epoch"),
    text("holder"),
    Column("beat_at", Instant, nullable=False),
    Column("last_ok_at", Instant),
    Column("trouble_since", Instant),
    text("trouble"),
)
"""Which desk asks Stripe for everybody, by the database's clock; ``epoch`` grows with every other holder."""

stripe_account = table(
    "stripe_account",
    own_id(),
    of_studio(),
    refers("artist_id", "artist.id", nullable=True),
    text("account_id"),
    text("way"),
    whole("fee_basis_points", nullable=True),
    Column("is_ready", Flag, nullable=False),
    text("problem"),
    Column("checked_at", Instant),
    version(),
    UniqueConstraint("studio_id", "artist_id"),
    rule("way", "way IN ('own', 'destination', 'direct')"),
    rule("fee", "fee_basis_points BETWEEN 0 AND 10000"),
    Index(None, "artist_id"),
)
"""A row without artist is the studio's own account, the one of its key."""

receipt = table(
    "receipt",
    of_studio(),
    whole("number"),
    refers("payment_id", "payment.id"),
    Column("issued_at", Instant, nullable=False),
    text("who"),
    PrimaryKeyConstraint("studio_id", "number"),
    UniqueConstraint("payment_id"),
)
"""Numbers without gaps, given when a receipt is first made."""
