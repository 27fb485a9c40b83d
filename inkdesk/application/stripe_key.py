"""Which Stripe keys InkDesk takes, what they must be allowed to do, and how one is shown."""

from collections.abc import Iterable
from typing import Protocol
from urllib.parse import urlencode

from inkdesk.application.payment_gateway import GatewayNotAllowed
from inkdesk.domain.accounts import ChargeWay, StripeAccount
from inkdesk.domain.errors import StripeNotConfigured, ValidationError
from inkdesk.domain.message import Message, message
from inkdesk.domain.studio import Mode, Studio

RIGHTS = (
    "rak_checkout_session_write",
    "rak_payment_intent_read",
    "rak_charge_write",
    "rak_refund_write",
    "rak_event_read",
    "rak_dispute_read",
    "rak_balance_read",
    "rak_connected_account_read",
)
"""What a restricted key needs, in Stripe's names."""

CONNECTED_RIGHT = "rak_connected_account_read"
"""Only needed if an artist has a Stripe account of their own."""

_MODES = {
    "rk_live_": frozenset({Mode.LIVE}),
    "rk_test_": frozenset({Mode.TEST, Mode.PRACTICE}),
    "sk_test_": frozenset({Mode.TEST, Mode.PRACTICE}),
}


def _kind(mode: Mode) -> str:
    """How the key begins that a studio of ``mode`` takes."""
    return "rk_live_" if mode is Mode.LIVE else "rk_test_"


def _refused(mode: Mode) -> dict[str, Message]:
    """Why a kind of key is refused in a studio of ``mode``, and which one to enter."""
    kind = _kind(mode)
    return {
        "sk_live_": message(
            "This key can do everything with your money, and Stripe does not let programs ask for it. "
            "Make a restricted key ({kind}...) and enter that one.",
            kind=kind,
        ),
        "pk_": message(
            "This is a publishable key: it can take no payment. Enter a restricted key ({kind}...).", kind=kind
        ),
        "whsec_": message("This is a webhook secret, not a key. Enter a restricted key ({kind}...).", kind=kind),
        "sk_org_": message(
            "This key opens every account of an organisation. "
            "Make a restricted key ({kind}...) in the studio's account.",
            kind=kind,
        ),
    }


def key_name(studio: Studio) -> str:
    """The name under which the secret store keeps the studio's Stripe key."""
    return f"stripe:{studio.uid}"


def check_key(key: str, mode: Mode) -> None:
    """Raise unless ``key`` is one that may be used in a studio of ``mode``.

    StripeNotConfigured for no key at all, ValidationError (field ``stripe_key``) with the reason and the way on
    for a kind that is refused and for a live key on a test or practice studio or the reverse.
    """
    if not key:
        raise StripeNotConfigured(message("There is no Stripe key yet. Enter one in Settings, Stripe."))
    for prefix, reason in _refused(mode).items():
        if key.startswith(prefix):
            raise ValidationError(reason, field="stripe_key")
    modes = next((modes for prefix, modes in _MODES.items() if key.startswith(prefix)), None)
    if modes is None or not key.isascii() or not key.replace("_", "").isalnum():
        raise ValidationError(
            message("This is not a Stripe key. It begins with {kind}; copy it whole.", kind=_kind(mode)),
            field="stripe_key",
        )
    if mode not in modes:
        raise ValidationError(_other_mode(mode), field="stripe_key")


def _other_mode(mode: Mode) -> Message:
    if mode is Mode.LIVE:
        return message("This studio takes real money and this is a test key. Enter a live one (rk_live_...).")
    return message("This studio only practises and this is a live key. Enter a test one (rk_test_...).")


def shown_key(key: str) -> str:
    """The key as it may be shown: its kind and last four signs, e.g. ``rk_live_...a1b2``."""
    kind = next((prefix for prefix in _MODES if key.startswith(prefix)), "")
    return f"{kind}...{key[-4:]}" if len(key) >= len(kind) + 8 else f"{kind}..."


def key_link() -> str:
    """Stripe's page that makes a restricted key with every right ticked."""
    rights = [(f"permissions[{n}]", right) for n, right in enumerate(RIGHTS)]
    return "https://dashboard.stripe.com/apikeys/create?" + urlencode([("name", "InkDesk"), *rights], safe="[]")


def right_words(right: str) -> str:
    """A right in the words of Stripe's page, e.g. ``rak_payment_intent_read`` -> ``Payment intent: read``."""
    what, _, access = right.removeprefix("rak_").rpartition("_")
    return f"{what.replace('_', ' ').capitalize()}: {access}"


def needed_rights(accounts: Iterable[StripeAccount]) -> list[str]:
    """What a key has to be allowed: to look at connected accounts only if an artist is paid by one."""
    has_artists = any(one.artist_id is not None and one.way is not ChargeWay.OWN for one in accounts)
    return [right for right in RIGHTS if has_artists or right != CONNECTED_RIGHT]


class KeyProbe(Protocol):
    """What finding out about rights needs of Stripe; see ``PaymentGateway``."""

    def probe(self, right: str) -> None:
        """GatewayNotAllowed if the key lacks this right."""
        ...


def probe_rights(gateway: KeyProbe, rights: Iterable[str] = RIGHTS) -> list[str]:
    """Those of ``rights`` that the key lacks; nothing is changed at Stripe.

    Raises GatewayNotAllowed if the key as such is not accepted, other GatewayFailures as they come.
    """
    missing: list[str] = []
    for right in rights:
        try:
            gateway.probe(right)
        except GatewayNotAllowed as failure:
            if not failure.right:
                raise
            missing.append(right)
    return missing
