"""Every window test runs offscreen, with the bundled font, and never opens a nested event loop."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QInputDialog, QMenu, QMessageBox

from inkdesk.ui.common.theme import LIGHT, apply_theme, load_fonts, use_font

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


def _refuse(call: str) -> Callable[..., NoReturn]:
    def refuse(*args: object, **kwargs: object) -> NoReturn:
        raise AssertionError(f"{call} opens a nested event loop; use open() and signals")

    return refuse
