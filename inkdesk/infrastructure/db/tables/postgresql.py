"""What the schema has on PostgreSQL only, completed when a migration or a test compares the whole of it.

Kept apart because SQLAlchemy then loads that dialect with all its drivers, which a desk on SQLite would wait for at
every start. Reading and writing rows needs none of it.
"""

from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from inkdesk.infrastructure.db.tables.base import METADATA
from inkdesk.infrastructure.db.tables.book import occupancy

__all__ = ["METADATA"]

occupancy.append_constraint(
    ExcludeConstraint(
        (sql("int8range(resource_id, resource_id, '[]')"), "&&"),
        (sql("tstzrange(starts_at, ends_at, '[)')"), "&&"),
        where=sql("blocks"),
        using="gist",
        name="ex_occupancy_no_overlap",
    ).ddl_if(dialect="postgresql")
)
for _index in (index for table in METADATA.tables.values() for index in table.indexes):
    if (_where := _index.dialect_options["sqlite"]["where"]) is not None:
        _index.dialect_options["postgresql"]["where"] = _where
