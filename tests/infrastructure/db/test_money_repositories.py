"""What money needs beside its attempts: who asks Stripe, disputes, accounts, receipts, rolled-over lines."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text
from support.book import TUESDAY, Book, a_booking, a_payment, put
from support.clock import StandingClock
from support.race import at_once

from inkdesk.application.payment_ports import Lease
from inkdesk.domain.accounts import ChargeWay, StripeAccount
from inkdesk.domain.bookings import Booking
from inkdesk.domain.disputes import Dispute
from inkdesk.domain.errors import StaleRecord, ValidationError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, LedgerKind, Payment
from inkdesk.domain.refunds import Refund
from inkdesk.infrastructure.db.database import Database

LEASE_S = 20
FEE = Money(500, "EUR")


@pytest.fixture
def booking(database: Database, book: Book) -> Booking:
    with database.write() as uow:
        stored = put(uow, a_booking(book), book.ana)
        uow.commit()
    return stored


@pytest.fixture
def payment(database: Database, booking: Booking) -> Payment:
    with database.write() as uow:
        stored = uow.payments.add(a_payment(booking))
        uow.commit()
    return stored


@pytest.fixture
def other(database: Database, book: Book, clock: StandingClock) -> Iterator[Database]:
    url = str(database._engine.url.render_as_string(hide_password=False))
    desk = Database.open(url, who="Desk 2", clock=clock)
    yield desk
    desk.close()


def take(database: Database, holder: str) -> Lease:
    with database.write() as uow:
        lease = uow.poller.take(holder, LEASE_S)
        uow.commit()
    return lease


def silent_for(database: Database, seconds: int) -> None:
    """As if the holder had not been heard of for so long, by the database's own clock."""
    earlier = {"sqlite": f"beat_at - {seconds}", "postgresql": f"beat_at - interval '{seconds} seconds'"}
    with database._engine.begin() as connection:
        connection.execute(text(f"UPDATE poller SET beat_at = {earlier[database.kind]}"))


def test_one_desk_asks_for_all_until_it_is_silent(database: Database, book: Book) -> None:
    first = take(database, "a")
    assert (first.epoch, first.is_mine, first.holder) == (1, True, "a")
    assert take(database, "a").epoch == 1
    refused = take(database, "b")
    assert (refused.epoch, refused.is_mine, refused.holder) == (1, False, "a")
    silent_for(database, LEASE_S - 3)
    assert not take(database, "b").is_mine
    silent_for(database, LEASE_S)
    taken = take(database, "b")
    assert (taken.epoch, taken.is_mine) == (2, True)
    with database.write() as uow:
        assert not uow.poller.is_current(1, "a")
        assert not uow.poller.note(1, "a", "")
        assert uow.poller.is_current(2, "b")


def test_a_desk_that_lets_go_is_followed_at_once(database: Database, book: Book) -> None:
    take(database, "a")
    with database.write() as uow:
        uow.poller.release("b")
        uow.poller.release("a")
        uow.commit()
    assert take(database, "b").is_mine


def test_every_desk_reads_how_the_last_look_went(database: Database, other: Database) -> None:
    take(database, "a")
    with database.write() as uow:
        assert uow.poller.note(1, "a", "")
        uow.commit()
    with other.read() as uow:
        well = uow.poller.look("b")
    assert well.last_ok_at is not None
    assert (well.trouble, well.trouble_since, well.is_mine) == ("", None, False)
    for _ in range(2):
        with database.write() as uow:
            uow.poller.note(1, "a", "Stripe is away")
            uow.commit()
    with other.read() as uow:
        trouble = uow.poller.look("b")
    assert (trouble.trouble, trouble.last_ok_at) == ("Stripe is away", well.last_ok_at)
    assert trouble.trouble_since is not None


def test_the_lease_is_no_change_of_the_book(database: Database, other: Database) -> None:
    before = other.data_version()
    take(database, "a")
    with database.write() as uow:
        uow.poller.note(1, "a", "")
        uow.poller.release("a")
        uow.commit()
    assert other.data_version() == before


def test_of_desks_that_ask_at_once_one_is_elected(database: Database, book: Book) -> None:
    def work(number: int, barrier: Barrier) -> bool:
        barrier.wait()
        return take(database, f"desk {number}").is_mine

    assert Counter(at_once(6, work)) == {False: 5, True: 1}


def test_a_dispute_is_kept_by_stripe_s_id(database: Database, payment: Payment) -> None:
    seen = Dispute(
        payment_id=payment.id, stripe_id="dp_1", amount=FEE, status="needs_response", opened_at=TUESDAY,
        due_by=TUESDAY + timedelta(days=7),
    )  # fmt: skip
    with database.write() as uow:
        stored = uow.payments.save_dispute(seen)
        decided = uow.payments.save_dispute(replace(seen, status="won", closed_at=TUESDAY + timedelta(days=3)))
        assert (decided.id, decided.status, decided.version) == (stored.id, "won", 2)
        assert uow.payments.dispute("dp_1") == decided
        assert uow.payments.dispute("dp_2") is None
        assert uow.payments.disputes_of(payment.id) == [decided]


