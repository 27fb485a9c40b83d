import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.killed import Worlds
from support.postgres import PostgresServer


@pytest.fixture
def worlds(sqlite_template: Path, tmp_path: Path) -> Worlds:
    """Fresh studios in which a desk may die."""

    @contextmanager
    def fresh() -> Iterator[str]:
        for leftover in tmp_path.glob("studio.db*"):
            leftover.unlink()
        shutil.copy(sqlite_template, tmp_path / "studio.db")
        yield f"sqlite:///{tmp_path / 'studio.db'}"

    return Worlds(fresh)


@pytest.fixture
def shared_worlds(postgres_server: PostgresServer) -> Worlds:
    """The same on PostgreSQL, where a dead desk leaves a connection behind that nobody closed."""

    @contextmanager
    def fresh() -> Iterator[str]:
        postgres_server.execute("DROP DATABASE IF EXISTS dying WITH (FORCE)")
        postgres_server.execute("CREATE DATABASE dying TEMPLATE inkdesk_template")
        yield postgres_server.url("dying")

    return Worlds(fresh)
