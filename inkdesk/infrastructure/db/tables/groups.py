"""Sittings of several clients at once: a flash day, a workshop."""

from sqlalchemy import Column, Index, UniqueConstraint

from inkdesk.infrastructure.db.tables.base import flag, of_studio, own_id, refers, rule, table, text, version, whole
from inkdesk.infrastructure.db.types import Instant

group_sitting = table(
    "group_sitting",
    own_id(),
    of_studio(),
    refers("artist_id", "artist.id"),
    refers("service_id", "service.id"),
    text("title"),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    whole("seats"),
    flag("is_cancelled"),
    text("note"),
    Column("created_at", Instant, nullable=False),
    text("request_key"),
    version(),
    UniqueConstraint("studio_id", "request_key"),
    rule("span", "ends_at > starts_at"),
    rule("seats", "seats > 0"),
    Index(None, "studio_id", "starts_at"),
    Index(None, "artist_id", "starts_at"),
    Index(None, "service_id"),
)
"""One host, so many seats. The host's claim on their own time names the group, each client's booking a seat."""

group_seat = table(
    "group_seat",
    refers("resource_id", "resource.id", primary_key=True),
    refers("group_id", "group_sitting.id"),
    Index(None, "group_id"),
)
"""One concrete seat; like a station unit it is a resource that a booking claims."""
