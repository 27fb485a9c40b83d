"""Column types that hide what the two engines store differently, and refuse what neither may hold."""

import json
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, BindParameter, Boolean, Date, DateTime, Dialect, Integer, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine
from typing_extensions import override

from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.spans import to_instant, to_seconds

DbId = BigInteger().with_variant(Integer(), "sqlite")
"""A primary or foreign key; SQLite's strict tables and row ids want the word INTEGER."""

_LARGEST = 2**63 - 1
_EARLIEST_S = int(datetime(1, 1, 2, tzinfo=UTC).timestamp())
_LATEST_S = int(datetime(9999, 12, 30, tzinfo=UTC).timestamp())


class Instant(TypeDecorator[datetime]):
    """An aware datetime, whole seconds, UTC: timestamptz on PostgreSQL, POSIX seconds on SQLite."""

    impl = DateTime
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _seconds_or_timestamp(dialect)

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else _store(to_seconds(value), dialect)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return to_instant(value) if dialect.name == "sqlite" else value.astimezone(UTC)


class Seconds(TypeDecorator[int]):
    """The same column as ``Instant``, seen from Python as POSIX seconds."""

    impl = DateTime
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _seconds_or_timestamp(dialect)

    @override
    def process_bind_param(self, value: int | None, dialect: Dialect) -> Any:
        return None if value is None else _store(value, dialect)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        if value is None:
            return None
        return int(value) if dialect.name == "sqlite" else int(value.timestamp())


def _seconds_or_timestamp(dialect: Dialect) -> TypeEngine[Any]:
    return Integer() if dialect.name == "sqlite" else DateTime(timezone=True)


def _store(seconds: int, dialect: Dialect) -> int | datetime:
    if dialect.name == "sqlite":
        return seconds
    return to_instant(min(max(seconds, _EARLIEST_S), _LATEST_S))


class Day(TypeDecorator[date]):
    """A calendar date without a zone: DATE on PostgreSQL, ISO text on SQLite."""

    impl = Date
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text() if dialect.name == "sqlite" else Date()

    @override
    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        return value.isoformat() if value is not None and dialect.name == "sqlite" else value

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


class Flag(TypeDecorator[bool]):
    """True or false: BOOLEAN on PostgreSQL, 1 or 0 on SQLite."""

    impl = Boolean
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Integer() if dialect.name == "sqlite" else Boolean()

    @override
    def process_bind_param(self, value: bool | None, dialect: Dialect) -> Any:
        return int(value) if value is not None and dialect.name == "sqlite" else value

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Whole(TypeDecorator[int]):
    """A 64-bit whole number (amounts in minor units, seconds of a span); a larger one is refused in words."""

    impl = BigInteger
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Integer() if dialect.name == "sqlite" else BigInteger()

    @override
    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        if value is not None and abs(value) > _LARGEST:
            raise ValidationError(message("A number is too large to be kept. Enter a smaller one."))
        return value


class Words(TypeDecorator[str]):
    """Text compared byte by byte on both engines; signs that no database text can hold are refused in words."""

    impl = Text
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text() if dialect.name == "sqlite" else Text(collation="C")

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None and ("\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value)):
            raise ValidationError(message("The text holds a sign that cannot be kept. Type it again without it."))
        return value


class span_texts(FunctionElement[str]):  # noqa: N801 - it is a function in SQL
    """All spans between two ``Instant`` columns of a group, as one text: a row for each costs more than the search.

    The text is every start, then every end, in POSIX seconds; both in one order, but in no particular one. It is null
    if there is none. ``pairs_of`` reads it.
    """

    type = Text()
    inherit_cache = True


def pairs_of(text: str | None) -> list[tuple[int, int]]:
    """The spans of a ``span_texts``, sorted."""
    edges = json.loads(f"[{text}]") if text else []
    count = len(edges) // 2
    return sorted(zip(edges[:count], edges[count:], strict=True))


@compiles(span_texts, "sqlite")
def _pairs_sqlite(element: span_texts, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - passed on
    start, end = (compiler.process(edge, **options) for edge in element.clauses)
    return f"group_concat({start}) || ',' || group_concat({end})"


@compiles(span_texts, "postgresql")
def _pairs_postgresql(element: span_texts, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - passed on
    start, end = (f"date_part('epoch', {compiler.process(edge, **options)})::bigint" for edge in element.clauses)
    return f"string_agg({start}::text, ',') || ',' || string_agg({end}::text, ',')"


class Ids(TypeDecorator[list[int]]):
    """Ids as one parameter, however many: an array on PostgreSQL, JSON on SQLite. Only sent."""

    impl = Text
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text() if dialect.name == "sqlite" else ARRAY(BigInteger)

    @override
    def process_bind_param(self, value: list[int] | None, dialect: Dialect) -> Any:
        return json.dumps(value) if dialect.name == "sqlite" else value


class each_of(FunctionElement[int]):  # noqa: N801 - it is a function in SQL
    """A row for each of some ``Ids``."""

    type = Integer()
    inherit_cache = True


@compiles(each_of, "sqlite")
def _each_sqlite(element: each_of, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - passed on
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(each_of, "postgresql")
def _each_postgresql(element: each_of, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - passed on
    return f"unnest({compiler.process(element.clauses, **options)})"


def at_seconds(seconds: int) -> BindParameter[int]:
    """POSIX seconds as a parameter to compare an ``Instant`` column with."""
    return literal(seconds, Seconds())


YES: BindParameter[bool] = literal(True, Flag())  # noqa: FBT003 - SQL's own true
"""What a ``Flag`` column is compared with."""
