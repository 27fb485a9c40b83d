"""The practice console in the window of a real practice studio, worked by keys alone."""

from collections.abc import Iterator
from datetime import timedelta

import keyring
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot
from support.keyrings import MemoryKeyring
from support.mnemonics import clashes
from support.settings_desk import FakeStripe
from support.story import PATIENCE_MS, wait_for

from inkdesk.application.booking_commands import BookCommand, DepositChoice, NewClient
from inkdesk.application.practice_controls import PracticeAct, PracticeRefunds
from inkdesk.bootstrap import OpenStudio, open_practice_studio, resource_folder, write_table
from inkdesk.domain.bookings import BookingStatus
from inkdesk.ui.desk import Desk
from inkdesk.ui.main_window import MainWindow
from inkdesk.ui.practice.console import PracticeConsole
from inkdesk.workers.change_feed import ChangeFeed
from inkdesk.workers.payment_monitor import PaymentMonitor
from inkdesk.workers.task_runner import TaskRunner

CLIENT = "Zoë O'Brien <b>"
ALT = Qt.KeyboardModifier.AltModifier
WHEN, WHO, AMOUNT, STATE = range(4)


@pytest.fixture(autouse=True)
def secrets() -> Iterator[None]:
    """No keyring of this computer is asked."""
    before = keyring.get_keyring()
    keyring.set_keyring(MemoryKeyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def opened() -> Iterator[OpenStudio]:
    made = open_practice_studio()
    yield made
    made.close()


def desk_of(opened: OpenStudio, runner: TaskRunner, feed: ChangeFeed, *, is_practice: bool = True) -> Desk:
    """A desk whose monitor looks only when a test does."""
    studio = opened.services.studio.find()
    assert studio is not None
    return Desk(
        studio=studio,
        services=opened.services,
        runner=runner,
        feed=feed,
        monitor=PaymentMonitor(lambda wish: opened.services.reconcile.look(sweep=wish.sweep), opened.services.clock),
        database=("sqlite", opened.database.url_shown),
        resources=resource_folder(),
        theme="light",
        keys="",
        open_url=lambda _: True,
        open_key=lambda _key, _mode: FakeStripe(),
        write_table=write_table,
        choose_theme=lambda _: None,
        save_preference=lambda _name, _value: None,
        practice=opened.controls if is_practice else None,
    )


@pytest.fixture
def desk(qtbot: QtBot, opened: OpenStudio) -> Iterator[Desk]:
    runner, feed = TaskRunner(), ChangeFeed(opened.database.data_version)
    yield desk_of(opened, runner, feed)
    assert runner.stop()
    feed.stop()


@pytest.fixture
def window(qtbot: QtBot, desk: Desk) -> MainWindow:
    window = MainWindow(desk)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: bool(window.calendar.presenter.data.artists), timeout=PATIENCE_MS)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def book_with_link(opened: OpenStudio, name: str = CLIENT) -> int:
    """A hold with an open link; its booking's id."""
    services = opened.services
    today = services.clock.now().date()
    slot = services.availability.slots(None, 2, today + timedelta(days=1), today + timedelta(days=9))[0]
    booked = services.bookings.book(
        BookCommand(
            request_key=f"form-{name}",
            artist_id=slot.artist_id,
            service_id=2,
            client=NewClient(name=name, email="", phone=""),
            starts_at=slot.starts_at,
            choice=DepositChoice.LINK,
        )
    )
    assert booked.payment_id is not None
    services.payments.open_link(booked.payment_id)
    return booked.booking.id


@pytest.fixture
def booking_id(opened: OpenStudio) -> int:
    return book_with_link(opened)


@pytest.fixture
def console(qtbot: QtBot, booking_id: int, window: MainWindow) -> PracticeConsole:
    """Opened by its key; one payment stands in it and is chosen."""
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    console = wait_for(qtbot, window, PracticeConsole)
    console.activateWindow()
    qtbot.waitUntil(lambda: bool(cell(console, WHO)) and console.acts[PracticeAct.PAY].isEnabled())
    return console


