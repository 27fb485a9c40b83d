"""What links need: the studio's Stripe key (which is stored, how to get one) and the page after paying."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from inkdesk.application.key_service import Unfinished
from inkdesk.application.stripe_key import RIGHTS, key_link, right_words
from inkdesk.application.text import render, tr
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.studio import Mode, Studio
from inkdesk.ui.common.forms import Form, Notice, plain_label
from inkdesk.ui.common.prompts import confirm
from inkdesk.ui.settings.close_guard import CloseGuard
from inkdesk.ui.settings.presenter import SettingsPresenter
from inkdesk.ui.settings.record_dialog import scrolled


class StripeSection(QWidget):
    """``link_requested``: a web address to open in the browser. ``key_changed``: a key was kept or removed."""

    link_requested = Signal(str)
    key_changed = Signal()

    def __init__(self, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._studio: Studio | None = None
        self._has_key = False
        self._page_shown = ""
        self._mode = plain_label()
        self._stored = plain_label()
        self._notice = Notice("error")
        self._form_box = QWidget()
        self.form = Form()
        self._make_buttons()
        self._lay_out_form()
        self._lay_out()
        CloseGuard(self, "Stripe", self.is_typed_in, self._forget_typed)

    def show_studio(self, studio: Studio) -> None:
        """Show the mode, and look up which key is stored when the studio is seen first."""
        is_first = self._studio is None
        self._studio = studio
        self._mode.setText(_mode_words(studio.mode))
        self._form_box.setVisible(studio.mode is not Mode.PRACTICE)
        if self._page.text() == self._page_shown:
            self._page.setText(studio.success_url)
        self._page_shown = studio.success_url
        if is_first and studio.mode is not Mode.PRACTICE:
            self._presenter.load_key(studio, self._show_stored, self._show_error)

    def is_typed_in(self) -> bool:
        """Whether a key or a page was typed and not kept yet."""
        return bool(self._key.text()) or self._page.text() != self._page_shown

    def submit(self) -> None:
        """Check the key and the page, and keep them."""
        if self._studio is None or not self._save.isEnabled():
            return
        self.form.clear_errors()
        self._set_busy(is_busy=True)
        self._notice.show_text(tr("Asking Stripe what this key may do ..."), "info")
        self._presenter.save_access(self._key.text(), self._page.text(), self._studio, self._kept, self._failed)

    def _make_buttons(self) -> None:
        self._key = QLineEdit()
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._key.setPlaceholderText("rk_...")
        self._key.returnPressed.connect(self.submit)
        self._page = QLineEdit()
        self._page.setPlaceholderText("https://")
        self._page.returnPressed.connect(self.submit)
        self._open_page = QPushButton(tr("&Open Stripe's page for a new key"))
        self._open_page.clicked.connect(lambda: self.link_requested.emit(key_link()))
        self._copy = QPushButton(tr("&Copy its address"))
        self._copy.clicked.connect(self._copy_link)
        self._save = QPushButton(tr("&Save and check"))
        self._save.setProperty("kind", "primary")
        self._save.clicked.connect(self.submit)
        self._remove = QPushButton(tr("&Remove key"))
        self._remove.setProperty("kind", "danger")
        self._remove.clicked.connect(self._ask_to_remove)
        self._remove.setEnabled(False)

    def _lay_out_form(self) -> None:
        layout = QVBoxLayout(self._form_box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._stored)
        layout.addWidget(
            plain_label(
                tr(
                    "1. Open Stripe's page: the rights are ticked already. Compare them with the list below.\n"
                    "2. Create the key there and copy it.\n"
                    "3. Paste it here. It is kept in this computer's keyring, never in the database."
                )
            )
        )
        layout.addWidget(plain_label("\n".join(map(right_words, RIGHTS)), "code"))
        layout.addLayout(_row(self._open_page, self._copy))
        self.form.add_row("stripe_key", tr("Stripe &key"), self._key)
        self.form.add_row("success_url", tr("&Page after paying"), self._page)
        self.form.add_wide(
            plain_label(
                tr(
                    "Stripe sends clients there once they have paid, and makes no link without it. "
                    "Any https page of yours will do: your website, or your profile on a social network."
                ),
                "muted",
            )
        )
        layout.addWidget(self.form)
        layout.addLayout(_row(self._save, self._remove))

    def _lay_out(self) -> None:
        column = QWidget()
        column.setMaximumWidth(720)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(24, 20, 24, 20)
        inner.setSpacing(12)
        for widget in (plain_label("Stripe", "title"), self._mode, self._notice, self._form_box):
            inner.addWidget(widget)
        inner.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(column))

    def _copy_link(self) -> None:
        QGuiApplication.clipboard().setText(key_link())
        self._notice.show_text(tr("The address is on the clipboard."), "info")

    def _kept(self, shown: str, studio: Studio) -> None:
        self._set_busy(is_busy=False)
        self._studio, self._page_shown = studio, studio.success_url
        self._key.clear()
        self._show_stored(shown)
        self._notice.show_text(tr("The key works. Deposits can be taken by link."), "success")
        self.key_changed.emit()

    def _forget_typed(self) -> None:
        self._key.clear()
        self._page.setText(self._page_shown)

    def _failed(self, error: InkDeskError) -> None:
        self._set_busy(is_busy=False)
        self._notice.show_text("")
        if not self.form.show_error(error):
            self._show_error(error)

    def _ask_to_remove(self) -> None:
        self._presenter.count_unfinished(self._confirm_removal, self._show_error)

    def _confirm_removal(self, left: Unfinished) -> None:
        question = tr("Remove the Stripe key from this computer? No deposit can be taken by link until there is one.")
        if left:
            warning = tr(
                "Links that can still be paid: {links}. Refunds under way: {refunds}. "
                "Without a key nobody here learns whether they are paid.",
                links=left.links,
                refunds=left.refunds,
            )
            question = f"{question}\n\n{warning}"
        confirm(self, question, yes=tr("Remove key"), done=self._remove_key, is_danger=True)

    def _remove_key(self) -> None:
        if self._studio is not None:
            self._presenter.remove_key(self._studio, self._removed, self._show_error)

    def _removed(self) -> None:
        self._show_stored("")
        self._notice.show_text(tr("The key is removed from this computer."), "info")
        self.key_changed.emit()

    def _show_stored(self, shown: str) -> None:
        self._stored.setText(tr("Stored key: {key}", key=shown) if shown else tr("No key is stored yet."))
        self._has_key = bool(shown)
        self._remove.setEnabled(self._has_key)

    def _show_error(self, error: InkDeskError) -> None:
        self._notice.show_text(render(error.message), "error")

    def _set_busy(self, *, is_busy: bool) -> None:
        self._save.setEnabled(not is_busy)
        self._remove.setEnabled(not is_busy and self._has_key)


def _row(*buttons: QPushButton) -> QHBoxLayout:
    layout = QHBoxLayout()
    for button in buttons:
        layout.addWidget(button)
    layout.addStretch(1)
    return layout


def _mode_words(mode: Mode) -> str:
    match mode:
        case Mode.PRACTICE:
            return tr(
                "This is a practice studio. Payments go to the practice Stripe on this computer; no key is needed."
            )
        case Mode.TEST:
            return tr("This studio uses Stripe's test mode: no real money moves. Only test keys are taken.")
        case Mode.LIVE:
            return tr("This studio takes real money. Only live restricted keys (rk_live_...) are taken.")
