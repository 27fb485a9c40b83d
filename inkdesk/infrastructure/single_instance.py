"""One window per own studio: a second start finds the first one's lock."""

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from inkdesk.domain.errors import DatabaseUnreachable
from inkdesk.domain.message import message


class SingleInstance:
    """A lock beside a database file. The system lets it go when the program ends, however it ends."""

    def __init__(self, database: Path) -> None:
        self._database = Path(os.path.realpath(database))
        self._let_go: Callable[[], object] | None = None

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
            self._let_go = self._let_go or _lock(Path(f"{self._database}.lock"))
        except OSError as failure:
            raise self._unwritable(failure.strerror or str(failure)) from failure
        return self._let_go is not None

    def release(self) -> None:
        """Let another program in."""
        if self._let_go is not None:
            self._let_go()
            self._let_go = None

    def _unwritable(self, reason: str) -> DatabaseUnreachable:
        return DatabaseUnreachable(
            message(
                "The folder {folder} cannot be written ({reason}). Make it writable, or open another database.",
                folder=str(self._database.parent),
                reason=reason,
            )
        )


def _lock(file: Path) -> Callable[[], object] | None:
    """Lock ``file``: how to let it go again, None if another program has it. Raises OSError."""
    if sys.platform == "win32":
        return _lock_on_windows(file)
    import fcntl  # noqa: PLC0415 - not on Windows

    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        os.close(descriptor)
        raise
    return partial(os.close, descriptor)


def _lock_on_windows(file: Path) -> Callable[[], object] | None:
    from filelock import FileLock, Timeout  # noqa: PLC0415 - 10 ms of the start, which other systems are spared

    lock = FileLock(file)
    try:
        lock.acquire(timeout=0)
    except Timeout as late:
        if not file.exists():  # so Windows tells of a folder that cannot be written
            raise OSError(str(late)) from late
        return None
    return lock.release
