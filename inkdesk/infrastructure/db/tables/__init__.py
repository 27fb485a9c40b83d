"""The schema as SQLAlchemy Core tables, one model for both engines."""

from inkdesk.infrastructure.db.tables.base import METADATA
from inkdesk.infrastructure.db.tables.book import (
    LONGEST_BOOKING_S,
    booking,
    booking_artist,
    booking_history,
    occupancy,
    series,
    waitlist_entry,
)
from inkdesk.infrastructure.db.tables.catalogue import artist_service, flash, project, service, station, station_unit
from inkdesk.infrastructure.db.tables.groups import group_seat, group_sitting
from inkdesk.infrastructure.db.tables.money import desk_task, ledger_entry, payment, poll_state, refund
from inkdesk.infrastructure.db.tables.people import (
    artist,
    artist_style,
    client,
    client_name_token,
    date_override,
    date_override_span,
    leave,
    plan_hours,
    resource,
    studio,
    weekly_plan,
)
from inkdesk.infrastructure.db.tables.system import request, schema_info, settings_stamp, write_count

__all__ = [
    "LONGEST_BOOKING_S",
    "METADATA",
    "artist",
    "artist_service",
    "artist_style",
    "booking",
    "booking_artist",
    "booking_history",
    "client",
    "client_name_token",
    "date_override",
    "date_override_span",
    "desk_task",
    "flash",
    "group_seat",
    "group_sitting",
    "leave",
    "ledger_entry",
    "occupancy",
    "payment",
    "plan_hours",
    "poll_state",
    "project",
    "refund",
    "request",
    "resource",
    "schema_info",
    "series",
    "service",
    "settings_stamp",
    "station",
    "station_unit",
    "studio",
    "waitlist_entry",
    "weekly_plan",
    "write_count",
]
