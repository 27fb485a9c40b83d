"""Asking Stripe about everything at once: by lists, where one read tells of a hundred.

Events are hints and may be late or lost; a sweep needs none of them. Nothing is written here.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from inkdesk.application.links import LISTED_FROM
from inkdesk.application.payment_gateway import (
    GatewayBroken,
    GatewayNoAccount,
    GatewayNotAllowed,
    GatewayRefused,
    Hint,
    Hints,
    PaymentGateway,
    Reversal,
)
from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.payments import ASKING, COLLECTED, Payment
from inkdesk.domain.reconciling import SessionFacts, SessionStatus

FEW: Final = 3
"""So few attempts are asked for one by one."""
LOOK_BACK: Final = timedelta(days=120)
"""How old a refund or dispute may be that still changes: a bank may take months."""
LINK_LIVES: Final = timedelta(hours=25)
"""How long a session can be paid at most, and an hour more."""
_ENDED: Final = "checkout.session.expired"
_REFUNDED: Final = frozenset({"charge.refunded", "refund.updated", "refund.failed"})
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Listed:
    """What lists told of open attempts.

    ``expired`` is final by itself; ``ask`` must be fetched singly: paid, not listed, or too far back to be listed.
    ``is_whole`` is False if a list broke off: what it did not tell is in none of them.
    """

    expired: dict[int, SessionFacts] = field(default_factory=dict)
    still_open: set[int] = field(default_factory=set)
    ask: set[int] = field(default_factory=set)
    is_whole: bool = True


def list_open(
    gateway: PaymentGateway,
    wanted: Collection[Payment],
    offset_s: int,
    told: Sequence[SessionFacts],
    pulse: Callable[[], None],
) -> Listed:
    """Find out how open attempts stand; ``offset_s`` is Stripe's clock less the one that dated them.

    ``told`` are sessions that were listed just now; ``pulse`` is called after each page.
    """
    listed = Listed()
    left = {one.session_id: one.id for one in wanted}
    _sort(told, left, listed)
    for account in sorted({one.account for one in wanted}):
        mine = [one for one in wanted if one.account == account and one.session_id in left]
        if len(mine) <= FEW:
            listed.ask |= {one.id for one in mine}
        else:
            _list_account(gateway, account, mine, offset_s, listed, pulse)
    return listed


def _list_account(
    gateway: PaymentGateway,
    account: str,
    wanted: Sequence[Payment],
    offset_s: int,
    listed: Listed,
    pulse: Callable[[], None],
) -> None:
    """Page by page from the newest on, until asking singly for what is left costs no more than the pages did."""
    left = {one.session_id: one.id for one in wanted}
    since = min(one.created_at for one in wanted) + timedelta(seconds=offset_s) - LISTED_FROM
    try:
        for number, page in enumerate(gateway.session_pages(since, account), start=1):
            _sort(page, left, listed)
            pulse()
            if number >= len(left):
                break
    except GatewayNoAccount as failure:  # its payments wait as they are until it is connected again
        _log.warning("sessions of a connected account are not to be had: %s", type(failure).__name__)
        return
    except (GatewayBroken, GatewayNotAllowed) as failure:
        if isinstance(failure, GatewayNotAllowed) and not account:
            raise
        listed.is_whole = False
        return
    listed.ask |= set(left.values())


def _sort(page: Sequence[SessionFacts], left: dict[str, int], listed: Listed) -> None:
    for facts in page:
        payment_id = left.pop(facts.session_id, None)
        if payment_id is None:
            continue
        match facts.status:
            case SessionStatus.EXPIRED:
                listed.expired[payment_id] = facts
            case SessionStatus.OPEN:
                listed.still_open.add(payment_id)
            case SessionStatus.COMPLETE:
                listed.ask.add(payment_id)


@dataclass(frozen=True, slots=True)
class Feeds:
    """Events by account, the studio's own as "". ``is_whole`` is False if one of them must be read again."""

    by_account: Mapping[str, Hints]
    is_whole: bool

    @property
    def events(self) -> list[Hint]:
        """Of every account."""
        return [hint for hints in self.by_account.values() for hint in hints.events]


def hints_of(gateway: PaymentGateway, since: datetime, accounts: Collection[str], pulse: Callable[[], None]) -> Feeds:
    """Events by account; a connected one that cannot be asked does not stop the rest.

    One that may not be asked at all is left to the sweeps. ``pulse`` is called before each page.
    """
    feeds, is_whole = {"": gateway.hints_since(since, pulse=pulse)}, True
    for account in sorted(accounts):
        try:
            feeds[account] = gateway.hints_since(since, account, pulse=pulse)
        except (GatewayBroken, GatewayNotAllowed, GatewayRefused) as failure:
            is_whole = is_whole and not isinstance(failure, GatewayBroken)
            _log.warning("events of a connected account are not to be had: %s", type(failure).__name__)
    return Feeds(feeds, is_whole)


@dataclass(frozen=True, slots=True)
class Heard:
    """Payments that events are about: ``news`` of a session or dispute, ``ended`` links, ``refunded`` money.

    Money can come by an attempt that was taken for ended; that it has ended is no news then.
    """

    news: frozenset[int] = frozenset()
    ended: frozenset[int] = frozenset()
    refunded: frozenset[int] = frozenset()

    def __or__(self, other: "Heard") -> "Heard":
        """Both together."""
        return Heard(self.news | other.news, self.ended | other.ended, self.refunded | other.refunded)


def hinted(uow: UnitOfWork, events: Sequence[Hint]) -> Heard:
    """What events may mean; foreign ones match no payment."""
    ended = [hint.session_id for hint in events if hint.kind == _ENDED]
    moved = [hint.session_id for hint in events if hint.session_id and hint.kind != _ENDED]
    disputed = [hint.intent_id for hint in events if hint.kind.startswith("charge.dispute")]
    refunded = [hint.intent_id for hint in events if hint.kind in _REFUNDED]
    asking = {one.id for one in uow.payments.by_session(ended) if one.status in ASKING}
    unpaid = {one.id for one in uow.payments.by_session(moved) if one.status not in COLLECTED}
    charged = {one.id for one in uow.payments.by_intent(disputed) if one.status in COLLECTED}
    back = {one.id for one in uow.payments.by_intent(refunded) if one.status in COLLECTED}
    return Heard(frozenset(unpaid | charged), frozenset(asking), frozenset(back))


def unknown_reversals(uow: UnitOfWork, reversals: Sequence[Reversal]) -> Heard:
    """Payments with a dispute, and payments with a refund, that the book does not know or knows otherwise."""
    by_intent = {one.intent_id: one for one in uow.payments.by_intent([each.intent_id for each in reversals])}
    disputed, refunded = set[int](), set[int]()
    for reversal in reversals:
        payment = by_intent.get(reversal.intent_id)
        if payment is None or payment.status not in COLLECTED:
            continue
        if reversal.is_dispute:
            known = uow.payments.dispute(reversal.stripe_id)
            if known is None or known.status != reversal.status:
                disputed.add(payment.id)
        elif _refunds(uow, payment.id).get(reversal.stripe_id) != reversal.status:
            refunded.add(payment.id)
    return Heard(news=frozenset(disputed), refunded=frozenset(refunded))


def _refunds(uow: UnitOfWork, payment_id: int) -> Mapping[str, str]:
    return {one.stripe_id: one.status.value for one in uow.payments.refunds_of(payment_id)}
