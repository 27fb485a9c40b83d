"""The window's program: opens the studio, shows it, and ends in stages."""

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QDialog

from inkdesk import bootstrap
from inkdesk.application.text import language, render, tr
from inkdesk.bootstrap import OpenStudio, PasswordNeeded
from inkdesk.bug_watch import BugWatch
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.message import message
from inkdesk.domain.studio import Studio
from inkdesk.end_signals import EndSignals
from inkdesk.infrastructure.files import (
    own_database_url,
    read_preferences,
    start_log,
    stop_log,
    user_places,
    write_preferences,
)
from inkdesk.ui.common.qt_language import install_qt_translator
from inkdesk.ui.common.theme import DARK, LIGHT, apply_theme, load_fonts, system_theme, use_font
from inkdesk.ui.desk import Desk
from inkdesk.ui.main_window import MainWindow
from inkdesk.warm_up import warm_up
from inkdesk.workers.change_feed import ChangeFeed
from inkdesk.workers.garbage import GarbageCollector
from inkdesk.workers.payment_monitor import PaymentMonitor
from inkdesk.workers.task_runner import OwnedRunner, TaskRunner, internal_error

if TYPE_CHECKING:
    from inkdesk.application.look_result import LookResult, Wish
    from inkdesk.application.services import Services
    from inkdesk.infrastructure.single_instance import SingleInstance
    from inkdesk.ui.first_window import FirstWindow

log = logging.getLogger(__name__)
ALREADY_OPEN = InkDeskError(
    ErrorCode.VALIDATION,
    message("This studio is open in another window on this computer, which does not answer. Close it, then try again."),
)
STOP_S = 5.0
"""How long the workers may take to end."""
OPENING_MS = 500
"""A studio that is not open by then is being waited for in sight."""
BUG_MS = 60_000
"""How long the window says that it made a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppOptions:
    """What the program was started with; None: the default. ``database`` is a URL without a password."""

    practice: bool = False
    database: str | None = None
    practice_port: int | None = None
    smoke_test: bool = False
    language: str | None = None


def run(options: AppOptions) -> int:
    """Show the window until it is closed; the answer is the exit code."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("inkdesk")
    app.setApplicationDisplayName("InkDesk")
    app.setQuitOnLastWindowClosed(False)
    program = Program(app, options)
    if options.smoke_test:
        from inkdesk.smoke_test import SmokeTest  # noqa: PLC0415 - only the frozen build's check needs it

        program.opened_window.connect(SmokeTest(program).begin)
    ends = EndSignals(program)
    ends.received.connect(lambda number: app.exit(128 + number))
    program.start()
    code = app.exec()
    ends.stop()
    program.stop()
    return code


