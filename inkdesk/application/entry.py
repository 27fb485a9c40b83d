"""Reading what people type into forms: working hours, styles, web addresses, countries."""

import re
from itertools import pairwise
from urllib.parse import urlsplit

from inkdesk.domain.errors import ValidationError
from inkdesk.domain.hours import MINUTES_A_DAY, WallSpan
from inkdesk.domain.message import Message, message
from inkdesk.domain.studio import Mode

_TIME = r"(\d{1,2})(?:[:.h](\d{2})|h)?\s*([ap]m)?"
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?", re.ASCII)
_SPAN = re.compile(rf"{_TIME}\s*(?:-|–|—)\s*{_TIME}", re.ASCII)


def parse_hours(typed: str, field: str = "weekly") -> tuple[WallSpan, ...]:
    """Read one day's hours, e.g. ``10:00-13:00, 14:00-19:00``; nothing typed is a day off.

    ``20:00-02:00`` ends on the next day, ``00:00-24:00`` is the whole day; ``9-17``, ``9h30-12h`` and
    ``9am-5pm`` are understood too. The answer is in order and does not overlap; ValidationError on ``field``
    otherwise.
    """
    parts = [part.strip() for part in re.split(r"[,;]", typed.lower()) if part.strip()]
    spans = tuple(sorted(_span(part, field) for part in parts))
    for one, other in pairwise(spans):
        if other.start_min < one.end_min:
            raise ValidationError(
                message("{one} and {other} overlap. Make one of them shorter.", one=_shown(one), other=_shown(other)),
                field=field,
            )
    return spans


def format_hours(spans: tuple[WallSpan, ...]) -> str:
    """One day's hours as ``parse_hours`` reads them; a day off is empty."""
    return ", ".join(_shown(span) for span in spans)


def _span(part: str, field: str) -> WallSpan:
    found = _SPAN.fullmatch(part)
    if found is None:
        raise ValidationError(_not_hours(part), field=field)
    groups = found.groups()
    start, end = _minute(part, field, *groups[:3]), _minute(part, field, *groups[3:])
    if start in {end, MINUTES_A_DAY}:
        raise ValidationError(
            message("{typed} begins when it ends. A whole day is 00:00-24:00.", typed=part), field=field
        )
    return WallSpan(start, end if end > start else end + MINUTES_A_DAY)


def _minute(part: str, field: str, hour: str, minute: str | None, half: str | None) -> int:
    hours, minutes = int(hour), int(minute or 0)
    if half and not 1 <= hours <= 12:
        raise ValidationError(_not_hours(part), field=field)
    if half:
        hours = hours % 12 + (12 if half == "pm" else 0)
    at = hours * 60 + minutes
    if minutes > 59 or at > MINUTES_A_DAY:
        raise ValidationError(_not_hours(part), field=field)
    return at


def _not_hours(typed: str) -> Message:
    return message("{typed} are no hours. Type them like 10:00-13:00, 14:00-19:00.", typed=typed)


def _shown(span: WallSpan) -> str:
    end = span.end_min if span.end_min <= MINUTES_A_DAY else span.end_min - MINUTES_A_DAY
    return f"{_clock(span.start_min)}-{_clock(end)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def parse_styles(typed: str) -> tuple[str, ...]:
    """Read an artist's styles, e.g. ``fine line, blackwork``, in the order they stand; the same one counts once."""
    styles = dict[str, str]()
    for part in re.split(r"[,;\n]", typed):
        style = " ".join(part.split())
        styles.setdefault(style.casefold(), style)
    styles.pop("", None)
    return tuple(styles.values())


def format_styles(styles: tuple[str, ...]) -> str:
    """Styles as ``parse_styles`` reads them."""
    return ", ".join(styles)


def parse_web_address(typed: str, mode: Mode, field: str = "success_url") -> str:
    """The address of a page that a browser shows after paying; "" if nothing was typed.

    It is https; a practice studio may use http. ValidationError on ``field`` otherwise.
    """
    address = typed.strip()
    if not address:
        return ""
    schemes = {"https", "http"} if mode is Mode.PRACTICE else {"https"}
    try:
        parts = urlsplit(address)
        is_page = parts.scheme in schemes and bool(parts.hostname)
    except ValueError:
        is_page = False
    if not is_page or not address.isprintable() or " " in address:
        raise ValidationError(
            message("{typed} is not the address of a web page. It begins with https://.", typed=address), field=field
        )
    return address


def parse_region(typed: str, field: str = "phone_region") -> str:
    """An ISO country code such as FR, or "" if nothing was typed; ValidationError on ``field`` otherwise."""
    code = typed.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise ValidationError(message("{typed} is no country. Choose one of the list.", typed=typed), field=field)
    return code


def parse_percent(typed: str, field: str = "fee") -> int | None:
    """A part such as ``12.5`` or ``12,5 %`` in hundredths of a percent, None if nothing was typed.

    ValidationError on ``field`` for anything else, or more than two decimals.
    """
    plain = typed.replace("%", "").strip()
    if not plain:
        return None
    found = _PERCENT.fullmatch(plain)
    if found is None:
        raise ValidationError(
            message("{typed} is no part. Enter a percentage such as 10 or 12.5.", typed=typed.strip()), field=field
        )
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
