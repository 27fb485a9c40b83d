"""Which dates each view shows, and where a turned page leads. Pure."""

from calendar import monthrange
from datetime import date, timedelta
from enum import Enum

AGENDA_DAYS = 28


class Mode(Enum):
    """How the calendar is looked at."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    AGENDA = "agenda"


def first_shown(mode: Mode, day: date, first_weekday: int) -> date:
    """The first date that a view with ``day`` in it shows; weeks begin on ``first_weekday`` (0 = Monday)."""
    match mode:
        case Mode.DAY | Mode.AGENDA:
            return day
        case Mode.WEEK:
            return week_start(day, first_weekday)
        case Mode.MONTH:
            return week_start(day.replace(day=1), first_weekday)


def last_shown(mode: Mode, day: date, first_weekday: int) -> date:
    """The last date that it shows."""
    match mode:
        case Mode.DAY:
            return day
        case Mode.AGENDA:
            return day + timedelta(days=AGENDA_DAYS - 1)
        case Mode.WEEK:
            return week_start(day, first_weekday) + timedelta(days=6)
        case Mode.MONTH:
            last = day.replace(day=monthrange(day.year, day.month)[1])
            return week_start(last, first_weekday) + timedelta(days=6)


def turned(mode: Mode, day: date, pages: int) -> date:
    """The date that takes the place of ``day`` after so many pages; the 31st becomes a shorter month's last day."""
    match mode:
        case Mode.DAY:
            return day + timedelta(days=pages)
        case Mode.WEEK:
            return day + timedelta(weeks=pages)
        case Mode.AGENDA:
            return day + timedelta(days=pages * AGENDA_DAYS)
        case Mode.MONTH:
            months = day.year * 12 + day.month - 1 + pages
            year, month = months // 12, months % 12 + 1
            return date(year, month, min(day.day, monthrange(year, month)[1]))


def week_start(day: date, first_weekday: int) -> date:
    """The date on which the week of ``day`` begins."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)
