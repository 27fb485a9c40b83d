"""How the library is set up for every client: bounded waits, few repeats, nothing told to anybody, nothing logged."""

import logging
from typing import Any

import pytest
import stripe

from inkdesk.domain.studio import Mode
from inkdesk.infrastructure.stripe_api import client, gateway
from inkdesk.infrastructure.stripe_api.gateway import StripeGateway

KEY = "rk_test_markermarker0001"


@pytest.fixture(autouse=True)
def untouched_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library as it comes: loud, and ready to tell."""
    monkeypatch.setattr(stripe, "enable_telemetry", True)
    monkeypatch.setattr(stripe, "app_info", None)
    monkeypatch.setattr(logging.getLogger("stripe"), "level", logging.DEBUG)


def test_a_client_waits_little_repeats_twice_and_tells_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}
    make = stripe.StripeClient

    def watched(key: str, **how: Any) -> stripe.StripeClient:  # noqa: ANN401 - the library's own options
        seen.update(how)
        return make(key, **how)

    monkeypatch.setattr(stripe, "StripeClient", watched)
    live = StripeGateway(KEY, Mode.TEST)
    live._client()
    live.close()

    assert (stripe.enable_telemetry, logging.getLogger("stripe").level) == (False, logging.WARNING)
    assert stripe.app_info is not None
    assert stripe.app_info["name"] == "InkDesk"
    assert seen["max_network_retries"] == 2
    assert seen["http_client"]._timeout == client.TIMEOUT_S == (5, 20)
    assert seen["base_addresses"] == {}, "a test key goes to Stripe itself"


def test_the_events_asked_for_fit_one_question() -> None:
    assert len(set(gateway.EVENT_TYPES)) == len(gateway.EVENT_TYPES) <= 20
    needed = {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "charge.refunded",
        "refund.updated",
        "refund.failed",
        "charge.dispute.created",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        "account.updated",
    }
    assert needed <= set(gateway.EVENT_TYPES)
