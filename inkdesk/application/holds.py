"""The life of an unpaid hold: a new link, more time, let go in time or by a person's word."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from inkdesk.application import desk_tasks
from inkdesk.application.changes import Changes
from inkdesk.application.contest import Contest
from inkdesk.application.links import LinkService, OpenedLink
from inkdesk.application.locking import lock_for_money
from inkdesk.application.open_tasks import close_gone
from inkdesk.application.payment_gateway import GatewayFailure, PaymentGateway
from inkdesk.application.placing import place_again
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.series_tasks import tell_unpaid
from inkdesk.application.settlement import Settled, Settlement
from inkdesk.application.units import afresh, in_unit
from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.errors import (
    SecretStoreUnavailable,
    SlotUnavailable,
    StaleRecord,
    StripeNotConfigured,
    ValidationError,
)
from inkdesk.domain.message import message
from inkdesk.domain.payments import ASKING, KEPT, Payment, PaymentStatus

_log = logging.getLogger(__name__)
REVIVABLE: Final = frozenset({BookingStatus.PENDING_PAYMENT, BookingStatus.LAPSED})
"""A booking whose deposit may still be asked for."""
LONGEST: Final = timedelta(hours=24)
"""No hold waits longer than this from now."""
LINK_OUTLIVES: Final = timedelta(seconds=120)
"""So much longer than its hold a link must live at Stripe: InkDesk ends it, not Stripe's clock."""


@dataclass(frozen=True, slots=True)
class Extended:
    """A hold with more time; ``opened`` is its new link if the old one could not live so long."""

    until: datetime
    opened: OpenedLink | None = None
    changes: Changes = field(default_factory=Changes)


