"""Finding out at Stripe what was really paid, and bringing the book to it.

Events are hints, sessions are the truth. One look may be cut short at any point: what was written stands, what was
not is found again by the next one.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from inkdesk.application.changes import Changes
from inkdesk.application.contest import Contest
from inkdesk.application.payment_gateway import (
    GatewayBroken,
    GatewayFailure,
    GatewayRefused,
    Hint,
    Hints,
    PaymentGateway,
)
from inkdesk.application.payment_service import PaymentService, due_payments
from inkdesk.application.poll_state import OVERLAP_S, WRONG_CLOCK_S, PollState, reads_key
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.settlement import Settled
from inkdesk.application.units import in_unit
from inkdesk.domain.bookings import Booking
from inkdesk.domain.errors import DatabaseUnreachable, InkDeskError
from inkdesk.domain.message import Message, message
from inkdesk.domain.payments import ASKING, COLLECTED, Payment, PaymentMethod, PaymentStatus
from inkdesk.domain.reconciling import SessionStatus, is_overdue
from inkdesk.domain.refunds import RefundStatus
from inkdesk.domain.spans import to_instant, to_seconds
from inkdesk.domain.studio import Studio

_log = logging.getLogger(__name__)
SEVERAL: Final = 2
"""So many calls that failed at Stripe are no chance any more: the desk is told."""
LISTED_FOR: Final = timedelta(days=2)
"""A sweep lists sessions that are younger; older attempts are asked for one by one."""
FEW: Final = 3
"""So few attempts are asked for one by one, too."""
FRESH: Final = timedelta(seconds=20)
"""An attempt this young is being sent by the desk that saved it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookResult:
    """What one look brought.

    ``paid``: bookings that money has just confirmed; ``deadline``: the next hold's end in Stripe's time, ``has_holds``
    whether there is one (holds past it wait for a bank or for the desk, not for a payer);
    ``offset_s``: Stripe's clock less this computer's; ``banner``: what the desk must know, None = all is well;
    ``is_trouble``: Stripe could not be asked, so back off; ``was_asked`` is False also where
    there is no key to ask with.
    """

    changes: Changes = field(default_factory=Changes)
    paid: tuple[int, ...] = ()
    deadline: datetime | None = None
    offset_s: int = 0
    banner: Message | None = None
    is_trouble: bool = False
    was_asked: bool = True
    has_holds: bool = False
    reads_share: float = 0.0


@dataclass(frozen=True, slots=True)
class _Picture:
    """The book as a look found it."""

    studio: Studio
    state: PollState
    unfinished: Sequence[Payment]
    holds: Mapping[int, Booking]

    def links(self, *statuses: PaymentStatus) -> list[Payment]:
        return [one for one in self.unfinished if one.status in statuses and one.method is PaymentMethod.LINK]

    def is_awaited(self, payment: Payment, stripe_now: datetime) -> bool:
        """Whether its booking still waits for this payment."""
        hold = self.holds.get(payment.booking_id)
        return hold is not None and not is_overdue(hold, stripe_now)


@dataclass(slots=True)
class _Tally:
    """What a look has brought so far; ``is_whole`` turns False if an event's payment must be looked at again."""

    state: PollState
    settled: Settled = field(default_factory=Settled)
    is_whole: bool = True
    broken: int = 0
    """Payments and lists that Stripe answered with a failure of its own."""

    def note_broken(self) -> None:
        """One more of them; the others go on."""
        self.broken += 1
        self.is_whole = False


