import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QThread, Slot
from pytestqt.qtbot import QtBot
from support.clock import StandingClock

from inkdesk.application.look_result import LookResult, Wish
from inkdesk.domain.errors import DatabaseUnreachable
from inkdesk.domain.message import message
from inkdesk.workers import payment_monitor
from inkdesk.workers.payment_monitor import PaymentMonitor, _Memory


@dataclass
class Seconds:
    """A monotonic clock that stands until it is moved."""

    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Looks:
    """Notes every look and answers what it was told to."""

    wishes: list[Wish] = field(default_factory=list)
    answer: Callable[[], LookResult] = LookResult

    def __call__(self, wish: Wish) -> LookResult:
        self.wishes.append(wish)
        return self.answer()

    @property
    def sweeps(self) -> list[bool]:
        return [wish.sweep for wish in self.wishes]


class Receiver(QObject):
    """A page in the window's thread."""

    def __init__(self) -> None:
        super().__init__()
        self.results: list[LookResult] = []
        self.threads: set[bool] = set()

    @Slot(object)
    def take(self, result: LookResult) -> None:
        self.results.append(result)
        self.threads.add(QThread.currentThread() is self.thread())


@dataclass
class Stage:
    """A monitor with everything around it."""

    monitor: PaymentMonitor
    looks: Looks
    clock: StandingClock
    seconds: Seconds
    page: Receiver

    def run(self, qtbot: QtBot, count: int) -> None:
        qtbot.waitUntil(lambda: len(self.page.results) >= count)


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    looks, clock, seconds, page = Looks(), StandingClock(), Seconds(), Receiver()
    monitor = PaymentMonitor(looks, clock, monotonic=seconds)
    monitor.looked.connect(page.take)
    yield Stage(monitor, looks, clock, seconds, page)
    assert monitor.stop()


def test_it_starts_with_a_sweep_and_answers_in_the_windows_thread(stage: Stage, qtbot: QtBot) -> None:
    stage.monitor.start()
    stage.monitor.start()
    stage.run(qtbot, 1)
    assert stage.looks.sweeps == [True]
    assert stage.page.threads == {True}


def test_it_looks_when_asked(stage: Stage, qtbot: QtBot) -> None:
    stage.monitor.start()
    stage.run(qtbot, 1)
    stage.monitor.look_now()
    stage.run(qtbot, 2)
    stage.monitor.watch(7)
    stage.run(qtbot, 3)
    stage.monitor.look_now(sweep=True)
    stage.run(qtbot, 4)
    stage.monitor.set_hidden(is_hidden=True)
    stage.monitor.set_hidden(is_hidden=False)
    stage.run(qtbot, 5)
    assert stage.looks.sweeps == [True, False, False, True, False]


def test_a_hold_is_watched_only_while_it_is_under_way(stage: Stage) -> None:
    monitor, looks, seconds, memory = stage.monitor, stage.looks, stage.seconds, _Memory()
    looks.answer = lambda: LookResult(holds=frozenset({7}))
    monitor.watch(7)
    seconds.at += 4
    monitor._look_once(memory, sweep=False)
    assert monitor._pace(memory).watched_s == 4

    looks.answer = LookResult  # it was paid at another desk, or is over
    seconds.at += 4
    monitor._look_once(memory, sweep=False)
    assert monitor._pace(memory).watched_s is None
    monitor.watch(8)  # which the last look could not know
    assert monitor._pace(memory).watched_s == 0


def test_after_sleep_it_sweeps(stage: Stage, qtbot: QtBot) -> None:
    stage.monitor.start()
    stage.run(qtbot, 1)
    stage.clock.advance(hours=1)  # the wall clock went on, the other one did not
    stage.monitor.look_now()
    stage.run(qtbot, 2)
    stage.seconds.at += 3600  # both went on, much longer than it meant to wait
    stage.clock.advance(hours=1)
    stage.monitor.look_now()
    stage.run(qtbot, 3)
    stage.monitor.look_now()
    stage.run(qtbot, 4)
    assert stage.looks.sweeps == [True, True, True, False]


def test_every_six_hours_it_sweeps(stage: Stage, qtbot: QtBot) -> None:
    stage.monitor.start()
    stage.run(qtbot, 1)
    for n in range(130):
        stage.seconds.at += 170
        stage.clock.advance(seconds=170)
        stage.monitor.look_now()
        stage.run(qtbot, n + 2)
    assert [n for n, sweep in enumerate(stage.looks.sweeps) if sweep] == [0, 128]


