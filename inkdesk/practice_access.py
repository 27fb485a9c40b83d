"""The practice Stripe of this program in a trainer's hands, and the clock that both share."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from typing_extensions import override

from inkdesk.application.ports import Clock
from inkdesk.application.practice_controls import (
    PracticeAct,
    PracticeControls,
    PracticeRefunds,
    PracticeSession,
    PracticeStanding,
    PracticeState,
)
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money

if TYPE_CHECKING:
    from inkdesk.practice import Controls, SeenSession

ALLOWANCE_DAYS = 30
_log = logging.getLogger(__name__)


class JumpingClock(Clock):
    """Another clock's time, moved on by what was jumped."""

    def __init__(self, real: Clock) -> None:
        self._real = real
        self._ahead = timedelta()

    def jump(self, by: timedelta) -> None:
        """Move on."""
        self._ahead += by

    @override
    def now(self) -> datetime:
        return self._real.now() + self._ahead


class InProcessControls(PracticeControls):
    """``PracticeControls`` over a practice server in this process; ``clock`` is what the program lives by."""

    def __init__(self, controls: "Controls", clock: JumpingClock) -> None:
        self._controls = controls
        self._clock = clock
        self._acts: dict[PracticeAct, Callable[[str], object]] = {
            PracticeAct.PAY: controls.pay,
            PracticeAct.DECLINE: controls.decline,
            PracticeAct.PAY_LATER: controls.pay_later,
            PracticeAct.SETTLE: controls.arrive,
            PracticeAct.FAIL: controls.go_wrong,
            PracticeAct.REFUND: controls.refund_payment,
            PracticeAct.REFUND_HALF: lambda session_id: controls.refund_payment(session_id, half=True),
            PracticeAct.DISPUTE: controls.dispute_payment,
            PracticeAct.WIN: lambda session_id: controls.decide(session_id, won=True),
            PracticeAct.LOSE: lambda session_id: controls.decide(session_id, won=False),
        }

    @override
    def sessions(self) -> Sequence[PracticeSession]:
        return [_session(seen) for seen in self._controls.sessions()]

    @override
    def standing(self) -> PracticeStanding:
        now = datetime.fromtimestamp(self._controls.now(), UTC)
        since = now - timedelta(days=ALLOWANCE_DAYS)
        return PracticeStanding(
            now=now,
            reads=self._controls.reads.count(since=int(since.timestamp())),
            is_offline=self._controls.is_offline,
            delay_s=int(self._controls.answer_delay_s),
            refunds=PracticeRefunds(self._controls.refund_outcome),
        )

    @override
    def act(self, session_id: str, act: PracticeAct) -> None:
        from inkdesk.practice import ApiError, WrongStateError  # noqa: PLC0415 - Flask, with a practice server only

        try:
            self._acts[act](session_id)
        except (ApiError, WrongStateError) as refusal:
            _log.info("the practice Stripe refused %s: %s", act, type(refusal).__name__)
            raise ValidationError(
                message("This is not possible any more: the payment has gone on meanwhile. The list shows how it is.")
            ) from refusal

    @override
    def set_offline(self, *, is_offline: bool) -> None:
        self._controls.set_offline(offline=is_offline)

    @override
    def set_delay(self, seconds: int) -> None:
        self._controls.set_delay(seconds)

    @override
    def set_refunds(self, refunds: PracticeRefunds) -> None:
        self._controls.refund_next_as(refunds.value)

    @override
    def jump(self, by: timedelta) -> None:
        self._controls.jump(int(by.total_seconds()))
        self._clock.jump(by)


def _session(seen: "SeenSession") -> PracticeSession:
    reference, currency = seen.client_reference, seen.currency.upper()
    return PracticeSession(
        session_id=seen.session_id,
        booking_id=int(reference) if reference.isascii() and reference.isdecimal() else None,
        asked_at=datetime.fromtimestamp(seen.created, UTC),
        amount=Money(seen.amount, currency),
        refunded=Money(seen.refunded, currency),
        state=PracticeState(seen.state),
    )
