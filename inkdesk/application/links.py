"""The life of a checkout link: saved, made at Stripe, made again with the right clock, ended."""

import json
import logging
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from inkdesk.application.account_service import AccountService
from inkdesk.application.changes import Changes, of_payment
from inkdesk.application.checkout import check_amount, link_life_s, route_of, session_params, success_page
from inkdesk.application.locking import lock_for_money
from inkdesk.application.payment_gateway import (
    GatewayBroken,
    GatewayFailure,
    GatewayInFlight,
    GatewayOf,
    GatewayRefused,
    PaymentGateway,
)
from inkdesk.application.poll_state import StripeClock
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.refund_service import new_key
from inkdesk.application.settlement import Settlement
from inkdesk.application.units import afresh, in_unit
from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.errors import StaleRecord, StripeNotConfigured, ValidationError
from inkdesk.domain.message import Message, message
from inkdesk.domain.payments import LedgerEntry, LedgerKind, Payment, PaymentMethod, PaymentStatus, advance
from inkdesk.domain.reconciling import SessionFacts, SessionStatus, is_overdue
from inkdesk.domain.studio import Mode, Studio

CLOCK_NOISE: Final = timedelta(seconds=30)
"""Slow answers look like a wrong clock up to here."""
LISTED_FROM: Final = timedelta(hours=1)
"""So much earlier than this computer dated an attempt its session is looked for."""
PATIENCE: Final = timedelta(minutes=10)
"""How long a key is tried that Stripe answers with a failure of its own: it keeps such an answer for a day."""
_log = logging.getLogger(__name__)


