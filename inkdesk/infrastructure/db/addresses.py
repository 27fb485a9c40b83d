"""Database addresses: what a person types, what is kept and shown, what the driver is told."""

import ssl
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message

_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})

# A dead link is noticed in 7 seconds; libpq's own defaults hang for ever. A forgotten lock frees itself.
_POSTGRESQL: dict[str, Any] = {
    "keepalives": 1,
    "keepalives_idle": 3,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 6000,
    "connect_timeout": 5,
    "application_name": "inkdesk",
    "options": (
        "-c timezone=UTC -c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
    ),
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is. ``url`` holds no password; ``shown`` is for people; ``kind`` sqlite or postgresql."""

    url: URL
    password: str | None
    kind: str
    shown: str


def parse_address(text: str, password: str | None) -> Address:
    """Read a database URL; a password in it is taken out. ValidationError if it is none we can use."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in _DRIVERS or _is_nowhere(url):
        raise ValidationError(
            message("This is not a database address. Use sqlite:///file or postgresql+psycopg://user@host/name."),
            field="database",
        )
    kept = url.set(drivername=_DRIVERS[url.drivername])
    if kept.password is not None:
        password = password or str(kept.password)
        kept = URL.create(kept.drivername, kept.username, None, kept.host, kept.port, kept.database, kept.query)
    kind = kept.get_backend_name()
    shown = str(kept.database) if kind == "sqlite" else kept.render_as_string(hide_password=True)
    return Address(kept, password, kind, shown)


def postgresql_arguments(address: Address) -> dict[str, Any]:
    """What libpq is told beside the URL: time-outs, the password, and encryption unless the server is this computer."""
    arguments = {name: value for name, value in _POSTGRESQL.items() if name not in address.url.query}
    if address.password is not None:
        arguments["password"] = address.password
    if "sslmode" not in address.url.query and not _is_local(address.url):
        arguments["sslmode"] = "verify-full"
        if "sslrootcert" not in address.url.query:
            arguments["sslrootcert"] = ssl.get_default_verify_paths().cafile or "system"
    return arguments


def _is_nowhere(url: URL) -> bool:
    """A SQLite database in memory: it would be gone, with its bookings, when the program ends."""
    return url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}


def _is_local(url: URL) -> bool:
    host = url.host or str(url.query.get("host", ""))
    return not host or host in _LOOPBACK or host.startswith("/")
