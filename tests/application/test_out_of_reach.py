"""What cannot be booked is not offered, and questions without meaning are answered in one sentence."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.book import TUESDAY, Book, fill
from support.clock import StandingClock

from inkdesk.application.availability_service import AvailabilityService
from inkdesk.application.finder_service import FindCommand, FinderService
from inkdesk.domain.artists import Artist
from inkdesk.domain.availability import Cause, SlotRequest
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.finder import Wish
from inkdesk.domain.groups import GroupSitting, check_group
from inkdesk.domain.hours import WallSpan, every_week
from inkdesk.domain.series import Repeat, RepeatUnit, series_starts
from inkdesk.domain.sitting import LONGEST_S, Sitting
from inkdesk.domain.studio import check_rules
from inkdesk.infrastructure.db.database import Database

PARIS = ZoneInfo("Europe/Paris")
DAY = date(2026, 12, 1)
ROUND_THE_CLOCK = every_week(((WallSpan(0, 1440),),) * 7)


@pytest.fixture
def book(database: Database) -> Book:
    return fill(database)


@pytest.fixture
def availability(database: Database, clock: StandingClock) -> AvailabilityService:
    return AvailabilityService(database.read, clock)


def refusal(ask: Callable[[], object]) -> str:
    with pytest.raises(ValidationError) as refused:
        ask()
    return refused.value.message.plain()


def test_an_archived_service_is_not_offered(database: Database, book: Book, availability: AvailabilityService) -> None:
    with database.write() as uow:
        uow.catalogue.save_service(replace(book.service, is_active=False))
        uow.commit()
    archived = "Small piece is archived. Choose another service."
    for artist_id in (None, book.ana.id):
        assert refusal(lambda who=artist_id: availability.slots(who, book.service.id, DAY, DAY)) == archived  # type: ignore[misc]
        assert refusal(lambda who=artist_id: availability.alternatives(who, book.service.id, TUESDAY)) == archived  # type: ignore[misc]


def test_a_sitting_that_no_booking_may_last_is_not_offered(
    database: Database, book: Book, availability: AvailabilityService
) -> None:
    """The pause after it counts, too, so it is a matter of who does it."""
    with database.write() as uow:
        tireless = uow.artists.add(Artist(name="Tireless", plans=ROUND_THE_CLOCK))
        paused = uow.artists.add(Artist(name="Paused", plans=ROUND_THE_CLOCK, pause_s=60))
        uow.commit()
    whole = book.service.sitting
    longest = LONGEST_S - whole.prep_s - whole.clean_up_s
    offered = availability.slots(None, book.service.id, DAY, DAY, sitting_s=longest)
    assert {slot.artist_id for slot in offered} == {tireless.id}
    assert availability.judge(tireless.id, book.service.id, offered[0].starts_at, sitting_s=longest).is_free
    too_long = "A booking keeps its artist for at most 7 days. Book several sittings."
    assert availability.slots(paused.id, book.service.id, DAY, DAY, sitting_s=longest) == []
    assert refusal(lambda: availability.slots(None, book.service.id, DAY, DAY, sitting_s=10**12)) == too_long
    assert refusal(lambda: availability.judge(paused.id, book.service.id, TUESDAY, sitting_s=longest)) == too_long


@pytest.mark.parametrize("year", [1, 1999, 2200, 9999])
def test_nobody_books_in_years_that_are_a_slip_of_the_finger(
    year: int, database: Database, book: Book, availability: AvailabilityService, clock: StandingClock
) -> None:
    ana, service, last = book.ana.id, book.service.id, date(year, 12, 31)
    finder = FinderService(database.read, clock)
    far = FindCommand(service_id=service, earliest=last, overrides=frozenset({Cause.TOO_FAR}))
    questions: list[Callable[[], object]] = [
        lambda: availability.slots(ana, service, last - timedelta(days=1), last),
        lambda: availability.judge(ana, service, datetime(year, 12, 31, 23, tzinfo=UTC)),
        lambda: availability.alternatives(ana, service, datetime(year, 1, 1, tzinfo=UTC)),
        lambda: finder.find(far),
        lambda: series_starts(
            datetime(year, 12, 31, 23, tzinfo=UTC), Repeat(every=1, unit=RepeatUnit.WEEKS, count=2), PARIS
        ),
        lambda: check_rules(replace(book.studio, first_date=last)),
    ]
    for ask in questions:
        assert refusal(ask) == "Bookings are made for the years 2000 to 2199. Choose another date."


def test_an_endless_sitting_is_refused_before_anything_is_counted() -> None:
    with pytest.raises(ValueError, match="at most a week"):
        SlotRequest(sitting=Sitting(0, LONGEST_S, 1), zone=PARIS, now_s=0)


def test_a_series_ends_in_years_in_which_bookings_are_made() -> None:
    rule = Repeat(every=104, unit=RepeatUnit.MONTHS, count=104)
    assert refusal(lambda: series_starts(TUESDAY, rule, PARIS)).startswith("Bookings are made for the years")


@pytest.mark.parametrize("near_s", [-(10**15), 0, 10**15])
def test_an_asked_instant_is_one_of_those_years(near_s: int) -> None:
    with pytest.raises(ValueError, match="in which nobody books"):
        Wish(near_s=near_s)


def test_a_group_sitting_lasts_a_second_at_least() -> None:
    group = GroupSitting(
        artist_id=1,
        service_id=1,
        title="Flash day",
        starts_at=TUESDAY,
        ends_at=TUESDAY + timedelta(milliseconds=500),
        seats=1,
        created_at=TUESDAY,
        request_key="k",
    )
    assert refusal(lambda: check_group(group)) == "The group sitting ends before it begins. Check its times."


def test_a_moment_without_a_zone_is_refused_in_words(book: Book, availability: AvailabilityService) -> None:
    naive = TUESDAY.replace(tzinfo=None)
    sentence = "The start needs a time zone."
    assert refusal(lambda: availability.judge(book.ana.id, book.service.id, naive)) == sentence
    assert refusal(lambda: availability.alternatives(None, book.service.id, naive)) == sentence
