"""The first look at a file shows what the whole database shows, or leaves the file to it."""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from support.book import NINE_TO_FIVE, Book, a_booking, a_payment, fill
from support.clock import StandingClock
from tools.frozen_statements import TARGET, frozen

from inkdesk.application.ledger_view import LedgerFilter, LedgerNames
from inkdesk.application.ports import Claim, UnitOfWork
from inkdesk.domain.artists import Artist, DateOverride, Leave
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import DatabaseUnreachable
from inkdesk.domain.groups import GroupSitting
from inkdesk.domain.hours import WallSpan, WeeklyPlan, every_week
from inkdesk.domain.message import message
from inkdesk.domain.payments import PaymentStatus
from inkdesk.domain.spans import Span
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.db.driver import sqlite_module
from inkdesk.infrastructure.db.early import EarlyDatabase
from inkdesk.infrastructure.db.first_look import FirstLook, look
from inkdesk.infrastructure.files import sqlite_path, sqlite_url

DAY = timedelta(days=1)
ZONES = ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu", "UTC")
SPANS = (WallSpan(0, 120), WallSpan(540, 1020), WallSpan(1320, 1800))
WEEKS = (date(2026, 3, 26), date(2026, 4, 3), date(2026, 10, 22), date(2026, 10, 30), date(2026, 11, 23))
"""Weeks with clock changes in one zone or another, and one without any."""


@pytest.fixture
def file(sqlite_url: str) -> Path:
    found = sqlite_path(sqlite_url)
    assert found is not None
    return found


@pytest.fixture
def whole(sqlite_url: str, clock: StandingClock) -> Iterator[Database]:
    database = Database.open(sqlite_url, who="mara@front", clock=clock)
    yield database
    database.close()


@pytest.fixture
def early(file: Path, sqlite_url: str, clock: StandingClock, whole: Database) -> Iterator[EarlyDatabase]:
    """A studio with a booking, of which only the first look was taken."""
    book = fill(whole)
    with whole.write() as uow:
        uow.bookings.add(a_booking(book))
        uow.commit()
    database = EarlyDatabase(seen(file), lambda: Database.open(sqlite_url, who="mara@front", clock=clock))
    yield database
    database.close()


def seen(file: Path) -> FirstLook:
    first = look(file)
    assert first is not None
    return first


