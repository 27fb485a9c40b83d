"""Several desks at once: series against single bookings, moves against bookings, one form sent twice.

Real threads; on PostgreSQL with real row locks. Each desk has its own connection pool.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from threading import Barrier
from typing import NoReturn

import pytest
from sqlalchemy import event
from support.book import TUESDAY, Book, a_service, fill
from support.clock import StandingClock
from support.race import at_once
from support.turns import crossed

from inkdesk.application.booking_commands import BookCommand, Booked, DepositChoice, MoveCommand
from inkdesk.application.booking_service import BookingService
from inkdesk.application.move_service import MoveService
from inkdesk.application.payment_service import PaymentService
from inkdesk.application.series_commands import (
    BookedSeries,
    BookSeriesCommand,
    CancelSeriesCommand,
    MoveSeriesCommand,
)
from inkdesk.application.series_service import SeriesService
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.errors import SlotTaken, SlotUnavailable, StaleRecord, StripeNotConfigured
from inkdesk.domain.message import message
from inkdesk.domain.reconciling import collide
from inkdesk.domain.series import Scope, SeriesKind
from inkdesk.domain.slot_rules import Limits
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.repositories.bookings import SqlBookingRepository
from inkdesk.infrastructure.phone import LibraryPhoneNumbers

WEEK = timedelta(weeks=1)
HOUR = timedelta(hours=1)
STARTS = tuple(TUESDAY + n * WEEK for n in range(6))


def no_gateway() -> NoReturn:
    raise StripeNotConfigured(message("No key."))


class Desk:
    """One computer at the shared database."""

    def __init__(self, url: str, number: int) -> None:
        clock = StandingClock()
        self.database = Database.open(url, who=f"Desk {number}", clock=clock)
        read, write = self.database.read, self.database.write
        payments = PaymentService(write, read, no_gateway, clock, "http://127.0.0.1/paid")
        self.bookings = BookingService(write, clock, payments, LibraryPhoneNumbers())
        self.moves = MoveService(write, clock, payments)
        self.series = SeriesService(write, read, clock, self.bookings, payments)

    def stored(self) -> list[Booking]:
        """Every booking."""
        cards = self.database.queries.calendar(TUESDAY.date(), (STARTS[-1] + 3 * WEEK).date()).cards
        with self.database.read() as uow:
            return [uow.bookings.get(card.booking_id) for card in cards]

    def has_collisions(self) -> bool:
        """Whether two bookings that stand claim one resource at one time."""
        ids = [one.id for one in self.stored() if one.status is BookingStatus.CONFIRMED]
        with self.database.read() as uow:
            claims = uow.bookings.claims_by_booking(ids)
        return any(collide(claims[one], claims[other]) for one, other in combinations(ids, 2))


class Floor:
    """Desks around one book."""

    def __init__(self, url: str, desks: ExitStack) -> None:
        self._url = url
        self._desks = desks
        self.first = self.desk(0)
        self.book: Book = fill(self.first.database)

    def desk(self, number: int) -> Desk:
        opened = Desk(self._url, number)
        self._desks.callback(opened.database.close)
        return opened

    def single(self, key: str, **how: object) -> BookCommand:
        values: dict[str, object] = {
            "request_key": key,
            "artist_id": self.book.ana.id,
            "service_id": self.book.service.id,
            "starts_at": TUESDAY,
            "client": self.book.client.id,
            "choice": DepositChoice.NONE,
        }
        return BookCommand(**{**values, **how})  # type: ignore[arg-type]

    def whole(self, key: str, **how: object) -> BookSeriesCommand:
        values: dict[str, object] = {
            "request_key": key,
            "kind": SeriesKind.REPEAT,
            "rule": "FREQ=WEEKLY;INTERVAL=1;COUNT=6",
            "artist_id": self.book.ana.id,
            "service_id": self.book.service.id,
            "starts": STARTS,
            "client": self.book.client.id,
            "choice": DepositChoice.NONE,
        }
        return BookSeriesCommand(**{**values, **how})  # type: ignore[arg-type]

    def race(self, *jobs: Callable[[Desk], object]) -> list[object]:
        """Each job at a desk of its own, all started together: their answers or errors."""
        desks = [self.desk(number + 1) for number in range(len(jobs))]

        def work(number: int, barrier: Barrier) -> object:
            barrier.wait()
            return jobs[number](desks[number])

        return list(at_once(len(jobs), work))


@pytest.fixture
def floor(database_url: str) -> Iterator[Floor]:
    with ExitStack() as desks:
        yield Floor(database_url, desks)


def told(answers: list[object], *errors: type[BaseException]) -> list[object]:
    """The answers that are no refusal; anything else that was raised fails the test."""
    for one in answers:
        if isinstance(one, BaseException) and not isinstance(one, errors):
            raise one
    return [one for one in answers if not isinstance(one, BaseException)]


def test_a_series_is_whole_or_not_there_whoever_books_beside_it(floor: Floor) -> None:
    """Single bookings take the same dates, from the last to the first, while two series want them all."""
    bo = floor.book.bo.id
    answers = floor.race(
        lambda desk: desk.series.book(floor.whole("one")),
        lambda desk: desk.series.book(floor.whole("two", artist_id=bo, with_artist_ids=(floor.book.ana.id,))),
        lambda desk: desk.bookings.book(floor.single("late", starts_at=STARTS[-1])),
        lambda desk: desk.bookings.book(floor.single("middle", starts_at=STARTS[3] + HOUR, artist_id=bo)),
    )
    done = told(answers, SlotTaken)
    assert done
    for one in (one for one in done if isinstance(one, BookedSeries)):
        assert len(one.bookings) == len(STARTS)
    assert len(floor.first.stored()) == sum(len(one.bookings) if isinstance(one, BookedSeries) else 1 for one in done)
    assert not floor.first.has_collisions()


def test_one_form_sent_from_two_desks_books_one_series(floor: Floor) -> None:
    answers = told(floor.race(*[lambda desk: desk.series.book(floor.whole("same"))] * 4), SlotTaken)
    assert len(answers) == 4
    assert len({one.series_id for one in answers if isinstance(one, BookedSeries)}) == 1
    assert len(floor.first.stored()) == len(STARTS)


def test_two_bookings_moved_to_one_time_do_not_both_arrive(floor: Floor) -> None:
    mine = floor.first.bookings.book(floor.single("mine")).booking
    yours = floor.first.bookings.book(floor.single("yours", starts_at=TUESDAY + 2 * HOUR)).booking
    target = TUESDAY + WEEK

    def move(booking: Booking) -> Callable[[Desk], object]:
        command = MoveCommand(booking_id=booking.id, version=booking.version, starts_at=target)
        return lambda desk: desk.moves.move(command)

    book = lambda desk: desk.bookings.book(floor.single("third", starts_at=target))  # noqa: E731 - one of three jobs
    assert len(told(floor.race(move(mine), move(yours), book), SlotTaken)) == 1
    assert not floor.first.has_collisions()


def test_two_bookings_that_change_places_do_not_lock_each_other_out(floor: Floor) -> None:
    """Each wants the artist of the other: whoever comes first is refused or not, nobody hangs, nothing is lost."""
    ana, bo = floor.book.ana.id, floor.book.bo.id
    mine = floor.first.bookings.book(floor.single("mine")).booking
    yours = floor.first.bookings.book(floor.single("yours", artist_id=bo, starts_at=TUESDAY + 2 * HOUR)).booking
    jobs: list[Callable[[Desk], object]] = [
        lambda desk: desk.moves.move(
            MoveCommand(booking_id=mine.id, version=mine.version, starts_at=TUESDAY + 4 * HOUR, artist_id=bo)
        ),
        lambda desk: desk.moves.move(
            MoveCommand(booking_id=yours.id, version=yours.version, starts_at=TUESDAY, artist_id=ana)
        ),
    ]
    told(floor.race(*jobs), SlotTaken)
    assert not floor.first.has_collisions()
    assert len(floor.first.stored()) == 2


def test_a_series_moves_whole_or_not_at_all_beside_a_booking(floor: Floor) -> None:
    series = floor.first.series.book(floor.whole("one"))
    third = series.bookings[2]
    move = MoveSeriesCommand(
        booking_id=third.id, version=third.version, starts_at=third.starts_at + 2 * HOUR, scope=Scope.ALL
    )
    answers = floor.race(
        lambda desk: desk.series.move(move),
        lambda desk: desk.bookings.book(floor.single("beside", starts_at=STARTS[4] + 2 * HOUR)),
        lambda desk: desk.moves.move(
            MoveCommand(
                booking_id=series.bookings[5].id,
                version=series.bookings[5].version,
                starts_at=STARTS[5] + 2 * HOUR,
            )
        ),
    )
    told(answers, SlotTaken, StaleRecord)
    stands = sorted(one.starts_at for one in floor.first.stored() if one.series_id == series.series_id)
    moved = [start + 2 * HOUR for start in STARTS]
    last_twice = [*moved[:5], moved[5] + 2 * HOUR]  # by itself, and then with the others
    assert stands in ([*moved], [*STARTS], [*STARTS[:5], moved[5]], last_twice)
    assert not floor.first.has_collisions()


def test_a_series_is_cancelled_under_one_batch_of_locks_so_that_two_desks_queue(floor: Floor) -> None:
    """Locked date by date, two series in each other's chairs would each wait for the other."""
    database = floor.first.database
    with database.write() as uow:
        seated = uow.catalogue.add_service(replace(a_service("Seated"), station_kind="chair"))
        uow.commit()
    ana, bo = floor.book.ana.id, floor.book.bo.id
    in_the_way = floor.first.bookings.book(floor.single("b", artist_id=bo, service_id=seated.id, starts_at=STARTS[1]))
    series = floor.first.series.book(floor.whole("one", artist_id=ana, service_id=seated.id))
    assert len({one.station_id for one in series.bookings}) == 2
    locks: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        locks.extend([statement] if "FOR NO KEY UPDATE" in statement else [])

    event.listen(database._engine, "before_cursor_execute", note)
    whole = CancelSeriesCommand(booking_id=series.bookings[0].id, version=1, scope=Scope.ALL, fate=DepositFate.KEEP)
    floor.first.series.cancel(whole)
    event.remove(database._engine, "before_cursor_execute", note)
    tables = [statement.split("FROM ")[1].split()[0] for statement in locks]
    assert tables == (["resource", "booking"] if database._engine.dialect.name == "postgresql" else [])
    kept = [one.id for one in floor.first.stored() if one.status is BookingStatus.CONFIRMED]
    assert kept == [in_the_way.booking.id]


