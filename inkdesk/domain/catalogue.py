"""The price list and the stations."""

from dataclasses import dataclass

from inkdesk.domain.availability import Sitting
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money


@dataclass(frozen=True, slots=True)
class CancellationPolicy:
    """What happens to a paid deposit when a booking is cancelled.

    Up to ``cutoff_hours`` before the start ``refund_percent`` (0 to 100) of it goes back, later nothing.
    """

    cutoff_hours: int = 48
    refund_percent: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """An entry of the price list; spans in seconds. ``station_kind`` "" means no station is needed.

    ``artist_ids`` are the artists who do it; empty means all do.
    """

    id: int = 0
    name: str
    sitting: Sitting
    price: Money
    deposit: Money
    policy: CancellationPolicy = CancellationPolicy()
    station_kind: str = ""
    artist_ids: tuple[int, ...] = ()
    is_active: bool = True
    version: int = 1

    def is_done_by(self, artist_id: int) -> bool:
        """Whether this artist offers it."""
        return not self.artist_ids or artist_id in self.artist_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A chair, room or machine of a ``kind``; ``unit_ids`` are the resource ids of its concrete units."""

    id: int = 0
    name: str
    kind: str
    unit_ids: tuple[int, ...] = ()
    is_active: bool = True
    version: int = 1


def check_service(service: Service) -> None:
    """Raise ValidationError at the first thing about ``service`` that cannot be."""
    if not service.name.strip():
        raise ValidationError(message("The service needs a name."), field="name")
    if service.sitting.sitting_s <= 0:
        raise ValidationError(message("A sitting lasts longer than nothing."), field="sitting_s")
    if service.sitting.prep_s < 0 or service.sitting.clean_up_s < 0:
        raise ValidationError(message("Preparation and clean-up cannot be negative."), field="prep_s")
    if service.price.amount_minor < 0:
        raise ValidationError(message("A price cannot be negative. Enter 0 or more."), field="price")
    if service.deposit.amount_minor < 0:
        raise ValidationError(message("A deposit cannot be negative. Enter 0 or more."), field="deposit")
    if service.deposit.currency != service.price.currency:
        raise ValidationError(message("Price and deposit must be in one currency."), field="deposit")
    if service.deposit.amount_minor > service.price.amount_minor:
        raise ValidationError(message("The deposit is higher than the price. Lower it."), field="deposit")
    _check_policy(service.policy)


def _check_policy(policy: CancellationPolicy) -> None:
    if policy.cutoff_hours < 0 or not 0 <= policy.refund_percent <= 100:
        raise ValidationError(
            message("The cancellation policy needs hours of 0 or more and a refund of 0 to 100 percent."),
            field="policy",
        )
