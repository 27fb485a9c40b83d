"""A Qt object in a cycle dies in the window's thread, however busy the workers are."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from inkdesk.workers.garbage import GarbageCollector


@pytest.fixture
def was_enabled() -> Iterator[None]:
    before = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if before else gc.disable)()


class Owner(QObject):
    """Refers to itself, so that only the collector frees it."""

    def __init__(self) -> None:
        super().__init__()
        self.me = self


def churn() -> None:
    """Allocate enough containers to make Python collect every generation."""
    for _ in range(200):
        [[number] for number in range(5000)]


def died_in(start_collector: bool) -> set[str]:
    """In which threads a leaked cycle was collected while a worker allocated."""
    threads = set[str]()
    collector = GarbageCollector()
    if start_collector:
        collector.start()
    try:
        weakref.finalize(Owner(), lambda: threads.add(threading.current_thread().name))
        worker = threading.Thread(target=churn, name="worker")
        worker.start()
        worker.join()
        elsewhere = set(threads)
        churn()
        collector.collect()
        gc.collect()
        return elsewhere or threads
    finally:
        collector.stop()


@pytest.mark.usefixtures("was_enabled")
def test_without_the_collector_it_dies_in_the_worker(qtbot: QtBot) -> None:
    assert died_in(start_collector=False) == {"worker"}


@pytest.mark.usefixtures("was_enabled")
def test_with_the_collector_it_dies_in_the_windows_thread(qtbot: QtBot) -> None:
    assert died_in(start_collector=True) == {threading.current_thread().name}


@pytest.mark.usefixtures("was_enabled")
def test_what_is_due_is_collected_and_python_takes_over_again(qtbot: QtBot) -> None:
    collector = GarbageCollector()
    collector.start()
    assert not gc.isenabled()
    kept = [[number] for number in range(gc.get_threshold()[0] + 1)]
    collector.collect()
    assert gc.get_count()[0] < len(kept)
    collector.stop()
    assert gc.isenabled()
