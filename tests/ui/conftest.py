"""Every window test runs offscreen, with the bundled font, and never opens a nested event loop."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QInputDialog, QMenu, QMessageBox
from pytestqt.qtbot import QtBot
from support.settings_desk import FakeStripe
from support.story import PATIENCE_MS
from support.window_parts import Browser, SlowQueries, WatchedMonitor

from inkdesk import bootstrap
from inkdesk.bootstrap import OpenStudio, resource_folder
from inkdesk.infrastructure.files import sqlite_url
from inkdesk.ui.common.theme import LIGHT, apply_theme, load_fonts, use_font
from inkdesk.ui.desk import Desk
from inkdesk.ui.main_window import MainWindow
from inkdesk.workers.change_feed import ChangeFeed
from inkdesk.workers.task_runner import TaskRunner

FONTS = Path(__file__).resolve().parents[2] / "resources" / "fonts"
NESTED_LOOPS: tuple[tuple[type, tuple[str, ...]], ...] = (
    (QDialog, ("exec",)),
    (QMessageBox, ("exec", "about", "critical", "information", "question", "warning")),
    (QFileDialog, ("exec", "getExistingDirectory", "getOpenFileName", "getOpenFileNames", "getSaveFileName")),
    (QInputDialog, ("exec", "getDouble", "getInt", "getItem", "getMultiLineText", "getText")),
    (QMenu, ("exec",)),
)


def pytest_configure(config: pytest.Config) -> None:
    """The offscreen platform says what it has no screen for; that means nothing."""
    config.addinivalue_line("qt_log_ignore", r"^This plugin does not support raise\(\)")
    config.addinivalue_line("qt_log_ignore", "^This plugin does not support propagateSizeHints")


@pytest.fixture(scope="session")
def qapp(qapp_args: list[str], qapp_cls: type[QApplication], pytestconfig: pytest.Config) -> QApplication:
    """The one application, in the light theme and the bundled font, so that pixels are the same everywhere."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else qapp_cls(qapp_args)
    app.setApplicationName("inkdesk-tests")
    use_font(app, load_fonts(FONTS))
    apply_theme(app, LIGHT)
    return app


@pytest.fixture(autouse=True)
def no_nested_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    """A modal loop would hang a test: whatever opens one raises instead."""
    for owner, names in NESTED_LOOPS:
        for name in names:
            monkeypatch.setattr(owner, name, _refuse(f"{owner.__name__}.{name}"))


@pytest.fixture(scope="session")
def sample_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice studio in a file."""
    file = tmp_path_factory.mktemp("sample") / "sample.db"
    opened = bootstrap.open_studio(sqlite_url(file))
    bootstrap.store_sample(opened)
    opened.close()
    return file


@pytest.fixture
def opened(sample_template: Path, tmp_path: Path) -> Iterator[OpenStudio]:
    file = shutil.copy(sample_template, tmp_path / "studio.db")
    opened = bootstrap.open_studio(sqlite_url(Path(file)))
    yield opened
    opened.close()


@pytest.fixture
def queries(opened: OpenStudio) -> SlowQueries:
    return SlowQueries(opened.services.queries)


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def desk(qtbot: QtBot, opened: OpenStudio, queries: SlowQueries, browser: Browser) -> Iterator[Desk]:
    """A desk whose workers look at nothing by themselves."""
    studio = opened.services.studio.find()
    assert studio is not None
    runner, feed = TaskRunner(), ChangeFeed(opened.database.data_version)
    yield Desk(
        studio=studio,
        services=replace(opened.services, queries=queries),  # type: ignore[arg-type]
        runner=runner,
        feed=feed,
        monitor=WatchedMonitor(opened),
        database=("sqlite", opened.database.url_shown),
        resources=resource_folder(),
        theme="light",
        keys="",
        open_url=browser,
        open_key=lambda _key, _mode: FakeStripe(),
        write_table=bootstrap.write_table,
        choose_theme=lambda _: None,
        save_preference=lambda _name, _value: None,
    )
    queries.gate.set()
    assert runner.stop()
    feed.stop()


@pytest.fixture
def window(qtbot: QtBot, desk: Desk) -> MainWindow:
    window = MainWindow(desk)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: bool(window.calendar.presenter.data.artists), timeout=PATIENCE_MS)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def _refuse(call: str) -> Callable[..., NoReturn]:
    def refuse(*args: object, **kwargs: object) -> NoReturn:
        raise AssertionError(f"{call} opens a nested event loop; use open() and signals")

    return refuse
