"""What is offered can be booked, and what is not offered is refused: random studios, both engines, the whole stack."""

from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

import pytest
from support.clock import StandingClock
from support.random_desk import Question, RandomDesk
from support.slot_questions import at

from inkdesk.application.availability_service import FreeSlot
from inkdesk.domain.artists import Artist, DateOverride
from inkdesk.domain.hours import WallSpan
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.slot_rules import Alignment
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.infrastructure.db.database import Database

CLOCK, WINDOW, ROUND = Alignment
SEEDS = [(0, CLOCK), (1, WINDOW), (2, ROUND), (3, CLOCK), (4, WINDOW), (5, CLOCK), (7, ROUND)]
AT_MOST = 4
"""So many slots of each question are tried, or the test would last minutes."""


@pytest.fixture(params=SEEDS, ids=[f"{seed}-{alignment}" for seed, alignment in SEEDS])
def desk(request: pytest.FixtureRequest, database: Database, clock: StandingClock) -> RandomDesk:
    seed, alignment = request.param
    return RandomDesk.open(database, clock, seed, alignment)


def some_of(random: Random, slots: list[FreeSlot]) -> list[FreeSlot]:
    return sorted(random.sample(slots, min(AT_MOST, len(slots))))


def fill(desk: RandomDesk, random: Random, most: int) -> int:
    """Book offered slots at random, whoever asks, until nothing is left or there are enough."""
    questions, booked = desk.questions(), 0
    while questions and booked < most:
        question = random.choice(questions)
        offered = desk.slots(question)
        if not offered:
            questions.remove(question)
            continue
        slot = random.choice(offered)
        booking = desk.book(question, slot)
        for booked_at, offered_at in ((booking.starts_at, slot.starts_at), (booking.ends_at, slot.ends_at)):
            assert to_seconds(booked_at) == to_seconds(offered_at)
        assert (booking.artist_id, *booking.with_artist_ids) == slot.artist_ids
        assert booking.station_id == next(iter(slot.station_ids), None)
        booked += 1
    return booked


def expect_refused(desk: RandomDesk, question: Question, offered: list[FreeSlot], every_min: int, most: int) -> int:
    """Starts on the clock's grid that are not offered are refused; how many were tried."""
    artists = [question.artist_id] if question.artist_id is not None else [one.id for one in desk.artists]
    free = {(slot.artist_id, to_seconds(slot.starts_at)) for slot in offered}
    others = [
        (artist_id, start)
        for artist_id in artists
        for start in desk.starts(artist_id, every_min)
        if (artist_id, to_seconds(start)) not in free
    ]
    tried = Random(most).sample(others, min(most, len(others)))
    assert [(artist_id, start) for artist_id, start in tried if not desk.is_refused(question, artist_id, start)] == []
    return len(tried)


def test_every_offered_slot_books_and_lets_go_again(desk: RandomDesk) -> None:
    random = Random(1)
    fill(desk, random, 4)
    tried = 0
    for question in desk.questions():
        offered = desk.slots(question)
        for slot in some_of(random, offered):
            desk.cancel(desk.book(question, slot))
            tried += 1
        assert desk.slots(question) == offered
    assert tried


def test_a_start_that_is_not_offered_is_refused_and_the_verdict_says_so(desk: RandomDesk) -> None:
    """On the clock's grid that is what is offered; off it, what the verdict calls free."""
    fill(desk, Random(2), 4)
    step_min = desk.studio.slot_step_s // 60
    for question in desk.questions():
        if desk.studio.alignment is CLOCK:
            assert expect_refused(desk, question, desk.slots(question), step_min, AT_MOST * 3)
        first = question.artist_id or desk.artists[0].id
        for start in Random(3).sample(list(desk.starts(first, 5)), AT_MOST * 2):
            judged = desk.availability.judge(
                first, question.service.id, start, with_artist_ids=question.with_artist_ids
            )
            assert desk.is_refused(question, first, start) is not judged.is_free


def test_a_full_book_has_no_start_left_that_could_be_booked(desk: RandomDesk) -> None:
    random = Random(4)
    fill(desk, random, 200)
    for question in desk.questions():
        assert desk.slots(question) == []
        if desk.studio.alignment is CLOCK:
            assert expect_refused(desk, question, [], desk.studio.slot_step_s // 60, AT_MOST * 3)


def test_both_instants_of_a_doubled_hour_are_booked(database: Database, clock: StandingClock) -> None:
    """02:00 to 03:00 comes twice in Paris: two slots that look alike, two bookings that do not meet."""
    desk = RandomDesk.open(database, clock, 0, CLOCK)
    zone, on = desk.studio.zone_info, date(2026, 10, 25)
    clock.at = datetime(2026, 10, 24, 12, tzinfo=UTC)
    with database.write() as uow:
        uow.studio.save(replace(desk.studio, minimum_notice_s=0, horizon_days=None, open_days=None, slot_step_s=3600))
        ana = uow.artists.add(Artist(name="Ana"))
        uow.artists.set_override(DateOverride(artist_id=ana.id, on=on, spans=(WallSpan(120, 180),)))
        hour = uow.catalogue.add_service(replace(desk.services[0], name="Hour", sitting=Sitting(0, 3600, 0)))
        for leave in uow.artists.leaves(Span(0, 4_000_000_000)):
            uow.artists.remove_leave(leave.id)
        uow.commit()
    question = Question(ana.id, hour)
    first, second = at("2026-10-25T02:00", zone), at("2026-10-25T02:00", zone, fold=1)
    slots = desk.slots(question)
    assert [to_seconds(slot.starts_at) for slot in slots] == [first, second]
    for left in (slots[1:], []):
        desk.book(question, slots[0] if left else slots[1])
        assert desk.slots(question) == left
    with database.read() as uow:
        assert uow.bookings.busy([ana.resource_id], Span(first - 1, second + 3601)) == {
            ana.resource_id: [Span(first, second), Span(second, second + 3600)]
        }
