"""The schema's history, run by Alembic inside the program."""
