"""Workers know Qt's core only: no widget may come near a thread."""

import ast
from pathlib import Path

import inkdesk.workers

ALLOWED = {"PySide6.QtCore", "shiboken6"}


def qt_imports(source: str) -> set[str]:
    """The Qt modules that a module's text imports."""
    found = set[str]()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names if node.module == "PySide6")
            found.add(node.module)
    return {name for name in found if name.startswith(("PySide6", "shiboken6"))}


def test_workers_import_the_core_of_qt_only() -> None:
    (folder,) = inkdesk.workers.__path__
    imported = {name for file in Path(folder).glob("*.py") for name in qt_imports(file.read_text(encoding="utf-8"))}
    assert imported
    assert imported <= ALLOWED


def test_the_check_notices_a_widget() -> None:
    assert "PySide6.QtWidgets" in qt_imports("from PySide6.QtWidgets import QWidget")
    assert "PySide6.QtGui" in qt_imports("from PySide6 import QtGui")
