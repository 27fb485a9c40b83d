"""Bookings, their history, the claims the guard watches, and the waiting list."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy import text as sql

from inkdesk.domain.sitting import LONGEST_S
from inkdesk.infrastructure.db.tables.base import of_studio, own_id, refers, rule, table, text, version, whole
from inkdesk.infrastructure.db.types import Day, Flag, Instant

LONGEST_BOOKING_S = LONGEST_S
"""The longest time one booking may keep its artist. It bounds the search for bookings that reach into a range."""

booking = table(
    "booking",
    own_id(),
    of_studio(),
    refers("artist_id", "artist.id"),
    refers("client_id", "client.id"),
    refers("service_id", "service.id"),
    refers("station_id", "resource.id", nullable=True),
    refers("flash_id", "flash.id", nullable=True),
    refers("project_id", "project.id", nullable=True),
    Column("starts_at", Instant, nullable=False),
    whole("prep_s"),
    whole("sitting_s"),
    whole("clean_up_s"),
    whole("pause_s"),
    Column("occupied_from", Instant, nullable=False),
    Column("occupied_until", Instant, nullable=False),
    text("status"),
    whole("price_minor"),
    whole("deposit_minor"),
    text("currency"),
    whole("cutoff_hours"),
    whole("refund_percent"),
    Column("hold_until", Instant),
    text("note"),
    text("override_reason"),
    Column("checked_in_at", Instant),
    Column("checked_out_at", Instant),
    Column("created_at", Instant, nullable=False),
    text("request_key"),
    version(),
    refers("series_id", "series.id", nullable=True),
    refers("group_id", "group_sitting.id", nullable=True),
    UniqueConstraint("studio_id", "request_key"),
    rule("spans", "prep_s >= 0 AND sitting_s > 0 AND clean_up_s >= 0 AND pause_s >= 0"),
    rule("longest", f"prep_s + sitting_s + clean_up_s + pause_s <= {LONGEST_BOOKING_S}"),
    rule("occupied", "occupied_until > occupied_from"),
    rule("money", "price_minor >= 0 AND deposit_minor >= 0"),
    Index(None, "studio_id", "occupied_from"),
    Index(None, "studio_id", "status", "hold_until"),
    Index(None, "artist_id", "starts_at"),
    Index(None, "client_id", "starts_at"),
    Index(None, "service_id"),
    Index(None, "station_id"),
    Index(None, "flash_id"),
    Index(None, "project_id"),
    Index(None, "series_id", "starts_at"),
    Index(None, "group_id"),
)
"""``occupied_from`` and ``occupied_until`` are what the artist is kept for, derived from the spans on each save."""

booking_artist = table(
    "booking_artist",
    refers("booking_id", "booking.id"),
    refers("artist_id", "artist.id"),
    PrimaryKeyConstraint("booking_id", "artist_id"),
    Index(None, "artist_id"),
)
"""Further artists of a booking, beside ``booking.artist_id``."""

series = table(
    "series",
    own_id(),
    of_studio(),
    text("kind"),
    text("rule"),
    Column("created_at", Instant, nullable=False),
    text("request_key"),
    UniqueConstraint("studio_id", "request_key"),
    rule("kind", "kind IN ('repeat', 'project')"),
)
"""Bookings that were made as one; ``rule`` says how they follow each other."""

booking_history = table(
    "booking_history",
    own_id(),
    of_studio(),
    refers("booking_id", "booking.id"),
    Column("at", Instant, nullable=False),
    text("who"),
    text("what"),
    text("why"),
    Index(None, "booking_id"),
    Index(None, "studio_id", "at"),
)
"""Append-only, by trigger."""

occupancy = table(
    "occupancy",
    own_id(),
    of_studio(),
    refers("resource_id", "resource.id"),
    refers("booking_id", "booking.id", nullable=True),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("blocks", Flag, nullable=False),
    refers("group_id", "group_sitting.id", nullable=True),
    rule("span", "ends_at > starts_at"),
    rule("blocks", "blocks IN (false, true)"),
    rule("owner", "booking_id IS NULL OR group_id IS NULL"),
    Index("ix_occupancy_blocking", "resource_id", "starts_at", "ends_at", "id", sqlite_where=sql("blocks")),
    Index(None, "booking_id"),
    Index(None, "studio_id"),
    Index(None, "group_id"),
)
"""One claim on one resource: of a booking, of a group sitting (its host's), or without either a blocked time.

Guarded by ``guards.py`` and ``postgresql.py``."""

waitlist_entry = table(
    "waitlist_entry",
    own_id(),
    of_studio(),
    refers("client_id", "client.id"),
    refers("service_id", "service.id"),
    refers("artist_id", "artist.id", nullable=True),
    Column("first_date", Day),
    Column("last_date", Day),
    text("status"),
    text("note"),
    Column("offered_starts_at", Instant),
    Column("offer_until", Instant),
    Column("created_at", Instant, nullable=False),
    version(),
    Index(None, "studio_id", "status"),
    Index(None, "client_id"),
    Index(None, "service_id"),
    Index(None, "artist_id"),
)
"""A client who waits for a slot, and the slot offered to them until ``offer_until``."""
