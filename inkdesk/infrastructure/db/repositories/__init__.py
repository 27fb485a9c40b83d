"""The repositories of one unit of work, on SQLAlchemy Core."""
