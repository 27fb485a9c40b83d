"""One desk asks Stripe for all; when it dies another does, and what it still wanted to write is void."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Never

import pytest
from support.book import TUESDAY
from support.clock import StandingClock
from support.payment_desk import PaymentDesk
from support.poller_desk import a_poller, pass_database_time

from inkdesk.application.look_result import Wish
from inkdesk.application.payment_gateway import GatewayRefused
from inkdesk.application.poll_state import PollState
from inkdesk.application.poller_service import BEAT_S, LEASE_S
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import StripeNotConfigured
from inkdesk.domain.message import message
from inkdesk.domain.payments import PaymentStatus
from inkdesk.infrastructure.db.database import Database
from inkdesk.practice.faults import Fault, FaultKind


def remembered(desk: PaymentDesk) -> PollState:
    with desk.database.read() as uow:
        return PollState.parse(uow.payments.poll_state())


def test_a_dead_desk_is_followed_within_thirty_seconds() -> None:
    whole_seconds_of_the_database = 1
    assert LEASE_S + whole_seconds_of_the_database + BEAT_S < 30


def test_one_desk_asks_and_the_other_follows(desk: PaymentDesk) -> None:
    first, second = a_poller(desk, "one"), a_poller(desk, "two")
    desk.held_link()
    led = first.look(Wish(sweep=True))
    before = desk.server.reads.count()

    followed = second.look(Wish(sweep=True))

    assert desk.server.reads.count() == before
    assert (led.is_follower, followed.is_follower) == (False, True)
    assert (led.waiting, followed.waiting) == (1, 1)
    assert followed.last_good_at == led.last_good_at is not None


def test_a_silent_holder_loses_the_lease_after_twenty_seconds_of_the_databases_time(desk: PaymentDesk) -> None:
    first, second = a_poller(desk, "one"), a_poller(desk, "two")
    assert first.beat()
    pass_database_time(desk.database, LEASE_S - 2)
    assert not second.beat()
    assert not first.beat()  # it has been there all along
    pass_database_time(desk.database, LEASE_S - 2)
    assert not second.beat()

    pass_database_time(desk.database, 2)

    assert second.beat()
    assert not first.beat()
    assert first.look(Wish()).is_follower


def test_who_leaves_is_followed_at_once(desk: PaymentDesk) -> None:
    first, second = a_poller(desk, "one"), a_poller(desk, "two")
    first.beat()
    first.leave()
    assert second.beat()


@pytest.mark.parametrize("is_money", [True, False])
def test_who_wakes_up_after_another_took_over_writes_nothing(desk: PaymentDesk, is_money: bool) -> None:
    second = a_poller(desk, "two")

    def sleep_too_long() -> None:
        pass_database_time(desk.database, LEASE_S)
        second.beat()

    first = a_poller(desk, "one", meanwhile=sleep_too_long)
    booking_id, session_id = desk.held_link()
    first.look(Wish())
    before = remembered(desk)
    if is_money:
        desk.server.pay(session_id)
    else:
        desk.pass_time(minutes=31)

    result = first.look(Wish())

    assert result.is_follower
    assert desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
    assert desk.payment(booking_id).status is PaymentStatus.OPEN
    assert remembered(desk).events_from_s == before.events_from_s
    wanted = BookingStatus.CONFIRMED if is_money else BookingStatus.LAPSED
    second.look(Wish())
    assert desk.status(booking_id) is wanted


def test_a_long_look_keeps_its_lease(desk: PaymentDesk) -> None:
    second, tries = a_poller(desk, "two"), list[bool]()

    def work_for_a_while() -> None:
        pass_database_time(desk.database, LEASE_S - 1)
        desk.monotonic.at += LEASE_S - 1

    first = a_poller(desk, "one", meanwhile=work_for_a_while)
    held = [desk.held_link(TUESDAY + timedelta(hours=3 * n)) for n in range(3)]
    for _, session_id in held:
        desk.server.pay(session_id)

    assert len(first.look(Wish()).paid) == 3
    tries.append(second.beat())
    assert tries == [False]


def test_a_desk_without_a_key_never_asks_and_gives_the_lease_away(desk: PaymentDesk) -> None:
    keys = {"one": True}
    first, second = a_poller(desk, "one", has_key=lambda: keys["one"]), a_poller(desk, "two")
    assert first.beat()
    keys["one"] = False
    assert not first.beat()
    assert second.beat()
    pass_database_time(desk.database, 2 * LEASE_S)
    assert not first.beat()  # nobody has the lease now, and still
    keys["one"] = True
    assert not first.beat()  # it asks its keyring again after a minute
    desk.monotonic.at += 60
    assert first.beat()


def test_a_refused_key_steps_back_for_a_better_one(desk: PaymentDesk) -> None:
    first, second = a_poller(desk, "one"), a_poller(desk, "two")
    desk.held_link()
    desk.server.access.revoke(desk.server.key)

    refused = first.look(Wish())

    assert (refused.is_trouble, refused.is_refused) == (True, True)
    assert not first.beat()
    assert second.beat()


def test_beats_and_looks_without_news_reload_no_page(
    desk: PaymentDesk, database_url: str, clock: StandingClock
) -> None:
    first, second = a_poller(desk, "one"), a_poller(desk, "two")
    desk.held_link()
    first.look(Wish(sweep=True))
    other = Database.open(database_url, who="Desk 2", clock=clock)
    before = other.data_version()

    first.beat()
    second.beat()
    first.look(Wish())
    second.look(Wish())
    first.leave()

    assert other.data_version() == before
    other.close()


def test_a_watched_hold_of_a_follower_is_looked_at_by_itself(desk: PaymentDesk) -> None:
    first, second = a_poller(desk, "one"), a_poller(desk, "two")
    booking_id, session_id = desk.held_link()
    desk.held_link(TUESDAY.replace(hour=14))
    first.look(Wish())
    before, cursor = desk.server.reads.count(), remembered(desk).events_from_s
    assert second.look(Wish(watched=frozenset({booking_id}))).paid == ()
    assert desk.server.reads.count() == before + 1
    desk.server.pay(session_id)
    desk.pass_time(seconds=4)

    seen = second.look(Wish(watched=frozenset({booking_id})))

    assert (seen.paid, seen.is_follower) == ((booking_id,), True)
    assert remembered(desk).events_from_s == cursor  # the feed is the poller's


def test_a_person_who_asks_at_a_follower_is_answered(desk: PaymentDesk) -> None:
    first, second = a_poller(desk, "one"), a_poller(desk, "two")
    booking_id, session_id = desk.held_link()
    first.look(Wish())
    desk.server.pay(session_id)
    assert second.look(Wish(sweep=True, is_asked=True)).paid == (booking_id,)


def test_every_desk_knows_since_when_stripe_is_away_and_what_waits(desk: PaymentDesk) -> None:
    first, second = a_poller(desk, "one"), a_poller(desk, "two")
    desk.held_link()
    good = first.look(Wish())
    desk.server.faults.add(Fault(FaultKind.CUT_BEFORE, times=2))

    away, again = first.look(Wish()), first.look(Wish())
    told = second.look(Wish())

    assert (away.is_trouble, good.trouble_since) == (True, None)
    assert away.trouble_since == again.trouble_since == told.trouble_since is not None
    assert (told.last_good_at, told.waiting) == (good.last_good_at, 1)
    assert (told.banner, told.is_trouble) == (away.banner, False)
    assert first.look(Wish()).trouble_since is None
    assert second.look(Wish()).banner is None


HOLDER = """
import sys
from support.clock import StandingClock
from inkdesk.application.poller_service import LEASE_S
from inkdesk.infrastructure.db.database import Database
database = Database.open(sys.argv[1], who="other", clock=StandingClock())
with database.write() as uow:
    print(uow.poller.take("other process", LEASE_S).is_mine, flush=True)
    uow.commit()
