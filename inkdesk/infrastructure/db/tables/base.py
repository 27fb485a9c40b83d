"""The one metadata for both engines, and the columns most tables share."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, MetaData, Table, TextClause
from sqlalchemy import text as sql
from sqlalchemy.schema import SchemaItem

from inkdesk.infrastructure.db.types import DbId, Flag, Whole, Words

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *items: SchemaItem) -> Table:
    """A table of the schema; STRICT on SQLite, so that a number column holds numbers."""
    return Table(name, METADATA, *items, sqlite_strict=True)


def own_id() -> Column[int]:
    """The primary key."""
    return Column("id", DbId, primary_key=True)


def of_studio() -> Column[int]:
    """Which studio owns the row."""
    return Column("studio_id", DbId, ForeignKey("studio.id"), nullable=False)


def refers(
    name: str, target: str, *, nullable: bool = False, unique: bool | None = None, primary_key: bool = False
) -> Column[int]:
    """A foreign key column ``name`` to ``target`` ("table.column")."""
    return Column(
        name,
        DbId,
        ForeignKey(target),
        nullable=nullable,
        unique=unique,
        primary_key=primary_key,
        autoincrement=False,
    )


def text(name: str, *, default: str | None = None) -> Column[str]:
    """A text that is never null ("" says unknown). ``default`` is SQL, for what was stored before the column was."""
    return Column(name, Words, nullable=False, server_default=_as_sql(default))


def whole(name: str, *, nullable: bool = False, default: str | None = None) -> Column[int]:
    """A whole number. ``default`` as for ``text``."""
    return Column(name, Whole, nullable=nullable, server_default=_as_sql(default))


def flag(name: str, *, default: str | None = None) -> Column[bool]:
    """True or false. ``default`` as for ``text``."""
    return Column(name, Flag, nullable=False, server_default=_as_sql(default))


def version() -> Column[int]:
    """Grows with each save; a form saves only over the version it opened with."""
    return Column("version", DbId, nullable=False)


def rule(name: str, condition: str) -> CheckConstraint:
    """A named CHECK that reads the same on both engines."""
    return CheckConstraint(condition, name=name)


def _as_sql(default: str | None) -> TextClause | None:
    return None if default is None else sql(default)
