"""Sentences in the reader's language.

``tr`` looks a literal English sentence up in the installed catalogue and shows typed values (times, money) by
the reader's locale. Bootstrap installs the language once; until then sentences are English and values plain.
"""

from dataclasses import dataclass
from datetime import date, datetime
from gettext import NullTranslations
from typing import Protocol
from zoneinfo import ZoneInfo

from inkdesk.domain.message import Message, Value
from inkdesk.domain.money import Money


class Formats(Protocol):
    """How this reader sees times and money; instants are shown in the studio's zone."""

    @property
    def first_weekday(self) -> int:
        """0 = Monday ... 6 = Sunday."""
        ...

    @property
    def is_day_first(self) -> bool:
        """Whether ``3/4`` is the third of April."""
        ...

    def time(self, instant: datetime) -> str:
        """Clock time, e.g. ``14:30`` or ``2:30 PM``."""
        ...

    def clock(self, minutes: int) -> str:
        """Wall-clock minutes after midnight, e.g. 870 -> ``14:30`` or ``2:30 PM``."""
        ...

    def day(self, day: date) -> str:
        """A date with its weekday, short, e.g. ``Tue 24 Nov``; with its year if that is not the present one."""
        ...

    def full_day(self, day: date) -> str:
        """A date with weekday and year, long."""
        ...

    def moment(self, instant: datetime) -> str:
        """Day and time."""
        ...

    def month(self, day: date) -> str:
        """Month and year, e.g. ``November 2026``."""
        ...

    def weekday(self, weekday: int) -> str:
        """Full name of a weekday, 0 = Monday."""
        ...

    def money(self, amount: Money) -> str:
        """An amount with its currency sign."""
        ...

    def in_zone(self, zone: ZoneInfo) -> "Formats":
        """The same formats, instants shown in ``zone``."""
        ...


class PlainFormats:
    """ISO formats: what is shown before a locale is installed."""

    first_weekday = 0
    is_day_first = True

    def time(self, instant: datetime) -> str:
        """``HH:MM``."""
        return instant.strftime("%H:%M")

    def clock(self, minutes: int) -> str:
        """``HH:MM``, counted modulo a day."""
        return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"

    def day(self, day: date) -> str:
        """``YYYY-MM-DD``."""
        return day.isoformat()

    full_day = day

    def moment(self, instant: datetime) -> str:
        """``YYYY-MM-DD HH:MM``."""
        return instant.strftime("%Y-%m-%d %H:%M")

    def month(self, day: date) -> str:
        """``YYYY-MM``."""
        return day.strftime("%Y-%m")

    def weekday(self, weekday: int) -> str:
        """``Mon`` to ``Sun``."""
        return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[weekday]

    def money(self, amount: Money) -> str:
        """``12.50 EUR``."""
        return amount.plain()

    def in_zone(self, zone: ZoneInfo) -> "Formats":  # noqa: ARG002 - instants are shown as they come
        """Themselves: these formats know no zone."""
        return self


@dataclass(slots=True)
class _Reader:
    catalogue: NullTranslations
    formats: Formats
    language: str


_reader = _Reader(NullTranslations(), PlainFormats(), "en")


def install(catalogue: NullTranslations, formats: Formats, language: str) -> None:
    """Make ``language`` ("en", "fr") the one that every later sentence is shown in."""
    _reader.catalogue = catalogue
    _reader.formats = formats
    _reader.language = language


def show_times_in(zone: ZoneInfo) -> None:
    """Show every later instant in ``zone``: the studio's, known once there is one."""
    _reader.formats = _reader.formats.in_zone(zone)


def language() -> str:
    """The installed language's code."""
    return _reader.language


def formats() -> Formats:
    """The installed reader's formats."""
    return _reader.formats


def tr(template: str, **values: Value) -> str:
    """The sentence in the reader's language, its values shown by the reader's locale."""
    return _fill(_reader.catalogue.gettext(template), values)


def ntr(singular: str, plural: str, n: int, **values: Value) -> str:
    """Like ``tr`` for a sentence that depends on a count; ``{n}`` stands for it."""
    return _fill(_reader.catalogue.ngettext(singular, plural, n), {"n": n, **values})


def render(sentence: Message) -> str:
    """A rule's sentence for the reader."""
    return _fill(_reader.catalogue.gettext(sentence.template), dict(sentence.values))


def _fill(text: str, values: dict[str, Value]) -> str:
    if not values:
        return text
    return text.format(**{name: _show(value) for name, value in values.items()})


def _show(value: Value) -> str:
    match value:
        case Money():
            return _reader.formats.money(value)
        case datetime():
            return _reader.formats.moment(value)
        case date():
            return _reader.formats.day(value)
        case _:
            return str(value)
