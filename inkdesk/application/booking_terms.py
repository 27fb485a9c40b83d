"""The money side of a booking's commands: terms of a new one, shares of what goes back."""

from collections.abc import Sequence
from dataclasses import dataclass

from inkdesk.application.booking_commands import BookCommand, DepositChoice
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.studio import Studio


@dataclass(frozen=True, slots=True)
class Terms:
    """Price, deposit and how it is taken, after the service's defaults and the desk's changes."""

    price: Money
    deposit: Money
    choice: DepositChoice
    hold_s: int


def terms_of(command: BookCommand, service: Service, studio: Studio) -> Terms:
    """What a new booking will be made with; ValidationError for amounts that cannot be."""
    price = command.price or service.price
    deposit = command.deposit or service.deposit
    if price.amount_minor < 0:
        raise ValidationError(message("A price cannot be negative. Enter 0 or more."), field="price")
    if {price.currency, deposit.currency} != {service.price.currency}:
        raise ValidationError(
            message("This service is priced in {currency}. Enter both amounts in it.", currency=service.price.currency),
            field="price",
        )
    if not 0 <= deposit.amount_minor <= price.amount_minor:
        raise ValidationError(
            message("Enter a deposit between 0 and the price, {price}.", price=price), field="deposit"
        )
    choice = command.choice if deposit.amount_minor else DepositChoice.NONE
    return Terms(price, deposit, choice, studio.hold_s)


def refund_shares(refund: Money | None, left: Sequence[Money]) -> list[Money]:
    """What goes back of each payment: the oldest gives first, none gives more than is ``left`` of it.

    ``refund`` None is everything; ValidationError if it is more than there is. Money of another currency than
    ``refund`` goes back whole.
    """
    if refund is None:
        return list(left)
    most = sum(one.amount_minor for one in left if one.currency == refund.currency)
    asked = refund.amount_minor
    if not 0 <= asked <= most:
        raise ValidationError(message("The refund lies between 0 and what was paid."), field="refund")
    shares: list[Money] = []
    for room in left:
        share = room if room.currency != refund.currency else Money(min(asked, room.amount_minor), room.currency)
        asked -= share.amount_minor if share.currency == refund.currency else 0
        shares.append(share)
    return shares
