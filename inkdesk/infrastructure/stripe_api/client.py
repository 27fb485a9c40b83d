"""The library's client as InkDesk needs it: bounded waits, own connections, no telemetry, no talk in the log."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from inkdesk import __version__
from inkdesk.domain.errors import StripeNotConfigured
from inkdesk.domain.message import message

if TYPE_CHECKING:
    from stripe import StripeClient

_ADDRESSES = ("api", "connect", "files", "meter_events")
TIMEOUT_S = (5, 20)
"""Seconds to connect and to wait for an answer; the library's own 80 would freeze a desk."""


def is_loopback(base_url: str) -> bool:
    """Whether an address is on this computer, so that a key may be sent there."""
    return urlsplit(base_url).hostname in {"127.0.0.1", "::1", "localhost"}


def certificates() -> Path:
    """The authorities the library trusts. StripeNotConfigured if the file is not part of this installation."""
    import stripe  # noqa: PLC0415 - slow to import, see the package

    path = Path(stripe.ca_bundle_path)
    if not path.is_file():
        raise StripeNotConfigured(
            message("The file of Stripe's certificate authorities is missing. Install InkDesk again.")
        )
    return path


def new_session(base_url: str | None) -> Any:  # noqa: ANN401 - the library's HTTP layer has no types
    """A connection pool of its own; an office proxy must not swallow calls to this computer."""
    import stripe  # noqa: PLC0415

    session = stripe.RequestsClient().requests.Session()
    session.trust_env = base_url is None
    return session


def new_client(
    key: str,
    base_url: str | None,
    session: Any,  # noqa: ANN401
    retries: int,
    read: Callable[[], None],
) -> "StripeClient":
    """A client for one thread, over ``session``; ``read`` is called for each of its reads, repeated ones included."""
    import stripe  # noqa: PLC0415

    from inkdesk.infrastructure.stripe_api.counted_http import CountedRequests  # noqa: PLC0415

    stripe.enable_telemetry = False
    stripe.set_app_info("InkDesk", version=__version__)
    logging.getLogger("stripe").setLevel(logging.WARNING)  # below, it writes addresses and links
    if base_url is None:
        certificates()
    addresses: Any = {name: base_url for name in _ADDRESSES if base_url is not None}
    return stripe.StripeClient(
        key,
        base_addresses=addresses,
        http_client=CountedRequests(read, timeout=TIMEOUT_S, session=session),
        max_network_retries=retries,
    )
