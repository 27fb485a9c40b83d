"""What Stripe's answers say, in the domain's words."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from inkdesk.application.payment_gateway import REFUND_KEY, GatewayUnreachable, Hint, Reversal
from inkdesk.domain.connect import AccountFacts
from inkdesk.domain.disputes import WON, DisputeFacts
from inkdesk.domain.money import Money
from inkdesk.domain.reconciling import ChargeFacts, RefundFacts, SessionFacts, SessionStatus, from_stripe
from inkdesk.domain.refunds import CLIENT_MUST_ACT, RefundStatus
from inkdesk.domain.statement import BalanceLine, Movement

_MOVEMENTS = {
    "charge": Movement.CHARGE,
    "payment": Movement.CHARGE,
    "refund": Movement.REFUND,
    "payment_refund": Movement.REFUND,
    "refund_failure": Movement.REFUND_CAME_BACK,
    "payment_failure_refund": Movement.REFUND_CAME_BACK,
    "payout": Movement.PAYOUT,
    "payout_cancel": Movement.PAYOUT,
    "payout_failure": Movement.PAYOUT,
    "topup": Movement.PAYOUT,
}
Answer = Mapping[str, Any]
"""One object of the API as plain dictionaries and lists."""

_REFUND_STATUS = {
    "pending": RefundStatus.PENDING,
    CLIENT_MUST_ACT: RefundStatus.PENDING,
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.CANCELED,
}


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


def session_facts(
    answer: Answer, seen: datetime, disputes: Sequence[DisputeFacts] = (), refunds: Sequence[RefundFacts] = ()
) -> SessionFacts:
    """A checkout session, its payment intent given by id or whole; ``disputes`` and ``refunds`` are of its charge."""
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
        charge=_charge(whole.get("latest_charge"), disputes, refunds),
        seen_at=seen,
        marks=answer.get("metadata") or {},
        recovered_from=answer.get("recovered_from") or "",
    )


def _amount(minor: int | None, currency: str | None) -> Money | None:
    return None if minor is None or not currency else from_stripe(minor, currency)


def was_disputed(answer: Answer) -> bool:
    """Whether a bank ever disputed the charge of a session; the charge does not say how that ended."""
    return bool(_charge_of(answer).get("disputed"))


def was_refunded(answer: Answer) -> bool:
    """Whether money of a session's charge went back or is on its way; the charge does not say by which refunds."""
    return bool(_charge_of(answer).get("amount_refunded"))


def _charge_of(answer: Answer) -> Answer:
    intent = answer.get("payment_intent")
    charge = intent.get("latest_charge") if isinstance(intent, dict) else None
    return charge if isinstance(charge, dict) else {}


def dispute_facts(answer: Answer) -> DisputeFacts:
    """A dispute. Its balance transactions say what moved: an inquiry takes no money."""
    moved = [int(row["amount"]) for row in answer.get("balance_transactions") or ()]
    due_by = (answer.get("evidence_details") or {}).get("due_by")
    return DisputeFacts(
        dispute_id=answer["id"],
        intent_id=id_of(answer.get("payment_intent")),
        amount=from_stripe(answer["amount"], answer["currency"]),
        status=answer["status"],
        opened_at=datetime.fromtimestamp(answer["created"], UTC),
        due_by=datetime.fromtimestamp(due_by, UTC) if due_by else None,
        is_withdrawn=any(amount < 0 for amount in moved),
        is_reinstated=any(amount > 0 for amount in moved),
    )


def _charge(answer: object, disputes: Sequence[DisputeFacts], refunds: Sequence[RefundFacts]) -> ChargeFacts | None:
    return charge_facts(answer, disputes, refunds) if isinstance(answer, dict) else None


