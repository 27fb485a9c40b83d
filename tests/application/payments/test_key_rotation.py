"""Another key for the studio: of the same account it goes on, of another one only when nothing is under way."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from support.payment_desk import PaymentDesk
from support.settings_desk import MemorySecrets

from inkdesk.application.key_service import KeyService, Unfinished
from inkdesk.application.stripe_key import CONNECTED_RIGHT, key_name
from inkdesk.domain.accounts import ChargeWay, StripeAccount
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import ErrorCode, InkDeskError, StripeNotConfigured, ValidationError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentStatus
from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.stripe_api.gateway import StripeGateway
from inkdesk.practice import PracticeServer
from inkdesk.practice.access import KEY_RIGHTS
from inkdesk.practice.faults import Fault, FaultKind

NEW = "rk_test_51abcdEFGHijklMNOPa1b2"


@pytest.fixture
def secrets() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def keys(lone_desk: PaymentDesk, secrets: MemorySecrets) -> KeyService:
    lone_desk.server.access.grant(NEW)
    return keys_of(lone_desk, lone_desk.server, secrets)


def keys_of(desk: PaymentDesk, server: PracticeServer, secrets: MemorySecrets) -> KeyService:
    def open_key(key: str, mode: Mode) -> StripeGateway:
        return StripeGateway(key, mode, base_url=server.url, retries=0)

    return KeyService(desk.database.write, desk.database.read, secrets, desk.clock, open_key)


def accounts(desk: PaymentDesk) -> Sequence[StripeAccount]:
    with desk.database.read() as uow:
        return uow.accounts.all()


def remember(desk: PaymentDesk, *known: StripeAccount) -> None:
    with desk.database.write() as uow:
        for one in known:
            uow.accounts.save(one)
        uow.commit()


def test_the_account_of_a_key_is_remembered(lone_desk: PaymentDesk, keys: KeyService, secrets: MemorySecrets) -> None:
    shown, changes = keys.keep(NEW, lone_desk.book.studio)
    assert (shown, changes.settings) == ("rk_test_...a1b2", True)
    assert secrets.kept == {key_name(lone_desk.book.studio): NEW}
    (own,) = accounts(lone_desk)
    assert (own.artist_id, own.account_id, own.is_ready) == (None, lone_desk.server.account_id, True)
    assert keys.shown(lone_desk.book.studio) == "rk_test_...a1b2"


def test_another_key_of_the_same_account_goes_on_with_its_holds(lone_desk: PaymentDesk, keys: KeyService) -> None:
    keys.keep(NEW, lone_desk.book.studio)
    booking_id, session_id = lone_desk.held_link()
    other = "rk_test_51otherOTHERotherOTHER"
    lone_desk.server.access.grant(other)
    keys.keep(other, lone_desk.book.studio)
    lone_desk.server.pay(session_id)
    lone_desk.look(sweep=True)
    assert lone_desk.status(booking_id) is BookingStatus.CONFIRMED


def test_a_key_of_another_account_is_refused_while_a_link_can_be_paid(
    lone_desk: PaymentDesk, keys: KeyService, secrets: MemorySecrets
) -> None:
    lone_desk.held_link()
    remember(lone_desk, StripeAccount(artist_id=None, account_id="acct_former"))
    with pytest.raises(ValidationError, match=r"links that can be paid \(1\) and refunds under way \(0\)") as refused:
        keys.keep(NEW, lone_desk.book.studio)
    assert refused.value.field == "stripe_key"
    assert secrets.kept == {}
    assert [one.account_id for one in accounts(lone_desk)] == ["acct_former"]


def test_a_key_of_another_account_is_refused_while_a_refund_is_due(lone_desk: PaymentDesk, keys: KeyService) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.look(sweep=True)
    remember(lone_desk, replace(_own(lone_desk), account_id="acct_former"))
    lone_desk.server.refund_next_as("pending")
    lone_desk.payments.refund(lone_desk.payment(booking_id).id, Money(5000, "EUR"), "ill", "form")
    assert lone_desk.payment(booking_id).status is PaymentStatus.REFUND_PENDING
    with pytest.raises(ValidationError, match=r"\(0\) and refunds under way \(1\)"):
        keys.keep(NEW, lone_desk.book.studio)


def _own(desk: PaymentDesk) -> StripeAccount:
    known = next((one for one in accounts(desk) if one.artist_id is None), None)
    return known or StripeAccount(artist_id=None, account_id="")


def test_a_key_of_another_account_is_taken_when_nothing_is_under_way(
    lone_desk: PaymentDesk, keys: KeyService, secrets: MemorySecrets
) -> None:
    ana = StripeAccount(
        artist_id=lone_desk.book.ana.id,
        account_id="acct_ana",
        way=ChargeWay.DIRECT,
        is_ready=True,
        checked_at=lone_desk.clock.now(),
    )
    remember(lone_desk, StripeAccount(artist_id=None, account_id="acct_former"), ana)
    keys.keep(NEW, lone_desk.book.studio)
    own, theirs = accounts(lone_desk)
    assert own.account_id == lone_desk.server.account_id
    assert (theirs.is_ready, theirs.checked_at) == (False, None)
    assert secrets.kept


def test_a_key_that_may_not_look_at_accounts_is_known_by_the_links(
    lone_desk: PaymentDesk, secrets: MemorySecrets, keys: KeyService
) -> None:
    rights = KEY_RIGHTS - {CONNECTED_RIGHT}
    lone_desk.server.access.grant(NEW, rights)
    lone_desk.held_link()
    keys.keep(NEW, lone_desk.book.studio)
    with PracticeServer(key=NEW) as elsewhere:
        elsewhere.access.grant(NEW, rights)
        others = keys_of(lone_desk, elsewhere, secrets)
        with pytest.raises(ValidationError, match="another Stripe account"):
            others.keep(NEW, lone_desk.book.studio)


def test_the_right_to_look_at_accounts_is_needed_by_artists_accounts_only(
    lone_desk: PaymentDesk, keys: KeyService
) -> None:
    lone_desk.server.access.grant(NEW, KEY_RIGHTS - {CONNECTED_RIGHT})
    keys.keep(NEW, lone_desk.book.studio)
    remember(
        lone_desk, StripeAccount(artist_id=lone_desk.book.ana.id, account_id="acct_ana", way=ChargeWay.DESTINATION)
    )
    with pytest.raises(InkDeskError, match="Connected account: read") as refused:
        keys.keep(NEW, lone_desk.book.studio)
    assert (refused.value.code, refused.value.field) == (ErrorCode.STRIPE_NOT_CONFIGURED, "stripe_key")


def test_nothing_is_kept_while_stripe_is_away(lone_desk: PaymentDesk, keys: KeyService, secrets: MemorySecrets) -> None:
    lone_desk.server.faults.add(Fault(FaultKind.HTML_503))
    with pytest.raises(InkDeskError, match="nothing was saved"):
        keys.keep(NEW, lone_desk.book.studio)
    assert secrets.kept == {}


def test_what_a_removed_key_leaves_behind_is_counted(
    lone_desk: PaymentDesk, keys: KeyService, secrets: MemorySecrets
) -> None:
    assert not keys.unfinished()
    keys.keep(NEW, lone_desk.book.studio)
    lone_desk.held_link()
    assert keys.unfinished() == Unfinished(links=1)
    keys.remove(lone_desk.book.studio)
    assert secrets.kept == {}
    assert accounts(lone_desk)


def test_a_desk_with_the_former_key_does_nothing_until_it_has_the_new_one(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.look(sweep=True)
    own = _own(lone_desk)
    assert own.account_id == lone_desk.server.account_id
    remember(lone_desk, replace(own, account_id="acct_new"))
    lone_desk.server.pay(session_id)
    with pytest.raises(StripeNotConfigured, match="acct_new"):
        lone_desk.payments.check_ready()
    lone_desk.pass_time(hours=1)
    assert lone_desk.look(sweep=True).is_trouble
    assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT

    remember(lone_desk, replace(_own(lone_desk), account_id=lone_desk.server.account_id))
    lone_desk.look(sweep=True)
    assert lone_desk.status(booking_id) is BookingStatus.CONFIRMED


def test_the_account_of_a_key_is_asked_for_once(lone_desk: PaymentDesk) -> None:
    remember(lone_desk, StripeAccount(artist_id=None, account_id=lone_desk.server.account_id))
    lone_desk.payments.check_ready()
    lone_desk.gateway.take_reads()
    lone_desk.payments.check_ready()
    assert lone_desk.gateway.take_reads() == 0


def test_a_key_that_may_not_look_at_accounts_is_asked_once_and_trusted(lone_desk: PaymentDesk) -> None:
    remember(lone_desk, StripeAccount(artist_id=None, account_id="acct_former"))
    lone_desk.server.access.withdraw(lone_desk.server.key, CONNECTED_RIGHT)
    lone_desk.payments.check_ready()
    lone_desk.gateway.take_reads()
    lone_desk.payments.check_ready()
    assert lone_desk.gateway.take_reads() == 0
