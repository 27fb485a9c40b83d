"""The practice console: which payments there are, what can happen to the chosen one, and what is switched on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from inkdesk.application.background import Background
from inkdesk.application.calendar import BookQueries
from inkdesk.application.practice_controls import (
    PracticeAct,
    PracticeControls,
    PracticeRefunds,
    PracticeSession,
    PracticeStanding,
    PracticeState,
    possible,
)
from inkdesk.application.text import formats, render, tr
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.message import message

_STATES = {
    PracticeState.OPEN: message("Open"),
    PracticeState.DECLINED: message("Card declined, open"),
    PracticeState.PROCESSING: message("On its way"),
    PracticeState.PAID: message("Paid"),
    PracticeState.FAILED: message("Failed"),
    PracticeState.EXPIRED: message("Expired"),
    PracticeState.REFUND_PENDING: message("Refund on its way"),
    PracticeState.PARTLY_REFUNDED: message("Partly refunded"),
    PracticeState.REFUNDED: message("Refunded"),
    PracticeState.DISPUTED: message("Disputed"),
    PracticeState.DISPUTE_WON: message("Dispute won"),
    PracticeState.DISPUTE_LOST: message("Dispute lost"),
}
JUMPS = (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1), timedelta(days=31))
DELAYS_S = (0, 2, 10, 30)


@dataclass(frozen=True, slots=True)
class ConsoleRow:
    """One payment as the table shows it: when asked, client, amount, state."""

    session_id: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    sessions: Sequence[PracticeSession]
    rows: Sequence[ConsoleRow]
    standing: PracticeStanding


class ConsoleView(Protocol):
    """The console."""

    def show_rows(self, rows: Sequence[ConsoleRow]) -> None:
        """Show the payments; the chosen one stays chosen."""
        ...

    def show_acts(self, acts: frozenset[PracticeAct]) -> None:
        """Offer what can happen to the chosen payment, and nothing else."""
        ...

    def show_standing(self, standing: PracticeStanding) -> None:
        """Show the time and what is switched on."""
        ...

    def tell(self, words: str) -> None:
        """Say what was done."""
        ...

    def show_error(self, error: InkDeskError) -> None:
        """Say what was refused."""
        ...


class ConsolePresenter:
    """Works the practice Stripe. The latest answer wins.

    ``jumped`` is called once the time was moved.
    """

    def __init__(
        self,
        view: ConsoleView,
        controls: PracticeControls,
        queries: BookQueries,
        background: Background,
        jumped: Callable[[], None],
    ) -> None:
        self._view = view
        self._controls = controls
        self._queries = queries
        self._background = background
        self._jumped = jumped
        self._chosen = ""
        self._states: dict[str, PracticeState] = {}
        self._clients: dict[int, str] = {}
        self._asked = 0
        self._answered = 0

    def tick(self) -> None:
        """Read again, unless the last answer is still awaited."""
        if self._asked == self._answered:
            self.reload()

    def reload(self) -> None:
        """Read the payments and the switches."""
        self._asked += 1
        number = self._asked
        self._background.call(
            self._read, lambda seen: self._show(number, seen), lambda error: self._unread(number, error)
        )

    def choose(self, session_id: str) -> None:
        """The payment that the next act is about; "" for none."""
        self._chosen = session_id
        self._offer()

    def act(self, act: PracticeAct) -> None:
        """Let something happen to the chosen payment."""
        session_id = self._chosen
        if act in self._offered():
            told = tr("Done. The desk sees it at its next look at Stripe; F5 looks at once.")
            self._do(lambda: self._controls.act(session_id, act), told)

    def jump(self, by: timedelta) -> None:
        """Move the time on, here and at the practice Stripe."""
        told = tr("The time was moved on, for this program and the practice Stripe alike.")
        self._do(lambda: self._controls.jump(by), told, self._jumped)

    def set_offline(self, *, is_offline: bool) -> None:
        """Cut the program off, or connect it again."""
        self._switch(lambda: self._controls.set_offline(is_offline=is_offline))

    def set_delay(self, seconds: int) -> None:
        """Let every answer wait this long."""
        self._switch(lambda: self._controls.set_delay(seconds))

    def set_refunds(self, refunds: PracticeRefunds) -> None:
        """Choose what becomes of refunds from now on."""
        self._switch(lambda: self._controls.set_refunds(refunds))

    def _switch(self, work: Callable[[], None]) -> None:
        """In the order asked: the last switch counts. A practice Stripe elsewhere may take seconds to be set."""
        self._asked += 1  # what is being read now still shows the switch as it was
        self._background.write(work, lambda _: self.reload(), self._view.show_error)

    def _do(self, work: Callable[[], None], told: str, then: Callable[[], None] | None = None) -> None:
        def done(_: None) -> None:
            self._view.tell(told)
            self.reload()
            if then is not None:
                then()

        def failed(error: InkDeskError) -> None:
            self._view.show_error(error)
            self.reload()

        self._background.call(work, done, failed)

    def _read(self) -> _Seen:
        sessions = self._controls.sessions()
        rows = [to_row(session, self._client(session.booking_id)) for session in sessions]
        return _Seen(sessions, rows, self._controls.standing())

    def _client(self, booking_id: int | None) -> str:
        """The client's name; a booking that is not in this book has none."""
        if booking_id is None:
            return ""
        if booking_id not in self._clients:
            try:
                self._clients[booking_id] = self._queries.booking(booking_id).card.client_name
            except InkDeskError:
                return ""
        return self._clients[booking_id]

    def _unread(self, number: int, error: InkDeskError) -> None:
        """It is asked again: whoever started the practice Stripe anew finds it here."""
        self._answered = max(self._answered, number)
        self._view.show_error(error)

    def _show(self, number: int, seen: _Seen) -> None:
        self._answered = max(self._answered, number)
        if number != self._asked:
            return
        self._states = {session.session_id: session.state for session in seen.sessions}
        self._view.show_rows(seen.rows)
        self._view.show_standing(seen.standing)
        self._offer()

    def _offered(self) -> frozenset[PracticeAct]:
        state = self._states.get(self._chosen)
        return frozenset() if state is None else possible(state)

    def _offer(self) -> None:
        self._view.show_acts(self._offered())


def to_row(session: PracticeSession, client: str) -> ConsoleRow:
    """One payment: when it was asked for, of whom, how much, how it stands."""
    state = render(_STATES[session.state])
    if session.state is PracticeState.PARTLY_REFUNDED:
        state = tr("Partly refunded: {amount}", amount=session.refunded)
    cells = (formats().moment(session.asked_at), client or tr("Unknown"), formats().money(session.amount), state)
    return ConsoleRow(session.session_id, cells)
