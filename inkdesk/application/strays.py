"""Sessions at Stripe that belong to a booking but are not in the book: recovered ones, and answers that were lost.

What could bring money must be an attempt of the book, or ended; then the rules for several links of one booking serve
it like any other. Sessions of other programs are left alone.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from inkdesk.application.locking import lock_for_money
from inkdesk.application.payment_gateway import GatewayBroken, GatewayRefused, Hint, PaymentGateway
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.units import afresh
from inkdesk.domain.payments import ASKING, COLLECTED, Payment, PaymentMethod, PaymentStatus
from inkdesk.domain.reconciling import SessionFacts, SessionStatus

_log = logging.getLogger(__name__)
_LONGEST_LINE: Final = 10
"""How many sessions, each recovered from the one before, are followed back to an attempt."""


@dataclass(frozen=True, slots=True)
class _Stray:
    """A session that is ours, and the attempt it came from, or its own if that was given up."""

    facts: SessionFacts
    origin: Payment


class Strays:
    """Finds them and takes them in. Who settles payments (``Contest.handle``) looks at the answer's payments then."""

    def __init__(self, write: WriteUnit, read: ReadUnit, clock: Clock) -> None:
        self._write = write
        self._read = read
        self._clock = clock

    def hinted(self, gateway: PaymentGateway, hints: Sequence[Hint], account: str = "") -> list[int]:
        """Take in sessions that Stripe made from one of ours, as events tell; the payments to look at.

        Only these are fetched: an event of another program costs nothing.
        """
        with self._read() as uow:
            ours = {one.session_id for one in uow.payments.by_session([hint.recovered_from for hint in hints])}
            known = {one.session_id for one in uow.payments.by_session([hint.session_id for hint in hints])}
        wanted = {hint.session_id for hint in hints if hint.recovered_from in ours} - known
        facts = [self._fetched(gateway, session_id, account) for session_id in sorted(wanted)]
        return self.listed(gateway, [one for one in facts if one is not None], account)

    def listed(self, gateway: PaymentGateway, sessions: Sequence[SessionFacts], account: str = "") -> list[int]:
        """Take in what of a list is ours and not in the book; the payments to look at.

        What is open although its attempt has ended, or never was in the book, is ended: nobody was given its link.
        """
        found: list[int] = []
        for stray in self._strays(self._rooted(gateway, sessions, account)):
            facts = self._ended(gateway, stray.facts, account)
            if facts is not None and facts.status is SessionStatus.COMPLETE:
                found.append(afresh(self._write, partial(self._take_in, stray)))
        return found

    def _rooted(
        self, gateway: PaymentGateway, sessions: Sequence[SessionFacts], account: str
    ) -> Sequence[SessionFacts]:
        """With ``recovered_from`` the session of an attempt: what was recovered and expired can be recovered again.

        Only lines of sessions that carry this studio's mark are followed: those of other programs cost nothing.
        """
        asked = [one for one in sessions if one.recovered_from and one.status is not SessionStatus.EXPIRED]
        with self._read() as uow:
            uid = uow.studio.get().uid
            known = {one.session_id for one in uow.payments.by_session([facts.recovered_from for facts in asked])}
        lost = {one.session_id for one in asked if one.recovered_from not in known and _studio(one) == uid}
        return [self._root(gateway, one, account) if one.session_id in lost else one for one in sessions]

    def _root(self, gateway: PaymentGateway, facts: SessionFacts, account: str) -> SessionFacts:
        first = facts
        for _ in range(_LONGEST_LINE):
            parent = self._fetched(gateway, first.recovered_from, account)
            if parent is None or not parent.recovered_from:
                break
            first = parent
            with self._read() as uow:
                if uow.payments.by_session([first.recovered_from]):
                    return replace(facts, recovered_from=first.recovered_from)
        return facts

    def _strays(self, sessions: Sequence[SessionFacts]) -> list[_Stray]:
        asked = [one for one in sessions if one.status is not SessionStatus.EXPIRED]
        ids = [one.session_id for one in asked] + [one.recovered_from for one in asked]
        with self._read() as uow:
            known = {payment.session_id: payment for payment in uow.payments.by_session(ids)}
            uid = uow.studio.get().uid
            pairs = [(facts, _origin(uow, facts, known, uid)) for facts in asked]
        return [_Stray(facts, origin) for facts, origin in pairs if origin is not None]

    def _ended(self, gateway: PaymentGateway, facts: SessionFacts, account: str) -> SessionFacts | None:
        if facts.status is not SessionStatus.OPEN:
            return facts
        with suppress(GatewayRefused, GatewayBroken):  # it was paid or ended in this very moment: look which
            gateway.expire_session(facts.session_id, account)
        return self._fetched(gateway, facts.session_id, account)

    def _fetched(self, gateway: PaymentGateway, session_id: str, account: str) -> SessionFacts | None:
        """The session; None if Stripe does not speak of this one now: the next sweep finds it again."""
        try:
            return gateway.session(session_id, account)
        except (GatewayRefused, GatewayBroken) as failure:
            _log.info("session %s is looked at again: %s", session_id, type(failure).__name__)
            return None

    def _take_in(self, stray: _Stray, uow: UnitOfWork) -> int:
        """The attempt that the session is from now on."""
        lock_for_money(uow, [stray.origin.booking_id])
        session_id, origin = stray.facts.session_id, uow.payments.get(stray.origin.id)
        known = uow.payments.by_session([session_id])
        if known:
            return known[0].id
        if not origin.session_id:
            return uow.payments.save(replace(origin, session_id=session_id)).id
        return uow.payments.add(
            Payment(
                booking_id=origin.booking_id,
                attempt=len(uow.payments.of_booking(origin.booking_id)) + 1,
                method=PaymentMethod.LINK,
                purpose=origin.purpose,
                status=PaymentStatus.OPEN,
                amount=origin.amount,
                idempotency_key=f"stripe:{session_id}",
                expires_at=origin.expires_at,
                account=origin.account,
                destination=origin.destination,
                app_fee_minor=origin.app_fee_minor,
                session_id=session_id,
                created_at=self._clock.now(),
            )
        ).id


def _origin(uow: UnitOfWork, facts: SessionFacts, known: dict[str, Payment], uid: str) -> Payment | None:
    """The attempt of a stray session; None if it is none: in the book and as it should be, being made, or not ours."""
    itself = known.get(facts.session_id)
    if itself is not None:
        is_over, is_news = itself.status not in ASKING | COLLECTED, facts.is_paid or facts.status is SessionStatus.OPEN
        return itself if is_over and is_news else None
    if facts.recovered_from:
        return known.get(facts.recovered_from)
    return _marked(uow, facts, uid)


def _marked(uow: UnitOfWork, facts: SessionFacts, uid: str) -> Payment | None:
    """The attempt whose metadata a session carries, if it was given up without one.

    An attempt that is being made finds its session by its key. One that has a session is another one: the book may
    have come from a backup, and have given the same number to somebody else.
    """
    booking, attempt = facts.marks.get("inkdesk_booking", ""), facts.marks.get("inkdesk_attempt", "")
    if _studio(facts) != uid or not (booking.isdecimal() and attempt.isdecimal()):
        return None
    attempts = uow.payments.of_booking(int(booking))
    mine = next((one for one in attempts if one.attempt == int(attempt)), None)
    return mine if mine is not None and mine.status is PaymentStatus.FAILED and not mine.session_id else None


def _studio(facts: SessionFacts) -> str | None:
    return facts.marks.get("inkdesk_studio")
