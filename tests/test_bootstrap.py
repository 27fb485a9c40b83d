"""The composition root: everything opens, works together, and lets go."""

import gc
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import keyring
import pytest
from filelock import FileLock, Timeout
from support.folders import unwritable_folder
from support.keyrings import MemoryKeyring

from inkdesk.application.booking_commands import BookCommand, DepositChoice, NewClient
from inkdesk.application.sample import STUDIO
from inkdesk.bootstrap import (
    OpenStudio,
    only_instance,
    open_practice_studio,
    open_studio,
    own_practice,
    resource_folder,
    speak,
    stripe_secret,
)
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import DatabaseUnreachable, StripeNotConfigured, ValidationError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentStatus
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure import single_instance
from inkdesk.infrastructure.files import Preferences, sqlite_url


@pytest.fixture(autouse=True)
def secrets() -> Iterator[MemoryKeyring]:
    """A keyring that keeps secrets, as the system's."""
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def practice() -> Iterator[OpenStudio]:
    """A running practice studio."""
    opened = open_practice_studio()
    yield opened
    opened.close()


def command_for(opened: OpenStudio, **changes: object) -> BookCommand:
    """A booking at the first free start from tomorrow on."""
    today = opened.services.clock.now().date()
    slots = opened.services.availability.slots(None, 2, today + timedelta(days=1), today + timedelta(days=9))
    command = BookCommand(
        request_key="form-1",
        artist_id=slots[0].artist_id,
        service_id=2,
        starts_at=slots[0].starts_at,
        client=NewClient(name="Zoé", phone="06 12 34 56 78"),
    )
    return replace(command, **changes)  # type: ignore[arg-type]


def statuses(opened: OpenStudio) -> dict[int, tuple[BookingStatus, int]]:
    """Status and money of every booking."""
    today = opened.services.clock.now().date()
    cards = opened.services.queries.calendar(today - timedelta(days=60), today + timedelta(days=60)).cards
    return {card.booking_id: (card.status, card.paid_minor) for card in cards}


def test_the_first_looks_make_the_links_of_the_sample_and_change_nothing_else(practice: OpenStudio) -> None:
    services = practice.services
    before = statuses(practice)
    looked = services.reconcile.look(sweep=True)
    assert looked.banner is None
    assert not looked.is_trouble
    assert statuses(practice) == before
    holds = [one for one, (status, _) in before.items() if status is BookingStatus.PENDING_PAYMENT]
    for booking_id in holds:
        payments = services.queries.booking(booking_id).payments
        assert [one.status for one in payments] == [PaymentStatus.OPEN]
        assert payments[0].url
    assert services.queries.open_tasks() == []
    again = services.reconcile.look(sweep=True)
    assert (again.banner, again.paid, statuses(practice)) == (None, (), before)
    assert services.queries.open_tasks() == []


def test_a_practice_booking_is_paid_and_confirmed(practice: OpenStudio) -> None:
    services = practice.services
    booked = services.bookings.book(command_for(practice, choice=DepositChoice.LINK))
    assert booked.payment_id is not None
    opened = services.payments.open_link(booked.payment_id)
    assert practice.practice is not None
    assert practice.practice.server is not None
    practice.practice.server.pay(opened.payment.session_id)
    assert services.reconcile.look().paid == (booked.booking.id,)


def test_closing_a_practice_studio_leaves_nothing_behind() -> None:
    before = set(threading.enumerate())
    opened = open_practice_studio()
    file = Path(opened.database.url_shown)
    opened.services.reconcile.look(sweep=True)
    assert file.exists()
    opened.close()
    opened.close()
    gc.collect()
    assert not file.parent.exists()
    assert set(threading.enumerate()) == before


def test_a_busy_practice_port_is_a_sentence(practice: OpenStudio) -> None:
    assert practice.practice is not None
    port = int(practice.practice.url.rpartition(":")[2])
    with pytest.raises(ValidationError, match=f"Port {port} is in use"):
        open_practice_studio(port)


def test_a_practice_file_gets_its_own_practice_stripe_when_it_is_opened_again(practice: OpenStudio) -> None:
    reopened = open_studio(f"sqlite:///{practice.database.url_shown}", practice=lambda: own_practice(None))
    assert reopened.practice is not None
    assert reopened.gateway().mode is Mode.PRACTICE
    reopened.close()


def test_without_a_practice_stripe_no_link_is_promised(practice: OpenStudio) -> None:
    reopened = open_studio(f"sqlite:///{practice.database.url_shown}")
    before = statuses(reopened)
    with pytest.raises(StripeNotConfigured):
        reopened.services.bookings.book(command_for(reopened, choice=DepositChoice.LINK))
    assert statuses(reopened) == before
    reopened.close()


