"""The side bar says how much needs a person, and leads there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from support.settings_desk import FakeStripe
from support.story import PATIENCE_MS

from inkdesk import bootstrap
from inkdesk.application.changes import EVERYTHING, Changes
from inkdesk.application.reconcile_service import LookResult
from inkdesk.bootstrap import OpenStudio, resource_folder
from inkdesk.domain.errors import DatabaseUnreachable
from inkdesk.domain.message import message
from inkdesk.domain.payments import DeskTask
from inkdesk.infrastructure.files import sqlite_url
from inkdesk.ui.desk import Desk
from inkdesk.ui.main_window import MainWindow
from inkdesk.workers.change_feed import ChangeFeed
from inkdesk.workers.payment_monitor import PaymentMonitor
from inkdesk.workers.task_runner import TaskRunner

ROW = 1


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenStudio]:
    made = bootstrap.open_studio(sqlite_url(tmp_path / "studio.db"))
    bootstrap.store_sample(made)
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, opened: OpenStudio) -> Iterator[MainWindow]:
    studio = opened.services.studio.find()
    assert studio is not None
    runner, feed = TaskRunner(), ChangeFeed(opened.database.data_version)
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
    window.activateWindow()
    qtbot.waitUntil(lambda: bool(window.calendar.presenter.data.artists), timeout=PATIENCE_MS)
    yield window
    feed.stop()
    assert runner.stop()


def tell(opened: OpenStudio, number: int) -> None:
    with opened.database.write() as uow:
        task = DeskTask(
            kind="of_a_later_version",
            booking_id=None,
            payment_id=None,
            sentence=message("Look at it."),
            opened_at=opened.services.clock.now(),
            fact_key=f"of_a_later_version:{number}",
        )
        uow.payments.open_task(task)
        uow.commit()


def label(window: MainWindow) -> tuple[str, str]:
    item = window.navigation.item(ROW)
    return item.text(), item.data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_side_bar_counts_and_ctrl_2_leads_there(qtbot: QtBot, opened: OpenStudio, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: label(window) == ("Needs you", "Needs you: no task"), timeout=PATIENCE_MS)
    tell(opened, 1)
    tell(opened, 2)
    window._desk.feed.announce(Changes(tasks=True))
    qtbot.waitUntil(lambda: label(window) == ("Needs you (2)", "Needs you: 2 tasks"), timeout=PATIENCE_MS)
    window.calendar.setFocus()

    QTest.keyClick(window, Qt.Key.Key_F7)

    page = window.dialogs.inbox_page()
    assert window.stack.currentWidget() is page
    qtbot.waitUntil(lambda: page.list.count() == 2 and page.list.hasFocus(), timeout=PATIENCE_MS)
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: label(window) == ("Needs you (1)", "Needs you: 1 task"), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: page.list.count() == 1, timeout=PATIENCE_MS)


def test_arrows_in_the_side_bar_stay_there(qtbot: QtBot, window: MainWindow) -> None:
    window.navigation.setFocus()
    QTest.keyClick(window.navigation, Qt.Key.Key_Down)
    assert window.stack.currentWidget() is window.dialogs.inbox_page()
    assert window.navigation.hasFocus()


def test_the_label_has_room_for_many(window: MainWindow) -> None:
    window.navigation.show_waiting(999)
    assert window.navigation.sizeHintForColumn(0) <= window.navigation.width()


def test_a_count_that_cannot_be_read_stays_as_it_was(
    qtbot: QtBot, opened: OpenStudio, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(opened, 1)
    window._desk.feed.announce(EVERYTHING)
    qtbot.waitUntil(lambda: label(window)[0] == "Needs you (1)", timeout=PATIENCE_MS)
    asked: list[int] = []

    def fail() -> None:
        asked.append(1)
        raise DatabaseUnreachable(message("Gone."))

    monkeypatch.setattr(opened.services.inbox, "open", fail)
    window._desk.feed.announce(Changes(tasks=True))
    qtbot.waitUntil(lambda: bool(asked), timeout=PATIENCE_MS)
    assert label(window)[0] == "Needs you (1)"


def test_the_ledger_leads_there(qtbot: QtBot, opened: OpenStudio, window: MainWindow) -> None:
    tell(opened, 1)
    window.show_page("ledger")
    page = window.dialogs.ledger_page()
    qtbot.waitUntil(page.tasks.isVisible, timeout=PATIENCE_MS)
    page.to_tasks.click()
    assert window.stack.currentWidget() is window.dialogs.inbox_page()
    assert window.navigation.currentRow() == ROW
