"""Lists that take long: a desk that reads them keeps the lease by reading."""

from datetime import timedelta
from typing import Any

import pytest
from support.book import TUESDAY
from support.payment_desk import PaymentDesk
from support.poller_desk import a_poller, pass_database_time

from inkdesk.application.look_result import Wish
from inkdesk.application.poller_service import LEASE_S
from inkdesk.domain.bookings import BookingStatus
from inkdesk.infrastructure.stripe_api import gateway as stripe_gateway

PAGE_S = 8


def test_no_desk_takes_the_lease_while_another_reads_page_after_page(
    desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = a_poller(desk, "one"), a_poller(desk, "two")
    held = [desk.held_link(TUESDAY + timedelta(hours=5 * n)) for n in range(3)]
    for _, session_id in held:
        desk.server.pay(session_id)
    assert first.beat()
    taken: list[bool] = []
    read = desk.gateway._read

    def slow(call: Any) -> Any:  # noqa: ANN401 - of the library's private types
        desk.monotonic.at += PAGE_S
        pass_database_time(desk.database, PAGE_S)
        taken.append(second.beat())
        return read(call)

    monkeypatch.setattr(stripe_gateway, "PAGE", 1)
    monkeypatch.setattr(desk.gateway, "_read", slow)

    result = first.look(Wish(sweep=True))

    assert (any(taken), result.is_follower) == (False, False)
    assert {desk.status(booking_id) for booking_id, _ in held} == {BookingStatus.CONFIRMED}
    assert len(taken) > 2 * LEASE_S / PAGE_S