@pytest.mark.parametrize(("price", "deposit"), [(-1, 0), (1000, -1), (1000, 1001)])
def test_a_negative_price_is_refused_and_nothing_stored(practice: OpenStudio, price: int, deposit: int) -> None:
    before = statuses(practice)
    command = command_for(practice, price=Money(price, "EUR"), deposit=Money(deposit, "EUR"))
    with pytest.raises(ValidationError) as refused:
        practice.services.bookings.book(command)
    assert refused.value.field in {"price", "deposit"}
    assert statuses(practice) == before


def test_a_changed_key_is_used_at_once(sqlite_url: str, secrets: MemoryKeyring) -> None:
    opened = open_studio(sqlite_url)
    with opened.database.write() as uow:
        studio = uow.studio.add(replace(STUDIO, uid="live-1", mode=Mode.LIVE))
        uow.commit()
    name = stripe_secret(studio)
    with pytest.raises(StripeNotConfigured):
        opened.gateway()
    opened.services.secrets.set(name, "rk_live_one0000000000000000")
    one = opened.gateway()
    assert opened.gateway() is one
    opened.services.secrets.set(name, "rk_live_two0000000000000000")
    assert opened.gateway() is not one
    opened.services.secrets.delete(name)
    with pytest.raises(StripeNotConfigured):
        opened.gateway()
    opened.close()
    assert not secrets.kept


def test_an_own_studio_must_exist_where_a_command_looks_for_it(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable, match="inkdesk init"):
        open_studio(f"sqlite:///{tmp_path / 'x.db'}", must_exist=True)
    assert list(tmp_path.iterdir()) == []


def test_only_a_file_is_locked_for_one_window(sqlite_url: str) -> None:
    lock = only_instance(sqlite_url)
    assert lock is not None
    assert only_instance("postgresql+psycopg://desk@db/studio") is None


def test_one_file_is_one_studio_however_its_address_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "why? 100%25 刺青"
    folder.mkdir()
    (tmp_path / "other").mkdir()
    straight = only_instance(sqlite_url(folder / "x.db"))
    around = only_instance(sqlite_url(tmp_path / "other" / ".." / folder.name / "x.db"))
    assert straight is not None
    assert around is not None
    assert straight.studio == around.studio
    assert straight.take()
    assert not around.take()
    straight.release()
    assert around.take()
    around.release()


def test_the_lock_for_windows_keeps_others_out_and_lets_go(tmp_path: Path) -> None:
    let_go = single_instance._lock_on_windows(tmp_path / "x.db.lock")
    assert let_go is not None
    assert single_instance._lock_on_windows(tmp_path / "x.db.lock") is None
    let_go()
    again = single_instance._lock_on_windows(tmp_path / "x.db.lock")
    assert again is not None
    again()


def test_no_lock_makes_no_folder(tmp_path: Path) -> None:
    lock = only_instance(sqlite_url(tmp_path / "nowhere" / "x.db"))
    assert lock is not None
    with pytest.raises(DatabaseUnreachable, match="There is no folder"):
        lock.take()
    folder = only_instance(sqlite_url(tmp_path))
    assert folder is not None
    with pytest.raises(DatabaseUnreachable, match="is a folder"):
        folder.take()
    assert list(tmp_path.iterdir()) == []
    assert not tmp_path.with_name(f"{tmp_path.name}.lock").exists()


def test_a_folder_that_cannot_be_written_is_not_another_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with unwritable_folder(tmp_path) as folder:
        lock = only_instance(sqlite_url(folder / "x.db"))
        assert lock is not None
        with pytest.raises(DatabaseUnreachable, match="cannot be written"):
            lock.take()

    def late(_self: FileLock, timeout: float) -> None:
        raise Timeout(f"not within {timeout} s")  # what Windows tells of such a folder

    monkeypatch.setattr(FileLock, "acquire", late)
    monkeypatch.setattr(single_instance, "_lock", single_instance._lock_on_windows)
    windows = only_instance(sqlite_url(tmp_path / "x.db"))
    assert windows is not None
    with pytest.raises(DatabaseUnreachable, match="cannot be written"):
        windows.take()


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "Europe", "", "\x00"])
def test_a_zone_that_this_computer_does_not_know_is_a_sentence(zone: str) -> None:
    with pytest.raises(ValidationError, match="does not know"):
        speak(Preferences(), zone)


def test_resources_are_found() -> None:
    assert list((resource_folder() / "fonts").glob("*.otf"))
    assert (resource_folder() / "translations" / "fr").is_dir()
