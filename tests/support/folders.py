"""Folders that refuse."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

KERNELS_OWN = Path("/sys")
"""Not even root makes a file here."""


@contextmanager
def unwritable_folder(parent: Path) -> Iterator[Path]:
    """A folder in which no file can be made, not even by root."""
    if os.name == "nt":
        pytest.skip("a folder's mode means nothing on Windows")
    if os.geteuid() == 0:
        if not KERNELS_OWN.is_dir():
            pytest.skip("root may write everywhere on this computer")
        yield KERNELS_OWN
        return
    folder = parent / "locked"
    folder.mkdir(mode=0o500)
    yield folder
    folder.chmod(0o700)
