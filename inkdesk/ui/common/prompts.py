"""The one place where the program asks a person something. Nothing here waits: the answer comes to ``done``."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from inkdesk.application.text import tr


def confirm(
    parent: QWidget,
    question: str,
    *,
    yes: str,
    done: Callable[[], None],
    no: str = "",
    is_danger: bool = False,
) -> QMessageBox:
    """Ask a question; ``done`` is called only if the person says ``yes``.

    Escape and Enter choose the harmless answer if ``is_danger``; otherwise Enter says yes.
    """
    box = _box(parent, question)
    accept = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    refuse = box.addButton(no or tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    accept.setProperty("kind", "danger" if is_danger else "primary")
    box.setDefaultButton(refuse if is_danger else accept)
    box.setEscapeButton(refuse)

    def answered() -> None:
        if box.clickedButton() is accept:
            done()

    box.finished.connect(answered)
    box.open()
    return box


def is_asking(parent: QWidget) -> bool:
    """Whether something that was asked or told in front of ``parent`` waits for an answer."""
    return any(box.isVisible() for box in parent.findChildren(QMessageBox))


def tell(parent: QWidget, sentence: str) -> QMessageBox:
    """Tell something that has no better place in the window."""
    box = _box(parent, sentence)
    box.addButton(tr("Close"), QMessageBox.ButtonRole.AcceptRole)
    box.open()
    return box


def choose_file(
    parent: QWidget, title: str, name_filter: str, *, done: Callable[[Path], None], is_save: bool = False
) -> QFileDialog:
    """Ask for a file to open or to write; ``done`` is called only if one was chosen."""
    dialog = QFileDialog(parent, title)
    dialog.setNameFilter(name_filter)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile if is_save else QFileDialog.FileMode.ExistingFile)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave if is_save else QFileDialog.AcceptMode.AcceptOpen)
    dialog.fileSelected.connect(lambda name: done(Path(name)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def _box(parent: QWidget, sentence: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setWindowTitle(tr("InkDesk"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(sentence)
    box.finished.connect(box.deleteLater)
    return box
