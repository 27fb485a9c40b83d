"""What may go wrong before there is a window: it is said, nothing is made, and it can be tried again."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot
from support.folders import unwritable_folder
from support.story import PATIENCE_MS, window_of

from inkdesk import app, bootstrap
from inkdesk.app import AppOptions, Program
from inkdesk.bootstrap import OpenStudio
from inkdesk.infrastructure.files import sqlite_url
from inkdesk.ui.start_dialogs import OpeningDialog, TroubleDialog

Start = Callable[[AppOptions], Program]


def question(program: Program, qtbot: QtBot, kind: type[QDialog]) -> QDialog:
    qtbot.waitUntil(lambda: isinstance(program.question, kind) and program.question.isVisible(), timeout=PATIENCE_MS)
    assert program.question is not None
    return program.question


def words(dialog: QDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


@pytest.fixture
def studio(tmp_path: Path) -> Path:
    """A practice studio in a file of its own."""
    file = tmp_path / "studio.db"
    opened = bootstrap.open_studio(sqlite_url(file))
    bootstrap.store_sample(opened)
    opened.close()
    return file


def set_zone(file: Path, zone: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE studio SET zone = ?", (zone,))
        connection.commit()


def test_a_zone_that_this_computer_does_not_know(qtbot: QtBot, start: Start, studio: Path) -> None:
    set_zone(studio, "Mars/Olympus")
    program = start(AppOptions(database=sqlite_url(studio), language="en"))
    dialog = question(program, qtbot, TroubleDialog)
    assert "Mars/Olympus, which this computer does not know" in words(dialog)
    assert program.window is None
    set_zone(studio, "Europe/Paris")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    window_of(program, qtbot)


def test_a_bug_before_the_window_is_told_and_logged(
    qtbot: QtBot, start: Start, home: Path, studio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the window is crooked")

    monkeypatch.setattr(app, "MainWindow", broken)
    program = start(AppOptions(database=sqlite_url(studio), language="en"))
    dialog = question(program, qtbot, TroubleDialog)
    assert "InkDesk made a mistake" in words(dialog)
    assert "the window is crooked" in next(home.rglob("inkdesk.log")).read_text()


def test_a_folder_that_cannot_be_written(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    with unwritable_folder(tmp_path) as folder:
        before = set(folder.iterdir())
        program = start(AppOptions(database=sqlite_url(folder / "studio.db"), language="en"))
        assert f"The folder {folder} cannot be written" in words(question(program, qtbot, TroubleDialog))
        assert set(folder.iterdir()) == before


def test_a_folder_that_is_not_there_is_not_made(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    program = start(AppOptions(database=sqlite_url(folder / "studio.db"), language="en"))
    dialog = question(program, qtbot, TroubleDialog)
    assert f"There is no folder {folder}" in words(dialog)
    assert not folder.exists()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.question is not dialog, timeout=PATIENCE_MS)
    assert "There is no folder" in words(question(program, qtbot, TroubleDialog))


def test_a_server_that_does_not_answer(qtbot: QtBot, start: Start) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = start(AppOptions(database=f"postgresql+psycopg://desk@127.0.0.1:{port}/studio", language="en"))
    assert "cannot be reached" in words(question(program, qtbot, TroubleDialog))


def test_a_slow_server_is_waited_for_in_sight(qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server takes the connection and says nothing; Cancel ends the program."""
    codes: list[int] = []
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"postgresql+psycopg://desk@127.0.0.1:{silent.getsockname()[1]}/studio?sslmode=disable"
        program = start(AppOptions(database=url, language="en"))
        monkeypatch.setattr(program._app, "exit", codes.append)
        dialog = question(program, qtbot, OpeningDialog)
        assert "Opening the studio" in words(dialog)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert codes == [1]