def test_a_refund_that_two_desks_learn_of_is_stored_once(database: Database, payment: Payment) -> None:
    refund = Refund(
        payment_id=payment.id, amount=FEE, reason="", idempotency_key="stripe:re_1", created_at=TUESDAY,
        stripe_id="re_1", params="{}", who="Desk", failure="", balance_id="txn_1", try_after=TUESDAY,
    )  # fmt: skip
    with database.write() as uow:
        stored = uow.payments.add_refund_once(refund)
        assert stored is not None
        assert replace(stored, id=0) == refund
        assert uow.payments.add_refund_once(refund) is None
        assert uow.payments.add_refund_once(replace(refund, idempotency_key="other")) is None
        assert uow.payments.refund(stored.id) == stored
        with pytest.raises(ValidationError):
            uow.payments.refund(stored.id + 1)


def test_lines_of_a_booking_and_of_a_client_s_credit(database: Database, book: Book, booking: Booking) -> None:
    with database.write() as uow:
        later = put(uow, a_booking(book, TUESDAY + timedelta(days=1)), book.ana)
        rolled = an_entry(booking, LedgerKind.ROLLED_OVER, "r", to_booking_id=later.id)
        credited, used = an_entry(booking, LedgerKind.CREDITED, "c"), an_entry(later, LedgerKind.CREDIT_USED, "u")
        for entry in (rolled, credited, used):
            assert uow.payments.write_ledger(entry)
        assert plain(uow.payments.ledger_of(booking.id)) == [rolled, credited]
        assert plain(uow.payments.ledger_of(later.id)) == [rolled, used]
        assert plain(uow.payments.credit_lines(book.client.id)) == [credited, used]
        assert uow.payments.credit_lines(book.client.id + 1) == []


def an_entry(booking: Booking, kind: LedgerKind, fact_key: str, to_booking_id: int | None = None) -> LedgerEntry:
    return LedgerEntry(
        kind=kind, booking_id=booking.id, payment_id=None, amount=FEE, at=TUESDAY, who="Desk", why="",
        fact_key=fact_key, to_booking_id=to_booking_id,
    )  # fmt: skip


def plain(entries: list[LedgerEntry]) -> list[LedgerEntry]:
    return [replace(entry, id=0) for entry in entries]


def test_receipts_are_numbered_without_gaps(database: Database, booking: Booking, payment: Payment) -> None:
    with database.write() as uow:
        second = uow.payments.add(a_payment(booking, 2))
        uow.commit()
    with database.write() as uow:
        assert uow.payments.receipt_number(second.id, TUESDAY) == 1
        assert uow.payments.receipt_number(payment.id, TUESDAY) == 2
        assert uow.payments.receipt_number(second.id, TUESDAY) == 1


def test_receipts_made_at_once_have_numbers_of_their_own(database: Database, booking: Booking) -> None:
    with database.write() as uow:
        ids = [uow.payments.add(a_payment(booking, attempt)).id for attempt in range(1, 7)]
        uow.commit()

    def work(number: int, barrier: Barrier) -> int:
        barrier.wait()
        with database.write() as uow:
            found = uow.payments.receipt_number(ids[number], TUESDAY)
            uow.commit()
        return found

    assert set(at_once(6, work)) == {1, 2, 3, 4, 5, 6}


def test_what_came_since_a_moment(database: Database, booking: Booking) -> None:
    hour = timedelta(hours=1)
    with database.write() as uow:
        stored = [
            uow.payments.add(
                replace(
                    a_payment(booking, n), session_id=f"cs_{n}", charge_id=f"ch_{n}", charged_at=TUESDAY + n * hour,
                    fee_minor=None if n == 2 else 30,
                )
            )
            for n in (1, 2, 3)
        ]  # fmt: skip
        assert uow.payments.count_charged_since(TUESDAY + 2 * hour) == 2
        assert uow.payments.without_fee() == [stored[1]]


def test_accounts_of_the_studio_and_its_artists(database: Database, book: Book) -> None:
    with database.write() as uow:
        ana = uow.accounts.save(
            StripeAccount(artist_id=book.ana.id, account_id="acct_ana", way=ChargeWay.DIRECT, fee_basis_points=1500)
        )
        own = uow.accounts.save(StripeAccount(artist_id=None, account_id="acct_own", is_ready=True, checked_at=TUESDAY))
        assert uow.accounts.all() == [own, ana]
        assert uow.accounts.of_artist(None) == own
        assert uow.accounts.of_artist(book.bo.id) is None
        later = uow.accounts.save(replace(ana, way=ChargeWay.DESTINATION, problem="card_payments inactive"))
        assert uow.accounts.of_artist(book.ana.id) == later
        with pytest.raises(StaleRecord):
            uow.accounts.save(ana)
        uow.accounts.remove(later.id)
        assert uow.accounts.all() == [own]
