"""Once the settings are known, a question about free time is one statement, whatever is asked and of however many."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event
from support.book import TUESDAY, Book, a_booking, fill, put
from support.clock import StandingClock

from inkdesk.application.availability_service import AvailabilityService, search
from inkdesk.application.finder_service import FindCommand, FinderService
from inkdesk.application.picture import Picture
from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.artists import DateOverride, Leave
from inkdesk.domain.finder import Wish
from inkdesk.domain.hours import WallSpan
from inkdesk.domain.slot_rules import Limits
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.infrastructure.db.database import Database

DAY = timedelta(days=1)
Question = Callable[[Database, StandingClock, Book], object]


@pytest.fixture
def book(database: Database) -> Book:
    return fill(database)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database._engine, "before_cursor_execute", note)
    yield seen
    event.remove(database._engine, "before_cursor_execute", note)


def slots_of_one(database: Database, clock: StandingClock, book: Book) -> object:
    return AvailabilityService(database.read, clock).slots(
        book.ana.id, book.service.id, TUESDAY.date(), TUESDAY.date() + 28 * DAY
    )


def slots_in_a_chair(database: Database, clock: StandingClock, book: Book) -> object:
    return AvailabilityService(database.read, clock).slots(
        None, seated(database, book), TUESDAY.date(), TUESDAY.date() + 28 * DAY
    )


def a_free_start(database: Database, clock: StandingClock, book: Book) -> object:
    return AvailabilityService(database.read, clock).judge(book.ana.id, book.service.id, TUESDAY + DAY)


def anybody_s_free_start(database: Database, clock: StandingClock, book: Book) -> object:
    return AvailabilityService(database.read, clock).judge_any(book.service.id, TUESDAY)


def near_starts(database: Database, clock: StandingClock, book: Book) -> object:
    return AvailabilityService(database.read, clock).alternatives(None, book.service.id, TUESDAY)


def soon(database: Database, clock: StandingClock, book: Book) -> object:
    return FinderService(database.read, clock).find(FindCommand(service_id=book.service.id))


def near_a_time(database: Database, clock: StandingClock, book: Book) -> object:
    wish = Wish(near_s=to_seconds(TUESDAY + 40 * DAY))
    return FinderService(database.read, clock).find(FindCommand(service_id=book.service.id, wish=wish))


def a_taken_start(database: Database, clock: StandingClock, book: Book) -> object:
    return AvailabilityService(database.read, clock).judge(book.ana.id, book.service.id, TUESDAY)


ONE: list[Question] = [slots_of_one, slots_in_a_chair, a_free_start, anybody_s_free_start, near_starts, soon]


def seated(database: Database, book: Book) -> int:
    with database.read() as uow:
        return next(one.id for one in uow.catalogue.services() if one.id != book.service.id)


@pytest.fixture
def taken(database: Database, book: Book) -> Book:
    """Ana has a booking on Tuesday, and there is a service in a chair."""
    with database.write() as uow:
        put(uow, a_booking(book), book.ana)
        uow.catalogue.add_service(replace(book.service, id=0, name="In a chair", station_kind="chair"))
        uow.commit()
    return book


@pytest.mark.parametrize("question", ONE)
def test_one_statement(database: Database, clock: StandingClock, taken: Book, question: Question) -> None:
    anew = question(database, clock, taken)
    assert question(database, clock, taken) == anew
    with statements(database) as asked:
        assert question(database, clock, taken) == anew
    about_claims = [one for one in asked if "occupancy" in one]
    assert len(about_claims) == 1
    assert set(asked) - {"SELECT settings_stamp.stamp \nFROM settings_stamp"} == set(about_claims)


def test_a_time_far_ahead_is_read_in_two_pieces(database: Database, clock: StandingClock, taken: Book) -> None:
    anew = [near_a_time(database, clock, taken) for _ in range(2)]
    with statements(database) as asked:
        assert near_a_time(database, clock, taken) == anew[0] == anew[1]
    assert len(asked) == 2
    assert "settings_stamp" in asked[0]
    assert set(asked) == {asked[0]}


def test_who_is_in_the_way_is_of_the_same_picture(database: Database, clock: StandingClock, taken: Book) -> None:
    """A refusal names the booking, which takes more than one statement: they share a transaction."""
    anew = [a_taken_start(database, clock, taken) for _ in range(2)]
    with statements(database) as asked:
        assert a_taken_start(database, clock, taken) == anew[0] == anew[1]
    assert len(asked) > 2


def test_limits_are_read_in_the_same_transaction(database: Database, clock: StandingClock, taken: Book) -> None:
    with database.write() as uow:
        uow.artists.save(replace(taken.ana, limits=Limits(per_day=1)))
        uow.commit()
    anew = [slots_of_one(database, clock, taken) for _ in range(2)]
    with statements(database) as asked:
        assert slots_of_one(database, clock, taken) == anew[0] == anew[1]
    assert len([one for one in asked if "occupancy" in one and "settings_stamp" in one]) == 1, "no statement in vain"


def test_who_writes_sees_the_same_hours(database: Database, taken: Book) -> None:
    """What is remembered of hours, by whole years, is what a unit of work reads that remembers nothing."""
    within = Span(to_seconds(TUESDAY), to_seconds(TUESDAY) + 400 * 86400)
    edges = [TUESDAY + n * 61 * DAY for n in range(8)]
    with database.write() as uow:
        for at in edges:
            uow.artists.add_leave(Leave(artist_id=None, starts_at=at, ends_at=at + DAY))
            uow.artists.set_override(
                DateOverride(artist_id=taken.ana.id, on=at.date() + 5 * DAY, spans=(WallSpan(600, 660),))
            )
        uow.commit()
    pictures = [picture(database.read, taken, within) for _ in range(2)] + [picture(database.write, taken, within)]
    assert pictures[0] == pictures[1] == pictures[2]
    hours = pictures[0].times[taken.ana.id].hours
    assert {at.date() + 5 * DAY for at in edges if to_seconds(at) + 9 * 86400 < within.end_s} <= set(hours.overrides)
    assert {to_seconds(at) for at in edges} <= {span.start_s for span in hours.leave}


def test_hours_remembered_as_real_time_are_those_that_are_read(database: Database, taken: Book) -> None:
    """Week after week over more than a year, whichever parts of it are remembered."""
    with database.write() as uow:
        for n in range(80):
            on = TUESDAY.date() + 5 * n * DAY
            uow.artists.set_override(DateOverride(artist_id=taken.ana.id, on=on, spans=(WallSpan(600, 660 + n),)))
        uow.commit()
    for week in range(60):
        start_s = to_seconds(TUESDAY) + week * 7 * 86400
        within = Span(start_s, start_s + 28 * 86400)
        seen, stored = (picture(unit, taken, within) for unit in (database.read, database.write))
        teams = [(taken.ana,)]
        assert all(one.working for one in seen.times.values())
        times = {who: replace(time, working=None) for who, time in stored.times.items()}
        anew = search(replace(stored, times=times), teams, within, start_s)
        assert search(seen, teams, within, start_s) == anew != []


def picture(unit: Callable[[], UnitOfWork], book: Book, within: Span) -> Picture:
    with unit() as uow:
        return Picture.of(uow, uow.studio.get(), uow.artists.all(), book.service, within, within.start_s)
