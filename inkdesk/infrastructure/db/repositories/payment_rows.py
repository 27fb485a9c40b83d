"""Rows of money from and to the domain."""

from typing import Any

from sqlalchemy import Row

from inkdesk.domain.disputes import Dispute
from inkdesk.domain.money import Money
from inkdesk.domain.payments import (
    DeskTask,
    LedgerEntry,
    LedgerKind,
    Payment,
    PaymentMethod,
    PaymentPurpose,
    PaymentStatus,
)
from inkdesk.domain.refunds import Refund, RefundStatus
from inkdesk.infrastructure.db.sentences import from_json, to_json


def to_payment(row: Row[Any]) -> Payment:
    """A row of ``payment``."""
    return Payment(
        id=row.id,
        booking_id=row.booking_id,
        attempt=row.attempt,
        method=PaymentMethod(row.method),
        status=PaymentStatus(row.status),
        amount=Money(row.amount_minor, row.currency),
        idempotency_key=row.idempotency_key,
        params=row.params,
        expires_at=row.expires_at,
        account=row.account,
        session_id=row.session_id,
        url=row.url,
        intent_id=row.intent_id,
        charge_id=row.charge_id,
        charged_at=row.charged_at,
        fee_minor=row.fee_minor,
        refunded_minor=row.refunded_minor,
        created_at=row.created_at,
        version=row.version,
        purpose=PaymentPurpose(row.purpose),
        net_minor=row.net_minor,
        fee_currency=row.fee_currency,
        balance_id=row.balance_id,
        looked_at=row.looked_at,
        destination=row.destination,
        app_fee_minor=row.app_fee_minor,
    )


def payment_values(payment: Payment) -> dict[str, Any]:
    """Columns of ``payment`` without id, studio and version."""
    return {
        "booking_id": payment.booking_id,
        "attempt": payment.attempt,
        "method": payment.method.value,
        "status": payment.status.value,
        "amount_minor": payment.amount.amount_minor,
        "currency": payment.amount.currency,
        "idempotency_key": payment.idempotency_key,
        "params": payment.params,
        "expires_at": payment.expires_at,
        "account": payment.account,
        "session_id": payment.session_id,
        "url": payment.url,
        "intent_id": payment.intent_id,
        "charge_id": payment.charge_id,
        "charged_at": payment.charged_at,
        "fee_minor": payment.fee_minor,
        "refunded_minor": payment.refunded_minor,
        "created_at": payment.created_at,
        "purpose": payment.purpose.value,
        "net_minor": payment.net_minor,
        "fee_currency": payment.fee_currency,
        "balance_id": payment.balance_id,
        "looked_at": payment.looked_at,
        "destination": payment.destination,
        "app_fee_minor": payment.app_fee_minor,
    }


def to_refund(row: Row[Any]) -> Refund:
    """A row of ``refund``."""
    return Refund(
        id=row.id,
        payment_id=row.payment_id,
        amount=Money(row.amount_minor, row.currency),
        reason=row.reason,
        idempotency_key=row.idempotency_key,
        status=RefundStatus(row.status),
        stripe_id=row.stripe_id,
        created_at=row.created_at,
        version=row.version,
        params=row.params,
        who=row.who,
        failure=row.failure,
        balance_id=row.balance_id,
        try_after=row.try_after,
    )


def refund_values(refund: Refund) -> dict[str, Any]:
    """Columns of ``refund`` without id, studio and version."""
    return {
        "payment_id": refund.payment_id,
        "amount_minor": refund.amount.amount_minor,
        "currency": refund.amount.currency,
        "reason": refund.reason,
        "idempotency_key": refund.idempotency_key,
        "status": refund.status.value,
        "stripe_id": refund.stripe_id,
        "created_at": refund.created_at,
        "params": refund.params,
        "who": refund.who,
        "failure": refund.failure,
        "balance_id": refund.balance_id,
        "try_after": refund.try_after,
    }


def to_dispute(row: Row[Any]) -> Dispute:
    """A row of ``dispute``."""
    return Dispute(
        id=row.id,
        payment_id=row.payment_id,
        stripe_id=row.stripe_id,
        amount=Money(row.amount_minor, row.currency),
        status=row.status,
        opened_at=row.opened_at,
        due_by=row.due_by,
        closed_at=row.closed_at,
        version=row.version,
    )


def dispute_values(dispute: Dispute) -> dict[str, Any]:
    """Columns of ``dispute`` without id, studio and version."""
    return {
        "payment_id": dispute.payment_id,
        "stripe_id": dispute.stripe_id,
        "amount_minor": dispute.amount.amount_minor,
        "currency": dispute.amount.currency,
        "status": dispute.status,
        "opened_at": dispute.opened_at,
        "due_by": dispute.due_by,
        "closed_at": dispute.closed_at,
    }


def to_ledger_entry(row: Row[Any]) -> LedgerEntry:
    """A row of ``ledger_entry``."""
    return LedgerEntry(
        id=row.id,
        kind=LedgerKind(row.kind),
        booking_id=row.booking_id,
        payment_id=row.payment_id,
        amount=Money(row.amount_minor, row.currency),
        at=row.at,
        who=row.who,
        why=row.why,
        fact_key=row.fact_key,
        to_booking_id=row.to_booking_id,
    )


def ledger_values(entry: LedgerEntry) -> dict[str, Any]:
    """Columns of ``ledger_entry`` without id and studio."""
    return {
        "kind": entry.kind.value,
        "booking_id": entry.booking_id,
        "payment_id": entry.payment_id,
        "amount_minor": entry.amount.amount_minor,
        "currency": entry.amount.currency,
        "at": entry.at,
        "who": entry.who,
        "why": entry.why,
        "fact_key": entry.fact_key,
        "to_booking_id": entry.to_booking_id,
    }


def to_task(row: Row[Any]) -> DeskTask:
    """A row of ``desk_task``."""
    return DeskTask(
        id=row.id,
        kind=row.kind,
        booking_id=row.booking_id,
        payment_id=row.payment_id,
        sentence=from_json(row.sentence),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        fact_key=row.fact_key,
        closed_by=row.closed_by,
    )


def task_values(task: DeskTask) -> dict[str, Any]:
    """Columns of ``desk_task`` without id and studio."""
    return {
        "kind": task.kind,
        "booking_id": task.booking_id,
        "payment_id": task.payment_id,
        "sentence": to_json(task.sentence),
        "opened_at": task.opened_at,
        "closed_at": task.closed_at,
        "fact_key": task.fact_key,
        "closed_by": task.closed_by,
    }
