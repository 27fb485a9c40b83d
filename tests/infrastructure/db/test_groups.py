"""Seats of a group are guarded like chairs: whoever writes, nobody has two, and never more than there are."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text
from support.book import TUESDAY, Book, a_booking, fill
from support.clock import StandingClock
from support.race import at_once, winners

from inkdesk.application.booking_commands import Booked, DepositChoice
from inkdesk.application.calendar import GroupCard
from inkdesk.application.group_commands import CreateGroup, SeatCommand
from inkdesk.application.group_service import GroupService
from inkdesk.application.payment_gateway import PaymentGateway
from inkdesk.application.payment_service import PaymentService
from inkdesk.application.ports import Claim
from inkdesk.domain.capacity import Party
from inkdesk.domain.errors import ErrorCode, SlotTaken, StaleRecord, StripeNotConfigured, ValidationError
from inkdesk.domain.groups import GroupFull, GroupSitting
from inkdesk.domain.message import message
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.spans import Span, overlaps, to_instant, to_seconds
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.phone import LibraryPhoneNumbers

HOUR = timedelta(hours=1)
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
def book(database: Database) -> Book:
    return fill(database)


@pytest.fixture
def desks(database_url: str, clock: StandingClock) -> Iterator[list[GroupService]]:
    with ExitStack() as stack:
        opened = [Database.open(database_url, who=f"Desk {n}", clock=clock) for n in range(4)]
        for one in opened:
            stack.callback(one.close)
        yield [service(one, clock) for one in opened]


def a_group(book: Book, seats: int, key: str = "group") -> GroupSitting:
    """A workshop of Ana's from 10:00 to 14:00 UTC, not stored."""
    return GroupSitting(
        artist_id=book.ana.id,
        service_id=book.service.id,
        title="Workshop",
        starts_at=TUESDAY,
        ends_at=TUESDAY + 4 * HOUR,
        seats=seats,
        created_at=TUESDAY,
        request_key=key,
    )


def stored(database: Database, group: GroupSitting) -> GroupSitting:
    with database.write() as uow:
        found = uow.groups.add(group)
        uow.commit()
    return found


def seated(database: Database, book: Book, group: GroupSitting, units: Sequence[int], *, blocks: bool = True) -> int:
    """A booking of all of the group's time on these units."""
    sitting = Sitting(0, group.span.end_s - group.span.start_s, 0)
    with database.write() as uow:
        draft = replace(a_booking(book, group.starts_at), sitting=sitting, pause_s=0, group_id=group.id)
        booking = uow.bookings.add(draft)
        uow.bookings.claim(booking.id, [Claim(unit, group.span) for unit in units], blocks=blocks)
        uow.commit()
    return booking.id


# The repository


def test_a_group_comes_back_as_it_was_stored(database: Database, book: Book) -> None:
    group = stored(database, a_group(book, 3))
    assert len(set(group.unit_ids)) == 3
    assert not set(group.unit_ids) & {*book.station.unit_ids, book.ana.resource_id, book.bo.resource_id}
    with database.read() as uow:
        assert uow.groups.get(group.id) == group
        assert uow.groups.by_request_key("group") == group
        assert uow.groups.by_request_key("other") is None
        with pytest.raises(ValidationError, match="not in the book"):
            uow.groups.get(group.id + 1)


def test_groups_of_a_range_are_half_open_and_in_order(database: Database, book: Book) -> None:
    group = stored(database, a_group(book, 1))
    start, end = group.span
    for within, found in [
        (Span(end, end + 9), []),
        (Span(end - 1, end), [group]),
        (Span(start - 9, start), []),
        (Span(start - 9, start + 1), [group]),
        (Span(start + 60, start + 61), [group]),
    ]:
        with database.read() as uow:
            assert uow.groups.within(within) == found
            assert uow.groups.within(within, book.bo.id) == []
            assert uow.groups.within(within, book.ana.id) == found


def test_the_host_is_held_until_let_go(database: Database, book: Book) -> None:
    group = stored(database, a_group(book, 1))
    around = Span(group.span.start_s - 600, group.span.end_s + 600)
    ana, before = book.ana.resource_id, Span(group.span.start_s - 60, group.span.start_s - 30)
    with database.write() as uow:
        uow.groups.keep_host(group.id, ana, around)
        assert uow.bookings.busy([ana], before) == {ana: [around]}
        assert uow.groups.holding([ana, book.bo.resource_id], before) == [group]
        assert uow.groups.holding([book.bo.resource_id], before) == []
        assert uow.groups.holding([ana], Span(around.end_s, around.end_s + 60)) == []
        with pytest.raises(SlotTaken):
            uow.bookings.claim(None, [Claim(ana, before)], blocks=True)
        uow.groups.let_host_go(group.id)
        assert uow.groups.holding([ana], before) == []
        uow.bookings.claim(None, [Claim(ana, before)], blocks=True)
        with pytest.raises(SlotTaken, match="host is taken"):
            uow.groups.keep_host(group.id, ana, around)
        assert uow.groups.get(group.id) == group


