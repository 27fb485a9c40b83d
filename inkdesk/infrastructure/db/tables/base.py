"""The one metadata for both engines, and the columns most tables share."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, MetaData, Table
from sqlalchemy.schema import SchemaItem

from inkdesk.infrastructure.db.types import DbId, Whole, Words

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


def text(name: str) -> Column[str]:
    """A text that is never null ("" says unknown)."""
    return Column(name, Words, nullable=False)


def whole(name: str, *, nullable: bool = False) -> Column[int]:
    """A whole number."""
    return Column(name, Whole, nullable=nullable)


def version() -> Column[int]:
    """Grows with each save; a form saves only over the version it opened with."""
    return Column("version", DbId, nullable=False)


def rule(name: str, condition: str) -> CheckConstraint:
    """A named CHECK that reads the same on both engines."""
    return CheckConstraint(condition, name=name)
