"""The settings page: sections on the left, the chosen one on the right."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QStackedWidget, QVBoxLayout, QWidget

from inkdesk.application.changes import Changes
from inkdesk.application.key_service import KeyService, OpenKey
from inkdesk.application.ports import Clock
from inkdesk.application.services import Services
from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import render, tr
from inkdesk.domain.errors import InkDeskError
from inkdesk.ui.common.forms import Notice
from inkdesk.ui.settings.accounts_presenter import AccountsPresenter
from inkdesk.ui.settings.accounts_section import AccountsSection
from inkdesk.ui.settings.artists_section import ArtistsSection
from inkdesk.ui.settings.catalogue_sections import ServicesSection, StationsSection
from inkdesk.ui.settings.database_section import DatabaseSection
from inkdesk.ui.settings.leave_section import LeaveSection
from inkdesk.ui.settings.presenter import SettingsPresenter
from inkdesk.ui.settings.stripe_section import StripeSection
from inkdesk.ui.settings.studio_section import StudioSection
from inkdesk.workers.change_feed import ChangeFeed
from inkdesk.workers.task_runner import TaskRunner

NAVIGATION_PX = 150
NAVIGATION_EDGE_PX = 9
TOP_PX = 6
"""Between the window's banner and the page."""


class SettingsPage(QWidget):
    """Reloads when the feed says that settings changed; what is being typed stays.

    ``link_requested``: a web address to open. ``language_chosen``: code for the next start. ``key_changed``: the
    Stripe key was kept or removed.
    """

    link_requested = Signal(str)
    language_chosen = Signal(str)
    key_changed = Signal()

    def __init__(
        self,
        services: Services,
        runner: TaskRunner,
        feed: ChangeFeed,
        open_key: OpenKey,
        database: tuple[str, str],
        parent: QWidget | None = None,
    ) -> None:
        """``database`` is its kind and its address as people may see it; ``open_key`` tries a new Stripe key."""
        super().__init__(parent)
        self._clock: Clock = services.clock
        keys = KeyService(services.write, services.read, services.secrets, services.clock, open_key)
        self._presenter = SettingsPresenter(
            services.studio, keys, services.clock, runner.of(self), feed.announce, services.queries
        )
        self.accounts = AccountsSection(AccountsPresenter(services.payments.accounts, runner.of(self), feed.announce))
        self._make_sections(database)
        self._lay_out()
        feed.changed.connect(self._changed)
        self.reload()

    def reload(self) -> None:
        """Read everything again."""
        self._presenter.load(self._show, self._failed)

    def open_section(self, name: str) -> None:
        """Show one of studio, artists, leave, services, stations, stripe, accounts, database."""
        self.navigation.setCurrentRow(self._names.index(name))

    def _make_sections(self, database: tuple[str, str]) -> None:
        self.studio = StudioSection(self._presenter)
        self.artists = ArtistsSection(self._presenter)
        self.leave = LeaveSection(self._presenter)
        self.services = ServicesSection(self._presenter)
        self.stations = StationsSection(self._presenter)
        self.stripe = StripeSection(self._presenter)
        self._database = DatabaseSection(*database)
        self.studio.reload_requested.connect(self.reload)
        self.studio.language_chosen.connect(self.language_chosen)
        self.stripe.link_requested.connect(self.link_requested)
        self.stripe.key_changed.connect(self.key_changed)

    def _lay_out(self) -> None:
        sections: tuple[tuple[str, str, QWidget], ...] = (
            ("studio", tr("Studio"), self.studio),
            ("artists", tr("Artists"), self.artists),
            ("leave", tr("Leave"), self.leave),
            ("services", tr("Services"), self.services),
            ("stations", tr("Stations"), self.stations),
            ("stripe", "Stripe", self.stripe),
            ("accounts", tr("Artists' accounts"), self.accounts),
            ("database", tr("Database"), self._database),
        )
        self._names = [name for name, _, _ in sections]
        self.navigation = QListWidget()
        self.navigation.setAccessibleName(tr("Settings"))
        self.navigation.setObjectName("sections")
        self.navigation.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack = QStackedWidget()
        for _, shown, section in sections:
            self.navigation.addItem(shown)
            self._stack.addWidget(section)
        self.navigation.ensurePolished()
        widest = self.navigation.sizeHintForColumn(0) + 2 * NAVIGATION_EDGE_PX
        self.navigation.setFixedWidth(max(NAVIGATION_PX, widest))
        self.navigation.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.navigation.setCurrentRow(0)
        self._notice = Notice("error")
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self._notice)
        right.addWidget(self._stack, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, TOP_PX, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.navigation)
        layout.addLayout(right, 1)

    def _changed(self, changes: Changes) -> None:
        if changes.settings:
            self.reload()

    def _show(self, settings: StudioSettings) -> None:
        self._notice.show_text("")
        today = self._clock.now().astimezone(settings.studio.zone_info).date()
        self.studio.show_studio(settings.studio, today)
        self.stripe.show_studio(settings.studio)
        self.artists.show_settings(settings, today)
        self.leave.show_settings(settings, today)
        self.services.show_settings(settings, today)
        self.stations.show_settings(settings, today)
        self.accounts.reload()

    def _failed(self, error: InkDeskError) -> None:
        self._notice.show_text(render(error.message))
