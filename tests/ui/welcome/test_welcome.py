"""The first start: from a few answers to a studio that can book, on a real empty database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from support.book import fill
from support.clock import StandingClock

from inkdesk.application.studio_service import StudioService
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.hours import WallSpan, every_week
from inkdesk.domain.money import Money
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from inkdesk.ui.common.forms import Notice
from inkdesk.ui.welcome.dialog import WelcomeDialog
from inkdesk.ui.welcome.presenter import Answers, set_up_command
from inkdesk.workers.task_runner import TaskRunner

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)
TODAY = date(2026, 11, 23)
HOSTILE = '<b>Zoë</b> "O\'Neil" & مريم 🖤'
GOOD = Answers(
    name="Nadel & Co",
    region="FR",
    zone="Europe/Paris",
    currency="EUR",
    is_live=True,
    artist_name="Ana",
    weekdays=frozenset({1, 5}),
    hours="10:00-19:00",
)


@pytest.fixture
def studio(sqlite_url: str, clock: StandingClock) -> Iterator[Database]:
    opened = Database.open(sqlite_url, who="Desk 1", clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def service(studio: Database) -> StudioService:
    return StudioService(studio.read, studio.write, LibraryPhoneNumbers())


@pytest.fixture
def dialog(qtbot: QtBot, service: StudioService) -> Iterator[WelcomeDialog]:
    runner = TaskRunner()
    made = WelcomeDialog(service, runner)
    qtbot.addWidget(made)
    made.open()
    yield made
    assert runner.stop()


def field(dialog: QWidget, name: str) -> QLineEdit:
    """The line that a screen reader calls ``name``."""
    for one in dialog.findChildren(QWidget):
        if one.accessibleName() == name:
            line = one.lineEdit() if isinstance(one, QComboBox) else one
            assert isinstance(line, QLineEdit)
            return line
    raise AssertionError(name)


def retype(line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    line.insert(text)


def errors(dialog: QWidget) -> list[str]:
    labels = dialog.findChildren(QLabel)
    return [one.text() for one in labels if one.property("role") == "error" and not one.isHidden() and one.text()]


def test_a_few_answers_make_a_studio_that_can_book(qtbot: QtBot, dialog: WelcomeDialog, service: StudioService) -> None:
    retype(field(dialog, "Studio name"), HOSTILE)
    retype(field(dialog, "First artist"), "  Ana   Lima ")
    with qtbot.waitSignal(dialog.studio_made), qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    made = service.settings(TODAY)
    assert made.studio.name == HOSTILE
    assert made.studio.mode is Mode.LIVE
    assert len(made.studio.uid) == 32
    assert [artist.name for artist in made.artists] == ["Ana Lima"]
    ten_to_seven = (WallSpan(600, 1140),)
    assert made.artists[0].plans == every_week(((), *(ten_to_seven,) * 5, ()))
    assert [service.name for service in made.services] == ["Tattoo, 2 hours", "Consultation, 30 minutes"]
    assert all(service.is_done_by(made.artists[0].id) for service in made.services)


def test_everything_is_reached_by_tab_in_reading_order(qtbot: QtBot, dialog: WelcomeDialog) -> None:
    names = []
    line = field(dialog, "Studio name")
    line.setFocus()
    for _ in range(20):
        widget = dialog.focusWidget()
        names.append(widget.accessibleName() or (widget.text() if isinstance(widget, QPushButton) else ""))
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    wanted = ["Studio name", "Country", "Time zone", "Currency", "Payments", "First artist", "Mon", "Sun", "Hours"]
    assert [name for name in names if name in wanted][: len(wanted)] == wanted


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("Studio name", " ", "The studio needs a name."),
        ("Country", "Utopia", "Utopia is no country."),
        ("Time zone", "Mars/Olympus", "There is no time zone called Mars/Olympus."),
        ("Currency", "euros", "EUROS is not a currency code."),
        ("First artist", "", "The artist needs a name."),
        ("Hours", "", "Without working hours nothing can be booked."),
        ("Hours", "all day", "all day are no hours."),
    ],
)
def test_an_answer_that_cannot_be_is_refused_beside_its_field(
    dialog: WelcomeDialog, service: StudioService, name: str, typed: str, sentence: str
) -> None:
    retype(field(dialog, "Studio name"), "Nadel")
    retype(field(dialog, "First artist"), "Ana")
    retype(field(dialog, name), typed)
    dialog.submit()
    assert [one.startswith(sentence) for one in errors(dialog)] == [True]
    assert field(dialog, name).text() == typed
    assert service.find() is None


def test_a_corrected_answer_is_no_longer_called_wrong(dialog: WelcomeDialog) -> None:
    retype(field(dialog, "Time zone"), "Mars/Olympus")
    retype(field(dialog, "Studio name"), "Nadel")
    dialog.submit()
    assert len(errors(dialog)) == 1
    retype(field(dialog, "Time zone"), "Europe/Paris")
    assert errors(dialog) == []


def test_no_ticked_day_is_refused(dialog: WelcomeDialog) -> None:
    retype(field(dialog, "Studio name"), "Nadel")
    retype(field(dialog, "First artist"), "Ana")
    for box in dialog.findChildren(QCheckBox):
        if box.isChecked():
            QTest.keyClick(box, Qt.Key.Key_Space)
    dialog.submit()
    assert errors(dialog) == [
        "Without working hours nothing can be booked. Tick a day and type hours like 10:00-19:00."
    ]


def test_a_studio_that_is_there_already_is_said(qtbot: QtBot, dialog: WelcomeDialog, studio: Database) -> None:
    fill(studio)
    retype(field(dialog, "Studio name"), "Nadel")
    retype(field(dialog, "First artist"), "Ana")
    dialog.submit()
    notice = dialog.findChildren(Notice)[0]
    qtbot.waitUntil(lambda: notice.text().startswith("This database holds a studio already."))
    assert field(dialog, "Studio name").text() == "Nadel"
    assert dialog.isVisible()


def test_quitting_makes_nothing(qtbot: QtBot, dialog: WelcomeDialog, service: StudioService) -> None:
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert service.find() is None


def test_quitting_asks_before_something_typed_is_lost(qtbot: QtBot, dialog: WelcomeDialog) -> None:
    retype(field(dialog, "Studio name"), "Nadel")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    QTest.keyClick(dialog.findChildren(QMessageBox)[-1], Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert field(dialog, "Studio name").text() == "Nadel"
    assert not dialog.close()
    asked = next(one for one in dialog.findChildren(QMessageBox) if one.isVisible())
    with qtbot.waitSignal(dialog.rejected):
        next(one for one in asked.buttons() if one.text() == "Quit").click()


@pytest.mark.parametrize(
    ("currency", "price", "deposit"), [("EUR", 20000, 5000), ("JPY", 30000, 7500), ("KWD", 200000, 50000)]
)
def test_the_first_prices_suit_the_currency(currency: str, price: int, deposit: int) -> None:
    services = set_up_command(replace(GOOD, currency=currency.lower())).services
    assert (services[0].price, services[0].deposit) == (Money(price, currency), Money(deposit, currency))
    assert services[1].price == Money(0, currency)


def test_the_test_mode_is_a_choice_for_life() -> None:
    assert set_up_command(GOOD).studio.mode is Mode.LIVE
    assert set_up_command(replace(GOOD, is_live=False)).studio.mode is Mode.TEST


def test_two_studios_are_never_taken_for_one() -> None:
    assert set_up_command(GOOD).studio.uid != set_up_command(GOOD).studio.uid


def test_hours_belong_to_the_ticked_days() -> None:
    artist = set_up_command(replace(GOOD, hours="20-2")).artists[0]
    assert [bool(spans) for spans in artist.plans[0].weeks[0]] == [False, True, False, False, False, True, False]
    with pytest.raises(ValidationError):
        set_up_command(replace(GOOD, weekdays=frozenset()))
