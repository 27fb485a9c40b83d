"""Tables that leave the program as files: what a cell may hold, and what no cell may do.

A spreadsheet takes text that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, also behind blanks, quotes or
separators; a client's name must not run one. Numbers and dates travel as such. E-mail addresses, links and keys, which
somebody may have typed into a reason, stay inside the program.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from inkdesk.application.progress import Progress
from inkdesk.domain.money import Money

Cell = str | int | Money | date | datetime | None
"""Money stands as a number in major units, its currency in a column of its own; datetimes are aware."""

LONGEST_TEXT: Final = 32_767
"""What a spreadsheet's cell holds."""
LONGEST_NAME: Final = 80
"""Of a file's name, in characters."""
MASKED: Final = "[…]"
_PRIVATE = re.compile(
    r"(?i)\b(?:https?:|www\.|(?:[\w-]{1,63}\.){0,5}stripe\.com\b)[^\s\"'<>]*|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b(?:[rsp]k_(?:live|test)_|whsec_)\w+"
)
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BLANK = r" \xa0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
_QUOTE = "\"'`´‘’“”„«»＂＇"
_BEGINS = "=+\\-@＝＋－＠﹦﹢﹣﹫−⁼⁺⁻"
_FORMULA = re.compile(rf"(?P<before>^|[,;|\t\n\r])(?=[{_BLANK}{_QUOTE}]*[{_BEGINS}])")
_LEADING = re.compile(r"^(?=[\t\n\r])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table; its instants are shown in ``zone``. ``rows`` are as long as ``headings``."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    zone: ZoneInfo


WriteTable = Callable[[Path, Table, Progress], bool]
"""Writes a table to a file of the kind that its name says; False, and no file, if the work was stopped.

A file of that name is replaced once the new one is whole. Raises ValidationError if it cannot be written.
"""


def safe_text(text: str) -> str:
    """The text as a cell may hold it: no formula, no address, no link, nothing that a file cannot carry.

    An apostrophe stands before whatever a spreadsheet could take for the beginning of a formula, also behind a
    separator: some read ``;`` and ``|`` as one wherever they stand.
    """
    plain = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    plain = _PRIVATE.sub(MASKED, _LONE_SURROGATE.sub("\ufffd", plain))
    guarded = _FORMULA.sub(lambda found: f"{found['before']}'", plain)
    return _LEADING.sub("'", guarded)[:LONGEST_TEXT]


def file_name(words: str) -> str:
    """Words as the name of a file, without its end, on any system."""
    return " ".join(_NOT_IN_NAMES.sub(" ", words).split()).strip(". ")[:LONGEST_NAME]


def wall_clock(instant: datetime, zone: ZoneInfo) -> datetime:
    """An instant as the studio's clock showed it, to the second and without its zone: a spreadsheet knows none."""
    return instant.astimezone(zone).replace(microsecond=0, tzinfo=None)
