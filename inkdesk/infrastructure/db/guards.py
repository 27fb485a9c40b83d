"""The database's own rules: no overlap of blocking claims, history and ledger only grow, settings change their stamp.

This module owns their text. ``install_guards`` writes it, ``verify_guards`` compares what stands in the database
with it, at every start and after every migration: a migration that rebuilds a table would drop triggers silently.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

NO_OVERLAP = "ex_occupancy_no_overlap"
"""The PostgreSQL exclusion constraint."""
SQLITE_REFUSAL = "inkdesk: the resource is taken"
"""What the SQLite triggers raise."""

_APPEND_ONLY = ("booking_history", "ledger_entry")
_SETTINGS = (
    *("studio", "artist", "artist_style", "weekly_plan", "plan_hours", "date_override", "date_override_span", "leave"),
    *("service", "artist_service", "station", "station_unit"),
)
"""What ``SettingsMemory`` keeps between questions."""

# The blocking rows of one resource are disjoint, so the one that starts last before our end is the only one that
# can reach into our span: one step in the covering index, however long the book is.
_REFUSE_OVERLAP = f"""WHEN NEW.blocks
BEGIN
  SELECT RAISE(ABORT, '{SQLITE_REFUSAL}')
  WHERE (
    SELECT ends_at FROM occupancy INDEXED BY ix_occupancy_blocking
    WHERE resource_id = NEW.resource_id AND blocks AND starts_at < NEW.ends_at{{not_itself}}
    ORDER BY starts_at DESC LIMIT 1
  ) > NEW.starts_at;
END"""  # noqa: S608 - our own constants

_SQLITE_STAMP = "BEGIN\n  UPDATE settings_stamp SET stamp = hex(randomblob(16));\nEND"

SQLITE_TRIGGERS = {
    "occupancy_guard_insert": (
        "CREATE TRIGGER occupancy_guard_insert BEFORE INSERT ON occupancy\n" + _REFUSE_OVERLAP.format(not_itself="")
    ),
    "occupancy_guard_update": (
        "CREATE TRIGGER occupancy_guard_update BEFORE UPDATE ON occupancy\n"
        + _REFUSE_OVERLAP.format(not_itself=" AND id <> OLD.id")
    ),
    **{
        f"{table}_no_{verb.lower()}": (
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}\n"
            f"BEGIN\n  SELECT RAISE(ABORT, 'inkdesk: {table} is append-only');\nEND"
        )
        for table in _APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    },
    **{
        f"{table}_stamps_{verb.lower()}": (
            f"CREATE TRIGGER {table}_stamps_{verb.lower()} AFTER {verb} ON {table}\n" + _SQLITE_STAMP
        )
        for table in _SETTINGS
        for verb in ("INSERT", "UPDATE", "DELETE")
    },
}
"""SQLite triggers by name, as ``sqlite_master`` keeps them."""
SQLITE_TRIGGERS_QUERY = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"

_POSTGRESQL_CONSTRAINT = (
    "EXCLUDE USING gist (int8range(resource_id, resource_id, '[]'::text) WITH &&, "
    "tstzrange(starts_at, ends_at, '[)'::text) WITH &&) WHERE (blocks)"
)
_POSTGRESQL_BODIES = {
    "inkdesk_append_only": "BEGIN RAISE EXCEPTION 'inkdesk: % is append-only', TG_TABLE_NAME; END",
    "inkdesk_stamp_settings": ("BEGIN UPDATE settings_stamp SET stamp = gen_random_uuid()::text; RETURN NULL; END"),
}
"""Trigger functions by name."""
_POSTGRESQL_TRIGGERS = {
    **{
        (table, f"{table}_append_only"): (
            f"CREATE TRIGGER {table}_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION inkdesk_append_only()"
        )
        for table in _APPEND_ONLY
    },
    # At the commit, so that desks wait for each other's stamp only as long as a commit takes.
    **{
        (table, f"{table}_stamps"): (
            f"CREATE CONSTRAINT TRIGGER {table}_stamps AFTER INSERT OR DELETE OR UPDATE ON {table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION inkdesk_stamp_settings()"
        )
        for table in _SETTINGS
    },
}
"""PostgreSQL triggers by table and name, as ``pg_get_triggerdef`` shows them."""


def install_guards(connection: "Connection") -> None:
    """Put our text in place of whatever stands there (the exclusion constraint comes with its table)."""
    if connection.dialect.name == "sqlite":
        for name, text in SQLITE_TRIGGERS.items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(text)
        return
    for name, body in _POSTGRESQL_BODIES.items():
        function = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body${body}$body$"
        connection.exec_driver_sql(function.replace("%", "%%"))
    for (table, name), text in _POSTGRESQL_TRIGGERS.items():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        connection.exec_driver_sql(text)


def verify_guards(connection: "Connection") -> list[str]:
    """Names of guards that are missing, changed or switched off; empty means all stand."""
    found, wanted = _sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection)
    return sorted(name for name, text in wanted.items() if found.get(name) != text)


def _sqlite(connection: "Connection") -> tuple[dict[str, str], dict[str, str]]:
    rows = connection.exec_driver_sql(SQLITE_TRIGGERS_QUERY)
    return {row.name: row.sql for row in rows}, SQLITE_TRIGGERS


def _postgresql(connection: "Connection") -> tuple[dict[str, str], dict[str, str]]:
    wanted = {
        NO_OVERLAP: _POSTGRESQL_CONSTRAINT,
        **_POSTGRESQL_BODIES,
        **{name: "O " + text for (_, name), text in _POSTGRESQL_TRIGGERS.items()},
    }
    functions = ", ".join(f"to_regproc('{name}')" for name in _POSTGRESQL_BODIES)
    tables = ", ".join(f"to_regclass('{table}')" for table in (*_APPEND_ONLY, *_SETTINGS))
    rows = connection.exec_driver_sql(
        "SELECT conname AS name, pg_get_constraintdef(oid) AS text FROM pg_constraint"  # noqa: S608 - our own constants
        " WHERE conrelid = to_regclass('occupancy') AND contype = 'x' AND convalidated"
        f" UNION ALL SELECT proname, prosrc FROM pg_proc WHERE oid IN ({functions})"
        " UNION ALL SELECT tgname, tgenabled::text || ' ' || pg_get_triggerdef(oid, true) FROM pg_trigger"
        f" WHERE NOT tgisinternal AND tgrelid IN ({tables})"
    )
    return {row.name: row.text for row in rows}, wanted
