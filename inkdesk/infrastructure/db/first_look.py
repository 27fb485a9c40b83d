"""The studio and its first week, read from an up-to-date SQLite file by the driver alone.

Loading SQLAlchemy takes longer than everything else before the first week, so this does without. The statements are
not written here: ``frozen_statements`` holds the text of the very ones that ``SqlBookQueries.calendar`` runs, and
the rows become cards by the same functions. Whatever is unusual about a file is left to ``Database``.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from inkdesk.application.calendar import CalendarRange
from inkdesk.domain.spans import to_instant
from inkdesk.domain.studio import Studio
from inkdesk.infrastructure.db.driver import sqlite_module
from inkdesk.infrastructure.db.frozen_statements import CLIENT_VERSION, LONGEST_BOOKING_S, REVISION, STATEMENTS
from inkdesk.infrastructure.db.guards import SQLITE_TRIGGERS, SQLITE_TRIGGERS_QUERY
from inkdesk.infrastructure.db.queries.wall_hours import wall_hours
from inkdesk.infrastructure.db.rows import (
    OVERRIDE_MARGIN,
    instants,
    shown_artists,
    to_artists,
    to_cards,
    to_groups,
    to_leave,
    to_overrides,
    to_studio,
)

_PATIENCE_S: Final = 0.25
"""A file that is locked for longer is waited for in sight of the person."""
_FROM_TEXT: Final[Mapping[str, Callable[[Any], object]]] = {
    "instant": to_instant,
    "day": date.fromisoformat,
    "flag": bool,
}
"""How a kind of column is read back; every other kind is what SQLite gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLook:
    """A file of this program's own version with all guards in place. ``data_version`` is ``Database``'s."""

    file: Path
    studio: Studio
    data_version: int

    def calendar(self, first: date, last: date) -> CalendarRange | None:
        """What ``BookQueries.calendar`` answers; None if the file cannot be read now."""
        try:
            with _reading(self.file) as read:
                return _calendar(read, self.studio, first, last)
        except sqlite_module().Error:
            return None


def look(file: Path) -> FirstLook | None:
    """Look at a studio's file; None if it is missing, locked, damaged, of another version, or not whole."""
    if not file.is_file():
        return None
    try:
        with _reading(file) as read:
            return _look(read, file)
    except sqlite_module().Error:
        return None


class _Read:
    """Runs frozen statements on one connection."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - two modules have this class
        self._connection = connection

    def plain(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of a statement without parameters."""
        found: list[tuple[Any, ...]] = self._connection.execute(statement).fetchall()
        return found

    def rows(self, name: str, artist_ids: list[int] | None = None, /, **values: object) -> list[SimpleNamespace]:
        """The rows of a frozen statement; ``artist_ids`` is the list that it looks for."""
        text, columns = STATEMENTS[name]
        statement = text.replace("{artist_ids}", ", ".join(str(int(one)) for one in artist_ids or ()))
        names = [column for column, _ in columns]
        reads = [(at, _FROM_TEXT[kind]) for at, (_, kind) in enumerate(columns) if kind in _FROM_TEXT]
        return [_row(names, reads, row) for row in self._connection.execute(statement, values)]


def _row(
    names: list[str], reads: list[tuple[int, Callable[[Any], object]]], stored: tuple[object, ...]
) -> SimpleNamespace:
    values = list(stored)
    for at, read in reads:
        values[at] = None if values[at] is None else read(values[at])
    return SimpleNamespace(**dict(zip(names, values, strict=True)))


@contextmanager
def _reading(file: Path) -> Iterator[_Read]:
    """One consistent picture of the file, which nothing here can change."""
    address = f"{file.absolute().as_uri()}?mode=ro"
    connect = sqlite_module().connect
    with closing(connect(address, uri=True, isolation_level=None, timeout=_PATIENCE_S)) as connection:
        for pragma in ("query_only=1", "trusted_schema=0", "cell_size_check=1"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute("BEGIN DEFERRED")
        yield _Read(connection)


def _look(read: _Read, file: Path) -> FirstLook | None:
    revisions = read.plain("SELECT version_num FROM alembic_version")
    clients = read.plain("SELECT min_client_version FROM schema_info")
    guards = dict(read.plain(SQLITE_TRIGGERS_QUERY))
    if revisions != [(REVISION,)] or len(clients) != 1 or clients[0][0] > CLIENT_VERSION:
        return None
    if any(guards.get(name) != text for name, text in SQLITE_TRIGGERS.items()):
        return None
    studios = read.rows("studio")
    if not studios:
        return None
    return FirstLook(file=file, studio=to_studio(studios[0]), data_version=read.rows("data_version")[0].writes)


def _calendar(read: _Read, studio: Studio, first: date, last: date) -> CalendarRange:
    within = instants(studio.zone_info, first, last)
    span = {"start_s": within.start_s, "end_s": within.end_s}
    reach = {"studio_id": studio.id, "reach_s": within.start_s - LONGEST_BOOKING_S, **span}
    cards = to_cards(read.rows("cards", **reach), read.rows("further_artists", **reach))
    wide = {**reach, "far_s": within.end_s + LONGEST_BOOKING_S}
    groups = to_groups(*(read.rows(name, **wide) for name in ("groups", "group_units", "group_seats")))
    artist_rows = read.rows("artists", studio_id=studio.id)
    ids = [row.id for row in artist_rows]
    artists = to_artists(artist_rows, read.rows("plan_hours", ids), read.rows("styles", ids))
    shown = shown_artists(artists, cards, groups)
    days = {"first_on": (first - OVERRIDE_MARGIN).isoformat(), "last_on": (last + OVERRIDE_MARGIN).isoformat()}
    overrides = to_overrides(read.rows("overrides", [one.id for one in shown], **days))
    return CalendarRange(
        zone=studio.zone,
        first=first,
        last=last,
        artists=shown,
        cards=cards,
        hours=wall_hours(shown, overrides, studio.zone_info, first, last),
        leaves=[to_leave(row) for row in read.rows("leaves", studio_id=studio.id, **span)],
        groups=groups,
    )
