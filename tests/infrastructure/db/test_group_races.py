"""Seats of a group are guarded like chairs: whoever writes, nobody has two, and never more than there are."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text
from support.book import HOUR, TUESDAY, Book
from support.clock import StandingClock
from support.race import at_once, winners
from support.workshop import a_group, seated, stored

from inkdesk.application.booking_commands import Booked, DepositChoice
from inkdesk.application.group_commands import CreateGroup, SeatCommand
from inkdesk.application.group_service import GroupService
from inkdesk.application.payment_gateway import PaymentGateway
from inkdesk.application.payment_service import PaymentService
from inkdesk.application.ports import Claim
from inkdesk.domain.errors import ErrorCode, SlotTaken, StripeNotConfigured
from inkdesk.domain.groups import GroupFull, GroupSitting
from inkdesk.domain.message import message
from inkdesk.domain.spans import Span, overlaps, to_instant, to_seconds
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.phone import LibraryPhoneNumbers

THREADS = 16
NO_GUARD = {
    "sqlite": ["DROP TRIGGER occupancy_guard_insert", "DROP TRIGGER occupancy_guard_update"],
    "postgresql": ["ALTER TABLE occupancy DROP CONSTRAINT ex_occupancy_no_overlap"],
}


def no_gateway() -> PaymentGateway:
    raise StripeNotConfigured(message("There is no key."))


def service(database: Database, clock: StandingClock) -> GroupService:
    payments = PaymentService(database.write, database.read, no_gateway, clock, "https://example.com/")
    return GroupService(database.write, database.read, clock, payments, LibraryPhoneNumbers())


@pytest.fixture
def desks(database_url: str, clock: StandingClock) -> Iterator[list[GroupService]]:
    with ExitStack() as stack:
        opened = [Database.open(database_url, who=f"Desk {n}", clock=clock) for n in range(4)]
        for one in opened:
            stack.callback(one.close)
        yield [service(one, clock) for one in opened]


def minutes(span: Span) -> range:
    return range(span.start_s, span.end_s, 60)


def claims(database: Database, group: GroupSitting) -> list[Claim]:
    """Every blocking row on a seat of the group, read without any of our own queries."""
    units = ", ".join(str(unit) for unit in group.unit_ids)
    epoch = "{}" if database.kind == "sqlite" else "extract(epoch FROM {})::bigint"
    columns = ", ".join(["resource_id", *(f"{epoch.format(name)}" for name in ("starts_at", "ends_at"))])
    query = f"SELECT {columns} FROM occupancy WHERE blocks AND resource_id IN ({units})"
    with database._engine.connect() as connection:
        return [Claim(unit, Span(start, end)) for unit, start, end in connection.execute(text(query))]


def most_on_one_seat(database: Database, group: GroupSitting) -> int:
    counted = Counter((unit, minute) for unit, span in claims(database, group) for minute in minutes(span))
    return max(counted.values(), default=0)


def taken(database: Database, group: GroupSitting) -> Counter[int]:
    """How many seats are taken at each minute."""
    return Counter(minute for _, span in claims(database, group) for minute in minutes(span))


@dataclass(frozen=True)
class Wish:
    """What one thread asks for: seats for minutes from the group's start."""

    start: int
    length: int
    seats: int

    def command(self, book: Book, group: GroupSitting, key: object) -> SeatCommand:
        starts_at = group.starts_at + timedelta(minutes=self.start)
        return SeatCommand(
            request_key=f"wish-{key}",
            group_id=group.id,
            client=book.client.id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=self.length),
            seats=self.seats,
            choice=DepositChoice.NONE,
        )

    def span(self, group: GroupSitting) -> Span:
        start = group.span.start_s + self.start * 60
        return Span(start, start + self.length * 60)


def race(
    desks: list[GroupService], book: Book, group: GroupSitting, wishes: Sequence[Wish], name: object = ""
) -> list[Booked | BaseException]:
    def work(number: int, barrier: Barrier) -> Booked:
        command = wishes[number].command(book, group, f"{name}-{number}")
        barrier.wait()
        return desks[number % len(desks)].seat(command)

    return at_once(len(wishes), work)


