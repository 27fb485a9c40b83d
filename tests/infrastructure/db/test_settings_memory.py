"""What is remembered of the settings is what stands in the database, whoever changed it and however."""

import random
import re
import shutil
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

import pytest
from sqlalchemy import event, text
from support.book import NINE_TO_FIVE, TUESDAY, Book, fill
from support.clock import StandingClock
from support.race import at_once

from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.artists import Artist, DateOverride, Leave
from inkdesk.domain.catalogue import Station
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.hours import WallSpan, every_week
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.infrastructure.db import guards
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.session import Session
from inkdesk.infrastructure.db.settings_memory import MOST
from inkdesk.infrastructure.db.tables import METADATA

T = TypeVar("T")
THIS_WEEK = Span(to_seconds(TUESDAY), to_seconds(TUESDAY) + 7 * 86400)
DAY = TUESDAY.date()


def settings(uow: UnitOfWork) -> dict[str, object]:
    """All that may be remembered."""
    everybody = uow.artists.all(with_inactive=True)
    ids = [one.id for one in everybody]
    return {
        "studio": uow.studio.get(),
        "everybody": everybody,
        "artists": uow.artists.all(),
        "artist": [uow.artists.get(one) for one in ids],
        "overrides": uow.artists.overrides(ids, DAY, DAY + timedelta(days=40)),
        "leaves": uow.artists.leaves(THIS_WEEK),
        "services": uow.catalogue.services(with_inactive=True),
        "active": uow.catalogue.services(),
        "service": uow.catalogue.service(1),
        "stations": uow.catalogue.stations(with_inactive=True),
        "units": uow.catalogue.stations(),
    }


def remembered(database: Database) -> dict[str, object]:
    with database.read() as uow:
        return settings(uow)


def stored(database: Database) -> dict[str, object]:
    """The same, read anew: a unit of work that writes remembers nothing."""
    with database.write() as uow:
        return settings(uow)


def reopened(database: Database, clock: StandingClock) -> Database:
    url = str(database._engine.url.render_as_string(hide_password=False))
    return Database.open(url, who="Desk 2", clock=clock)


@pytest.fixture
def other(database: Database, book: Book, clock: StandingClock) -> Iterator[Database]:
    """Another desk at the same book."""
    desk = reopened(database, clock)
    yield desk
    desk.close()


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database._engine, "before_cursor_execute", note)
    yield seen
    event.remove(database._engine, "before_cursor_execute", note)


def test_a_second_look_asks_for_the_stamp_alone(database: Database, book: Book) -> None:
    first = remembered(database)
    with statements(database) as seen:
        assert remembered(database) == first
    assert [one.split("\n")[1] for one in seen if "SELECT" in one] == ["FROM settings_stamp"]


