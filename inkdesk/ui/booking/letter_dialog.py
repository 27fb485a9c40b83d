"""A ready message for a client: to read, to change, to copy, to send by the desk's own e-mail program."""

from dataclasses import replace

from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from inkdesk.application.background import Background
from inkdesk.application.client_words import Letter
from inkdesk.application.text import tr
from inkdesk.ui.booking.presenter.checkout import OpenUrl
from inkdesk.ui.common.alive import WhileAlive
from inkdesk.ui.common.forms import Notice, PushButton, plain_label


class LetterDialog(QDialog):
    """Shows one message; delete it after ``finished``. What is changed in it is copied and sent as it then is."""

    def __init__(
        self, letter: Letter, background: Background, open_url: OpenUrl, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Message to the client"))
        self._letter = letter
        self._background = WhileAlive(background, self)
        self._open_url = open_url
        self.text = QPlainTextEdit(letter.text, tabChangesFocus=True)
        self.text.setAccessibleName(tr("Message"))
        self.notice = Notice("warning")
        self.copy = PushButton(tr("&Copy"))
        self.copy.setProperty("kind", "primary")
        self.copy.setDefault(True)
        self.copy.clicked.connect(self._copy)
        self.mail = PushButton(tr("&E-mail…"))
        self.mail.setVisible(bool(letter.address))
        self.mail.clicked.connect(self._send)
        self.close_button = PushButton(tr("C&lose"))
        self.close_button.clicked.connect(self.reject)
        self._arrange()
        self.copy.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy.setText(tr("Copied ✓"))
        QAccessible.updateAccessibility(QAccessibleEvent(self.copy, QAccessible.Event.NameChanged))

    def _send(self) -> None:
        """A mail program may take seconds to answer, so not in the window's thread."""
        address = replace(self._letter, text=self.text.toPlainText()).mailto
        self._background.call(lambda: self._open_url(address), self._sent, lambda _error: self._sent(is_open=False))

    def _sent(self, is_open: bool) -> None:  # noqa: FBT001 - an answer from the background
        self.notice.show_text("" if is_open else tr("No e-mail program could be started. Copy the message instead."))

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addWidget(self.mail)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(plain_label(self._letter.subject, "muted"))
        layout.addWidget(self.text, 1)
        layout.addWidget(self.notice)
        layout.addLayout(buttons)
        self.resize(520, 380)