def limited(floor: Floor) -> None:
    """Ana takes one sitting a day."""
    with floor.first.database.write() as uow:
        uow.artists.save(replace(uow.artists.get(floor.book.ana.id), limits=Limits(per_day=1)))
        uow.commit()


def test_the_last_sitting_of_a_day_is_judged_by_whoever_waits_for_it(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is judged before its locks are had may be over: no guard of the database knows of a limit."""
    limited(floor)
    desks = [floor.desk(1), floor.desk(2)]
    starts = (TUESDAY, TUESDAY + 3 * HOUR)
    jobs = [
        lambda desk=desk, start=start: desk.bookings.book(floor.single(f"at {start}", starts_at=start))
        for desk, start in zip(desks, starts, strict=True)
    ]
    answers = in_turn(floor, monkeypatch, jobs)
    assert [type(one) for one in answers] == [Booked, SlotUnavailable]
    assert [one.starts_at for one in floor.first.stored()] == [TUESDAY]


def test_whoever_waits_for_a_chair_gets_the_other_one(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Judged before the first desk had its chair, both would take the same one, and the guard refuse the second."""
    with floor.first.database.write() as uow:
        seated = uow.catalogue.add_service(replace(a_service("Seated"), station_kind="chair"))
        uow.commit()
    desks, artists = [floor.desk(1), floor.desk(2)], [floor.book.ana.id, floor.book.bo.id]
    jobs = [
        lambda desk=desk, artist=artist: desk.bookings.book(
            floor.single(f"with {artist}", artist_id=artist, service_id=seated.id)
        )
        for desk, artist in zip(desks, artists, strict=True)
    ]
    answers = in_turn(floor, monkeypatch, jobs)
    assert [type(one) for one in answers] == [Booked, Booked]
    assert len({one.station_id for one in floor.first.stored()}) == 2


def in_turn(floor: Floor, patch: pytest.MonkeyPatch, jobs: Sequence[Callable[[], object]]) -> list[object]:
    """The second desk comes while the first has stored its booking and not committed. SQLite has one writer anyway."""
    first, second = jobs
    if floor.first.database._engine.dialect.name == "sqlite":
        return [_answer(first), _answer(second)]
    return crossed(floor.first.database, patch, (SqlBookingRepository, "add"), first, second)


def _answer(job: Callable[[], object]) -> object:
    try:
        return job()
    except SlotUnavailable as refused:
        return refused
