"""Random days at the desk: whatever is booked, moved and cancelled, plans hold and nothing ever collides."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations, count
from random import Random

import pytest
from support.book import TUESDAY
from support.front import Front
from support.series_desk import SeriesDesk

from inkdesk.application.changing import ChangeLook
from inkdesk.application.claims import claims_for
from inkdesk.application.series_commands import PlannedDate, PlanSeries, ProposeSittings
from inkdesk.application.text import render
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import SlotTaken, SlotUnavailable, ValidationError
from inkdesk.domain.reconciling import collide
from inkdesk.domain.series import Repeat, RepeatUnit, Scope
from inkdesk.domain.sitting import Processing, Sitting
from inkdesk.domain.slot_rules import Limits

REFUSALS = (SlotTaken, SlotUnavailable)
STEPS = 20


@dataclass
class RandomDay:
    """A small studio in which anything may be asked."""

    desk: SeriesDesk
    random: Random
    services: list[Service]

    def __post_init__(self) -> None:
        self.keys = count(1)
        self.book = self.desk.front.money.book
        self.database = self.desk.front.money.database

    def start(self) -> datetime:
        """A quarter of an hour within three weeks, by day or a little outside."""
        days, quarters = self.random.randrange(21), self.random.randrange(-12, 28)
        return TUESDAY + timedelta(days=days, minutes=15 * quarters)

    def who(self) -> dict[str, object]:
        first, other = self.random.sample([self.book.ana.id, self.book.bo.id], 2)
        further = (other,) if self.random.random() < 0.3 else ()
        return {
            "artist_id": first,
            "with_artist_ids": further,
            "service_id": self.random.choice(self.services).id,
            "request_key": f"random {next(self.keys)}",
        }

    def stored(self) -> list[Booking]:
        cards = self.database.queries.calendar(TUESDAY.date() - timedelta(days=9), TUESDAY.date() + timedelta(days=90))
        with self.database.read() as uow:
            return [uow.bookings.get(card.booking_id) for card in cards.cards]

    def standing(self) -> list[Booking]:
        return [one for one in self.stored() if one.status is BookingStatus.CONFIRMED]

    def step(self) -> bool:
        """Do something; whether it was granted."""
        before = self.stored()
        deed = self.random.choice(
            [self.book_one, self.book_series, self.book_series, self.propose, self.move, self.move_on, self.cancel]
        )
        try:
            deed()
        except REFUSALS:
            assert self.stored() == before
            return False
        return True

    def book_one(self) -> None:
        self.desk.front.book(**self.who(), starts_at=self.start())

    def book_series(self) -> None:
        """As planned: the free dates book as a whole, and with a refused one among them nothing does."""
        who, first = self.who(), self.start()
        repeat = Repeat(every=self.random.randint(1, 2), unit=RepeatUnit.WEEKS, count=self.random.randint(1, 5))
        planned = self.desk.series.plan(
            PlanSeries(
                artist_id=who["artist_id"],  # type: ignore[arg-type]
                with_artist_ids=who["with_artist_ids"],  # type: ignore[arg-type]
                service_id=who["service_id"],  # type: ignore[arg-type]
                first=first,
                repeat=repeat,
            )
        )
        refused = [one for one in planned if not one.is_free]
        if refused:
            with pytest.raises(REFUSALS) as caught:
                self.desk.book(**who, starts=at(planned))
            assert refused[0].sentence is not None
            assert render(refused[0].sentence) in render(caught.value.message)
        free = at([one for one in planned if one.is_free])
        if not free:
            return
        try:
            booked = self.desk.book(**who, starts=free)
        except REFUSALS as error:
            raise AssertionError("planned as free, and refused") from error
        assert len(booked.bookings) == len(free)

    def propose(self) -> None:
        """A project as proposed books as a whole, by whoever is free first or by these artists."""
        who = self.who()
        slots = self.desk.series.propose(
            ProposeSittings(
                artist_id=self.random.choice([None, who["artist_id"]]),  # type: ignore[arg-type]
                with_artist_ids=who["with_artist_ids"],  # type: ignore[arg-type]
                service_id=who["service_id"],  # type: ignore[arg-type]
                count=self.random.randint(1, 4),
                gap_days=self.random.randint(1, 9),
                from_date=self.start().date(),
            )
        )
        assert slots
        who["artist_id"], who["with_artist_ids"] = slots[0].artist_ids[0], slots[0].artist_ids[1:]
        try:
            self.desk.book(**who, starts=tuple(slot.starts_at for slot in slots))
        except REFUSALS as error:
            raise AssertionError("proposed, and refused") from error

    def move(self) -> None:
        booking = self.random.choice(self.standing())
        artist = self.random.choice([None, self.book.ana.id, self.book.bo.id])
        if artist in booking.with_artist_ids:
            with pytest.raises(ValidationError):
                self.desk.move(booking, self.start(), artist_id=artist)
            return
        self.desk.move(booking, self.start(), artist_id=artist)

    def move_on(self) -> None:
        booking = self.random.choice(self.standing())
        by = timedelta(days=self.random.randint(-2, 9), minutes=15 * self.random.randint(-8, 8))
        target = max(booking.starts_at + by, TUESDAY)
        scope = self.random.choice(list(Scope))
        look = ChangeLook(self.database.read, self.desk.front.money.clock, booking.id, scope)
        alone = look.judge(booking.artist_id, target).is_free
        is_free = alone and all(one.is_free for one in look.companions(target))
        if target == booking.starts_at:
            return
        try:
            self.desk.move_series(booking, target, scope)
        except REFUSALS as error:
            if is_free:
                raise AssertionError("looked free, and refused") from error
        else:
            assert is_free

    def cancel(self) -> None:
        if len(self.standing()) > 8:
            self.desk.cancel_series(self.random.choice(self.standing()), Scope.FROM_HERE, DepositFate.KEEP)

    def check(self) -> None:
        """Who stands claims exactly what they need, and no two claim the same."""
        standing = self.standing()
        with self.database.read() as uow:
            claims = uow.bookings.claims_by_booking([one.id for one in standing])
            for one in standing:
                artists = [uow.artists.get(artist) for artist in (one.artist_id, *one.with_artist_ids)]
                service = uow.catalogue.service(one.service_id)
                units = list(dict.fromkeys(claim.resource_id for claim in claims[one.id]))[len(artists) :]
                assert one.station_id == next(iter(units), None)
                assert claims[one.id] == claims_for(artists, service, one.starts_at, units)
                assert len(units) == sum(need.units for need in service.station_needs)
        assert [pair for pair in combinations(claims, 2) if collide(claims[pair[0]], claims[pair[1]])] == []


def at(planned: list[PlannedDate]) -> tuple[datetime, ...]:
    return tuple(one.starts_at for one in planned if one.starts_at is not None)


@pytest.fixture(params=range(2))
def day(request: pytest.FixtureRequest, front: Front) -> RandomDay:
    desk = SeriesDesk(front)
    plain = front.money.book.service
    chair = replace(plain, id=0, name="Chair", station_kind="chair", sitting=Sitting(900, 5400, 1800))
    wanted = [
        chair,
        replace(chair, name="Two chairs", station_units=2, station_prep_s=0),
        replace(chair, name="Numbing", processing=Processing(1800, 1800, keeps_station=False)),
    ]
    with front.money.database.write() as uow:
        uow.artists.save(replace(front.money.book.bo, limits=Limits(per_day=1, per_week=2)))
        services = [plain, *(uow.catalogue.add_service(one) for one in wanted)]
        uow.commit()
    desk.front.book()
    return RandomDay(desk, Random(request.param), services)


def test_plans_hold_and_nothing_ever_collides(day: RandomDay) -> None:
    granted = 0
    for _ in range(STEPS):
        granted += day.step()
        day.check()
    assert granted > STEPS // 4
    assert len(day.standing()) > 3
