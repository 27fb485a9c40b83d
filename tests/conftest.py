"""Both real database engines for every test that asks for one; no test needs a screen."""

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shutil
import threading
from collections.abc import Iterator
from gettext import NullTranslations
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Response
from support.clock import StandingClock
from support.postgres import PostgresServer

from inkdesk.application.text import PlainFormats, install
from inkdesk.infrastructure.db.database import Database
from inkdesk.practice import api, parameters
from inkdesk.practice.errors import ApiError, JsonObject

_names = count(1)
_tests_run = count(1)
_PRACTICE_TESTS = Path(__file__).parent / "practice"


@pytest.fixture(autouse=True, scope="session")
def no_collection_in_threads() -> Iterator[None]:
    """As in the program: Qt objects in cycles may not die in a worker's thread."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """Collect what a test left, here; thoroughly now and then, for that takes longer."""
    yield
    gc.collect(2 if next(_tests_run) % 50 == 0 else 0)


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Every thread has an owner who ends it: one that outlives its test fails it."""
    before = set(threading.enumerate())
    yield
    fresh = [thread for thread in threading.enumerate() if thread not in before]
    for thread in fresh:
        thread.join(2)
    assert [thread.name for thread in fresh if thread.is_alive()] == []


@pytest.fixture(autouse=True)
def plain_english() -> Iterator[None]:
    """Sentences and formats as before any reader's language was installed."""
    yield
    install(NullTranslations(), PlainFormats(), "en")


@pytest.fixture
def clock() -> StandingClock:
    """A clock that stands on Monday 2026-11-23, 09:00 UTC."""
    return StandingClock()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole run, with a migrated database ``inkdesk_template``."""
    server = PostgresServer()
    try:
        server.execute("CREATE DATABASE inkdesk_template")
        Database.open(server.url("inkdesk_template"), who="template", clock=StandingClock()).close()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without a studio."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    Database.open(f"sqlite:///{file}", who="template", clock=StandingClock()).close()
    return file


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """An empty PostgreSQL database of its own."""
    yield from _fresh_database(postgres_server, "template0")


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A migrated PostgreSQL database of its own, without a studio."""
    yield from _fresh_database(postgres_server, "inkdesk_template")


def _fresh_database(server: PostgresServer, template: str) -> Iterator[str]:
    name = f"test_{next(_names)}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A migrated SQLite file of its own, without a studio."""
    file = tmp_path / "studio.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of either engine, without a studio."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def database(database_url: str, clock: StandingClock) -> Iterator[Database]:
    """An opened database of either engine, without a studio."""
    opened = Database.open(database_url, who="Desk 1", clock=clock)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def only_known_parameters(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every request to Stripe is checked against the library's own parameter types; one that is refused fails.

    So does one to an address that Stripe does not have. Only the practice server's own tests send what must be refused.
    """
    refused: list[str] = []
    unknown = api._unknown

    def watched_unknown(rest: str) -> Response:
        refused.append(f"/v1/{rest}")
        return unknown(rest)

    def watched(spec: JsonObject, tree: dict[str, Any]) -> JsonObject:
        try:
            return parameters.check(spec, tree)
        except ApiError as error:
            refused.append(str(error))
            raise

    monkeypatch.setattr(api, "check", watched)
    monkeypatch.setattr(api, "_unknown", watched_unknown)
    yield
    assert refused == [] or request.path.parent == _PRACTICE_TESTS
