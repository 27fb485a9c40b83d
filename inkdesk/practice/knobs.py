"""What a test or a trainer has decided about things that Stripe and banks decide otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

RefundOutcome = Literal["succeeded", "pending", "requires_action", "canceled", "failed"]
OUTCOMES: dict[str, RefundOutcome] = {outcome: outcome for outcome in get_args(RefundOutcome)}
"""Every outcome by its name."""
FundsRule = Literal["ignored", "pending", "refused", "refused_without_code"]


@dataclass
class Knobs:
    """The choices that all accounts share."""

    refund_outcome: RefundOutcome = "succeeded"
    """What becomes of a refund."""
    funds_rule: FundsRule = "ignored"
    """What becomes of a refund that is more than the available balance: paid, left pending, or refused."""
    is_balance_late: bool = False
    """Whether a charge gets its balance transaction only later."""
