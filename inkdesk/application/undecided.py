"""The money that the end of a booking decides about, exactly as ``settle_in`` will find it."""

from collections.abc import Iterable
from dataclasses import dataclass

from inkdesk.application.deposit_lines import MoneyMoves, coming_of, total_of
from inkdesk.application.text import tr
from inkdesk.domain.bookings import Booking
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentPurpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """What has no use yet, in the currency of the booking's price.

    ``deposit`` and ``rest`` are what there is in all: here, on its way, or with a bank; money that came from another
    booking counts as deposit. ``held`` is the part of both that a bank holds in an undecided dispute: what is decided
    about it counts if the bank gives it back.
    """

    deposit: Money
    rest: Money
    held: Money

    @property
    def in_all(self) -> Money:
        """Everything there is to decide about."""
        return self.deposit + self.rest


def undecided_of(moves: MoneyMoves, booking: Booking) -> Undecided:
    """What a cancel or a no-show of this booking decides about."""
    uow, currency = moves.uow, booking.price.currency
    rest_ids = {one.id for one in uow.payments.of_booking(booking.id) if one.purpose is PaymentPurpose.REST}
    held = moves.held(booking.id)
    there = [*moves.left(booking.id), *held]
    rest = [one.amount for one in there if one.payment_id in rest_ids]
    deposit = [one.amount for one in there if one.payment_id not in rest_ids]
    return Undecided(
        deposit=total_of([*deposit, *coming_of(uow, booking.id, is_rest=False)], currency),
        rest=total_of([*rest, *coming_of(uow, booking.id, is_rest=True)], currency),
        held=total_of((one.amount for one in held), currency),
    )


def held_words(held: Iterable[Money]) -> str:
    """What is said beside a question about money that banks hold; "" if they hold none of it."""
    amounts = [one for one in held if one.amount_minor]
    if not amounts:
        return ""
    return tr(
        "The bank holds {held} while the payment is disputed; your answer counts if the bank gives it back.",
        held=total_of(amounts, amounts[0].currency),
    )
