"""From a hold to a payable link on the screen, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from inkdesk.application.background import Background
from inkdesk.application.calendar import BookingDetail
from inkdesk.application.links import OpenedLink
from inkdesk.application.services import Services
from inkdesk.application.text import render, tr
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.payments import PaymentStatus
from inkdesk.ui.booking.presenter.words import time_left_words
from inkdesk.ui.booking.presenter.writes import Writes

OpenUrl = Callable[[str], bool]
"""Shows an address in the person's browser; False if none could be started. It may take seconds."""
CONFIRMED = frozenset({BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW})
PAYABLE = frozenset({PaymentStatus.CREATING, PaymentStatus.OPEN})
ENDED = frozenset({PaymentStatus.EXPIRED, PaymentStatus.FAILED})
SLOW_AFTER = timedelta(seconds=10)
"""A link usually takes a second or two; who waits longer is told why."""


class CheckoutPhase(StrEnum):
    """What the panel shows."""

    MAKING = "making"
    WAITING = "waiting"
    PROCESSING = "processing"
    FAILED = "failed"
    PAID = "paid"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class CheckoutState:
    """A phase and its sentence."""

    phase: CheckoutPhase
    sentence: str


class CheckoutView(Protocol):
    """The panel."""

    def show_booking(self, detail: BookingDetail) -> None:
        """Show who pays how much for what."""
        ...

    def show_state(self, state: CheckoutState) -> None:
        """Show where it stands."""
        ...

    def show_link(self, url: str) -> None:
        """Show the link as text and QR code."""
        ...

    def show_time_left(self, sentence: str) -> None:
        """Show how long it can still be paid."""
        ...

    def show_browser_trouble(self, sentence: str) -> None:
        """Say that no browser came up."""
        ...


class CheckoutPresenter:
    """Opens the link of one payment and follows its booking."""

    def __init__(
        self,
        view: CheckoutView,
        services: Services,
        background: Background,
        writes: Writes,
        *,
        booking_id: int,
        payment_id: int,
        open_url: OpenUrl,
        opens_browser: bool,
    ) -> None:
        self._view = view
        self._services = services
        self._background = background
        self._writes = writes
        self._booking_id = booking_id
        self._payment_id = payment_id
        self._open_url = open_url
        self._opens_browser = opens_browser
        self._url = ""
        self._asked_at = services.clock.now()
        self._hold_until: datetime | None = None
        self._phase = CheckoutPhase.MAKING

    def begin(self) -> None:
        """Show the booking, then make the link."""
        self.reload()
        self.make_link()

    def make_link(self) -> None:
        """Ask for the link; safe to repeat after a failure, the hold stays."""
        self._asked_at = self._services.clock.now()
        self._show(CheckoutPhase.MAKING, tr("Making the link…"))
        payment_id = self._payment_id
        self._writes.run(
            lambda: self._services.payments.open_link(payment_id),
            lambda opened: opened.changes,
            self._opened,
            self._link_failed,
        )

    def reload(self) -> None:
        """Read the booking again."""
        self._background.read(
            lambda: self._services.queries.booking(self._booking_id), self.follow, lambda _error: None
        )

    def follow(self, detail: BookingDetail) -> None:
        """Take what is known now."""
        self._hold_until = detail.card.hold_until
        self._view.show_booking(detail)
        self._follow_booking(detail)
        self._follow_payments(detail)
        self.tick()

    def _follow_booking(self, detail: BookingDetail) -> None:
        if detail.card.status in CONFIRMED:
            self._show(CheckoutPhase.PAID, tr("Paid. The booking is confirmed."))
        elif detail.card.status is BookingStatus.LAPSED:
            self._show(
                CheckoutPhase.OVER,
                tr("The deposit was not paid in time, so the slot is free again. Open the booking to make a new link."),
            )
        elif detail.card.status is BookingStatus.CANCELLED:
            self._show(CheckoutPhase.OVER, tr("The booking was cancelled. This link cannot be paid any more."))

    def _follow_payments(self, detail: BookingDetail) -> None:
        """The latest attempt counts: a link that failed here may have been made by the worker since."""
        statuses = [one.status for one in detail.payments]
        if self._is_over():
            return
        if PaymentStatus.PROCESSING in statuses:
            self._show(CheckoutPhase.PROCESSING, tr("The payment was started. The bank is working on it."))
        elif self._phase is CheckoutPhase.PROCESSING and statuses[-1] in ENDED:
            self._show(CheckoutPhase.OVER, tr("The bank did not pay. Open the booking to make a new link."))
        elif self._phase is CheckoutPhase.FAILED:
            payable = [one for one in detail.payments if one.status in PAYABLE]
            if payable:
                self._payment_id = payable[-1].id
            if payable and payable[-1].status is PaymentStatus.OPEN:
                self.make_link()

    def tick(self) -> None:
        """Count the minutes down, and say why if a link takes long; call it every few seconds."""
        now = self._services.clock.now()
        if self._phase is CheckoutPhase.MAKING and now - self._asked_at >= SLOW_AFTER:
            self._show(
                CheckoutPhase.MAKING,
                tr("Stripe has not answered yet. InkDesk goes on asking, and the booking is kept."),
            )
        is_open = not self._is_over() and self._phase is not CheckoutPhase.PROCESSING
        left = time_left_words(self._hold_until, self._services.stripe_now()) if is_open else ""
        self._view.show_time_left(left)

    def _is_over(self) -> bool:
        return self._phase in {CheckoutPhase.PAID, CheckoutPhase.OVER}

    def open_browser(self) -> None:
        """Show the link in the browser."""
        url = self._url
        self._view.show_browser_trouble("")
        self._background.call(lambda: self._open_url(url), self._browser_opened, self._browser_failed)

    def _opened(self, opened: OpenedLink) -> None:
        self._payment_id = opened.payment.id
        self._url = opened.url
        self._view.show_link(opened.url)
        if self._phase is CheckoutPhase.MAKING:
            self._show(CheckoutPhase.WAITING, tr("Waiting for the payment…"))
            self.tick()
            if self._opens_browser:
                self._opens_browser = False
                self.open_browser()

    def _link_failed(self, error: InkDeskError) -> None:
        if self._phase is CheckoutPhase.MAKING:
            self._show(CheckoutPhase.FAILED, render(error.message))
        self.reload()

    def _browser_opened(self, is_open: bool) -> None:  # noqa: FBT001 - an answer from the background
        if not is_open:
            self._view.show_browser_trouble(tr("No browser could be started. Copy the link or show the QR code."))

    def _browser_failed(self, _error: InkDeskError) -> None:
        self._browser_opened(False)  # noqa: FBT003

    def _show(self, phase: CheckoutPhase, sentence: str) -> None:
        self._phase = phase
        self._view.show_state(CheckoutState(phase, sentence))
