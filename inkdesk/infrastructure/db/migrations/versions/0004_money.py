"""Money: what payments are for and what they net, refunds as they were asked, disputes, accounts, the poller's lease.

Requests that Stripe has answered and links that nobody can pay any more are blanked: they name clients' addresses.
Programs before this cannot read the new kinds of ledger lines, so the schema asks for a newer one. As with the first
schema, the statements stand beside this and never change.
"""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add what is new, blank what is not needed any more."""
    dialect = op.get_bind().dialect.name
    text = Path(__file__).with_name(f"0004_{dialect}.sql").read_text(encoding="utf-8")
    for statement in text.split("\n--\n"):
        op.get_bind().exec_driver_sql(statement.strip())
