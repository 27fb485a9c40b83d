"""The window's program: opens the studio, shows it, and ends in stages."""

import logging
import sys
from dataclasses import dataclass, replace

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QDialog

from inkdesk import bootstrap
from inkdesk.application.text import language, render
from inkdesk.bootstrap import OpenStudio, PasswordNeeded
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.message import message
from inkdesk.domain.studio import Studio
from inkdesk.infrastructure.files import (
    own_database_url,
    read_preferences,
    start_log,
    stop_log,
    user_places,
    write_preferences,
)
from inkdesk.infrastructure.single_instance import SingleInstance
from inkdesk.ui.common.qt_language import install_qt_translator
from inkdesk.ui.common.theme import DARK, LIGHT, apply_theme, load_fonts, system_theme, use_font
from inkdesk.ui.desk import Desk
from inkdesk.ui.main_window import MainWindow
from inkdesk.workers.change_feed import ChangeFeed
from inkdesk.workers.garbage import GarbageCollector
from inkdesk.workers.payment_monitor import PaymentMonitor
from inkdesk.workers.task_runner import OwnedRunner, TaskRunner

log = logging.getLogger(__name__)
ALREADY_OPEN = InkDeskError(
    ErrorCode.VALIDATION,
    message("This studio is open in another window on this computer, which does not answer. Close it, then try again."),
)
STOP_S = 5.0
"""How long the workers may take to end."""


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
    program.start()
    code = app.exec()
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
        try:
            if not self.is_practice and not self._take_lock():
                return
        except (InkDeskError, OSError) as failure:
            self._say(failure)
            return
        self._open(None)

    def stop(self) -> None:
        """End in stages: no new input, workers, database, lock."""
        for shown in (self.window, self.question):
            if shown is not None and shiboken6.isValid(shown):
                shown.deleteLater()
        self.window = self.question = None
        if self._desk is not None:
            self._desk.feed.stop()
            if not self._desk.monitor.stop(STOP_S):
                log.warning("the payment monitor did not end in time")
        if not self._runner.stop(STOP_S):
            log.warning("a background task did not end in time")
        self._garbage.stop()
        if self.opened is not None:
            self.opened.close()
        if self._lock is not None:
            self._lock.release()
        stop_log(self._log)
        self.deleteLater()

    # Opening

    def _take_lock(self) -> bool:
        url = self._options.database or own_database_url(self._places)
        self._lock = bootstrap.only_instance(url)
        if self._lock is None:
            return True
        from inkdesk.ui.first_window import FirstWindow, raise_first_window  # noqa: PLC0415 - QtNetwork, own files only

        if not self._lock.take():
            self._lock = None
            if raise_first_window(url):
                QTimer.singleShot(0, self, lambda: self._app.exit(0))
            else:
                self._say(ALREADY_OPEN, can_retry=True)
            return False
        first = FirstWindow(url, self)
        first.wanted.connect(self._come_to_front)
        return True

    def _open(self, password: str | None) -> None:
        options = self._options

        def work() -> tuple[OpenStudio, Studio | None]:
            if self.is_practice:
                opened = bootstrap.open_practice_studio(options.practice_port)
            else:
                opened = bootstrap.open_studio(
                    options.database, password=password, practice=lambda: bootstrap.own_practice(options.practice_port)
                )
            return opened, opened.services.studio.find()

        self.background.read(work, self._opened, self._not_opened)

    def _not_opened(self, error: InkDeskError) -> None:
        if not isinstance(error, PasswordNeeded):
            self._say(error)
            return
        from inkdesk.ui.start_dialogs import PasswordDialog  # noqa: PLC0415 - rarely asked

        dialog = PasswordDialog(self._options.database or "", render(error.message))
        dialog.given.connect(self._open)
        dialog.rejected.connect(lambda: self._app.exit(1))
        self._ask(dialog)

    def _opened(self, answer: tuple[OpenStudio, Studio | None]) -> None:
        self.opened, studio = answer
        if studio is not None:
            self._show(studio)
            return
        from inkdesk.ui.welcome.dialog import WelcomeDialog  # noqa: PLC0415 - once in a studio's life

        dialog = WelcomeDialog(self.opened.services.studio, self._runner)
        dialog.studio_made.connect(self._show)
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
        reconcile = opened.services.reconcile
        return Desk(
            studio=studio,
            services=opened.services,
            runner=self._runner,
            feed=ChangeFeed(opened.database.data_version, self),
            monitor=PaymentMonitor(lambda sweep: reconcile.look(sweep=sweep), opened.services.clock, self),
            database=(opened.database.kind, opened.database.url_shown),
            resources=bootstrap.resource_folder(),
            theme=self._preferences.theme or "system",
            open_url=bootstrap.open_in_browser,
            probe_key=bootstrap.probe_key,
            choose_theme=self._choose_theme,
            save_preference=self._save_preference,
        )

    @Slot()
    def _begin_work(self) -> None:
        """Only now: the first week is on the screen, and nothing that can wait was in its way."""
        if self._desk is not None:
            self._desk.feed.start(self.background)
            self._desk.monitor.start()
            self._garbage.spare_what_lives()

    # Asking and telling

    def _say(self, failure: InkDeskError | OSError, *, can_retry: bool = True) -> None:
        from inkdesk.ui.start_dialogs import TroubleDialog  # noqa: PLC0415 - rarely shown

        sentence = render(failure.message) if isinstance(failure, InkDeskError) else str(failure)
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
