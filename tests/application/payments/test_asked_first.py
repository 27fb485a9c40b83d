"""Before a hold is let go for any reason Stripe is asked: what is read, what is ended, in which order."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from support.payment_desk import PaymentDesk
from support.till import Till

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.errors import InkDeskError
from inkdesk.infrastructure.stripe_api.gateway import StripeGateway

Way = Callable[[PaymentDesk, int], object]


def lapse(desk: PaymentDesk, _: int) -> object:
    desk.pass_time(minutes=30, seconds=1)
    return desk.look()


def sweep(desk: PaymentDesk, _: int) -> object:
    desk.pass_time(minutes=30, seconds=1)
    return desk.look(sweep=True)


def release(desk: PaymentDesk, booking_id: int) -> object:
    return desk.payments.holds.release(booking_id, "phoned off", "go")


def cancel(desk: PaymentDesk, booking_id: int) -> object:
    return Till.open(desk).cancel(desk.booking(booking_id), DepositFate.KEEP)


def book_over(desk: PaymentDesk, _: int) -> object:
    desk.pass_time(minutes=30, seconds=1)
    return Till.open(desk).book(choice=DepositChoice.NONE)


def send_anew(desk: PaymentDesk, booking_id: int) -> object:
    return desk.payments.resend_link(booking_id)


WAYS = [lapse, sweep, release, cancel, book_over, send_anew]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Stripe is asked about single sessions, in this order."""
    words: list[str] = []

    def note(word: str, name: str) -> None:
        call = getattr(StripeGateway, name)

        def noted(self: StripeGateway, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - any call of the gateway
            words.append(word)
            return call(self, *given, **named)

        monkeypatch.setattr(StripeGateway, name, noted)

    note("retrieve", "session")
    note("expire", "expire_session")
    note("create", "create_session")
    return words


@pytest.mark.parametrize("way", WAYS)
def test_a_link_is_retrieved_expired_and_retrieved_before_its_hold_is_let_go(
    desk: PaymentDesk, asked: list[str], way: Way
) -> None:
    booking_id, _ = desk.held_link()
    asked.clear()

    way(desk, booking_id)

    assert asked[:3] == ["retrieve", "expire", "retrieve"]
    assert asked[3:] == (["create"] if way is send_anew else [])


@pytest.mark.parametrize("way", WAYS)
def test_a_link_that_was_paid_unseen_keeps_its_slot_whoever_lets_it_go(
    desk: PaymentDesk, asked: list[str], way: Way
) -> None:
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    asked.clear()

    with suppress(InkDeskError):
        way(desk, booking_id)

    assert desk.status(booking_id) is BookingStatus.CONFIRMED
    assert set(asked) == {"retrieve"}


@pytest.mark.parametrize("way", [lapse, sweep, cancel, book_over, send_anew])
def test_while_stripe_does_not_answer_no_hold_is_let_go_on_a_guess(desk: PaymentDesk, way: Way) -> None:
    booking_id, _ = desk.held_link()
    desk.server.faults.set_offline(offline=True)

    with suppress(InkDeskError):
        way(desk, booking_id)

    assert desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
