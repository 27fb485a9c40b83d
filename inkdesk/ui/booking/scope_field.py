"""How far a change of one sitting goes in its series."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from inkdesk.application.text import tr
from inkdesk.domain.series import Scope
from inkdesk.ui.common.forms import plain_label


class ScopeField(QWidget):
    """Asks: only this one, from here on, or all. ``chosen`` carries the ``Scope``."""

    chosen = Signal(object)

    def __init__(self, question: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {
            Scope.ONE: QRadioButton(tr("&Only this one")),
            Scope.FROM_HERE: QRadioButton(tr("From &here on")),
            Scope.ALL: QRadioButton(tr("All s&ittings")),
        }
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(plain_label(question, "heading"))
        for scope, button in self.buttons.items():
            self._group.addButton(button)
            button.setChecked(scope is Scope.ONE)
            button.toggled.connect(lambda is_on, scope=scope: self.chosen.emit(scope) if is_on else None)
            layout.addWidget(button)

    def scope(self) -> Scope:
        """What is chosen."""
        return next(scope for scope, button in self.buttons.items() if button.isChecked())

    def keep_to_one(self, *, is_kept: bool) -> None:
        """Let nothing but this sitting be chosen, or everything again."""
        if is_kept:
            self.buttons[Scope.ONE].setChecked(True)
        for scope, button in self.buttons.items():
            button.setEnabled(scope is Scope.ONE or not is_kept)
