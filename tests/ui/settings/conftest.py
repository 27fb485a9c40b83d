"""The settings page on a real database, real threads and a keyring in memory."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot
from support.book import fill
from support.clock import StandingClock
from support.settings_desk import Desk, FakeStripe, MemorySecrets

from inkdesk.application.services import Services
from inkdesk.domain.studio import Mode, Studio
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from inkdesk.ui.settings.page import SettingsPage
from inkdesk.workers.change_feed import ChangeFeed
from inkdesk.workers.task_runner import TaskRunner


@pytest.fixture
def sqlite_database(sqlite_url: str, clock: StandingClock) -> Iterator[Database]:
    """An opened SQLite database without a studio."""
    opened = Database.open(sqlite_url, who="Desk 1", clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    """Real threads, joined at the end."""
    made = TaskRunner()
    yield made
    assert made.stop()


@pytest.fixture
def open_desk(
    qtbot: QtBot, sqlite_database: Database, clock: StandingClock, runner: TaskRunner
) -> Callable[[Mode], Desk]:
    """Opens the settings of a small studio of the given mode and waits until they are read."""

    def open_(mode: Mode) -> Desk:
        book = fill(sqlite_database)
        book = replace(book, studio=_in_mode(sqlite_database, mode))
        secrets, stripe, feed = MemorySecrets(), FakeStripe(), ChangeFeed(sqlite_database.data_version)
        services = Services(
            read=sqlite_database.read,
            write=sqlite_database.write,
            queries=sqlite_database.queries,
            gateway=cast("Any", lambda: stripe),
            phones=LibraryPhoneNumbers(),
            secrets=secrets,
            clock=clock,
            return_page="",
        )
        page = SettingsPage(services, runner, feed, stripe.open, ("sqlite", "/home/ana/book.db"))
        qtbot.addWidget(page)
        page.resize(1000, 760)
        page.show()
        qtbot.waitUntil(lambda: page.artists.list.count() == 2)
        return Desk(sqlite_database, services.studio, secrets, stripe, feed, page, book)

    return open_


@pytest.fixture
def desk(open_desk: Callable[[Mode], Desk]) -> Desk:
    """A practice studio's settings."""
    return open_desk(Mode.PRACTICE)


@pytest.fixture
def test_desk(open_desk: Callable[[Mode], Desk]) -> Desk:
    """The settings of a studio in Stripe's test mode."""
    return open_desk(Mode.TEST)


def _in_mode(database: Database, mode: Mode) -> Studio:
    """A studio keeps its mode for life through the services; a test that needs another one writes it before."""
    with database.write() as uow:
        studio = uow.studio.get()
        if studio.mode is not mode:
            studio = uow.studio.save(replace(studio, mode=mode))
            uow.commit()
    return studio
