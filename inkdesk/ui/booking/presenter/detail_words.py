"""One booking in words: its facts, its money, its history."""

from collections.abc import Sequence
from dataclasses import dataclass

from inkdesk.application.calendar import BookingCard, BookingDetail
from inkdesk.application.client_words import Letter
from inkdesk.application.deposit_service import MoneyLook
from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import formats, render, tr
from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import (
    COLLECTED,
    LedgerEntry,
    LedgerKind,
    Payment,
    PaymentPurpose,
    PaymentStatus,
)
from inkdesk.ui.booking.presenter.verdicts import team
from inkdesk.ui.booking.presenter.words import history_words, method_words, payment_words, why_words


@dataclass(frozen=True, slots=True)
class Known:
    """A booking with its money and the names its card only has ids of.

    ``group_title`` is "" unless it has seats in a group; ``letter`` is what to tell the client, None: nothing.
    """

    detail: BookingDetail
    money: MoneyLook
    settings: StudioSettings
    phone: str
    group_title: str = ""
    letter: Letter | None = None

    @property
    def artist_name(self) -> str:
        """Who tattoos, with those who work along."""
        artists = {one.id: one.name for one in self.settings.artists}
        card = self.detail.card
        return team([artists.get(one, "") for one in (card.artist_id, *card.with_artist_ids)])


def facts(known: Known) -> list[tuple[str, str]]:
    """The booking as (caption, text) lines."""
    card, client = known.detail.card, known.detail.client
    lines = [
        (tr("When"), tr("{start} to {end}", start=card.starts_at, end=formats().time(card.ends_at))),
        (tr("What"), card.service_name),
        (tr("Artist"), known.artist_name),
        (tr("Series"), _series_line(card)),
        (tr("Group sitting"), known.group_title),
        (tr("Phone"), known.phone),
        (tr("E-mail"), client.email),
        (tr("Price"), formats().money(card.price)),
        (tr("Deposit"), _deposit_line(known.detail)),
        (tr("Note"), card.note),
    ]
    return [(caption, text) for caption, text in lines if text]


def _series_line(card: BookingCard) -> str:
    if not card.series_count:
        return ""
    return tr("sitting {number} of {count}", number=card.series_number, count=card.series_count)


def payment_lines(detail: BookingDetail) -> list[str]:
    """Every attempt to take money, one line each: when, how much, how, and what became of it."""
    return [
        " · ".join(
            (
                formats().moment(one.charged_at or one.created_at),
                formats().money(one.amount),
                method_words(one.method),
                *_purpose(one),
                _outcome(one, detail.ledger),
            )
        )
        for one in detail.payments
    ]


def balance_lines(money: MoneyLook) -> list[str]:
    """What became of the money in one line; nothing while there is none."""
    balance = money.balance
    parts = (
        (tr("paid"), balance.paid),
        (tr("from another sitting"), balance.rolled_in),
        (tr("from credit"), balance.credit_used),
        (tr("applied"), balance.applied),
        (tr("credited"), balance.credited),
        (tr("refunded"), balance.returned),
        (tr("kept"), balance.forfeited),
        (tr("carried on"), balance.rolled_out),
        (tr("with the bank"), balance.disputed),
        (tr("not used yet"), money.left),
        (tr("tip"), balance.tips),
    )
    told = [f"{word} {formats().money(amount)}" for word, amount in parts if amount.amount_minor]
    line = " · ".join([*told, tr("still to pay {rest}", rest=money.rest)])
    return [line[:1].upper() + line[1:]] if told else []


def _purpose(payment: Payment) -> list[str]:
    match payment.purpose:
        case PaymentPurpose.DEPOSIT:
            return []
        case PaymentPurpose.REST:
            return [tr("the rest")]
        case PaymentPurpose.TIP:
            return [tr("a tip")]


def _outcome(payment: Payment, ledger: Sequence[LedgerEntry]) -> str:
    """What became of a payment, with the amount that this is about unless it is nothing or the whole."""
    is_disputed = payment.status is PaymentStatus.DISPUTED
    amount_minor = _disputed_minor(payment, ledger) if is_disputed else payment.refunded_minor
    if not amount_minor or (is_disputed and amount_minor == payment.amount.amount_minor):
        return payment_words(payment.status)
    about = Money(amount_minor, payment.amount.currency)
    return tr("{outcome}: {amount}", outcome=payment_words(payment.status), amount=about)


def _disputed_minor(payment: Payment, ledger: Sequence[LedgerEntry]) -> int:
    """What the bank took; while it only asks, all that was not given back."""
    lines = [one for one in ledger if one.payment_id == payment.id and one.kind is LedgerKind.DISPUTED]
    return sum(one.amount.amount_minor for one in lines) or payment.amount.amount_minor - payment.refunded_minor


def history_lines(detail: BookingDetail) -> list[str]:
    """What happened, newest last: when, what, who, why."""
    return [
        " · ".join(part for part in (formats().moment(at), history_words(what), who, why_words(why)) if part)
        for at, who, what, why in detail.history
    ]


def error_words(error: InkDeskError) -> str:
    """The sentence for a failed action; after a stale record the dialog shows the booking as it is now."""
    if error.code is ErrorCode.STALE_RECORD:
        return tr("{sentence} It is shown here as it is now.", sentence=render(error.message))
    return render(error.message)


def _deposit_line(detail: BookingDetail) -> str:
    deposit = detail.card.deposit
    came = [one for one in detail.payments if one.status in COLLECTED and one.purpose is PaymentPurpose.DEPOSIT]
    refunded = Money(sum(one.refunded_minor for one in came), deposit.currency)
    paid = Money(sum(one.amount.amount_minor for one in came), deposit.currency)
    if not deposit.amount_minor and not paid.amount_minor:
        return tr("none")
    if refunded.amount_minor:
        return tr("{deposit}, paid {paid}, refunded {refunded}", deposit=deposit, paid=paid, refunded=refunded)
    return tr("{deposit}, paid {paid}", deposit=deposit, paid=paid)
