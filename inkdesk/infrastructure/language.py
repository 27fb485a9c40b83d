"""Sentences, dates and money in the reader's language: gettext catalogues and CLDR formats (Babel)."""

from datetime import date, datetime, time
from functools import cached_property, lru_cache
from gettext import GNUTranslations
from locale import LC_CTYPE, setlocale
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from inkdesk.application import text
from inkdesk.domain.money import Money, exponent

if TYPE_CHECKING:
    from babel import Locale

LANGUAGES = ("en", "fr")
"""Languages with a catalogue; the first is the one sentences are written in."""
_HOMES = {"en": "en_GB", "fr": "fr_FR"}
"""Whose dates and clock are shown where the system names no territory: weeks from Monday on, 24 hours."""
DOMAIN = "inkdesk"
_MADE_UP = "en_US"
"""What Python's ``locale.getlocale`` says on a system without a locale: its alias table maps C.UTF-8 to America."""
_MINUTES_A_DAY = 1440
_CACHED = 4096


def install_language(code: str, locale: str, zone: ZoneInfo, catalogue_dir: Path, this_year: int | None = None) -> None:
    """Show every later sentence in ``code`` ("en", "fr"), with the dates, times and money of ``locale`` and ``zone``.

    ``locale`` is the system's, e.g. ``fr_CH`` or ``de_DE.UTF-8``: the language decides the words, the locale's
    territory their order, the clock and the first weekday; without a territory they are Britain's or France's.
    ``catalogue_dir`` is resources/translations; dates outside ``this_year`` show their year, None: no short date does.
    Raises FileNotFoundError if the catalogue is not there.
    """
    known = code if code in LANGUAGES else LANGUAGES[0]
    path = catalogue_dir / known / "LC_MESSAGES" / f"{DOMAIN}.mo"
    with path.open("rb") as file:
        catalogue = GNUTranslations(file)
    named = "" if locale == _MADE_UP and _has_no_locale() else locale
    text.install(catalogue, BabelFormats(format_locale(known, named), zone, this_year), known)


def language_of(locale: str) -> str:
    """The language of ``LANGUAGES`` that suits a system locale such as ``fr_CA.UTF-8``; English if none does."""
    code = locale.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return code if code in LANGUAGES else LANGUAGES[0]


def format_locale(code: str, locale: str) -> str:
    """The CLDR locale that words dates in ``code`` as the territory of ``locale`` orders them, or the usual one."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - 60 ms that commands without dates do not need

    territory = locale.replace("-", "_").partition(".")[0].partition("@")[0].rpartition("_")[2].upper()
    try:
        return str(Locale.parse(f"{code}_{territory}"))
    except (UnknownLocaleError, ValueError):
        return _HOMES[code]


def _has_no_locale() -> bool:
    return setlocale(LC_CTYPE).partition(".")[0] in {"C", "POSIX"}


class BabelFormats:
    """``Formats`` of one CLDR locale (e.g. ``fr_FR``) that shows instants in ``zone``.

    A short date shows its year unless that is ``this_year``; with None it never does. Every answer is kept: a calendar
    asks for the same few times and days at each paint.
    """

    def __init__(self, locale: str, zone: ZoneInfo, this_year: int | None = None) -> None:
        self._name = locale
        self._zone = zone
        self._this_year = this_year
        self._clock = lru_cache(_MINUTES_A_DAY)(self._clock_at)
        self.day = lru_cache(_CACHED)(self._day)
        self.full_day = lru_cache(_CACHED)(self._full_day)
        self.month = lru_cache(_CACHED)(self._month)
        self.money = lru_cache(_CACHED)(self._money)

    @cached_property
    def _locale(self) -> "Locale":
        from babel import Locale  # noqa: PLC0415 - see format_locale

        return Locale.parse(self._name)

    @property
    def first_weekday(self) -> int:
        """0 = Monday ... 6 = Sunday."""
        return self._locale.first_week_day

    @property
    def is_day_first(self) -> bool:
        """Whether a day is written before its month."""
        pattern = str(self._locale.date_formats["short"].pattern)
        return pattern.index("d") < pattern.index("M")

    def time(self, instant: datetime) -> str:
        """Clock time in the studio's zone, e.g. ``14:30`` or ``2:30 PM``."""
        local = instant.astimezone(self._zone)
        return self._clock(local.hour * 60 + local.minute)

    def clock(self, minutes: int) -> str:
        """Wall-clock minutes after midnight, counted modulo a day."""
        return self._clock(minutes % _MINUTES_A_DAY)

    def moment(self, instant: datetime) -> str:
        """Day and time in the studio's zone, e.g. ``Tue 24 Nov, 14:30``."""
        return f"{self.day(instant.astimezone(self._zone).date())}, {self.time(instant)}"

    def in_zone(self, zone: ZoneInfo) -> "BabelFormats":
        """The same formats, instants shown in ``zone``."""
        return BabelFormats(self._name, zone, self._this_year)

    def weekday(self, weekday: int) -> str:
        """Full name of a weekday, 0 = Monday."""
        return str(self._locale.days["stand-alone"]["wide"][weekday])

    def _clock_at(self, minute: int) -> str:
        from babel.dates import format_time  # noqa: PLC0415 - see format_locale

        return format_time(time(minute // 60, minute % 60), "short", locale=self._locale)

    def _day(self, day: date) -> str:
        """A date with its weekday, short, e.g. ``Tue 24 Nov``; of another year ``Mon, 4 Jan 2027``."""
        from babel.dates import format_skeleton  # noqa: PLC0415 - see format_locale

        is_near = self._this_year in {None, day.year}
        return format_skeleton("MMMEd" if is_near else "yMMMEd", day, locale=self._locale)

    def _full_day(self, day: date) -> str:
        """A date with weekday and year, e.g. ``Tuesday 24 November 2026``."""
        from babel.dates import format_date  # noqa: PLC0415 - see format_locale

        return format_date(day, "full", locale=self._locale)

    def _month(self, day: date) -> str:
        """Month and year, e.g. ``November 2026``."""
        from babel.dates import format_skeleton  # noqa: PLC0415 - see format_locale

        return format_skeleton("yMMMM", day, locale=self._locale)

    def _money(self, amount: Money) -> str:
        """An amount with its currency sign, to the last minor unit."""
        from babel.numbers import format_currency, get_currency_precision  # noqa: PLC0415 - see format_locale

        # CLDR rounds some currencies (IQD) that do have minor units; what was asked is what is shown.
        is_rounded = get_currency_precision(amount.currency) < exponent(amount.currency)
        return format_currency(
            amount.decimal(), amount.currency, locale=self._locale, decimal_quantization=not is_rounded
        )
