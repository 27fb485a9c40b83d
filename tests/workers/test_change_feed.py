"""The feed: this desk's writes are told at once, other desks' are noticed, an unreachable database is told once."""

from collections.abc import Callable
from typing import TypeVar

from pytestqt.qtbot import QtBot

from inkdesk.application.changes import EVERYTHING, Changes
from inkdesk.domain.errors import DatabaseUnreachable, InkDeskError
from inkdesk.domain.message import message
from inkdesk.workers.change_feed import ChangeFeed

T = TypeVar("T")


class Immediate:
    """A background that answers before it returns."""

    def read(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[InkDeskError], None]) -> None:
        try:
            result = work()
        except InkDeskError as error:
            failed(error)
        else:
            done(result)

    write = call = read
    call = read


class Versions:
    """A data version that tests set; None means the database is gone."""

    def __init__(self) -> None:
        self.value: int | None = 1

    def __call__(self) -> int:
        if self.value is None:
            raise DatabaseUnreachable(message("gone"))
        return self.value


def test_own_changes_are_announced_and_empty_ones_are_not(qtbot: QtBot) -> None:
    feed = ChangeFeed(Versions())
    told: list[Changes] = []
    feed.changed.connect(told.append)
    feed.announce(Changes())
    feed.announce(Changes(bookings=frozenset({7})))
    assert told == [Changes(bookings=frozenset({7}))]


def test_a_write_by_another_desk_is_noticed(qtbot: QtBot) -> None:
    versions = Versions()
    feed = ChangeFeed(versions)
    told: list[Changes] = []
    feed.changed.connect(told.append)
    feed.start(Immediate())
    feed.look()
    feed.look()
    assert told == []
    versions.value = 2
    feed.look()
    feed.stop()
    assert told == [EVERYTHING]


def test_losing_and_finding_the_database_is_told_once_each(qtbot: QtBot) -> None:
    versions = Versions()
    feed = ChangeFeed(versions)
    reach: list[bool] = []
    feed.reachable_changed.connect(reach.append)
    feed.start(Immediate())
    for value in (1, None, None, 1, 1):
        versions.value = value
        feed.look()
    feed.stop()
    assert reach == [False, True]
