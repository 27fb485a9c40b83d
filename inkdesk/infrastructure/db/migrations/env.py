"""Alembic's entry: migrate on the connection (and in the transaction) that the program opened."""

from alembic import context

from inkdesk.infrastructure.db.tables.postgresql import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
