"""Events of artists' own accounts beside the studio's: one cursor, which passes none of them."""

from collections.abc import Callable
from datetime import datetime

import pytest
from support.payment_desk import PaymentDesk

from inkdesk.application.account_service import AccountCommand
from inkdesk.application.payment_gateway import GatewayBroken, Hints, no_pulse
from inkdesk.domain.accounts import ChargeWay
from inkdesk.domain.bookings import BookingStatus

ANA = "acct_ana"


def ana_is_paid(desk: PaymentDesk) -> None:
    desk.server.connect(ANA)
    command = AccountCommand(
        artist_id=desk.book.ana.id, way=ChargeWay.DIRECT, account_id=ANA, fee_basis_points=None, version=0
    )
    desk.payments.accounts.save(command)
    desk.payments.accounts.check(desk.book.ana.id)


def test_one_failed_read_of_an_artists_events_loses_none(
    lone_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, read = lone_desk, lone_desk.gateway.hints_since
    ana_is_paid(desk)
    booking_id, session_id = desk.held_link()
    desk.look()
    desk.server.pay(session_id)
    desk.pass_time(minutes=6)
    other, attempt = desk.hold(artist=desk.book.bo)
    desk.server.pay(desk.payments.open_link(attempt.id).payment.session_id)
    desk.pass_time(seconds=5)

    def broken(since: datetime, account: str = "", *, pulse: Callable[[], None] = no_pulse) -> Hints:
        if account:
            raise GatewayBroken
        return read(since, pulse=pulse)

    with monkeypatch.context() as patch:
        patch.setattr(desk.gateway, "hints_since", broken)
        desk.look()
    assert (desk.status(other.id), desk.status(booking_id)) == (
        BookingStatus.CONFIRMED,
        BookingStatus.PENDING_PAYMENT,
    )

    desk.look()

    assert desk.status(booking_id) is BookingStatus.CONFIRMED
    desk.server.reads.clear()
    desk.look()
    assert desk.server.reads.count() == desk.server.reads.count("/v1/events") == 2  # what was heard is not heard again
