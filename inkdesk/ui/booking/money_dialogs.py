"""Questions about money that end something: a cancel and a no-show."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from inkdesk.application.text import tr
from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.series import Scope
from inkdesk.ui.booking.fate_field import FateField
from inkdesk.ui.booking.presenter.cancel_terms import CancelTerms, SeriesTerms
from inkdesk.ui.booking.scope_field import ScopeField
from inkdesk.ui.common.forms import Form, PushButton, plain_label


class QuestionDialog(QDialog):
    """A small question, as high as its lines: Qt asks no window for the height that wrapped sentences need."""

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        self.resize(self.width(), self.minimumHeight())  # Qt guessed it for lines of another width

    @override
    def event(self, event: QEvent) -> bool:
        is_done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest and self.isVisible():
            self._fit()
        return is_done

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setMinimumHeight(max(0, layout.totalHeightForWidth(self.width())))


class CancelDialog(QuestionDialog):
    """Asks once, with the policy's answer preset.

    ``decided`` carries (fate or None if nothing was paid, refund or None, reason, scope).
    If the booking is one of a ``series`` it also asks how far the cancel goes; what was paid in all follows, and a
    deposit that the next sitting can carry on is carried on unless the desk says otherwise.
    """

    decided = Signal(object, object, str, object)

    def __init__(
        self, who: str, terms: CancelTerms, parent: QWidget | None = None, *, series: SeriesTerms | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Cancel booking"))
        self.form = Form()
        self.fate = FateField(self.form)
        self.fates, self.refund, self.policy = self.fate.fates, self.fate.refund, self.fate.policy
        self.reason = QLineEdit()
        self.form.add_row("reason", tr("Rea&son"), self.reason)
        self.scope: ScopeField | None = None
        layout = layout_of(self)
        layout.addWidget(plain_label(tr("Cancel the booking of {who}? The slot becomes free.", who=who)))
        if series is not None:
            self._add_scope(layout, series)
        layout.addWidget(self.fate)
        layout.addWidget(self.form)
        self.accept_button = PushButton(tr("&Cancel the booking"))
        self.accept_button.setProperty("kind", "danger")
        self.refuse_button = QPushButton(tr("&Go back"))
        self.refuse_button.setDefault(True)  # Enter cancels nothing
        add_buttons(self, layout, self.accept_button, self.refuse_button)
        self.accept_button.clicked.connect(self._decide)
        self._show_terms(terms)
        self.reason.setFocus()

    def _add_scope(self, layout: QVBoxLayout, series: SeriesTerms) -> None:
        question = tr(
            "Sitting {number} of {count} of a series. What shall be cancelled?",
            number=series.number,
            count=series.count,
        )
        self.scope = ScopeField(question)
        self.scope.chosen.connect(lambda scope: self._show_terms(series.terms[scope]))
        layout.addWidget(self.scope)

    def _show_terms(self, terms: CancelTerms) -> None:
        self.fate.show_terms(terms, DepositFate.ROLL if terms.has_heir else terms.fate)

    def _decide(self) -> None:
        self.form.clear_errors()
        try:
            fate, refund = self.fate.decided()
        except InkDeskError as error:
            self.form.show_error(error)
            return
        scope = self.scope.scope() if self.scope is not None else Scope.ONE
        self.decided.emit(fate, refund, self.reason.text().strip(), scope)
        self.accept()


class NoShowDialog(QuestionDialog):
    """Asks once what becomes of the money of a client who did not come, with the policy's answer preset.

    ``decided`` carries (fate or None if nothing was paid, refund or None, reason).
    """

    decided = Signal(object, object, str)

    def __init__(self, who: str, terms: CancelTerms, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("No-show"))
        self.form = Form()
        self.fate = FateField(self.form)
        self.reason = QLineEdit()
        self.form.add_row("reason", tr("Rea&son"), self.reason)
        layout = layout_of(self)
        layout.addWidget(plain_label(tr("{who} did not come. What becomes of the money?", who=who)))
        layout.addWidget(self.fate)
        layout.addWidget(self.form)
        self.accept_button = QPushButton(tr("&Mark as no-show"))
        self.accept_button.setProperty("kind", "primary")
        self.accept_button.setDefault(True)
        add_buttons(self, layout, self.accept_button, PushButton(tr("&Go back")))
        self.accept_button.clicked.connect(self._decide)
        self.fate.show_terms(terms, terms.fate)
        self.fate.fates[terms.fate].setFocus()

    def _decide(self) -> None:
        self.form.clear_errors()
        try:
            fate, refund = self.fate.decided()
        except InkDeskError as error:
            self.form.show_error(error)
            return
        self.decided.emit(fate, refund, self.reason.text().strip())
        self.accept()


def layout_of(dialog: QDialog) -> QVBoxLayout:
    """The column of a small question."""
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(20, 18, 20, 16)
    layout.setSpacing(10)
    dialog.setMinimumWidth(420)
    return layout


def add_buttons(dialog: QDialog, layout: QVBoxLayout, accept: QPushButton, refuse: QPushButton) -> None:
    """The answer and the way back, at the right."""
    refuse.clicked.connect(dialog.reject)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(accept)
    row.addWidget(refuse)
    layout.addLayout(row)
