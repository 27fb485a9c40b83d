"""One booking: its facts in words, what may be done with it, and doing it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from inkdesk.application.background import Background
from inkdesk.application.booking_commands import CancelCommand, MarkCommand
from inkdesk.application.calendar import BookingCard, BookingDetail
from inkdesk.application.changes import Changes
from inkdesk.application.changing import ChangeLook
from inkdesk.application.links import OpenedLink
from inkdesk.application.series_commands import CancelSeriesCommand
from inkdesk.application.services import Services
from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import formats, render, tr
from inkdesk.domain.bookings import (
    BOOKING_TRANSITIONS,
    BookingStatus,
    DepositFate,
    can_arrive,
    has_begun,
    refundable,
)
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import ASKING, COLLECTED, Payment, PaymentMethod, PaymentStatus
from inkdesk.domain.series import Scope
from inkdesk.ui.booking.presenter.verdicts import team
from inkdesk.ui.booking.presenter.words import (
    history_words,
    method_words,
    payment_words,
    time_left_words,
    why_words,
)
from inkdesk.ui.booking.presenter.writes import Writes

_LINK_TO_SHOW = frozenset({PaymentStatus.CREATING, PaymentStatus.OPEN})
_UNPAID = frozenset({BookingStatus.PENDING_PAYMENT, BookingStatus.LAPSED})
_GONE = frozenset({BookingStatus.CANCELLED, BookingStatus.LAPSED})
_TO_COME = frozenset({BookingStatus.REQUESTED, BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED})
_REFUNDABLE = frozenset({PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED})


class BookingAction(StrEnum):
    """What the desk can do with a booking."""

    SHOW_LINK = "show_link"
    NEW_LINK = "new_link"
    TAKE_MONEY = "take_money"
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


@dataclass(frozen=True, slots=True)
class Known:
    """A booking with the names its card only has ids of; ``group_title`` is "" unless it has seats in a group."""

    detail: BookingDetail
    settings: StudioSettings
    phone: str
    group_title: str = ""

    @property
    def artist_name(self) -> str:
        """Who tattoos, with those who work along."""
        artists = {one.id: one.name for one in self.settings.artists}
        card = self.detail.card
        return team([artists.get(one, "") for one in (card.artist_id, *card.with_artist_ids)])


@dataclass(frozen=True, slots=True)
class CancelTerms:
    """What is in the till for a booking, and what its policy gives back now; ``paid`` 0 means nothing to decide."""

    paid: Money
    refund: Money

    @property
    def fate(self) -> DepositFate:
        """The policy's answer."""
        return DepositFate.REFUND if self.refund.amount_minor else DepositFate.KEEP


