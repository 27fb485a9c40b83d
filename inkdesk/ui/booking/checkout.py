"""The payable link on the screen: text, copy, QR code and browser, and what became of it."""

import shiboken6
from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from inkdesk.application.background import Background
from inkdesk.application.calendar import BookingDetail
from inkdesk.application.changes import Changes
from inkdesk.application.services import Services
from inkdesk.application.text import tr
from inkdesk.ui.booking.presenter.checkout import CheckoutPhase, CheckoutPresenter, CheckoutState, OpenUrl
from inkdesk.ui.booking.presenter.writes import Announcements, Writes
from inkdesk.ui.common.alive import WhileAlive
from inkdesk.ui.common.forms import Notice, PushButton, plain_label
from inkdesk.ui.common.qr import qr_pixmap

TICK_MS = 5000
QR_SIDE = 300
THIS_COMPUTER = "127.0.0.1"
"""Where the practice Stripe answers; a phone cannot reach it."""
NOTICES = {
    CheckoutPhase.MAKING: "info",
    CheckoutPhase.WAITING: "info",
    CheckoutPhase.PROCESSING: "info",
    CheckoutPhase.FAILED: "error",
    CheckoutPhase.PAID: "success",
    CheckoutPhase.OVER: "warning",
}


class CheckoutPanel(QWidget):
    """Follows one payment by link. ``changed`` tells the ``Changes`` that opening the link made.

    ``opens_browser`` starts the browser once, as soon as there is a link; ``settled`` says that nothing can be
    paid here any more, because it is paid or over.
    """

    settled = Signal()

    def __init__(
        self,
        services: Services,
        background: Background,
        *,
        booking_id: int,
        payment_id: int,
        open_url: OpenUrl,
        opens_browser: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._booking_id = booking_id
        self.changed = Announcements()
        self._presenter = CheckoutPresenter(
            self,
            services,
            WhileAlive(background, self),
            Writes(background, booking_id, lambda: shiboken6.isValid(self), self.changed.emit),
            booking_id=booking_id,
            payment_id=payment_id,
            open_url=open_url,
            opens_browser=opens_browser,
        )
        self._make()
        self._arrange()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._presenter.tick)
        self._timer.start()
        self._presenter.begin()

    def reload(self, changes: Changes) -> None:
        """Look again if ``changes`` touch this booking, or may do so."""
        if self._booking_id in changes.bookings or changes.tasks or changes.settings:
            self._presenter.reload()

    def follow(self, detail: BookingDetail) -> None:
        """Take what is known of the booking now."""
        self._presenter.follow(detail)

    def show_booking(self, detail: BookingDetail) -> None:
        """Show who pays how much for what."""
        self.amount.setText(tr("{deposit} deposit", deposit=detail.card.deposit))
        self.who.setText(
            tr(
                "{client}, {service}, {start}",
                client=detail.card.client_name,
                service=detail.card.service_name,
                start=detail.card.starts_at,
            )
        )

    def show_state(self, state: CheckoutState) -> None:
        """Show where it stands; the focus stays where it is."""
        mark = "✓ " if state.phase is CheckoutPhase.PAID else ""
        is_news = self.notice.text() != mark + state.sentence
        if is_news:
            self.notice.show_text(mark + state.sentence, NOTICES[state.phase])
        self.again.setVisible(state.phase is CheckoutPhase.FAILED)
        is_new_link = state.phase is CheckoutPhase.WAITING and self.link_part.isHidden()
        self.link_part.setVisible(state.phase is CheckoutPhase.WAITING)
        if is_new_link:
            self.copy.setFocus()
        if is_news and state.phase in {CheckoutPhase.PAID, CheckoutPhase.OVER}:
            self.settled.emit()

    def show_link(self, url: str) -> None:
        """Show the link as text and QR code."""
        self.url.setText(url)
        self.url.setCursorPosition(0)
        self.scan.setVisible(QUrl(url).host() != THIS_COMPUTER)
        code = qr_pixmap(url, QR_SIDE, self.devicePixelRatioF())
        self.qr.setPixmap(code)
        self.qr.setFixedSize(code.deviceIndependentSize().toSize())

    def show_time_left(self, sentence: str) -> None:
        """Show how long it can still be paid."""
        self.time_left.setText(sentence)
        self.time_left.setVisible(bool(sentence))

    def show_browser_trouble(self, sentence: str) -> None:
        """Say that no browser came up."""
        self.browser_trouble.show_text(sentence)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.url.text())
        self.copy.setText(tr("Copied ✓"))
        QAccessible.updateAccessibility(QAccessibleEvent(self.copy, QAccessible.Event.NameChanged))

    def _make(self) -> None:
        self.amount = plain_label(role="title")
        self.who = plain_label(role="muted")
        self.notice = Notice("info")
        self.again = PushButton(tr("&Try again"))
        self.again.setProperty("kind", "primary")
        self.again.clicked.connect(self._presenter.make_link)
        self.time_left = plain_label()
        self.time_left.hide()
        self.url = QLineEdit(readOnly=True)
        self.url.setAccessibleName(tr("Payment link"))
        self.copy = PushButton(tr("&Copy link"))
        self.copy.setProperty("kind", "primary")
        self.copy.clicked.connect(self._copy)
        self.browser = PushButton(tr("&Open in browser"))
        self.browser.clicked.connect(self._presenter.open_browser)
        self.browser_trouble = Notice("warning")
        self.scan = plain_label(tr("The client can also scan the code with a phone."), "muted")
        self.qr = QLabel()
        self.qr.setAccessibleName(tr("QR code of the payment link"))

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.url)
        buttons = QHBoxLayout()
        for button in (self.copy, self.browser):
            buttons.addWidget(button)
        buttons.addStretch(1)
        left.addLayout(buttons)
        left.addWidget(self.browser_trouble)
        left.addWidget(self.scan)
        left.addStretch(1)
        self.link_part = QWidget()
        link = QHBoxLayout(self.link_part)
        link.setContentsMargins(0, 0, 0, 0)
        link.setSpacing(20)
        link.addLayout(left, 1)
        link.addWidget(self.qr)
        self.link_part.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        for widget in (self.amount, self.who, self.notice, self.time_left):
            layout.addWidget(widget)
        layout.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.link_part, 1)
        layout.addStretch(0)


class CheckoutDialog(QDialog):
    """The panel in a window of its own that may stay open beside the work; delete it after ``finished``."""

    def __init__(
        self,
        services: Services,
        background: Background,
        *,
        booking_id: int,
        payment_id: int,
        open_url: OpenUrl,
        opens_browser: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Deposit by link"))
        self.panel = CheckoutPanel(
            services,
            background,
            booking_id=booking_id,
            payment_id=payment_id,
            open_url=open_url,
            opens_browser=opens_browser,
        )
        self.changed = self.panel.changed
        self.panel.settled.connect(self._shrink)
        self.close_button = PushButton(tr("C&lose"))
        self.close_button.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self.panel, 1)
        layout.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(760, 520)

    def reload(self, changes: Changes) -> None:
        """Look again if ``changes`` touch this booking."""
        self.panel.reload(changes)

    def _shrink(self) -> None:
        """Give back the room that link and code took."""
        for layout in (self.panel.layout(), self.layout()):
            if layout is not None:
                layout.activate()
        self.resize(self.width(), self.minimumSizeHint().height())
