"""A desk that books on either engine, with the practice Stripe."""

from collections.abc import Iterator

import pytest
from support.clock import StandingClock
from support.front import Front
from support.payment_desk import PaymentDesk
from support.series_desk import SeriesDesk

from inkdesk.application.booking_service import BookingService
from inkdesk.infrastructure.db.database import Database
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from inkdesk.practice import PracticeServer


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer() as started:
        yield started


@pytest.fixture
def front(server: PracticeServer, database: Database, clock: StandingClock) -> Iterator[Front]:
    money = PaymentDesk.open(server, database, clock)
    yield Front(money, BookingService(database.write, clock, money.payments, LibraryPhoneNumbers()))
    money.close()


@pytest.fixture
def desk(front: Front) -> SeriesDesk:
    """The same desk, where bookings are also moved and series booked."""
    return SeriesDesk(front)
