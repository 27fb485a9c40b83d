"""One booking: what may be done with it, and doing it."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from inkdesk.application.background import Background
from inkdesk.application.booking_commands import CancelCommand, MarkCommand
from inkdesk.application.calendar import BookingCard, BookingDetail
from inkdesk.application.changes import Changes
from inkdesk.application.changing import ChangeLook
from inkdesk.application.client_words import letter_about
from inkdesk.application.links import OpenedLink
from inkdesk.application.series_commands import CancelSeriesCommand
from inkdesk.application.services import Services
from inkdesk.application.text import tr
from inkdesk.domain.bookings import (
    BOOKING_TRANSITIONS,
    BookingStatus,
    DepositFate,
    can_arrive,
    has_begun,
)
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import ASKING, KEPT, PaymentStatus
from inkdesk.domain.series import Scope
from inkdesk.ui.booking.presenter.cancel_terms import CancelTerms, SeriesTerms, cancel_terms, terms_in_all
from inkdesk.ui.booking.presenter.detail_words import Known
from inkdesk.ui.booking.presenter.money import MoneyAction, MoneyDone, MoneyView, MoneyWish, carry_out, money_actions
from inkdesk.ui.booking.presenter.words import time_left_words
from inkdesk.ui.booking.presenter.writes import Writes

_SLOW_AFTER = timedelta(seconds=10)
"""What takes longer waits for Stripe."""
_LINK_TO_SHOW = frozenset({PaymentStatus.CREATING, PaymentStatus.OPEN})
_UNPAID = frozenset({BookingStatus.PENDING_PAYMENT, BookingStatus.LAPSED})
_GONE = frozenset({BookingStatus.CANCELLED, BookingStatus.LAPSED})
_TO_COME = frozenset({BookingStatus.REQUESTED, BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED})


class BookingAction(StrEnum):
    """What the desk can do with a booking."""

    SHOW_LINK = "show_link"
    NEW_LINK = "new_link"
    MONEY = "money"
    CONFIRM = "confirm"
    ARRIVED = "arrived"
    DONE = "done"
    NO_SHOW = "no_show"
    MOVE = "move"
    REPEAT = "repeat"
    CANCEL = "cancel"


MARKS = {
    BookingAction.CONFIRM: BookingStatus.CONFIRMED,
    BookingAction.DONE: BookingStatus.COMPLETED,
    BookingAction.NO_SHOW: BookingStatus.NO_SHOW,
}


class DetailView(Protocol):
    """The dialog."""

    def show_known(self, known: Known, actions: Sequence[BookingAction]) -> None:
        """Show the booking and offer these actions."""
        ...

    def show_error(self, error: InkDeskError) -> None:
        """Say what went wrong."""
        ...

    def show_busy(self, *, is_busy: bool) -> None:
        """Keep still while something is being saved."""
        ...

    def show_checkout(self, payment_id: int) -> None:
        """Show the link of a payment."""
        ...

    def ask_cancel(self, terms: CancelTerms, series: SeriesTerms | None) -> None:
        """Ask what becomes of the deposit, and of the series if it is one of a series."""
        ...

    def ask_no_show(self, terms: CancelTerms) -> None:
        """Ask what becomes of the money of a client who did not come."""
        ...


class DetailPresenter:
    """Reads one booking again after everything that is done with it."""

    def __init__(
        self,
        view: DetailView,
        services: Services,
        background: Background,
        writes: Writes,
        booking_id: int,
    ) -> None:
        self._view = view
        self._services = services
        self._background = background
        self._booking_id = booking_id
        self._writes = writes
        self._asked = 0
        self._is_busy = False
        self._busy_since = services.clock.now()
        self.known: Known | None = None

    def reload(self) -> None:
        """Read the booking; the latest answer wins."""
        self._asked += 1
        number = self._asked

        def done(known: Known) -> None:
            if number == self._asked:
                self.known = known
                self._view.show_known(known, self._actions(known))

        self._background.read(self._read, done, self._view.show_error)

    def mark(self, action: BookingAction) -> None:
        """Confirm, done or no-show, or arrived; a no-show asks first what becomes of the money, if there is any."""
        if self.known is None:
            return
        card = self.known.detail.card
        if action is BookingAction.ARRIVED:
            self._write(lambda: self._services.bookings.check_in(card.booking_id, card.version))
            return
        terms = self._terms(self.known)
        if action is BookingAction.NO_SHOW and terms.paid.amount_minor:
            self._view.ask_no_show(terms)
            return
        command = MarkCommand(booking_id=card.booking_id, version=card.version, status=MARKS[action])
        self._write(lambda: self._services.bookings.mark(command))

    def no_show(self, fate: DepositFate | None, refund: Money | None, reason: str) -> None:
        """The client did not come; ``refund`` None gives everything back."""
        if self.known is None:
            return
        card = self.known.detail.card
        command = MarkCommand(
            booking_id=card.booking_id,
            version=card.version,
            status=BookingStatus.NO_SHOW,
            fate=fate,
            refund=refund,
            reason=reason,
        )
        self._write(lambda: self._services.bookings.mark(command))

    def money_actions(self) -> Sequence[MoneyAction]:
        """What may be done with the money now."""
        if self.known is None:
            return []
        return money_actions(self.known.detail, self.known.money, self._services.clock.now())

    def carry_out(self, wish: MoneyWish, question: MoneyView) -> None:
        """Do what a question about money was answered; it stays open until that is saved."""

        def saved(done: MoneyDone) -> None:
            self._is_busy = False
            question.show_busy(is_busy=False)
            question.show_saved()
            self.reload()
            if done.payment_id is not None:
                self._view.show_checkout(done.payment_id)

        def failed(error: InkDeskError) -> None:
            self._is_busy = False
            question.show_busy(is_busy=False)
            question.show_error(error)
            if error.code is not ErrorCode.VALIDATION:
                self.reload()

        self._note_busy(is_busy=True)
        question.show_busy(is_busy=True)
        self._writes.run(
            lambda: carry_out(self._services, self._booking_id, wish), lambda done: done.changes, saved, failed
        )

    def show_link(self) -> None:
        """Show the link that is open."""
        if self.known is not None:
            open_ones = [one.id for one in self.known.detail.payments if one.status in _LINK_TO_SHOW]
            if open_ones:
                self._view.show_checkout(open_ones[-1])

    def new_link(self) -> None:
        """Make another link for an unpaid booking, then show it; the old one dies first."""
        request_key = uuid.uuid4().hex

        def made(opened: OpenedLink) -> None:
            self._done()
            self._view.show_checkout(opened.payment.id)

        self._set_busy(is_busy=True)
        self._writes.run(
            lambda: self._services.payments.resend_link(self._booking_id, request_key),
            lambda opened: opened.changes,
            made,
            self._failed,
        )

    def ask_cancel(self) -> None:
        """Ask what a cancel has to decide now; of a series everything that is concerned is read first."""
        if self.known is None:
            return
        card, terms = self.known.detail.card, self._terms(self.known)
        if card.series_count < 2:
            self._view.ask_cancel(terms, None)
            return
        self._background.read(
            lambda: self._series_terms(card, terms),
            lambda series: self._view.ask_cancel(terms, series),
            self._view.show_error,
        )

    def _series_terms(self, card: BookingCard, own: CancelTerms) -> SeriesTerms:
        look, now = ChangeLook(self._services.read, self._services.clock, card.booking_id), self._services.clock.now()
        ids = {scope: look.ending(scope) for scope in Scope}
        there = self._services.deposits.undecided({one for all_ in ids.values() for one in all_})
        each = {one: cancel_terms(self._services.queries.booking(one), there[one], now) for one in there}
        terms = {scope: terms_in_all([each[one] for one in all_]) for scope, all_ in ids.items()}
        return SeriesTerms(card.series_number, card.series_count, {**terms, Scope.ONE: own})

    def cancel(self, fate: DepositFate | None, refund: Money | None, reason: str, scope: Scope = Scope.ONE) -> None:
        """Cancel as far as ``scope``, and settle a paid deposit as asked; ``refund`` None gives all of it back."""
        if self.known is None:
            return
        card = self.known.detail.card
        if scope is not Scope.ONE:
            together = CancelSeriesCommand(
                booking_id=card.booking_id, version=card.version, scope=scope, fate=fate, refund=refund, reason=reason
            )
            self._write(lambda: self._services.series.cancel(together))
            return
        command = CancelCommand(
            booking_id=card.booking_id, version=card.version, fate=fate, refund=refund, reason=reason
        )
        self._write(lambda: self._services.bookings.cancel(command))

    def is_busy(self) -> bool:
        """Whether something is being saved and its answer is on its way."""
        return self._is_busy

    def is_slow(self) -> bool:
        """Whether the answer has been on its way for so long that a person should be told why."""
        return self._is_busy and self._services.clock.now() - self._busy_since >= _SLOW_AFTER

    def time_left(self) -> str:
        """How long the hold can still be paid; "" if it is none."""
        if self.known is None or self.known.detail.card.status is not BookingStatus.PENDING_PAYMENT:
            return ""
        if any(one.status is PaymentStatus.PROCESSING for one in self.known.detail.payments):
            return tr("The payment was started. The bank is working on it.")
        return time_left_words(self.known.detail.card.hold_until, self._services.stripe_now())

    def _read(self) -> Known:
        detail = self._services.queries.booking(self._booking_id)
        settings = self._services.studio.settings(self._services.clock.now().date())
        phone, region = detail.client.phone, settings.studio.phone_region
        group_id = detail.card.group_id
        return Known(
            detail,
            self._services.deposits.look(self._booking_id),
            settings,
            self._services.phones.show(phone, region) if phone and region else phone,
            "" if group_id is None else self._services.groups.group(group_id).group.title,
            letter_about(self._services.read, detail),
        )

    def _actions(self, known: Known) -> list[BookingAction]:
        now = self._services.clock.now()
        has_money_actions = bool(money_actions(known.detail, known.money, now))
        return [*allowed(known.detail, now), *([BookingAction.MONEY] if has_money_actions else [])]

    def _terms(self, known: Known) -> CancelTerms:
        money, now = known.money, self._services.clock.now()
        return cancel_terms(known.detail, money.undecided, now, has_heir=money.has_heir)

    def _write(self, work: Callable[[], Changes]) -> None:
        self._set_busy(is_busy=True)
        self._writes.run(work, lambda changes: changes, lambda _changes: self._done(), self._failed)

    def _note_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        self._busy_since = self._services.clock.now()

    def _set_busy(self, *, is_busy: bool) -> None:
        self._note_busy(is_busy=is_busy)
        self._view.show_busy(is_busy=is_busy)

    def _done(self) -> None:
        self._set_busy(is_busy=False)
        self.reload()

    def _failed(self, error: InkDeskError) -> None:
        self._set_busy(is_busy=False)
        self._view.show_error(error)
        if error.code is ErrorCode.STALE_RECORD:
            self.reload()


def allowed(detail: BookingDetail, now: datetime) -> list[BookingAction]:
    """What may be done with a booking as it stands ``now``, the likeliest first."""
    status = detail.card.status
    next_ones = BOOKING_TRANSITIONS[status]
    is_confirmed = status is BookingStatus.CONFIRMED
    is_awaited = is_confirmed and detail.card.checked_in_at is None
    is_begun, is_seat = has_begun(detail.card.starts_at, now), detail.card.group_id is not None
    has_link = any(one.status in ASKING for one in detail.payments)
    has_money = any(one.status in KEPT for one in detail.payments)
    offers = {
        BookingAction.SHOW_LINK: status in _UNPAID and any(one.status in _LINK_TO_SHOW for one in detail.payments),
        BookingAction.NEW_LINK: status in _UNPAID and not has_link and not has_money,
        BookingAction.CONFIRM: status is BookingStatus.REQUESTED,
        BookingAction.ARRIVED: is_awaited and can_arrive(detail.card.starts_at, now),
        BookingAction.DONE: BookingStatus.COMPLETED in next_ones and is_begun,
        BookingAction.NO_SHOW: is_awaited and is_begun,
        BookingAction.MOVE: status in _TO_COME and not is_begun and not detail.card.checked_in_at and not is_seat,
        BookingAction.REPEAT: status not in _GONE and not is_seat,
        BookingAction.CANCEL: BookingStatus.CANCELLED in next_ones,
    }
    return [action for action, is_offered in offers.items() if is_offered]
