"""The finder through the whole stack, on both engines: the same offers as from every slot of the whole year."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import event
from support.book import TUESDAY, Book, a_booking, fill, put
from support.clock import StandingClock

from inkdesk.application.availability_service import AvailabilityService, FreeSlot
from inkdesk.application.finder_service import FindCommand, FinderService, Found
from inkdesk.domain.artists import Artist
from inkdesk.domain.availability import Cause, Slot
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.finder import OfferKind, SlotKey, Wish, three_offers
from inkdesk.domain.hours import WallSpan
from inkdesk.domain.slot_rules import Alignment, Limits
from inkdesk.domain.spans import to_seconds
from inkdesk.domain.studio import Studio
from inkdesk.infrastructure.db.database import Database

TODAY = date(2026, 11, 23)


@pytest.fixture
def book(database: Database) -> Book:
    return fill(database)


@pytest.fixture
def finder(database: Database, clock: StandingClock) -> FinderService:
    return FinderService(database.read, clock)


def change(database: Database, book: Book, **rules: object) -> Studio:
    """Save the studio with other rules."""
    with database.write() as uow:
        studio = uow.studio.save(replace(uow.studio.get(), **rules))  # type: ignore[arg-type]
        uow.commit()
    return studio


def change_artist(database: Database, artist: Artist, **facts: object) -> None:
    with database.write() as uow:
        uow.artists.save(replace(uow.artists.get(artist.id), **facts))  # type: ignore[arg-type]
        uow.commit()


def starts(found: Found) -> list[str]:
    return [f"{one.slot.artist_name} {one.slot.starts_at:%m-%d %H:%M}" for one in found.offers]


def kinds(found: Found) -> list[OfferKind]:
    return [one.kind for one in found.offers]


def wish(near: int | None = None, **rest: object) -> Wish:
    """A wish near so many hours after Monday 00:00 UTC."""
    near_s = None if near is None else to_seconds(TUESDAY.replace(day=23, hour=0)) + near * 3600
    return Wish(near_s=near_s, **rest)  # type: ignore[arg-type]


def plain(slot: FreeSlot) -> Slot:
    return Slot(to_seconds(slot.starts_at), to_seconds(slot.ends_at), slot.artist_ids, slot.station_ids)


# Offers


def test_as_soon_as_possible_with_anyone(finder: FinderService, book: Book) -> None:
    found = finder.find(FindCommand(service_id=book.service.id))
    assert starts(found) == ["Ana 11-23 10:00", "Bo 11-23 10:15", "Ana 11-24 09:00"]
    assert kinds(found) == [OfferKind.EARLIEST, OfferKind.OTHER, OfferKind.OTHER]
    assert [one.overrode for one in found.offers] == [(), (), ()]
    assert found.sentence is None
    assert not found.is_exhausted


def test_an_offer_is_a_free_slot_of_the_studios_zone(finder: FinderService, database: Database, book: Book) -> None:
    with database.write() as uow:
        seated = uow.catalogue.save_service(replace(book.service, station_kind="chair"))
        uow.commit()
    slot = finder.find(FindCommand(service_id=seated.id)).offers[0].slot
    assert slot.starts_at.isoformat() == "2026-11-23T10:00:00+01:00"
    assert slot.ends_at.isoformat() == "2026-11-23T11:00:00+01:00"
    assert slot.artist_ids == (book.ana.id,)
    assert slot.artist_names == ("Ana",)
    assert slot.station_ids == (book.station.unit_ids[0],)


def test_far_ahead_the_nearest_is_found_and_the_earliest_too(finder: FinderService, book: Book) -> None:
    asked = wish(near=24 * 100 + 13)  # Wednesday 3 March 2027, 14:00 in Paris
    found = finder.find(FindCommand(service_id=book.service.id, artist_id=book.bo.id, wish=asked))
    assert starts(found) == ["Bo 11-23 10:00", "Bo 03-03 14:00", "Bo 03-02 14:00"]
    assert kinds(found) == [OfferKind.EARLIEST, OfferKind.NEAREST, OfferKind.OTHER]


def test_the_asked_length_counts(finder: FinderService, book: Book) -> None:
    found = finder.find(FindCommand(service_id=book.service.id, sitting_s=7 * 3600, artist_id=book.ana.id))
    assert starts(found) == ["Ana 11-23 10:00", "Ana 11-24 09:00", "Ana 11-25 09:00"]
    assert {one.slot.ends_at - one.slot.starts_at for one in found.offers} == {timedelta(hours=7)}


def test_both_artists_at_once(finder: FinderService, database: Database, book: Book) -> None:
    with database.write() as uow:
        put(uow, a_booking(book), book.ana)
        put(uow, a_booking(book, TUESDAY - timedelta(days=1), artist=book.bo), book.bo)
        uow.commit()
    found = finder.find(FindCommand(service_id=book.service.id, artist_id=book.ana.id, with_artist_ids=(book.bo.id,)))
    assert [one.slot.artist_names for one in found.offers] == [("Ana", "Bo")] * 3
    assert starts(found) == ["Ana 11-23 12:30", "Ana 11-24 09:00", "Ana 11-25 09:00"]


def test_anyone_with_a_style(finder: FinderService, database: Database, book: Book) -> None:
    change_artist(database, book.bo, styles=("fine line", "Irezumi"))
    found = finder.find(FindCommand(service_id=book.service.id, style="irezumi"))
    assert starts(found) == ["Bo 11-23 10:00", "Bo 11-24 09:00", "Bo 11-25 09:00"]


def test_a_limit_of_an_artist_holds_across_the_ranges_that_are_read(
    finder: FinderService, database: Database, book: Book
) -> None:
    change_artist(database, book.ana, limits=Limits(per_week=1))
    with database.write() as uow:
        put(uow, a_booking(book), book.ana)
        uow.commit()
    found = finder.find(FindCommand(service_id=book.service.id, artist_id=book.ana.id))
    assert starts(found) == ["Ana 11-30 09:00", "Ana 12-01 09:00", "Ana 12-02 09:00"]


def test_it_starts_at_the_asked_date_but_not_in_the_past(finder: FinderService, book: Book) -> None:
    later = FindCommand(service_id=book.service.id, earliest=date(2026, 11, 28))
    assert starts(finder.find(later))[0] == "Ana 11-30 09:00"
    past = FindCommand(service_id=book.service.id, earliest=date(2026, 1, 1))
    assert starts(finder.find(past))[0] == "Ana 11-23 10:00"


# The whole book


@pytest.mark.parametrize("seed", range(9))
def test_the_offers_are_those_of_every_slot_of_the_year(
    database: Database, book: Book, finder: FinderService, clock: StandingClock, seed: int
) -> None:
    random = Random(seed)
    rules = {
        "slot_step_s": 3600,
        "alignment": list(Alignment)[seed % 3],
        "horizon_days": random.choice([12, 45, 150]),
        "first_date": random.choice([None, TODAY + timedelta(days=7)]),
        "last_date": random.choice([None, TODAY + timedelta(days=60)]),
        "open_days": random.choice([None, None, 9]),
    }
    change(database, book, **rules)
    with database.write() as uow:
        for artist in (book.ana, book.bo):
            days = random.sample(range(150), 140 if seed % 2 else 40)
            for day in days:
                booking = replace(
                    a_booking(book, TUESDAY - timedelta(hours=1) + timedelta(days=day), artist=artist),
                    sitting=book.service.sitting._replace(sitting_s=7 * 3600),
                )
                put(uow, booking, artist)
        uow.commit()
    free = [
        plain(one)
        for one in AvailabilityService(database.read, clock).slots(None, book.service.id, TODAY, date(2027, 11, 23))
    ]
    assert free
    for _ in range(25):
        asked = Wish(
            window=random.choice([None, WallSpan(540, 660), WallSpan(900, 1500)]),
            weekdays=frozenset(random.sample(range(5), random.choice([0, 1, 3]))),
            near_s=random.choice([None, to_seconds(TUESDAY) + random.randrange(-100, 24 * 160) * 3600]),
            preferred_artist_id=random.choice([None, book.bo.id]),
        )
        found = finder.find(FindCommand(service_id=book.service.id, wish=asked))
        expected = three_offers(free, asked, book.studio.zone_info)
        assert [(one.key, one.kind) for one in found.offers] == [
            (SlotKey(one.slot.start_s, one.slot.artist_ids), one.kind) for one in expected
        ]


def test_declining_everything_goes_through_the_book_once(
    database: Database, book: Book, finder: FinderService, clock: StandingClock
) -> None:
    change(database, book, horizon_days=2, slot_step_s=3600)
    command = FindCommand(service_id=book.service.id, wish=wish(near=36))
    declined: list[SlotKey] = []
    found = finder.find(command)
    assert not found.is_exhausted
    while found.offers:
        declined += [one.key for one in found.offers]
        last, found = found, finder.find_next(command, declined)
    free = AvailabilityService(database.read, clock).slots(None, book.service.id, TODAY, TODAY + timedelta(days=9))
    assert sorted(declined) == sorted(SlotKey(to_seconds(one.starts_at), one.artist_ids) for one in free)
    assert last.is_exhausted
    assert found.is_exhausted
    assert found.sentence is not None
    assert found.sentence.plain() == "Nothing else fits until 2026-11-25. Ask for other times, days or artists."


def test_before_the_first_date_nothing_is_sought(finder: FinderService, database: Database, book: Book) -> None:
    change(database, book, first_date=date(2027, 3, 1), last_date=date(2027, 3, 2))
    found = finder.find(FindCommand(service_id=book.service.id, artist_id=book.ana.id))
    assert starts(found) == ["Ana 03-01 09:00", "Ana 03-02 09:00", "Ana 03-01 09:15"]
    assert found.searched_until == date(2027, 3, 2)
    soon = finder.find(FindCommand(service_id=book.service.id, overrides=frozenset({Cause.TOO_FAR})))
    assert starts(soon)[0] == "Ana 11-23 10:00"
    assert soon.offers[0].overrode == (Cause.TOO_FAR,)


def test_nothing_fits(finder: FinderService, book: Book) -> None:
    found = finder.find(FindCommand(service_id=book.service.id, wish=wish(weekdays=frozenset({6}))))
    assert found.offers == ()
    assert found.is_exhausted
    assert found.searched_until == date(2027, 11, 23)
    assert found.sentence is not None
    assert found.sentence.plain() == "Nothing fits until 2027-11-23. Ask for other times, days or artists."


def test_a_date_beyond_the_furthest_is_told(finder: FinderService, database: Database, book: Book) -> None:
    change(database, book, horizon_days=30)
    found = finder.find(FindCommand(service_id=book.service.id, earliest=date(2027, 3, 1)))
    assert found.offers == ()
    assert found.is_exhausted
    assert found.sentence is not None
    assert found.sentence.plain() == "The studio books no further than 2026-12-23. Choose an earlier date."


# Overrides


def test_an_offer_says_what_it_overrode(finder: FinderService, database: Database, book: Book) -> None:
    change(database, book, minimum_notice_s=86400, horizon_days=3)
    soon = FindCommand(service_id=book.service.id, artist_id=book.ana.id, wish=wish(near=24 * 9 + 9))
    assert starts(finder.find(soon)) == ["Ana 11-24 10:00", "Ana 11-26 16:00", "Ana 11-25 10:00"]
    both = finder.find(replace(soon, overrides=frozenset({Cause.TOO_SOON, Cause.TOO_FAR})))
    assert starts(both) == ["Ana 11-23 10:00", "Ana 12-02 10:00", "Ana 12-01 10:00"]
    assert [one.overrode for one in both.offers] == [(Cause.TOO_SOON,), (Cause.TOO_FAR,), (Cause.TOO_FAR,)]
    notice = finder.find(replace(soon, overrides=frozenset({Cause.TOO_SOON})))
    assert starts(notice) == ["Ana 11-23 10:00", "Ana 11-26 16:00", "Ana 11-25 10:00"]
    assert [one.overrode for one in notice.offers] == [(Cause.TOO_SOON,), (), ()]


# What cannot be asked


def refused(finder: FinderService, command: FindCommand) -> tuple[str, str]:
    with pytest.raises(ValidationError) as failure:
        finder.find(command)
    return failure.value.field, failure.value.message.plain()


def test_what_cannot_be_asked_is_refused(finder: FinderService, database: Database, book: Book) -> None:
    ask = FindCommand(service_id=book.service.id)
    hours = replace(ask, overrides=frozenset({Cause.OUTSIDE_HOURS}))
    assert refused(finder, hours)[0] == "overrides"
    assert refused(finder, replace(ask, sitting_s=0)) == ("sitting_s", "A sitting lasts longer than nothing.")
    style = refused(finder, replace(ask, style="tribal"))
    assert style == ("style", "Nobody does Small piece as tribal. Choose another style.")
    assert refused(finder, replace(ask, service_id=99))[1].endswith(".")
    with database.write() as uow:
        service = uow.catalogue.save_service(replace(book.service, artist_ids=(book.bo.id,)))
        uow.commit()
    unfit = refused(finder, replace(ask, artist_id=book.ana.id))
    assert unfit == ("artist_id", "Ana does not offer Small piece. Choose another artist.")
    assert refused(finder, replace(ask, artist_id=book.bo.id, with_artist_ids=(book.ana.id,))) == unfit
    change_artist(database, book.bo, is_active=False)
    nobody = refused(finder, ask)
    assert nobody == ("service_id", "Nobody does Small piece. Choose another service.")
    with database.write() as uow:
        uow.catalogue.save_service(replace(service, is_active=False))
        uow.commit()
    assert refused(finder, ask) == ("service_id", "Small piece is archived. Choose another service.")


# Queries


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Everything that is sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(database._engine, "before_cursor_execute", note)
    yield sent
    event.remove(database._engine, "before_cursor_execute", note)


def queries(database: Database, finder: FinderService, commands: Sequence[FindCommand]) -> list[int]:
    counts = []
    for command in commands:
        with statements(database) as sent:
            finder.find(command)
        counts.append(len(sent))
    return counts


def hire(database: Database, book: Book, count: int) -> None:
    with database.write() as uow:
        for number in range(count):
            uow.artists.add(replace(book.bo, id=0, resource_id=0, name=f"Guest {number}"))
        uow.commit()


def test_no_query_is_asked_per_artist_or_day(finder: FinderService, database: Database, book: Book) -> None:
    command = FindCommand(service_id=book.service.id)
    queries(database, finder, [command, command])  # from now on settings are known, and a connection is open
    hire(database, book, 1)
    (few,) = queries(database, finder, [command])
    hire(database, book, 8)
    never = replace(command, wish=wish(weekdays=frozenset({6})))
    many, whole_year = queries(database, finder, [command, never])
    assert many == few
    assert whole_year <= few * 4
