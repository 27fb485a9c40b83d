"""A practice Stripe in a trainer's hands, in this program or beside it, and the clock that a fresh studio shares."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

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
    from inkdesk.practice import Controls

ALLOWANCE_DAYS = 30
PATIENCE_S: Final = 3.0
"""A practice Stripe is on this computer: what takes longer is not there."""
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
    """``PracticeControls`` over a practice server in this process.

    ``clock`` is what the program lives by; None in a studio that is kept, whose time nobody moves.
    """

    def __init__(self, controls: "Controls", clock: JumpingClock | None = None) -> None:
        self._controls = controls
        self._clock = clock

    @override
    def sessions(self) -> Sequence[PracticeSession]:
        return [_session(asdict(seen)) for seen in self._controls.sessions()]

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
            self._controls.act(session_id, act.value)
        except (ApiError, WrongStateError) as refusal:
            _log.info("the practice Stripe refused %s: %s", act, type(refusal).__name__)
            raise _gone_on() from refusal

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
        if self._clock is None:
            raise _kept_time()
        self._controls.jump(int(by.total_seconds()))
        self._clock.jump(by)


class RemoteControls(PracticeControls):
    """``PracticeControls`` over a practice server of another program on this computer, by its ``/practice`` addresses.

    ``url`` and ``key`` are the server's. Its time is everybody's who uses it, so nobody moves it from here.
    """

    def __init__(self, url: str, key: str) -> None:
        self._root = f"{url}/practice"
        self._headers = {"Authorization": f"Bearer {key}"}
        self._opener = build_opener(ProxyHandler({}))  # an office proxy must not swallow calls to this computer

    def is_there(self) -> bool:
        """Whether a practice Stripe that takes the key answers."""
        try:
            self.standing()
        except (ValidationError, LookupError, TypeError, ValueError):
            return False
        return True

    @override
    def sessions(self) -> Sequence[PracticeSession]:
        return [_session(seen) for seen in self._ask("/sessions")]

    @override
    def standing(self) -> PracticeStanding:
        told = self._ask("/standing")
        return PracticeStanding(
            now=datetime.fromtimestamp(told["now"], UTC),
            reads=told["reads"],
            is_offline=told["offline"],
            delay_s=told["delay_s"],
            refunds=PracticeRefunds(told["refunds"]),
        )

    @override
    def act(self, session_id: str, act: PracticeAct) -> None:
        self._ask(f"/sessions/{session_id}/{act.value}", {})

    @override
    def set_offline(self, *, is_offline: bool) -> None:
        self._switch("offline", "true" if is_offline else "false")

    @override
    def set_delay(self, seconds: int) -> None:
        self._switch("delay_s", str(seconds))

    @override
    def set_refunds(self, refunds: PracticeRefunds) -> None:
        self._switch("refunds", refunds.value)

    @override
    def jump(self, by: timedelta) -> None:
        raise _kept_time()

    def _switch(self, name: str, value: str) -> None:
        try:
            self._ask("/standing", {name: value})
        except ValidationError as failure:
            _log.info("the practice Stripe was not switched: %s", failure.code)

    def _ask(self, path: str, form: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 - JSON has any shape
        """GET without a form, POST with one."""
        data = None if form is None else urlencode(form).encode()
        request = Request(self._root + path, data, self._headers)  # noqa: S310 - the address is this computer's
        try:
            with self._opener.open(request, timeout=PATIENCE_S) as answer:
                body = answer.read()
        except HTTPError as refusal:
            refusal.close()
            _log.info("the practice Stripe answered %s", refusal.code)
            raise (_not_there() if refusal.code in {401, 421} else _gone_on()) from None
        except (OSError, HTTPException):
            raise _not_there() from None
        return json.loads(body) if body else None


def _gone_on() -> ValidationError:
    return ValidationError(
        message("This is not possible any more: the payment has gone on meanwhile. The list shows how it is.")
    )


def _not_there() -> ValidationError:
    return ValidationError(
        message("The practice Stripe does not answer. Start the program again that runs it, then try once more.")
    )


def _kept_time() -> ValidationError:
    return ValidationError(
        message(
            "The time of a practice studio that is kept stays the computer's: others meet it tomorrow. "
            "To move the time, start inkdesk --practice."
        )
    )


def _session(seen: Mapping[str, Any]) -> PracticeSession:
    reference, currency = str(seen["client_reference"]), str(seen["currency"]).upper()
    return PracticeSession(
        session_id=seen["session_id"],
        booking_id=int(reference) if reference.isascii() and reference.isdecimal() else None,
        asked_at=datetime.fromtimestamp(seen["created"], UTC),
        amount=Money(seen["amount"], currency),
        refunded=Money(seen["refunded"], currency),
        state=PracticeState(seen["state"]),
    )
