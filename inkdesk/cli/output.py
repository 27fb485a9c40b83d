"""What a command says: JSON for programs, columns and sentences for people; and the exit code."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from inkdesk.application.text import render
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.money import Money

Json = Mapping[str, object] | Sequence[Mapping[str, object]]

EXIT_CODES: Mapping[ErrorCode, int] = {
    ErrorCode.INTERNAL_ERROR: 1,
    ErrorCode.VALIDATION: 2,
    ErrorCode.SLOT_UNAVAILABLE: 3,
    ErrorCode.SLOT_TAKEN: 4,
    ErrorCode.STRIPE_NOT_CONFIGURED: 5,
    ErrorCode.PAYMENT_MISMATCH: 6,
    ErrorCode.STALE_RECORD: 7,
    ErrorCode.DATABASE_UNREACHABLE: 8,
    ErrorCode.SECRET_STORE_UNAVAILABLE: 9,
}
"""0 is done; wrong usage counts as VALIDATION."""

_JOINERS = "\u200c\u200d"
"""They shape letters and emoji and are harmless, though not printable."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found: ``data`` for programs, ``lines`` for people, ``error`` if it only half succeeded."""

    data: Json
    lines: Sequence[str]
    error: InkDeskError | None = None
    exit_code: int = field(default=0)


def say(answer: Answer, *, as_json: bool) -> int:
    """Print an answer; the answer is the exit code."""
    if answer.error is None:
        _print(json.dumps(answer.data, indent=2) if as_json else "\n".join(answer.lines))
        return answer.exit_code
    if as_json and isinstance(answer.data, Mapping):
        _print(json.dumps({**answer.data, **_as_data(answer.error)}, indent=2))
        return EXIT_CODES[answer.error.code]
    _print("\n".join(answer.lines))
    return say_error(answer.error, as_json=False)


def say_error(error: InkDeskError, *, as_json: bool) -> int:
    """Print a failure: as JSON on stdout, as a sentence on stderr; the answer is the exit code."""
    if as_json:
        _print(json.dumps(_as_data(error), indent=2))
    else:
        print(f"inkdesk: {printable(render(error.message))}", file=sys.stderr)  # noqa: T201 - this is the output
    return EXIT_CODES[error.code]


def columns(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table as lines, each column as wide as its widest cell."""
    cells = [[printable(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(heads))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def printable(text: str) -> str:
    """``text`` on one line, without signs that would move the cursor, colour the terminal or turn the line around."""
    return "".join(map(_printable, text))


def _printable(sign: str) -> str:
    if sign.isspace():
        return " "
    return sign if sign.isprintable() or sign in _JOINERS else "\ufffd"


def amount(money: Money) -> dict[str, object]:
    """Money for programs: minor units with the code, and the plain decimal."""
    return {"amount_minor": money.amount_minor, "currency": money.currency, "amount": str(money.decimal())}


def instant(at: datetime) -> str:
    """ISO 8601 with the offset of the zone ``at`` is in."""
    return at.isoformat(timespec="seconds")


def _as_data(error: InkDeskError) -> dict[str, object]:
    return {"error": {"code": error.code.value, "message": render(error.message), "field": error.field or None}}


def _print(text: str) -> None:
    """Print for any terminal: signs that it cannot show are written as escapes, never a crash."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"  # a program without a console has no stdout
    print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)  # noqa: T201 - this is the output
