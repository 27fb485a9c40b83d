"""A table as an Excel workbook with one sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from inkdesk.application.progress import Progress
from inkdesk.application.tables_out import Cell, Table, safe_text, wall_clock
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money, exponent
from inkdesk.infrastructure.exports.whole_file import write_whole

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

STEP: Final = 200
MOST_ROWS: Final = 1_048_575
"""What a sheet holds below its headings."""
WIDTHS: Final = (8, 40)
"""The least and the greatest width of a column, in characters."""
SAMPLE: Final = 200
"""How many rows say how wide the columns are."""
LONGEST_NAME: Final = 31
"""Of a sheet, in characters."""
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\'\n\t]")
_PLAIN: dict[str, Any] = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": False,
}


def write_xlsx(path: Path, table: Table, progress: Progress) -> bool:
    """Write ``table``; False, and no file, if it was stopped. Raises ValidationError if it cannot be written.

    Texts are texts, money and counts numbers, dates dates, shown in the table's zone.
    """
    if len(table.rows) > MOST_ROWS:
        raise ValidationError(
            message("A workbook holds {most} lines at most. Choose fewer dates, or write a CSV file.", most=MOST_ROWS)
        )
    return write_whole(path, lambda new: _fill(new, table, progress))


def _fill(path: Path, table: Table, progress: Progress) -> bool:
    import xlsxwriter  # noqa: PLC0415 - slow to import, and rarely needed

    with xlsxwriter.Workbook(str(path), _PLAIN) as book:
        sheet = book.add_worksheet(_sheet_name(table.title))
        cells = _Cells(book, sheet, table.zone)
        _head(book, sheet, table)
        total = len(table.rows)
        for number, row in enumerate(table.rows):
            if number % STEP == 0 and not progress.tell(number, total):
                return False
            for column, cell in enumerate(row):
                cells.write(number + 1, column, cell)
    return progress.tell(total, total)


def _sheet_name(title: str) -> str:
    return _NOT_IN_NAMES.sub(" ", safe_text(title))[:LONGEST_NAME].strip() or "InkDesk"


def _head(book: Workbook, sheet: Worksheet, table: Table) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, heading in enumerate(table.headings):
        sheet.set_column(column, column, _width(heading, [row[column] for row in table.rows[:SAMPLE]]))
        sheet.write_string(0, column, safe_text(heading), bold)
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.headings) - 1)


def _width(heading: str, cells: Sequence[Cell]) -> int:
    least, greatest = WIDTHS
    longest = max((len(_shown(cell)) for cell in cells), default=0)
    return max(least, min(greatest, max(longest, len(heading) + 3) + 2))


def _shown(cell: Cell) -> str:
    match cell:
        case Money():
            return f"{cell.decimal():,}"
        case datetime():
            return "2026-11-23 10:00"
        case _:
            return "" if cell is None else str(cell)


@dataclass(slots=True)
class _Cells:
    """Writes cells by their kind."""

    book: Workbook
    sheet: Worksheet
    zone: ZoneInfo
    formats: dict[str, Format] = field(default_factory=dict)

    def write(self, row: int, column: int, cell: Cell) -> None:
        match cell:
            case None:
                return
            case Money():
                places = exponent(cell.currency)
                look = self._look("#,##0" + "." * bool(places) + "0" * places)
                self.sheet.write_number(row, column, float(cell.decimal()), look)
            case datetime():
                self.sheet.write_datetime(row, column, wall_clock(cell, self.zone), self._look("yyyy-mm-dd hh:mm"))
            case date():
                midnight = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - a spreadsheet knows no zone
                self.sheet.write_datetime(row, column, midnight, self._look("yyyy-mm-dd"))
            case int():
                self.sheet.write_number(row, column, cell)
            case _:
                self.sheet.write_string(row, column, safe_text(cell))

    def _look(self, shown: str) -> Format:
        if shown not in self.formats:
            self.formats[shown] = self.book.add_format({"num_format": shown})
        return self.formats[shown]
