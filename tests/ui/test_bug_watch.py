"""What nobody caught is logged and told, whoever was listening before."""

import logging
import sys
import threading
from types import TracebackType

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from inkdesk.bug_watch import BugWatch


class Ear(QObject):
    """Hears of bugs in the window's thread."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: list[threading.Thread] = []

    @Slot()
    def hear(self) -> None:
        self.threads.append(threading.current_thread())


def fail() -> None:
    raise RuntimeError("a thread fell over")


def test_a_bug_in_a_thread_is_told_in_the_windows(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    passed_on: list[object] = []
    monkeypatch.setattr(threading, "excepthook", passed_on.append)
    before = threading.excepthook
    watch, ear = BugWatch(), Ear()
    watch.found.connect(ear.hear)
    watch.start()
    with caplog.at_level(logging.CRITICAL):
        thread = threading.Thread(target=fail, name="weak")
        thread.start()
        thread.join()
    qtbot.waitUntil(lambda: bool(ear.threads))
    assert ear.threads == [threading.main_thread()]
    assert len(passed_on) == 1
    assert "weak" in caplog.text
    assert "RuntimeError: a thread fell over" in caplog.text
    watch.stop()
    assert threading.excepthook is before


class Listener:
    """Stands for somebody else who hears of uncaught exceptions."""

    def __init__(self) -> None:
        self.heard: list[type[BaseException]] = []

    def __call__(self, kind: type[BaseException], _error: BaseException, _trace: TracebackType | None) -> None:
        self.heard.append(kind)


def test_ctrl_c_is_no_bug_and_a_later_hook_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    earlier, later = Listener(), Listener()
    monkeypatch.setattr(sys, "excepthook", earlier)
    watch, ear = BugWatch(), Ear()
    watch.found.connect(ear.hear)
    watch.start()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert (earlier.heard, ear.threads) == ([KeyboardInterrupt], [])
    monkeypatch.setattr(sys, "excepthook", later)
    watch.stop()
    assert sys.excepthook is later
