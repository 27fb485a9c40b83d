"""Lists that take long: a desk keeps the lease by reading their pages, and beside a page that takes long by itself."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from support.book import TUESDAY
from support.payment_desk import PaymentDesk
from support.poller_desk import a_poller, pass_database_time

from inkdesk.application.look_result import LookResult, Wish
from inkdesk.application.poller_service import BEAT_S, HUNG_S, LEASE_S, PollerService
from inkdesk.domain.bookings import BookingStatus
from inkdesk.infrastructure.stripe_api import gateway as stripe_gateway
from inkdesk.practice.faults import Fault, FaultKind

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
    ask = desk.gateway._call

    def slow(call: Any) -> Any:  # noqa: ANN401 - of the library's private types
        desk.monotonic.at += PAGE_S
        pass_database_time(desk.database, PAGE_S)
        taken.append(second.beat())
        return ask(call)

    monkeypatch.setattr(stripe_gateway, "PAGE", 1)
    monkeypatch.setattr(desk.gateway, "_call", slow)

    result = first.look(Wish(sweep=True))

    assert (any(taken), result.is_follower) == (False, False)
    assert {desk.status(booking_id) for booking_id, _ in held} == {BookingStatus.CONFIRMED}
    assert len(taken) > 2 * LEASE_S / PAGE_S


def test_one_answer_that_takes_longer_than_the_lease_does_not_lose_it(desk: PaymentDesk) -> None:
    first, second = a_poller(desk, "one"), a_poller(desk, "two")
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    assert first.beat()
    slow = desk.server.faults.add(Fault(FaultKind.HELD, "/v1/events", "GET"))
    results: list[LookResult] = []
    looking = Thread(target=lambda: results.append(first.look(Wish(sweep=True))))
    looking.start()
    assert slow.entered.wait(5)

    tries = [pass_a_beat(desk, first, second) for _ in range(9)]

    slow.gate.set()
    looking.join(10)
    assert tries == [False] * 9  # a minute
    assert 9 * BEAT_S > 3 * LEASE_S
    assert not results[0].is_follower
    assert desk.status(booking_id) is BookingStatus.CONFIRMED


def pass_a_beat(desk: PaymentDesk, busy: PollerService, other: PollerService) -> bool:
    """What two desks do every few seconds while one of them waits for Stripe; whether the other takes the lease."""
    desk.monotonic.at += BEAT_S
    pass_database_time(desk.database, int(BEAT_S))
    busy.renew()
    return other.beat()


def test_a_look_that_hangs_for_ever_gives_the_lease_to_another_desk(desk: PaymentDesk) -> None:
    first, second = a_poller(desk, "one"), a_poller(desk, "two")
    assert first.beat()
    desk.monotonic.at += HUNG_S
    assert not pass_a_beat(desk, first, second)  # it was there until just now
    assert not pass_a_beat(desk, first, second)
    assert pass_a_beat(desk, first, second)


def test_a_desk_that_left_or_never_had_the_lease_renews_nothing(desk: PaymentDesk) -> None:
    first, second = a_poller(desk, "one"), a_poller(desk, "two")
    first.beat()
    first.leave()
    desk.monotonic.at += BEAT_S
    first.renew()
    assert second.beat()
    pass_database_time(desk.database, LEASE_S)
    desk.monotonic.at += BEAT_S
    first.renew()
    assert not second.beat()  # still its own
