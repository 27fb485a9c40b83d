"""Taking deposits: by link, by hand, and what becomes of them."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from inkdesk.application.account_service import AccountService
from inkdesk.application.changes import Changes, of_payment
from inkdesk.application.contest import Cleared, Contest, rivals_of, with_room
from inkdesk.application.deposits import ClosedLink
from inkdesk.application.holds import REVIVABLE, Holds
from inkdesk.application.links import LinkService, OpenedLink
from inkdesk.application.locking import lock_for_money
from inkdesk.application.payment_gateway import GatewayBroken, GatewayFailure, GatewayOf, GatewayRefused, PaymentGateway
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.refund_service import RefundService, new_key
from inkdesk.application.settlement import Settlement, take_slot, write_paid
from inkdesk.application.units import afresh
from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.errors import (
    InkDeskError,
    SecretStoreUnavailable,
    StaleRecord,
    StripeNotConfigured,
    ValidationError,
)
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import (
    COLLECTED,
    KEPT,
    Payment,
    PaymentMethod,
    PaymentStatus,
)
from inkdesk.domain.refunds import RefundStatus
from inkdesk.domain.studio import Studio

_log = logging.getLogger(__name__)
ASKED_AGAIN: Final = timedelta(seconds=20)
"""An attempt this old was tried before: the desk asks for it once more."""
_OVER = frozenset({BookingStatus.COMPLETED, BookingStatus.NO_SHOW})


class PaymentService:
    """The use cases of one payment; also what booking needs of the payments (``Deposits``).

    ``practice_page`` is where a practice payment returns to.
    """

    def __init__(
        self, write: WriteUnit, read: ReadUnit, gateway: GatewayOf, clock: Clock, practice_page: str = ""
    ) -> None:
        self._write = write
        self._read = read
        self._clock = clock
        self.links = LinkService(write, read, gateway, clock, practice_page)
        self.refunds = RefundService(write, read, gateway, clock)
        self.settlement = Settlement(write, clock)
        self.holds = Holds(write, read, clock, self.links, self.settlement, self.contest)

    def check_ready(self, artist_id: int | None = None) -> None:
        """Raise StripeNotConfigured unless a link could be made; ask before the client is asked to pay.

        ``artist_id`` is whose booking it would be for, None if nobody is chosen yet.
        """
        self.links.check_ready(artist_id)

    def check_known(self, artist_id: int | None = None) -> None:
        """As ``check_ready``, without asking Stripe whose key this is. See ``Deposits``."""
        self.links.check_known(artist_id)

    @property
    def accounts(self) -> AccountService:
        """Artists' accounts, and the studio's own."""
        return self.links.accounts

    def stripe_now(self, uow: UnitOfWork) -> datetime:  # noqa: ARG002 - of the port; the clock is this process's own
        """The present by Stripe's clock as it was last learned; deadlines of holds are in it."""
        return self.links.stripe_clock.now()

    def ask_for_deposit(
        self,
        uow: UnitOfWork,
        booking: Booking,
        studio: Studio,
        now: datetime,  # noqa: ARG002 - of the port; Stripe's clock counts here
    ) -> Payment:
        """Save a new attempt by link with key and whole request; ``open_link`` sends it after the commit."""
        return self.links.new_attempt(uow, booking, studio)

    def open_link(self, payment_id: int) -> OpenedLink:
        """Make the saved link payable, or give the one that is. See ``LinkService.open``.

        Asked again, a key that Stripe keeps answering with a failure of its own is replaced at once.
        """
        return self.links.open(payment_id, ASKED_AGAIN)

    def close_link(self, payment_id: int) -> ClosedLink:
        """End a link before its booking is released or cancelled, or learn that it was paid.

        A GatewayFailure leaves the booking as it was; a link that Stripe refuses to speak of is a task, too.
        """
        try:
            settled = self.contest().close(payment_id)
        except GatewayRefused as refusal:
            self.settlement.refused(payment_id, refusal)
            raise
        with self._read() as uow:
            is_paid = uow.payments.get(payment_id).status in COLLECTED
        return ClosedLink(is_paid, settled.changes)

    def resend_link(self, booking_id: int, request_key: str = "") -> OpenedLink:
        """A new link with a full hold; every old one dies first. See ``Holds.resend``."""
        return self.holds.resend(booking_id, request_key)

    def take_cash(self, uow: UnitOfWork, booking: Booking, amount: Money, now: datetime) -> Payment:
        """Within a unit of work: a deposit that is in the till. The booking's status is the caller's."""
        return self._by_hand(uow, booking, PaymentMethod.CASH, amount, now, new_key())

    def record_by_hand(self, booking_id: int, method: PaymentMethod, amount: Money, request_key: str) -> Changes:
        """Money that came by cash, transfer or terminal: paid, in the ledger, booking confirmed.

        Links that could pay for it or its slot die first, and who paid by one was first: SlotTaken then, or if the
        hold did not keep its slot. If Stripe cannot be asked the money is taken all the same: the worker ends the
        links later, and a second payment goes back. Asked twice with one ``request_key`` it is written once.
        StaleRecord if the booking was paid meanwhile or is over.
        """
        if method is PaymentMethod.LINK:
            raise ValidationError(message("Choose cash, transfer or terminal."), field="method")
        with self._read() as uow:  # before any link is ended for it
            _check_amount(uow.bookings.get(booking_id), amount)

        def work(uow: UnitOfWork, rivals: frozenset[int]) -> Changes:
            lock_for_money(uow, {booking_id, *rivals}, seating=booking_id)
            booking = uow.bookings.get(booking_id)
            attempts = uow.payments.of_booking(booking_id)
            if any(one.idempotency_key == request_key for one in attempts):
                return Changes()
            _check_unpaid(booking, attempts)
            payment = self._by_hand(uow, booking, method, amount, self._clock.now(), request_key)
            changes = of_payment(payment)
            if booking.status in REVIVABLE:
                changes |= take_slot(uow, booking, rivals, f"paid by {method.value}", self._clock.now())
            return changes

        return with_room(
            lambda also: self._clear(booking_id, request_key, also),
            lambda cleared: cleared.settled.changes | afresh(self._write, lambda uow: work(uow, cleared.rivals)),
        )

    def refund(self, payment_id: int, amount: Money, reason: str, request_key: str) -> Changes:
        """Give money back, once per ``request_key``. See ``RefundService.refund``."""
        return self.refunds.refund(payment_id, amount, reason, request_key)

    def pay_refunds(self) -> Changes:
        """Send due refunds to Stripe now, as far as it answers; the worker does the rest."""
        with self._read() as uow:
            due = due_payments(uow)
        changes = Changes()
        for payment_id in due:
            try:
                changes |= self.refunds.pay(payment_id)
            except InkDeskError as failure:
                _log.info("refund of payment %s waits: %s", payment_id, type(failure).__name__)
                if isinstance(failure, GatewayFailure) and not isinstance(failure, GatewayRefused | GatewayBroken):
                    break
        return changes

    def release_overdue(self, booking_ids: Sequence[int]) -> Changes:
        """Ask Stripe about holds past their deadline, and let those go that nobody paid. See ``Holds``."""
        return self.holds.release_overdue(booking_ids)

    def contest(self) -> Contest:
        """A pass over payments at Stripe. StripeNotConfigured or SecretStoreUnavailable without a usable key."""
        return Contest(self.links, self.settlement, self._read, self._reachable())

    def _reachable(self) -> PaymentGateway:
        with self._read() as uow:
            studio = uow.studio.get()
        return self.links.gateway_for(studio)

    def _clear(self, booking_id: int, request_key: str, also: Collection[int]) -> Cleared:
        with self._read() as uow:
            booking = uow.bookings.get(booking_id)
            is_done = any(one.idempotency_key == request_key for one in uow.payments.of_booking(booking_id))
            if is_done or booking.status not in REVIVABLE:
                return Cleared()
            rivals = rivals_of(uow, booking_id)
        if not (also or rivals.links or rivals.others):  # then money in the till waits for nobody's answer
            return Cleared(rivals=rivals.holds)
        try:
            return self.contest().clear(booking_id, also)
        except (GatewayFailure, StripeNotConfigured, SecretStoreUnavailable) as failure:
            _log.info("booking %s is paid by hand without asking Stripe: %s", booking_id, type(failure).__name__)
            return Cleared()

    def _by_hand(
        self, uow: UnitOfWork, booking: Booking, method: PaymentMethod, amount: Money, now: datetime, key: str
    ) -> Payment:
        _check_amount(booking, amount)
        payment = uow.payments.add(
            Payment(
                booking_id=booking.id,
                attempt=len(uow.payments.of_booking(booking.id)) + 1,
                method=method,
                status=PaymentStatus.PAID,
                amount=amount,
                idempotency_key=key,
                charged_at=now,
                created_at=now,
            )
        )
        write_paid(uow, payment, amount, now, method.value)
        return payment


