import pytest
from support.payment_desk import PaymentDesk

from inkdesk.application.payment_gateway import GatewayNotAllowed
from inkdesk.application.stripe_key import RIGHTS, check_key, key_link, probe_rights, shown_key
from inkdesk.domain.errors import StripeNotConfigured, ValidationError
from inkdesk.domain.studio import Mode
from inkdesk.practice.access import KEY_RIGHTS


@pytest.mark.parametrize(
    ("key", "mode"),
    [
        ("rk_live_abcdefgh1234", Mode.LIVE),
        ("rk_test_abcdefgh1234", Mode.TEST),
        ("sk_test_abcdefgh1234", Mode.TEST),
        ("rk_test_abcdefgh1234", Mode.PRACTICE),
    ],
)
def test_good_keys_pass(key: str, mode: Mode) -> None:
    check_key(key, mode)
    assert shown_key(key) == f"{key[:8]}...1234"


@pytest.mark.parametrize(
    ("key", "mode", "word"),
    [
        ("sk_live_abcdefgh1234", Mode.LIVE, "restricted"),
        ("pk_live_abcdefgh1234", Mode.LIVE, "publishable"),
        ("whsec_abcdefgh1234", Mode.LIVE, "webhook"),
        ("sk_org_live_abcdefgh", Mode.LIVE, "organisation"),
        ("rk_live_abcdefgh1234", Mode.TEST, "practises"),
        ("rk_live_abcdefgh1234", Mode.PRACTICE, "practises"),
        ("rk_test_abcdefgh1234", Mode.LIVE, "real money"),
        ("hello", Mode.TEST, "not a Stripe key"),
        ("rk_test_abc def\n", Mode.TEST, "not a Stripe key"),
        ("rk_test_abcdéfgh1234", Mode.TEST, "not a Stripe key"),
    ],
)
def test_other_keys_are_refused_with_their_reason(key: str, mode: Mode, word: str) -> None:
    with pytest.raises(ValidationError) as refused:
        check_key(key, mode)
    assert word in refused.value.message.plain()
    assert refused.value.field == "stripe_key"
    assert key not in refused.value.message.plain()


def test_no_key_is_not_configured() -> None:
    with pytest.raises(StripeNotConfigured):
        check_key("", Mode.TEST)


def test_a_short_key_is_not_shown_at_all() -> None:
    assert shown_key("rk_test_abcd") == "rk_test_..."
    assert shown_key("secret") == "..."


def test_the_link_ticks_every_right() -> None:
    assert all(right in key_link() for right in RIGHTS)


def test_every_right_is_probed_and_nothing_is_made(lone_desk: PaymentDesk) -> None:
    assert probe_rights(lone_desk.gateway) == []
    lone_desk.server.access.withdraw(lone_desk.server.key, "rak_refund_write", "rak_event_read")
    assert probe_rights(lone_desk.gateway) == ["rak_refund_write", "rak_event_read"]


@pytest.mark.parametrize("right", RIGHTS)
def test_each_missing_right_is_found(lone_desk: PaymentDesk, right: str) -> None:
    lone_desk.server.access.withdraw(lone_desk.server.key, right)
    assert probe_rights(lone_desk.gateway) == [right]


def test_a_right_to_read_charges_is_not_taken_for_the_right_to_write_them(lone_desk: PaymentDesk) -> None:
    reading = (KEY_RIGHTS - {"rak_charge_write"}) | {"rak_charge_read"}
    lone_desk.server.access.grant(lone_desk.server.key, reading)
    assert probe_rights(lone_desk.gateway) == ["rak_charge_write"]


def test_a_revoked_key_is_no_missing_right(lone_desk: PaymentDesk) -> None:
    lone_desk.server.access.revoke(lone_desk.server.key)
    with pytest.raises(GatewayNotAllowed):
        probe_rights(lone_desk.gateway)
