"""A studio with its real parts: SQLite, the practice Stripe, work off the window's thread."""

from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QObject
from support.book import fill
from support.clock import StandingClock
from support.desk import Desk

from inkdesk.application import text
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.language import install_language
from inkdesk.infrastructure.stripe_api.gateway import StripeGateway
from inkdesk.practice import PracticeServer
from inkdesk.workers.task_runner import TaskRunner

TRANSLATIONS = Path(__file__).resolve().parents[3] / "resources" / "translations"


@pytest.fixture
def french() -> Iterator[None]:
    """A French reader."""
    install_language("fr", "fr_FR", ZoneInfo("Europe/Paris"), TRANSLATIONS)
    yield
    text.install(NullTranslations(), text.PlainFormats(), "en")


@pytest.fixture
def runner(request: pytest.FixtureRequest) -> Iterator[TaskRunner]:
    """Real threads; all of them end with the test."""
    request.getfixturevalue("qapp")
    runner = TaskRunner()
    yield runner
    assert runner.stop()


@pytest.fixture
def desk(sqlite_url: str, clock: StandingClock, runner: TaskRunner) -> Iterator[Desk]:
    """A studio without a Stripe key."""
    database = Database.open(sqlite_url, who="Desk 1", clock=clock)
    owner = QObject()
    yield Desk(database, fill(database), clock, runner.of(owner))
    assert runner.stop()
    database.close()


@pytest.fixture
def practice(clock: StandingClock) -> Iterator[PracticeServer]:
    """The practice Stripe, its clock standing at the desk's."""
    server = PracticeServer()
    server.start()
    server.clock.freeze()
    server.clock.advance(int(clock.now().timestamp()) - server.clock.now())
    yield server
    server.stop()


@pytest.fixture
def paying_desk(desk: Desk, practice: PracticeServer) -> Iterator[Desk]:
    """A studio that can take deposits by link."""
    gateway = StripeGateway(practice.key, Mode.PRACTICE, base_url=practice.url)
    desk.gateway = gateway
    yield desk
    gateway.close()
