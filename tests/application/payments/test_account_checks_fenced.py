"""The poller's checks of accounts are the poller's: a desk that lost the lease meanwhile writes nothing."""

import pytest
from support.desk import NoSecrets
from support.payment_desk import PaymentDesk
from support.poller_desk import a_poller, pass_database_time

from inkdesk.application.look_result import Wish
from inkdesk.application.poller_service import LEASE_S
from inkdesk.application.services import Services
from inkdesk.domain.connect import AccountFacts
from inkdesk.infrastructure.phone import LibraryPhoneNumbers


def program(desk: PaymentDesk) -> Services:
    return Services(
        read=desk.database.read,
        write=desk.database.write,
        queries=desk.database.queries,
        gateway=lambda: desk.gateway,
        phones=LibraryPhoneNumbers(),
        secrets=NoSecrets(),
        clock=desk.clock,
        return_page=desk.server.success_url,
    )


def test_a_desk_that_lost_the_lease_while_stripe_answered_writes_no_account(
    desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, ask = a_poller(desk, "two"), desk.gateway.account

    def slow(account_id: str = "") -> AccountFacts:
        pass_database_time(desk.database, LEASE_S + 1)
        assert second.beat()
        return ask(account_id)

    monkeypatch.setattr(desk.gateway, "account", slow)

    assert program(desk).poller.look(Wish(sweep=True)).is_follower

    with desk.database.read() as uow:
        assert uow.accounts.all() == []


def test_what_the_desk_asked_about_an_account_its_poller_does_not_ask_again(desk: PaymentDesk) -> None:
    services = program(desk)
    services.payments.accounts.check(None)
    desk.server.reads.clear()
    services.poller.look(Wish(sweep=True))
    assert desk.server.reads.count("/v1/account") == 0
