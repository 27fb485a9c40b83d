"""What a desk does in the cases while it may be killed, and what must hold whatever happened.

What is done in another process stands here: that process cannot import the tests.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from inkdesk.application.booking_commands import BookCommand
from inkdesk.application.payment_gateway import GatewayFailure
from inkdesk.application.services import Services
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.deposits import balance_of
from inkdesk.domain.errors import StripeNotConfigured
from inkdesk.domain.money import Money
from inkdesk.domain.payments import ASKING, COLLECTED, LedgerKind, Payment, PaymentStatus
from inkdesk.domain.refunds import RefundStatus
from support.book import TUESDAY
from support.payment_desk import PaymentDesk

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
DEPOSIT = Money(5000, "EUR")


def look(services: Services, *_ids: object) -> None:
    """One look of the worker."""
    services.reconcile.look(sweep=False)


def sweep(services: Services, *_ids: object) -> None:
    """The look at the start of the program."""
    services.reconcile.look(sweep=True)


def open_link(services: Services, _booking_id: int, payment_id: int) -> None:
    """Ask Stripe for the link; trouble is told to the person, who goes away."""
    with suppress(GatewayFailure):
        services.payments.open_link(payment_id)


def open_link_if_it_may(services: Services, _booking_id: int, payment_id: int) -> None:
    """Ask for the link of an account that may not charge."""
    with suppress(GatewayFailure, StripeNotConfigured):
        services.payments.open_link(payment_id)


def refund_all(services: Services, _booking_id: int, payment_id: int) -> None:
    """Give a deposit back."""
    with suppress(GatewayFailure):
        services.payments.refund(payment_id, DEPOSIT, "ill", "refund-form")


def send_again(services: Services, booking_id: int, _session: str) -> None:
    """A new link for a hold."""
    services.payments.resend_link(booking_id)


def book_by_link(services: Services, command: BookCommand, *_ids: object) -> None:
    """A booking with its link."""
    booked = services.bookings.book(command)
    assert booked.payment_id is not None
    services.payments.open_link(booked.payment_id)


def look_while_the_client_pays(services: Services, _booking_id: int, url: str) -> None:
    """The client presses "pay" in the moment in which the link is expired."""
    gateway = services.gateway()
    expire = gateway.expire_session

    def pay_first(session_id: str, account: str = "") -> None:
        _press_pay(url)
        expire(session_id, account)

    gateway.expire_session = pay_first  # type: ignore[method-assign]
    services.reconcile.look(sweep=False)


def _press_pay(url: str) -> None:
    """As a browser does: it is no step of the desk."""
    with suppress(HTTPError):
        urlopen(Request(url.partition("#")[0], data=b"action=pay", method="POST")).close()


def saved_hold(desk: PaymentDesk) -> tuple[int, int]:
    """A hold whose attempt was not sent yet: booking and payment."""
    booking, payment = desk.hold()
    return booking.id, payment.id


def held(desk: PaymentDesk) -> tuple[int, str]:
    """A hold with an open link: booking and session."""
    return desk.held_link()


def paid(desk: PaymentDesk) -> tuple[int, int]:
    """A confirmed booking whose deposit came by link: booking and payment."""
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    desk.look()
    return booking_id, desk.payment(booking_id).id


def payable(desk: PaymentDesk) -> list[str]:
    """The sessions that a client could pay at Stripe at this moment."""
    return [one.session_id for one in desk.gateway.sessions_since(BEGINNING) if one.status.value == "open"]


def come_to_rest(desk: PaymentDesk) -> None:
    """The program is started again, looks, and a little later once more; then everything that must hold holds."""
    desk.look(sweep=True)
    desk.pass_time(seconds=100)
    desk.look(sweep=True)
    check_promises(desk)


def check_promises(desk: PaymentDesk) -> None:
    """The invariants of money, for every booking in the book and every object at Stripe."""
    days = desk.database.queries.calendar(TUESDAY.date() - timedelta(days=40), TUESDAY.date() + timedelta(days=40))
    ids = {card.booking_id for card in days.cards}
    known = {one.session_id for booking_id in ids for one in desk.attempts(booking_id) if one.session_id}
    assert set(payable(desk)) <= known, "a link can be paid that no attempt knows"
    for booking_id in ids:
        _check_booking(desk, booking_id)


def _check_booking(desk: PaymentDesk, booking_id: int) -> None:
    attempts, status = desk.attempts(booking_id), desk.status(booking_id)
    kept = [one for one in attempts if one.status in COLLECTED and one.refunded_minor < one.amount.amount_minor]
    asked = [one for one in attempts if one.status in ASKING - {PaymentStatus.CREATING}]
    assert len(asked) <= 1, "two links of one booking can be paid"
    for one in attempts:
        back = in_ledger(desk, one, LedgerKind.REFUNDED)
        done = [refund for refund in desk.refunds(one.id) if refund.status is RefundStatus.SUCCEEDED]
        came = one.amount.amount_minor if one.status in COLLECTED else 0
        assert in_ledger(desk, one, LedgerKind.PAID) == came, "the ledger lacks or doubles money that came"
        assert back == sum(refund.amount.amount_minor for refund in done) == one.refunded_minor
    if kept and status in {BookingStatus.LAPSED, BookingStatus.CANCELLED, BookingStatus.PENDING_PAYMENT}:
        lines = desk.database.queries.booking(booking_id).ledger
        is_settled = balance_of(booking_id, lines, "EUR").left.amount_minor == 0
        is_told = any(task.booking_id == booking_id for task in desk.tasks())
        assert is_settled or is_told or all(desk.refunds(one.id) for one in kept), (
            "money is in, and neither a booking nor the ledger nor a task says so"
        )


def in_ledger(desk: PaymentDesk, payment: Payment, kind: LedgerKind) -> int:
    """What the ledger says of a payment's money, in minor units."""
    lines = desk.database.queries.booking(payment.booking_id).ledger
    return sum(line.amount.amount_minor for line in lines if line.payment_id == payment.id and line.kind is kind)
