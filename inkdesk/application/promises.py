"""What a person decided about money that a bank still moves or disputes, kept until the bank has let it go."""

import json
from dataclasses import dataclass

from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.money import Money


@dataclass(frozen=True, slots=True)
class Said:
    """A decision: ``refund`` is to go back, the rest has ``fate``; ``to`` takes it over with ROLL. ``key`` names it."""

    fate: DepositFate
    refund: Money
    why: str
    to: int | None
    key: str = ""


def promise(uow: UnitOfWork, payment_id: int, booking_id: int, said: Said) -> None:
    """Remember what becomes of a payment's money at a booking; it comes instead of an earlier promise."""
    key = _keys(uow, payment_id, booking_id)[-1]
    kept = {"fate": said.fate.value, "refund_minor": said.refund.amount_minor, "why": said.why, "to": said.to}
    uow.requests.note(key, json.dumps(kept, ensure_ascii=False))


def promised(uow: UnitOfWork, payment_id: int, booking_id: int) -> Said | None:
    """The last promise about a payment's money at a booking; None if there is none or it was kept."""
    keys = _keys(uow, payment_id, booking_id)
    if len(keys) == 1 or uow.requests.result_of(_kept(keys[-2])) is not None:
        return None
    said = json.loads(uow.requests.result_of(keys[-2]) or "")
    currency = uow.payments.get(payment_id).amount.currency
    return Said(DepositFate(said["fate"]), Money(said["refund_minor"], currency), said["why"], said["to"], keys[-2])


def keep(uow: UnitOfWork, said: Said) -> None:
    """The promise was carried out, or cannot be any more: it is not looked at again."""
    uow.requests.note(_kept(said.key), "")


def _keys(uow: UnitOfWork, payment_id: int, booking_id: int) -> list[str]:
    """The keys of all promises about a payment's money at a booking, and at last that of the next one."""
    first = f"fate-of-payment:{payment_id}"
    if uow.payments.get(payment_id).booking_id != booking_id:
        first = f"{first}@{booking_id}"
    keys = [first]
    while uow.requests.result_of(keys[-1]) is not None:
        keys.append(f"{first}:{len(keys)}")
    return keys


def _kept(key: str) -> str:
    return f"{key}:kept"
