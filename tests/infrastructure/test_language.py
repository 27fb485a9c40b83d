"""Dates, times and money by locale, and the catalogues that words come from."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from gettext import NullTranslations
from locale import LC_CTYPE, setlocale
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from inkdesk.application import text
from inkdesk.application.text import Formats, PlainFormats, ntr, render, tr
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.money import Money
from inkdesk.domain.studio import check_zone
from inkdesk.infrastructure.language import BabelFormats, format_locale, install_language, language_of

TRANSLATIONS = Path(__file__).resolve().parents[2] / "resources" / "translations"
PARIS = ZoneInfo("Europe/Paris")
TUESDAY = date(2026, 11, 24)
MOMENT = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """The language is the program's; a test must not leave French behind."""
    yield
    text.install(NullTranslations(), PlainFormats(), "en")


def test_french_dates_times_and_money() -> None:
    formats: Formats = BabelFormats("fr_FR", PARIS)
    assert formats.day(TUESDAY) == "mar. 24 nov."
    assert formats.full_day(TUESDAY) == "mardi 24 novembre 2026"
    assert formats.month(TUESDAY) == "novembre 2026"
    assert formats.weekday(0) == "lundi"
    assert formats.time(MOMENT) == "14:30"
    assert formats.moment(MOMENT) == "mar. 24 nov., 14:30"
    assert formats.money(Money(125050, "EUR")) == "1\u202f250,50\xa0€"
    assert formats.first_weekday == 0


def test_a_date_of_another_year_shows_it() -> None:
    formats = BabelFormats("en_GB", PARIS, 2026)
    assert formats.day(date(2026, 11, 24)) == "Tue 24 Nov"
    assert formats.day(date(2027, 1, 4)) == "Mon, 4 Jan 2027"
    assert formats.moment(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "Fri, 1 Jan 2027, 00:30"


def test_the_studios_zone_can_be_learned_later() -> None:
    formats = BabelFormats("en_GB", ZoneInfo("UTC"), 2026).in_zone(PARIS)
    assert formats.moment(MOMENT) == "Tue 24 Nov, 14:30"
    assert formats.day(date(2027, 1, 4)) == "Mon, 4 Jan 2027"


def test_american_dates_times_and_money() -> None:
    formats = BabelFormats("en_US", ZoneInfo("America/New_York"))
    assert formats.day(TUESDAY) == "Tue, Nov 24"
    assert formats.time(MOMENT) == "8:30\u202fAM"
    assert formats.clock(870) == formats.clock(870 + 1440) == "2:30\u202fPM"
    assert formats.money(Money(125050, "USD")) == "$1,250.50"
    assert formats.first_weekday == 6


def test_money_is_never_rounded() -> None:
    formats = BabelFormats("en_GB", PARIS)
    assert formats.money(Money(5000, "JPY")) == "JP¥5,000"
    assert formats.money(Money(1234, "KWD")).endswith("1.234")
    assert formats.money(Money(1234, "IQD")).endswith("1.234")
    assert formats.money(Money(-500, "GBP")) == "-£5.00"


@pytest.mark.parametrize(
    ("code", "system", "expected"),
    [
        ("fr", "fr_CH.UTF-8", "fr_CH"),
        ("en", "fr_FR", "en_FR"),
        ("en", "C", "en_GB"),
        ("en", "zz_XX", "en_GB"),
        ("en", "", "en_GB"),
        ("en", "en", "en_GB"),
        ("en", "en_US.UTF-8", "en_US"),
        ("fr", "en-US", "fr_FR"),
        ("fr", "", "fr_FR"),
        ("en", "en_GB.UTF-8@euro", "en_GB"),
    ],
)
def test_the_language_gives_the_words_and_the_territory_their_order(code: str, system: str, expected: str) -> None:
    assert format_locale(code, system) == expected


@pytest.mark.parametrize(
    ("system", "code"), [("fr_CA.UTF-8", "fr"), ("FR", "fr"), ("de_DE", "en"), ("C.UTF-8", "en"), ("", "en")]
)
def test_a_system_locale_chooses_a_language(system: str, code: str) -> None:
    assert language_of(system) == code


def test_installing_french_turns_sentences_french() -> None:
    install_language("fr", "fr_FR", PARIS, TRANSLATIONS)
    assert text.language() == "fr"
    with pytest.raises(ValidationError) as refused:
        check_zone("Mars/Olympus")
    assert "fuseau horaire" in render(refused.value.message)
    assert "Mars/Olympus" in render(refused.value.message)


@pytest.fixture
def ctype() -> Iterator[None]:
    """Puts the process's character locale back."""
    before = setlocale(LC_CTYPE)
    yield
    setlocale(LC_CTYPE, before)


@pytest.mark.usefixtures("ctype")
def test_a_system_without_a_locale_is_not_american() -> None:
    setlocale(LC_CTYPE, "C")
    install_language("en", "en_US", PARIS, TRANSLATIONS)
    assert (text.formats().first_weekday, text.formats().clock(870)) == (0, "14:30")


def test_a_system_that_says_america_is_american() -> None:
    install_language("en", "en_US.UTF-8", PARIS, TRANSLATIONS)
    assert (text.formats().first_weekday, text.formats().clock(870)) == (6, "2:30\u202fPM")


def test_an_unknown_language_is_english() -> None:
    install_language("tlh", "de_DE", PARIS, TRANSLATIONS)
    assert text.language() == "en"
    assert tr("A sentence nobody translated, {when}.", when=MOMENT).endswith("Tue, 24 Nov, 14:30.")
    assert ntr("{n} booking", "{n} bookings", 2) == "2 bookings"


def test_a_missing_catalogue_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        install_language("en", "en_GB", PARIS, tmp_path)