def test_parties_are_bookings_that_keep_their_seats(database: Database, book: Book) -> None:
    group, other = stored(database, a_group(book, 3)), stored(database, a_group(book, 1, "other"))
    two = seated(database, book, group, group.unit_ids[:2])
    idle = seated(database, book, group, group.unit_ids[:1], blocks=False)
    with database.read() as uow:
        assert uow.groups.parties([group.id, other.id]) == {
            group.id: [Party(two, group.span, 2, group.unit_ids[:2])],
            other.id: [],
        }
        assert uow.groups.parties([]) == {}
        assert [one.id for one in uow.groups.bookings(group.id)] == [two, idle]
        assert uow.groups.client_names(group.id) == {book.client.id: book.client.name}


def test_the_calendar_shows_groups_with_who_has_seats(database: Database, book: Book) -> None:
    group = stored(database, a_group(book, 3))
    cancelled = stored(database, replace(a_group(book, 1, "other"), is_cancelled=True, note="rain"))
    two = seated(database, book, group, group.unit_ids[1:])
    seated(database, book, group, group.unit_ids[:1], blocks=False)
    kept = Span(group.span.start_s - 600, group.span.end_s + 2100)
    with database.write() as uow:
        uow.groups.keep_host(group.id, book.ana.resource_id, kept)
        uow.artists.save(replace(book.ana, is_active=False))
        uow.commit()

    shown = database.queries.calendar(TUESDAY.date(), TUESDAY.date())

    card = GroupCard(
        group_id=group.id,
        artist_id=book.ana.id,
        title="Workshop",
        service_name="Small piece",
        starts_at=TUESDAY,
        ends_at=TUESDAY + 4 * HOUR,
        occupied=kept,
        seats=3,
        unit_ids=group.unit_ids,
        parties=(Party(two, group.span, 2, group.unit_ids[1:]),),
        is_cancelled=False,
        note="",
        version=1,
    )
    empty = replace(
        card,
        group_id=cancelled.id,
        occupied=group.span,
        seats=1,
        unit_ids=cancelled.unit_ids,
        parties=(),
        is_cancelled=True,
        note="rain",
    )
    assert shown.groups == [card, empty]
    assert (card.seats_taken_peak, card.booked, empty.seats_taken_peak, empty.booked) == (2, 1, 0, 0)
    assert {one.group_id for one in shown.cards} == {group.id}
    assert [one.name for one in shown.artists] == ["Ana", "Bo"]
    next_day = TUESDAY.date() + timedelta(days=1)
    assert database.queries.calendar(next_day, next_day).groups == []


def test_the_host_of_a_group_has_a_lane_also_after_leaving(database: Database, book: Book) -> None:
    stored(database, a_group(book, 1))
    with database.write() as uow:
        for artist in (book.ana, book.bo):
            uow.artists.save(replace(artist, is_active=False))
        uow.commit()
    assert [one.name for one in database.queries.calendar(TUESDAY.date(), TUESDAY.date()).artists] == ["Ana"]


def test_seats_are_made_and_taken_away(database: Database, book: Book) -> None:
    group = stored(database, a_group(book, 3))
    first, second, third = group.unit_ids
    idle = seated(database, book, group, [third], blocks=False)
    with database.write() as uow:
        fewer = uow.groups.save(replace(group, seats=2, unit_ids=(first, second)))
        assert (fewer.unit_ids, fewer.version) == ((first, second), 2)
        assert [one.resource_id for one in uow.bookings.claims_of(idle)] == [first]
        more = uow.groups.save(replace(fewer, seats=4))
        assert more.unit_ids[:2] == (first, second)
        assert len(set(more.unit_ids)) == 4
        assert third not in more.unit_ids
        assert uow.groups.get(group.id) == more
        with pytest.raises(StaleRecord, match="Workshop was changed"):
            uow.groups.save(fewer)


def test_a_seat_is_guarded_like_a_chair(database: Database, book: Book) -> None:
    group = stored(database, a_group(book, 1))
    seated(database, book, group, group.unit_ids)
    with pytest.raises(SlotTaken):
        seated(database, book, group, group.unit_ids)


# Races


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
