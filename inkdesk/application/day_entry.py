"""Which dates somebody means who types "fri", "14", "3 dec" or "+10": the likeliest first.

Words are the reader's own: the names of weekdays and months as the reader's formats write them, cut as short as the
typist likes. Without accents and capitals is fine. A date without its year is the next such date; the last one that is
over comes second.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import MAXYEAR, date, timedelta

from inkdesk.application.text import formats, tr
from inkdesk.domain.folding import fold

FEWEST_LETTERS = 2
_WEEK = 7
_STEP = re.compile(r"([+-]) ?(\d{1,4}) ?(\w*)")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})(?: ?[./ -] ?(\d{1,2})(?: ?[./ -] ?(\d{4}|\d{2}))?)?\.?")


def days_meant(typed: str, today: date) -> list[date]:
    """The dates that ``typed`` may mean, the likeliest first; none if it is no date."""
    text = fold(typed.strip())
    for read in (_by_word, _by_step, _by_iso, _by_weekday, _by_month, _by_numbers):
        if found := list(dict.fromkeys(read(text, today))):
            return found
    return []


def _by_word(text: str, today: date) -> Iterator[date]:
    words = ((tr("today"), 0), (tr("tomorrow"), 1), (tr("yesterday"), -1))
    for word, days in words:
        if len(text) >= FEWEST_LETTERS + 1 and fold(word).startswith(text):
            yield from _safely(lambda days=days: today + timedelta(days=days))  # type: ignore[misc]


def _by_step(text: str, today: date) -> Iterator[date]:
    """So many days on or back, or weeks with a word for them."""
    if step := _STEP.fullmatch(text):
        sign, number, unit = step.groups()
        is_weeks = bool(unit) and fold(tr("weeks")).startswith(unit)
        is_days = not unit or fold(tr("days")).startswith(unit)
        if is_weeks or is_days:
            days = int(f"{sign}{number}") * (_WEEK if is_weeks else 1)
            yield from _safely(lambda: today + timedelta(days=days))


def _by_iso(text: str, today: date) -> Iterator[date]:  # noqa: ARG001 - the same arguments for all
    if iso := _ISO.fullmatch(text):
        year, month, day = map(int, iso.groups())
        yield from _safely(lambda: date(year, month, day))


def _by_weekday(text: str, today: date) -> Iterator[date]:
    """The next day of that name, never today, then the one after it."""
    if len(text) < FEWEST_LETTERS or not text.isalpha():
        return
    for weekday in range(_WEEK):
        if fold(formats().weekday(weekday)).startswith(text):
            days = (weekday - today.weekday() - 1) % _WEEK + 1
            yield from _safely(lambda days=days: today + timedelta(days=days))  # type: ignore[misc]
            yield from _safely(lambda days=days: today + timedelta(days=days + _WEEK))  # type: ignore[misc]


def _by_month(text: str, today: date) -> Iterator[date]:
    """A month's name with a day, in either order, or alone for its first; a year may follow."""
    words = re.sub(r"[.,]", " ", text).split()
    names = [word for word in words if word.isalpha() and len(word) >= FEWEST_LETTERS]
    numbers = [int(word) for word in words if word.isdecimal()]
    if len(names) != 1 or len(numbers) > 2 or len(names) + len(numbers) != len(words):
        return
    day = numbers[0] if numbers else 1
    year = numbers[1] if len(numbers) == 2 else None
    if not numbers[1:] and day > 31:
        day, year = 1, day
    for month in range(1, 13):
        if _month_name(month).startswith(names[0]):
            yield from _in_year(today, month, day, year)


def _by_numbers(text: str, today: date) -> Iterator[date]:
    """A day alone, or day and month in the reader's order, or the other way round if only that is a date."""
    if not (found := _NUMBERS.fullmatch(text)):
        return
    first, second, year = (None if part is None else int(part) for part in found.groups())
    if first is None:
        return
    if second is None:
        yield from _day_of_month(today, first)
        return
    year = None if year is None else year + (2000 if year < 100 else 0)
    orders = [(second, first), (first, second)]
    for month, day in orders if formats().is_day_first else reversed(orders):
        if dates := list(_in_year(today, month, day, year)):
            yield from dates
            return


def _day_of_month(today: date, day: int) -> Iterator[date]:
    """The next date of that number, then the last one."""
    months = [(today.year * 12 + today.month - 1 + n) for n in (*range(3), -1, -2)]
    dates = [found for month in months for found in _safely(lambda month=month: date(month // 12, month % 12 + 1, day))]  # type: ignore[misc]
    ahead = [one for one in dates if one >= today]
    over = [one for one in dates if one < today]
    yield from ahead[:1]
    yield from sorted(over)[-1:]


def _in_year(today: date, month: int, day: int, year: int | None) -> Iterator[date]:
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(2000, month)[1]:
        return
    if year is not None:
        yield from _safely(lambda: date(year, month, day))
        return
    years = range(today.year - 8, min(today.year + 9, MAXYEAR))
    dates = [one for year in years for one in _safely(lambda year=year: date(year, month, day))]  # type: ignore[misc]
    yield from [one for one in dates if one >= today][:1]
    yield from [one for one in dates if one < today][-1:]


def _month_name(month: int) -> str:
    """The month as the reader's formats name it beside a year."""
    return "".join(
        sign for sign in fold(formats().month(date(2000, month, 1))) if sign.isalpha() or sign == " "
    ).strip()


def _safely(make: Callable[[], date]) -> Iterator[date]:
    """The date, unless there is no such date."""
    with suppress(ValueError, OverflowError):
        yield make()