def change(file: Path, *statements: str) -> None:
    with closing(sqlite_module().connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def fill_at_random(uow: UnitOfWork, book: Book, chance: random.Random) -> None:
    """Artists of all kinds, and around each week bookings of every status, payments, overrides and leave."""
    artists = [book.ana, book.bo]
    for number in range(3):
        plans = tuple(random_plan(chance, starts_on) for starts_on in (None, *WEEKS[1:3])[: number + 1])
        styles = ("fine line", "Irezumi")[:number]
        zone = chance.choice(("", *ZONES))
        stays = {"is_guest": True, "stays_from": WEEKS[0], "stays_until": chance.choice(WEEKS)} if number else {}
        stored = uow.artists.add(Artist(name=f"Élan {number}", plans=plans, styles=styles, zone=zone, **stays))  # type: ignore[arg-type]
        artists.append(uow.artists.save(replace(stored, is_active=number != 2)))
    for week in WEEKS:
        start = datetime(week.year, week.month, week.day, tzinfo=UTC)
        for artist in artists[: chance.randrange(2, 6)]:
            on = week + chance.randrange(-4, 12) * DAY
            spans = tuple(sorted(chance.sample(SPANS, chance.randrange(3))))
            uow.artists.set_override(DateOverride(artist_id=artist.id, on=on, spans=spans))
            beside = tuple(one.id for one in chance.sample(artists, chance.randrange(3)) if one != artist)
            add_booking(
                uow, book, artist, beside, start + chance.randrange(-1440, 11520) * timedelta(minutes=1), chance
            )
        add_group(uow, book, artists[-1], start + chance.randrange(-5, 160) * timedelta(hours=1), chance)
        away = chance.choice((None, book.ana.id))
        since = start + chance.randrange(-48, 180) * timedelta(hours=1)
        uow.artists.add_leave(Leave(artist_id=away, starts_at=since, ends_at=since + DAY, reason="Grippe"))


def random_plan(chance: random.Random, starts_on: date | None) -> WeeklyPlan:
    weeks = tuple(
        tuple(tuple(sorted(chance.sample(SPANS, chance.randrange(3)))) for _ in range(7))
        for _ in range(chance.randrange(1, 4))
    )
    return WeeklyPlan(weeks, starts_on, WEEKS[0] + chance.randrange(30) * DAY)


def add_booking(
    uow: UnitOfWork,
    book: Book,
    artist: Artist,
    beside: tuple[int, ...],
    starts_at: datetime,
    chance: random.Random,
) -> None:
    status = chance.choice(list(BookingStatus))
    held = starts_at if status is BookingStatus.PENDING_PAYMENT else None
    sitting = book.service.sitting._replace(sitting_s=chance.choice((3600, 4 * 86400)))
    new = replace(a_booking(book, starts_at, artist=artist), status=status, hold_until=held, sitting=sitting)
    new = replace(new, with_artist_ids=beside)
    stored = uow.bookings.add(replace(new, note=chance.choice("aé😀")))
    for attempt in range(chance.randrange(3)):
        paid = replace(a_payment(stored, attempt + 1), status=chance.choice(list(PaymentStatus)), refunded_minor=7)
        uow.payments.add(paid)


def add_group(uow: UnitOfWork, book: Book, host: Artist, starts_at: datetime, chance: random.Random) -> None:
    """A group sitting, perhaps cancelled, with a party that keeps its seats and one that does not."""
    group = uow.groups.add(
        GroupSitting(
            artist_id=host.id,
            service_id=book.service.id,
            title=chance.choice("aé😀"),
            starts_at=starts_at,
            ends_at=starts_at + chance.choice((6 * timedelta(hours=1), 5 * DAY)),
            seats=chance.randrange(2, 5),
            is_cancelled=chance.random() < 0.5,
            created_at=starts_at,
            request_key=f"group {starts_at}",
        )
    )
    if not group.is_cancelled:
        uow.groups.keep_host(group.id, host.resource_id, Span(group.span.start_s - 600, group.span.end_s + 60))
    for blocks in (True, False):
        seated = uow.bookings.add(replace(a_booking(book, starts_at, artist=host), group_id=group.id))
        units = chance.sample(group.unit_ids, chance.randrange(1, 3))
        uow.bookings.claim(seated.id, [Claim(unit, group.span) for unit in units], blocks=blocks)


def test_the_frozen_statements_are_those_of_the_calendar(tmp_path: Path, clock: StandingClock) -> None:
    assert frozen(tmp_path, clock) == TARGET.read_text(encoding="utf-8")


@pytest.mark.parametrize("zone", ZONES)
def test_the_first_look_shows_what_the_database_shows(file: Path, whole: Database, zone: str) -> None:
    chance = random.Random(zone)
    book = fill(whole, zone)
    with whole.write() as uow:
        fill_at_random(uow, book, chance)
        uow.commit()
        version = whole.data_version()
    first = seen(file)
    with whole.read() as uow:
        assert first.studio == uow.studio.get()
    assert first.data_version == version + 2  # less the object's own two writes
    shown = groups = 0
    for week in WEEKS:
        expected = whole.queries.calendar(week, week + 6 * DAY)
        assert first.calendar(week, week + 6 * DAY) == expected
        shown += len(expected.cards)
        groups += len(expected.groups)
    assert shown > len(WEEKS)
    assert groups >= len(WEEKS)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alembic_version SET version_num = '0000'",
        "UPDATE alembic_version SET version_num = '9999'",
        "DELETE FROM alembic_version",
        "UPDATE schema_info SET min_client_version = 99",
        "DROP TRIGGER occupancy_guard_update",
        "DROP TABLE alembic_version",
    ],
)
def test_a_file_of_another_version_or_without_guards_is_left_to_the_database(
    file: Path, whole: Database, statement: str
) -> None:
    fill(whole)
    whole.close()
    assert look(file) is not None
    change(file, statement)
    assert look(file) is None


