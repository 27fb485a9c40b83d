from pathlib import Path

import pytest
from support.killed import Worlds


@pytest.fixture
def worlds(sqlite_template: Path, tmp_path: Path) -> Worlds:
    """Fresh studios in which a desk may die."""
    return Worlds(sqlite_template, tmp_path)
