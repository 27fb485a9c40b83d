"""One line for a client's name or phone, the matches below it, or a new client."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListWidget, QVBoxLayout, QWidget
from typing_extensions import override

from inkdesk.application.background import Background
from inkdesk.application.booking_commands import NewClient
from inkdesk.application.calendar import ClientMatch
from inkdesk.application.services import Services
from inkdesk.application.text import render, tr
from inkdesk.domain.clients import Client
from inkdesk.domain.errors import InkDeskError, ValidationError
from inkdesk.domain.message import message
from inkdesk.ui.booking.presenter.clients import ClientPresenter, Found, new_client_from
from inkdesk.ui.common.forms import ENTER, Form, PushButton, plain_label, set_role

SEARCH_DELAY_MS = 20
ROWS_SHOWN = 4
MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class ClientField(QWidget):
    """Finds a client on each key, or takes a new one.

    ``picked`` carries the ``ClientMatch``, ``named`` the name of whoever stands here now ("" for nobody yet).
    """

    picked = Signal(object)
    named = Signal(str)

    def __init__(self, services: Services, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen: Found | None = None
        self._is_new = False
        self._presenter = ClientPresenter(
            self, services.queries, services.phones, background, self._pick, self._start_new
        )
        self._timer = QTimer(self, singleShot=True, interval=SEARCH_DELAY_MS)
        self._timer.timeout.connect(lambda: self._presenter.search(self.line.text()))
        self.new_form = Form()
        self._make_search()
        self._make_new()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.line, self.matches, self.peek, self._new_page):
            layout.addWidget(widget)
        self.setFocusProxy(self.line)

    def use_region(self, region: str) -> None:
        """Show numbers as people of ``region`` write them."""
        self._presenter.use_region(region)

    def client(self) -> int | NewClient:
        """The chosen client's id or the new client; ValidationError if there is neither."""
        if self._is_new:
            return self._new_client()
        if self._chosen is None:
            raise ValidationError(
                message("Choose a client from the list, or make a new client of what you typed."), field="client"
            )
        return self._chosen.match.client.id

    def _new_client(self) -> NewClient:
        if not self.name.text().strip():
            raise ValidationError(message("The client needs a name."), field="client_name")
        if not self.phone.text().strip():
            raise ValidationError(
                message("The client needs a phone number, so that the studio can call."), field="client_phone"
            )
        return NewClient(name=self.name.text(), phone=self.phone.text(), email=self.email.text())

    def choose(self, client: Client) -> None:
        """Take a client who is known already."""
        known = ClientMatch(client=client, last_artist_id=None, last_service_id=None, next_starts_at=None, no_shows=0)
        self._pick(Found(known, client.phone))

    def typed(self) -> tuple[str, ...]:
        """Everything that would be lost."""
        return self.line.text(), self.name.text(), self.phone.text(), self.email.text()

    def show_matches(self, matches: Sequence[Found]) -> None:
        """Show the clients that fit, the best one chosen, and the way to a new one."""
        self.matches.clear()
        for found in matches:
            self.matches.addItem(f"{found.match.client.name}   {found.phone}".rstrip())
        self.matches.addItem(tr("+ New client"))
        self.matches.setCurrentRow(0)
        rows = min(self.matches.count(), ROWS_SHOWN)
        self.matches.setFixedHeight(rows * self.matches.sizeHintForRow(0) + 2 * self.matches.frameWidth())
        self.matches.show()

    def show_trouble(self, error: InkDeskError) -> None:
        """Say that searching failed, and show no matches: they answered an older text."""
        self.matches.clear()
        self.matches.hide()
        self.show_peek(render(error.message), "error")

    def show_peek(self, text: str, role: str = "muted") -> None:
        """Show one line about the client; "" hides it."""
        set_role(self.peek, role)
        self.peek.setText(text)
        self.peek.setVisible(bool(text))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._line_key(event)
        return super().eventFilter(watched, event)

    def _line_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in MOVES:
            self._move(MOVES[key])
            return True
        if key in ENTER and self._is_searching():
            self._enter()
            return True
        return False

    def _is_searching(self) -> bool:
        return self._chosen is None and bool(self.line.text().strip() or self.matches.isVisible())

    def _move(self, by: int) -> None:
        if not self.matches.isVisible():
            self._timer.start(0)
            return
        self.matches.setCurrentRow((self.matches.currentRow() + by) % self.matches.count())

    def _enter(self) -> None:
        if self._timer.isActive() or not self.matches.count():
            self._timer.stop()
            self._presenter.search(self.line.text())
        self._presenter.enter(self.matches.currentRow())

    def _clicked(self) -> None:
        self._presenter.enter(self.matches.currentRow())

    def _edited(self) -> None:
        self._chosen = None
        self.named.emit("")
        self.show_peek("")
        self._timer.start()

    def _pick(self, found: Found) -> None:
        self._chosen = found
        self.line.setText(found.match.client.name)
        self.matches.hide()
        self.line.setFocus()
        self.named.emit(found.match.client.name)
        self.picked.emit(found.match)

    def _start_new(self) -> None:
        fresh = new_client_from(self.line.text())
        self.name.setText(fresh.name)
        self.phone.setText(fresh.phone)
        self._show_new(is_new=True)
        (self.phone if fresh.name else self.name).setFocus()

    def _stop_new(self) -> None:
        self._show_new(is_new=False)
        self.line.setFocus()
        self.line.selectAll()

    def _show_new(self, *, is_new: bool) -> None:
        self._timer.stop()
        self._chosen = None
        self.show_peek("")
        self.matches.hide()
        self._is_new = is_new
        self.named.emit(self.name.text() if is_new else "")
        self.line.setVisible(not is_new)
        self._new_page.setVisible(is_new)

    def _make_search(self) -> None:
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("Name or last phone digits"))
        self.line.setAccessibleName(tr("Client, name or phone"))
        self.line.installEventFilter(self)
        self.line.textEdited.connect(self._edited)
        self.matches = QListWidget()
        self.matches.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.matches.setAccessibleName(tr("Matching clients"))
        self.matches.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.matches.itemClicked.connect(self._clicked)
        self.matches.hide()
        self.peek = plain_label(role="muted")
        self.peek.hide()

    def _make_new(self) -> None:
        self.name, self.phone, self.email = QLineEdit(), QLineEdit(), QLineEdit()
        self.name.textEdited.connect(self.named)
        self.email.setPlaceholderText(tr("Optional"))
        self.new_form.add_row("client_name", tr("&Name"), self.name)
        self.new_form.add_row("client_phone", tr("P&hone"), self.phone)
        self.new_form.add_row("client_email", tr("&E-mail"), self.email)
        back = PushButton(tr("Search a&gain"))
        back.clicked.connect(self._stop_new)
        self._new_page = QFrame()
        self._new_page.setProperty("panel", "card")
        layout = QVBoxLayout(self._new_page)
        layout.setContentsMargins(10, 6, 10, 8)
        top = QHBoxLayout()
        top.addWidget(plain_label(tr("New client"), "heading"))
        top.addStretch(1)
        top.addWidget(back)
        layout.addLayout(top)
        layout.addWidget(self.new_form)
        self._new_page.hide()