print("holds it", flush=True)
sys.stdin.read()
"""


def test_the_lease_of_a_killed_process_is_taken_over(desk: PaymentDesk, database_url: str) -> None:
    tests = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": tests},
    ) as other:
        assert other.stdout is not None
        assert [other.stdout.readline().strip(), other.stdout.readline().strip()] == ["True", "holds it"]
        poller = a_poller(desk, "one")
        assert not poller.beat()
        other.send_signal(signal.SIGKILL)
    assert not poller.beat()  # nobody knows yet that it is dead

    pass_database_time(desk.database, LEASE_S)

    assert poller.beat()
    assert not poller.look(Wish(sweep=True)).is_follower


def test_a_desk_without_a_key_says_so_while_money_waits(desk: PaymentDesk) -> None:
    desk.held_link()

    def no_gateway() -> None:
        raise StripeNotConfigured(message("There is no key."))

    poller = a_poller(desk, "one", has_key=lambda: False)
    desk.payments.links._gateway = no_gateway  # type: ignore[assignment]
    result = poller.look(Wish())
    assert result.banner is not None
    assert (result.banner.plain(), result.is_trouble, result.is_follower) == ("There is no key.", True, False)


def test_a_quiet_look_of_the_poller_is_one_read(desk: PaymentDesk) -> None:
    poller = a_poller(desk, "one")
    desk.held_link()
    poller.look(Wish(sweep=True))  # which learns the studio's account, too
    poller.look(Wish())
    before = desk.server.reads.count()
    for _ in range(3):
        poller.look(Wish())
    assert desk.server.reads.count() == before + 3


def test_other_desks_are_told_stripes_words_without_names_and_links(
    desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = a_poller(desk, "one"), a_poller(desk, "two")
    desk.held_link()

    def refused(*_: object, **__: object) -> Never:
        raise GatewayRefused("", "No such customer: 'cus_a1B2c3', kim@mail.example")

    monkeypatch.setattr(desk.gateway, "hints_since", refused)
    assert first.look(Wish()).is_trouble

    told = second.look(Wish()).banner

    assert told is not None
    assert told.plain() == "Stripe refused the request: No such customer: '…', …"
