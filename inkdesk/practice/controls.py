"""The practice Stripe as a trainer sees it: its payments in one list, and what can be done to each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from inkdesk.practice.actors import Actors
from inkdesk.practice.book import Book
from inkdesk.practice.disputes import CLOSED
from inkdesk.practice.errors import JsonObject, WrongStateError
from inkdesk.practice.knobs import RefundOutcome
from inkdesk.practice.reads import Reads

SeenState = Literal[
    "open",
    "declined",
    "processing",
    "paid",
    "failed",
    "expired",
    "refund_pending",
    "partly_refunded",
    "refunded",
    "disputed",
    "dispute_won",
    "dispute_lost",
]


@dataclass(frozen=True)
class SeenSession:
    """One Checkout Session and what became of its payment; amounts in minor units, `created` in Unix seconds."""

    session_id: str
    client_reference: str
    created: int
    amount: int
    refunded: int
    currency: str
    state: SeenState


class Controls(Actors):
    """What a trainer does, by session; raises as the other actors do."""

    def act(self, session_id: str, name: str) -> None:
        """Do what is called `name` in `ACTS` to a session.

        Raises:
            LookupError: there is no such act or session.
            WrongStateError: the session does not allow it now.
            ApiError: Stripe refuses it.
        """
        ACTS[name](self, session_id)

    def sessions(self, most: int = 100) -> list[SeenSession]:
        """Return the newest sessions of all accounts, newest first."""
        with self._bank.lock:
            found: list[SeenSession] = []
            for account_id in self._bank.books:
                book = self._book(account_id)
                found += [_seen(book, session) for session in book.newest_first("checkout.session")[:most]]
        return sorted(found, key=lambda seen: -seen.created)[:most]

    def status(self, session_id: str) -> str:
        """Return what the API would say of a session now: `open`, `complete` or `expired`."""
        with self._bank.lock:
            _, session = self._session(session_id)
            return str(session["status"])

    def arrive(self, session_id: str) -> None:
        """Let arrive what is on its way: a delayed payment, or else the refund that waits longest."""
        with self._bank.lock:
            book, session = self._session(session_id)
            if session["payment_status"] == "unpaid":
                self.settle(session_id)
            else:
                self.settle_refund(_refund(book, session, "pending", "requires_action")["id"])

    def go_wrong(self, session_id: str) -> None:
        """Let fail what is on its way: a delayed payment, a refund that waits, or else one that had succeeded."""
        with self._bank.lock:
            book, session = self._session(session_id)
            if session["payment_status"] == "unpaid":
                self.fail_delayed(session_id)
            else:
                self.fail_refund(_refund(book, session, "pending", "requires_action", "succeeded")["id"])

    def refund_payment(self, session_id: str, *, half: bool = False) -> None:
        """Refund what is left of a payment, or half of that, in the dashboard."""
        with self._bank.lock:
            charge = _paid_charge(*self._session(session_id))
            left = int(charge["amount"]) - int(charge["amount_refunded"])
            self.refund_in_dashboard(charge["id"], max(1, left // 2) if half else None)

    def dispute_payment(self, session_id: str) -> None:
        """Let the payer's bank take the money back."""
        with self._bank.lock:
            self.dispute(_paid_charge(*self._session(session_id))["id"])

    def decide(self, session_id: str, *, won: bool) -> None:
        """End the dispute of a payment."""
        with self._bank.lock:
            book, session = self._session(session_id)
            made = _dispute(book, _paid_charge(book, session))
            if made is None:
                raise WrongStateError(f"{session_id} is not disputed")
            self.close_dispute(made["id"], won=won)

    @property
    def refund_outcome(self) -> RefundOutcome:
        """Return what becomes of new refunds."""
        return self._bank.knobs.refund_outcome

    @property
    def is_offline(self) -> bool:
        """Tell whether requests are cut."""
        return self._bank.faults.is_offline

    @property
    def answer_delay_s(self) -> float:
        """Return how long every answer waits, in seconds."""
        return self._bank.faults.answer_delay_s

    def set_offline(self, *, offline: bool) -> None:
        """Cut the way to the API, or mend it."""
        self._bank.faults.set_offline(offline=offline)

    def set_delay(self, seconds: float) -> None:
        """Let every answer wait this long."""
        self._bank.faults.set_delay(seconds)

    @property
    def reads(self) -> Reads:
        """Return the count of reads."""
        return self._bank.reads

    def now(self) -> int:
        """Return the server's time in Unix seconds."""
        return self._bank.clock.now()

    def jump(self, seconds: int) -> None:
        """Move the server's time on; what is due by then has happened when anybody looks."""
        self._bank.clock.advance(seconds)


