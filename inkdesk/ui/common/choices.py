"""Lists to choose from by typing: time zones, countries, currencies."""

import unicodedata
from functools import cache
from zoneinfo import available_timezones

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget


class SearchCombo(QComboBox):
    """A list that narrows to what contains the typed letters. Entries have a shown text and a stored value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)

    def value(self) -> str:
        """The value of the entry whose text stands in the field, or the text itself if there is none."""
        typed = self.currentText().strip()
        index = self.findText(typed, Qt.MatchFlag.MatchFixedString)
        return str(self.itemData(index)) if index >= 0 else typed

    def set_value(self, value: str) -> None:
        """Show the entry of ``value``, or the value as it is if there is none."""
        index = self.findData(value)
        self.setCurrentIndex(index)
        if index < 0:
            self.setEditText(value)


class ZoneCombo(SearchCombo):
    """IANA time zones. ``none`` is the text of the entry that chooses no zone, if there is to be one."""

    def __init__(self, none: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if none:
            self.addItem(none, "")
        for zone in zone_names():
            self.addItem(zone, zone)


class RegionCombo(SearchCombo):
    """Countries by their own names (English ones for other scripts); the value is the ISO code, e.g. FR."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for code, name in regions():
            self.addItem(f"{name} ({code})", code)


class CurrencyCombo(SearchCombo):
    """ISO currency codes in use."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for code in currencies():
            self.addItem(code, code)


@cache
def zone_names() -> tuple[str, ...]:
    """Zones of the form Area/City, and UTC, by name."""
    places = (zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return (*sorted(places), "UTC")


@cache
def regions() -> tuple[tuple[str, str], ...]:
    """ISO codes and names of all countries, by name."""
    found = {}
    for locale in _all_locales():
        code = QLocale.territoryToCode(locale.territory())
        # The first locale of a territory would be any of its languages; its main one is what Qt falls back to.
        main = QLocale(QLocale.Language.AnyLanguage, locale.territory())
        if len(code) == 2 and code.isalpha() and code != "ZZ":
            found[code] = _readable(main.nativeTerritoryName()) or QLocale.territoryToString(locale.territory())
    return tuple(sorted(found.items(), key=lambda one: one[1].casefold()))


def _readable(name: str) -> str:
    """``name`` if it is in Latin letters, else "": not every computer has a font for every script."""
    return name if all("LATIN" in unicodedata.name(sign, "") for sign in name if sign.isalpha()) else ""


@cache
def currencies() -> tuple[str, ...]:
    """ISO codes of every territory's currency."""
    codes = {locale.currencySymbol(QLocale.CurrencySymbolFormat.CurrencyIsoCode) for locale in _all_locales()}
    return tuple(sorted(code for code in codes if len(code) == 3))


@cache
def _all_locales() -> tuple[QLocale, ...]:
    any_of = (QLocale.Language.AnyLanguage, QLocale.Script.AnyScript, QLocale.Country.AnyCountry)
    return tuple(QLocale.matchingLocales(*any_of))
