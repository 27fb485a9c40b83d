"""A table as a CSV file: RFC 4180 with a byte order mark, so that spreadsheets see UTF-8."""

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from inkdesk.application.progress import Progress
from inkdesk.application.tables_out import Cell, Table, safe_text, wall_clock
from inkdesk.domain.money import Money
from inkdesk.infrastructure.exports.whole_file import write_whole

STEP = 500


def write_csv(path: Path, table: Table, progress: Progress) -> bool:
    """Write ``table``; False, and no file, if it was stopped. Raises ValidationError if it cannot be written.

    Texts are quoted, numbers have a decimal point, dates are ISO dates in the table's zone.
    """
    return write_whole(path, lambda new: _fill(new, table, progress))


def _fill(path: Path, table: Table, progress: Progress) -> bool:
    total = len(table.rows)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow([safe_text(heading) for heading in table.headings])
        for number, row in enumerate(table.rows):
            if number % STEP == 0 and not progress.tell(number, total):
                return False
            writer.writerow([_cell(cell, table.zone) for cell in row])
    return progress.tell(total, total)


def _cell(cell: Cell, zone: ZoneInfo) -> str | int | Decimal:
    match cell:
        case None:
            return ""
        case Money():
            return cell.decimal()
        case datetime():
            return wall_clock(cell, zone).isoformat(" ")
        case date():
            return cell.isoformat()
        case int():
            return cell
        case _:
            return safe_text(cell)
