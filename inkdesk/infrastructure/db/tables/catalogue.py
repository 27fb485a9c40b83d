"""The price list, stations, flash and projects."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint

from inkdesk.infrastructure.db.tables.base import flag, of_studio, own_id, refers, rule, table, text, version, whole
from inkdesk.infrastructure.db.types import Flag, Instant

service = table(
    "service",
    own_id(),
    of_studio(),
    text("name"),
    whole("prep_s"),
    whole("sitting_s"),
    whole("clean_up_s"),
    whole("price_minor"),
    whole("deposit_minor"),
    text("currency"),
    whole("cutoff_hours"),
    whole("refund_percent"),
    text("station_kind"),
    Column("is_active", Flag, nullable=False),
    version(),
    whole("station_units", default="1"),
    whole("station_prep_s", nullable=True),
    whole("station_clean_up_s", nullable=True),
    whole("processing_after_s", nullable=True),
    whole("processing_s", nullable=True),
    text("processing_kind", default="''"),
    flag("processing_keeps_station", default="true"),
    rule("spans", "prep_s >= 0 AND sitting_s > 0 AND clean_up_s >= 0"),
    rule("money", "price_minor >= 0 AND deposit_minor >= 0"),
    rule("station", "station_units > 0 AND station_prep_s >= 0 AND station_clean_up_s >= 0"),
    rule("processing", "processing_after_s >= 0 AND processing_s > 0"),
    rule("processing_whole", "(processing_after_s IS NULL) = (processing_s IS NULL)"),
    Index(None, "studio_id"),
)
"""``station_prep_s`` and ``station_clean_up_s`` are null where they are the artist's; without a processing time
``processing_after_s`` and ``processing_s`` are null."""

artist_service = table(
    "artist_service",
    refers("service_id", "service.id"),
    refers("artist_id", "artist.id"),
    PrimaryKeyConstraint("service_id", "artist_id"),
    Index(None, "artist_id"),
)
"""Which artists do a service; a service without a row here is done by all."""

station = table(
    "station",
    own_id(),
    of_studio(),
    text("name"),
    text("kind"),
    Column("is_active", Flag, nullable=False),
    version(),
    Index(None, "studio_id"),
)

station_unit = table(
    "station_unit",
    refers("resource_id", "resource.id", primary_key=True),
    refers("station_id", "station.id"),
    Index(None, "station_id"),
)
"""One concrete chair, room or machine of a station."""

flash = table(
    "flash",
    own_id(),
    of_studio(),
    refers("artist_id", "artist.id"),
    refers("service_id", "service.id", nullable=True),
    text("title"),
    text("picture"),
    whole("price_minor"),
    text("currency"),
    Column("is_repeatable", Flag, nullable=False),
    Column("is_active", Flag, nullable=False),
    version(),
    rule("money", "price_minor >= 0"),
    Index(None, "studio_id"),
    Index(None, "artist_id"),
    Index(None, "service_id"),
)
"""A ready design; ``picture`` is a file name in the program's own folder, "" for none."""

project = table(
    "project",
    own_id(),
    of_studio(),
    refers("client_id", "client.id"),
    refers("artist_id", "artist.id"),
    text("title"),
    text("status"),
    whole("deposit_minor"),
    text("currency"),
    text("note"),
    Column("created_at", Instant, nullable=False),
    version(),
    rule("money", "deposit_minor >= 0"),
    Index(None, "studio_id"),
    Index(None, "client_id"),
    Index(None, "artist_id"),
)
"""A custom piece in one or more sittings under one deposit."""
