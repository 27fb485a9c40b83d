"""A desk with its settings page, its keyring in memory and a Stripe that answers as told."""

from dataclasses import dataclass, field

from inkdesk.application.studio_service import StudioService
from inkdesk.domain.errors import InkDeskError
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
    """Answers which rights a key lacks, or fails."""

    missing: tuple[str, ...] = ()
    failure: InkDeskError | None = None
    asked: list[str] = field(default_factory=list)

    def probe(self, key: str, mode: Mode) -> tuple[str, ...]:
        self.asked.append(key)
        if self.failure is not None:
            raise self.failure
        return self.missing


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
