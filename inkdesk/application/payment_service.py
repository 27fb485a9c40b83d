"""Taking deposits: by link, by hand, and what becomes of them."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from inkdesk.application.changes import Changes
from inkdesk.application.deposits import ClosedLink
from inkdesk.application.links import LinkService, OpenedLink
from inkdesk.application.payment_gateway import GatewayBusy, GatewayFailure, GatewayOf, GatewayUnreachable
from inkdesk.application.poll_state import stripe_now
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.refund_service import RefundService, due_refund, new_key
from inkdesk.application.settlement import Settled, confirm, lapse_in, write_paid
from inkdesk.application.units import in_unit
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.errors import InkDeskError, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import (
    ASKING,
    COLLECTED,
    LedgerEntry,
    LedgerKind,
    Payment,
    PaymentMethod,
    PaymentStatus,
)
from inkdesk.domain.studio import HoldPolicy, Studio

_log = logging.getLogger(__name__)
_REVIVABLE = frozenset({BookingStatus.PENDING_PAYMENT, BookingStatus.LAPSED})


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

    def check_ready(self) -> None:
        """Raise StripeNotConfigured unless a link could be made; ask before the client is asked to pay."""
        self.links.check_ready()

    def stripe_now(self, uow: UnitOfWork) -> datetime:
        """The present by Stripe's clock as it was last learned; deadlines of holds are in it."""
        return stripe_now(uow, self._clock)

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
        """Make the saved link payable, or give the one that is. See ``LinkService.open``."""
        return self.links.open(payment_id)

    def close_link(self, payment_id: int) -> ClosedLink:
        """End a link before its booking is released or cancelled, or learn that it was paid."""
        settled = self.links.close(payment_id)
        with self._read() as uow:
            is_paid = uow.payments.get(payment_id).status in COLLECTED
        return ClosedLink(is_paid, settled.changes)

    def resend_link(self, booking_id: int) -> OpenedLink:
        """A new link with a full hold for an unpaid booking; every old one dies first.

        A lapsed hold is revived if its slot is still free (SlotTaken if not). ValidationError if it was paid.
        """
        self.check_ready()
        closed = self._close_links(booking_id)
        payment = in_unit(self._write, lambda uow: self._next_attempt(uow, booking_id))
        opened = self.links.open(payment.id)
        return replace(opened, changes=closed.changes | opened.changes | _touched(payment))

    def take_cash(self, uow: UnitOfWork, booking: Booking, amount: Money, now: datetime) -> Payment:
        """Within a unit of work: a deposit that is in the till. The booking's status is the caller's."""
        return self._by_hand(uow, booking, PaymentMethod.CASH, amount, now, new_key())

    def record_by_hand(self, booking_id: int, method: PaymentMethod, amount: Money, request_key: str) -> Changes:
        """Money that came by cash, transfer or terminal: paid, in the ledger, booking confirmed.

        Open links die first; if Stripe cannot be reached the worker ends them, and a second payment is refunded.
        Asked twice with one ``request_key`` it is written once. SlotTaken if the hold did not keep its slot.
        """
        if method is PaymentMethod.LINK:
            raise ValidationError(message("Choose cash, transfer or terminal."), field="method")
        try:
            changes = self._close_links(booking_id).changes
        except (GatewayUnreachable, GatewayBusy):
            changes = Changes()

        def work(uow: UnitOfWork) -> Changes:
            booking = uow.bookings.get(booking_id)
            if any(one.idempotency_key == request_key for one in uow.payments.of_booking(booking_id)):
                return Changes()
            payment = self._by_hand(uow, booking, method, amount, self._clock.now(), request_key)
            if booking.status in _REVIVABLE:
                confirm(uow, booking, f"paid by {method.value}")
            return _touched(payment)

        return changes | in_unit(self._write, work)

    def refund(self, payment_id: int, amount: Money, reason: str, request_key: str) -> Changes:
        """Give money back, once per ``request_key``. See ``RefundService.refund``."""
        return self.refunds.refund(payment_id, amount, reason, request_key)

    def settle_fate(
        self, uow: UnitOfWork, booking: Booking, payment: Payment, fate: DepositFate, refund: Money, why: str
    ) -> None:
        """Within a unit of work: write what becomes of a paid deposit.

        REFUND leaves ``refund`` due, and what is not refunded is forfeited.
        """
        left = Money(payment.amount.amount_minor - payment.refunded_minor, payment.amount.currency)
        now = self._clock.now()
        if fate is DepositFate.REFUND and refund.amount_minor:
            due_refund(uow, payment, refund, why, now=now)
            left -= refund
        kind = LedgerKind.CREDITED if fate is DepositFate.CREDIT else LedgerKind.FORFEITED
        if left.amount_minor:
            uow.payments.write_ledger(
                LedgerEntry(
                    kind=kind,
                    booking_id=booking.id,
                    payment_id=payment.id,
                    amount=left,
                    at=now,
                    who=uow.who,
                    why=why,
                    fact_key=f"{kind.value}:{payment.id}",
                )
            )

    def pay_refunds(self) -> Changes:
        """Send due refunds to Stripe now, as far as it answers; the worker does the rest."""
        with self._read() as uow:
            due = [one.id for one in uow.payments.unfinished() if one.status is PaymentStatus.REFUND_DUE]
        changes = Changes()
        for payment_id in due:
            try:
                changes |= self.refunds.pay(payment_id)
            except InkDeskError as failure:
                _log.info("refund of payment %s waits: %s", payment_id, type(failure).__name__)
                if isinstance(failure, GatewayFailure):
                    break
        return changes

    def release_overdue(self, booking_ids: Sequence[int]) -> Changes:
        """Ask Stripe about holds past their deadline, and let those go that nobody paid.

        GatewayFailure if Stripe does not answer: then nothing was let go on a guess.
        """
        settled = Settled()
        for booking_id in booking_ids:
            settled |= self._release(booking_id)
        return settled.changes

    def _release(self, booking_id: int) -> Settled:
        settled = Settled()
        for payment in self._asking(booking_id):
            settled |= self.links.release(payment.id)
        return settled | in_unit(
            self._write, lambda uow: lapse_in(uow, uow.bookings.get(booking_id), self.stripe_now(uow))
        )

    def _close_links(self, booking_id: int) -> Settled:
        settled = Settled()
        for payment in self._asking(booking_id):
            settled |= self.links.close(payment.id)
        return settled

    def _asking(self, booking_id: int) -> list[Payment]:
        with self._read() as uow:
            return [one for one in uow.payments.of_booking(booking_id) if one.status in ASKING]

    def _next_attempt(self, uow: UnitOfWork, booking_id: int) -> Payment:
        booking, studio = uow.bookings.get(booking_id), uow.studio.get()
        attempts = uow.payments.of_booking(booking_id)
        if booking.status not in _REVIVABLE or any(one.status in COLLECTED for one in attempts):
            raise ValidationError(message("This booking does not wait for a payment any more. Reload it."))
        if any(one.status in ASKING for one in attempts):
            raise ValidationError(message("A payment for this booking is under way. Wait until it is settled."))
        if booking.status is BookingStatus.LAPSED:
            holds_block = studio.hold_policy is HoldPolicy.HOLD_WHILE_PAYING
            uow.bookings.set_blocks(booking.id, blocks=holds_block)
            uow.bookings.note_history(booking.id, BookingStatus.PENDING_PAYMENT.value, "new link")
        until = self.stripe_now(uow) + timedelta(seconds=studio.hold_s)
        held = uow.bookings.save(replace(booking, status=BookingStatus.PENDING_PAYMENT, hold_until=until))
        return self.links.new_attempt(uow, held, studio)

    def _by_hand(
        self, uow: UnitOfWork, booking: Booking, method: PaymentMethod, amount: Money, now: datetime, key: str
    ) -> Payment:
        if amount.amount_minor <= 0:
            raise ValidationError(message("A payment is higher than 0. Enter an amount."), field="amount")
        if amount.currency != booking.deposit.currency:
            raise ValidationError(
                message("This booking is priced in {currency}.", currency=booking.deposit.currency), field="amount"
            )
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


def _touched(payment: Payment) -> Changes:
    return Changes(bookings=frozenset({payment.booking_id}), payments=frozenset({payment.id}))
