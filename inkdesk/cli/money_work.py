"""What the money commands do with an opened studio; pure of terminals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from inkdesk.application.calendar import BookingDetail
from inkdesk.application.deposit_service import MoneyLook, RestCommand
from inkdesk.application.ledger_view import signed
from inkdesk.application.ledger_words import kind_words, method_words, purpose_words, status_words, who_and_why
from inkdesk.application.services import Services
from inkdesk.application.text import formats, tr
from inkdesk.cli.output import Answer, amount, columns, instant
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money, parse_amount
from inkdesk.domain.payments import LedgerEntry, Payment, PaymentMethod


@dataclass(frozen=True, slots=True)
class AmountTyped:
    """An amount ("": all there is) and why, as they were typed."""

    amount: str
    reason: str
    request_key: str


@dataclass(frozen=True, slots=True)
class RestTyped:
    """The rest ("": all that is due) and a tip ("": none), as they were typed."""

    method: PaymentMethod
    amount: str
    tip: str
    request_key: str


def payments(services: Services, booking_id: int) -> Answer:
    """Show the money of a booking."""
    return _shown(services, booking_id, "")


def refund(services: Services, booking_id: int, typed: AmountTyped) -> Answer:
    """Give money back."""
    wanted = _read(typed.amount, services.deposits.look(booking_id).refundable, "amount")
    services.deposits.refund(booking_id, wanted, typed.reason, typed.request_key)
    return _shown(services, booking_id, typed.request_key)


def credit(services: Services, booking_id: int, typed: AmountTyped) -> Answer:
    """Turn money that is left into the client's credit."""
    wanted = _read(typed.amount, services.deposits.look(booking_id).left, "amount")
    services.deposits.credit(booking_id, wanted, typed.reason, typed.request_key)
    return _shown(services, booking_id, typed.request_key)


def use_credit(services: Services, booking_id: int, typed: AmountTyped) -> Answer:
    """Pay a booking with its client's credit."""
    look = services.deposits.look(booking_id)
    wanted = _read(typed.amount, min(look.credit, look.rest), "amount")
    services.deposits.use_credit(booking_id, wanted, typed.request_key)
    return _shown(services, booking_id, typed.request_key)


def roll(services: Services, booking_id: int, to_booking_id: int, typed: AmountTyped) -> Answer:
    """Roll money that is left over to another sitting."""
    wanted = _read(typed.amount, services.deposits.look(booking_id).left, "amount")
    services.deposits.roll_over(booking_id, to_booking_id, wanted, typed.reason, typed.request_key)
    return _shown(services, booking_id, typed.request_key)


def rest(services: Services, booking_id: int, typed: RestTyped) -> Answer:
    """Take the rest and a tip."""
    due = services.deposits.look(booking_id).rest
    command = RestCommand(
        booking_id=booking_id,
        method=typed.method,
        amount=_read(typed.amount, due, "amount"),
        tip=_read(typed.tip, Money(0, due.currency), "tip"),
        request_key=typed.request_key,
    )
    services.deposits.take_rest(command)
    return _shown(services, booking_id, typed.request_key)


def link(services: Services, booking_id: int, minutes: int | None, request_key: str) -> Answer:
    """A new link, or more time; the answer has the link if a new one was made."""
    if minutes is None:
        url: str | None = services.payments.holds.resend(booking_id, request_key).url
    else:
        opened = services.payments.holds.extend(booking_id, minutes * 60, request_key).opened
        url = None if opened is None else opened.url
    shown = _shown(services, booking_id, request_key, link=url)
    return Answer(shown.data, [*([tr("The client pays here:"), url] if url else []), *shown.lines])


def release(services: Services, booking_id: int, reason: str, request_key: str) -> Answer:
    """Give the time of a hold free."""
    services.payments.holds.release(booking_id, reason, request_key)
    return _shown(services, booking_id, request_key)


