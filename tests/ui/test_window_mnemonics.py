"""Alt and a letter open one thing: in the window with each of its pages, its menus, and the dialogs of the settings."""

from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QCheckBox, QDialog, QMenu, QPushButton
from pytestqt.qtbot import QtBot
from support.mnemonics import clashes
from support.settings_desk import FakeStripe
from support.story import PATIENCE_MS

from inkdesk import bootstrap
from inkdesk.application import text
from inkdesk.application.reconcile_service import LookResult
from inkdesk.application.text import PlainFormats
from inkdesk.bootstrap import OpenStudio, resource_folder
from inkdesk.infrastructure.files import sqlite_url
from inkdesk.infrastructure.language import install_language
from inkdesk.ui.desk import Desk
from inkdesk.ui.main_window import MainWindow
from inkdesk.ui.payments.statement_dialog import StatementDialog
from inkdesk.ui.welcome.dialog import WelcomeDialog
from inkdesk.workers.change_feed import ChangeFeed
from inkdesk.workers.payment_monitor import PaymentMonitor
from inkdesk.workers.task_runner import TaskRunner

SECTIONS = ("studio", "artists", "leave", "services", "stations", "stripe", "accounts", "database")


@pytest.fixture(params=["en", "fr"], autouse=True)
def language(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each language; English again afterwards."""
    install_language(request.param, request.param, ZoneInfo("Europe/Paris"), resource_folder() / "translations")
    yield
    text.install(NullTranslations(), PlainFormats(), "en")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenStudio]:
    made = bootstrap.open_studio(sqlite_url(tmp_path / "studio.db"))
    bootstrap.store_sample(made)
    yield made
    made.close()


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    assert made.stop()


@pytest.fixture
def window(qtbot: QtBot, opened: OpenStudio, runner: TaskRunner) -> Iterator[MainWindow]:
    studio = opened.services.studio.find()
    assert studio is not None
    feed = ChangeFeed(opened.database.data_version)
    window = MainWindow(
        Desk(
            studio=studio,
            services=opened.services,
            runner=runner,
            feed=feed,
            monitor=PaymentMonitor(lambda _: LookResult(), opened.services.clock),
            database=("sqlite", opened.database.url_shown),
            resources=resource_folder(),
            theme="light",
            keys="",
            open_url=lambda _: True,
            open_key=lambda _key, _mode: FakeStripe(),
            write_table=bootstrap.write_table,
            choose_theme=lambda _: None,
            save_preference=lambda _name, _value: None,
        )
    )
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: bool(window.calendar.presenter.data.artists), timeout=PATIENCE_MS)
    yield window
    feed.stop()


def test_the_menus_and_pages(qtbot: QtBot, window: MainWindow) -> None:
    menus = [menu for menu in window.findChildren(QMenu) if menu.title()]
    assert len(menus) == 4
    for menu in menus:
        letters = menu_letters(menu)
        assert len(set(letters)) == len(letters), letters
    assert clashes(window) == {}
    for name in ("inbox", "ledger"):
        window.show_page(name)
        assert clashes(window) == {}, name
    page = window.dialogs.settings_page()
    qtbot.waitUntil(lambda: page.artists.list.count() == 3, timeout=PATIENCE_MS)
    for section in SECTIONS:
        window.open_settings(section)
        assert clashes(window) == {}, section
    page.stripe._form_box.setVisible(True)
    window.open_settings("stripe")
    assert clashes(window) == {}


def test_the_forms_of_the_settings(qtbot: QtBot, window: MainWindow) -> None:
    page = window.dialogs.settings_page()
    qtbot.waitUntil(lambda: page.artists.list.count() == 3, timeout=PATIENCE_MS)
    forms: list[tuple[str, QPushButton]] = [
        ("artists", page.artists.add),
        ("services", page.services.add),
        ("stations", page.stations.add),
        ("leave", page.leave.add_leave),
        ("leave", page.leave.add_override),
    ]
    for name, button in forms:
        window.open_settings(name)
        button.click()
        (dialog,) = [one for one in window.findChildren(QDialog) if one.isVisible()]
        for box in dialog.findChildren(QCheckBox):
            box.setChecked(True)  # a guest's form has more rows
        assert clashes(dialog) == {}, dialog.windowTitle()
        dialog.done(0)


def test_the_monthly_statement(qtbot: QtBot, window: MainWindow) -> None:
    window.show_page("ledger")
    window.dialogs.ledger_page().statement.click()
    (dialog,) = [one for one in window.findChildren(StatementDialog) if one.isVisible()]
    qtbot.waitUntil(dialog.compare.isEnabled, timeout=PATIENCE_MS)
    assert clashes(dialog) == {}
    dialog.close()


def test_the_welcome(qtbot: QtBot, opened: OpenStudio, runner: TaskRunner) -> None:
    dialog = WelcomeDialog(opened.services.studio, runner)
    qtbot.addWidget(dialog)
    dialog.show()
    assert clashes(dialog) == {}


def menu_letters(menu: QMenu) -> list[str]:
    """The letter of each entry."""
    return [QKeySequence.mnemonic(action.text()).toString() for action in menu.actions() if action.text()]
