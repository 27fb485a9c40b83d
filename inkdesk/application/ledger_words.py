"""What people read instead of the ledger's codes: on the screen, in exports, on receipts."""

from typing import Final

from inkdesk.application.ledger_view import STATUSES, LedgerState, LedgerTotals
from inkdesk.application.text import render, tr
from inkdesk.domain.message import message
from inkdesk.domain.payments import LedgerEntry, LedgerKind, PaymentMethod, PaymentPurpose, PaymentStatus

_KINDS: Final = {
    LedgerKind.ASKED: message("Asked"),
    LedgerKind.PAID: message("Paid"),
    LedgerKind.APPLIED: message("Applied"),
    LedgerKind.CREDITED: message("Credited"),
    LedgerKind.CREDIT_USED: message("Credit used"),
    LedgerKind.REFUNDED: message("Refunded"),
    LedgerKind.FORFEITED: message("Kept"),
    LedgerKind.ROLLED_OVER: message("Rolled over"),
    LedgerKind.TIP: message("Tip"),
    LedgerKind.DISPUTED: message("Disputed"),
}
_METHODS: Final = {
    PaymentMethod.LINK: message("Link"),
    PaymentMethod.CASH: message("Cash"),
    PaymentMethod.TRANSFER: message("Transfer"),
    PaymentMethod.TERMINAL: message("Card terminal"),
}
_WRITTEN: Final = frozenset(method.value for method in PaymentMethod)
"""The reasons that are no words of a person."""
_PURPOSES: Final = {
    PaymentPurpose.DEPOSIT: message("Deposit"),
    PaymentPurpose.REST: message("Rest of the price"),
    PaymentPurpose.TIP: message("Tip"),
}
_STATES: Final = {
    LedgerState.WAITING: message("Waits for money"),
    LedgerState.NOT_PAID: message("Not paid"),
    LedgerState.PAID: message("Paid"),
    LedgerState.GOING_BACK: message("Going back"),
    LedgerState.GIVEN_BACK: message("Given back"),
    LedgerState.REFUND_FAILED: message("Refund failed"),
    LedgerState.DISPUTED: message("Disputed"),
}
_STATE_OF: Final = {status: state for state, statuses in STATUSES.items() for status in statuses}


def kind_words(kind: LedgerKind) -> str:
    """What happened to the money."""
    return render(_KINDS[kind])


def method_words(method: PaymentMethod) -> str:
    """How money came."""
    return render(_METHODS[method])


def purpose_words(purpose: PaymentPurpose) -> str:
    """What a payment was for."""
    return render(_PURPOSES[purpose])


def state_words(state: LedgerState) -> str:
    """How payments stand that are looked for."""
    return render(_STATES[state])


def status_words(status: PaymentStatus | None) -> str:
    """How the payment of a line stands; "" without one."""
    return "" if status is None else state_words(_STATE_OF[status])


def why_words(why: str) -> str:
    """The reason of a line: the program writes ways of paying, anything else was typed by a person."""
    return method_words(PaymentMethod(why)) if why in _WRITTEN else why


def who_and_why(entry: LedgerEntry) -> str:
    """Who wrote a line and the reason, if it has one."""
    return " · ".join(part for part in (entry.who, why_words(entry.why)) if part)


def total_words(sums: LedgerTotals) -> list[tuple[str, int]]:
    """(word, signed amount in the minor unit) of each part that is there: what makes up the net, the net, the rest."""
    moved = [
        (tr("In"), sums.paid_minor),
        (tr("Tips"), sums.tips_minor),
        (tr("Refunded"), -sums.refunded_minor),
        (tr("Disputed"), -sums.disputed_minor),
        (tr("Fees"), -sums.fees_minor),
    ]
    became = [
        (tr("Applied"), sums.applied_minor),
        (tr("Kept"), sums.kept_minor),
        (tr("Credited"), sums.credited_minor),
    ]
    shown = [part for part in moved if part[1]]
    return [*shown, *([(tr("Net"), sums.net_minor)] if shown else []), *(part for part in became if part[1])]