def _read(typed: str, preset: Money, field: str) -> Money:
    if not typed.strip():
        return preset
    try:
        return parse_amount(typed, preset.currency)
    except ValueError:
        raise ValidationError(
            message("{typed} is not an amount. Type it like 120 or 12.50.", typed=typed), field=field
        ) from None


def _shown(services: Services, booking_id: int, request_key: str, **more: object) -> Answer:
    """The money of a booking as it stands now."""
    look, detail = services.deposits.look(booking_id), services.queries.booking(booking_id)
    zone = services.studio.settings(services.clock.now().date()).studio.zone_info
    until = detail.card.hold_until
    data: dict[str, object] = {
        "id": booking_id,
        "status": detail.card.status.value,
        "hold_until": instant(until.astimezone(zone)) if until else None,
        **_sums(look),
        "payments": [_payment(one, zone) for one in detail.payments],
        "ledger": [_entry(one, zone) for one in detail.ledger],
        **more,
    }
    if request_key:
        data["request_key"] = request_key
    return Answer(data, _lines(look, detail))


def _sums(look: MoneyLook) -> Mapping[str, object]:
    balance = look.balance
    return {
        "price": amount(look.price),
        "balance": {name: amount(getattr(balance, name)) for name in balance.__dataclass_fields__},
        "left": amount(look.left),
        "rest": amount(look.rest),
        "refundable": amount(look.refundable),
        "credit": amount(look.credit),
    }


def _payment(payment: Payment, zone: ZoneInfo) -> Mapping[str, object]:
    return {
        "id": payment.id,
        "purpose": payment.purpose.value,
        "method": payment.method.value,
        "status": payment.status.value,
        "amount": amount(payment.amount),
        "refunded_minor": payment.refunded_minor,
        "fee": _told(_settled(payment, payment.fee_minor)),
        "net": _told(_settled(payment, payment.net_minor)),
        "at": instant((payment.charged_at or payment.created_at).astimezone(zone)),
    }


def _settled(payment: Payment, minor: int | None) -> Money | None:
    """Stripe's own sums are in the currency that it settled in."""
    return None if minor is None else Money(minor, payment.fee_currency or payment.amount.currency)


def _entry(entry: LedgerEntry, zone: ZoneInfo) -> Mapping[str, object]:
    return {
        "kind": entry.kind.value,
        "booking": entry.booking_id,
        "to_booking": entry.to_booking_id,
        "payment": entry.payment_id,
        "amount": amount(entry.amount),
        "at": instant(entry.at.astimezone(zone)),
        "who": entry.who,
        "why": entry.why,
    }


def _lines(look: MoneyLook, detail: BookingDetail) -> list[str]:
    sums = tr(
        "Not used yet {left}, still to pay {rest}, the client's credit {credit}.",
        left=look.left,
        rest=look.rest,
        credit=look.credit,
    )
    return [*_payment_lines(detail.payments), *_ledger_lines(detail.ledger), sums]


def _told(money: Money | None) -> Mapping[str, object] | None:
    return None if money is None else amount(money)


def _fee_words(payment: Payment) -> str:
    fee = _settled(payment, payment.fee_minor)
    return "" if fee is None else formats().money(fee)


def _payment_lines(payments: Sequence[Payment]) -> list[str]:
    heads = [tr("When"), tr("Amount"), tr("Way of paying"), tr("For"), tr("State"), tr("Fee")]
    rows = [
        [
            formats().moment(one.charged_at or one.created_at),
            formats().money(one.amount),
            method_words(one.method),
            purpose_words(one.purpose),
            status_words(one.status),
            _fee_words(one),
        ]
        for one in payments
    ]
    return [tr("Payments"), *columns(heads, rows), ""] if rows else []


def _ledger_lines(ledger: Sequence[LedgerEntry]) -> list[str]:
    heads = [tr("When"), tr("What"), tr("Amount"), tr("Who and why")]
    rows = [
        [
            formats().moment(one.at),
            kind_words(one.kind),
            formats().money(signed(one)),
            who_and_why(one),
        ]
        for one in ledger
    ]
    return [tr("Ledger"), *columns(heads, rows), ""] if rows else []