class Holds:
    """The use cases of a hold that waits for its deposit. No call is made inside a unit of work.

    ``contest`` begins a pass over payments at Stripe; it fails without a usable key.
    """

    def __init__(
        self,
        write: WriteUnit,
        read: ReadUnit,
        clock: Clock,
        links: LinkService,
        settlement: Settlement,
        contest: Callable[[], Contest],
    ) -> None:
        self._write = write
        self._read = read
        self._clock = clock
        self._links = links
        self._settlement = settlement
        self._contest = contest

    def resend(self, booking_id: int, request_key: str = "") -> OpenedLink:
        """A new link with a full hold for an unpaid booking that is still to come; every old one dies first.

        A lapsed hold is revived if its time can still be booked: SlotTaken or SlotUnavailable if not.
        StaleRecord if it was paid or is over. Asked again with one ``request_key`` the same link is given.
        """
        with self._read() as uow:
            artist_id = uow.bookings.get(booking_id).artist_id
        self._links.check_ready(artist_id)
        payment_id = self._made(request_key)
        closed = Settled()
        if payment_id is None:
            closed = self._close_links(booking_id)
            payment_id = in_unit(self._write, lambda uow: self._next_attempt(uow, booking_id, request_key))
        opened = self._links.open(payment_id)
        touched = Changes(frozenset({booking_id}), payments=frozenset({payment_id}))
        return replace(opened, changes=closed.changes | opened.changes | touched)

    def extend(self, booking_id: int, seconds: int, request_key: str) -> Extended:
        """Let a hold wait ``seconds`` longer. Beyond its link's life the old link dies first, and a new one is made.

        ValidationError for less than a second or more than a day from now, StaleRecord if the booking is held no more.
        """
        payment_id = self._made(request_key)
        with self._read() as uow:
            booking, _ = self._held(uow, booking_id)
        if payment_id is not None:
            opened = self._links.open(payment_id) if payment_id else None
            return Extended(self._until(booking_id), opened, opened.changes if opened else Changes())
        extended = afresh(self._write, lambda uow: self._wait_longer(uow, booking_id, seconds, request_key))
        if extended is not None:
            return extended
        self._links.check_ready(booking.artist_id)
        closed = self._close_links(booking_id)
        made = in_unit(self._write, lambda uow: self._next_attempt(uow, booking_id, request_key, longer_s=seconds))
        opened = self._links.open(made)
        changes = closed.changes | opened.changes | Changes(frozenset({booking_id}))
        return Extended(self._until(booking_id), opened, changes)

    def release(self, booking_id: int, reason: str, request_key: str) -> Changes:
        """Let a hold go before its time, on a person's word.

        Stripe is asked first, and a link that can be ended is. If it cannot be asked the hold goes all the same: the
        history has the ``reason``, and the desk is told to watch the link; money that still comes takes the time back
        if it is free, or goes back. StaleRecord if the booking was paid meanwhile.
        """
        if not reason.strip():
            raise ValidationError(message("Say why the time is given free without its payment."), field="reason")
        changes = Changes()
        try:
            if self._made(request_key) is None:
                changes = self._close_links(booking_id).changes
        except (GatewayFailure, StripeNotConfigured, SecretStoreUnavailable) as failure:
            _log.info("booking %s is released without asking Stripe: %s", booking_id, type(failure).__name__)
        return changes | afresh(self._write, lambda uow: self._let_go(uow, booking_id, reason.strip(), request_key))

    def release_overdue(self, booking_ids: Sequence[int]) -> Changes:
        """Ask Stripe about holds past their deadline, and let those go that nobody paid.

        GatewayFailure if Stripe does not answer: then nothing was let go on a guess.
        """
        settled = Settled()
        for booking_id in booking_ids:
            settled |= self._release(booking_id)
        return settled.changes

    def _release(self, booking_id: int) -> Settled:
        settled, contest = Settled(), self._contest()
        for payment in self._asking(booking_id):
            settled |= contest.handle(payment.id)
        with self._read() as uow:
            is_held = uow.bookings.get(booking_id).status is BookingStatus.PENDING_PAYMENT
        if is_held:  # no session told Stripe's time, and the clock of one desk must not let a hold go
            stripe_now = self._reachable().hints_since(self._links.stripe_clock.now()).seen_at
            settled |= self._settlement.lapse(booking_id, stripe_now)
        return settled

    def _reachable(self) -> PaymentGateway:
        with self._read() as uow:
            studio = uow.studio.get()
        return self._links.gateway_for(studio)

    def _close_links(self, booking_id: int) -> Settled:
        settled, contest = Settled(), self._contest()
        for payment in self._asking(booking_id):
            settled |= contest.close(payment.id)
        return settled

    def _asking(self, booking_id: int) -> list[Payment]:
        with self._read() as uow:
            return [one for one in uow.payments.of_booking(booking_id) if one.status in ASKING]

    def _made(self, request_key: str) -> int | None:
        """The payment that a request with this key led to already (0: none was needed)."""
        with self._read() as uow:
            result = uow.requests.result_of(request_key) if request_key else None
        return None if result is None else int(result)

    def _held(self, uow: UnitOfWork, booking_id: int) -> tuple[Booking, Payment | None]:
        """A booking that waits for its deposit, and its link if it can be paid; StaleRecord if it waits no more."""
        booking, attempts = uow.bookings.get(booking_id), uow.payments.of_booking(booking_id)
        if booking.status is not BookingStatus.PENDING_PAYMENT or any(one.status in KEPT for one in attempts):
            raise StaleRecord(message("This booking does not wait for a payment any more. Reload it."))
        if any(one.status is PaymentStatus.PROCESSING for one in attempts):
            raise being_paid()
        asking = [one for one in attempts if one.status in ASKING]
        return booking, asking[-1] if asking else None

    def _wait_longer(self, uow: UnitOfWork, booking_id: int, seconds: int, request_key: str) -> Extended | None:
        """Reckoned under the lock, lest two desks' extensions become one; None if the link cannot live so long."""
        lock_for_money(uow, [booking_id])
        booking, link = self._held(uow, booking_id)
        now = self._links.stripe_clock.now()
        until = _longer(booking, seconds, now)
        if seconds <= 0 or until > now + LONGEST:
            raise ValidationError(
                message("A hold can wait up to 24 hours from now. Enter fewer minutes."), field="minutes"
            )
        if link is None or not _outlives(link, until):
            return None
        if not uow.requests.note(request_key, "0"):
            return Extended(booking.hold_until or now)
        uow.bookings.save(replace(booking, hold_until=until))
        uow.bookings.note_history(booking_id, extended_words(until), "")
        return Extended(until, None, Changes(frozenset({booking_id})))

    def _until(self, booking_id: int) -> datetime:
        """Until when a hold waits, by the answer of its link."""
        with self._read() as uow:
            return uow.bookings.get(booking_id).hold_until or self._clock.now()

    def _next_attempt(self, uow: UnitOfWork, booking_id: int, request_key: str, *, longer_s: int = 0) -> int:
        """Save a new attempt and hold the booking for it: a full hold, or ``longer_s`` more. The answer is its id."""
        lock_for_money(uow, [booking_id], seating=booking_id)
        booking, studio = uow.bookings.get(booking_id), uow.studio.get()
        self._check_unpaid(booking, uow.payments.of_booking(booking_id))
        now = self._links.stripe_clock.now()
        if booking.status is BookingStatus.LAPSED:
            booking = place_again(uow, studio, booking, self._clock.now(), now)
            uow.bookings.note_history(booking.id, BookingStatus.PENDING_PAYMENT.value, "new link")
        if longer_s:
            until = min(_longer(booking, longer_s, now), now + LONGEST)
            studio = replace(studio, hold_s=int((until - now).total_seconds()))
            uow.bookings.note_history(booking.id, extended_words(until), "new link")
        until = now + timedelta(seconds=studio.hold_s)
        held = uow.bookings.save(replace(booking, status=BookingStatus.PENDING_PAYMENT, hold_until=until))
        payment = self._links.new_attempt(uow, held, studio)
        close_gone(uow, [booking_id], self._clock.now())
        if request_key:
            uow.requests.note(request_key, str(payment.id))
        return payment.id

    def _check_unpaid(self, booking: Booking, attempts: Sequence[Payment]) -> None:
        if booking.status not in REVIVABLE or any(one.status in KEPT for one in attempts):
            raise StaleRecord(message("This booking does not wait for a payment any more. Reload it."))
        if any(one.status in ASKING for one in attempts):
            raise StaleRecord(message("A payment for this booking is under way. Wait until it is settled."))
        if booking.starts_at <= self._clock.now():
            raise SlotUnavailable(message("This sitting's time has passed. Book a new time."))

    def _let_go(self, uow: UnitOfWork, booking_id: int, reason: str, request_key: str) -> Changes:
        lock_for_money(uow, [booking_id])
        if not uow.requests.note(request_key, "0"):
            return Changes()
        booking, link = self._held(uow, booking_id)
        uow.bookings.set_blocks(booking_id, blocks=False)
        uow.bookings.note_history(booking_id, FREED if link is None else RELEASED, reason)
        uow.bookings.save(replace(booking, status=BookingStatus.LAPSED))
        has_task = link is not None and _watch(uow, link, booking, self._clock.now())
        has_task |= tell_unpaid(uow, booking, uow.payments.of_booking(booking_id), self._clock.now())
        return Changes(bookings=frozenset({booking_id}), tasks=has_task)


