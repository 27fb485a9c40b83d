"""What a studio, an artist, a service and a client may be, and what a cancel gives back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from inkdesk.domain.artists import Artist, Leave, check_artist, check_leave
from inkdesk.domain.bookings import (
    BOOKING_TRANSITIONS,
    BookingStatus,
    keeps_slot,
    refundable,
)
from inkdesk.domain.catalogue import CancellationPolicy, Service, check_service
from inkdesk.domain.clients import Client, check_client
from inkdesk.domain.errors import ErrorCode, ValidationError
from inkdesk.domain.hours import WallSpan, every_week
from inkdesk.domain.money import Money
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.studio import Mode, Studio, check_studio

STUDIO = Studio(uid="u", name="Ink", zone="Europe/Paris", currency="EUR", mode=Mode.PRACTICE)
ARTIST = Artist(name="Mia")
SERVICE = Service(name="Sleeve", sitting=Sitting(0, 3600, 0), price=Money(10000, "EUR"), deposit=Money(2000, "EUR"))
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_what_is_right_passes() -> None:
    check_studio(STUDIO)
    check_artist(ARTIST)
    check_service(SERVICE)
    check_client(Client(name="Zoë O'Brien <b>", email="zoe@example.org"))
    check_client(Client(name="🦋"))
    check_leave(Leave(artist_id=None, starts_at=NOON, ends_at=NOON + timedelta(hours=1)))


@pytest.mark.parametrize(
    ("check", "field"),
    [
        (lambda: check_studio(replace(STUDIO, name=" ")), "name"),
        (lambda: check_studio(replace(STUDIO, zone="Europe/Atlantis")), "zone"),
        (lambda: check_studio(replace(STUDIO, currency="eur")), "currency"),
        (lambda: check_studio(replace(STUDIO, hold_s=59)), "hold_s"),
        (lambda: check_studio(replace(STUDIO, hold_s=86401)), "hold_s"),
        (lambda: check_studio(replace(STUDIO, slot_step_s=0)), "slot_step_s"),
        (lambda: check_studio(replace(STUDIO, minimum_notice_s=-1)), "minimum_notice_s"),
        (lambda: check_studio(replace(STUDIO, horizon_days=0)), "horizon_days"),
        (lambda: check_artist(replace(ARTIST, name="")), "name"),
        (lambda: check_artist(replace(ARTIST, zone="Mars/Base")), "zone"),
        (lambda: check_artist(replace(ARTIST, pause_s=-1)), "pause_s"),
        (
            lambda: check_artist(replace(ARTIST, stays_from=date(2026, 2, 2), stays_until=date(2026, 2, 1))),
            "stays_until",
        ),
        (lambda: check_artist(replace(ARTIST, plans=every_week(((WallSpan(600, 600),), *((),) * 6)))), "weekly"),
        (lambda: check_artist(replace(ARTIST, plans=every_week(((WallSpan(1200, 2700),), *((),) * 6)))), "weekly"),
        (lambda: check_service(replace(SERVICE, name="")), "name"),
        (lambda: check_service(replace(SERVICE, sitting=Sitting(0, 0, 0))), "sitting_s"),
        (lambda: check_service(replace(SERVICE, sitting=Sitting(-1, 60, 0))), "prep_s"),
        (lambda: check_service(replace(SERVICE, price=Money(-1, "EUR"))), "price"),
        (lambda: check_service(replace(SERVICE, deposit=Money(-1, "EUR"))), "deposit"),
        (lambda: check_service(replace(SERVICE, deposit=Money(10001, "EUR"))), "deposit"),
        (lambda: check_service(replace(SERVICE, deposit=Money(1, "USD"))), "deposit"),
        (lambda: check_service(replace(SERVICE, policy=CancellationPolicy(1, 101))), "policy"),
        (lambda: check_client(Client(name="  ")), "client_name"),
        (lambda: check_client(Client(name="\u200b\u00a0")), "client_name"),
        (lambda: check_client(Client(name="x" * 201)), "client_name"),
        (lambda: check_client(Client(name="Zoë", email="zoe@example.org\nBcc: all@example.org")), "client_email"),
        (lambda: check_client(Client(name="Zoë", email=f"{'z' * 250}@example.org")), "client_email"),
        (lambda: check_client(Client(name="Zoë", email="zoe@example")), "client_email"),
        (lambda: check_client(Client(name="Zoë", email="zoe at home")), "client_email"),
        (lambda: check_leave(Leave(artist_id=1, starts_at=NOON, ends_at=NOON)), "ends_at"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(check: Callable[[], None], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        check()
    assert caught.value.code is ErrorCode.VALIDATION
    assert caught.value.field == field
    assert str(caught.value).endswith(".")


def test_the_policy_gives_back_before_the_cut_off_and_nothing_after() -> None:
    policy, paid = CancellationPolicy(cutoff_hours=48, refund_percent=50), Money(4999, "EUR")
    assert refundable(policy, paid, NOON, NOON - timedelta(hours=48)) == Money(2499, "EUR")
    assert refundable(policy, paid, NOON, NOON - timedelta(hours=48) + timedelta(seconds=1)) == Money(0, "EUR")
    dinars = refundable(policy, Money(12350, "KWD"), NOON, NOON - timedelta(hours=48))
    assert dinars == Money(6170, "KWD")  # cards take no thousandths


@pytest.mark.parametrize("status", list(BookingStatus))
def test_which_bookings_keep_their_slot(status: BookingStatus) -> None:
    settled = status in {BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW}
    assert keeps_slot(status, holds_block=False) is settled
    assert keeps_slot(status, holds_block=True) is (settled or status is BookingStatus.PENDING_PAYMENT)


def test_every_status_has_its_row_and_nothing_leaves_the_table() -> None:
    assert set(BOOKING_TRANSITIONS) == set(BookingStatus)
    assert BOOKING_TRANSITIONS[BookingStatus.CANCELLED] == frozenset()
    assert BookingStatus.LAPSED not in BOOKING_TRANSITIONS[BookingStatus.CONFIRMED]
