"""A started practice server and the real library talking to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import requests
import stripe

from inkdesk.practice import PracticeServer

ClientFactory = Callable[..., stripe.StripeClient]
SessionFactory = Callable[..., stripe.checkout.Session]


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer() as started:
        started.clock.freeze()
        yield started


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def new_client(server: PracticeServer) -> Iterator[ClientFactory]:
    """Make clients: `new_client(key=..., retries=..., timeout=...)`; each has a connection pool of its own."""
    with ExitStack() as stack:

        def make(key: str | None = None, retries: int = 0, timeout: float = 10.0) -> stripe.StripeClient:
            session = stack.enter_context(requests.Session())
            session.trust_env = False
            return stripe.StripeClient(
                key or server.key,
                base_addresses={
                    "api": server.url,
                    "connect": server.url,
                    "files": server.url,
                    "meter_events": server.url,
                },
                http_client=stripe.RequestsClient(session=session, timeout=timeout),
                max_network_retries=retries,
            )

        yield make


@pytest.fixture
def client(new_client: ClientFactory) -> stripe.StripeClient:
    return new_client()


@pytest.fixture
def session_params(server: PracticeServer) -> stripe.params.checkout.SessionCreateParams:
    """The parameters a deposit is asked with."""
    return {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": 6000,
                    "product_data": {"name": "Sleeve, first sitting <b>& co</b>"},
                },
            }
        ],
        "expires_at": server.clock.now() + 33 * 60,
        "client_reference_id": "booking-7",
        "metadata": {"booking": "7", "attempt": "1"},
        "payment_intent_data": {"metadata": {"booking": "7", "attempt": "1"}},
        "allowed_payment_method_types": ["card"],
        "adaptive_pricing": {"enabled": False},
        "success_url": server.success_url,
        "submit_type": "book",
    }


@pytest.fixture
def open_session(
    client: stripe.StripeClient, session_params: stripe.params.checkout.SessionCreateParams
) -> SessionFactory:
    """Make an open session: `open_session(locale="fr", ...)` overrides parameters."""

    def make(**changes: object) -> stripe.checkout.Session:
        params = {**session_params, **changes}
        return client.v1.checkout.sessions.create(params)  # type: ignore[arg-type]

    return make
