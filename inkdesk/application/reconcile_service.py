"""Finding out at Stripe what was really paid, and bringing the book to it.

Events are hints, sessions are the truth. One look may be cut short at any point: what was written stands, what was
not is found again by the next one.
"""

import logging
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from inkdesk.application.cadence import SCARCE_FROM, may_look
from inkdesk.application.changes import Changes
from inkdesk.application.contest import Contest
from inkdesk.application.fees import Fees
from inkdesk.application.look_picture import Picture, take_picture
from inkdesk.application.look_result import LookResult
from inkdesk.application.open_tasks import close_all_gone
from inkdesk.application.payment_gateway import (
    GatewayBroken,
    GatewayFailure,
    GatewayNotAllowed,
    Hints,
    PaymentGateway,
)
from inkdesk.application.payment_service import PaymentService, due_payments
from inkdesk.application.poll_state import OVERLAP_S, WRONG_CLOCK_S, PollState
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.reads import ReadCounter
from inkdesk.application.retries import Step
from inkdesk.application.settlement import Settled
from inkdesk.application.strays import Strays
from inkdesk.application.sweeping import Feeds, Heard, hinted, hints_of, list_open, unknown_reversals
from inkdesk.application.tally import Tally
from inkdesk.application.unheard import list_unheard
from inkdesk.application.units import in_unit
from inkdesk.application.unsent import Unsent
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.message import Message, message
from inkdesk.domain.payments import PaymentMethod, PaymentStatus
from inkdesk.domain.reconciling import SessionFacts, is_overdue
from inkdesk.domain.refunds import RefundStatus
from inkdesk.domain.spans import to_instant, to_seconds
from inkdesk.domain.studio import Mode

__all__ = ["LookResult", "ReconcileService"]
_log = logging.getLogger(__name__)
SEVERAL: Final = 2
"""So many calls that failed at Stripe are no chance any more: the desk is told."""
MONEY_EVERY_S: Final = 3600
"""Refunds and disputes are listed no more often than this, unless a person asks."""
READS_KEPT: Final = 20
"""So many reads are counted in the database before a look ends, lest a crash forgets them."""
FEES_A_SWEEP: Final = 20
"""So many fees that Stripe did not tell at once are asked for in one sweep."""