FREED: Final = "FREED"
"""What the history says of a hold that a person let go after its link was closed."""
RELEASED: Final = "RELEASED"
"""What the history says of a hold that a person let go while its link may still be paid."""
EXTENDED: Final = "EXTENDED "


def being_paid() -> StaleRecord:
    """The refusal to decide about a hold whose money a bank is moving."""
    return StaleRecord(message("The bank is working on this payment, and the time is kept until it has answered."))


def _longer(booking: Booking, seconds: int, now: datetime) -> datetime:
    return max(booking.hold_until or now, now) + timedelta(seconds=seconds)


def _outlives(link: Payment, until: datetime) -> bool:
    """Whether a link can be paid until then; one that was not sent yet is made anew."""
    if link.status is not PaymentStatus.OPEN or link.expires_at is None:
        return False
    return until + LINK_OUTLIVES <= link.expires_at


def extended_words(until: datetime) -> str:
    """What the history says of a hold that got more time: ``EXTENDED until`` as a UTC instant."""
    return EXTENDED + until.astimezone(UTC).isoformat(timespec="minutes")


def _watch(uow: UnitOfWork, link: Payment, booking: Booking, now: datetime) -> bool:
    sentence = message(
        "The time {start} of {client} was given free, but Stripe could not be asked, so the link may still be paid. "
        "Watch it: InkDesk ends it as soon as Stripe answers.",
        start=booking.starts_at,
        client=desk_tasks.client_of(uow, booking),
    )
    return desk_tasks.tell(uow, "watch_link", link.id, sentence, link, now)