def test_nothing_is_remembered_that_has_no_stamp(
    database: Database, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever table is read for the memory has triggers that change the stamp."""
    really, within = Session.remembered, [0]
    seen: set[str] = set()

    def watched(self: Session, asked: Hashable, read: Callable[[], T]) -> T:
        def noted() -> T:
            within[0] += 1
            try:
                return read()
            finally:
                within[0] -= 1

        return really(self, asked, noted)

    def note(_connection: object, _cursor: object, statement: str, *_rest: Any) -> None:  # noqa: ANN401
        if within[0]:
            seen.update(set(re.findall(r"\w+", statement)) & set(METADATA.tables))

    monkeypatch.setattr(Session, "remembered", watched)
    event.listen(database._engine, "before_cursor_execute", note)
    remembered(database)
    database.queries.calendar(DAY, DAY)
    assert seen == set(guards._SETTINGS)


def test_dates_without_end_are_not_all_remembered(database: Database, book: Book) -> None:
    """Whoever turns page after page finds everything right, and fills no memory."""
    asked = [THIS_WEEK.start_s + n * 400 * 86400 for n in range(2 * MOST)]
    with database.read() as uow:
        found = [uow.remembered(("begins", at), lambda at=at: at) for at in [*asked, *asked]]  # type: ignore[misc]
        assert uow.studio.get().name == book.studio.name
    assert found == [*asked, *asked]
    assert 0 < len(database._memory.latest[1]) <= MOST


def test_every_change_is_seen_at_the_next_look(database: Database, other: Database, book: Book) -> None:
    """Two desks change settings in turn, in every way there is; both always know what is stored."""
    on = random.Random(3)
    for number in range(60):
        desk = on.choice([database, other])
        with desk.write() as uow:
            change(uow, on, book, number)
            if on.random() < 0.8:
                uow.commit()
        known = stored(database)
        assert remembered(database) == known
        assert remembered(other) == known


def change(uow: UnitOfWork, on: random.Random, book: Book, number: int) -> None:
    on.choice(CHANGES)(uow, on, uow.artists.get(on.choice([book.ana.id, book.bo.id])), number)


def of_studio(uow: UnitOfWork, _on: random.Random, _artist: Artist, number: int) -> None:
    uow.studio.save(replace(uow.studio.get(), slot_step_s=300 * (number + 1)))


def of_plan(uow: UnitOfWork, _on: random.Random, artist: Artist, number: int) -> None:
    uow.artists.save(replace(artist, plans=every_week(((WallSpan(number, 900),),) * 7)))


def of_artist(uow: UnitOfWork, on: random.Random, artist: Artist, number: int) -> None:
    uow.artists.save(replace(artist, styles=(f"style {number}",), is_active=on.random() < 0.7))


def of_date(uow: UnitOfWork, on: random.Random, artist: Artist, number: int) -> None:
    day = DAY + timedelta(days=on.randrange(5))
    if on.random() < 0.6:
        uow.artists.set_override(DateOverride(artist_id=artist.id, on=day, spans=(WallSpan(number, 700),)))
    else:
        uow.artists.clear_override(artist.id, day)


def of_leave(uow: UnitOfWork, on: random.Random, artist: Artist, _number: int) -> None:
    starts_at = TUESDAY + timedelta(days=on.randrange(9))
    for leave in uow.artists.leaves(THIS_WEEK)[:1]:
        uow.artists.remove_leave(leave.id)
    who = on.choice([artist.id, None])
    uow.artists.add_leave(Leave(artist_id=who, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)))


def of_service(uow: UnitOfWork, _on: random.Random, artist: Artist, number: int) -> None:
    uow.catalogue.save_service(replace(uow.catalogue.service(1), name=f"Piece {number}", artist_ids=(artist.id,)))


def of_rooms(uow: UnitOfWork, _on: random.Random, _artist: Artist, number: int) -> None:
    uow.catalogue.add_station(Station(name=f"Room {number}", kind="room"), 1)
    uow.artists.add(Artist(name=f"Guest {number}", plans=every_week(NINE_TO_FIVE)))


CHANGES = (of_studio, of_plan, of_artist, of_date, of_leave, of_service, of_rooms)


@pytest.mark.parametrize("table", guards._SETTINGS)
def test_a_change_by_hand_changes_the_stamp(database: Database, book: Book, table: str) -> None:
    with database.write() as uow:
        uow.artists.set_override(DateOverride(artist_id=book.ana.id, on=DAY, spans=(WallSpan(0, 60),)))
        uow.artists.add_leave(Leave(artist_id=None, starts_at=TUESDAY, ends_at=TUESDAY + timedelta(hours=1)))
        uow.artists.save(replace(book.ana, styles=("irezumi",)))
        uow.catalogue.save_service(replace(book.service, artist_ids=(book.ana.id,)))
        uow.commit()
    column = next(iter(METADATA.tables[table].columns)).name
    with database._engine.connect() as connection:
        before = connection.execute(text("SELECT stamp FROM settings_stamp")).scalar_one()
        connection.rollback()
        changed = connection.execute(text(f'UPDATE "{table}" SET {column} = {column}')).rowcount
        connection.commit()
        after = connection.execute(text("SELECT stamp FROM settings_stamp")).scalar_one()
        connection.rollback()
    assert changed > 0
    assert before != after


def test_a_booking_leaves_the_stamp(database: Database, book: Book) -> None:
    before = stamp(database)
    with database.write() as uow:
        uow.clients.add(replace(book.client, id=0, name="Ida"))
        uow.commit()
    assert stamp(database) == before


def stamp(database: Database) -> str:
    with database._engine.connect() as connection:
        return str(connection.execute(text("SELECT stamp FROM settings_stamp")).scalar_one())


def test_a_restored_copy_is_not_taken_for_what_it_replaced(tmp_path: Path, clock: StandingClock) -> None:
    """The same number of changes, other ones: a count would lie here."""
    file = tmp_path / "studio.db"
    database = Database.open(f"sqlite:///{file}", who="Desk", clock=clock)
    book = fill(database)
    database.close()
    shutil.copy(file, tmp_path / "backup.db")
    database = Database.open(f"sqlite:///{file}", who="Desk", clock=clock)
    rename(database, book, "Before")
    assert names(database) == ["Before", "Bo"]
    memory = database._memory
    database.close()
    shutil.copy(tmp_path / "backup.db", file)
    database = Database.open(f"sqlite:///{file}", who="Desk", clock=clock)
    database._memory = memory
    rename(database, book, "After")
    assert names(database) == ["After", "Bo"]
    database.close()


def rename(database: Database, book: Book, name: str) -> None:
    with database.write() as uow:
        uow.artists.save(replace(book.ana, name=name))
        uow.commit()


def names(database: Database) -> list[str]:
    with database.read() as uow:
        return [one.name for one in uow.artists.all()]


def test_what_is_missing_is_not_remembered_as_missing(database: Database, other: Database, book: Book) -> None:
    with database.read() as uow, pytest.raises(ValidationError):
        uow.artists.get(book.bo.id + 1)
    with other.write() as uow:
        added = uow.artists.add(Artist(name="Cleo", plans=every_week(NINE_TO_FIVE)))
        uow.commit()
    with database.read() as uow:
        assert uow.artists.get(book.bo.id + 1) == added


def test_an_answer_may_be_changed_by_who_got_it(database: Database, book: Book) -> None:
    with database.read() as uow:
        for found in (uow.artists.all(), uow.catalogue.services(), uow.catalogue.stations()):
            found.clear()
        assert (uow.artists.all(), uow.catalogue.services()) == ([book.ana, book.bo], [book.service])
        assert uow.catalogue.stations() == [book.station]


def test_leave_over_the_end_of_a_year(database: Database, book: Book) -> None:
    """Leave is read by long spans; what crosses their edges is found from both sides, once."""
    year_s = 366 * 86400
    edge = datetime.fromtimestamp((to_seconds(TUESDAY) // year_s + 1) * year_s, UTC)
    hour = timedelta(hours=1)
    with database.write() as uow:
        across = uow.artists.add_leave(Leave(artist_id=book.ana.id, starts_at=edge - hour, ends_at=edge + hour))
        uow.commit()
    edge_s = to_seconds(edge)
    with database.read() as uow:
        assert uow.artists.leaves(Span(edge_s - 60, edge_s)) == [across]
        assert uow.artists.leaves(Span(edge_s, edge_s + 60)) == [across]
        assert uow.artists.leaves(Span(edge_s - 60, edge_s + 60)) == [across]
        assert uow.artists.leaves(Span(edge_s + 3600, edge_s + 3660)) == []
        assert uow.artists.overrides([book.ana.id], date(2026, 12, 31), date(2027, 1, 1)) == []


def test_readers_beside_writers_see_what_is_stored(database: Database, book: Book) -> None:
    """Every look has its own picture: what it remembers and what it reads itself agree at every moment."""

    def work(number: int, barrier: Barrier) -> bool:
        barrier.wait()
        if number == 0:
            for turn in range(25):
                with database.write() as uow:
                    uow.artists.save(replace(uow.artists.get(book.ana.id), name=f"Ana {turn}"))
                    uow.commit()
            return True
        return all(sees_what_stands(database) for _ in range(60))

    assert at_once(4, work) == [True] * 4


def sees_what_stands(database: Database) -> bool:
    with database.read() as uow:
        known = [one.name for one in uow.artists.all()]
        found: list[str] = uow._connection.execute(text("SELECT name FROM artist ORDER BY id")).scalars().all()  # type: ignore[attr-defined]
        return known == found
