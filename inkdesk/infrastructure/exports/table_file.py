"""A table as a file of the kind that its name says."""

from pathlib import Path

from inkdesk.application.progress import Progress
from inkdesk.application.tables_out import Table
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.infrastructure.exports.csv_file import write_csv
from inkdesk.infrastructure.exports.xlsx_file import write_xlsx


def write_table(path: Path, table: Table, progress: Progress) -> bool:
    """As ``WriteTable``; ValidationError also for a name that ends neither in .csv nor in .xlsx."""
    match path.suffix.casefold():
        case ".csv":
            return write_csv(path, table, progress)
        case ".xlsx":
            return write_xlsx(path, table, progress)
        case _:
            raise ValidationError(message("Tables are written as .csv or .xlsx files. Choose one of the two."))
