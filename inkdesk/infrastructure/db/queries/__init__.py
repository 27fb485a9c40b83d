"""The read side, on SQLAlchemy Core."""
