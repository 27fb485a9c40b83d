"""The request for one refund, saved whole before it is sent, and when one that has to wait is sent again."""

import json
from datetime import datetime, timedelta
from typing import Final

from inkdesk.application.payment_gateway import REFUND_KEY
from inkdesk.domain.payments import Payment
from inkdesk.domain.reconciling import stripe_amount
from inkdesk.domain.refunds import Refund

SHORTEST_WAIT: Final = timedelta(minutes=5)
LONGEST_WAIT: Final = timedelta(hours=6)
_AGAIN: Final = "~"


def refund_params(payment: Payment, refund: Refund) -> dict[str, object]:
    """What Stripe is asked for, of any way the money was taken.

    What was handed on to an artist's account comes back from there; the studio's share of it, if it took one, goes
    back with the rest. Stripe refuses either wish where there is nothing to fulfil.
    """
    params: dict[str, object] = {
        "payment_intent": payment.intent_id,
        "amount": stripe_amount(refund.amount),
        "reason": "requested_by_customer",
        "metadata": {REFUND_KEY: mark_of(refund)},
    }
    if payment.destination:
        params["reverse_transfer"] = True
    if payment.app_fee_minor and (payment.destination or payment.account):
        params["refund_application_fee"] = True
    return params


def mark_of(refund: Refund) -> str:
    """By what a refund is known at Stripe, whichever of its keys was used."""
    return refund.idempotency_key.partition(_AGAIN)[0]


def next_key(refund: Refund) -> str:
    """The key after a refusal for now: to the old one Stripe would give the same answer for a day."""
    mark, _, tries = refund.idempotency_key.partition(_AGAIN)
    return f"{mark}{_AGAIN}{int(tries or 1) + 1}"


def refund_request(payment: Payment, refund: Refund) -> str:
    """The parameters as JSON; sent word for word on every try. "" as long as Stripe has no payment to refund."""
    return json.dumps(refund_params(payment, refund)) if payment.intent_id else ""


def next_try(refund: Refund, now: datetime) -> datetime:
    """When a refund is sent again that the account has no money or no leave for: the older it is the later."""
    return now + max(SHORTEST_WAIT, min(now - refund.created_at, LONGEST_WAIT))


def may_try(refund: Refund, now: datetime) -> bool:
    """Whether its wait is over; one longer than any that is given was dated by a wrong clock."""
    return refund.try_after is None or now >= refund.try_after or refund.try_after - now > LONGEST_WAIT
