"""Writes ``inkdesk/infrastructure/db/frozen_statements.py``: the SQLite text of what the first week asks.

``python tests/tools/frozen_statements.py`` after a change of ``SqlBookQueries.calendar`` or of the schema; a test
compares. The queries are run on a small book with values that occur nowhere else, and caught on their way.
"""

import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from textwrap import wrap
from typing import Any

from sqlalchemy import Select, event, select
from sqlalchemy.dialects import sqlite

from inkdesk.application.ports import Clock
from inkdesk.infrastructure.db import frozen_statements, schema
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.database import Database, writes_so_far
from inkdesk.infrastructure.db.repositories.artists import long_span, whole_years
from inkdesk.infrastructure.db.rows import OVERRIDE_MARGIN
from inkdesk.infrastructure.db.types import Day, Flag, Instant
from inkdesk.infrastructure.system_clock import SystemClock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.book import NINE_TO_FIVE, a_studio

from inkdesk.domain.artists import Artist
from inkdesk.domain.hours import every_week
from inkdesk.domain.spans import Span

TARGET = Path(frozen_statements.__file__)
NAMES = (
    *("settings_stamp", "studio", "cards", "further_artists", "groups", "group_units", "group_seats"),
    *("artists", "plan_hours", "styles", "overrides", "leaves"),
)
"""The queries of ``SqlBookQueries.calendar`` in their order."""
NOT_ASKED = "settings_stamp"
"""The first look is one question: there is nothing to remember for the next."""
KINDS = {Instant: "instant", Day: "day", Flag: "flag"}
FIRST, LAST = date(2026, 11, 23), date(2026, 11, 29)
STUDIO_ID = 770077


def frozen(folder: Path, clock: Clock) -> str:
    """The module's whole text; ``folder`` is for a small book."""
    caught = _caught(folder, clock)
    if len(caught) != len(NAMES):
        raise RuntimeError(f"the calendar asks {len(caught)} questions, and {len(NAMES)} have a name")
    statements = {**dict(zip(NAMES, caught, strict=True)), "data_version": writes_so_far()}
    del statements[NOT_ASKED]
    lines = [
        '"""What the first week asks, as SQLite is asked it. Written by tests/tools/frozen_statements.py."""\n',
        "from collections.abc import Mapping",
        "from typing import Final\n",
        f'REVISION: Final = "{schema.REVISIONS[-1]}"',
        f"CLIENT_VERSION: Final = {schema.CLIENT_VERSION}",
        f"LONGEST_BOOKING_S: Final = {t.LONGEST_BOOKING_S}",
        "STATEMENTS: Final[Mapping[str, tuple[str, tuple[tuple[str, str], ...]]]] = {",
        *(_entry(name, statement) for name, statement in statements.items()),
        "}",
        '"""Text, and name and kind of each column, by name."""\n',
    ]
    return "\n".join(lines)


def _caught(folder: Path, clock: Clock) -> list[Select[Any]]:
    database = Database.open(f"sqlite:///{folder / 'frozen.db'}", who="", clock=clock)
    engine = database._engine
    studio = a_studio("UTC")
    with database.write() as uow:
        uow.studio.add(studio)
        uow.commit()
    with engine.connect() as connection, connection.begin():
        stored = dict(connection.execute(select(t.studio)).one()._mapping)
        connection.execute(t.write_count.delete())
        connection.execute(t.studio.delete())
        connection.execute(t.studio.insert().values({**stored, "id": STUDIO_ID}))
        connection.execute(t.write_count.insert().values(studio_id=STUDIO_ID, writes=0))
    with database.write() as uow:
        uow.artists.add(Artist(name="Ana", plans=every_week(NINE_TO_FIVE)))
        uow.commit()
    caught: list[Select[Any]] = []

    def catch(_connection: object, statement: object, _many: object, values: dict[str, Any], _options: object) -> None:
        if isinstance(statement, Select):
            caught.append(statement.params(values))

    event.listen(engine, "before_execute", catch)
    database.queries.calendar(FIRST, LAST)
    database.close()
    return caught


def _meanings() -> Mapping[object, str]:
    start_s, end_s = (
        int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) for day in (FIRST, LAST + timedelta(days=1))
    )
    years, long = whole_years(FIRST - OVERRIDE_MARGIN, LAST + OVERRIDE_MARGIN), long_span(Span(start_s, end_s))
    return {
        STUDIO_ID: ":studio_id",
        start_s: ":start_s",
        end_s: ":end_s",
        start_s - t.LONGEST_BOOKING_S: ":reach_s",
        end_s + t.LONGEST_BOOKING_S: ":far_s",
        **dict(zip(long, (":start_s", ":end_s"), strict=True)),
        **dict(zip(years, (":first_on", ":last_on"), strict=True)),
    }


def _entry(name: str, statement: Select[Any]) -> str:
    compiled = statement.compile(dialect=sqlite.dialect(paramstyle="named"))
    text = str(compiled)
    for parameter, value in sorted(compiled.params.items(), key=lambda one: -len(one[0])):
        meaning = _meaning(value)
        text = text.replace(f"(__[POSTCOMPILE_{parameter}])", f"({meaning})").replace(f":{parameter}", meaning)
    lines = [part for line in text.splitlines() for part in wrap(line, 104, break_on_hyphens=False)]
    columns = [f'("{column.name}", "{_kind(column.type)}"),' for column in statement.selected_columns]
    body = columns[0] if len(columns) == 1 else "\n            ".join(["", *columns]) + "\n        "
    shown = "\n".join(lines)
    return f'    "{name}": (\n        """\n{shown}\n        """,\n        ({body}),\n    ),'


def _meaning(value: object) -> str:
    if isinstance(value, list):
        is_constant = all(isinstance(one, str) for one in value)
        return ", ".join(f"'{one}'" for one in sorted(value)) if is_constant else "{artist_ids}"
    if isinstance(value, str):
        return f"'{value}'"
    return _meanings().get(value) or str(int(value))  # type: ignore[call-overload]


def _kind(type_: object) -> str:
    return next((kind for known, kind in KINDS.items() if isinstance(type_, known)), "plain")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        TARGET.write_text(frozen(Path(name), SystemClock()), encoding="utf-8")
