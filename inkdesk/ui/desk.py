"""What the window is given: the use cases, the workers and the few things only the system can do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inkdesk.application.services import Services
from inkdesk.domain.studio import Studio
from inkdesk.workers.change_feed import ChangeFeed
from inkdesk.workers.task_runner import TaskRunner

if TYPE_CHECKING:
    from inkdesk.workers.payment_monitor import PaymentMonitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One opened studio at one desk. ``database_shown`` names the database without a password."""

    studio: Studio
    services: Services
    runner: TaskRunner
    feed: ChangeFeed
    monitor: "PaymentMonitor"
    database_shown: str
    open_url: Callable[[str], bool]
    choose_theme: Callable[[str], None]
    choose_language: Callable[[str], None]
    theme: str
