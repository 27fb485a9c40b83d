"""What a trainer does to the practice Stripe: pays as a client would, disputes as a bank would, lets time pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from inkdesk.domain.money import Money


class PracticeState(StrEnum):
    """What became of a payment, as the practice Stripe knows it; the studio's book may not know yet."""

    OPEN = "open"
    DECLINED = "declined"
    PROCESSING = "processing"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    REFUND_PENDING = "refund_pending"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"


class PracticeAct(StrEnum):
    """What a trainer lets happen to a payment."""

    PAY = "pay"
    DECLINE = "decline"
    PAY_LATER = "pay_later"
    SETTLE = "settle"
    """The delayed payment, or the waiting refund, arrives."""
    FAIL = "fail"
    """The delayed payment, or a refund, fails."""
    REFUND = "refund"
    REFUND_HALF = "refund_half"
    DISPUTE = "dispute"
    WIN = "win"
    LOSE = "lose"


class PracticeRefunds(StrEnum):
    """What becomes of new refunds."""

    AT_ONCE = "succeeded"
    LATER = "pending"
    FAIL = "failed"


_BEFORE_PAYING: Final = frozenset({PracticeAct.PAY, PracticeAct.DECLINE, PracticeAct.PAY_LATER})
_ON_THE_WAY: Final = frozenset({PracticeAct.SETTLE, PracticeAct.FAIL})
_WITH_MONEY: Final = frozenset({PracticeAct.REFUND, PracticeAct.REFUND_HALF, PracticeAct.DISPUTE})
_POSSIBLE: Final = {
    PracticeState.OPEN: _BEFORE_PAYING,
    PracticeState.DECLINED: _BEFORE_PAYING,
    PracticeState.PROCESSING: _ON_THE_WAY,
    PracticeState.PAID: _WITH_MONEY,
    PracticeState.PARTLY_REFUNDED: _WITH_MONEY | {PracticeAct.FAIL},
    PracticeState.REFUND_PENDING: _ON_THE_WAY,
    PracticeState.REFUNDED: frozenset({PracticeAct.FAIL}),
    PracticeState.DISPUTED: frozenset({PracticeAct.WIN, PracticeAct.LOSE}),
}


def possible(state: PracticeState) -> frozenset[PracticeAct]:
    """What can happen to a payment in this state."""
    return _POSSIBLE.get(state, frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeSession:
    """One payable link at the practice Stripe. ``booking_id`` is None if another program asked for the money."""

    session_id: str
    booking_id: int | None
    asked_at: datetime
    amount: Money
    refunded: Money
    state: PracticeState


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeStanding:
    """How the practice Stripe stands: ``now`` is its time, ``reads`` what was read in the last 30 days."""

    now: datetime
    reads: int
    is_offline: bool
    delay_s: int
    refunds: PracticeRefunds


class PracticeControls(Protocol):
    """The practice Stripe in a trainer's hands. May be used from any thread; nothing here waits for long.

    Reading and acting raise ValidationError if a practice Stripe that runs elsewhere does not answer; a switch that
    could not be set says nothing: what is read next shows how it stands.
    """

    def sessions(self) -> Sequence[PracticeSession]:
        """The newest links, newest first."""
        ...

    def standing(self) -> PracticeStanding:
        """What is switched on, and the time."""
        ...

    def act(self, session_id: str, act: PracticeAct) -> None:
        """Let something happen. ValidationError if the payment's state does not allow it."""
        ...

    def set_offline(self, *, is_offline: bool) -> None:
        """Cut the program off from the practice Stripe, or connect it again; clients still reach their page."""
        ...

    def set_delay(self, seconds: int) -> None:
        """Let every answer wait this long."""
        ...

    def set_refunds(self, refunds: PracticeRefunds) -> None:
        """Choose what becomes of refunds from now on."""
        ...

    def jump(self, by: timedelta) -> None:
        """Move the time on, the practice Stripe's and this program's alike.

        ValidationError if the studio is kept: its bookings would lie ahead of everybody's clock tomorrow.
        """
        ...