class AccountRefused(StripeNotConfigured):
    """Stripe refused to make a link because of its account, so that there is none; ``seen_at`` is Stripe's time."""

    def __init__(self, sentence: Message, seen_at: datetime | None) -> None:
        super().__init__(sentence)
        self.seen_at = seen_at


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A payable link: ``url`` holds a long fragment and must be kept whole."""

    payment: Payment
    url: str = field(repr=False)
    changes: Changes = field(default_factory=Changes)


class LinkService:
    """Makes and ends links. Every request is saved before it is sent, and sent again word for word.

    ``practice_page`` is where a practice payment returns to. No call is made inside a unit of work.
    """

    def __init__(
        self, write: WriteUnit, read: ReadUnit, gateway: GatewayOf, clock: Clock, practice_page: str = ""
    ) -> None:
        self.stripe_clock = StripeClock(clock)
        self.accounts = AccountService(write, read, gateway, clock)
        self._write = write
        self._read = read
        self._gateway = gateway
        self._clock = clock
        self._practice_page = practice_page
        self._settlement = Settlement(write, clock)

    def check_ready(self, artist_id: int | None = None) -> None:
        """Raise StripeNotConfigured unless a link could be made: key, mode, page to return to, the artist's account."""
        with self._read() as uow:
            studio = uow.studio.get()
        success_page(studio, self._practice_page)
        self.gateway_for(studio)
        self.accounts.check_ready(artist_id)

    def check_known(self, artist_id: int | None = None) -> None:
        """As ``check_ready``, but for the account that the key is of: that is asked before a link is made."""
        with self._read() as uow:
            studio = uow.studio.get()
        success_page(studio, self._practice_page)
        self._of_mode(studio)
        self.accounts.check_ready(artist_id)

    def gateway_for(self, studio: Studio) -> PaymentGateway:
        """The gateway, if its money is the studio's kind and its account the studio's; else StripeNotConfigured."""
        gateway = self._of_mode(studio)
        self.accounts.check_key(gateway)
        return gateway

    def _of_mode(self, studio: Studio) -> PaymentGateway:
        gateway = self._gateway()
        if gateway.mode is not studio.mode:
            raise StripeNotConfigured(
                message("The Stripe key is for another mode than this studio. Enter the right one in Settings.")
            )
        return gateway

    def new_attempt(self, uow: UnitOfWork, booking: Booking, studio: Studio) -> Payment:
        """Save the next attempt of a booking, with everything that will be sent; nothing is sent here.

        It is dated for a hold as long as ``studio`` says, and so its hold is dated anew if a clock turns out wrong.
        StripeNotConfigured if the artist's account cannot be paid.
        """
        check_amount(booking.deposit)
        attempt = len(uow.payments.of_booking(booking.id)) + 1
        expires_at = self.stripe_clock.now() + timedelta(seconds=link_life_s(studio.hold_s))
        page = success_page(studio, self._practice_page)
        route = route_of(uow, booking.artist_id, booking.deposit)
        payment = uow.payments.add(
            Payment(
                booking_id=booking.id,
                attempt=attempt,
                method=PaymentMethod.LINK,
                status=PaymentStatus.CREATING,
                amount=booking.deposit,
                idempotency_key=new_key(),
                params=session_params(uow, booking, studio, attempt, expires_at, page, route),
                expires_at=expires_at,
                account=route.account,
                destination=route.destination,
                app_fee_minor=route.fee_minor,
                created_at=self._clock.now(),
            )
        )
        uow.payments.write_ledger(_asked(uow, payment, self._clock.now()))
        uow.requests.note(_length_key(payment), str(studio.hold_s))
        return payment

    def open(self, payment_id: int, patience: timedelta = PATIENCE) -> OpenedLink:
        """Make the saved link payable, or give the one that is; by a second attempt if the first can never be made.

        That is so if it was dated by a wrong clock, or if its key is older than ``patience`` and Stripe still answers
        it with a failure of its own. Raises StaleRecord if it cannot be paid any more, GatewayFailure if Stripe does
        not make it: after GatewayUnreachable and GatewayBusy the attempt stays saved and is sent again. So it does
        after AccountRefused: the account may not take payments at present.
        """
        payment, studio = self._saved(self._latest(payment_id))
        changes = Changes()
        if payment.status is PaymentStatus.CREATING:
            try:
                payment, changes = self._send(payment, studio)
            except GatewayInFlight:
                raise  # somebody else is sending it: a second attempt beside it could be paid, too
            except (GatewayRefused, GatewayBroken) as failure:
                again = self._corrected(payment, failure, patience)
                payment, changes = self._send(again, studio)
                changes |= of_payment(payment)
        if payment.status is not PaymentStatus.OPEN or not payment.url:
            raise StaleRecord(message("This link cannot be paid any more. Reload the booking."))
        return OpenedLink(payment, payment.url, changes)

    def sent(self, payment_id: int, *, is_ending: bool) -> tuple[Payment | None, Changes]:
        """The payment with its session's id, made sure of if the answer was lost; None if there never was a session.

        AccountRefused while its hold waits and it is not to be ended: it is sent when the account may take payments.
        """
        payment, studio = self._saved(payment_id)
        if payment.status is not PaymentStatus.CREATING:
            return payment, Changes()
        try:
            return self._send(payment, studio)
        except GatewayInFlight:
            raise
        except AccountRefused as refusal:
            if not is_ending and not self.is_over(payment, refusal.seen_at or self.stripe_clock.now()):
                raise
            return None, self.give_up(payment_id) | of_payment(payment)
        except (GatewayRefused, GatewayBroken, ValidationError):
            return None, self.give_up(payment_id) | of_payment(payment)

    def look(self, gateway: PaymentGateway, payment: Payment) -> SessionFacts:
        """What Stripe says of the payment's session now."""
        facts = gateway.session(payment.session_id, payment.account)
        self.stripe_clock.learn(facts.seen_at)
        return facts

    def is_over(self, payment: Payment, stripe_now: datetime) -> bool:
        """Whether a link has no business any more: its hold is past the deadline, or waits no longer."""
        with self._read() as uow:
            booking = uow.bookings.get(payment.booking_id)
        return booking.status is not BookingStatus.PENDING_PAYMENT or is_overdue(booking, stripe_now)

    def end_at_stripe(self, gateway: PaymentGateway, payment: Payment, seen: SessionFacts) -> SessionFacts:
        """After a look that found it open: expire, look again; the last word is what is written."""
        if seen.status is not SessionStatus.OPEN:
            return seen
        with suppress(GatewayRefused):  # it was paid or ended in this very moment: the next look says which
            gateway.expire_session(payment.session_id, payment.account)
        return self.look(gateway, payment)

    def give_up(self, payment_id: int) -> Changes:
        """An attempt that Stripe will never make; nobody ever saw its link."""
        return in_unit(self._write, lambda uow: self._fail(uow, payment_id))

    def _send(self, payment: Payment, studio: Studio) -> tuple[Payment, Changes]:
        gateway = self.gateway_for(studio)
        try:
            facts = gateway.create_session(json.loads(payment.params), payment.idempotency_key, payment.account)
        except GatewayRefused as refusal:
            if refusal.is_about_account:
                self._keep_for_later(payment)
                raise AccountRefused(_account_sentence(payment), refusal.seen_at) from None
            if not _is_clock(refusal):
                self.give_up(payment.id)
                raise ValidationError(refusal.message, field="deposit") from None
            raise
        except GatewayInFlight:
            raise
        except GatewayBroken:
            facts = self._made_all_the_same(gateway, payment)
        self.stripe_clock.learn(facts.seen_at)
        settled = self._settlement.settle(payment.id, facts, is_live=gateway.mode is Mode.LIVE, lapse=False)
        stored = in_unit(self._write, lambda uow: self._by_stripes_clock(uow, payment.id, facts.seen_at))
        if stored.session_id != facts.session_id:
            self._drop_orphan(gateway, stored, facts.session_id)
        return stored, settled.changes

    def _keep_for_later(self, payment: Payment) -> None:
        """A new key for an attempt that the account was refused: to the old one Stripe would say the same for a day."""

        def work(uow: UnitOfWork) -> None:
            stored = uow.payments.get(payment.id)
            if stored.status is PaymentStatus.CREATING and stored.idempotency_key == payment.idempotency_key:
                uow.payments.save(replace(stored, idempotency_key=new_key()))

        afresh(self._write, work)

    def _made_all_the_same(self, gateway: PaymentGateway, payment: Payment) -> SessionFacts:
        """The session of a call that Stripe answered with a failure of its own; the failure if there is none."""
        since = payment.created_at + timedelta(seconds=self.stripe_clock.offset_s) - LISTED_FROM
        marks = json.loads(payment.params)["metadata"]
        for facts in gateway.sessions_since(since, payment.account):
            if facts.marks == marks:
                return gateway.session(facts.session_id, payment.account)
        raise GatewayBroken

    def _corrected(self, payment: Payment, failure: GatewayFailure, patience: timedelta) -> Payment:
        """A new attempt with a new key. If Stripe's clock refused the date, its time is learned and the hold full."""
        is_clock = isinstance(failure, GatewayRefused)
        if is_clock:
            if failure.seen_at is None:
                raise failure
            self.stripe_clock.learn(failure.seen_at)
        elif timedelta() <= self._clock.now() - payment.created_at < patience:
            raise failure

        def work(uow: UnitOfWork) -> Payment:
            lock_for_money(uow, [payment.booking_id])
            studio, booking = uow.studio.get(), uow.bookings.get(payment.booking_id)
            if booking.status is not BookingStatus.PENDING_PAYMENT or not self._fail(uow, payment.id):
                raise StaleRecord(message("This booking does not wait for a payment any more."))
            studio = replace(studio, hold_s=_length_s(uow, payment, studio))
            if is_clock:  # else the deadline stands: trouble at Stripe must not keep the slot for ever
                until = self.stripe_clock.now() + timedelta(seconds=studio.hold_s)
                booking = uow.bookings.save(replace(booking, hold_until=until))
            return self.new_attempt(uow, booking, studio)

        _log.info("payment %s: new attempt after %s", payment.id, type(failure).__name__)
        return in_unit(self._write, work)

    def _by_stripes_clock(self, uow: UnitOfWork, payment_id: int, seen_at: datetime) -> Payment:
        """The stored payment; a hold that is longer than it was meant was dated by a fast clock, and is dated anew."""
        payment = uow.payments.get(payment_id)
        booking = uow.bookings.get(payment.booking_id)
        full = timedelta(seconds=_length_s(uow, payment, uow.studio.get()))
        is_wrong = booking.hold_until is not None and booking.hold_until > seen_at + full + CLOCK_NOISE
        if is_wrong and booking.status is BookingStatus.PENDING_PAYMENT:
            uow.bookings.save(replace(booking, hold_until=seen_at + full))
        return payment

    def _fail(self, uow: UnitOfWork, payment_id: int) -> Changes:
        payment = uow.payments.get(payment_id)
        if payment.status is not PaymentStatus.CREATING:
            return Changes()
        uow.payments.save(replace(advance(payment, PaymentStatus.FAILED), params=""))
        return of_payment(payment)

    def _drop_orphan(self, gateway: PaymentGateway, payment: Payment, session_id: str) -> None:
        """A session whose attempt was given up meanwhile; nobody saw its link.

        Its id is kept with the attempt first: whatever becomes of this call, a sweep finds and ends it (``Strays``).
        """

        def work(uow: UnitOfWork) -> None:
            stored = uow.payments.get(payment.id)
            if not stored.session_id:
                uow.payments.save(replace(stored, session_id=session_id))

        afresh(self._write, work)
        with suppress(GatewayFailure):
            gateway.expire_session(session_id, payment.account)

    def _latest(self, payment_id: int) -> int:
        """The attempt itself, or the one that was made in its place."""
        with self._read() as uow:
            payment = uow.payments.get(payment_id)
            if payment.status is not PaymentStatus.FAILED:
                return payment_id
            return max(one.id for one in uow.payments.of_booking(payment.booking_id))

    def _saved(self, payment_id: int) -> tuple[Payment, Studio]:
        with self._read() as uow:
            return uow.payments.get(payment_id), uow.studio.get()


def _account_sentence(payment: Payment) -> Message:
    if payment.account or payment.destination:
        return message(
            "The artist's Stripe account cannot take payments at present. "
            "See at Stripe what it lacks; the link is made when it can."
        )
    return message(
        "Your Stripe account cannot take payments at present. "
        "See in Stripe's dashboard what it lacks; the link is made when it can."
    )


def _length_key(payment: Payment) -> str:
    return f"length-of-hold:{payment.id}"


def _length_s(uow: UnitOfWork, payment: Payment, studio: Studio) -> int:
    """How long the hold of an attempt was meant to wait: an extended one longer than the studio's."""
    noted = uow.requests.result_of(_length_key(payment))
    return studio.hold_s if noted is None else int(noted)


def _is_clock(refusal: GatewayRefused) -> bool:
    return refusal.param == "expires_at"


def _asked(uow: UnitOfWork, payment: Payment, now: datetime) -> LedgerEntry:
    return LedgerEntry(
        kind=LedgerKind.ASKED,
        booking_id=payment.booking_id,
        payment_id=payment.id,
        amount=payment.amount,
        at=now,
        who=uow.who,
        why="link",
        fact_key=f"asked:{payment.id}",
    )
