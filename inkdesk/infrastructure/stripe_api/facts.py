"""What Stripe's answers say, in the domain's words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from inkdesk.application.payment_gateway import REFUND_KEY, GatewayUnreachable, Hint, Reversal
from inkdesk.domain.money import Money
from inkdesk.domain.reconciling import ChargeFacts, RefundFacts, SessionFacts, SessionStatus, from_stripe
from inkdesk.domain.refunds import RefundStatus

Answer = Mapping[str, Any]
"""One object of the API as plain dictionaries and lists."""

_REFUND_STATUS = {
    "pending": RefundStatus.PENDING,
    "requires_action": RefundStatus.PENDING,
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.CANCELED,
}
_HARMLESS = frozenset({"won", "warning_closed", "prevented"})
"""How a dispute ends that leaves the money with the studio."""


def stripe_time(headers: Mapping[str, str] | None) -> datetime | None:
    """Stripe's clock as its answer's ``Date`` says it."""
    date = (headers or {}).get("Date")
    if not date:
        return None
    try:
        return parsedate_to_datetime(date).astimezone(UTC)
    except ValueError:
        return None


def seen_at(headers: Mapping[str, str] | None) -> datetime:
    """Like ``stripe_time``; an answer without a time is not Stripe's: GatewayUnreachable."""
    seen = stripe_time(headers)
    if seen is None:
        raise GatewayUnreachable
    return seen


def session_facts(answer: Answer, seen: datetime, *, is_disputed: bool = False) -> SessionFacts:
    """A checkout session, its payment intent given by id or whole. ``is_disputed`` is what the bank says now."""
    intent = answer.get("payment_intent")
    whole = intent if isinstance(intent, dict) else {}
    return SessionFacts(
        session_id=answer["id"],
        status=SessionStatus(answer["status"]),
        is_paid=answer["payment_status"] in {"paid", "no_payment_required"},
        is_live=answer["livemode"],
        amount=_amount(answer.get("amount_total"), answer.get("currency")),
        url=answer.get("url") or "",
        intent_id=whole.get("id", "") or (intent if isinstance(intent, str) else ""),
        intent_status=whole.get("status", ""),
        charge=_charge(whole.get("latest_charge"), is_disputed=is_disputed),
        seen_at=seen,
        marks=answer.get("metadata") or {},
    )


def _amount(minor: int | None, currency: str | None) -> Money | None:
    return None if minor is None or not currency else from_stripe(minor, currency)


def was_disputed(answer: Answer) -> bool:
    """Whether a bank ever disputed the charge of a session; the charge does not say how that ended."""
    intent = answer.get("payment_intent")
    charge = intent.get("latest_charge") if isinstance(intent, dict) else None
    return isinstance(charge, dict) and bool(charge.get("disputed"))


def is_lost(dispute: Answer) -> bool:
    """Whether the money of a dispute is away: asked back and not yet decided, or lost."""
    return dispute["status"] not in _HARMLESS


def _charge(answer: object, *, is_disputed: bool) -> ChargeFacts | None:
    if not isinstance(answer, dict):
        return None
    transaction = answer.get("balance_transaction")
    fee = from_stripe(transaction["fee"], transaction["currency"]) if isinstance(transaction, dict) else None
    return ChargeFacts(
        charge_id=answer["id"],
        charged_at=datetime.fromtimestamp(answer["created"], UTC),
        fee=fee,
        is_disputed=is_disputed,
    )


def refund_facts(answer: Answer) -> RefundFacts:
    """A refund; one that waits for anybody is pending."""
    return RefundFacts(
        refund_id=answer["id"],
        status=_REFUND_STATUS.get(answer.get("status") or "pending", RefundStatus.PENDING),
        amount=from_stripe(answer["amount"], answer["currency"]),
        key=(answer.get("metadata") or {}).get(REFUND_KEY, ""),
    )


def reversal(answer: Answer) -> Reversal:
    """A refund or a dispute of a list."""
    intent = answer.get("payment_intent")
    return Reversal(
        stripe_id=answer["id"],
        intent_id=intent if isinstance(intent, str) else "",
        status=refund_facts(answer).status.value if answer["object"] == "refund" else answer["status"],
    )


def hint(answer: Answer) -> Hint:
    """An event. Its payload is in the account's own API version, so only ids are taken from it."""
    about = answer["data"]["object"]
    is_session = about.get("object") == "checkout.session"
    intent = about.get("payment_intent")
    return Hint(
        event_id=answer["id"],
        kind=answer["type"],
        session_id=about["id"] if is_session else "",
        intent_id=intent if isinstance(intent, str) else "",
        created_s=answer["created"],
    )
