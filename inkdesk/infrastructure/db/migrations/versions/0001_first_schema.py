"""The first schema: every table of the book.

The statements stand in one file per engine beside this one and never change: they are what was installed.
The triggers follow from ``guards.py`` after every upgrade.
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    dialect = op.get_bind().dialect.name
    text = Path(__file__).with_name(f"0001_{dialect}.sql").read_text(encoding="utf-8")
    for statement in text.split("\n--\n"):
        op.get_bind().exec_driver_sql(statement.strip())
