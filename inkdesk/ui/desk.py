"""What the window is given: the use cases, the workers and the few things only the system can do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inkdesk.application.services import Services
from inkdesk.application.tables_out import WriteTable
from inkdesk.domain.studio import Studio
from inkdesk.workers.change_feed import ChangeFeed
from inkdesk.workers.payment_monitor import PaymentMonitor
from inkdesk.workers.task_runner import TaskRunner

if TYPE_CHECKING:
    from inkdesk.application.key_service import OpenKey
    from inkdesk.application.practice_controls import PracticeControls

THEMES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One opened studio at one desk.

    ``open_key`` is the way to Stripe with a key that is being tried; ``write_table`` makes files of tables;
    ``database`` is its kind and its address without a password; ``save_preference`` keeps ``theme``, ``language`` or
    ``keys`` (``KeyMap.to_text``) for the next start. ``practice`` is the practice Stripe in a trainer's hands, None
    with real money.
    """

    studio: Studio
    services: Services
    runner: TaskRunner
    feed: ChangeFeed
    monitor: PaymentMonitor
    database: tuple[str, str]
    resources: Path
    theme: str
    keys: str
    open_url: Callable[[str], bool]
    open_key: "OpenKey"
    write_table: WriteTable
    choose_theme: Callable[[str], None]
    save_preference: Callable[[str, str], None]
    practice: "PracticeControls | None" = None