def charge_facts(
    answer: Answer, disputes: Sequence[DisputeFacts] = (), refunds: Sequence[RefundFacts] = ()
) -> ChargeFacts:
    """A charge, its balance transaction given whole; not yet made, by id only, or not to be seen: no fee is known."""
    transaction = answer.get("balance_transaction")
    known = transaction if isinstance(transaction, dict) else {}
    return ChargeFacts(
        charge_id=answer["id"],
        charged_at=datetime.fromtimestamp(answer["created"], UTC),
        fee=_amount(known.get("fee"), known.get("currency")),
        net=_amount(known.get("net"), known.get("currency")),
        balance_id=known.get("id", ""),
        is_disputed=any(dispute.status not in WON for dispute in disputes),
        disputes=tuple(disputes),
        refunds=tuple(refunds),
    )


def id_of(about: object) -> str:
    """The id of an object that an answer holds whole, by id or not at all."""
    found = about.get("id") if isinstance(about, dict) else about
    return found if isinstance(found, str) else ""


def refund_facts(answer: Answer) -> RefundFacts:
    """A refund; one that waits for anybody is pending."""
    return RefundFacts(
        refund_id=answer["id"],
        intent_id=id_of(answer.get("payment_intent")),
        status=_REFUND_STATUS.get(answer.get("status") or "pending", RefundStatus.PENDING),
        amount=from_stripe(answer["amount"], answer["currency"]),
        key=(answer.get("metadata") or {}).get(REFUND_KEY, ""),
        failure=answer.get("failure_reason") or (CLIENT_MUST_ACT if answer.get("status") == CLIENT_MUST_ACT else ""),
        balance_id=id_of(answer.get("balance_transaction")),
    )


def reversal(answer: Answer) -> Reversal:
    """A refund or a dispute of a list."""
    is_dispute = answer["object"] == "dispute"
    return Reversal(
        stripe_id=answer["id"],
        intent_id=id_of(answer.get("payment_intent")),
        status=answer["status"] if is_dispute else refund_facts(answer).status.value,
        is_dispute=is_dispute,
    )


def balance_line(answer: Answer) -> BalanceLine:
    """A balance transaction."""
    currency, source_id = answer["currency"], id_of(answer.get("source"))
    amount = from_stripe(answer["amount"], currency)
    return BalanceLine(
        balance_id=answer["id"],
        movement=_movement(answer["type"], source_id, amount),
        kind=answer["type"],
        source_id=source_id,
        amount=amount,
        fee=from_stripe(answer["fee"], currency),
        net=from_stripe(answer["net"], currency),
        at=datetime.fromtimestamp(answer["created"], UTC),
    )


def _movement(kind: str, source_id: str, amount: Money) -> Movement:
    """What a balance transaction is about: disputes are adjustments, told by their ids (``dp_`` in older accounts)."""
    if kind == "adjustment" and source_id.startswith(("du_", "dp_")):
        return Movement.DISPUTE if amount.amount_minor < 0 else Movement.DISPUTE_WON
    return _MOVEMENTS.get(kind, Movement.OTHER)


def hint(answer: Answer) -> Hint:
    """An event. Its payload is in the account's own API version, so only ids are taken from it."""
    about = answer["data"]["object"]
    is_session = about.get("object") == "checkout.session"
    return Hint(
        event_id=answer["id"],
        kind=answer["type"],
        session_id=about["id"] if is_session else "",
        intent_id=id_of(about.get("payment_intent")),
        created_s=answer["created"],
        recovered_from=id_of(about.get("recovered_from")),
        account_id=about["id"] if about.get("object") == "account" else "",
    )


def account_facts(answer: Answer) -> AccountFacts:
    """An account: what it may do, and the name by which a person knows it."""
    can = answer.get("capabilities") or {}
    return AccountFacts(
        account_id=answer["id"],
        name=_account_name(answer),
        charges_enabled=bool(answer.get("charges_enabled")),
        card_payments=can.get("card_payments") or "",
        transfers=can.get("transfers") or "",
        disabled_reason=(answer.get("requirements") or {}).get("disabled_reason") or "",
    )


def _account_name(answer: Answer) -> str:
    profile = answer.get("business_profile") or {}
    dashboard = (answer.get("settings") or {}).get("dashboard") or {}
    return str(profile.get("name") or dashboard.get("display_name") or answer["id"])
