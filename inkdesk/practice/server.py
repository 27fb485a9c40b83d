"""The practice Stripe as one object: start it, talk to it over HTTP, play the payer, stop it."""

from __future__ import annotations

from typing import Self

from flask import Flask, Response, request

from inkdesk.practice import api, page, payments, refunds
from inkdesk.practice.access import Access
from inkdesk.practice.bank import PLATFORM_ID, Bank
from inkdesk.practice.book import Book
from inkdesk.practice.clock import PracticeClock
from inkdesk.practice.errors import JsonObject
from inkdesk.practice.events import EventFeed
from inkdesk.practice.faults import Faults
from inkdesk.practice.reads import Reads
from inkdesk.practice.refunds import RefundOutcome
from inkdesk.practice.wire import HOST, Wire, listen

DEFAULT_KEY = "rk_test_practice000000000000000000"


class PracticeServer:
    """A small strict Stripe on 127.0.0.1; its state lives as long as the object.

    Args:
        port: the port to listen on; 0 takes a free one.
        key: the API key that works (`rk_test_` with a studio's rights, or `sk_test_` with all).
    """

    def __init__(self, port: int = 0, key: str = DEFAULT_KEY) -> None:
        self.key = key
        self._port = port
        self._bank = Bank()
        self._bank.access.grant(key)
        self._wire: Wire | None = None

    def start(self) -> None:
        """Listen and serve; a second call does nothing.

        Raises:
            PortBusy: the wanted port is taken.
        """
        if self._wire is not None:
            return
        listener = listen(self._port)
        self._port = int(listener.getsockname()[1])
        self._bank.base_url = self.url
        self._wire = Wire(listener, _flask_app(self._bank), self._bank.faults)

    def stop(self) -> None:
        """Close every connection and join every thread, within seconds; a second call does nothing."""
        wire, self._wire = self._wire, None
        self._bank.faults.clear()
        if wire is not None:
            wire.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Return the base address, like `http://127.0.0.1:12345`; known once started."""
        return f"http://{HOST}:{self._port}"

    @property
    def success_url(self) -> str:
        """Return a page of the server that thanks for a payment."""
        return f"{self.url}{page.PAID_PATH}"

    @property
    def clock(self) -> PracticeClock:
        """Return the server's clock."""
        return self._bank.clock

    @property
    def faults(self) -> Faults:
        """Return the faults that are switched on."""
        return self._bank.faults

    @property
    def reads(self) -> Reads:
        """Return the count of reads."""
        return self._bank.reads

    @property
    def access(self) -> Access:
        """Return the keys and their rights."""
        return self._bank.access

    @property
    def events(self) -> EventFeed:
        """Return the event feed with its knobs."""
        return self._bank.feed

    @property
    def account_id(self) -> str:
        """Return the id of the studio's own account."""
        return PLATFORM_ID

    def pay(self, session_id: str) -> str:
        """Pay a session by card and return the charge's id.

        This and the other actor methods raise LookupError for an unknown id and WrongStateError for an object that
        is not in the right state.
        """
        with self._bank.lock:
            return str(payments.pay(*self._session(session_id))["id"])

    def pay_later(self, session_id: str) -> str:
        """Pay a session with a delayed method and return the pending charge's id."""
        with self._bank.lock:
            return str(payments.pay_later(*self._session(session_id))["id"])

    def settle(self, session_id: str) -> str:
        """Let the money of a delayed method arrive and return the charge's id."""
        with self._bank.lock:
            return str(payments.settle(*self._session(session_id))["id"])

    def fail_delayed(self, session_id: str) -> str:
        """Let a delayed method fail and return the failed charge's id."""
        with self._bank.lock:
            return str(payments.fail_delayed(*self._session(session_id))["id"])

    def decline(self, session_id: str) -> str:
        """Decline the payer's card and return the failed charge's id."""
        with self._bank.lock:
            return str(payments.decline(*self._session(session_id))["id"])

    def expire(self, session_id: str) -> None:
        """Move the clock to the moment an open session expires by itself."""
        with self._bank.lock:
            _, session = self._session(session_id)
            self.clock.advance(max(0, int(session["expires_at"]) - self.clock.now()))
            self._session(session_id)

    def refund_next_as(self, outcome: RefundOutcome) -> None:
        """Choose what becomes of refunds from now on."""
        self._bank.refund_outcome = outcome

    def refund_in_dashboard(self, charge_id: str, amount: int | None = None) -> str:
        """Refund a charge (None: what is left of it) as the studio would in the dashboard; return the refund's id.

        Raises:
            ApiError: there is less left to refund.
        """
        with self._bank.lock:
            book, _ = self._object("charge", charge_id)
            params: JsonObject = {"charge": charge_id} if amount is None else {"charge": charge_id, "amount": amount}
            return str(refunds.create(book, params, self._bank.refund_outcome)["id"])

    def settle_refund(self, refund_id: str) -> None:
        """Let a pending refund succeed."""
        with self._bank.lock:
            refunds.settle(*self._object("refund", refund_id))

    def fail_refund(self, refund_id: str) -> None:
        """Let a pending or succeeded refund fail."""
        with self._bank.lock:
            refunds.fail(*self._object("refund", refund_id))

    def dispute(self, charge_id: str) -> str:
        """Let the payer's bank dispute a charge and return the dispute's id."""
        with self._bank.lock:
            return str(refunds.dispute(*self._object("charge", charge_id))["id"])

    def close_dispute(self, dispute_id: str, *, won: bool) -> None:
        """End a dispute."""
        with self._bank.lock:
            book, made = self._object("dispute", dispute_id)
            refunds.close_dispute(book, made, won=won)

    def connect(self, account_id: str) -> None:
        """Open a connected account."""
        with self._bank.lock:
            self._bank.connect(account_id)

    def set_charges_enabled(self, *, enabled: bool, account_id: str = PLATFORM_ID) -> None:
        """Let an account charge, or stop it."""
        with self._bank.lock:
            book = self._bank.books[account_id]
            before = book.account["charges_enabled"]
            book.account["charges_enabled"] = enabled
            book.account["capabilities"]["card_payments"] = "active" if enabled else "inactive"
            book.account["requirements"]["disabled_reason"] = None if enabled else "requirements.past_due"
            book.emit("account.updated", book.account, charges_enabled=before)

    def _session(self, session_id: str) -> tuple[Book, JsonObject]:
        return self._object("checkout.session", session_id)

    def _object(self, kind: str, object_id: str) -> tuple[Book, JsonObject]:
        book = self._bank.book_of(object_id)
        found = book.objects[object_id]
        if found["object"] != kind:
            raise LookupError(f"{object_id} is no {kind}")
        return book, found


def _flask_app(bank: Bank) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(api.blueprint(bank))
    app.register_blueprint(page.blueprint(bank))
    own_host = bank.base_url.removeprefix("http://")
    hosts = {own_host, own_host.replace(HOST, "localhost")}

    @app.before_request
    def refuse_foreign_hosts() -> Response | None:
        """Keep web pages out that reach 127.0.0.1 under a name of their own."""
        return None if request.host in hosts else Response("Misdirected request", 421)

    @app.after_request
    def stamp(response: Response) -> Response:
        response.headers["Date"] = bank.clock.http_date()
        return response

    return app
