"""The studio, its resources, its artists with their hours, and its clients."""

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint

from inkdesk.infrastructure.db.tables.base import of_studio, own_id, refers, rule, table, text, version, whole
from inkdesk.infrastructure.db.types import Day, DbId, Flag, Instant

studio = table(
    "studio",
    own_id(),
    text("uid"),
    text("name"),
    text("zone"),
    text("currency"),
    text("mode"),
    text("hold_policy"),
    whole("hold_s"),
    whole("slot_step_s"),
    whole("minimum_notice_s"),
    whole("horizon_days", nullable=True),
    text("success_url"),
    text("phone_region"),
    version(),
    text("alignment", default="'clock'"),
    Column("first_date", Day),
    Column("last_date", Day),
    whole("open_days", nullable=True),
    text("receipt_header", default="''"),
    UniqueConstraint("uid"),
    rule("alignment", "alignment IN ('clock', 'window', 'round')"),
    rule("open_days", "open_days > 0"),
)

resource = table(
    "resource",
    own_id(),
    of_studio(),
    text("kind"),
    rule("kind", "kind IN ('artist', 'station_unit')"),
    Index(None, "studio_id"),
)
"""What an occupancy claims: artists and station units share this id space. Rows are never deleted."""

artist = table(
    "artist",
    own_id(),
    of_studio(),
    refers("resource_id", "resource.id", unique=True),
    text("name"),
    text("colour"),
    text("zone"),
    Column("is_guest", Flag, nullable=False),
    Column("stays_from", Day),
    Column("stays_until", Day),
    whole("pause_s"),
    Column("is_active", Flag, nullable=False),
    version(),
    whole("per_day", nullable=True),
    whole("per_week", nullable=True),
    whole("long_sitting_s", nullable=True),
    rule("pause_s", "pause_s >= 0"),
    rule("limits", "per_day > 0 AND per_week > 0 AND long_sitting_s > 0"),
    Index(None, "studio_id"),
)
"""A limit that is null does not limit."""

artist_style = table(
    "artist_style",
    refers("artist_id", "artist.id"),
    whole("position"),
    text("style"),
    PrimaryKeyConstraint("artist_id", "position"),
)
"""What an artist is good at, in the order in which it was entered."""

weekly_plan = table(
    "weekly_plan",
    own_id(),
    refers("artist_id", "artist.id"),
    Column("starts_on", Day),
    Column("week_a", Day, nullable=False),
    whole("weeks"),
    UniqueConstraint("artist_id", "starts_on"),
    rule("weeks", "weeks > 0"),
)
"""Hours that repeat every ``weeks`` weeks from ``starts_on`` (null: from ever) until the artist's next plan."""

plan_hours = table(
    "plan_hours",
    refers("plan_id", "weekly_plan.id"),
    whole("week"),
    whole("weekday"),
    whole("start_min"),
    whole("end_min"),
    PrimaryKeyConstraint("plan_id", "week", "weekday", "start_min"),
    rule("week", "week >= 0"),
    rule("weekday", "weekday BETWEEN 0 AND 6"),
    rule("span", "start_min >= 0 AND end_min > start_min"),
)
"""One span of one day of a plan; ``week`` counts from 0."""

date_override = table(
    "date_override",
    refers("artist_id", "artist.id"),
    Column("on_date", Day, nullable=False),
    PrimaryKeyConstraint("artist_id", "on_date"),
)
"""A date with hours of its own; without a row in ``date_override_span`` it is closed."""

date_override_span = table(
    "date_override_span",
    Column("artist_id", DbId, nullable=False),
    Column("on_date", Day, nullable=False),
    whole("start_min"),
    whole("end_min"),
    PrimaryKeyConstraint("artist_id", "on_date", "start_min"),
    ForeignKeyConstraint(["artist_id", "on_date"], ["date_override.artist_id", "date_override.on_date"]),
    rule("span", "start_min >= 0 AND end_min > start_min"),
)

leave = table(
    "leave",
    own_id(),
    of_studio(),
    refers("artist_id", "artist.id", nullable=True),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    text("reason"),
    rule("span", "ends_at > starts_at"),
    Index(None, "studio_id", "ends_at"),
    Index(None, "artist_id"),
)

client = table(
    "client",
    own_id(),
    of_studio(),
    text("name"),
    text("phone"),
    text("email"),
    text("note"),
    text("name_folded"),
    text("digits_reversed"),
    version(),
    Index(None, "studio_id", "id"),
    Index(None, "studio_id", "phone"),
    Index(None, "studio_id", "digits_reversed"),
)
"""``name_folded`` sorts without case and accents; ``digits_reversed`` makes "ends with" a range of an index."""

client_name_token = table(
    "client_name_token",
    of_studio(),
    text("token"),
    Column("client_id", DbId, ForeignKey("client.id"), nullable=False),
    PrimaryKeyConstraint("studio_id", "token", "client_id"),
    Index(None, "client_id"),
)
"""The words of a client's name, without case and accents; "starts with" is a range of the primary key."""
