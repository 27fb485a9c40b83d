"""What a person may see before there is a window: that it takes a moment, what went wrong, a password's question."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from inkdesk.application.text import tr
from inkdesk.ui.common.forms import plain_label


class TroubleDialog(QDialog):
    """Says why the studio cannot be opened. Accepted: try again; rejected: quit."""

    def __init__(self, sentence: str, *, can_retry: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("InkDesk")
        self.setMinimumWidth(460)
        buttons = QDialogButtonBox(self)
        self.quit = buttons.addButton(tr("&Quit"), QDialogButtonBox.ButtonRole.RejectRole)
        if can_retry:
            self.again = buttons.addButton(tr("&Try again"), QDialogButtonBox.ButtonRole.AcceptRole)
            self.again.setProperty("kind", "primary")
            self.again.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(14)
        column.addWidget(plain_label(tr("The studio cannot be opened"), "heading"))
        column.addWidget(plain_label(sentence))
        column.addWidget(buttons)


class OpeningDialog(QDialog):
    """Says that the studio is being opened, for as long as that takes. Rejected: quit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("InkDesk")
        self.setMinimumWidth(320)
        buttons = QDialogButtonBox(self)
        self.cancel = buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(14)
        column.addWidget(plain_label(tr("Opening the studio…"), "heading"))
        column.addWidget(buttons)


class PasswordDialog(QDialog):
    """Asks for the password of a shared database; ``given`` carries it. Rejected: quit."""

    given = Signal(str)

    def __init__(self, database: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("InkDesk")
        self.setMinimumWidth(460)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        label = plain_label(tr("&Password"))
        label.setBuddy(self.password)
        self.password.setAccessibleName(tr("Password"))
        buttons = QDialogButtonBox(self)
        buttons.addButton(tr("&Quit"), QDialogButtonBox.ButtonRole.RejectRole)
        self.open_button = buttons.addButton(tr("&Open"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.open_button.setProperty("kind", "primary")
        self.open_button.setDefault(True)
        buttons.accepted.connect(self._give)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        for widget in (plain_label(tr("Open the shared studio"), "heading"), plain_label(database, "code")):
            column.addWidget(widget)
        column.addWidget(plain_label(sentence))
        column.addWidget(label)
        column.addWidget(self.password)
        column.addWidget(plain_label(tr("It is kept in the keyring of this computer, nowhere else."), "muted"))
        column.addWidget(buttons)
        self.password.setFocus()

    def _give(self) -> None:
        self.given.emit(self.password.text())
        self.accept()