def test_the_wait_ends_with_the_studio(
    qtbot: QtBot, start: Start, studio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program_waits = Door()
    whole = bootstrap.open_studio

    def slow(*arguments: object, **options: object) -> OpenStudio:
        program_waits.pass_through()
        return whole(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(bootstrap, "open_studio", slow)
    program = start(AppOptions(database=sqlite_url(studio), language="en"))
    dialog = question(program, qtbot, OpeningDialog)
    with qtbot.waitSignal(dialog.finished, timeout=PATIENCE_MS):
        program_waits.open()
    window_of(program, qtbot)


class Door:
    """Holds back a thread until it is opened."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def open(self) -> None:
        self._event.set()

    def pass_through(self) -> None:
        self._event.wait(PATIENCE_MS / 1000)


# A second start


def test_a_second_start_beside_a_window_that_does_not_answer(qtbot: QtBot, start: Start, studio: Path) -> None:
    frozen = bootstrap.only_instance(sqlite_url(studio))
    assert frozen is not None
    assert frozen.take()
    program = start(AppOptions(database=sqlite_url(studio), language="en"))
    dialog = question(program, qtbot, TroubleDialog)
    assert "open in another window on this computer, which does not answer" in words(dialog)
    frozen.release()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    window_of(program, qtbot)


def test_a_second_start_by_another_way_to_the_file_finds_the_window(
    qtbot: QtBot, start: Start, studio: Path, tmp_path: Path
) -> None:
    window = window_of(start(AppOptions(database=sqlite_url(studio), language="en")), qtbot)
    window.showMinimized()
    around = f"sqlite:///{tmp_path / 'x' / '..' / studio.name}"
    second = subprocess.Popen([sys.executable, "-m", "inkdesk", "--database", around])
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=PATIENCE_MS)
    assert second.returncode == 0
    qtbot.waitUntil(lambda: not window.isMinimized(), timeout=PATIENCE_MS)


def test_an_ended_window_leaves_no_socket(qtbot: QtBot, start: Start, studio: Path) -> None:
    program = start(AppOptions(database=sqlite_url(studio), language="en"))
    window_of(program, qtbot)
    first = program._first
    assert first is not None
    name = first.name
    program.stop()
    socket_there = QLocalSocket()
    socket_there.connectToServer(name)
    assert not socket_there.waitForConnected(100)


# What nobody caught


class Reporter:
    """Stands for whoever listened to uncaught exceptions before the program did."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, _kind: object, error: BaseException, _trace: object) -> None:
        self.seen.append(str(error))


class Broken(QObject):
    """Has a slot that fails."""

    @Slot()
    def fail(self) -> None:
        raise RuntimeError("a slot fell over")


def test_a_bug_in_a_slot_is_told_logged_and_passed_on(
    qtbot: QtBot, start: Start, home: Path, studio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Reporter()
    monkeypatch.setattr(sys, "excepthook", before)
    program = start(AppOptions(database=sqlite_url(studio), language="en"))
    window = window_of(program, qtbot)
    broken = Broken()
    window.closed.connect(broken.fail)
    with monkeypatch.context() as patch:
        patch.setattr(program._app, "exit", lambda _code: None)
        window.closed.emit()
    qtbot.waitUntil(lambda: "InkDesk made a mistake" in window.banner.text("bug"), timeout=PATIENCE_MS)
    assert before.seen == ["a slot fell over"]
    assert "RuntimeError: a slot fell over" in next(home.rglob("inkdesk.log")).read_text()
    program.stop()
    assert sys.excepthook is before


# The end


@pytest.fixture
def quiet_place(tmp_path: Path) -> Iterator[Path]:
    """Where a program of this test keeps what is temporary."""
    place = tmp_path / "temporary"
    place.mkdir()
    yield place
    assert list(place.iterdir()) == [], "the practice studio stayed behind"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that a test could send")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_program_in_stages(qtbot: QtBot, home: Path, quiet_place: Path, number: int) -> None:
    environment = {**os.environ, "TMPDIR": str(quiet_place), "QT_QPA_PLATFORM": "offscreen"}
    program = subprocess.Popen(
        [sys.executable, "-m", "inkdesk", "--practice"],
        env=environment,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509 - a job in the background ignores it
    )
    qtbot.waitUntil(lambda: any(quiet_place.rglob("practice.db")), timeout=PATIENCE_MS)
    program.send_signal(number)
    qtbot.waitUntil(lambda: program.poll() is not None, timeout=PATIENCE_MS)
    assert program.returncode == 128 + number


def test_the_smoke_test_passes(home: Path, quiet_place: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(quiet_place), "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(
        [sys.executable, "-m", "inkdesk", "--smoke-test"], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "smoke test: passed" in ended.stdout
