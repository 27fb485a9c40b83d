"""Artists' accounts: entered, checked at Stripe, and in the way of a link that nobody could pay."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from support.book import TUESDAY
from support.payment_desk import PaymentDesk
from support.race import at_once

from inkdesk.application.account_service import AccountCommand, AccountService
from inkdesk.application.changes import Changes
from inkdesk.application.payment_gateway import GatewayNotAllowed, GatewayUnreachable
from inkdesk.domain.accounts import ChargeWay, StripeAccount
from inkdesk.domain.artists import Artist
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import StaleRecord, StripeNotConfigured, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.payments import PaymentStatus
from inkdesk.infrastructure.db.repositories.accounts import SqlAccountRepository
from inkdesk.practice.faults import Fault, FaultKind

ANA = "acct_ana"


@pytest.fixture
def accounts(lone_desk: PaymentDesk) -> AccountService:
    lone_desk.server.connect(ANA)
    return service_of(lone_desk)


def service_of(desk: PaymentDesk) -> AccountService:
    return AccountService(desk.database.write, desk.database.read, lambda: desk.gateway, desk.clock)


def command(
    artist: Artist, way: ChargeWay = ChargeWay.DIRECT, account_id: str = ANA, version: int = 0
) -> AccountCommand:
    return AccountCommand(artist_id=artist.id, way=way, account_id=account_id, fee_basis_points=1000, version=version)


def stored(desk: PaymentDesk, artist: Artist | None) -> StripeAccount:
    with desk.database.read() as uow:
        found = uow.accounts.of_artist(artist.id if artist else None)
    assert found is not None
    return found


def test_an_account_is_ready_once_stripe_said_so(lone_desk: PaymentDesk, accounts: AccountService) -> None:
    ana = lone_desk.book.ana
    assert accounts.save(command(ana)).settings
    assert not stored(lone_desk, ana).is_ready
    accounts.check(ana.id)
    assert stored(lone_desk, ana).is_ready
    assert stored(lone_desk, ana).checked_at == lone_desk.clock.now()


def test_the_studio_stands_first_in_the_list(lone_desk: PaymentDesk, accounts: AccountService) -> None:
    accounts.save(command(lone_desk.book.ana))
    accounts.check(None)
    lines = accounts.lines()
    assert [(one.name, one.account.account_id if one.account else "") for one in lines] == [
        ("Nadel & Co", lone_desk.server.account_id),
        ("Ana", ANA),
        ("Bo", ""),
    ]


def test_another_way_or_account_is_asked_about_anew(lone_desk: PaymentDesk, accounts: AccountService) -> None:
    ana = lone_desk.book.ana
    accounts.save(command(ana))
    accounts.check(ana.id)
    accounts.save(command(ana, version=stored(lone_desk, ana).version))
    assert stored(lone_desk, ana).is_ready
    accounts.save(command(ana, ChargeWay.DESTINATION, version=stored(lone_desk, ana).version))
    assert stored(lone_desk, ana).checked_at is None
    with pytest.raises(StaleRecord):
        accounts.save(command(ana, version=1))


def test_the_studios_own_account_is_no_artists(lone_desk: PaymentDesk, accounts: AccountService) -> None:
    accounts.check(None)
    with pytest.raises(ValidationError, match="the studio's own account") as refused:
        accounts.save(command(lone_desk.book.ana, account_id=lone_desk.server.account_id))
    assert refused.value.field == "account_id"


def test_there_is_nothing_to_ask_about_an_artist_without_an_account(
    lone_desk: PaymentDesk, accounts: AccountService
) -> None:
    with pytest.raises(ValidationError):
        accounts.check(lone_desk.book.bo.id)


@pytest.mark.parametrize(
    ("way", "capability", "words"),
    [
        (ChargeWay.DIRECT, "card_payments", "card_payments (inactive)"),
        (ChargeWay.DESTINATION, "transfers", "transfers (inactive)"),
    ],
)
def test_no_link_is_offered_by_an_account_that_lacks_something(
    lone_desk: PaymentDesk, accounts: AccountService, way: ChargeWay, capability: str, words: str
) -> None:
    ana = lone_desk.book.ana
    accounts.save(command(ana, way))
    lone_desk.server.set_capability(capability, "inactive", ANA)
    accounts.check(ana.id)
    with pytest.raises(StripeNotConfigured) as refused:
        accounts.check_ready(ana.id)
    assert "Ana's" in refused.value.message.plain()
    assert words in refused.value.message.plain()
    accounts.check_ready(lone_desk.book.bo.id)
    accounts.check_ready(None)

    lone_desk.server.set_capability(capability, "active", ANA)
    accounts.check_ready(ana.id)
    assert stored(lone_desk, ana).is_ready


def test_what_was_found_stands_while_stripe_is_away(lone_desk: PaymentDesk, accounts: AccountService) -> None:
    ana = lone_desk.book.ana
    accounts.save(command(ana))
    lone_desk.server.faults.add(Fault(FaultKind.CUT_BEFORE, times=9))
    with pytest.raises(StripeNotConfigured, match="not checked yet"):
        accounts.check_ready(ana.id)
    with pytest.raises(GatewayUnreachable):
        accounts.check(ana.id)


def test_an_account_that_left_is_out_of_reach_until_it_is_back(
    lone_desk: PaymentDesk, accounts: AccountService
) -> None:
    ana = lone_desk.book.ana
    accounts.save(command(ana))
    lone_desk.server.disconnect(ANA)
    accounts.check(ana.id)
    assert stored(lone_desk, ana).problem == "no_access"
    lone_desk.server.connect(ANA)
    assert accounts.look_again([ANA, "acct_unknown"]).settings
    assert stored(lone_desk, ana).is_ready


def test_each_account_is_asked_about_once_a_day(lone_desk: PaymentDesk, accounts: AccountService) -> None:
    ana = lone_desk.book.ana
    accounts.save(command(ana))
    assert accounts.check_due().settings
    lone_desk.gateway.take_reads()
    assert not accounts.check_due()
    lone_desk.pass_time(hours=23)
    assert not service_of(lone_desk).check_due()
    assert lone_desk.gateway.take_reads() == 0
    lone_desk.pass_time(hours=1)
    assert accounts.check_due().settings
    assert lone_desk.gateway.take_reads() == 2


def test_an_account_that_is_not_ready_is_asked_about_each_hour(
    lone_desk: PaymentDesk, accounts: AccountService
) -> None:
    ana = lone_desk.book.ana
    accounts.save(command(ana))
    lone_desk.server.set_charges_enabled(enabled=False, account_id=ANA)
    accounts.check_due()
    assert stored(lone_desk, ana).problem == "charges_disabled:requirements.past_due"
    lone_desk.server.set_charges_enabled(enabled=True, account_id=ANA)
    lone_desk.pass_time(minutes=59)
    assert not accounts.check_due()
    lone_desk.pass_time(minutes=1)
    accounts.check_due()
    assert stored(lone_desk, ana).is_ready


def test_without_the_right_to_look_at_accounts_the_daily_look_goes_on(
    lone_desk: PaymentDesk, accounts: AccountService
) -> None:
    lone_desk.server.access.withdraw(lone_desk.server.key, "rak_connected_account_read")
    assert not accounts.check_due()
    with pytest.raises(GatewayNotAllowed):
        accounts.check(None)


def test_a_key_of_another_account_is_told(lone_desk: PaymentDesk, accounts: AccountService) -> None:
    with lone_desk.database.write() as uow:
        uow.accounts.save(StripeAccount(artist_id=None, account_id="acct_former"))
        uow.commit()
    with pytest.raises(StripeNotConfigured, match="acct_former"):
        accounts.check(None)
    assert not accounts.check_due()


def test_a_key_that_stripe_does_not_answer_about_is_asked_about_once_a_minute(
    lone_desk: PaymentDesk, accounts: AccountService
) -> None:
    with lone_desk.database.write() as uow:
        uow.accounts.save(StripeAccount(artist_id=None, account_id="acct_former"))
        uow.commit()
    lone_desk.server.faults.set_offline(offline=True)
    lone_desk.gateway.take_reads()
    for _ in range(5):
        accounts.check_key(lone_desk.gateway)
        lone_desk.pass_time(seconds=7)
    assert lone_desk.gateway.take_reads() == 1
    lone_desk.server.faults.set_offline(offline=False)
    accounts.check_key(lone_desk.gateway)

    lone_desk.pass_time(seconds=25)
    with pytest.raises(StripeNotConfigured, match="acct_former"):
        accounts.check_key(lone_desk.gateway)
    with pytest.raises(StripeNotConfigured, match="acct_former"):  # what Stripe said is said each time
        accounts.check_key(lone_desk.gateway)


def test_two_desks_that_learn_the_studios_account_at_once_keep_it_once(
    desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, both = SqlAccountRepository.save, Barrier(2)

    def slow(self: SqlAccountRepository, account: StripeAccount) -> StripeAccount:
        with suppress(BrokenBarrierError):
            both.wait(1)
        return save(self, account)

    monkeypatch.setattr(SqlAccountRepository, "save", slow)
    answers = at_once(2, lambda _, barrier: barrier.wait() * 0 or service_of(desk).check(None))

    assert [answer.settings for answer in answers if isinstance(answer, Changes)] == [True, True]
    with desk.database.read() as uow:
        assert [one.account_id for one in uow.accounts.all()] == [desk.server.account_id]


@pytest.mark.parametrize("times", [1, 2])
def test_an_account_that_another_desk_is_writing_ends_no_look(
    desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    save, left = SqlAccountRepository.save, [1] * times

    def stale(self: SqlAccountRepository, account: StripeAccount) -> StripeAccount:
        if left:
            left.pop()
            raise StaleRecord(message("It was changed at another desk."))
        return save(self, account)

    monkeypatch.setattr(SqlAccountRepository, "save", stale)
    result = desk.look(sweep=True)

    assert (result.is_trouble, desk.status(booking_id)) == (False, BookingStatus.CONFIRMED)
    with desk.database.read() as uow:
        assert len(uow.accounts.all()) == 2 - times


def test_a_booking_is_not_made_for_a_link_nobody_could_pay(lone_desk: PaymentDesk, accounts: AccountService) -> None:
    accounts.save(command(lone_desk.book.ana))
    with pytest.raises(StripeNotConfigured, match="Ana's"):
        lone_desk.hold(TUESDAY)
    held, payment = lone_desk.hold(TUESDAY, artist=lone_desk.book.bo)
    assert lone_desk.payments.open_link(payment.id).payment.status is PaymentStatus.OPEN
    assert lone_desk.payment(held.id).account == ""


def test_an_old_link_lives_while_a_new_one_could_not_be_made(lone_desk: PaymentDesk, accounts: AccountService) -> None:
    ana = lone_desk.book.ana
    booking_id, session_id = lone_desk.held_link()
    accounts.save(command(ana))
    lone_desk.server.disconnect(ANA)
    with pytest.raises(StripeNotConfigured, match="Ana's"):
        lone_desk.payments.resend_link(booking_id)
    assert lone_desk.payment(booking_id).session_id == session_id
    assert lone_desk.payment(booking_id).status is PaymentStatus.OPEN

    lone_desk.server.connect(ANA)
    again = lone_desk.payments.resend_link(booking_id).payment
    assert (again.account, again.app_fee_minor) == (ANA, 500)


def test_two_desks_enter_an_account_at_once_and_one_is_told(desk: PaymentDesk) -> None:
    accounts, ana = service_of(desk), desk.book.ana

    def enter(number: int, barrier: Barrier) -> None:
        barrier.wait()
        accounts.save(command(ana, account_id=f"acct_{number}"))

    answers = at_once(2, enter)
    assert [type(one) for one in answers] == [StaleRecord]
    with desk.database.read() as uow:
        assert len(uow.accounts.all()) == 1
