"""The library's errors as the port's typed failures. Their texts are not kept: they may quote what was sent."""

import re
from datetime import datetime
from typing import TYPE_CHECKING

from inkdesk.application.payment_gateway import (
    GatewayBroken,
    GatewayBusy,
    GatewayFailure,
    GatewayInFlight,
    GatewayMissing,
    GatewayNoAccount,
    GatewayNotAllowed,
    GatewayRefused,
    GatewayUnreachable,
)
from inkdesk.infrastructure.stripe_api.facts import stripe_time

if TYPE_CHECKING:
    from stripe import StripeError

_OTHER_ACCOUNT = "account_invalid"
"""One connected account is out of reach, which says nothing about the key: the other accounts' calls go on."""
_RIGHT = re.compile(r"\brak_\w+")


def as_failure(error: "StripeError") -> GatewayFailure:
    """What an error of the library means for the caller."""
    import stripe  # noqa: PLC0415 - slow to import, see the package

    seen = stripe_time(error.headers)
    match error:
        case stripe.RateLimitError():
            return GatewayBusy(seen_at=seen)
        case stripe.AuthenticationError() | stripe.PermissionError():
            return _forbidden(error, seen)
        case stripe.StripeError() if _is_stripes_own(error):
            return GatewayInFlight(seen_at=seen) if error.http_status == 409 else GatewayBroken(seen_at=seen)
        case stripe.InvalidRequestError() | stripe.CardError() | stripe.IdempotencyError():
            param = getattr(error, "param", None) or ""
            reason = error.code or _said(error, "type") or "invalid_request_error"
            answer = error.user_message or reason
            if reason == "resource_missing":
                return GatewayMissing(answer, param=param, seen_at=seen)
            return GatewayRefused(reason, answer, param=param, seen_at=seen)
        case _:
            return GatewayUnreachable(seen_at=seen)


def _forbidden(error: "StripeError", seen: datetime | None) -> GatewayFailure:
    if _said(error, "code") == _OTHER_ACCOUNT:  # the library leaves an error's ``code`` out of these
        return GatewayNoAccount(error.user_message or _OTHER_ACCOUNT, seen_at=seen)
    right = _RIGHT.search(error.user_message or "")
    return GatewayNotAllowed(right.group() if right else "", seen_at=seen)


def _is_stripes_own(error: "StripeError") -> bool:
    """Whether Stripe itself failed at the call, or is still busy with the same one; a proxy's page is neither."""
    status = error.http_status or 0
    return isinstance(error.json_body, dict) and (status >= 500 or status == 409)


def _said(error: "StripeError", name: str) -> str:
    """What the answer's body says of the error, "" if nothing."""
    body = error.json_body
    inner = body.get("error") if isinstance(body, dict) else None
    return str(inner.get(name) or "") if isinstance(inner, dict) else ""
