"""Every repository method on both engines."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from support.book import (
    NINE_TO_FIVE,
    TUESDAY,
    Book,
    a_booking,
    a_service,
    a_studio,
    fill,
    occupied,
    put,
)
from support.clock import StandingClock

from inkdesk.application.ports import Claim
from inkdesk.domain.artists import Artist, DateOverride, Leave
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.catalogue import Station
from inkdesk.domain.clients import Client
from inkdesk.domain.errors import DatabaseUnreachable, StaleRecord, ValidationError
from inkdesk.domain.hours import CLOSED_WEEK, WallSpan, WeeklyPlan, every_week
from inkdesk.domain.money import Money
from inkdesk.domain.sitting import Processing
from inkdesk.domain.slot_rules import Alignment, Limits
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.infrastructure.db.database import Database


@pytest.fixture
def book(database: Database) -> Book:
    return fill(database)


def test_a_studio_is_found_saved_and_guarded_by_its_version(database: Database) -> None:
    with database.read() as uow:
        assert uow.studio.find() is None
        with pytest.raises(ValidationError, match="no studio"):
            uow.studio.get()
    with database.write() as uow:
        wanted = replace(
            a_studio(),
            horizon_days=None,
            alignment=Alignment.ROUND,
            first_date=date(2026, 11, 1),
            last_date=date(2027, 1, 31),
            open_days=14,
        )
        added = uow.studio.add(wanted)
        uow.commit()
    with database.write() as uow:
        found = uow.studio.get()
        assert found == added
        assert found == replace(wanted, id=added.id)
        saved = uow.studio.save(replace(found, name="Other"))
        uow.commit()
    assert (saved.name, saved.version) == ("Other", 2)
    with database.write() as uow, pytest.raises(StaleRecord):
        uow.studio.save(added)


def test_nothing_lasts_without_commit(database: Database, book: Book) -> None:
    with database.write() as uow:
        uow.clients.add(Client(name="Nobody", phone="+33600000000"))
    with pytest.raises(ValidationError, match="client"):
        _add_nobody_and_fail(database)
    with database.read() as uow:
        assert uow.clients.by_phone("+33600000000") == []
        with pytest.raises(RuntimeError, match="only reads"):
            uow.commit()


def _add_nobody_and_fail(database: Database) -> None:
    with database.write() as uow:
        uow.clients.add(Client(name="Nobody", phone="+33600000000"))
        uow.clients.get(999)


def test_a_read_cannot_write_and_sees_one_picture(database: Database, book: Book) -> None:
    with database.read() as uow:
        before = uow.clients.get(book.client.id)
        with database.write() as other:
            other.clients.save(replace(before, note="changed meanwhile"))
            other.commit()
        assert uow.clients.get(book.client.id) == before
    with database.read() as uow:
        assert uow.clients.get(book.client.id).note == "changed meanwhile"
    with database.read() as uow, pytest.raises(DatabaseUnreachable, match="read"):
        uow.clients.add(Client(name="Nobody"))


def test_artists_with_their_weeks(database: Database, book: Book) -> None:
    week = ((WallSpan(600, 720), WallSpan(1320, 1800)), (), (), (), (), (), (WallSpan(0, 1440),))
    guest = Artist(
        name="Guest",
        zone="Asia/Tokyo",
        is_guest=True,
        stays_from=date(2026, 11, 1),
        stays_until=date(2026, 11, 30),
        plans=every_week(week),
    )
    with database.write() as uow:
        added = uow.artists.add(guest)
        uow.commit()
    assert added.id > 0
    assert added.resource_id not in {0, book.ana.resource_id, book.bo.resource_id}
    with database.write() as uow:
        assert uow.artists.all() == [book.ana, book.bo, added]
        assert uow.artists.get(added.id) == replace(guest, id=added.id, resource_id=added.resource_id)
        saved = uow.artists.save(replace(added, is_active=False, plans=every_week(NINE_TO_FIVE)))
        assert uow.artists.get(added.id) == saved
        assert uow.artists.all() == [book.ana, book.bo]
        assert uow.artists.all(with_inactive=True) == [book.ana, book.bo, saved]
        with pytest.raises(StaleRecord, match="Guest"):
            uow.artists.save(added)
        with pytest.raises(ValidationError, match="artist"):
            uow.artists.get(999)


def test_plans_limits_and_styles_of_an_artist(database: Database, book: Book) -> None:
    """Empty weeks count, an artist may have no plan at all, and the plan from ever comes first, whatever its id."""
    closed, late = CLOSED_WEEK, ((WallSpan(720, 1200),),) * 5 + ((), ())
    before = WeeklyPlan((NINE_TO_FIVE, closed, closed), None, date(2026, 11, 24))
    after = WeeklyPlan((closed, late), date(2027, 1, 1), date(2026, 12, 28))
    limits = Limits(per_day=3, long_sitting_s=4 * 3600)
    with database.write() as uow:
        added = uow.artists.add(
            Artist(name="Cleo", plans=(after,), limits=limits, styles=("irezumi", "fine line", "Blackwork"))
        )
        assert uow.artists.get(added.id) == added
        both = uow.artists.save(replace(added, plans=(before, after), styles=("Blackwork", "irezumi")))
        assert uow.artists.get(added.id) == both
        swapped = uow.artists.save(replace(both, plans=(before, replace(after, starts_on=date(2026, 12, 1)))))
        assert uow.artists.all() == [book.ana, book.bo, swapped]
        none = uow.artists.save(replace(swapped, plans=(), styles=(), limits=Limits(per_week=1)))
        assert uow.artists.get(added.id) == none
        never = uow.artists.save(replace(none, plans=(WeeklyPlan((closed, closed)),)))
        assert uow.artists.get(added.id) == never


def test_overrides_replace_one_date(database: Database, book: Book) -> None:
    on = date(2026, 12, 24)
    split = DateOverride(artist_id=book.ana.id, on=on, spans=(WallSpan(540, 600), WallSpan(700, 800)))
    closed = DateOverride(artist_id=book.bo.id, on=on + timedelta(days=1), spans=())
    both = [book.ana.id, book.bo.id]
    with database.write() as uow:
        uow.artists.set_override(replace(split, spans=()))
        uow.artists.set_override(split)
        uow.artists.set_override(closed)
        assert uow.artists.overrides(both, on, on + timedelta(days=1)) == [split, closed]
        assert uow.artists.overrides([book.bo.id], date.min, date.max) == [closed]
        assert uow.artists.overrides(both, on + timedelta(days=2), date.max) == []
        assert uow.artists.overrides([], on, date.max) == []
        uow.artists.clear_override(book.ana.id, on)
        assert uow.artists.overrides(both, on, on) == []


def test_leave_by_artist_and_of_the_studio(database: Database, book: Book) -> None:
    start_s = to_seconds(TUESDAY)
    hour = timedelta(hours=1)
    closure = Leave(artist_id=None, starts_at=TUESDAY, ends_at=TUESDAY + hour, reason="Inventory")
    away = Leave(artist_id=book.ana.id, starts_at=TUESDAY - hour, ends_at=TUESDAY + hour)
    with database.write() as uow:
        closure, away = uow.artists.add_leave(closure), uow.artists.add_leave(away)
        assert uow.artists.leaves(Span(start_s, start_s + 1)) == [away, closure]
        assert uow.artists.leaves(Span(start_s - 10, start_s)) == [away]
        assert uow.artists.leaves(Span(start_s + 3600, start_s + 7200)) == []
        assert uow.artists.leaves(Span(-(2**40), 2**40)) == [away, closure]
        uow.artists.remove_leave(away.id)
        uow.artists.remove_leave(999)
        assert uow.artists.leaves(Span(start_s - 9999, start_s + 9999)) == [closure]


def test_services_and_who_does_them(database: Database, book: Book) -> None:
    with database.write() as uow:
        mine = uow.catalogue.add_service(replace(a_service("Cover-up"), artist_ids=(book.bo.id, book.ana.id)))
        assert uow.catalogue.service(mine.id).artist_ids == (book.ana.id, book.bo.id)
        saved = uow.catalogue.save_service(
            replace(mine, artist_ids=(book.bo.id,), price=Money(1, "JPY"), deposit=Money(0, "JPY"), is_active=False)
        )
        assert uow.catalogue.service(mine.id) == saved
        assert uow.catalogue.services() == [book.service]
        assert uow.catalogue.services(with_inactive=True) == [book.service, saved]
        with pytest.raises(StaleRecord, match="Cover-up"):
            uow.catalogue.save_service(mine)
        with pytest.raises(ValidationError, match="service"):
            uow.catalogue.service(999)


@pytest.mark.parametrize("processing", [None, Processing(600, 1800), Processing(0, 3600, "bench", keeps_station=False)])
def test_what_a_service_needs_of_stations(database: Database, book: Book, processing: Processing | None) -> None:
    wanted = replace(
        a_service("Back piece"), station_kind="chair", station_units=2, station_prep_s=0, processing=processing
    )
    with database.write() as uow:
        stored = uow.catalogue.add_service(wanted)
        assert uow.catalogue.service(stored.id) == replace(wanted, id=stored.id)
        saved = uow.catalogue.save_service(
            replace(stored, station_units=1, station_prep_s=None, station_clean_up_s=900, processing=None)
        )
        assert uow.catalogue.service(stored.id) == saved


def test_stations_and_their_units(database: Database, book: Book) -> None:
    with database.write() as uow:
        room = uow.catalogue.add_station(Station(name="Room", kind="room"), 1)
        assert len({*room.unit_ids, *book.station.unit_ids, book.ana.resource_id}) == 4
        assert uow.catalogue.stations() == [book.station, room]
        saved = uow.catalogue.save_station(replace(room, name="Quiet room", is_active=False))
        assert uow.catalogue.stations() == [book.station]
        assert uow.catalogue.stations(with_inactive=True) == [book.station, saved]
        with pytest.raises(StaleRecord, match="Room"):
            uow.catalogue.save_station(room)


def test_clients(database: Database, book: Book) -> None:
    with database.write() as uow:
        assert uow.clients.get(book.client.id) == book.client
        twin = uow.clients.add(Client(name="Zoé's twin", phone=book.client.phone, email="z@example.org"))
        assert uow.clients.by_phone(book.client.phone) == [book.client, twin]
        assert uow.clients.by_phone("") == []
        saved = uow.clients.save(replace(twin, phone="", note="no phone"))
        assert uow.clients.get(twin.id) == saved
        with pytest.raises(StaleRecord, match="twin"):
            uow.clients.save(twin)
        with pytest.raises(ValidationError, match="client"):
            uow.clients.get(999)


def test_bookings_with_their_history(database: Database, book: Book, clock: StandingClock) -> None:
    draft = replace(
        a_booking(book),
        station_id=book.station.unit_ids[1],
        with_artist_ids=(book.bo.id,),
        hold_until=TUESDAY,
        note="Rose",
        override_reason="Asked for",
        checked_in_at=TUESDAY,
        checked_out_at=TUESDAY + timedelta(hours=1),
    )
    with database.write() as uow:
        stored = uow.bookings.add(draft)
        assert stored == replace(draft, id=stored.id)
        assert uow.bookings.get(stored.id) == stored
        assert uow.bookings.by_request_key(draft.request_key) == stored
        assert uow.bookings.by_request_key("another") is None
        moved = uow.bookings.save(replace(stored, starts_at=TUESDAY + timedelta(days=1), status=BookingStatus.NO_SHOW))
        assert uow.bookings.get(stored.id) == moved
        alone = uow.bookings.save(replace(moved, with_artist_ids=()))
        assert uow.bookings.get(stored.id) == alone
        uow.bookings.note_history(stored.id, "MOVED", "sick")
        uow.commit()
        with pytest.raises(StaleRecord):
            uow.bookings.save(stored)
        with pytest.raises(ValidationError, match="book"):
            uow.bookings.get(999)
    assert database.queries.booking(stored.id).history == [(clock.now(), "Desk 1", "MOVED", "sick")]


def test_a_booking_longer_than_the_search_reaches_is_refused_by_the_database_itself(
    database: Database, book: Book
) -> None:
    """The rules say it in words long before; this holds for whoever goes round them."""
    endless = replace(a_booking(book), pause_s=7 * 86400)
    with database.write() as uow, pytest.raises(IntegrityError, match="longest"):
        uow.bookings.add(endless)


def test_holds_by_deadline(database: Database, book: Book) -> None:
    with database.write() as uow:
        hold = replace(a_booking(book), status=BookingStatus.PENDING_PAYMENT)
        late = uow.bookings.add(replace(hold, request_key="late", hold_until=TUESDAY + timedelta(hours=2)))
        soon = uow.bookings.add(replace(hold, request_key="soon", hold_until=TUESDAY))
        endless = uow.bookings.add(replace(hold, request_key="endless"))
        uow.bookings.add(a_booking(book))
        assert uow.bookings.holds() == [soon, late, endless]


def test_busy_spans_and_who_has_them(database: Database, book: Book) -> None:
    ana, bo = book.ana.resource_id, book.bo.resource_id
    with database.write() as uow:
        first = put(uow, a_booking(book), book.ana)
        second = put(uow, a_booking(book, TUESDAY + timedelta(hours=3)), book.ana)
        put(uow, a_booking(book, TUESDAY + timedelta(hours=6)), book.ana, blocks=False)
        one, two = occupied(first), occupied(second)
        assert uow.bookings.busy([ana, bo], Span(one.start_s, two.end_s + 99999)) == {ana: [one, two], bo: []}
        assert uow.bookings.busy([ana], Span(one.end_s - 1, one.end_s)) == {ana: [one]}
        assert uow.bookings.busy([ana], Span(one.end_s, two.start_s)) == {ana: []}
        assert uow.bookings.busy([ana], Span(one.start_s + 5, one.start_s + 6)) == {ana: [one]}
        assert uow.bookings.busy([ana], Span(0, one.start_s)) == {ana: []}
        assert uow.bookings.busy([], one) == {}
        assert uow.bookings.blocking_bookings([ana, bo], Span(one.start_s, two.end_s)) == [first, second]
        assert uow.bookings.blocking_bookings([bo], one) == []
        everything = Span(one.start_s, two.end_s)
        uow.bookings.claim(None, [Claim(ana, Span(two.end_s - 60, two.end_s - 30))], blocks=False)
        uow.bookings.claim(None, [Claim(bo, one)], blocks=True)
        assert uow.bookings.busy([ana, bo], everything, without=[first.id]) == {ana: [two], bo: [one]}
        assert uow.bookings.busy([ana], everything, without={first.id, second.id}) == {ana: []}
        assert uow.bookings.busy([ana], Span(one.start_s + 5, one.end_s), without=(first.id,)) == {ana: []}


def test_the_answer_of_a_request_is_kept_once(database: Database, book: Book) -> None:
    with database.write() as uow:
        assert uow.requests.result_of("k") is None
        assert uow.requests.note("k", "7")
        assert not uow.requests.note("k", "8")
        uow.commit()
    with database.read() as uow:
        assert uow.requests.result_of("k") == "7"


def test_naive_times_are_refused(database: Database, book: Book) -> None:
    naive = datetime(2026, 11, 24, 10)  # noqa: DTZ001 - that is the point
    with database.write() as uow, pytest.raises(ValueError, match="without a zone"):
        uow.artists.add_leave(Leave(artist_id=None, starts_at=naive, ends_at=naive + timedelta(hours=1)))


@pytest.mark.parametrize(
    "name",
    [
        'O\'Brien "Bo"; DROP TABLE client;--',
        "🎨 Ink 👩\u200d🎤",
        "שרה כהן",
        "\u200fمرحبا",
        "<b>Bold</b> & <i>",
        "a\u0301 %s :x ?",
    ],
)
def test_hostile_names_round_trip(database: Database, book: Book, name: str) -> None:
    with database.write() as uow:
        stored = uow.clients.add(Client(name=name, note=name, phone=""))
        uow.commit()
    with database.read() as uow:
        assert uow.clients.get(stored.id).name == name
    assert stored in [match.client for match in database.queries.find_clients(name)]


@pytest.mark.parametrize("name", ["nul\x00", "half \ud83d"])
def test_signs_no_database_holds_are_refused(database: Database, book: Book, name: str) -> None:
    with database.write() as uow:
        with pytest.raises(ValidationError, match="cannot be kept"):
            uow.clients.add(Client(name=name))
        assert uow.clients.get(book.client.id) == book.client


def test_numbers_no_database_holds_are_refused(database: Database, book: Book) -> None:
    huge = replace(a_service(), price=Money(2**63, "EUR"))
    with database.write() as uow, pytest.raises(ValidationError, match="too large"):
        uow.catalogue.add_service(huge)
