"""Words of the desk's tasks: what each is called, what each action is called, and what it does."""

from collections.abc import Mapping
from typing import Final

from inkdesk.application.inbox_service import InboxItem
from inkdesk.application.text import formats, render, tr
from inkdesk.domain.message import Message, message
from inkdesk.domain.tasks import TaskAction, TaskKind, ends_by_itself

_A, _K = TaskAction, TaskKind
_TITLES: Final[Mapping[TaskKind, Message]] = {
    _K.SECOND_PAYER: message("Paid second"),
    _K.PAID_TWICE: message("Paid twice"),
    _K.PAID_AFTER_END: message("Paid too late"),
    _K.AMOUNT_DIFFERS: message("Another amount paid"),
    _K.OTHER_MODE: message("Key of the other mode"),
    _K.PAYMENT_FAILED: message("Payment failed"),
    _K.SLOT_LOST: message("Time lost"),
    _K.DISPUTED: message("Payment disputed"),
    _K.DISPUTE_LOST: message("Dispute lost"),
    _K.DISPUTE_WON: message("Money back from a dispute"),
    _K.NOT_REFUNDABLE: message("Not refunded"),
    _K.REFUND_FAILED: message("Refund failed"),
    _K.REFUND_SHORTENED: message("Smaller refund"),
    _K.REFUND_WAITS: message("Refund waits"),
    _K.REFUND_SLOW: message("Refund not there yet"),
    _K.WATCH_LINK: message("Link may still be paid"),
    _K.UNKNOWN_AT_STRIPE: message("Unknown at Stripe"),
    _K.REFUSED: message("Stripe does not answer"),
    _K.SERIES_UNPAID: message("Series not paid"),
}
_LABELS: Final[Mapping[TaskAction, Message]] = {
    _A.REFUND: message("Re&fund {amount}"),
    _A.GIVEN_BACK: message("&Given back by hand"),
    _A.CONFIRM: message("&Confirm all the same"),
    _A.NEW_LINK: message("New &link"),
    _A.LOOK_AGAIN: message("Chec&k again"),
    _A.KEEP_SITTINGS: message("K&eep the others"),
    _A.CANCEL_SITTINGS: message("C&ancel the others"),
    _A.WRITE_TO_CLIENT: message("&Write to the client…"),
    _A.OPEN_BOOKING: message("&Open booking"),
    _A.OPEN_AT_STRIPE: message("Open at S&tripe"),
    _A.ACKNOWLEDGE: message("&Done"),
}
"""``amount`` is what could be given back."""
_EFFECTS: Final[Mapping[TaskAction, Message]] = {
    _A.REFUND: message("The money goes back the way it came."),
    _A.GIVEN_BACK: message("You gave {amount} back in cash or by transfer: it is written in the ledger."),
    _A.CONFIRM: message("The booking stands with what was paid."),
    _A.NEW_LINK: message("The client gets a new link and a full hold; an old one dies first."),
    _A.LOOK_AGAIN: message("Stripe is asked about this payment now."),
    _A.KEEP_SITTINGS: message("The other sittings stay as they are, without a deposit."),
    _A.CANCEL_SITTINGS: message("All other sittings of the series for which nothing was paid are cancelled."),
    _A.WRITE_TO_CLIENT: message("A ready message, to copy or to send by e-mail."),
    _A.OPEN_BOOKING: message("See it whole: move it, cancel it, find the client's number."),
    _A.OPEN_AT_STRIPE: message("The payment in Stripe's dashboard, in your browser."),
    _A.ACKNOWLEDGE: message("Nothing is left to do. The task leaves the list for good."),
}


def title(item: InboxItem) -> str:
    """What kind of task it is."""
    return render(_TITLES[item.kind]) if item.kind else tr("To look at")


def row_text(item: InboxItem) -> str:
    """A task as two lines of the list: whose and how much, then what and since when."""
    amount = formats().money(item.amount) if item.amount else ""
    first = " · ".join(part for part in (item.client, amount) if part) or title(item)
    second = " · ".join((title(item), formats().moment(item.since)))
    return f"{first}\n{second}"


def label(action: TaskAction, item: InboxItem) -> str:
    """What the button of an action says, with its letter."""
    return _filled(_LABELS[action], item)


def effect(action: TaskAction, item: InboxItem) -> str:
    """What an action does."""
    return _filled(_EFFECTS[action], item)


def question(action: TaskAction, item: InboxItem) -> tuple[str, str] | None:
    """What is asked before an action that cannot be taken back, and the answer that does it; None: nothing."""
    amount = formats().money(item.left) if item.left else ""
    match action:
        case TaskAction.REFUND:
            return tr("Refund {amount} to {client}?", amount=amount, client=item.client), tr("Refund")
        case TaskAction.GIVEN_BACK:
            asked = tr("Did {client} get {amount} back from you? The ledger will say so.", **_who(item, amount))
            return asked, tr("Yes, given back")
        case TaskAction.CANCEL_SITTINGS:
            return tr("Cancel the other sittings of {client}?", client=item.client), tr("Cancel them")
        case TaskAction.ACKNOWLEDGE if _is_unsettled(item):
            asked = tr("Close the task and do nothing about it? It will not be told again.")
            return asked, tr("Close the task")
        case TaskAction.ACKNOWLEDGE if ends_by_itself(item.kind):
            return tr("This is not over yet. Close the task all the same?"), tr("Close the task")
        case _:
            return None


def _who(item: InboxItem, amount: str) -> dict[str, str]:
    return {"client": item.client, "amount": amount}


def _is_unsettled(item: InboxItem) -> bool:
    """Whether something could still be done with money or slot."""
    return bool({_A.REFUND, _A.GIVEN_BACK, _A.CONFIRM, _A.NEW_LINK} & set(item.actions))


def _filled(words: Message, item: InboxItem) -> str:
    values = dict(words.values)
    if "{amount}" in words.template:
        values["amount"] = formats().money(item.left) if item.left else ""
    return render(Message(words.template, tuple(values.items())))