class ReconcileService:
    """One look at a time; no call to Stripe is made inside a unit of work."""

    def __init__(self, payments: PaymentService, write: WriteUnit, read: ReadUnit, clock: Clock) -> None:
        self._payments = payments
        self._write = write
        self._read = read
        self._clock = clock
        self._settlement = payments.settlement
        self._stripe_clock = payments.links.stripe_clock

    def look(self, *, sweep: bool = False) -> LookResult:
        """Ask Stripe what happened and write it; ``sweep`` asks about every open attempt, not only by events.

        Raises DatabaseUnreachable. When Stripe cannot be asked nothing changes, and ``banner`` says so.
        """
        picture = self._picture()
        tally = _Tally(self._with_cursor(picture.state))
        try:
            gateway = self._payments.links.gateway_for(picture.studio)
        except InkDeskError as failure:
            needs_stripe = any(one.method is PaymentMethod.LINK for one in picture.unfinished)
            banner = failure.message if needs_stripe else None
            return replace(self._result(tally, banner, is_trouble=needs_stripe), was_asked=False)
        banner = None
        try:
            self._pass(gateway, picture, tally, sweep=sweep)
        except GatewayFailure as failure:
            _log.info("look at Stripe ended early: %s", type(failure).__name__)
            banner = failure.message
        if tally.broken >= SEVERAL:
            banner = GatewayBroken().message
        self._remember(picture, tally, gateway.take_reads())
        return self._result(tally, banner, is_trouble=banner is not None)

    def _pass(self, gateway: PaymentGateway, picture: _Picture, tally: _Tally, *, sweep: bool) -> None:
        hints = gateway.hints_since(to_instant((tally.state.events_from_s or 0) - OVERLAP_S))
        self._stripe_clock.learn(hints.seen_at)
        start_s = min(tally.state.events_from_s or 0, to_seconds(hints.seen_at))  # our clock may be fast
        tally.state = replace(tally.state, events_from_s=start_s)
        contest = Contest(self._payments.links, self._settlement, self._read, gateway)
        fresh = [hint for hint in hints.events if hint.event_id not in picture.state.events_seen]
        sessions, refunded = self._hinted(fresh)
        wanted = sessions | self._over(picture, hints.seen_at)
        self._each(sorted(wanted), contest.handle, tally)
        if sweep:
            self._each(self._swept(gateway, picture, wanted, tally), contest.handle, tally)
        self._learn_refunds(refunded, tally, sweep=sweep)
        if tally.is_whole:
            tally.state = _read_up_to(tally.state, hints)
        self._resend(contest, picture, hints.seen_at, tally, sweep=sweep)
        self._each(self._stranded(hints.seen_at), lambda one: self._settlement.lapse(one, hints.seen_at), tally)
        self._pay_refunds(tally)

    def _picture(self) -> _Picture:
        with self._read() as uow:
            unfinished = uow.payments.unfinished()
            holds = {booking.id: booking for booking in uow.bookings.holds()}
            return _Picture(uow.studio.get(), PollState.parse(uow.payments.poll_state()), unfinished, holds)

    def _with_cursor(self, state: PollState) -> PollState:
        """The first look begins now, and remembers it: a look that is cut short loses no event."""
        if state.events_from_s is not None:
            return state
        return replace(state, events_from_s=to_seconds(self._stripe_clock.now()))

    def _resend(self, contest: Contest, picture: _Picture, stripe_now: datetime, tally: _Tally, *, sweep: bool) -> None:
        """Attempts that were saved and perhaps never sent: again with their key, or given up with their hold."""

        def send(payment_id: int) -> Settled:
            if picture.is_awaited(waiting[payment_id], stripe_now):
                return Settled(self._payments.links.open(payment_id).changes)
            return contest.close(payment_id)

        now = self._clock.now()
        waiting = {
            one.id: one
            for one in picture.links(PaymentStatus.CREATING)
            if sweep or now - one.created_at > FRESH or one.created_at > now
        }
        self._each(waiting, send, tally)

    def _hinted(self, events: Sequence[Hint]) -> tuple[set[int], set[int]]:
        """Payments whose session may have news, and payments whose refunds may; foreign events match none."""
        refund_kinds = {"charge.refunded", "refund.updated", "refund.failed"}
        sessions = [hint.session_id for hint in events if hint.session_id]
        disputed = [hint.intent_id for hint in events if hint.kind.startswith("charge.dispute")]
        refunded = [hint.intent_id for hint in events if hint.kind in refund_kinds]
        with self._read() as uow:
            asking = {one.id for one in uow.payments.by_session(sessions) if one.status in ASKING}
            charged = {one.id for one in uow.payments.by_intent(disputed) if one.status in COLLECTED}
            back = {one.id for one in uow.payments.by_intent(refunded) if one.status in COLLECTED}
        return asking | charged, back

    def _over(self, picture: _Picture, stripe_now: datetime) -> set[int]:
        """Open links whose hold is past its deadline, or whose booking does not wait for them any more."""
        return {one.id for one in picture.links(PaymentStatus.OPEN) if not picture.is_awaited(one, stripe_now)}

    def _swept(self, gateway: PaymentGateway, picture: _Picture, seen: set[int], tally: _Tally) -> list[int]:
        """Every other attempt that is not still open by Stripe's list: one read covers a hundred."""
        left = [one for one in picture.links(PaymentStatus.OPEN, PaymentStatus.PROCESSING) if one.id not in seen]
        if len(left) <= FEW:
            return [one.id for one in left]
        oldest = max(min(one.created_at for one in left), self._clock.now() - LISTED_FOR)
        since = oldest + timedelta(seconds=self._stripe_clock.offset_s) - timedelta(hours=1)
        try:
            listed = {facts.session_id: facts.status for facts in gateway.sessions_since(since)}
        except GatewayBroken:
            tally.note_broken()
            return []
        return [one.id for one in left if listed.get(one.session_id) is not SessionStatus.OPEN]

    def _stranded(self, stripe_now: datetime) -> list[int]:
        """Holds past their deadline; those that an attempt can still pay for do not lapse."""
        with self._read() as uow:
            return [one.id for one in uow.bookings.holds() if is_overdue(one, stripe_now)]

    def _learn_refunds(self, hinted: set[int], tally: _Tally, *, sweep: bool) -> None:
        with self._read() as uow:
            unfinished = uow.payments.unfinished_refunds()
        pending = {one.payment_id for one in unfinished if one.status is RefundStatus.PENDING} if sweep else set()
        self._each(sorted(hinted | pending), lambda one: Settled(self._payments.refunds.learn(one)), tally)

    def _pay_refunds(self, tally: _Tally) -> None:
        with self._read() as uow:
            due = due_payments(uow)
        self._each(due, lambda one: Settled(self._payments.refunds.pay(one)), tally)

    def _each(self, ids: Iterable[int], work: Callable[[int], Settled], tally: _Tally) -> None:
        """Work on one after the other; one that is refused, stale or broken does not stop the rest."""
        for one in ids:
            try:
                tally.settled |= work(one)
            except GatewayRefused as refusal:
                tally.settled |= self._settlement.refused(one, refusal)
            except GatewayBroken:
                tally.note_broken()
            except (GatewayFailure, DatabaseUnreachable):
                raise
            except InkDeskError as failure:
                _log.info("%s is looked at again: %s", one, failure.code)
                tally.is_whole = False
            except Exception:  # noqa: BLE001 - a bug in one payment must not keep the others from their truth
                _log.exception("looking at %s failed", one)
                tally.is_whole = False

    def _remember(self, picture: _Picture, tally: _Tally, reads: int) -> None:
        before = picture.state.cursor()
        news = {name: value for name, value in tally.state.cursor().items() if value != before[name]}
        today = self._clock.now().date()

        def work(uow: UnitOfWork) -> PollState:
            uow.payments.set_poll_state(news)
            if reads:
                uow.payments.add_to_poll_state(reads_key(today), reads)
            return PollState.parse(uow.payments.poll_state())

        tally.state = in_unit(self._write, work)

    def _result(self, tally: _Tally, banner: Message | None, *, is_trouble: bool) -> LookResult:
        stripe_now = self._stripe_clock.now()
        with self._read() as uow:
            ends = [one.hold_until for one in uow.bookings.holds() if one.hold_until and one.hold_until > stripe_now]
        return LookResult(
            changes=tally.settled.changes,
            paid=tally.settled.paid,
            deadline=min(ends, default=None),
            offset_s=self._stripe_clock.offset_s,
            banner=banner or _clock_banner(self._stripe_clock.offset_s),
            is_trouble=is_trouble,
            has_holds=bool(ends),
            reads_share=tally.state.reads_share(self._clock.now().date()),
        )


def _read_up_to(state: PollState, hints: Hints) -> PollState:
    """The cursor after every event was dealt with; ids inside the overlap are kept, to know them again."""
    newest = max((hint.created_s for hint in hints.events), default=0)
    newest = max(newest, state.events_from_s or 0)
    seen = frozenset(hint.event_id for hint in hints.events if hint.created_s >= newest - OVERLAP_S)
    return replace(state, events_from_s=newest, events_seen=seen)


def _clock_banner(offset_s: int) -> Message | None:
    if abs(offset_s) < WRONG_CLOCK_S:
        return None
    return message(
        "This computer's clock is off by {minutes} minutes. Holds end by Stripe's clock; set this one right.",
        minutes=round(abs(offset_s) / 60),
    )
