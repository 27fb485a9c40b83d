"""Random days at a group sitting, against an oracle that only counts seats minute by minute."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from support.clock import StandingClock
from support.flash_day import TEN, FlashDesk
from support.payment_desk import PaymentDesk

from inkdesk.application.booking_commands import CancelCommand
from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.errors import SlotTaken, ValidationError
from inkdesk.domain.groups import GroupSitting
from inkdesk.domain.spans import to_seconds
from inkdesk.infrastructure.db.database import Database
from inkdesk.practice import PracticeServer

LENGTH = 360
STEPS = 80


@pytest.fixture
def desk(server: PracticeServer, database: Database, clock: StandingClock) -> Iterator[FlashDesk]:
    money = PaymentDesk.open(server, database, clock)
    yield FlashDesk.open(money)
    money.close()


@dataclass
class Oracle:
    """Who sits from which minute to which, and on how many seats; minutes count from the group's start."""

    seats: int
    now: int = -60
    parties: dict[int, tuple[int, int, int]] = field(default_factory=dict)

    def taken(self, minute: int) -> int:
        return sum(seats for start, end, seats in self.parties.values() if start <= minute < end)

    def fits(self, start: int, end: int, seats: int) -> bool:
        return all(self.taken(minute) + seats <= self.seats for minute in range(start, end))

    def most(self) -> int:
        return max(self.taken(minute) for minute in range(LENGTH))


@dataclass
class Day:
    """The desk and the oracle do the same."""

    desk: FlashDesk
    group: GroupSitting
    oracle: Oracle
    chance: random.Random
    begun: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def seat(self, step: int) -> None:
        """Somebody asks for seats; they get them exactly if there are enough at every minute."""
        start = 5 * self.chance.randrange(max(0, self.oracle.now) // 5 + 1, LENGTH // 5)
        end = min(LENGTH, start + self.chance.choice((20, 60, 120, 240)))
        seats = self.chance.randrange(1, min(3, self.oracle.seats) + 1)
        times: dict[str, object] = {
            "starts_at": TEN + timedelta(minutes=start),
            "ends_at": TEN + timedelta(minutes=end),
        }
        fits = self.oracle.fits(start, end, seats)
        try:
            booked = self.desk.seat(self.group, "", "", seats=seats, request_key=f"step {step}", **times)
        except SlotTaken:
            assert not fits
        else:
            assert fits
            self.oracle.parties[booked.booking.id] = (start, end, seats)

    def cancel(self) -> None:
        """Somebody who has not begun gives their seats back."""
        ahead = [one for one, (start, _, _) in self.oracle.parties.items() if start > self.oracle.now]
        if not ahead:
            return
        booking = self.desk.money.booking(self.chance.choice(ahead))
        command = CancelCommand(booking_id=booking.id, version=booking.version, fate=DepositFate.KEEP, reason="")
        self.desk.bookings.cancel(command)
        del self.oracle.parties[booking.id]

    def change(self) -> None:
        """More seats or fewer; refused exactly below the true peak."""
        seats = max(1, self.oracle.seats + self.chance.choice((-2, -1, 1)))
        most = self.oracle.most()
        try:
            self.group = self.desk.change(self.group, seats=seats).group
        except ValidationError:
            assert seats < most
        else:
            assert seats >= most
            self.oracle.seats = seats

    def wait(self) -> None:
        """Time passes; who has begun is noted with their seats."""
        self.oracle.now = min(LENGTH - 20, self.oracle.now + self.chance.choice((5, 10)))
        self.desk.money.clock.at = TEN + timedelta(minutes=self.oracle.now)

    def check(self) -> None:
        """The book says what the oracle says, nobody shares a seat, and nobody who has begun was moved."""
        parties = self.desk.parties(self.group)
        base = to_seconds(TEN)
        there = {one.key: ((one.span.start_s - base) // 60, (one.span.end_s - base) // 60) for one in parties}
        assert there == {key: (start, end) for key, (start, end, _) in self.oracle.parties.items()}
        for minute in range(0, LENGTH, 5):
            sitting = [one for one in parties if there[one.key][0] <= minute < there[one.key][1]]
            units = [unit for one in sitting for unit in one.units]
            assert len(units) == len(set(units)) == self.oracle.taken(minute) <= self.oracle.seats
            if minute > self.oracle.now:
                assert set(units) <= set(self.group.unit_ids)
        for one in parties:
            if there[one.key][0] <= self.oracle.now:
                assert self.begun.setdefault(one.key, one.units) == one.units


@pytest.mark.parametrize("seed", range(6))
def test_a_random_day_is_what_the_oracle_says(desk: FlashDesk, seed: int) -> None:
    chance = random.Random(seed)
    seats = chance.randrange(2, 6)
    day = Day(desk, desk.plan(seats=seats), Oracle(seats), chance)
    for step in range(STEPS):
        match chance.randrange(10):
            case 0:
                day.change()
            case 1 | 2 | 4:
                day.cancel()
            case 3 if step > 15:
                day.wait()
            case _:
                day.seat(step)
        day.check()
    assert day.oracle.parties


def test_the_oracle_would_see_a_wrong_answer() -> None:
    oracle = Oracle(1, parties={1: (0, 10, 1)})
    assert (oracle.fits(10, 20, 1), oracle.fits(9, 20, 1), oracle.most()) == (True, False, 1)
