"""The real program with a home of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
from support.story import Browser

from inkdesk import bootstrap
from inkdesk.app import AppOptions, Program


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    """No real browser is started."""
    browser = Browser()
    monkeypatch.setattr(bootstrap, "open_in_browser", browser)
    return browser


@pytest.fixture
def start(qapp: QApplication, home: Path, browser: Browser) -> Iterator[Callable[[AppOptions], Program]]:
    """Starts the program with these options; it is stopped in stages after the test."""
    programs: list[Program] = []
    locale = QLocale()

    def begin(options: AppOptions) -> Program:
        program = Program(qapp, options)
        programs.append(program)
        program.start()
        return program

    yield begin
    for program in programs:
        program.stop()
    QLocale.setDefault(locale)
