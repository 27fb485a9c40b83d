"""The key that is used is the one kept last, whoever was reading the old one just then."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from support.book import fill
from support.clock import StandingClock
from typing_extensions import override

from inkdesk.application.ports import SecretStore
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.db.database import Database
from inkdesk.stripe_access import StripeAccess, WatchedSecrets

PATIENCE_S = 20.0
OLD, NEW = "rk_test_" + "old" * 8, "rk_test_" + "new" * 8


class SlowStore(SecretStore):
    """Holds each answer back, as a keyring that asks a person does; counts how often it was asked."""

    def __init__(self) -> None:
        self.kept = OLD
        self.asked = threading.Semaphore(0)
        self.answers = threading.Semaphore(0)
        self.count = 0

    @override
    def get(self, name: str) -> str | None:
        found, self.count = self.kept, self.count + 1
        self.asked.release()
        assert self.answers.acquire(timeout=PATIENCE_S)
        return found

    @override
    def set(self, name: str, secret: str) -> None:
        self.kept = secret

    @override
    def delete(self, name: str) -> None:
        self.kept = ""


@pytest.fixture
def database(sqlite_url: str, clock: StandingClock) -> Iterator[Database]:
    """A studio that pays with a test key."""
    database = Database.open(sqlite_url, who="Desk 1", clock=clock)
    fill(database)
    with database.write() as uow:
        uow.studio.save(replace(uow.studio.get(), mode=Mode.TEST))
        uow.commit()
    yield database
    database.close()


def test_a_key_that_is_kept_while_the_old_one_is_read_is_the_one_used(database: Database) -> None:
    store = SlowStore()
    access = StripeAccess(database.read, store, None)
    is_kept = threading.Event()

    def forget() -> None:
        is_kept.set()
        access.forget()

    secrets = WatchedSecrets(store, forget)
    with ThreadPoolExecutor(2) as pool:
        reading = pool.submit(access.gateway)
        assert store.asked.acquire(timeout=PATIENCE_S)  # it has the old key in its hands
        keeping = pool.submit(secrets.set, "key", NEW)
        assert is_kept.wait(PATIENCE_S)
        for _ in range(3):
            store.answers.release()
        old = reading.result(PATIENCE_S)
        keeping.result(PATIENCE_S)
        used = access.gateway()
    assert used is not old
    assert store.count == 2
    access.close()


def test_a_person_is_asked_once_for_what_two_need_at_a_time(database: Database) -> None:
    store = SlowStore()
    access = StripeAccess(database.read, store, None)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(access.gateway), pool.submit(access.gateway)
        assert store.asked.acquire(timeout=PATIENCE_S)
        for _ in range(2):
            store.answers.release()
        assert first.result(PATIENCE_S) is second.result(PATIENCE_S)
    assert store.count == 1
    access.close()