def cell(console: PracticeConsole, column: int, row: int = 0) -> str:
    """What a row shows; "" while it is not there."""
    return str(console.model.index(row, column).data() or "") if row < console.model.rowCount() else ""


def press(console: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key on whatever has the focus."""
    QTest.keyClick(QApplication.focusWidget() or console, key, modifier)


def alt(console: PracticeConsole, letter: str) -> None:
    press(console, Qt.Key(ord(letter)), ALT)


def offered(console: PracticeConsole) -> set[PracticeAct]:
    return {act for act, button in console.acts.items() if button.isEnabled()}


def wait_state(qtbot: QtBot, console: PracticeConsole, state: str) -> None:
    qtbot.waitUntil(lambda: cell(console, STATE) == state, timeout=PATIENCE_MS)


def test_a_payment_stands_with_its_client(console: PracticeConsole) -> None:
    assert cell(console, WHO) == CLIENT
    assert cell(console, STATE) == "Open"
    assert cell(console, AMOUNT) == "30.00 EUR"
    assert QApplication.focusWidget() is console.table
    assert offered(console) == {PracticeAct.PAY, PracticeAct.DECLINE, PracticeAct.PAY_LATER}
    assert not console.empty.isVisible()
    assert not console.isModal()


def test_the_whole_life_of_a_payment_by_keys(
    qtbot: QtBot, opened: OpenStudio, console: PracticeConsole, booking_id: int
) -> None:
    for letter, state in (
        ("D", "Card declined, open"),
        ("L", "On its way"),
        ("V", "Paid"),
        ("H", "Partly refunded: 15.00 EUR"),
        ("R", "Refunded"),
        ("F", "Partly refunded: 15.00 EUR"),
        ("T", "Disputed"),
        ("W", "Dispute won"),
    ):
        alt(console, letter)
        wait_state(qtbot, console, state)
        assert console.notice.text().startswith("Done.")
    assert offered(console) == set()
    opened.services.reconcile.look(sweep=True)
    assert opened.services.queries.booking(booking_id).card.status is BookingStatus.CONFIRMED


def test_a_lost_dispute_by_keys(qtbot: QtBot, console: PracticeConsole) -> None:
    for letter, state in (("P", "Paid"), ("T", "Disputed"), ("E", "Dispute lost")):
        alt(console, letter)
        wait_state(qtbot, console, state)


def test_enter_presses_the_button_that_has_the_focus_and_the_focus_is_never_lost(
    qtbot: QtBot, console: PracticeConsole
) -> None:
    console.acts[PracticeAct.PAY].setFocus()
    press(console, Qt.Key.Key_Return)
    wait_state(qtbot, console, "Paid")
    qtbot.waitUntil(lambda: not console.acts[PracticeAct.PAY].isEnabled())
    assert QApplication.focusWidget() is console.table


def test_the_chosen_payment_stays_chosen_when_another_comes(
    qtbot: QtBot, opened: OpenStudio, console: PracticeConsole
) -> None:
    assert opened.controls is not None
    book_with_link(opened, "Ana")
    qtbot.waitUntil(lambda: console.model.rowCount() == 2, timeout=PATIENCE_MS)
    chosen = console.table.currentIndex().row()
    assert cell(console, WHO, chosen) == CLIENT
    alt(console, "P")
    qtbot.waitUntil(lambda: cell(console, STATE, chosen) == "Paid", timeout=PATIENCE_MS)
    assert cell(console, STATE, 1 - chosen) == "Open"
    press(console, Qt.Key.Key_Up if chosen else Qt.Key.Key_Down)
    assert PracticeAct.PAY in offered(console)


def test_an_act_that_came_too_late_is_refused_in_words(
    qtbot: QtBot, opened: OpenStudio, console: PracticeConsole
) -> None:
    assert opened.controls is not None
    (session,) = opened.controls.sessions()
    console._timer.stop()
    opened.controls.act(session.session_id, PracticeAct.PAY)
    alt(console, "P")
    qtbot.waitUntil(lambda: "not possible any more" in console.notice.text(), timeout=PATIENCE_MS)
    wait_state(qtbot, console, "Paid")


def test_the_network_and_the_refunds_are_switched(
    qtbot: QtBot, opened: OpenStudio, console: PracticeConsole, window: MainWindow
) -> None:
    controls = opened.controls
    assert controls is not None
    alt(console, "O")
    qtbot.waitUntil(lambda: controls.standing().is_offline)
    assert opened.services.reconcile.look(sweep=True).is_trouble
    alt(console, "O")
    qtbot.waitUntil(lambda: not controls.standing().is_offline)
    alt(console, "A")
    press(console, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: controls.standing().delay_s == 2)
    press(console, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: controls.standing().delay_s == 0)
    alt(console, "S")
    press(console, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: controls.standing().refunds is PracticeRefunds.LATER)
    press(console, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChildren(PracticeConsole) == [])
    window.dialogs.show_practice()
    again = wait_for(qtbot, window, PracticeConsole)
    qtbot.waitUntil(lambda: again.refunds.currentData() == PracticeRefunds.LATER, timeout=PATIENCE_MS)


@pytest.mark.parametrize(
    ("letter", "by"),
    [("M", timedelta(minutes=10)), ("U", timedelta(hours=1)), ("Y", timedelta(days=1)), ("3", timedelta(days=31))],
)
def test_the_time_jumps_for_everybody(
    qtbot: QtBot, opened: OpenStudio, console: PracticeConsole, window: MainWindow, letter: str, by: timedelta
) -> None:
    before, shown = opened.services.clock.now(), console.now.text()
    with qtbot.waitSignal(window.dialogs.time_jumped, timeout=PATIENCE_MS):
        alt(console, letter)
    assert by <= opened.services.clock.now() - before < by + timedelta(minutes=2)
    qtbot.waitUntil(lambda: console.now.text() != shown, timeout=PATIENCE_MS)
    state = "Open" if by < timedelta(minutes=30) else "Expired"
    wait_state(qtbot, console, state)


def test_there_is_one_console_only(qtbot: QtBot, console: PracticeConsole, window: MainWindow) -> None:
    window.dialogs.show_practice()
    assert [one for one in window.findChildren(PracticeConsole) if one.isVisible()] == [console]
    alt(console, "C")
    qtbot.waitUntil(lambda: window.findChildren(PracticeConsole) == [])


def test_every_letter_stands_for_one_thing(qtbot: QtBot, console: PracticeConsole, window: MainWindow) -> None:
    for button in console.acts.values():
        button.setEnabled(True)
    assert clashes(console) == {}
    assert all(widget.accessibleName() or widget.text() for widget in console.acts.values())
    (view,) = [menu for menu in window.findChildren(QMenu) if menu.title() == "&View"]
    letters = [action.text().partition("&")[2][:1].upper() for action in view.actions() if action.text()]
    assert len(set(letters)) == len(letters)


def test_real_money_has_no_console(qtbot: QtBot, opened: OpenStudio, desk: Desk) -> None:
    window = MainWindow(desk_of(opened, desk.runner, desk.feed, is_practice=False))
    qtbot.addWidget(window)
    words = [action.text() for menu in window.findChildren(QMenu) for action in menu.actions()]
    assert "&Calendar" in words
    assert "&Practice console" not in words
    window.dialogs.show_practice()
    assert window.findChildren(PracticeConsole) == []


def test_an_empty_list_says_how_it_fills(qtbot: QtBot, opened: OpenStudio, desk: Desk) -> None:
    assert opened.controls is not None
    console = PracticeConsole(opened.controls, opened.services.queries, desk.runner)
    qtbot.addWidget(console)
    console.show()
    qtbot.waitUntil(lambda: bool(console.now.text()), timeout=PATIENCE_MS)
    assert console.empty.isVisible() == (console.model.rowCount() == 0)
    assert offered(console) == set() or console.model.rowCount() > 0
