"""The practice studio: the same each time, whole in every status, free of collisions on every date."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.clock import StandingClock

from inkdesk.application import text
from inkdesk.application.payment_service import PaymentService
from inkdesk.application.progress import Progress
from inkdesk.application.sample import CLIENTS, SERVICES, STUDIO, SampleBooking, sample_artists, sample_bookings
from inkdesk.application.sample_store import write_sample
from inkdesk.application.statement_service import StatementService
from inkdesk.application.text import PlainFormats
from inkdesk.domain.artists import check_artist
from inkdesk.domain.bookings import BookingStatus, keeps_slot
from inkdesk.domain.catalogue import check_service
from inkdesk.domain.clients import check_client
from inkdesk.domain.errors import StripeNotConfigured, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.payments import COLLECTED, LedgerKind, PaymentMethod, PaymentStatus
from inkdesk.domain.sitting import occupied_by_artist
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.domain.studio import Mode, check_studio
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.language import install_language
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from inkdesk.infrastructure.stripe_api.gateway import StripeGateway
from inkdesk.practice import PracticeServer

TRANSLATIONS = Path(__file__).resolve().parents[1] / "resources" / "translations"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DATES = [NOW + timedelta(days=day, hours=day * 5 % 24) for day in range(0, 370, 7)]
"""Every weekday at many hours, over both clock changes."""
DATES += [NOW + timedelta(days=day) for day in range(7)]


def no_gateway() -> object:
    raise StripeNotConfigured(message("No Stripe here."))


def deposits_of(database: Database, clock: StandingClock) -> PaymentService:
    return PaymentService(database.write, database.read, no_gateway, clock, "http://127.0.0.1/")  # type: ignore[arg-type]


def disjoint(spans: Iterable[Span]) -> bool:
    return all(one.end_s <= other.start_s for one, other in pairwise(sorted(spans)))


def kept(bookings: Iterable[SampleBooking]) -> list[SampleBooking]:
    return [one for one in bookings if keeps_slot(one.status, holds_block=True)]


@pytest.mark.parametrize("now", DATES, ids=lambda now: f"{now:%a-%m-%d-%H}")
def test_nothing_collides_on_any_date(now: datetime) -> None:
    bookings = kept(sample_bookings(now))
    artists = sample_artists(now.date())
    for number, artist in enumerate(artists):
        own = [one for one in bookings if one.artist == number]
        assert disjoint(
            occupied_by_artist(to_seconds(one.starts_at), SERVICES[one.service].sitting, artist.pause_s) for one in own
        )
    for unit in range(3):
        there = [one for one in bookings if one.unit == unit]
        assert disjoint(
            occupied_by_artist(to_seconds(one.starts_at), SERVICES[one.service].sitting, 0) for one in there
        )


@pytest.mark.parametrize("now", DATES, ids=lambda now: f"{now:%a-%m-%d-%H}")
def test_the_past_is_over_and_the_future_is_to_come(now: datetime) -> None:
    midnight = now.astimezone(STUDIO.zone_info).replace(hour=0, minute=0, second=0, microsecond=0)
    for booking in sample_bookings(now):
        if booking.status in {BookingStatus.COMPLETED, BookingStatus.NO_SHOW}:
            assert booking.starts_at < midnight
        if booking.status in {BookingStatus.PENDING_PAYMENT, BookingStatus.REQUESTED}:
            assert booking.starts_at > now
        if booking.hold_until is not None:
            assert now < booking.hold_until <= now + timedelta(seconds=STUDIO.hold_s)
        assert booking.created_at < now


def test_it_is_the_same_every_time_and_moves_with_the_date() -> None:
    assert sample_bookings(NOW) == sample_bookings(NOW)
    assert sample_bookings(NOW) != sample_bookings(NOW + timedelta(days=1))


def test_everything_in_it_passes_the_rules_of_the_forms() -> None:
    check_studio(STUDIO)
    for artist in sample_artists(NOW.date()):
        check_artist(artist)
    for service in SERVICES:
        check_service(service)
    phones = LibraryPhoneNumbers()
    for client in CLIENTS:
        check_client(client)
        assert phones.normalise(client.phone, "FR") == client.phone


def test_there_are_sixty_clients_and_forty_bookings_in_every_status() -> None:
    assert len({client.name for client in CLIENTS}) == len({client.phone for client in CLIENTS}) == 60
    found = Counter(booking.status for booking in sample_bookings(NOW))
    assert found.keys() == set(BookingStatus)
    assert 40 <= found.total() <= 50
    assert [artist.is_guest for artist in sample_artists(NOW.date())] == [False, False, True]
    assert sample_artists(NOW.date())[2].stays_until is not None


def test_every_artist_has_styles_and_for_some_there_is_a_choice() -> None:
    found = Counter(style for artist in sample_artists(NOW.date()) for style in artist.styles)
    assert found == {"fine line": 2, "blackwork": 2, "realism": 1, "irezumi": 1}
    assert all(artist.styles for artist in sample_artists(NOW.date()))


def test_both_databases_take_it_with_guards_on(database: Database, clock: StandingClock) -> None:
    with database.write() as uow:
        write_sample(uow, deposits_of(database, clock), clock.now())
        uow.commit()
    cards = database.queries.calendar(NOW.date() - timedelta(days=60), NOW.date() + timedelta(days=60)).cards
    wanted = sample_bookings(clock.now())
    assert sorted((card.starts_at, card.status) for card in cards) == sorted(
        (one.starts_at, one.status) for one in wanted
    )


def test_money_matches_its_bookings(database: Database, clock: StandingClock) -> None:
    with database.write() as uow:
        write_sample(uow, deposits_of(database, clock), clock.now())
        uow.commit()
    cards = database.queries.calendar(NOW.date() - timedelta(days=60), NOW.date() + timedelta(days=60)).cards
    for card in cards:
        detail = database.queries.booking(card.booking_id)
        kinds = {entry.kind for entry in detail.ledger}
        assert detail.history, card
        for payment in detail.payments:
            assert payment.amount == card.deposit
            assert (LedgerKind.PAID in kinds) is (payment.status in COLLECTED)
            assert (LedgerKind.ASKED in kinds) is (payment.method is PaymentMethod.LINK)
            assert (LedgerKind.REFUNDED in kinds) is (payment.status is PaymentStatus.REFUNDED)
        if card.status is BookingStatus.PENDING_PAYMENT:
            assert [one.status for one in detail.payments] == [PaymentStatus.CREATING]
        if card.status is BookingStatus.LAPSED:
            assert [one.status for one in detail.payments] == [PaymentStatus.EXPIRED]


def test_the_statement_of_a_fresh_practice_studio_has_no_difference(sqlite_url: str) -> None:
    clock = StandingClock(NOW)
    with closing(Database.open(sqlite_url, who="test", clock=clock)) as database, PracticeServer() as server:
        with database.write() as uow:
            write_sample(uow, deposits_of(database, clock), NOW)
            uow.commit()
        with closing(StripeGateway(server.key, Mode.PRACTICE, base_url=server.url)) as gateway:
            service = StatementService(database.read, database.write, database.queries, lambda: gateway, clock)
            months = [service.month(day, Progress()) for day in (NOW.date(), NOW.date() - timedelta(days=30))]
    assert [(month.lines, month.differences) for month in months if month] == [([], []), ([], [])]


def test_a_database_that_holds_a_studio_is_left_alone(database: Database, clock: StandingClock) -> None:
    with database.write() as uow:
        write_sample(uow, deposits_of(database, clock), clock.now())
        uow.commit()
    with database.write() as uow, pytest.raises(ValidationError, match="holds a studio already"):
        write_sample(uow, deposits_of(database, clock), clock.now())


@pytest.fixture
def french() -> Iterator[None]:
    """A reader of French, before the studio and its zone are known."""
    install_language("fr", "fr_FR", ZoneInfo("UTC"), TRANSLATIONS, NOW.year)
    yield
    text.install(NullTranslations(), PlainFormats(), "en")


@pytest.mark.usefixtures("french")
def test_a_samples_links_name_the_studios_time_and_its_words_are_the_readers(sqlite_url: str) -> None:
    clock = StandingClock(NOW)
    with closing(Database.open(sqlite_url, who="test", clock=clock)) as database:
        with database.write() as uow:
            studio = write_sample(uow, deposits_of(database, clock), NOW)
            uow.commit()
        with database.read() as uow:
            hold = uow.bookings.holds()[0]
            (payment,) = uow.payments.of_booking(hold.id)
            names = [service.name for service in uow.catalogue.services()]
            styles = {style for artist in uow.artists.all() for style in artist.styles}
    start = hold.starts_at.astimezone(studio.zone_info)
    assert f", {start:%H:%M}" in payment.params
    assert "Journée complète" in names
    assert "réalisme" in styles
    assert "Full day" not in names
