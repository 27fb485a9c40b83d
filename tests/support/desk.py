"""A real desk: a small studio on SQLite, the practice Stripe, and work off the window's thread."""

from dataclasses import dataclass, field

from inkdesk.application.payment_gateway import PaymentGateway
from inkdesk.application.services import Services
from inkdesk.domain.errors import StripeNotConfigured
from inkdesk.domain.message import message
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from inkdesk.workers.task_runner import OwnedRunner
from support.book import Book
from support.clock import StandingClock

NO_KEY = message("No Stripe key is stored. Enter one in Settings, Stripe.")


class NoSecrets:
    """A keyring with nothing in it."""

    def get(self, name: str) -> str | None:
        return None

    def set(self, name: str, secret: str) -> None:
        raise AssertionError(f"nobody stores {secret!r} as {name} here")

    def delete(self, name: str) -> None:
        raise AssertionError(name)


@dataclass
class Desk:
    """Everything a dialog is given, and the book behind it. ``gateway`` None means that no key is stored."""

    database: Database
    book: Book
    clock: StandingClock
    background: OwnedRunner
    gateway: PaymentGateway | None = None
    opened_urls: list[str] = field(default_factory=list)
    has_browser: bool = True
    services: Services = field(init=False)

    def __post_init__(self) -> None:
        self.services = Services(
            read=self.database.read,
            write=self.database.write,
            queries=self.database.queries,
            gateway=self._gateway,
            phones=LibraryPhoneNumbers(),
            secrets=NoSecrets(),
            clock=self.clock,
            return_page="http://127.0.0.1/paid",
        )

    def open_url(self, url: str) -> bool:
        """The browser: remembers what it was asked to show."""
        self.opened_urls.append(url)
        return self.has_browser

    def _gateway(self) -> PaymentGateway:
        if self.gateway is None:
            raise StripeNotConfigured(NO_KEY)
        return self.gateway