def planned(desks: list[GroupService], book: Book, seats: int) -> GroupSitting:
    command = CreateGroup(
        request_key="plan",
        artist_id=book.ana.id,
        service_id=book.service.id,
        title="Workshop",
        starts_at=TUESDAY,
        ends_at=TUESDAY + 4 * HOUR,
        seats=seats,
    )
    return desks[0].create(command).group


def assert_all_is_told(answers: Sequence[object]) -> None:
    losers = [answer for answer in answers if isinstance(answer, BaseException)]
    assert [answer for answer in losers if not isinstance(answer, GroupFull)] == []
    assert {answer.code for answer in losers if isinstance(answer, GroupFull)} <= {ErrorCode.SLOT_TAKEN}


def test_sixteen_want_the_last_seat(database: Database, book: Book, desks: list[GroupService]) -> None:
    group = planned(desks, book, 4)
    desks[0].seat(Wish(0, 240, 3).command(book, group, "before"))

    answers = race(desks, book, group, [Wish(0, 240, 1)] * THREADS)

    assert_all_is_told(answers)
    assert winners(answers) == 1
    assert set(taken(database, group).values()) == {4}
    assert most_on_one_seat(database, group) == 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sixteen_parties_of_all_sizes_and_times(
    database: Database, book: Book, desks: list[GroupService], seed: int
) -> None:
    """Never more than the seats at any minute; and who was refused would not fit now either."""
    group = planned(desks, book, 5)
    chance = random.Random(seed)
    wishes: list[Wish] = []
    answers: list[Booked | BaseException] = []
    for rounds in range(3):
        lengths = [chance.choice((15, 40, 60, 120, 240)) for _ in range(THREADS)]
        wanted = [Wish(chance.randrange(0, 241 - length, 5), length, chance.choice((1, 1, 2, 3))) for length in lengths]
        wishes += wanted
        answers += race(desks, book, group, wanted, rounds)

    assert_all_is_told(answers)
    assert 0 < winners(answers) < len(answers)
    at = taken(database, group)
    assert max(at.values()) <= 5
    assert most_on_one_seat(database, group) == 1
    for wish, answer in zip(wishes, answers, strict=True):
        if isinstance(answer, BaseException):
            assert max(at[minute] for minute in minutes(wish.span(group))) + wish.seats > 5


def test_one_form_sent_by_sixteen_is_one_booking(database: Database, book: Book, desks: list[GroupService]) -> None:
    group = planned(desks, book, 2)
    command = Wish(0, 60, 1).command(book, group, "one form")

    def work(number: int, barrier: Barrier) -> int:
        barrier.wait()
        return desks[number % len(desks)].seat(command).booking.id

    assert len(set(at_once(THREADS, work))) == 1
    assert len(claims(database, group)) == 1


def look_then_claim(database: Database, book: Book, group: GroupSitting, barrier: Barrier) -> int:
    """What rivals do: look for a free seat first, save later. Everybody has looked before anybody saves."""
    with database.read() as uow:
        parties = uow.groups.parties([group.id])[group.id]
    held = {unit for party in parties if overlaps(party.span, group.span) for unit in party.units}
    unit = next(unit for unit in group.unit_ids if unit not in held)
    barrier.wait()
    return seated(database, book, group, [unit])


@pytest.mark.parametrize("is_guarded", [True, False])
def test_only_the_guard_stops_those_who_look_first(database: Database, book: Book, *, is_guarded: bool) -> None:
    group = stored(database, a_group(book, 2))
    seated(database, book, group, group.unit_ids[:1])
    if not is_guarded:
        with database._engine.begin() as connection:
            for statement in NO_GUARD[database.kind]:
                connection.execute(text(statement))

    answers = at_once(8, lambda _number, barrier: look_then_claim(database, book, group, barrier))

    assert winners(answers) == (1 if is_guarded else 8)
    assert max(taken(database, group).values()) == (2 if is_guarded else 9)
    assert all(isinstance(answer, int | SlotTaken) for answer in answers)


def test_seats_are_within_the_group(database: Database, book: Book, desks: list[GroupService]) -> None:
    group = planned(desks, book, 1)
    booked = desks[0].seat(Wish(60, 30, 1).command(book, group, "one"))
    (claim,) = claims(database, group)
    assert claim.span == Span(to_seconds(TUESDAY + HOUR), to_seconds(TUESDAY + 1.5 * HOUR))
    assert booked.booking.starts_at == to_instant(claim.span.start_s)
