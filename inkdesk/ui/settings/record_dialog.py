"""One record's form in a dialog that keeps everything typed until the record is saved."""

from collections.abc import Callable
from typing import Generic, TypeVar

import shiboken6
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from inkdesk.application.text import render, tr
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.ui.common.forms import Form, Notice, PushButton, plain_label
from inkdesk.ui.common.prompts import confirm

R = TypeVar("R")
SCREEN_EDGE_PX = 96
"""Room on a screen for the window's title and the desktop's bars."""
OFF_THE_BAR = 6
"""Pixels between the inputs and the scroll bar; the buttons end where the inputs end while there is none."""
Save = Callable[[R, Callable[[], None], Callable[[InkDeskError], None]], None]
"""Saves a record elsewhere, then calls the first function or, with what went wrong, the second."""


class RecordDialog(QDialog, Generic[R]):
    """Subclasses add rows to ``form``, then call ``add_buttons``, and say what ``record`` was typed.

    ``newest`` is called when another desk changed the record meanwhile and the person wants to see that.
    """

    def __init__(self, title: str, save: Save[R], newest: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(560)
        self._save = save
        self._newest = newest
        self._is_saving = False
        self._filled: tuple[str, ...] = ()
        self.form = Form()
        self._notice = Notice("error")
        self._buttons = QDialogButtonBox()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 18, 20, 16)
        self._column.setSpacing(12)
        self._column.addWidget(plain_label(title, "heading"))
        self._column.addWidget(self._notice)
        self._area: FormArea | None = None
        self.finished.connect(self.deleteLater)

    def record(self) -> R:
        """What was typed; raises InkDeskError for what cannot be."""
        raise NotImplementedError

    def add_buttons(self) -> None:
        """Append Save and Cancel: after the rows, so that Tab reaches them last and the height is that of all rows.

        What the rows show now is what may be closed unasked.
        """
        self._area = scrolled(_held_up(self.form))
        self._column.addWidget(self._area, 1)
        save = PushButton(tr("&Save"))
        save.setProperty("kind", "primary")
        self._buttons.addButton(save, QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.addButton(PushButton(tr("Cancel")), QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self.submit)
        self._buttons.rejected.connect(self.reject)
        self._buttons.setContentsMargins(0, 0, OFF_THE_BAR, 0)
        self._column.addWidget(self._buttons)
        save.setDefault(True)  # only a button that is in its dialog stays the one that Enter means
        self._take_room()
        self._filled = self.form.typed()

    def _take_room(self) -> None:
        """As high as the rows, as far as the screen has room; left alone, Qt stops at two thirds of the screen."""
        wanted = self.sizeHint()
        self.resize(wanted.width(), min(wanted.height(), self.screen().availableSize().height() - SCREEN_EDGE_PX))

    def is_typed_in(self) -> bool:
        """Whether closing would lose something that was typed."""
        return self.form.typed() != self._filled

    @override
    def reject(self) -> None:
        """Close without saving, asked if something was typed; while a save is under way its answer is awaited."""
        if self._is_saving:
            return
        if not self.is_typed_in():
            super().reject()
            return
        confirm(
            self,
            tr("Close without saving? What you typed is lost."),
            yes=tr("Close without saving"),
            no=tr("Go on"),
            is_danger=True,
            done=super().reject,
        )

    def submit(self) -> None:
        """Save what was typed, or show beside its field what is wrong with it."""
        if self._is_saving:
            return
        self.form.clear_errors()
        self._notice.show_text("")
        try:
            record = self.record()
        except InkDeskError as error:
            self.show_error(error)
            return
        self._set_saving(is_saving=True)
        self._save(record, self._saved, self._failed)

    def show_error(self, error: InkDeskError) -> None:
        """Show an error beside its field, above the form if it has none, and offer the newest if ours is old."""
        if self._area is not None and self.form.show_error(error):
            self._area.ensureWidgetVisible(self.focusWidget())
            return
        self._notice.show_text(render(error.message))
        if error.code is ErrorCode.STALE_RECORD:
            ask_for_newest(self, error, self._show_newest)

    def _show_newest(self) -> None:
        self._newest()
        super().reject()

    def _saved(self) -> None:
        if shiboken6.isValid(self):
            self._set_saving(is_saving=False)
            self.accept()

    def _failed(self, error: InkDeskError) -> None:
        if shiboken6.isValid(self):
            self._set_saving(is_saving=False)
            self.show_error(error)

    def _set_saving(self, *, is_saving: bool) -> None:
        self._is_saving = is_saving
        self._buttons.setEnabled(not is_saving)


def ask_for_newest(parent: QWidget, error: InkDeskError, done: Callable[[], None]) -> None:
    """Say that another desk was faster and offer its version in place of what was typed."""
    question = render(error.message) + "\n\n" + tr("Load the newest version? What you typed here is then lost.")
    confirm(parent, question, yes=tr("Load the newest"), no=tr("Keep what I typed"), done=done, is_danger=True)


class FormArea(QScrollArea):
    """Scrolls a form up and down when the window is low; asks for the form's whole height."""

    @override
    def sizeHint(self) -> QSize:
        """What the form asks for, and room for the scroll bar."""
        form = self.widget()
        wanted = form.sizeHint() if form is not None else super().sizeHint()
        return QSize(wanted.width() + 16, wanted.height() + 4)


def _held_up(form: Form) -> QWidget:
    """The form at the top of whatever room there is, a little off the scroll bar."""
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, OFF_THE_BAR, 0)
    layout.addWidget(form)
    layout.addStretch(1)
    return column


def scrolled(content: QWidget) -> FormArea:
    """``content`` in an area that scrolls up and down."""
    area = FormArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
    return area
