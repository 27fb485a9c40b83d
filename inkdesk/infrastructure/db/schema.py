"""The schema's version: make it, bring it up to date, refuse what a newer program made."""

import shutil
import uuid
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from inkdesk.domain.errors import DatabaseUnreachable
from inkdesk.domain.message import message
from inkdesk.infrastructure.db.driver import sqlite_module
from inkdesk.infrastructure.db.engines import open_connection
from inkdesk.infrastructure.db.guards import install_guards, verify_guards

REVISIONS = ("0001", "0002", "0003", "0004")
"""Every revision this program knows, oldest first; the last is the one it works with."""
CLIENT_VERSION = 3
"""This program's generation: a schema asks for at least ``schema_info.min_client_version``."""

_UPGRADE_LOCK = 0x496E6B44


def current_revision(connection: Connection) -> str | None:
    """The revision the database stands at, None if it is empty.

    DatabaseUnreachable if the tables are somebody else's, or if the schema asks for a newer program.
    """
    names = set(inspect(connection).get_table_names())
    if not names:
        return None
    if not {"alembic_version", "schema_info"} <= names:
        raise DatabaseUnreachable(
            message("This database belongs to another program. Choose another one, or an empty one.")
        )
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    needed = connection.exec_driver_sql("SELECT min_client_version FROM schema_info").scalar_one()
    if needed > CLIENT_VERSION:
        raise DatabaseUnreachable(
            message("This database was made by a newer InkDesk. Install the newest InkDesk on this computer.")
        )
    return str(revision)


def bring_up_to_date(engine: Engine, file: Path | None, now: datetime) -> None:
    """Create or migrate the schema if it is not the one this program works with.

    An older SQLite file is copied beside itself first. A newer schema that still admits this program stays as it is.
    """
    with open_connection(engine, is_read=True) as connection:
        revision = current_revision(connection)
    if revision is not None and (revision == REVISIONS[-1] or revision not in REVISIONS):
        return
    if revision is not None and file is not None:
        _back_up(file, revision, now)
    with open_connection(engine, is_read=False) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        upgrade(connection)
        install_guards(connection)
        if broken := verify_guards(connection):
            raise RuntimeError(f"the migration lost guards: {', '.join(broken)}")


def upgrade(connection: Connection) -> None:
    """Run the missing migrations inside the connection's transaction."""
    from alembic import command  # noqa: PLC0415 - a third of a second, needed only here
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _back_up(file: Path, revision: str, now: datetime) -> Path:
    """Copy a SQLite file by the online backup API, so that the copy is whole even while others write.

    Each desk makes a copy of its own: two that upgrade in the same second would write into one file.
    """
    module = sqlite_module()
    own = uuid.uuid4().hex[:8]
    copy = file.with_name(f"{file.stem}-before-{revision}-{now:%Y%m%d%H%M%S}-{own}{file.suffix}")
    partial = copy.with_name(copy.name + ".partial")
    with closing(module.connect(file)) as source, closing(module.connect(partial)) as target:
        source.backup(target)
        if target.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise DatabaseUnreachable(
                message("The backup before the update failed its check, so nothing was changed. Check the disk.")
            )
    shutil.move(partial, copy)
    return copy
