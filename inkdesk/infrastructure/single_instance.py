"""One window per own studio: a second start finds the first one's lock."""

from pathlib import Path

from filelock import FileLock, Timeout


class SingleInstance:
    """A lock beside a database file. The system lets it go when the program ends, however it ends."""

    def __init__(self, database: Path) -> None:
        self._lock = FileLock(database.with_name(f"{database.name}.lock"))

    def take(self) -> bool:
        """Whether this program is the only one now. OSError if the folder cannot be written."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        return True

    def release(self) -> None:
        """Let another program in."""
        self._lock.release()