@dataclass(frozen=True, slots=True)
class SeriesTerms:
    """What a cancel of one sitting decides about its series: the money that is concerned, by how far it goes."""

    number: int
    count: int
    terms: Mapping[Scope, CancelTerms]


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
        self.known: Known | None = None

    def reload(self) -> None:
        """Read the booking; the latest answer wins."""
        self._asked += 1
        number = self._asked

        def done(known: Known) -> None:
            if number == self._asked:
                self.known = known
                self._view.show_known(known, allowed(known.detail, self._services.clock.now()))

        self._background.read(self._read, done, self._view.show_error)

    def mark(self, action: BookingAction) -> None:
        """Confirm, done or no-show, or arrived."""
        if self.known is None:
            return
        card = self.known.detail.card
        if action is BookingAction.ARRIVED:
            self._write(lambda: self._services.bookings.check_in(card.booking_id, card.version))
            return
        command = MarkCommand(booking_id=card.booking_id, version=card.version, status=MARKS[action])
        self._write(lambda: self._services.bookings.mark(command))

    def show_link(self) -> None:
        """Show the link that is open."""
        if self.known is not None:
            open_ones = [one.id for one in self.known.detail.payments if one.status in _LINK_TO_SHOW]
            if open_ones:
                self._view.show_checkout(open_ones[-1])

    def new_link(self) -> None:
        """Make another link for an unpaid booking, then show it."""

        def made(opened: OpenedLink) -> None:
            self._done()
            self._view.show_checkout(opened.payment.id)

        self._set_busy(is_busy=True)
        self._writes.run(
            lambda: self._services.payments.resend_link(self._booking_id),
            lambda opened: opened.changes,
            made,
            self._failed,
        )

    def take_money(self, method: PaymentMethod, amount: Money, request_key: str) -> None:
        """Write down money that came by hand; ``request_key`` is the form's own."""
        self._write(lambda: self._services.payments.record_by_hand(self._booking_id, method, amount, request_key))

    def ask_cancel(self) -> None:
        """Ask what a cancel has to decide now; of a series everything that is concerned is read first."""
        terms = self.cancel_terms()
        if terms is None or self.known is None:
            return
        card = self.known.detail.card
        if card.series_count < 2:
            self._view.ask_cancel(terms, None)
            return
        self._background.read(
            lambda: self._series_terms(card), lambda series: self._view.ask_cancel(terms, series), self._view.show_error
        )

    def _series_terms(self, card: BookingCard) -> SeriesTerms:
        look, now = ChangeLook(self._services.read, self._services.clock, card.booking_id), self._services.clock.now()
        ids = {scope: look.ending(scope) for scope in Scope}
        each = {one: cancel_terms(self._services.queries.booking(one), now) for own in ids.values() for one in own}
        terms = {scope: terms_in_all([each[one] for one in own]) for scope, own in ids.items()}
        return SeriesTerms(card.series_number, card.series_count, terms)

    def cancel(self, fate: DepositFate, refund: Money | None, reason: str, scope: Scope = Scope.ONE) -> None:
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

    def cancel_terms(self) -> CancelTerms | None:
        """What a cancel has to decide now."""
        return None if self.known is None else cancel_terms(self.known.detail, self._services.clock.now())

    def is_busy(self) -> bool:
        """Whether something is being saved and its answer is on its way."""
        return self._is_busy

    def time_left(self) -> str:
        """How long the hold can still be paid; "" if it is none."""
        if self.known is None or self.known.detail.card.status is not BookingStatus.PENDING_PAYMENT:
            return ""
        if any(one.status is PaymentStatus.PROCESSING for one in self.known.detail.payments):
            return tr("The payment was started. The bank is working on it.")
        return time_left_words(self.known.detail.card.hold_until, self._services.clock.now())

    def _read(self) -> Known:
        detail = self._services.queries.booking(self._booking_id)
        settings = self._services.studio.settings(self._services.clock.now().date())
        phone, region = detail.client.phone, settings.studio.phone_region
        group_id = detail.card.group_id
        return Known(
            detail,
            settings,
            self._services.phones.show(phone, region) if phone and region else phone,
            "" if group_id is None else self._services.groups.group(group_id).group.title,
        )

    def _write(self, work: Callable[[], Changes]) -> None:
        self._set_busy(is_busy=True)
        self._writes.run(work, lambda changes: changes, lambda _changes: self._done(), self._failed)

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
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
    has_money = any(one.status in COLLECTED for one in detail.payments)
    offers = {
        BookingAction.SHOW_LINK: status in _UNPAID and any(one.status in _LINK_TO_SHOW for one in detail.payments),
        BookingAction.NEW_LINK: status in _UNPAID and not has_link and not has_money,
        BookingAction.CONFIRM: status is BookingStatus.REQUESTED,
        BookingAction.ARRIVED: is_awaited and can_arrive(detail.card.starts_at, now),
        BookingAction.DONE: BookingStatus.COMPLETED in next_ones and is_begun,
        BookingAction.NO_SHOW: is_awaited and is_begun,
        BookingAction.TAKE_MONEY: not has_money and (status in _UNPAID or is_confirmed),
        BookingAction.MOVE: status in _TO_COME and not is_begun and not detail.card.checked_in_at and not is_seat,
        BookingAction.REPEAT: status not in _GONE and not is_seat,
        BookingAction.CANCEL: BookingStatus.CANCELLED in next_ones,
    }
    return [action for action, is_offered in offers.items() if is_offered]


