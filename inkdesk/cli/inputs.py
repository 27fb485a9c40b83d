"""Reading what was typed after a command: names, dates, starts."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from inkdesk.domain.errors import ValidationError
from inkdesk.domain.hours import MINUTES_A_DAY, wall_to_seconds
from inkdesk.domain.message import message
from inkdesk.domain.slot_rules import YEARS
from inkdesk.domain.spans import to_instant

ANY = "any"
"""The artist's name that means whoever is free."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Named(Protocol):
    """An artist or a service."""

    @property
    def id(self) -> int:
        """The stored id."""
        ...

    @property
    def name(self) -> str:
        """The name as it is shown."""
        ...


N = TypeVar("N", bound=Named)


def one_named(typed: str, known: Sequence[N], field: str) -> N:
    """The one of ``known`` with this name (in any case) or id; ValidationError with every name otherwise."""
    wanted = " ".join(typed.split()).casefold()
    found = [one for one in known if " ".join(one.name.split()).casefold() == wanted]
    if not found and wanted.isascii() and wanted.isdigit():
        found = [one for one in known if str(one.id) == wanted.lstrip("0")]  # int() refuses very long numbers
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in known)
    if found:
        ids = ", ".join(str(one.id) for one in found)
        raise ValidationError(
            message("Several are called {typed}. Give the id: {ids}.", typed=typed, ids=ids), field=field
        )
    if not known:
        raise ValidationError(message("Nothing is called {typed}: there is none yet.", typed=typed), field=field)
    raise ValidationError(
        message("Nothing is called {typed}. Choose from: {names}.", typed=typed, names=names), field=field
    )


def read_date(typed: str, field: str) -> date:
    """A date such as 2026-11-24. ValidationError if it is none."""
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        day = date.min
    if day.year not in YEARS:
        raise ValidationError(
            message("{typed} is not a date. Write it as year-month-day, for example 2026-11-24.", typed=typed),
            field=field,
        )
    return day


def read_clock(typed: str, field: str) -> int:
    """Minutes after midnight of a time of day such as 13:00, up to 24:00. ValidationError if it is none."""
    hours, parted, minutes = typed.strip().partition(":")
    is_digits = all(part.isascii() and part.isdigit() and len(part) <= 2 for part in (hours, minutes))
    minute = int(hours) * 60 + int(minutes) if parted and is_digits and int(minutes) < 60 else -1
    if not 0 <= minute <= MINUTES_A_DAY:
        raise ValidationError(
            message("{typed} is not a time of day. Write it as hours and minutes, for example 13:00.", typed=typed),
            field=field,
        )
    return minute


def read_weekdays(typed: str, field: str) -> frozenset[int]:
    """Weekdays (0 = Monday) of a list such as mon,tue; nothing typed is none. ValidationError for other words."""
    found = set()
    for word in filter(None, (one.strip().casefold() for one in typed.split(","))):
        days = [n for n, name in enumerate(_WEEKDAYS) if word in {name, name[:3]}]
        if not days:
            raise ValidationError(
                message("{typed} is not a weekday. Write mon, tue, wed, thu, fri, sat or sun.", typed=word), field=field
            )
        found.update(days)
    return frozenset(found)


def read_start(typed: str, zone: ZoneInfo, field: str = "starts_at") -> datetime:
    """A start such as 2026-11-24T14:30 (on the studio's clock) or with an offset.

    ValidationError if it is none, if the clock jumps over it, or if the clock shows it twice and no offset tells
    which one is meant.
    """
    start = _parsed(typed.strip())
    if start is None or start.year not in YEARS:
        raise ValidationError(
            message("{typed} is not a start. Write date and time, for example 2026-11-24T14:30.", typed=typed),
            field=field,
        )
    if start.utcoffset() is not None:
        return start.astimezone(zone)
    return _on_the_clock(start, zone, field).astimezone(zone)


def _parsed(typed: str) -> datetime | None:
    """A date with a time of day; a bare date is not a start."""
    try:
        return datetime.fromisoformat(typed) if ":" in typed else None
    except ValueError:
        return None


def _on_the_clock(start: datetime, zone: ZoneInfo, field: str) -> datetime:
    """The instant at which the zone's clock shows a naive ``start``."""
    shown = start.strftime("%Y-%m-%d %H:%M")
    instants = wall_to_seconds(start.date(), start.hour * 60 + start.minute, zone)
    if not instants:
        raise ValidationError(
            message("{start} does not exist: the clock is put forward over it. Choose another time.", start=shown),
            field=field,
        )
    if len(instants) > 1:
        first, second = (to_instant(one).astimezone(zone).isoformat(timespec="minutes") for one in instants)
        raise ValidationError(
            message(
                "{start} is there twice: the clock is put back over it. Write {first} or {second}.",
                start=shown,
                first=first,
                second=second,
            ),
            field=field,
        )
    return to_instant(instants[0]) + timedelta(seconds=start.second)