def test_trouble_is_told_and_the_network_coming_back_is_a_sweep(stage: Stage, qtbot: QtBot) -> None:
    def away() -> LookResult:
        raise DatabaseUnreachable(message("The database is away."))

    stage.looks.answer = away
    stage.monitor.start()
    stage.run(qtbot, 1)
    stage.looks.answer = LookResult
    stage.monitor.look_now()
    stage.run(qtbot, 2)
    banner = stage.page.results[0].banner
    assert banner is not None
    assert banner.plain() == "The database is away."
    assert stage.page.results[1].banner is None
    assert stage.looks.sweeps == [True, True]


def test_a_bug_in_one_look_does_not_end_the_next(stage: Stage, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> LookResult:
        raise ZeroDivisionError

    stage.looks.answer = broken
    stage.monitor.start()
    stage.run(qtbot, 1)
    stage.monitor.look_now()
    stage.run(qtbot, 2)
    assert stage.page.results[0].is_trouble
    assert "ZeroDivisionError" in caplog.text


def test_it_tells_a_person_from_itself_and_who_sits_in_front_of_what(stage: Stage, qtbot: QtBot) -> None:
    stage.monitor.start()
    stage.run(qtbot, 1)
    stage.monitor.watch(7)
    stage.run(qtbot, 2)
    stage.monitor.look_now()
    stage.run(qtbot, 3)
    stage.monitor.network_back()
    stage.run(qtbot, 4)
    stage.monitor.set_hidden(is_hidden=True)
    stage.monitor.look_now()
    stage.run(qtbot, 5)
    assert stage.looks.wishes == [
        Wish(sweep=True),
        Wish(watched=frozenset({7})),
        Wish(is_asked=True, watched=frozenset({7})),
        Wish(sweep=True, watched=frozenset({7})),
        Wish(is_asked=True),
    ]


def test_a_sweep_that_broke_off_is_made_again(stage: Stage, qtbot: QtBot) -> None:
    stage.looks.answer = lambda: LookResult(is_whole=False)
    stage.monitor.start()
    stage.run(qtbot, 1)
    stage.looks.answer = LookResult
    stage.monitor.look_now()
    stage.run(qtbot, 2)
    stage.monitor.look_now()
    stage.run(qtbot, 3)
    assert stage.looks.sweeps == [True, True, False]


@dataclass
class Poller:
    """A lease that another desk has until ``is_free``."""

    seconds: Seconds
    is_free: threading.Event = field(default_factory=threading.Event)
    beats: int = 0
    left: threading.Event = field(default_factory=threading.Event)

    def beat(self) -> bool:
        self.beats += 1
        if self.beats == 1:
            raise DatabaseUnreachable(message("The database is away."))
        return self.is_free.is_set()

    def leave(self) -> bool:
        self.left.set()
        return True


def test_between_looks_it_beats_and_sweeps_as_soon_as_it_is_the_poller(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payment_monitor, "SLICE_S", 0.001)
    looks, page, seconds = Looks(), Receiver(), Seconds()
    poller = Poller(seconds)
    monitor = PaymentMonitor(looks, StandingClock(), beat=poller.beat, leave=poller.leave, monotonic=seconds)
    monitor.looked.connect(page.take)
    monitor.start()
    qtbot.waitUntil(lambda: poller.beats > 3)
    assert looks.sweeps == [True]

    poller.is_free.set()
    qtbot.waitUntil(lambda: len(page.results) > 1)
    poller.is_free.clear()

    assert looks.sweeps[:2] == [True, True]
    assert not poller.left.is_set()
    assert monitor.stop()
    assert poller.left.is_set()


def test_beside_a_look_that_waits_for_stripe_the_lease_is_renewed(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payment_monitor, "SLICE_S", 0.001)
    entered, go_on, renewed = threading.Event(), threading.Event(), list[bool]()

    def hanging() -> LookResult:
        entered.set()
        go_on.wait(10)
        return LookResult()

    def renew() -> None:
        renewed.append(entered.is_set())
        if len(renewed) == 1:
            raise DatabaseUnreachable(message("The database is away."))

    monitor = PaymentMonitor(Looks(answer=hanging), StandingClock(), renew=renew, monotonic=Seconds())
    monitor.start()
    assert entered.wait(5)
    before = len(renewed)
    qtbot.waitUntil(lambda: len(renewed) > before + 3)
    go_on.set()
    assert monitor.stop()
    assert renewed[-1]


def test_stop_does_not_wait_for_a_look_that_hangs(stage: Stage, qtbot: QtBot) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def hanging() -> LookResult:
        entered.set()
        go_on.wait(10)
        return LookResult()

    stage.looks.answer = hanging
    stage.monitor.start()
    assert entered.wait(5)
    assert not stage.monitor.stop(0.01)
    go_on.set()
    assert stage.monitor.stop()
    QCoreApplication.sendPostedEvents(stage.page)
    assert stage.page.results == []  # after stop nothing is told


def test_a_monitor_that_never_started_stops(stage: Stage) -> None:
    assert stage.monitor.stop()
