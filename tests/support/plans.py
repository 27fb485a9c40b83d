"""What a database is asked, and how it is going to answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from inkdesk.infrastructure.db.database import Database

Statement = tuple[str, Any]


@contextmanager
def recorded(database: Database) -> Iterator[list[Statement]]:
    """The SELECT statements that run meanwhile."""
    seen: list[Statement] = []

    def record(_c: object, _cursor: object, statement: str, parameters: object, _x: object, _many: object) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, parameters))

    event.listen(database._engine, "before_cursor_execute", record)
    yield seen
    event.remove(database._engine, "before_cursor_execute", record)


def plan(database: Database, statement: str, parameters: Any) -> list[str]:  # noqa: ANN401 - as the driver takes them
    """How the engine is going to answer a statement."""
    explain = "EXPLAIN QUERY PLAN " if database.kind == "sqlite" else "EXPLAIN "
    with database._engine.connect() as connection:
        return [str(row[-1]) for row in connection.exec_driver_sql(explain + statement, parameters)]
