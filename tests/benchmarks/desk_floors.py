"""The floors that the desk is measured against: the driver alone, without a layer over it."""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
from benchmarks.big_studio import BigStudio
from sqlalchemy import make_url

from inkdesk.infrastructure.db.driver import sqlite_module

_YEARS_S = 20 * 365 * 86400
_PARTS = ("occupancy", "booking_history", "payment", "ledger_entry")
_INSTANTS = ("starts_at", "ends_at", "occupied_from", "occupied_until")


class RawBook:
    """One connection of the driver, set like the program's own."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self.is_sqlite = address.drivername.startswith("sqlite")
        self._connection: Any
        if self.is_sqlite:
            self._connection = sqlite_module().connect(address.database, isolation_level=None)
            for pragma in ("synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
                self._connection.execute(f"PRAGMA {pragma}")
        else:
            plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
            self._connection = psycopg.connect(plain, autocommit=True)

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a query with ``?`` marks."""
        found: list[tuple[Any, ...]] = self._connection.execute(self._marked(query), values).fetchall()
        return found

    def seconds(self, column: str) -> str:
        """An instant's column as POSIX seconds."""
        return column if self.is_sqlite else f"extract(epoch FROM {column})::bigint"

    def instant(self, seconds: int) -> object:
        """POSIX seconds as the driver wants an instant."""
        return seconds if self.is_sqlite else datetime.fromtimestamp(seconds, UTC)

    def stored_with(self, booking_id: int) -> list[tuple[str, dict[str, Any]]]:
        """Every row that belongs to one booking, with its table, in an order in which they can be inserted."""
        rows = [("booking", row) for row in self._dicts("booking", "id", booking_id)]
        return rows + [(table, row) for table in _PARTS for row in self._dicts(table, "booking_id", booking_id)]

    def write_copy(self, rows: list[tuple[str, dict[str, Any]]]) -> None:
        """Insert such rows a second time, years later, in one transaction."""
        self._connection.execute("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
        new_ids: dict[str, int] = {}
        for table, row in rows:
            new_ids[table] = self._insert(table, self._moved(row, new_ids))
        self._connection.execute("UPDATE write_count SET writes = writes + 1")
        self._connection.execute("COMMIT")

    def _dicts(self, table: str, column: str, value: int) -> list[dict[str, Any]]:
        found = self._connection.execute(self._marked(f"SELECT * FROM {table} WHERE {column} = ?"), (value,))
        names = [one[0] for one in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _moved(self, row: dict[str, Any], new_ids: dict[str, int]) -> dict[str, Any]:
        later = _YEARS_S if self.is_sqlite else timedelta(seconds=_YEARS_S)
        moved = {name: value for name, value in row.items() if name != "id"}
        moved |= {name: row[name] + later for name in _INSTANTS if name in row}
        moved |= {name: f"{row[name]}-copy" for name in ("request_key", "idempotency_key", "fact_key") if name in row}
        references = {"booking_id": "booking", "payment_id": "payment"}
        return moved | {key: new_ids[table] for key, table in references.items() if moved.get(key) is not None}

    def _insert(self, table: str, row: dict[str, Any]) -> int:
        marks = ", ".join("?" * len(row))
        statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks}) RETURNING id"
        return int(self._connection.execute(self._marked(statement), tuple(row.values())).fetchone()[0])

    def _marked(self, statement: str) -> str:
        return statement if self.is_sqlite else statement.replace("?", "%s")


def raw_slots(raw: RawBook, big: BigStudio, first: date, last: date) -> list[tuple[int, int]]:
    """Start and artist of every free slot: hours, leaves and bookings by one query each, then one sweep."""
    zone = big.studio.zone_info
    midnights = [
        datetime(day.year, day.month, day.day, tzinfo=zone)
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    ]
    days = [(midnight.weekday(), int(midnight.timestamp())) for midnight in midnights]
    start, end = raw.instant(days[0][1] - 3 * 86400), raw.instant(days[-1][1] + 3 * 86400)
    hours = raw.rows(
        "SELECT artist_id, weekday, start_min, end_min FROM weekly_plan JOIN plan_hours ON plan_id = weekly_plan.id"
    )
    span = f"{raw.seconds('starts_at')}, {raw.seconds('ends_at')}"
    leaves = raw.rows(f"SELECT artist_id, {span} FROM leave WHERE starts_at < ? AND ends_at > ?", end, start)
    claims = raw.rows(
        f"SELECT resource_id, {span} FROM occupancy WHERE blocks AND starts_at < ? AND starts_at > ?"
        " AND resource_id <= ? ORDER BY resource_id, starts_at",
        end,
        start,
        max(artist.resource_id for artist in big.artists),
    )
    found: list[tuple[int, int]] = []
    for artist in big.artists:
        open_spans = [
            (midnight + from_min * 60, midnight + to_min * 60)
            for who, weekday, from_min, to_min in hours
            for day, midnight in days
            if who == artist.id and weekday == day
        ]
        busy = [(begin, stop) for resource, begin, stop in claims if resource == artist.resource_id]
        away = [(begin, stop) for who, begin, stop in leaves if who in {None, artist.id}]
        found += [(one, artist.id) for one in _sweep(open_spans, busy, away, big)]
    return sorted(found)


def _sweep(
    open_spans: list[tuple[int, int]], busy: list[tuple[int, int]], away: list[tuple[int, int]], big: BigStudio
) -> list[int]:
    """The starts on the grid of one artist's open spans that meet no claim and no leave."""
    prep_s, sitting_s, clean_up_s = big.plain.sitting
    begins = [begin for begin, _ in busy]
    found = []
    for opens, closes in open_spans:
        for start in range(opens, closes - sitting_s + 1, big.studio.slot_step_s):
            before = bisect_left(begins, start + sitting_s + clean_up_s)
            is_busy = before > 0 and busy[before - 1][1] > start - prep_s
            if not is_busy and not any(start < back and start + sitting_s > gone for gone, back in away):
                found.append(start)
    return found
