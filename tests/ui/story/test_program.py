"""Starting and losing things: a port, a file, a second start, a database in the middle of a save, a browser."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot
from support.postgres import PostgresServer
from support.story import (
    CLIENT,
    PATIENCE_MS,
    Browser,
    book_by_keys,
    fill_booking,
    focused,
    the_hold,
    wait_for,
    window_of,
)

from inkdesk import bootstrap
from inkdesk.app import AppOptions, Program
from inkdesk.domain.bookings import BookingStatus
from inkdesk.ui.booking.checkout import CheckoutDialog
from inkdesk.ui.start_dialogs import TroubleDialog
from inkdesk.ui.welcome.dialog import WelcomeDialog

Start = Callable[[AppOptions], Program]


def question(program: Program, qtbot: QtBot, kind: type[QDialog]) -> QDialog:
    """The question the program asks before it has a window."""
    qtbot.waitUntil(lambda: isinstance(program.question, kind) and program.question.isVisible(), timeout=PATIENCE_MS)
    assert program.question is not None
    return program.question


def words(dialog: QDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def sample_file(path: Path) -> str:
    """A practice studio in a file of its own."""
    url = f"sqlite:///{path}"
    opened = bootstrap.open_studio(url)
    bootstrap.store_sample(opened)
    opened.close()
    return url


def test_a_busy_practice_port_is_named_and_tried_again(qtbot: QtBot, start: Start) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        program = start(AppOptions(practice=True, practice_port=port, language="en"))
        dialog = question(program, qtbot, TroubleDialog)
        assert f"Port {port} is in use by another program" in words(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    window_of(program, qtbot)
    assert program.opened is not None
    assert program.opened.practice is not None
    assert program.opened.practice.url == f"http://127.0.0.1:{port}"


def test_what_is_no_database_is_left_as_it_is_and_tried_again(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    file = tmp_path / "studio.db"
    file.write_text("the price list, kept by mistake under this name\n" * 200, encoding="utf-8")
    before = file.read_bytes()
    program = start(AppOptions(database=f"sqlite:///{file}", language="en"))
    dialog = question(program, qtbot, TroubleDialog)
    assert "is not an InkDesk database" in words(dialog)
    assert file.read_bytes() == before
    file.unlink()
    sample_file(file)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    window_of(program, qtbot)


def test_a_first_start_welcomes_and_opens_the_own_studio(qtbot: QtBot, start: Start, home: Path) -> None:
    program = start(AppOptions(language="en"))
    welcome = question(program, qtbot, WelcomeDialog)
    QTest.keyClicks(focused(welcome), "Nadel und Co")
    QTest.keyClick(focused(welcome), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: errors(welcome) == ["The artist needs a name."], timeout=PATIENCE_MS)
    QTest.keyClicks(focused(welcome), "Mara")
    QTest.keyClick(focused(welcome), Qt.Key.Key_Return)
    window = window_of(program, qtbot)
    assert [artist.name for artist in window.calendar.presenter.data.artists] == ["Mara"]
    assert (home / "xdg_data_home" / "inkdesk" / "inkdesk.db").exists()


def errors(dialog: QDialog) -> list[str]:
    return [
        label.text()
        for label in dialog.findChildren(QLabel)
        if label.property("role") == "error" and label.isVisible() and label.text()
    ]


def test_a_second_start_brings_the_first_window_to_the_front(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    url = sample_file(tmp_path / "studio.db")
    program = start(AppOptions(database=url, language="en"))
    window = window_of(program, qtbot)
    window.showMinimized()
    second = subprocess.Popen(
        [sys.executable, "-m", "inkdesk", "--database", url], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=PATIENCE_MS)
    output, _ = second.communicate()
    assert (second.returncode, output) == (0, b"")
    qtbot.waitUntil(lambda: not window.isMinimized(), timeout=PATIENCE_MS)


def test_without_a_browser_the_link_is_still_there(qtbot: QtBot, start: Start, browser: Browser) -> None:
    browser.is_there = False
    window = window_of(start(AppOptions(practice=True, language="en")), qtbot)
    checkout = book_by_keys(qtbot, window)
    qtbot.waitUntil(checkout.panel.browser_trouble.isVisible, timeout=PATIENCE_MS)
    assert "Copy the link" in checkout.panel.browser_trouble.text()
    assert checkout.panel.url.text() == browser.urls[0]
    assert not checkout.panel.qr.pixmap().isNull()


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A PostgreSQL that only this test starts and stops."""
    server = PostgresServer()
    try:
        server.execute("CREATE DATABASE studio")
        yield server
    finally:
        server.remove()


def test_a_database_lost_in_the_middle_of_a_save_loses_nothing(
    qtbot: QtBot, start: Start, own_server: PostgresServer
) -> None:
    url = own_server.url("studio")
    opened = bootstrap.open_studio(url)
    bootstrap.store_sample(opened)
    opened.close()
    window = window_of(start(AppOptions(database=url, language="en")), qtbot)
    dialog = fill_booking(qtbot, window)
    own_server.stop()
    QTest.keyClick(focused(dialog), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(dialog.notice.text()), timeout=PATIENCE_MS)
    assert "cannot be reached" in dialog.notice.text()
    assert dialog.client.name.text() == CLIENT
    qtbot.waitUntil(lambda: "database" in window.banner.text("database"), timeout=PATIENCE_MS)
    own_server.start()
    qtbot.waitUntil(lambda: not window.banner.text("database"), timeout=PATIENCE_MS)
    QTest.keyClick(focused(dialog), Qt.Key.Key_Return)
    wait_for(qtbot, window, CheckoutDialog)
    assert the_hold(qtbot, window).status is BookingStatus.PENDING_PAYMENT
