"""What the program itself keeps: answers to requests, the count of writes, the schema's own facts."""

from sqlalchemy import Column, PrimaryKeyConstraint

from inkdesk.infrastructure.db.tables.base import of_studio, refers, rule, table, text, whole
from inkdesk.infrastructure.db.types import Instant

request = table(
    "request",
    of_studio(),
    text("request_key"),
    text("result"),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("studio_id", "request_key"),
)
"""The answer a user action already got: a retry after a lost acknowledgement finds it here."""

write_count = table(
    "write_count",
    refers("studio_id", "studio.id", primary_key=True),
    whole("writes"),
)
"""Grows by one with every commit that changed something a page can show."""

settings_stamp = table(
    "settings_stamp",
    whole("only_row"),
    text("stamp"),
    PrimaryKeyConstraint("only_row"),
    rule("only_row", "only_row = 1"),
)
"""Another random text after every transaction that changed a setting; triggers see to it (``guards``)."""

schema_info = table(
    "schema_info",
    whole("only_row"),
    whole("min_client_version"),
    PrimaryKeyConstraint("only_row"),
    rule("only_row", "only_row = 1"),
)
"""The oldest program generation that may work with this schema."""
