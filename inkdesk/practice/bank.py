"""The state of the whole practice server: accounts, keys, clock, faults, and the knobs on them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from inkdesk.practice.access import Access
from inkdesk.practice.balance import settle_due
from inkdesk.practice.book import Book
from inkdesk.practice.checkout import expire_due
from inkdesk.practice.clock import PracticeClock
from inkdesk.practice.disputes import close_due
from inkdesk.practice.errors import ApiError
from inkdesk.practice.events import EventFeed
from inkdesk.practice.faults import Faults
from inkdesk.practice.idempotency import Idempotency
from inkdesk.practice.knobs import Knobs
from inkdesk.practice.reads import Reads
from inkdesk.practice.refunds import settle_funded
from inkdesk.practice.shapes import shape

PLATFORM_ID = "acct_1PracticeStudio00"


@dataclass
class Bank:
    """Everything behind the wire; `lock` guards the books."""

    base_url: str = ""
    clock: PracticeClock = field(default_factory=PracticeClock)
    access: Access = field(default_factory=Access)
    faults: Faults = field(default_factory=Faults)
    reads: Reads = field(default_factory=Reads)
    feed: EventFeed = field(default_factory=EventFeed)
    idempotency: Idempotency = field(default_factory=Idempotency)
    lock: threading.RLock = field(default_factory=threading.RLock)
    knobs: Knobs = field(default_factory=Knobs)
    books: dict[str, Book] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the studio's own account."""
        self._open(PLATFORM_ID)

    def _open(self, account_id: str) -> Book:
        account = shape("account", id=account_id, created=self.clock.now(), email="studio@example.com")
        account["external_accounts"]["url"] = f"/v1/accounts/{account_id}/external_accounts"
        book = Book(account, self.clock, self.feed, self.knobs)
        self.books[account_id] = book
        return book

    def connect(self, account_id: str) -> Book:
        """Open a connected account, or let one come back, and return its book."""
        book = self.books.get(account_id) or self._open(account_id)
        book.is_gone = False
        book.platform = self.books[PLATFORM_ID]
        book.platform.peers[account_id] = book
        return book

    def book(self, key: str, account_id: str | None) -> Book:
        """Return the book that a request is about, brought up to now.

        Raises:
            ApiError: 403: the key has no access to such an account.
        """
        found = self.books.get(account_id or PLATFORM_ID)
        if found is None or found.is_gone:
            raise ApiError(
                403,
                f"The provided key '{key[:8]}***' does not have access to account '{account_id}' (or that account does "
                "not exist). Application access may have been revoked.",
                code="account_invalid",
            )
        self.bring_up_to_date(found)
        return found

    def book_of(self, object_id: str) -> Book:
        """Return the book that holds an object, brought up to now.

        Raises:
            LookupError: no account has it.
        """
        for book in self.books.values():
            if object_id in book.objects:
                self.bring_up_to_date(book)
                return book
        raise LookupError(object_id)

    def bring_up_to_date(self, book: Book) -> None:
        """Let everything happen whose time has come."""
        with self.lock:
            expire_due(book)
            settle_due(book)
            settle_funded(book)
            close_due(book)
