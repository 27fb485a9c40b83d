"""What the pages read, on both engines."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from support.book import NINE_TO_FIVE, TUESDAY, Book, a_booking, a_payment, fill, occupied, put
from support.clock import StandingClock

from inkdesk.application.ledger_view import LedgerFilter
from inkdesk.application.ports import Claim
from inkdesk.domain.artists import Artist, DateOverride, Leave
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.clients import Client
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.hours import WallSpan, WeeklyPlan, every_week
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, LedgerKind, PaymentPurpose, PaymentStatus
from inkdesk.domain.spans import Span
from inkdesk.infrastructure.db.database import Database

DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)


@pytest.fixture
def book(database: Database) -> Book:
    return fill(database)


def test_the_calendar_shows_cards_of_every_status(database: Database, book: Book) -> None:
    with database.write() as uow:
        stored = put(uow, replace(a_booking(book), note="Rose", checked_in_at=TUESDAY), book.ana)
        hold = put(
            uow,
            replace(a_booking(book, TUESDAY + DAY), status=BookingStatus.PENDING_PAYMENT, hold_until=TUESDAY + DAY),
            book.ana,
            blocks=False,
        )
        gone = uow.bookings.add(replace(a_booking(book, TUESDAY + 2 * DAY), status=BookingStatus.CANCELLED))
        uow.bookings.add(a_booking(book, TUESDAY + 30 * DAY))
        paid = replace(a_payment(stored), status=PaymentStatus.PARTIALLY_REFUNDED, refunded_minor=1000)
        uow.payments.add(paid)
        uow.payments.add(replace(a_payment(stored, 2), status=PaymentStatus.EXPIRED))
        uow.payments.add(replace(a_payment(stored, 3), status=PaymentStatus.PAID, purpose=PaymentPurpose.TIP))
        uow.commit()
    shown = database.queries.calendar(MONDAY, MONDAY + 6 * DAY)
    assert [card.booking_id for card in shown.cards] == [stored.id, hold.id, gone.id]
    card = shown.cards[0]
    assert card.client_name == "Zoé Müller"
    assert card.service_name == "Small piece"
    assert (card.starts_at, card.ends_at) == (TUESDAY, TUESDAY + timedelta(hours=1))
    assert card.occupied == occupied(stored)
    assert card.paid_minor == 4000  # a tip pays nothing of the price
    assert (card.price, card.deposit) == (Money(12000, "EUR"), Money(5000, "EUR"))
    assert (card.note, card.checked_in_at, card.version) == ("Rose", TUESDAY, 1)
    assert shown.cards[1].hold_until == TUESDAY + DAY
    assert (shown.zone, shown.first, shown.last) == ("Europe/Paris", MONDAY, MONDAY + 6 * DAY)
    assert list(shown.artists) == [book.ana, book.bo]


def test_bookings_count_that_reach_in_with_clean_up_or_preparation_only(database: Database, book: Book) -> None:
    midnight = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)  # in Paris
    with database.write() as uow:
        before = put(uow, a_booking(book, midnight - timedelta(hours=1, minutes=5)), book.ana)
        after = put(uow, a_booking(book, midnight + DAY + timedelta(minutes=5)), book.ana)
        long = replace(a_booking(book, midnight - 3 * DAY), sitting=book.service.sitting._replace(sitting_s=4 * 86400))
        across = put(uow, long, book.bo)
        uow.bookings.add(a_booking(book, midnight - timedelta(hours=2)))
        uow.bookings.add(a_booking(book, midnight + DAY + timedelta(minutes=10)))
        uow.commit()
    wednesday = date(2026, 11, 25)
    cards = database.queries.calendar(wednesday, wednesday).cards
    assert [card.booking_id for card in cards] == [across.id, before.id, after.id]


def test_hours_follow_overrides_and_stay_and_end_with_the_day_before(database: Database, book: Book) -> None:
    night = (WallSpan(1320, 1800),)
    with database.write() as uow:
        guest = uow.artists.add(
            Artist(
                name="Guest",
                is_guest=True,
                plans=every_week(NINE_TO_FIVE),
                stays_from=MONDAY + DAY,
                stays_until=MONDAY + DAY,
            )
        )
        uow.artists.set_override(DateOverride(artist_id=book.ana.id, on=MONDAY, spans=night))
        uow.artists.set_override(DateOverride(artist_id=book.bo.id, on=MONDAY + DAY, spans=()))
        uow.commit()
    hours = database.queries.calendar(MONDAY, MONDAY + DAY).hours
    day = (WallSpan(540, 1020),)
    assert hours == {
        (book.ana.id, MONDAY - DAY): (),
        (book.ana.id, MONDAY): night,
        (book.ana.id, MONDAY + DAY): day,
        (book.bo.id, MONDAY - DAY): (),
        (book.bo.id, MONDAY): day,
        (book.bo.id, MONDAY + DAY): (),
        (guest.id, MONDAY - DAY): (),
        (guest.id, MONDAY): (),
        (guest.id, MONDAY + DAY): day,
    }


def test_hours_follow_the_week_whose_turn_it_is_and_the_plan_that_holds(database: Database, book: Book) -> None:
    day, late = (WallSpan(540, 1020),), (WallSpan(720, 1200),)
    every_other = WeeklyPlan(((day,) * 7, ((),) * 7), None, MONDAY)
    january = WeeklyPlan(((late,) * 7,), MONDAY + 9 * DAY)
    with database.write() as uow:
        uow.artists.save(replace(book.ana, plans=(every_other, january)))
        guest = uow.artists.add(Artist(name="Guest", zone="Europe/London", plans=(every_other, january)))
        uow.artists.set_override(DateOverride(artist_id=book.ana.id, on=MONDAY + 8 * DAY, spans=day))
        uow.commit()
    hours = database.queries.calendar(MONDAY, MONDAY + 10 * DAY).hours
    expected = {**dict.fromkeys(range(7), day), **dict.fromkeys((-1, 7, 8), ()), 9: late, 10: late}
    assert {n: hours[book.ana.id, MONDAY + n * DAY] for n in expected} == {**expected, 8: day}
    assert {n: hours[guest.id, MONDAY + n * DAY] for n in expected} == {
        n: tuple(WallSpan(span.start_min + 60, span.end_min + 60) for span in spans) for n, spans in expected.items()
    }


def test_a_guest_s_own_zone_is_shown_by_the_studio_s_clock(database: Database, book: Book) -> None:
    with database.write() as uow:
        morning, late = (every_week(((WallSpan(*span),), *((),) * 6)) for span in ((360, 840), (1380, 1440)))
        tokyo = uow.artists.add(Artist(name="T", zone="Asia/Tokyo", plans=morning))
        london = uow.artists.add(Artist(name="L", zone="Europe/London", plans=late))
        uow.commit()
    hours = database.queries.calendar(MONDAY, MONDAY + DAY).hours
    assert hours[tokyo.id, MONDAY - DAY] == (WallSpan(1320, 1800),)
    assert hours[tokyo.id, MONDAY] == ()
    assert hours[london.id, MONDAY] == ()
    assert hours[london.id, MONDAY + DAY] == (WallSpan(0, 60),)


def test_leave_is_shown_and_a_former_artist_only_with_bookings(database: Database, book: Book) -> None:
    with database.write() as uow:
        leave = uow.artists.add_leave(Leave(artist_id=None, starts_at=TUESDAY, ends_at=TUESDAY + DAY, reason="Fair"))
        put(uow, a_booking(book, artist=book.bo), book.bo)
        for artist in (book.ana, book.bo):
            uow.artists.save(replace(artist, is_active=False))
        uow.commit()
    shown = database.queries.calendar(MONDAY, MONDAY + 6 * DAY)
    assert list(shown.leaves) == [leave]
    assert [artist.name for artist in shown.artists] == ["Bo"]
    assert not database.queries.calendar(MONDAY + 9 * DAY, MONDAY + 9 * DAY).leaves


def test_one_booking_whole(database: Database, book: Book, clock: StandingClock) -> None:
    with database.write() as uow:
        stored = put(uow, a_booking(book), book.ana)
        payment = uow.payments.add(a_payment(stored))
        uow.bookings.note_history(stored.id, "BOOKED", "")
        clock.advance(minutes=1)
        uow.bookings.note_history(stored.id, "MOVED", "sick")
        uow.commit()
    detail = database.queries.booking(stored.id)
    assert detail.card.booking_id == stored.id
    assert detail.client == book.client
    assert detail.payments == [payment]
    assert [line[1:] for line in detail.history] == [("Desk 1", "BOOKED", ""), ("Desk 1", "MOVED", "sick")]
    with pytest.raises(ValidationError, match="book"):
        database.queries.booking(999)


def test_the_ledger_of_dates_in_the_studio_s_zone(database: Database, book: Book) -> None:
    midnight = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)  # in Paris
    with database.write() as uow:
        stored = put(uow, a_booking(book), book.ana)
        for number, at in enumerate([midnight - timedelta(seconds=1), midnight, midnight + DAY]):
            entry = LedgerEntry(
                kind=LedgerKind.ASKED,
                booking_id=stored.id,
                payment_id=None,
                amount=Money(5000, "EUR"),
                at=at,
                who="Desk 1",
                why="",
                fact_key=f"k{number}",
            )
            uow.payments.write_ledger(entry)
        uow.commit()
    wednesday = date(2026, 11, 25)
    lines = database.queries.ledger(LedgerFilter(first=wednesday - DAY, last=wednesday))
    assert [line.entry.fact_key for line in lines] == ["k1", "k0"]
    [only] = database.queries.ledger(LedgerFilter(first=wednesday, last=wednesday))
    assert only.entry.fact_key == "k1"
    line = lines[0]
    assert (line.client_name, line.artist_name, line.service_name) == ("Zoé Müller", "Ana", "Small piece")
    assert (line.starts_at, line.status) == (TUESDAY, BookingStatus.CONFIRMED)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zoe", ["Zoé Müller"]),
        ("MÜL", ["Zoé Müller"]),
        ("mull zo", ["Zoé Müller"]),
        ("oé", []),
        ("zoe xavier", []),
        ("5678", ["Zoé Müller"]),
        ("06 12 34 56 78", ["Zoé Müller"]),
        ("+33 6.12.34.56.78", ["Zoé Müller"]),
        ("0033612345678", ["Zoé Müller"]),
        ("zoe 678", ["Zoé Müller"]),
        ("zoe 679", []),
        ("679", ["Łukasz O'Brien-Strauß"]),
        ("lukasz", ["Łukasz O'Brien-Strauß"]),
        ("strauss", ["Łukasz O'Brien-Strauß"]),
        ("brien", ["Łukasz O'Brien-Strauß"]),
        ("studio 54", ["Studio 54"]),
        ("54", ["Studio 54"]),
        ("0", ["Studio 54"]),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
        ("zoe\x00", ["Zoé Müller"]),
        ("\ud83d", ["Studio 54", "Łukasz O'Brien-Strauß", "Zoé Müller"]),
        ("", ["Studio 54", "Łukasz O'Brien-Strauß", "Zoé Müller"]),
        ("  ", ["Studio 54", "Łukasz O'Brien-Strauß", "Zoé Müller"]),
        ("a " * 5000, []),
    ],
)
def test_clients_are_found(database: Database, book: Book, typed: str, found: list[str]) -> None:
    with database.write() as uow:
        uow.clients.add(Client(name="Łukasz O'Brien-Strauß", phone="+48123450679"))
        uow.clients.add(Client(name="Studio 54", phone="+33600000010"))
        uow.commit()
    assert [match.client.name for match in database.queries.find_clients(typed)] == found


def test_the_bookings_of_found_clients_come_first_if_they_are_to_come(database: Database, book: Book) -> None:
    with database.write() as uow:
        anna = uow.clients.add(Client(name="Anna", phone="+33600000010"))
        days = (-9, -2, 3, 1)
        mine = {day: put(uow, a_booking(book, TUESDAY + day * DAY), book.ana).id for day in days}
        put(uow, replace(a_booking(book, TUESDAY + 5 * DAY), client_id=anna.id), book.ana)
        uow.commit()
    found = database.queries.find_bookings("zoe")
    assert [card.booking_id for card in found] == [mine[1], mine[3], mine[-2], mine[-9]]
    assert [card.booking_id for card in database.queries.find_bookings("5678", limit=1)] == [mine[1], mine[-2]]
    assert len(database.queries.find_bookings("anna")) == 1
    assert database.queries.find_bookings("nobody") == database.queries.find_bookings(" \x00 ") == []


def test_a_renamed_client_is_found_by_the_new_name_only(database: Database, book: Book) -> None:
    with database.write() as uow:
        uow.clients.save(replace(book.client, name="Anna", phone="+33699999999"))
        uow.commit()
    assert database.queries.find_clients("zoe") == []
    assert database.queries.find_clients("5678") == []
    assert len(database.queries.find_clients("anna")) == len(database.queries.find_clients("999")) == 1


def test_a_found_client_comes_with_what_the_desk_wants_to_know(database: Database, book: Book) -> None:
    with database.write() as uow:
        uow.clients.add(Client(name="Zoran"))
        put(uow, replace(a_booking(book, TUESDAY - 9 * DAY), status=BookingStatus.NO_SHOW), book.ana)
        put(uow, a_booking(book, TUESDAY), book.ana)
        put(uow, a_booking(book, TUESDAY + DAY, artist=book.bo), book.bo)
        uow.bookings.add(replace(a_booking(book, TUESDAY + 2 * DAY), status=BookingStatus.CANCELLED))
        uow.bookings.add(replace(a_booking(book, TUESDAY - timedelta(hours=1)), status=BookingStatus.LAPSED))
        uow.commit()
    zoe, zoran = database.queries.find_clients("zo")
    assert (zoe.last_artist_id, zoe.last_service_id) == (book.bo.id, book.service.id)
    assert (zoe.next_starts_at, zoe.no_shows) == (TUESDAY, 1)
    assert (zoran.last_artist_id, zoran.last_service_id, zoran.next_starts_at, zoran.no_shows) == (None, None, None, 0)
    assert len(database.queries.find_clients("zo", limit=1)) == 1


def test_blocked_times_do_not_disturb_the_calendar(database: Database, book: Book) -> None:
    with database.write() as uow:
        uow.bookings.claim(None, [Claim(book.ana.resource_id, Span(0, 2**32))], blocks=True)
        assert uow.bookings.busy([book.ana.resource_id], Span(2**30, 2**30 + 1)) == {
            book.ana.resource_id: [Span(0, 2**32)]
        }
        uow.commit()
    assert database.queries.calendar(MONDAY, MONDAY).cards == []