def cancel_terms(detail: BookingDetail, now: datetime) -> CancelTerms:
    """What of the deposit is here, and what the policy gives back at ``now``."""
    paid = money_here(detail)
    return CancelTerms(paid, refundable(detail.policy, paid, detail.card.starts_at, now))


def money_here(detail: BookingDetail) -> Money:
    """What was paid for a booking and not given back."""
    held = sum(one.amount.amount_minor - one.refunded_minor for one in detail.payments if one.status in _REFUNDABLE)
    return Money(held, detail.card.deposit.currency)


def terms_in_all(terms: Sequence[CancelTerms]) -> CancelTerms:
    """What is here for several bookings of one currency, and what their policies give back; at least one."""
    currency = terms[0].paid.currency
    paid, refund = sum(one.paid.amount_minor for one in terms), sum(one.refund.amount_minor for one in terms)
    return CancelTerms(Money(paid, currency), Money(refund, currency))


def facts(known: Known) -> list[tuple[str, str]]:
    """The booking as (caption, text) lines."""
    card, client = known.detail.card, known.detail.client
    lines = [
        (tr("When"), tr("{start} to {end}", start=card.starts_at, end=formats().time(card.ends_at))),
        (tr("What"), card.service_name),
        (tr("Artist"), known.artist_name),
        (tr("Series"), _series_line(card)),
        (tr("Group sitting"), known.group_title),
        (tr("Phone"), known.phone),
        (tr("E-mail"), client.email),
        (tr("Price"), formats().money(card.price)),
        (tr("Deposit"), _deposit_line(known.detail)),
        (tr("Note"), card.note),
    ]
    return [(caption, text) for caption, text in lines if text]


def _series_line(card: BookingCard) -> str:
    if not card.series_count:
        return ""
    return tr("sitting {number} of {count}", number=card.series_number, count=card.series_count)


def payment_lines(detail: BookingDetail) -> list[str]:
    """Every attempt to take money, one line each: when, how much, how, and what became of it."""
    return [
        " · ".join(
            (
                formats().moment(one.charged_at or one.created_at),
                formats().money(one.amount),
                method_words(one.method),
                _outcome(one),
            )
        )
        for one in detail.payments
    ]


def _outcome(payment: Payment) -> str:
    if not payment.refunded_minor:
        return payment_words(payment.status)
    refunded = Money(payment.refunded_minor, payment.amount.currency)
    return tr("{outcome}: {amount}", outcome=payment_words(payment.status), amount=refunded)


def history_lines(detail: BookingDetail) -> list[str]:
    """What happened, newest last: when, what, who, why."""
    return [
        " · ".join(part for part in (formats().moment(at), history_words(what), who, why_words(why)) if part)
        for at, who, what, why in detail.history
    ]


def error_words(error: InkDeskError) -> str:
    """The sentence for a failed action; after a stale record the dialog shows the booking as it is now."""
    if error.code is ErrorCode.STALE_RECORD:
        return tr("{sentence} It is shown here as it is now.", sentence=render(error.message))
    return render(error.message)


def _deposit_line(detail: BookingDetail) -> str:
    deposit = detail.card.deposit
    came = [one for one in detail.payments if one.status in COLLECTED]
    refunded = Money(sum(one.refunded_minor for one in came), deposit.currency)
    paid = Money(sum(one.amount.amount_minor for one in came), deposit.currency)
    if not deposit.amount_minor and not paid.amount_minor:
        return tr("none")
    if refunded.amount_minor:
        return tr("{deposit}, paid {paid}, refunded {refunded}", deposit=deposit, paid=paid, refunded=refunded)
    return tr("{deposit}, paid {paid}", deposit=deposit, paid=paid)