class ReconcileService:
    """One look at a time; no call to Stripe is made inside a unit of work.

    ``write`` may refuse with PollerLost; ``pulse`` is called between two payments and two pages of a list, and may,
    too. ``reads`` counts for this month what was read.
    """

    def __init__(
        self,
        payments: PaymentService,
        write: WriteUnit,
        read: ReadUnit,
        clock: Clock,
        *,
        reads: ReadCounter | None = None,
        pulse: Callable[[], None] = lambda: None,
    ) -> None:
        self._payments = payments
        self._write = write
        self._read = read
        self._clock = clock
        self._reads = reads or ReadCounter(write, clock)
        self._pulse = pulse
        self._settlement = payments.settlement
        self._stripe_clock = payments.links.stripe_clock
        self._unsent = Unsent(clock)

    def look(
        self, *, sweep: bool = False, is_asked: bool = False, is_watched: bool = False, remembers: bool = True
    ) -> LookResult:
        """Ask Stripe what happened and write it; ``sweep`` asks about all that is open or paid, not only by events.

        When the month's reads come to their end, only for what cannot wait: a person's wish (``is_asked``), a hold that
        is over, one that somebody sits in front of (``is_watched``). A desk that is not the poller remembers nothing:
        the cursor is the poller's. When Stripe cannot be asked nothing changes, and ``banner`` says so.
        Raises DatabaseUnreachable, PollerLost.
        """
        picture = self._picture()

        def work(gateway: PaymentGateway, tally: Tally) -> None:
            if is_asked:
                tally.state = replace(tally.state, retries=tally.state.retries.at_once())
            is_wide = sweep and (is_asked or picture.share < SCARCE_FROM)
            try:
                self._pass(gateway, picture, tally, sweep=is_wide, is_asked=is_asked)
            finally:
                if remembers:
                    self._remember(picture, tally)

        return self._ask(picture, work, is_asked=is_asked, is_watched=is_watched)

    def look_at(self, booking_ids: Collection[int]) -> LookResult:
        """Ask only about the links of these bookings, for a desk that is not the poller. Raises as ``look`` does."""
        picture = self._picture()

        def work(gateway: PaymentGateway, tally: Tally) -> None:
            tally.now_s = to_seconds(self._stripe_clock.now())
            links = picture.links(PaymentStatus.OPEN, PaymentStatus.PROCESSING)
            wanted = [one.id for one in links if one.booking_id in booking_ids]
            contest = Contest(self._payments.links, self._settlement, self._read, gateway)
            tally.each(Step.SEE, wanted, contest.handle)

        return self._ask(picture, work, is_asked=False, is_watched=True)

    def stand(self) -> LookResult:
        """How things stand without asking Stripe."""
        return replace(self._result(self._picture(), None, None), was_asked=False)

    def _ask(
        self,
        picture: Picture,
        work: Callable[[PaymentGateway, Tally], None],
        *,
        is_asked: bool,
        is_watched: bool,
    ) -> LookResult:
        try:
            gateway = self._payments.links.gateway_for(picture.studio)
        except InkDeskError as failure:
            needs_stripe = bool(picture.links(*PaymentStatus))
            banner = failure.message if needs_stripe else None
            return replace(self._result(picture, None, banner, is_trouble=needs_stripe), was_asked=False)
        is_due = bool(picture.over(self._stripe_clock.now()))
        if not may_look(picture.share, is_asked=is_asked, is_due=is_due, is_watched=is_watched):
            return replace(self._result(picture, None, _spared()), was_asked=False)
        tally = self._tally(gateway, picture, is_asked=is_asked)
        banner = None
        try:
            work(gateway, tally)
        except GatewayFailure as failure:
            _log.info("look at Stripe ended early: %s", type(failure).__name__)
            banner, tally.is_whole = failure.message, False
            tally.is_refused = isinstance(failure, GatewayNotAllowed)
        finally:
            self._reads.keep(gateway)
        if tally.broken >= SEVERAL:
            banner = GatewayBroken().message
        return self._result(picture, tally, banner, is_trouble=banner is not None)

    def _tally(self, gateway: PaymentGateway, picture: Picture, *, is_asked: bool) -> Tally:
        def pulse() -> int:
            self._pulse()
            return self._reads.keep(gateway, at_least=READS_KEPT)

        left = sys.maxsize if is_asked else int(picture.allowance * (1.0 - picture.share))
        state = self._with_cursor(picture.state)
        return Tally(state=state, pulse=pulse, refused=self._settlement.refused, reads_left=left)

    def _pass(self, gateway: PaymentGateway, picture: Picture, tally: Tally, *, sweep: bool, is_asked: bool) -> None:
        since = to_instant((tally.state.events_from_s or 0) - OVERLAP_S)
        feeds = hints_of(gateway, since, picture.accounts, self._pulse)
        seen_at = feeds.by_account[""].seen_at
        self._stripe_clock.learn(seen_at)
        tally.now_s = to_seconds(seen_at)
        start_s = min(tally.state.events_from_s or 0, tally.now_s)  # our clock may be fast
        tally.state = replace(tally.state, events_from_s=start_s)
        contest = Contest(self._payments.links, self._settlement, self._read, gateway)
        told: list[SessionFacts] = []
        heard = self._heard(gateway, feeds.by_account, picture.state.events_seen, tally)
        if sweep and (is_asked or self._is_long_ago(tally)):
            heard |= self._unheard(gateway, picture, tally, told)
        self._see(contest, gateway, picture, heard, tally, told, sweep=sweep)
        self._learn_refunds(heard.refunded, tally, sweep=sweep)
        tally.state = _read_up_to(tally.state, feeds)
        self._resend(contest, picture, seen_at, tally, sweep=sweep)
        tally.all(Step.LAPSE, self._stranded(seen_at), lambda one: self._settlement.lapse(one, seen_at))
        with self._read() as uow:
            due = due_payments(uow)
        tally.all(Step.PAY, due, lambda one: Settled(self._payments.refunds.pay(one)))
        if sweep:
            tally.settled |= Settled(self._payments.accounts.check_due(self._pulse))
            fees = Fees(self._write, self._read, gateway)
            tally.all(Step.FEE, fees.missing(), fees.fill, limit=FEES_A_SWEEP)

    def _heard(self, gateway: PaymentGateway, feeds: Mapping[str, Hints], seen: Collection[str], tally: Tally) -> Heard:
        """Payments that events tell of."""
        heard, changed = Heard(), set[str]()
        strays = Strays(self._write, self._read, self._clock)
        for account, hints in feeds.items():
            fresh = [one for one in hints.events if one.event_id not in seen]
            heard |= Heard(news=frozenset(strays.hinted(gateway, fresh, account)))
            with self._read() as uow:
                heard |= hinted(uow, fresh)
            changed |= {one.account_id for one in fresh if one.account_id}
        if changed:
            tally.settled |= Settled(self._payments.accounts.look_again(changed, self._pulse))
        return heard

    def _picture(self) -> Picture:
        with self._read() as uow:
            return take_picture(uow, self._clock.now())

    def _with_cursor(self, state: PollState) -> PollState:
        """The first look begins now, and remembers it: a look that is cut short loses no event."""
        if state.events_from_s is not None:
            return state
        return replace(state, events_from_s=to_seconds(self._stripe_clock.now()))

    def _see(
        self,
        contest: Contest,
        gateway: PaymentGateway,
        picture: Picture,
        heard: Heard,
        tally: Tally,
        told: Sequence[SessionFacts],
        *,
        sweep: bool,
    ) -> None:
        """Payments with news, links whose time is over, and in a sweep every open one: by lists if they are many."""
        first = tally.news(Step.SEE, heard.news)
        tally.each(Step.SEE, sorted(first), contest.handle)
        asked = picture.links(PaymentStatus.OPEN, PaymentStatus.PROCESSING)
        over = picture.over(to_instant(tally.now_s)) | heard.ended
        wanted = [one for one in asked if (sweep or one.id in over) and one.id not in first]
        listed = list_open(gateway, wanted, self._stripe_clock.offset_s, told, self._pulse)
        if not listed.is_whole:
            tally.list_broke()
        is_live = gateway.mode is Mode.LIVE

        def write_expired(one: int) -> Settled:
            return self._settlement.settle(one, listed.expired[one], is_live=is_live, lapse=True)

        tally.each(Step.SEE, listed.expired, write_expired)
        tally.each(Step.SEE, sorted(listed.ask | (listed.still_open & over)), contest.handle)

    def _resend(self, contest: Contest, picture: Picture, stripe_now: datetime, tally: Tally, *, sweep: bool) -> None:
        """Attempts that were saved and perhaps never sent: again with their key, or given up with their hold."""

        def send(payment_id: int) -> Settled:
            if picture.is_awaited(waiting[payment_id], stripe_now):
                return Settled(self._payments.links.open(payment_id).changes)
            return contest.close(payment_id)

        waiting = {one.id: one for one in picture.links(PaymentStatus.CREATING)}
        due = [one.id for one in self._unsent.due(waiting.values(), sweep=sweep)]
        tally.forget_others(Step.SEND, waiting)
        tally.each(Step.SEND, due, send)

    def _is_long_ago(self, tally: Tally) -> bool:
        last_s = tally.state.money_from_s
        return last_s is None or tally.now_s - last_s >= MONEY_EVERY_S

    def _unheard(self, gateway: PaymentGateway, picture: Picture, tally: Tally, told: list[SessionFacts]) -> Heard:
        """Payments with a session, dispute or refund that no event told of: also after months away.

        ``told`` gets the sessions that were listed on the way.
        """
        strays = Strays(self._write, self._read, self._clock)
        found = list_unheard(gateway, strays, tally.state, picture.accounts, tally.now_s, self._pulse)
        told += found.told
        if found.is_whole:
            tally.state = replace(tally.state, money_from_s=tally.now_s, away_from_s=found.away_from_s)
        else:
            tally.list_broke()
        with self._read() as uow:
            return unknown_reversals(uow, found.reversals) | Heard(news=frozenset(found.strays))

    def _stranded(self, stripe_now: datetime) -> list[int]:
        """Holds past their deadline; those that an attempt can still pay for do not lapse."""
        with self._read() as uow:
            return [one.id for one in uow.bookings.holds() if is_overdue(one, stripe_now)]

    def _learn_refunds(self, news: Collection[int], tally: Tally, *, sweep: bool) -> None:
        with self._read() as uow:
            unfinished = uow.payments.unfinished_refunds()
        wanted = tally.news(Step.LEARN, news)
        if sweep:
            wanted |= {one.payment_id for one in unfinished if one.status is RefundStatus.PENDING}
        tally.each(Step.LEARN, sorted(wanted), lambda one: Settled(self._payments.refunds.learn(one)))

    def _remember(self, picture: Picture, tally: Tally) -> None:
        before = picture.state.cursor()
        news = {name: value for name, value in tally.state.cursor().items() if value != before[name]}
        stale = picture.state.stale_reads(to_instant(tally.now_s).date())

        def work(uow: UnitOfWork) -> None:
            uow.payments.set_poll_state(news)
            uow.payments.forget_poll_state(stale)

        if news or stale:
            in_unit(self._write, work)
        tally.settled |= Settled(Changes(tasks=close_all_gone(self._write, self._read, self._clock)))

    def _result(
        self, picture: Picture, tally: Tally | None, banner: Message | None, *, is_trouble: bool = False
    ) -> LookResult:
        stripe_now, settled = self._stripe_clock.now(), Settled() if tally is None else tally.settled
        with self._read() as uow:
            ends = {one.id: one.hold_until for one in uow.bookings.holds() if one.hold_until}
            waiting = [one for one in uow.payments.unfinished() if one.method is PaymentMethod.LINK]
            state = PollState.parse(uow.payments.poll_state())
        ends = {booking_id: until for booking_id, until in ends.items() if until > stripe_now}
        return LookResult(
            changes=settled.changes,
            paid=settled.paid,
            deadline=min(ends.values(), default=None),
            offset_s=self._stripe_clock.offset_s,
            banner=banner or _clock_banner(self._stripe_clock.offset_s),
            is_trouble=is_trouble,
            holds=frozenset(ends),
            reads_share=state.reads_share(self._clock.now().date(), picture.allowance),
            is_refused=tally is not None and tally.is_refused,
            is_whole=tally is None or tally.is_whole,
            waiting=len(waiting),
        )


def _read_up_to(state: PollState, feeds: Feeds) -> PollState:
    """The cursor after every event was dealt with; ids inside the overlap are kept, to know them again.

    It is one for all accounts, so it stays where it is while one of them has not told.
    """
    if not feeds.is_whole:
        return replace(state, events_seen=state.events_seen | {hint.event_id for hint in feeds.events})
    newest = max((hint.created_s for hint in feeds.events), default=0)
    newest = max(newest, state.events_from_s or 0)
    seen = frozenset(hint.event_id for hint in feeds.events if hint.created_s >= newest - OVERLAP_S)
    return replace(state, events_from_s=newest, events_seen=seen)


def _spared() -> Message:
    return message(
        "Stripe grants so many reads a month, and they are nearly used up. Payments are still checked when a hold ends "
        "and when you choose Check payments now."
    )


def _clock_banner(offset_s: int) -> Message | None:
    if abs(offset_s) < WRONG_CLOCK_S:
        return None
    return message(
        "This computer's clock is off by {minutes} minutes. Holds end by Stripe's clock; set this one right.",
        minutes=round(abs(offset_s) / 60),
    )
