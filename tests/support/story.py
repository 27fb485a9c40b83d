"""One run of the real program in this process, and what tests wait for in it."""

from pytestqt.qtbot import QtBot

from inkdesk.app import Program
from inkdesk.ui.main_window import MainWindow

PATIENCE_MS = 30_000
"""How long a test waits before it gives up; what it waits for comes much sooner."""


class Browser:
    """Stands for the person's browser: keeps what it was asked to show."""

    def __init__(self) -> None:
        self.urls: list[str] = []
        self.is_there = True

    def __call__(self, url: str) -> bool:
        self.urls.append(url)
        return self.is_there


def window_of(program: Program, qtbot: QtBot) -> MainWindow:
    """The program's window, once its first week is shown."""

    def is_shown() -> bool:
        return program.window is not None and bool(program.window.calendar.presenter.data.artists)

    qtbot.waitUntil(is_shown, timeout=PATIENCE_MS)
    assert program.window is not None
    return program.window
