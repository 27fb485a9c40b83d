"""Lists to search in, and Qt's own words in French."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inkdesk.domain.studio import check_zone
from inkdesk.ui.common.choices import CurrencyCombo, RegionCombo, ZoneCombo, currencies, regions, zone_names
from inkdesk.ui.common.qt_language import install_qt_translator

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


def test_every_offered_zone_is_one() -> None:
    for zone in zone_names():
        check_zone(zone)
    assert {"Europe/Paris", "Australia/Lord_Howe", "UTC"} <= set(zone_names())


def test_countries_are_readable_on_every_computer() -> None:
    names = dict(regions())
    assert (names["FR"], names["DE"], names["JP"]) == ("France", "Deutschland", "Japan")
    assert len(names) > 200


def test_currencies_are_codes() -> None:
    assert {"EUR", "USD", "JPY", "KWD"} <= set(currencies())


def test_typing_part_of_a_name_finds_it(qtbot: QtBot) -> None:
    combo = ZoneCombo()
    qtbot.addWidget(combo)
    combo.show()
    combo.clearEditText()
    line, completer = combo.lineEdit(), combo.completer()
    assert line is not None
    assert completer is not None
    QTest.keyClicks(line, "lord_h")
    popup = completer.popup()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert combo.value() == "Australia/Lord_Howe"


def test_a_value_that_is_in_no_list_is_kept(qtbot: QtBot) -> None:
    for combo in (ZoneCombo("The studio's"), RegionCombo(), CurrencyCombo()):
        qtbot.addWidget(combo)
        combo.set_value("Mars/Olympus")
        assert combo.value() == "Mars/Olympus"


def test_the_entry_for_no_zone_is_empty(qtbot: QtBot) -> None:
    combo = ZoneCombo("The studio's")
    qtbot.addWidget(combo)
    combo.set_value("")
    assert (combo.currentText(), combo.value()) == ("The studio's", "")


@pytest.fixture
def english_again(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    yield
    QLocale.setDefault(before)
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)


@pytest.mark.usefixtures("english_again")
def test_qt_speaks_french_too(qapp: QApplication) -> None:
    assert install_qt_translator(qapp, "fr")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Annuler"
    assert QLocale().language() is QLocale.Language.French


@pytest.mark.usefixtures("english_again")
def test_a_language_qt_does_not_know_is_no_failure(qapp: QApplication) -> None:
    assert not install_qt_translator(qapp, "tlh")
