"""A file that is either whole or not there."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message


def write_whole(path: Path, fill: Callable[[Path], bool]) -> bool:
    """Let ``fill`` write a new file beside ``path``, then put it in its place; if it says False, nothing is left.

    Raises ValidationError if the folder or the file does not take it.
    """
    try:
        return _write(path, fill)
    except OSError as failure:
        raise ValidationError(
            message(
                "{file} cannot be written ({reason}). "
                "Close it if another program has it open, or choose another place.",
                file=path.name,
                reason=failure.strerror or type(failure).__name__,
            )
        ) from failure


def _write(path: Path, fill: Callable[[Path], bool]) -> bool:
    descriptor, name = tempfile.mkstemp(prefix=".inkdesk-", suffix=path.suffix, dir=path.parent)
    os.close(descriptor)
    new = Path(name)
    try:
        if not fill(new):
            return False
        new.replace(path)
        return True
    finally:
        new.unlink(missing_ok=True)