def due_payments(uow: UnitOfWork) -> list[int]:
    """Payments with a refund that Stripe was not asked for yet, or did not answer."""
    return sorted({one.payment_id for one in uow.payments.unfinished_refunds() if one.status is RefundStatus.CREATING})


def _check_amount(booking: Booking, amount: Money) -> None:
    """ValidationError for an amount that cannot be taken by hand."""
    if amount.amount_minor <= 0:
        raise ValidationError(message("A payment is higher than 0. Enter an amount."), field="amount")
    if amount.currency != booking.deposit.currency:
        raise ValidationError(
            message("This booking is priced in {currency}.", currency=booking.deposit.currency), field="amount"
        )


def _check_unpaid(booking: Booking, attempts: Sequence[Payment]) -> None:
    """StaleRecord if money by hand has no place here any more: pages that offered it must look again."""
    paid = next((one for one in attempts if one.status in KEPT), None)
    if paid is not None and paid.method is PaymentMethod.LINK:
        raise StaleRecord(message("This booking was paid by link a moment ago. Take no money; look at it again."))
    if paid is not None:
        raise StaleRecord(message("This booking is paid already. Take no money; look at it again."))
    if booking.status is BookingStatus.CANCELLED:
        raise StaleRecord(message("This booking is cancelled. Take no money; book a new time first."))
    if booking.status in _OVER:
        raise StaleRecord(message("This sitting is over, so it takes no deposit any more."))
