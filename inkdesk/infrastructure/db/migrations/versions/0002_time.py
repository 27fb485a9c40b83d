"""Time: plans of hours that alternate and change, limits, station spans, series, group sittings, further artists.

Every artist's weekly hours become one plan that has always held. Programs before this cannot read plans, so the
schema asks for a newer one. As with the first schema, the statements stand beside this and never change.
"""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what is new, move the hours, drop their old table."""
    dialect = op.get_bind().dialect.name
    text = Path(__file__).with_name(f"0002_{dialect}.sql").read_text(encoding="utf-8")
    for statement in text.split("\n--\n"):
        op.get_bind().exec_driver_sql(statement.strip())