def test_a_file_without_a_studio_is_left_to_the_database(file: Path) -> None:
    assert look(file) is None


def test_a_file_that_is_missing_or_none_of_ours_is_left_to_the_database(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    assert look(other) is None
    assert not other.exists()
    other.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    assert look(other) is None


def test_a_locked_file_is_left_to_the_database(file: Path, whole: Database) -> None:
    fill(whole)
    whole.close()
    first = seen(file)
    with closing(sqlite_module().connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = delete").fetchall()
        other.execute("BEGIN EXCLUSIVE")
        assert look(file) is None
        assert first.calendar(WEEKS[0], WEEKS[0]) is None


def test_a_look_changes_nothing(file: Path, whole: Database) -> None:
    fill(whole)
    whole.close()
    before = file.read_bytes()
    seen(file).calendar(WEEKS[0], WEEKS[0])
    assert file.read_bytes() == before


def test_only_the_calendar_does_not_open_the_whole_database(early: EarlyDatabase) -> None:
    opened: list[int] = []
    really = early._open_whole
    early._open_whole = lambda: opened.append(1) or really()  # type: ignore[func-returns-value]
    card = early.queries.calendar(date(2026, 11, 23), date(2026, 11, 29)).cards[0]
    assert opened == []
    assert early.queries.booking(card.booking_id).card == card
    assert early.queries.calendar(date(2026, 11, 23), date(2026, 11, 29)).cards == [card]
    assert [one.client.name for one in early.queries.find_clients("zo")] == ["Zoé Müller"]
    assert early.queries.ledger(LedgerFilter(first=WEEKS[-1], last=WEEKS[-1])) == []
    assert early.queries.ledger_names(WEEKS[-1], WEEKS[-1]) == LedgerNames()
    assert early.queries.open_tasks() == []
    assert early.check().problems == ()
    assert opened == [1]


def test_what_was_written_since_the_first_look_is_noticed(early: EarlyDatabase, whole: Database) -> None:
    with whole.write() as uow:
        uow.artists.add(Artist(name="Cleo", plans=every_week(NINE_TO_FIVE)))
        uow.commit()
    first = early.data_version()
    assert early.data_version() == first + 1
    assert early.data_version() == first + 1


def test_own_writes_are_not_taken_for_another_desks(early: EarlyDatabase) -> None:
    with early.write() as uow:
        uow.artists.add(Artist(name="Cleo", plans=every_week(NINE_TO_FIVE)))
        uow.commit()
    assert early.data_version() == early.data_version()


def test_a_database_that_does_not_open_is_tried_again(early: EarlyDatabase, file: Path) -> None:
    really = early._open_whole
    early._open_whole = fail
    with pytest.raises(DatabaseUnreachable, match="gone"):
        early.read()
    early._open_whole = really
    with early.read() as uow:
        assert uow.studio.get().name == "Nadel & Co"
    assert (early.kind, early.url_shown) == ("sqlite", str(file))


def fail() -> Database:
    raise DatabaseUnreachable(message("The disk is gone."))


def test_a_calendar_that_the_first_look_cannot_read_is_the_databases(early: EarlyDatabase, tmp_path: Path) -> None:
    early._first = replace(early._first, file=tmp_path / "gone.db")
    assert len(early.queries.calendar(date(2026, 11, 23), date(2026, 11, 29)).cards) == 1


@pytest.mark.parametrize("name", ["book.db", "a b%20#é'.db"])
def test_a_files_url_leads_back_to_it(tmp_path: Path, name: str) -> None:
    assert sqlite_path(sqlite_url(tmp_path / name)) == tmp_path / name


@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///file:x.db?uri=true", "postgresql://host/name", "x.db"],
)
def test_other_addresses_are_no_plain_file(url: str) -> None:
    assert sqlite_path(url) is None
