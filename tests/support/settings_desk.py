"""A desk with its settings page, its keyring in memory and a Stripe that answers as told."""

from dataclasses import dataclass, field

from inkdesk.application.payment_gateway import GatewayMissing, GatewayNotAllowed
from inkdesk.application.studio_service import StudioService
from inkdesk.domain.connect import AccountFacts
from inkdesk.domain.errors import InkDeskError
from inkdesk.domain.reconciling import SessionFacts
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.db.database import Database
from inkdesk.ui.settings.page import SettingsPage
from inkdesk.workers.change_feed import ChangeFeed
from support.book import Book


@dataclass(slots=True)
class MemorySecrets:
    """The SecretStore port in memory; ``failure`` is raised by every call while it is set."""

    kept: dict[str, str] = field(default_factory=dict)
    failure: InkDeskError | None = None

    def get(self, name: str) -> str | None:
        self._fail()
        return self.kept.get(name)

    def set(self, name: str, secret: str) -> None:
        self._fail()
        self.kept[name] = secret

    def delete(self, name: str) -> None:
        self._fail()
        self.kept.pop(name, None)

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure


@dataclass(slots=True)
class FakeStripe:
    """A KeyGateway that lacks some rights, or fails; ``asked`` are the keys that were tried."""

    missing: tuple[str, ...] = ()
    failure: InkDeskError | None = None
    account_id: str = "acct_studio"
    transfers: str = "active"
    asked: list[str] = field(default_factory=list)

    def open(self, key: str, mode: Mode) -> "FakeStripe":
        self.asked.append(key)
        return self

    def probe(self, right: str) -> None:
        if self.failure is not None:
            raise self.failure
        if right in self.missing:
            raise GatewayNotAllowed(right)

    def account(self, account_id: str = "") -> AccountFacts:
        if self.failure is not None:
            raise self.failure
        return AccountFacts(
            account_id=account_id or self.account_id,
            name="Studio",
            charges_enabled=True,
            card_payments="active",
            transfers=self.transfers,
        )

    def session(self, session_id: str, account: str = "") -> SessionFacts:
        raise GatewayMissing(f"No such checkout session: {session_id}")


@dataclass(slots=True)
class Desk:
    """One desk with its settings page."""

    database: Database
    studio: StudioService
    secrets: MemorySecrets
    stripe: FakeStripe
    feed: ChangeFeed
    page: SettingsPage
    book: Book