class Program(QObject):
    """One run of the window, from opening the studio to the last thread's end.

    ``opened_window`` carries the ``MainWindow`` once there is one.
    """

    opened_window = Signal(object)

    def __init__(self, app: QApplication, options: AppOptions) -> None:
        super().__init__()
        self._app = app
        self._options = options
        self._places = user_places()
        self._log = start_log(self._places.log)
        self._preferences = read_preferences(self._places.preferences)
        self._garbage = GarbageCollector(self)
        self._garbage.start()
        self._runner = TaskRunner(self)
        self._lock: SingleInstance | None = None
        self._first: FirstWindow | None = None
        self._bugs = BugWatch(self)
        self._bugs.found.connect(self._say_bug)
        self._bugs.start()
        self._patience = QTimer(self, singleShot=True, interval=OPENING_MS)
        self._patience.timeout.connect(self._say_opening)
        self.question: QDialog | None = None
        self._desk: Desk | None = None
        self.opened: OpenStudio | None = None
        self.window: MainWindow | None = None
        bootstrap.speak(self._preferences, language=options.language)
        install_qt_translator(app, language())
        use_font(app, load_fonts(bootstrap.resource_folder() / "fonts"))
        self._apply_theme()

    @property
    def is_practice(self) -> bool:
        """Whether this run has a studio of its own that ends with it."""
        return self._options.practice or self._options.smoke_test

    @property
    def background(self) -> OwnedRunner:
        """Runs work for this run, off the window's thread."""
        return self._runner.of(self)

    @Slot()
    def start(self) -> None:
        """Open the studio, unless its window is open already: then that one comes to the front and we leave."""
        self._or_say(self._begin)

    def _begin(self) -> None:
        if self.is_practice or self._take_lock():
            self._open(None)

    def stop(self) -> None:
        """End in stages: no new input, workers, database, lock."""
        for shown in (self.window, self.question):
            if shown is not None and shiboken6.isValid(shown):
                shown.deleteLater()
        self.window = self.question = None
        if self._first is not None:
            self._first.close()
        self._stop_workers()
        if self.opened is not None:
            self.opened.close()
        if self._lock is not None:
            self._lock.release()
        self._bugs.stop()
        stop_log(self._log)
        self.deleteLater()

    def _stop_workers(self) -> None:
        if self._desk is not None:
            self._desk.feed.stop()
            if not self._desk.monitor.stop(STOP_S):
                log.warning("the payment monitor did not end in time")
        if not self._runner.stop(STOP_S):
            log.warning("a background task did not end in time")
        self._garbage.stop()

    # Opening

    def _take_lock(self) -> bool:
        if self._lock is not None:
            return True  # at a second try
        lock = bootstrap.only_instance(self._options.database or own_database_url(self._places))
        if lock is None:
            return True
        from inkdesk.ui.first_window import FirstWindow, raise_first_window  # noqa: PLC0415 - QtNetwork, own files only

        if not lock.take():
            if raise_first_window(lock.studio):
                QTimer.singleShot(0, self, lambda: self._app.exit(0))
            else:
                self._say(ALREADY_OPEN, can_retry=True)
            return False
        self._lock = lock
        self._first = FirstWindow(lock.studio, self)
        self._first.wanted.connect(self._come_to_front)
        return True

    def _open(self, password: str | None) -> None:
        options = self._options

        def work() -> tuple[OpenStudio, Studio | None]:
            if self.is_practice:
                opened = bootstrap.open_practice_studio(options.practice_port)
            else:
                opened = bootstrap.open_at_once(options.database) or bootstrap.open_studio(
                    options.database, password=password, practice=lambda: bootstrap.desk_practice(options.practice_port)
                )
            return opened, opened.studio

        if not self.is_practice:
            self._patience.start()
        self.background.read(work, self._opened, self._not_opened)

    def _not_opened(self, error: InkDeskError) -> None:
        self._end_waiting()
        if not isinstance(error, PasswordNeeded):
            self._say(error)
            return
        from inkdesk.ui.start_dialogs import PasswordDialog  # noqa: PLC0415 - rarely asked

        dialog = PasswordDialog(self._options.database or "", render(error.message))
        dialog.given.connect(self._open)
        dialog.rejected.connect(lambda: self._app.exit(1))
        self._ask(dialog)

    def _opened(self, answer: tuple[OpenStudio, Studio | None]) -> None:
        self._end_waiting()
        self.opened, studio = answer
        self._or_say(lambda: self._welcome() if studio is None else self._show(studio))

    def _welcome(self) -> None:
        if self.opened is None:
            raise RuntimeError("a welcome needs an opened database")
        from inkdesk.ui.welcome.dialog import WelcomeDialog  # noqa: PLC0415 - once in a studio's life

        dialog = WelcomeDialog(self.opened.services.studio, self._runner)
        dialog.studio_made.connect(lambda studio: self._or_say(lambda: self._show(studio)))
        dialog.rejected.connect(lambda: self._app.exit(0))
        self._ask(dialog)

    def _show(self, studio: Studio) -> None:
        bootstrap.speak(self._preferences, studio.zone, self._options.language)
        self._desk = desk = self._make_desk(studio)
        self.window = window = MainWindow(desk)
        window.closed.connect(lambda: self._app.exit(0))
        window.first_painted.connect(self._begin_work)
        window.show()
        self.opened_window.emit(window)

    def _make_desk(self, studio: Studio) -> Desk:
        opened = self.opened
        if opened is None:
            raise RuntimeError("a desk needs an opened studio")
        services = opened.services
        return Desk(
            studio=studio,
            services=services,
            runner=self._runner,
            feed=ChangeFeed(opened.database.data_version, self),
            monitor=self._make_monitor(services),
            database=(opened.database.kind, opened.database.url_shown),
            resources=bootstrap.resource_folder(),
            theme=self._preferences.theme or "system",
            keys=self._preferences.keys,
            open_url=bootstrap.open_in_browser,
            open_key=bootstrap.open_key,
            write_table=bootstrap.write_table,
            choose_theme=self._choose_theme,
            save_preference=self._save_preference,
            practice=opened.controls,
        )

    def _make_monitor(self, services: "Services") -> PaymentMonitor:
        """Its poller is made in its own thread, when the first week is on the screen."""

        def look(wish: "Wish") -> "LookResult":
            return services.poller.look(wish)

        def beat() -> bool:
            return services.poller.beat()

        def renew() -> None:
            services.poller.renew()

        def leave() -> None:
            services.poller.leave()

        return PaymentMonitor(look, services.clock, self, beat=beat, renew=renew, leave=leave)

    @Slot()
    def _begin_work(self) -> None:
        """Only now: the first week is on the screen, and nothing that can wait was in its way."""
        if self._desk is not None:
            self._desk.feed.start(self.background)
            self._desk.feed.look()  # which opens the whole database, if only its first week was read
            self._desk.monitor.start()
            self._watch_network(self._desk.monitor)
            self._garbage.spare_what_lives()
            self.background.read(warm_up, lambda _: None, lambda _: None)

    def _watch_network(self, monitor: PaymentMonitor) -> None:
        from inkdesk.network_watch import NetworkWatch  # noqa: PLC0415 - QtNetwork, not for the first week

        self._network = NetworkWatch(self)
        self._network.came_back.connect(monitor.network_back)
        self._network.start()

    # Asking and telling

    def _or_say(self, step: Callable[[], None]) -> None:
        """Take a step towards the window; whatever goes wrong is told, for nothing else is in sight."""
        try:
            step()
        except InkDeskError as failure:
            self._give_up(failure)
        except Exception:
            log.exception("the window was not opened")
            self._give_up(internal_error())

    def _give_up(self, failure: InkDeskError) -> None:
        """Let go what was opened, so that it can be tried again."""
        self._desk = self.window = None
        if self.opened is not None:
            self.opened.close()
            self.opened = None
        self._say(failure)

    def _say(self, failure: InkDeskError, *, can_retry: bool = True) -> None:
        from inkdesk.ui.start_dialogs import TroubleDialog  # noqa: PLC0415 - rarely shown

        sentence = render(failure.message)
        log.error("not opened: %s", sentence)
        if sys.stderr is not None:
            sys.stderr.write(f"{sentence}\n")
        if self._options.smoke_test:
            QTimer.singleShot(0, self, lambda: self._app.exit(1))
            return
        dialog = TroubleDialog(sentence, can_retry=can_retry)
        dialog.accepted.connect(self.start)
        dialog.rejected.connect(lambda: self._app.exit(1))
        self._ask(dialog)

    @Slot()
    def _say_bug(self) -> None:
        """A bug that nobody caught; its trace is in the log."""
        if self.window is None:
            return
        window = self.window
        words = tr("InkDesk made a mistake. Look whether the last thing you did was kept; the log has the details.")
        window.banner.set_notice("bug", words, "error")
        QTimer.singleShot(BUG_MS, window, lambda: window.banner.set_notice("bug", ""))

    @Slot()
    def _say_opening(self) -> None:
        from inkdesk.ui.start_dialogs import OpeningDialog  # noqa: PLC0415 - only a slow studio is waited for

        dialog = OpeningDialog()
        dialog.rejected.connect(lambda: self._app.exit(1))
        self._ask(dialog)

    def _end_waiting(self) -> None:
        self._patience.stop()
        if self.question is not None and shiboken6.isValid(self.question) and self.question.isVisible():
            self.question.accept()

    def _ask(self, dialog: QDialog) -> None:
        self.question = dialog
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _come_to_front(self) -> None:
        front = self.window or self.question
        if front is not None:
            front.setWindowState(front.windowState() & ~Qt.WindowState.WindowMinimized)
            front.show()
            front.raise_()
            front.activateWindow()

    # Preferences

    def _apply_theme(self) -> None:
        chosen = {"light": LIGHT, "dark": DARK}.get(self._preferences.theme)
        apply_theme(self._app, chosen or system_theme(self._app))

    def _choose_theme(self, name: str) -> None:
        self._save_preference("theme", name)
        self._apply_theme()

    def _save_preference(self, name: str, value: str) -> None:
        self._preferences = replace(self._preferences, **{name: value})
        try:
            write_preferences(self._places.preferences, self._preferences)
        except OSError as failure:
            log.warning("preferences not kept: %s", failure)
