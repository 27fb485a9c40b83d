"""A desk that seats clients in a group, on either engine, with the practice Stripe."""

from collections.abc import Iterator

import pytest
from support.clock import StandingClock
from support.flash_day import FlashDesk
from support.payment_desk import PaymentDesk

from inkdesk.infrastructure.db.database import Database
from inkdesk.practice import PracticeServer


@pytest.fixture
def desk(server: PracticeServer, database: Database, clock: StandingClock) -> Iterator[FlashDesk]:
    money = PaymentDesk.open(server, database, clock)
    yield FlashDesk.open(money)
    money.close()