ACTS: dict[str, Callable[[Controls, str], object]] = {
    "pay": Controls.pay,
    "decline": Controls.decline,
    "pay_later": Controls.pay_later,
    "settle": Controls.arrive,
    "fail": Controls.go_wrong,
    "refund": Controls.refund_payment,
    "refund_half": lambda controls, session_id: controls.refund_payment(session_id, half=True),
    "dispute": Controls.dispute_payment,
    "win": lambda controls, session_id: controls.decide(session_id, won=True),
    "lose": lambda controls, session_id: controls.decide(session_id, won=False),
}
"""What a trainer can let happen to a payment."""


def _seen(book: Book, session: JsonObject) -> SeenSession:
    charge = _charge(book, session)
    return SeenSession(
        session_id=session["id"],
        client_reference=session["client_reference_id"] or "",
        created=session["created"],
        amount=session["amount_total"],
        refunded=0 if charge is None else charge["amount_refunded"],
        currency=session["currency"],
        state=_state(book, session, charge),
    )


def _state(book: Book, session: JsonObject, charge: JsonObject | None) -> SeenState:
    if session["status"] == "expired":
        return "expired"
    if charge is None:
        return "open"
    if session["status"] == "open":
        return "declined" if charge["status"] == "failed" else "open"
    if session["payment_status"] == "unpaid":
        return "failed" if charge["status"] == "failed" else "processing"
    return _state_of_paid(book, charge)


def _state_of_paid(book: Book, charge: JsonObject) -> SeenState:
    made = _dispute(book, charge)
    if made is not None and made["status"] != "warning_closed":
        if made["status"] not in CLOSED:
            return "disputed"
        return "dispute_won" if made["status"] == "won" else "dispute_lost"
    if any(refund["status"] in {"pending", "requires_action"} for refund in _refunds(book, charge)):
        return "refund_pending"
    if charge["refunded"]:
        return "refunded"
    return "partly_refunded" if charge["amount_refunded"] else "paid"


def _charge(book: Book, session: JsonObject) -> JsonObject | None:
    intent = book.objects.get(session["payment_intent"] or "")
    return None if intent is None else book.objects.get(intent["latest_charge"] or "")


def _paid_charge(book: Book, session: JsonObject) -> JsonObject:
    charge = _charge(book, session)
    if charge is None or not charge["paid"]:
        raise WrongStateError(f"{session['id']} is not paid")
    return charge


def _refunds(book: Book, charge: JsonObject) -> list[JsonObject]:
    return [refund for refund in book.every("refund") if refund["charge"] == charge["id"]]


def _refund(book: Book, session: JsonObject, *statuses: str) -> JsonObject:
    """Return the oldest refund in the first of these statuses that any has."""
    found = _refunds(book, _paid_charge(book, session))
    for status in statuses:
        for refund in found:
            if refund["status"] == status:
                return refund
    raise WrongStateError(f"{session['id']} has no such refund")


def _dispute(book: Book, charge: JsonObject) -> JsonObject | None:
    return next((made for made in book.every("dispute") if made["charge"] == charge["id"]), None)
