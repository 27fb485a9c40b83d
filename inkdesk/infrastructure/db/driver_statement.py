"""A query that is asked so often that making, typing and naming it each time would cost more than the answer."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.dialects import sqlite

Row = Sequence[Any]


class _Text(NamedTuple):
    """What one engine's driver is asked: parameters nobody gives, and how the others become the driver's values."""

    statement: str
    given: dict[str, Any]
    processors: Mapping[str, Callable[[Any], Any]]


class DriverStatement:
    """A query as the driver is asked it, its text made once for each engine; answers are the driver's own values.

    A text that stays the same is prepared once by the driver, too: numbers of parameters may not change it.
    """

    def __init__(self, query: Select[Any]) -> None:
        self._text = cache(lambda engine_name: _text(query, _DIALECTS[engine_name]()))

    def rows(self, connection: Connection, values: Mapping[str, object]) -> Sequence[Row]:
        """All rows within the connection's transaction, with the values of the query's named parameters."""
        statement, parameters = self._asked(connection, values)
        return connection.exec_driver_sql(statement, parameters).all()

    def rows_alone(self, connection: Connection, values: Mapping[str, object]) -> Sequence[Row]:
        """The same without a transaction, as fast as the driver, whose errors are not translated.

        Who listens to what the engine is asked hears of it as of every statement.
        """
        statement, parameters = self._asked(connection, values)
        cursor = connection.connection.cursor()
        for heard in connection.dispatch.before_cursor_execute:
            heard(connection, cursor, statement, parameters, None, False)  # noqa: FBT003 - as SQLAlchemy calls it
        cursor.execute(statement, parameters)
        found = cursor.fetchall()
        cursor.close()
        return found

    def _asked(self, connection: Connection, values: Mapping[str, object]) -> tuple[str, dict[str, Any]]:
        text = self._text(connection.dialect.name)
        return text.statement, text.given | {name: text.processors[name](value) for name, value in values.items()}


def _postgresql() -> Dialect:
    from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg  # noqa: PLC0415 - see tables/postgresql.py

    return PGDialect_psycopg()  # type: ignore[no-untyped-call]


_DIALECTS: Mapping[str, Callable[[], Dialect]] = {
    "sqlite": lambda: sqlite.dialect(paramstyle="named"),
    "postgresql": _postgresql,
}


def _text(query: Select[Any], dialect: Dialect) -> _Text:
    compiled = query.compile(dialect=dialect)
    types = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
    processors = {name: one.bind_processor(dialect) or _as_it_is for name, one in types.items()}
    return _Text(str(compiled), dict(compiled.params), processors)


def _as_it_is(value: object) -> object:
    return value
