from collections.abc import Iterator

import pytest
from support.clock import StandingClock
from support.payment_desk import PaymentDesk

from inkdesk.infrastructure.db.database import Database
from inkdesk.practice import PracticeServer


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer() as started:
        yield started


@pytest.fixture
def desk(server: PracticeServer, database: Database, clock: StandingClock) -> Iterator[PaymentDesk]:
    opened = PaymentDesk.open(server, database, clock)
    yield opened
    opened.close()


@pytest.fixture
def lone_desk(server: PracticeServer, sqlite_url: str, clock: StandingClock) -> Iterator[PaymentDesk]:
    """On SQLite only: for what does not touch the guard."""
    database = Database.open(sqlite_url, who="Desk 1", clock=clock)
    opened = PaymentDesk.open(server, database, clock)
    yield opened
    opened.close()
    database.close()
