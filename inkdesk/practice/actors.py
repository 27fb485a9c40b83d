"""The people and banks around Stripe, as methods: payers, the studio's dashboard, banks that dispute."""

from __future__ import annotations

from collections.abc import Callable

from inkdesk.practice import balance, checkout, disputes, payments, refunds
from inkdesk.practice.bank import PLATFORM_ID, Bank
from inkdesk.practice.book import Book
from inkdesk.practice.disputes import DisputeStatus
from inkdesk.practice.errors import JsonObject
from inkdesk.practice.knobs import FundsRule, RefundOutcome


class Actors:
    """What people do to the objects behind the API.

    Every method raises LookupError for an unknown id and WrongStateError for an object in the wrong state.
    """

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def pay(self, session_id: str, *, amount: int | None = None, currency: str | None = None) -> str:
        """Pay a session by card and return the charge's id.

        `amount` (minor units) or `currency` make the session and its payment differ from what was asked.
        """
        with self._bank.lock:
            book, session = self._session(session_id)
            return str(payments.pay(book, session, amount=amount, currency=currency)["id"])

    def pay_later(self, session_id: str) -> str:
        """Pay a session with a delayed method and return the pending charge's id."""
        return self._charged(payments.pay_later, session_id)

    def settle(self, session_id: str) -> str:
        """Let the money of a delayed method arrive and return the charge's id."""
        return self._charged(payments.settle, session_id)

    def fail_delayed(self, session_id: str) -> str:
        """Let a delayed method fail and return the failed charge's id."""
        return self._charged(payments.fail_delayed, session_id)

    def decline(self, session_id: str) -> str:
        """Decline the payer's card and return the failed charge's id."""
        return self._charged(payments.decline, session_id)

    def _charged(self, act: Callable[[Book, JsonObject], JsonObject], session_id: str) -> str:
        with self._bank.lock:
            return str(act(*self._session(session_id))["id"])

    def charge_elsewhere(self, amount: int, currency: str = "eur", account_id: str = PLATFORM_ID) -> str:
        """Take money by another program that uses the same account, and return the charge's id."""
        with self._bank.lock:
            return str(payments.charge_elsewhere(self._book(account_id), amount, currency)["id"])

    def expire(self, session_id: str) -> None:
        """Move the clock to the moment an open session expires by itself."""
        with self._bank.lock:
            _, session = self._session(session_id)
            self._bank.clock.advance(max(0, int(session["expires_at"]) - self._bank.clock.now()))
            self._session(session_id)

    def recover(self, session_id: str) -> str:
        """Open an expired session again, as Stripe's recovery mail does, and return the new session's id."""
        with self._bank.lock:
            return str(checkout.recover(*self._session(session_id), self._bank.base_url)["id"])

    def forget_metadata(self, session_id: str) -> None:
        """Take metadata and client reference from a session, its payment and its charges."""
        with self._bank.lock:
            checkout.forget_metadata(*self._session(session_id))

    def claim_live(self, session_id: str) -> None:
        """Let a session say that it is of live mode, as a key of the other mode would show it."""
        with self._bank.lock:
            _, session = self._session(session_id)
            session["livemode"] = True

    def withhold_balance_transactions(self) -> None:
        """Let new charges have no balance transaction for now."""
        self._bank.knobs.is_balance_late = True

    def release_balance_transactions(self) -> None:
        """Give every charge its balance transaction, now and from now on."""
        with self._bank.lock:
            self._bank.knobs.is_balance_late = False
            for book in self._bank.books.values():
                payments.book_late(book)

    def refund_next_as(self, outcome: RefundOutcome) -> None:
        """Choose what becomes of refunds from now on."""
        self._bank.knobs.refund_outcome = outcome

    def refunds_without_funds(self, rule: FundsRule) -> None:
        """Choose what becomes of refunds that are more than the available balance.

        `ignored`: paid all the same. `pending`: they wait, and succeed by themselves once the balance suffices.
        `refused`: the request is answered with 400 `balance_insufficient`. `refused_without_code`: with the same
        sentence and no code, as it was seen in the field (Automattic/woocommerce-payments#10025).
        """
        self._bank.knobs.funds_rule = rule

    def refund_in_dashboard(self, charge_id: str, amount: int | None = None) -> str:
        """Refund a charge (None: what is left of it) as the studio would in the dashboard; return the refund's id.

        Raises:
            ApiError: there is less left to refund.
        """
        with self._bank.lock:
            book, _ = self._object("charge", charge_id)
            params: JsonObject = {"charge": charge_id} if amount is None else {"charge": charge_id, "amount": amount}
            return str(refunds.create(book, params)["id"])

    def settle_refund(self, refund_id: str) -> None:
        """Let a refund succeed that is pending or waits for the payer."""
        with self._bank.lock:
            refunds.settle(*self._object("refund", refund_id))

    def fail_refund(self, refund_id: str) -> None:
        """Let a refund fail, also one that had succeeded."""
        with self._bank.lock:
            refunds.fail(*self._object("refund", refund_id))

    def cancel_refund(self, refund_id: str) -> None:
        """Call a refund off that waits for the payer."""
        with self._bank.lock:
            refunds.cancel(*self._object("refund", refund_id))

    def set_available(self, amount: int, currency: str = "eur", account_id: str = PLATFORM_ID) -> None:
        """Bring an account's available balance to `amount` minor units by one payout or one top-up."""
        with self._bank.lock:
            balance.set_available(self._book(account_id), amount, currency)

    def pay_out(self, currency: str = "eur", account_id: str = PLATFORM_ID) -> str | None:
        """Send the available balance to the bank and return the payout's id; None if there is nothing to send."""
        with self._bank.lock:
            return balance.pay_out(self._book(account_id), currency)

    def dispute(self, charge_id: str, status: DisputeStatus = "needs_response") -> str:
        """Let the payer's bank dispute a charge and return the dispute's id."""
        with self._bank.lock:
            return str(disputes.open_dispute(*self._object("charge", charge_id), status)["id"])

    def advance_dispute(self, dispute_id: str, status: DisputeStatus) -> None:
        """Move a dispute on; see `DisputeStatus`."""
        with self._bank.lock:
            disputes.advance(*self._object("dispute", dispute_id), status)

    def close_dispute(self, dispute_id: str, *, won: bool) -> None:
        """End a dispute."""
        self.advance_dispute(dispute_id, "won" if won else "lost")

    def connect(self, account_id: str) -> None:
        """Open a connected account, or let one come back."""
        with self._bank.lock:
            self._bank.connect(account_id)

    def disconnect(self, account_id: str) -> None:
        """Let a connected account take its access back; `connect` gives it again."""
        with self._bank.lock:
            self._book(account_id).is_gone = True

    def set_charges_enabled(self, *, enabled: bool, account_id: str = PLATFORM_ID) -> None:
        """Let an account charge, or stop it."""
        with self._bank.lock:
            book = self._book(account_id)
            before = book.account["charges_enabled"]
            book.account["charges_enabled"] = enabled
            book.account["capabilities"]["card_payments"] = "active" if enabled else "inactive"
            book.account["requirements"]["disabled_reason"] = None if enabled else "requirements.past_due"
            book.emit("account.updated", book.account, charges_enabled=before)

    def set_capability(self, name: str, status: str, account_id: str = PLATFORM_ID) -> None:
        """Set one capability (`card_payments`, `transfers`) to `active`, `inactive` or `pending`."""
        with self._bank.lock:
            book = self._book(account_id)
            before = dict(book.account["capabilities"])
            book.account["capabilities"][name] = status
            book.emit("account.updated", book.account, capabilities=before)

    def _book(self, account_id: str) -> Book:
        book = self._bank.books[account_id]
        self._bank.bring_up_to_date(book)
        return book

    def _session(self, session_id: str) -> tuple[Book, JsonObject]:
        return self._object("checkout.session", session_id)

    def _object(self, kind: str, object_id: str) -> tuple[Book, JsonObject]:
        book = self._bank.book_of(object_id)
        found = book.objects[object_id]
        if found["object"] != kind:
            raise LookupError(f"{object_id} is no {kind}")
        return book, found
