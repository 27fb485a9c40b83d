"""What a client is told of their booking: ready sentences for the desk to send, in the desk's language.

A client's own language is not known. Nothing is sent from here: the desk copies it, or takes it into its e-mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import quote, urlencode

from inkdesk.application.calendar import BookingDetail, BookQueries
from inkdesk.application.desk_tasks import OUTPAID, PAID_TWICE, TAKEN_FIRST
from inkdesk.application.ports import ReadUnit
from inkdesk.application.text import tr
from inkdesk.domain.bookings import SETTLED, BookingStatus
from inkdesk.domain.money import Money
from inkdesk.domain.payments import KEPT, PaymentMethod, PaymentPurpose
from inkdesk.domain.refunds import REFUND_FAILURES, Refund

_STANDS: Final = SETTLED | {BookingStatus.PENDING_PAYMENT}


class News(StrEnum):
    """What a client should hear of."""

    SLOT_TAKEN = "slot_taken"
    LINK_CLOSED = "link_closed"
    PAID_TWICE = "paid_twice"
    REFUNDED = "refunded"
    PAID = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A ready message; ``address`` is the client's e-mail address, "" if it is not known."""

    news: News
    address: str
    subject: str
    text: str

    @property
    def mailto(self) -> str:
        """The message as an address that opens the desk's own e-mail program; "" without an address."""
        if not self.address:
            return ""
        body = urlencode({"subject": self.subject, "body": self.text}, quote_via=quote)
        return f"mailto:{quote(self.address, safe='@')}?{body}"


def write_letter(queries: BookQueries, read: ReadUnit, booking_id: int) -> Letter | None:
    """The message about a booking as it stands now; None if there is nothing to tell."""
    return letter_about(read, queries.booking(booking_id))


def letter_about(read: ReadUnit, detail: BookingDetail) -> Letter | None:
    """The message about a booking that was read just now; None if there is nothing to tell."""
    with read() as uow:
        refunds = uow.payments.refunds_of_all([one.id for one in detail.payments])
        studio = uow.studio.get().name
    return letter(detail, refunds, studio)


def letter(detail: BookingDetail, refunds: Sequence[Refund], studio: str) -> Letter | None:
    """What to tell the client of a booking, its money and the ``refunds`` of it; None: nothing."""
    news = _news(detail, refunds)
    if news is None:
        return None
    parts = [tr("Hello {client},", client=detail.client.name), _sentence(news, detail, refunds)]
    if news in {News.SLOT_TAKEN, News.LINK_CLOSED}:
        parts.append(tr("Shall we find another time? Answer this message or call us."))
    return Letter(
        news=news,
        address=detail.client.email,
        subject=tr("Your booking at {studio}, {start}", studio=studio, start=detail.card.starts_at),
        text="\n\n".join([*parts, studio]),
    )


def _news(detail: BookingDetail, refunds: Sequence[Refund]) -> News | None:
    status = detail.card.status
    if status not in _STANDS and _back(detail, refunds, TAKEN_FIRST).amount_minor:
        return News.SLOT_TAKEN
    if status is BookingStatus.LAPSED and _was_outpaid(detail):
        return News.LINK_CLOSED
    if status in SETTLED and _back(detail, refunds, PAID_TWICE).amount_minor:
        return News.PAID_TWICE
    if _back(detail, refunds).amount_minor:
        return News.REFUNDED
    return News.PAID if status is BookingStatus.CONFIRMED and _deposit(detail).amount_minor else None


def _was_outpaid(detail: BookingDetail) -> bool:
    ends = [why for _, _, what, why in detail.history if what == BookingStatus.LAPSED.value]
    return bool(ends) and ends[-1] == OUTPAID


def _deposit(detail: BookingDetail) -> Money:
    """What came as a deposit and is with the studio."""
    kept = [one for one in detail.payments if one.status in KEPT and one.purpose is PaymentPurpose.DEPOSIT]
    currency = detail.card.deposit.currency
    return Money(sum(one.amount.amount_minor - one.refunded_minor for one in kept), currency)


def _sentence(news: News, detail: BookingDetail, refunds: Sequence[Refund]) -> str:
    start, service = detail.card.starts_at, detail.card.service_name
    match news:
        case News.SLOT_TAKEN:
            return tr(
                "We are sorry: somebody else took {start} ({service}) before your payment reached us. Your {amount} "
                "goes back the way you paid; your bank may need up to ten days.",
                start=start,
                service=service,
                amount=_back(detail, refunds, TAKEN_FIRST),
            )
        case News.LINK_CLOSED:
            return tr(
                "We are sorry: somebody else paid for {start} ({service}) first, so your payment link is closed. "
                "Nothing was taken from you.",
                start=start,
                service=service,
            )
        case News.PAID_TWICE:
            return tr(
                "Your deposit for {service}, {start}, reached us twice. Your booking stands, and {amount} goes back "
                "the way you paid; your bank may need up to ten days.",
                start=start,
                service=service,
                amount=_back(detail, refunds, PAID_TWICE),
            )
        case News.REFUNDED:
            return _refunded(detail, refunds)
        case News.PAID:
            return tr(
                "Your deposit of {amount} has arrived. Your booking stands: {service}, {start}. See you then!",
                start=start,
                service=service,
                amount=_deposit(detail),
            )


def _refunded(detail: BookingDetail, refunds: Sequence[Refund]) -> str:
    start, service, amount = detail.card.starts_at, detail.card.service_name, _back(detail, refunds)
    links = {one.id for one in detail.payments if one.method is PaymentMethod.LINK}
    if all(one.payment_id in links for one in refunds if one.status not in REFUND_FAILURES):
        return tr(
            "{amount} of what you paid for {service}, {start}, goes back the way you paid; your bank may need up to "
            "ten days.",
            start=start,
            service=service,
            amount=amount,
        )
    return tr(
        "You get {amount} of what you paid for {service}, {start}, back.", start=start, service=service, amount=amount
    )


def _back(detail: BookingDetail, refunds: Sequence[Refund], reason: str = "") -> Money:
    """What went back or is on its way, in the booking's currency; of payments given back for this reason, or of all.

    It counts whole: a part may have gone back in Stripe's dashboard.
    """
    currency = detail.card.deposit.currency
    about = {one.payment_id for one in refunds if reason in {"", one.reason}}
    mine = [one for one in refunds if one.payment_id in about and one.status not in REFUND_FAILURES]
    return Money(sum(one.amount.amount_minor for one in mine if one.amount.currency == currency), currency)
