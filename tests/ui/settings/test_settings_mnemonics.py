"""Alt and a letter mean one thing in the unfolded forms, nothing is cut off, and Tab goes from top to bottom."""

from collections.abc import Callable, Iterator
from datetime import date
from gettext import NullTranslations
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel, QPushButton, QTabBar, QWidget
from pytestqt.qtbot import QtBot
from support.mnemonics import clashes

from inkdesk.application import text
from inkdesk.application.account_service import AccountCommand, AccountLine
from inkdesk.application.text import PlainFormats
from inkdesk.bootstrap import resource_folder
from inkdesk.domain.accounts import ChargeWay, StripeAccount
from inkdesk.domain.artists import Artist
from inkdesk.domain.catalogue import Service, Station
from inkdesk.domain.hours import CLOSED_WEEK, WeeklyPlan, every_week
from inkdesk.domain.money import Money
from inkdesk.domain.sitting import Processing, Sitting
from inkdesk.domain.slot_rules import Limits
from inkdesk.infrastructure.language import install_language
from inkdesk.ui.settings.account_dialog import AccountDialog
from inkdesk.ui.settings.artist_dialog import ArtistDialog
from inkdesk.ui.settings.record_dialog import RecordDialog
from inkdesk.ui.settings.service_dialog import ServiceDialog

TODAY = date(2026, 11, 23)
LINE_PX = 8
"""Inputs of one row stand no further apart than this, up and down."""
CHAIRS = Station(id=1, name="Chair", kind="chair", unit_ids=(8, 9))


@pytest.fixture(params=["en", "fr"], autouse=True)
def language(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each language; English again afterwards."""
    install_language(request.param, request.param, ZoneInfo("Europe/Paris"), resource_folder() / "translations")
    yield
    text.install(NullTranslations(), PlainFormats(), "en")


def nothing(*_: object) -> None:
    """Nobody saves here."""


def artist_form() -> ArtistDialog:
    """A limited guest with two weeks in turn now, and two others later."""
    later = WeeklyPlan((CLOSED_WEEK, CLOSED_WEEK), TODAY)
    artist = Artist(
        id=1,
        name="Maya",
        is_guest=True,
        stays_from=TODAY,
        stays_until=TODAY,
        plans=(*every_week(CLOSED_WEEK), later),
        limits=Limits(per_day=2),
    )
    return ArtistDialog(artist, TODAY, nothing, nothing)


def service_form() -> ServiceDialog:
    """Everything that a service can say of stations."""
    service = Service(
        id=1,
        name="Piece",
        sitting=Sitting(0, 3600, 0),
        price=Money(1000, "EUR"),
        deposit=Money(0, "EUR"),
        station_kind="chair",
        station_prep_s=0,
        station_clean_up_s=0,
        processing=Processing(0, 600),
    )
    return ServiceDialog(service, [Artist(id=1, name="Maya")], [CHAIRS], nothing, nothing)


def account_form() -> AccountDialog:
    """An artist who is paid by an account of their own."""
    account = StripeAccount(artist_id=1, account_id="acct_maya", way=ChargeWay.DESTINATION, fee_basis_points=1250)
    return AccountDialog(AccountLine(artist_id=1, name="Maya", account=account), nothing, nothing)


AnyForm = RecordDialog[Artist] | RecordDialog[Service] | RecordDialog[AccountCommand]
FORMS: tuple[Callable[[], AnyForm], ...] = (artist_form, service_form, account_form)


@pytest.fixture(params=FORMS, ids=lambda form: form.__name__)
def form(request: pytest.FixtureRequest, qtbot: QtBot) -> RecordDialog[Artist]:
    """Each unfolded form, in the smallest window it allows."""
    dialog: RecordDialog[Artist] = request.param()
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.resize(dialog.minimumWidth(), 480)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_every_letter_means_one_thing(form: RecordDialog[Artist]) -> None:
    assert clashes(form) == {}
    letters = [one.text() for one in form.findChildren(QPushButton) if "&" in one.text()]
    assert letters, "mnemonics are there at all"


def test_nothing_is_cut_off_in_a_small_window(form: RecordDialog[Artist]) -> None:
    shown = [one for one in form.findChildren(QWidget) if one.isVisible() and isinstance(one, QLabel | QAbstractButton)]
    cut = [one for one in shown if not _wraps(one) and one.width() < one.sizeHint().width()]
    assert [one.text() for one in cut if isinstance(one, QLabel | QAbstractButton) and one.text()] == []


def _wraps(widget: QWidget) -> bool:
    return isinstance(widget, QLabel) and widget.wordWrap()


def test_tab_goes_from_top_to_bottom_and_from_left_to_right(form: RecordDialog[Artist]) -> None:
    first = form.focusWidget()
    seen = [first]
    while True:
        QTest.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
        if form.focusWidget() is first:
            break
        seen.append(form.focusWidget())
        assert len(seen) < 100, "Tab comes round"
    rows = [one for one in seen if not isinstance(one, QPushButton | QTabBar)]
    middles = [one.mapTo(form.form, QPoint(0, one.height() // 2)).y() for one in rows]
    back = [rows[number + 1] for number, (y, below) in enumerate(pairwise(middles)) if below < y - LINE_PX]
    assert [one.text() if isinstance(one, QCheckBox) else one.accessibleName() for one in back] == []
    assert [one.text().replace("&", "") for one in seen if isinstance(one, QPushButton)][-2:] == [
        one.text().replace("&", "") for one in form.findChildren(QPushButton) if one.isVisible()
    ][-2:]
