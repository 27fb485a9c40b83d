"""Disputes as Stripe tells them, taken into the book: record, ledger, task."""

from collections.abc import Sequence
from datetime import datetime

from inkdesk.application import bank_tasks
from inkdesk.application.money_ties import take_back_uses
from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.disputes import LOST, WON, Dispute, DisputeFacts, as_seen, is_inquiry, is_open
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, LedgerKind, Payment
from inkdesk.domain.reconciling import ChargeFacts


def learn_disputes(
    uow: UnitOfWork, payment: Payment, seen: Sequence[DisputeFacts], *, seen_at: datetime, now: datetime
) -> bool:
    """Within a unit of work: write what ``seen`` says of a payment's disputes; whether anything was new.

    ``seen_at`` is Stripe's time of the answer. Money that the bank took out of the balance is in the ledger once, and
    once more with the other sign if it came back.
    """
    news = [_learn(uow, payment, facts, seen_at, now) for facts in seen]
    return any(news)


def stands_disputed(uow: UnitOfWork, payment: Payment, charge: ChargeFacts) -> bool:
    """Whether a bank has asked a payment back and not let it go; what was learned counts before an older answer."""
    known = uow.payments.disputes_of(payment.id)
    return any(one.status not in WON for one in known) if known else charge.is_disputed


def _learn(uow: UnitOfWork, payment: Payment, facts: DisputeFacts, seen_at: datetime, now: datetime) -> bool:
    before = uow.payments.dispute(facts.dispute_id)
    after = as_seen(before, payment.id, facts, seen_at)
    has_moved = _write_lines(uow, payment, facts, seen_at)
    if after == before:
        return has_moved
    saved = uow.payments.save_dispute(after)
    if is_open(saved.status) and (before is None or _is_other_task(before, saved)):
        bank_tasks.disputed(uow, payment, saved, now)
    if saved.status in LOST and (before is None or before.status not in LOST):
        bank_tasks.dispute_lost(uow, payment, saved, now)
    return True


def _is_other_task(before: Dispute, after: Dispute) -> bool:
    return before.due_by != after.due_by or is_inquiry(before.status) != is_inquiry(after.status)


def _write_lines(uow: UnitOfWork, payment: Payment, facts: DisputeFacts, at: datetime) -> bool:
    """Write what moved; whether any of it was new."""
    has_moved = False
    if facts.is_withdrawn:
        has_moved |= _write(uow, payment, facts.amount, "the bank took it back", f"disputed:{facts.dispute_id}", at)
    if facts.is_reinstated:
        back = Money(-facts.amount.amount_minor, facts.amount.currency)
        has_moved |= _write(uow, payment, back, "the dispute was won", f"dispute_won:{facts.dispute_id}", at)
    if facts.is_withdrawn:  # with both lines there: what a bank took and gave back unseen was never missing
        take_back_uses(uow, payment, "the bank took it back", at)
    return has_moved


def _write(uow: UnitOfWork, payment: Payment, amount: Money, why: str, fact_key: str, at: datetime) -> bool:
    return uow.payments.write_ledger(
        LedgerEntry(
            kind=LedgerKind.DISPUTED,
            booking_id=payment.booking_id,
            payment_id=payment.id,
            amount=amount,
            at=at,
            who=uow.who,
            why=why,
            fact_key=fact_key,
        )
    )
