"""A trainer's hands on the practice studio of this program, and the clock that both share."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import keyring
import pytest
import stripe
from support.keyrings import MemoryKeyring

from inkdesk.application.booking_commands import BookCommand, DepositChoice, NewClient
from inkdesk.application.practice_controls import (
    PracticeAct,
    PracticeControls,
    PracticeRefunds,
    PracticeState,
    possible,
)
from inkdesk.bootstrap import (
    OpenStudio,
    PracticeStripe,
    desk_practice,
    open_practice_studio,
    open_studio,
    store_sample,
)
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.money import Money
from inkdesk.practice import PracticeServer
from inkdesk.practice_access import InProcessControls, RemoteControls


@pytest.fixture(autouse=True)
def secrets() -> Iterator[None]:
    """No keyring of this computer is asked."""
    before = keyring.get_keyring()
    keyring.set_keyring(MemoryKeyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def opened() -> Iterator[OpenStudio]:
    """A running practice studio."""
    made = open_practice_studio()
    yield made
    made.close()


@pytest.fixture
def controls(opened: OpenStudio) -> PracticeControls:
    assert opened.controls is not None
    return opened.controls


def book_with_link(opened: OpenStudio, key: str = "form-1") -> int:
    """A hold with an open link at the first free start from tomorrow on; its booking's id."""
    services = opened.services
    today = services.clock.now().date()
    slot = services.availability.slots(None, 2, today + timedelta(days=1), today + timedelta(days=9))[0]
    booked = services.bookings.book(
        BookCommand(
            request_key=key,
            artist_id=slot.artist_id,
            service_id=2,
            client=NewClient(name="Zoë", email="", phone=""),
            starts_at=slot.starts_at,
            choice=DepositChoice.LINK,
        )
    )
    assert booked.payment_id is not None
    services.payments.open_link(booked.payment_id)
    return booked.booking.id


def look(opened: OpenStudio) -> None:
    opened.services.reconcile.look(sweep=True)


def status(opened: OpenStudio, booking_id: int) -> BookingStatus:
    return opened.services.queries.booking(booking_id).card.status


def test_a_client_pays_by_the_trainers_hand(opened: OpenStudio, controls: PracticeControls) -> None:
    booking_id = book_with_link(opened)
    (session,) = [one for one in controls.sessions() if one.booking_id == booking_id]
    assert (session.state, session.refunded) == (PracticeState.OPEN, Money(0, session.amount.currency))
    assert abs(session.asked_at - opened.services.clock.now()) < timedelta(minutes=5)
    controls.act(session.session_id, PracticeAct.DECLINE)
    controls.act(session.session_id, PracticeAct.PAY)
    look(opened)
    assert status(opened, booking_id) is BookingStatus.CONFIRMED


def test_a_jump_moves_program_and_stripe_alike(opened: OpenStudio, controls: PracticeControls) -> None:
    booking_id = book_with_link(opened)
    look(opened)
    before, seen = opened.services.clock.now(), controls.standing().now
    controls.jump(timedelta(days=1))
    assert opened.services.clock.now() - before >= timedelta(days=1)
    assert controls.standing().now - seen >= timedelta(days=1)
    assert abs(controls.standing().now - opened.services.clock.now()) < timedelta(minutes=1)
    result = opened.services.reconcile.look(sweep=True)
    assert status(opened, booking_id) is BookingStatus.LAPSED
    assert result.banner is None  # both clocks agree: nobody is told that one is wrong
    assert [one.state for one in controls.sessions() if one.booking_id == booking_id] == [PracticeState.EXPIRED]


def test_offline_is_trouble_until_it_ends(opened: OpenStudio, controls: PracticeControls) -> None:
    booking_id = book_with_link(opened)
    controls.set_offline(is_offline=True)
    assert controls.standing().is_offline
    result = opened.services.reconcile.look(sweep=True)
    assert result.is_trouble
    assert status(opened, booking_id) is BookingStatus.PENDING_PAYMENT
    controls.set_offline(is_offline=False)
    assert not controls.standing().is_offline


def test_the_switches_stand_until_they_are_changed(controls: PracticeControls) -> None:
    standing = controls.standing()
    assert (standing.delay_s, standing.refunds) == (0, PracticeRefunds.AT_ONCE)
    controls.set_delay(10)
    controls.set_refunds(PracticeRefunds.LATER)
    standing = controls.standing()
    assert (standing.delay_s, standing.refunds) == (10, PracticeRefunds.LATER)


def test_reads_are_those_of_thirty_days(opened: OpenStudio, controls: PracticeControls) -> None:
    book_with_link(opened)
    look(opened)
    assert controls.standing().reads > 0
    controls.jump(timedelta(days=31))
    assert controls.standing().reads == 0


def test_a_kept_practice_studio_has_a_console_that_moves_no_time(tmp_path: Path) -> None:
    opened = kept_studio(tmp_path, desk_practice(None))
    assert opened.controls is not None
    before = opened.controls.standing().now
    with pytest.raises(ValidationError, match="that is kept"):
        opened.controls.jump(timedelta(days=1))
    assert opened.controls.standing().now - before < timedelta(minutes=1)
    opened.close()


