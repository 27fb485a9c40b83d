from collections.abc import Iterator

import pytest
from support.clock import StandingClock
from support.open_units import forbid_calls_inside
from support.payment_desk import PaymentDesk

from inkdesk.infrastructure.db.database import Database
from inkdesk.practice import PracticeServer


@pytest.fixture(autouse=True)
def no_call_inside_a_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is tested here, a call at Stripe inside a unit of work fails it."""
    forbid_calls_inside(monkeypatch)


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
