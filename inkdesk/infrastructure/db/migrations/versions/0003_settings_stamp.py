"""The settings' stamp: what was read of the settings may be kept for as long as it stands.

Triggers (see ``guards``) change it with every setting, whichever program writes, so older programs may go on.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

_STATEMENTS = {
    "sqlite": (
        "CREATE TABLE settings_stamp ("
        " only_row INTEGER NOT NULL, stamp TEXT NOT NULL,"
        " CONSTRAINT pk_settings_stamp PRIMARY KEY (only_row),"
        " CONSTRAINT ck_settings_stamp_only_row CHECK (only_row = 1)) STRICT",
        "INSERT INTO settings_stamp (only_row, stamp) VALUES (1, hex(randomblob(16)))",
    ),
    "postgresql": (
        "CREATE TABLE settings_stamp ("
        ' only_row BIGSERIAL NOT NULL, stamp TEXT COLLATE "C" NOT NULL,'
        " CONSTRAINT pk_settings_stamp PRIMARY KEY (only_row),"
        " CONSTRAINT ck_settings_stamp_only_row CHECK (only_row = 1))",
        "INSERT INTO settings_stamp (only_row, stamp) VALUES (1, gen_random_uuid()::text)",
    ),
}


def upgrade() -> None:
    """Add the table with its only row."""
    for statement in _STATEMENTS[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)
