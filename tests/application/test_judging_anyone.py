"""A start judged for anyone: the answer of asking artist by artist, in one reading of the book."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import event
from support.book import NINE_TO_FIVE, TUESDAY, Book, a_booking, fill, put
from support.clock import StandingClock
from support.random_desk import Question, RandomDesk

from inkdesk.application.availability_service import AvailabilityService, Judgement
from inkdesk.domain.artists import Artist, Leave
from inkdesk.domain.bookings import Booking
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.hours import every_week
from inkdesk.domain.slot_rules import Alignment
from inkdesk.infrastructure.db.database import Database

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOCK, WINDOW, ROUND = Alignment
SEEDS = [(0, CLOCK), (1, WINDOW), (2, ROUND), (3, CLOCK), (4, WINDOW), (6, CLOCK), (7, ROUND), (13, CLOCK)]


def artist_by_artist(desk: RandomDesk, question: Question, starts_at: datetime) -> tuple[int, list[str], bool]:
    """The same, one question for each artist: who, what is said, and whether it is free."""
    others = question.with_artist_ids
    answers: list[Judgement] = []
    for artist in desk.artists:
        if artist.id in others:
            continue
        judged = desk.availability.judge(artist.id, question.service.id, starts_at, with_artist_ids=others)
        if judged.is_free:
            return artist.id, [], True
        answers.append(judged)
    shared = [one for one in answers[0].sentences if all(one in judged.sentences for judged in answers)]
    first = next(artist.id for artist in desk.artists if artist.id not in others)
    said = [one.plain() for one in shared] or [f"No artist is free at {starts_at}. Choose another time."]
    return first, said, False


def questions(desk: RandomDesk) -> list[Question]:
    """Each service with anyone: alone, with one artist more, and with two, which leaves but one."""
    _, other, third = (artist.id for artist in desk.artists)
    ways = ((), (other,), (third, other))
    return [Question(None, service, others) for service in desk.services for others in ways]


def close(desk: RandomDesk, random: Random) -> None:
    """The studio closes for an hour or some, and so does one artist a little before."""
    start = next(iter(desk.starts(desk.artists[0].id, 60))) + timedelta(hours=random.randint(0, 30))
    with desk.database.write() as uow:
        for whom, begin in ((None, start), (desk.artists[0].id, start - HOUR)):
            uow.artists.add_leave(Leave(artist_id=whom, starts_at=begin, ends_at=start + 9 * HOUR, reason="move"))
        uow.commit()


@pytest.mark.parametrize(("seed", "alignment"), SEEDS)
def test_it_is_the_answer_of_asking_artist_by_artist(
    database: Database, clock: StandingClock, seed: int, alignment: Alignment
) -> None:
    desk, random = RandomDesk.open(database, clock, seed, alignment), Random(seed)
    close(desk, random)
    for question in random.choices(desk.questions(), k=6):
        offered = desk.slots(question)
        if offered:
            desk.book(question, random.choice(offered))
    starts = list(desk.starts(desk.artists[0].id, 5))
    kinds: set[bool] = set()
    for question in questions(desk):
        for starts_at in [*random.sample(starts, 12), *(slot.starts_at for slot in desk.slots(question)[:3])]:
            who, judged = desk.availability.judge_any(
                question.service.id, starts_at, with_artist_ids=question.with_artist_ids
            )
            said = [one.plain() for one in judged.sentences]
            assert (who, said, judged.is_free) == artist_by_artist(desk, question, starts_at)
            kinds.add(judged.is_free)
    assert False in kinds


@pytest.fixture
def book(database: Database) -> Book:
    return fill(database)


@pytest.fixture
def availability(database: Database, clock: StandingClock) -> AvailabilityService:
    return AvailabilityService(database.read, clock)


def hire(database: Database, count: int) -> list[Artist]:
    """So many more, with the usual hours."""
    with database.write() as uow:
        hired = [uow.artists.add(Artist(name=f"Hired {n}", plans=every_week(NINE_TO_FIVE))) for n in range(count)]
        uow.commit()
    return hired


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    seen: list[str] = []

    def record(_c: object, _cursor: object, statement: str, _p: object, _x: object, _many: object) -> None:
        seen.append(statement)

    event.listen(database._engine, "before_cursor_execute", record)
    yield seen
    event.remove(database._engine, "before_cursor_execute", record)


def chair(database: Database, book: Book) -> Service:
    """A service in a chair."""
    with database.write() as uow:
        service = uow.catalogue.add_service(replace(book.service, id=0, name="In a chair", station_kind="chair"))
        uow.commit()
    return service


def keep(database: Database, book: Book, artists: list[Artist]) -> list[Booking]:
    """Book all of these on Tuesday."""
    with database.write() as uow:
        stored = [put(uow, a_booking(book, artist=artist), artist) for artist in artists]
        uow.commit()
    return stored


Case = Callable[[Database, Book, list[Artist]], tuple[str, ...]]


def all_free(_database: Database, _book: Book, _artists: list[Artist]) -> tuple[str, ...]:
    return ()


def all_taken(database: Database, book: Book, artists: list[Artist]) -> tuple[str, ...]:
    keep(database, book, artists)
    return ("No artist is free at 2026-11-24 10:00:00+00:00. Choose another time.",)


def all_taken_and_closed(database: Database, book: Book, artists: list[Artist]) -> tuple[str, ...]:
    keep(database, book, artists)
    with database.write() as uow:
        uow.artists.add_leave(Leave(artist_id=None, starts_at=TUESDAY, ends_at=TUESDAY + DAY, reason="move"))
        uow.commit()
    return ("The studio is closed then (move). Choose another time.",)


def chairs_taken(database: Database, book: Book, artists: list[Artist]) -> tuple[str, ...]:
    one, other = book.station.unit_ids
    stored = keep(database, book, artists[:2])
    with database.write() as uow:
        for booking, unit in zip(stored, (one, other), strict=True):
            claims = uow.bookings.claims_of(booking.id)
            uow.bookings.claim(booking.id, [*claims, claims[0]._replace(resource_id=unit)], blocks=True)
        uow.commit()
    return ("Every chair is taken then, one by Zoé Müller until 12:00. Choose another time.",)


@pytest.mark.parametrize("case", [all_free, all_taken, all_taken_and_closed, chairs_taken])
def test_more_artists_are_no_more_statements(database: Database, clock: StandingClock, book: Book, case: Case) -> None:
    """Both after a change of the settings, so that they are read anew."""
    service = chair(database, book)
    few = [book.ana, book.bo]
    expected = case(database, book, few)
    availability = AvailabilityService(database.read, clock)
    for _ in range(2):
        availability.judge_any(service.id, TUESDAY - DAY)  # from now on settings are known, and a connection is open
    numbers: list[int] = []
    for more in (1, 10):
        hired = hire(database, more)
        if case in (all_taken, all_taken_and_closed):
            keep(database, book, hired)
        with counted(database) as statements:
            _who, judged = availability.judge_any(service.id, TUESDAY)
        assert tuple(one.plain() for one in judged.sentences) == expected
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]


def test_the_first_who_is_free_is_named(database: Database, book: Book, availability: AvailabilityService) -> None:
    keep(database, book, [book.ana])
    assert availability.judge_any(book.service.id, TUESDAY)[0] == book.bo.id
    assert availability.judge_any(book.service.id, TUESDAY + DAY)[0] == book.ana.id


def test_whoever_is_alone_able_is_told_all_that_stands_against_it(
    database: Database, book: Book, availability: AvailabilityService
) -> None:
    keep(database, book, [book.ana])
    who, judged = availability.judge_any(book.service.id, TUESDAY, with_artist_ids=(book.bo.id,))
    assert who == book.ana.id
    assert judged.sentences == availability.judge(book.ana.id, book.service.id, TUESDAY).sentences
    assert "Ana is taken by Zoé Müller" in judged.sentences[0].plain()


def test_a_pause_that_makes_it_too_long_leaves_it_to_the_others(
    database: Database, book: Book, availability: AvailabilityService
) -> None:
    """As the slots do, which offer those who have no such pause."""
    with database.write() as uow:
        ana = uow.artists.save(replace(book.ana, pause_s=7 * 86400))
        uow.commit()
    assert availability.judge_any(book.service.id, TUESDAY)[0] == book.bo.id
    with database.write() as uow:
        uow.catalogue.save_service(replace(book.service, artist_ids=(ana.id,)))
        uow.commit()
    with pytest.raises(ValidationError, match="at most 7 days"):
        availability.judge_any(book.service.id, TUESDAY)


def test_nobody_who_does_it_is_said_of_the_service(
    database: Database, book: Book, availability: AvailabilityService
) -> None:
    with database.write() as uow:
        uow.catalogue.save_service(replace(book.service, artist_ids=(book.bo.id,)))
        uow.commit()
    with pytest.raises(ValidationError) as refused:
        availability.judge_any(book.service.id, TUESDAY, with_artist_ids=(book.bo.id,))
    assert refused.value.message.plain() == "No artist does this service. Choose another service."
    assert refused.value.field == "service_id"
