"""SQLite's driver."""

import importlib
from types import ModuleType


def sqlite_module() -> ModuleType:
    """The driver with the newest SQLite: PyPI's pysqlite3, else Python's own."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3.dbapi2")
