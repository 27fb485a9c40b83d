"""One window per own studio: a second start finds the first one's lock."""

import os
from pathlib import Path

from filelock import FileLock, Timeout

from inkdesk.domain.errors import DatabaseUnreachable
from inkdesk.domain.message import message


class SingleInstance:
    """A lock beside a database file. The system lets it go when the program ends, however it ends."""

    def __init__(self, database: Path) -> None:
        self._database = Path(os.path.realpath(database))
        self._lock = FileLock(f"{self._database}.lock")

    @property
    def studio(self) -> str:
        """The file's one name, however its address was written: later starts look for the window under it."""
        return os.path.normcase(self._database)

    def take(self) -> bool:
        """Whether this program is the only one now. DatabaseUnreachable if there can be no lock here."""
        if not self._database.parent.is_dir():
            raise DatabaseUnreachable(
                message(
                    "There is no folder {folder}. Make it, or check the address.", folder=str(self._database.parent)
                )
            )
        if self._database.is_dir():
            raise DatabaseUnreachable(
                message("{file} is a folder, not a database. Check the address.", file=str(self._database))
            )
        try:
            self._lock.acquire(timeout=0)
        except Timeout as late:
            if not Path(self._lock.lock_file).exists():  # so Windows tells of a folder that cannot be written
                raise self._unwritable(str(late)) from late
            return False
        except OSError as failure:
            raise self._unwritable(failure.strerror or str(failure)) from failure
        return True

    def release(self) -> None:
        """Let another program in."""
        self._lock.release()

    def _unwritable(self, reason: str) -> DatabaseUnreachable:
        return DatabaseUnreachable(
            message(
                "The folder {folder} cannot be written ({reason}). Make it writable, or open another database.",
                folder=str(self._database.parent),
                reason=reason,
            )
        )