def test_a_window_joins_the_practice_stripe_that_runs_already(tmp_path: Path) -> None:
    with PracticeServer() as server:
        port = int(server.url.rpartition(":")[2])
        opened = kept_studio(tmp_path, desk_practice(port))
        assert opened.practice is not None
        assert (opened.practice.server, opened.practice.url) == (None, server.url)
        assert isinstance(opened.controls, RemoteControls)
        booking_id = book_with_link(opened)
        (session,) = [one for one in opened.controls.sessions() if one.booking_id == booking_id]
        opened.controls.act(session.session_id, PracticeAct.PAY)
        look(opened)
        assert status(opened, booking_id) is BookingStatus.CONFIRMED
        opened.close()


def test_a_port_of_another_program_is_said(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(ValidationError, match="in use by another program"):
            desk_practice(int(other.getsockname()[1]))


def kept_studio(folder: Path, practice: PracticeStripe) -> OpenStudio:
    """The sample in a file, opened as a window opens it."""
    url = f"sqlite:///{folder / 'studio.db'}"
    made = open_studio(url)
    store_sample(made)
    made.close()
    return open_studio(url, practice=lambda: practice)


STEPS = {
    PracticeAct.PAY: PracticeState.PAID,
    PracticeAct.DECLINE: PracticeState.DECLINED,
    PracticeAct.PAY_LATER: PracticeState.PROCESSING,
}
LATER_STEPS = [
    ((PracticeAct.PAY_LATER,), PracticeAct.SETTLE, PracticeState.PAID),
    ((PracticeAct.PAY_LATER,), PracticeAct.FAIL, PracticeState.FAILED),
    ((PracticeAct.PAY,), PracticeAct.REFUND, PracticeState.REFUNDED),
    ((PracticeAct.PAY,), PracticeAct.REFUND_HALF, PracticeState.PARTLY_REFUNDED),
    ((PracticeAct.PAY, PracticeAct.REFUND), PracticeAct.FAIL, PracticeState.PAID),
    ((PracticeAct.PAY,), PracticeAct.DISPUTE, PracticeState.DISPUTED),
    ((PracticeAct.PAY, PracticeAct.DISPUTE), PracticeAct.WIN, PracticeState.DISPUTE_WON),
    ((PracticeAct.PAY, PracticeAct.DISPUTE), PracticeAct.LOSE, PracticeState.DISPUTE_LOST),
]


@pytest.fixture(params=["in this program", "elsewhere"])
def alone(request: pytest.FixtureRequest) -> Iterator[tuple[PracticeServer, PracticeControls]]:
    """Controls over a server without a studio."""
    with PracticeServer() as server:
        here = InProcessControls(server.controls)
        yield server, here if request.param == "in this program" else RemoteControls(server.url, server.key)


def test_the_switches_work_from_anywhere(alone: tuple[PracticeServer, PracticeControls]) -> None:
    server, controls = alone
    controls.set_refunds(PracticeRefunds.FAIL)
    controls.set_delay(30)
    controls.set_offline(is_offline=True)
    standing = controls.standing()  # neither a cut network nor a slow one keeps a trainer out
    assert (standing.is_offline, standing.delay_s, standing.refunds) == (True, 30, PracticeRefunds.FAIL)
    assert abs(standing.now.timestamp() - server.clock.now()) < 5
    controls.set_delay(0)
    controls.set_offline(is_offline=False)
    ask(server)
    assert (controls.standing().is_offline, controls.standing().reads) == (False, 0)
    with pytest.raises(ValidationError, match="that is kept"):
        controls.jump(timedelta(hours=1))


def test_a_practice_stripe_that_ended_is_said_and_its_switches_are_quiet() -> None:
    with PracticeServer() as server:
        controls = RemoteControls(server.url, server.key)
        assert controls.is_there()
        assert not RemoteControls(server.url, "rk_test_another").is_there()
    controls.set_offline(is_offline=True)
    controls.set_delay(2)
    controls.set_refunds(PracticeRefunds.LATER)
    assert not controls.is_there()
    for read in (controls.sessions, controls.standing):
        with pytest.raises(ValidationError, match="does not answer"):
            read()


def ask(server: PracticeServer) -> str:
    """A session, as a program makes it."""
    base = dict.fromkeys(("api", "connect", "files", "meter_events"), server.url)
    client = stripe.StripeClient(server.key, base_addresses=base)  # type: ignore[arg-type]
    session = client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": server.success_url,
            "client_reference_id": "walk-in",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {"currency": "eur", "unit_amount": 5000, "product_data": {"name": "Deposit"}},
                }
            ],
        }
    )
    return str(session.id)


@pytest.mark.parametrize(
    ("before", "act", "after"), [*LATER_STEPS, *(((), act, after) for act, after in STEPS.items())]
)
def test_each_act_leads_where_it_says(
    alone: tuple[PracticeServer, PracticeControls],
    before: tuple[PracticeAct, ...],
    act: PracticeAct,
    after: PracticeState,
) -> None:
    server, controls = alone
    session_id = ask(server)
    for step in before:
        controls.act(session_id, step)
    (session,) = controls.sessions()
    assert act in possible(session.state)
    controls.act(session_id, act)
    (session,) = controls.sessions()
    assert (session.state, session.booking_id) == (after, None)
    for other in set(PracticeAct) - possible(after):
        with pytest.raises(ValidationError, match="not possible any more"):
            controls.act(session_id, other)
    assert controls.sessions() == [session]
