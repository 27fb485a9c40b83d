"""The price list and the stations."""

from dataclasses import dataclass, replace

from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.sitting import Processing, Sitting, StationNeed, station_needs


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

    ``station_units`` says how many of that kind; ``station_prep_s`` and ``station_clean_up_s`` are the station's own,
    None where they are the artist's. ``artist_ids`` are the artists who do it; empty means all do.
    """

    id: int = 0
    name: str
    sitting: Sitting
    price: Money
    deposit: Money
    policy: CancellationPolicy = CancellationPolicy()
    station_kind: str = ""
    station_units: int = 1
    station_prep_s: int | None = None
    station_clean_up_s: int | None = None
    processing: Processing | None = None
    artist_ids: tuple[int, ...] = ()
    is_active: bool = True
    version: int = 1

    def is_done_by(self, artist_id: int) -> bool:
        """Whether this artist offers it."""
        return not self.artist_ids or artist_id in self.artist_ids

    @property
    def station_needs(self) -> tuple[StationNeed, ...]:
        """What one sitting needs of stations, the service's own kind first."""
        return station_needs(
            self.station_kind,
            self.sitting,
            units=self.station_units,
            prep_s=self.station_prep_s,
            clean_up_s=self.station_clean_up_s,
            processing=self.processing,
        )

    def lasting(self, sitting_s: int | None) -> "Service":
        """The service with a sitting of another length; None is its own. ValidationError if it cannot last so long."""
        if sitting_s is None or sitting_s == self.sitting.sitting_s:
            return self
        other = replace(self, sitting=self.sitting._replace(sitting_s=sitting_s))
        check_service(other)
        return other


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
    _check_money(service)
    _check_policy(service.policy)
    _check_station(service)
    if service.processing is not None:
        _check_processing(service.processing, service)


def _check_money(service: Service) -> None:
    if service.price.amount_minor < 0:
        raise ValidationError(message("A price cannot be negative. Enter 0 or more."), field="price")
    if service.deposit.amount_minor < 0:
        raise ValidationError(message("A deposit cannot be negative. Enter 0 or more."), field="deposit")
    if service.deposit.currency != service.price.currency:
        raise ValidationError(message("Price and deposit must be in one currency."), field="deposit")
    if service.deposit.amount_minor > service.price.amount_minor:
        raise ValidationError(message("The deposit is higher than the price. Lower it."), field="deposit")


def _check_station(service: Service) -> None:
    if service.station_units < 1:
        raise ValidationError(message("A service needs at least one station of its kind."), field="station_units")
    if min(service.station_prep_s or 0, service.station_clean_up_s or 0) < 0:
        raise ValidationError(
            message("The station's preparation and clean-up cannot be negative."), field="station_prep_s"
        )


def _check_processing(processing: Processing, service: Service) -> None:
    if processing.after_s < 0 or processing.lasts_s <= 0:
        raise ValidationError(
            message("A processing time begins within the sitting and lasts longer than nothing."), field="processing"
        )
    if processing.after_s + processing.lasts_s > service.sitting.sitting_s:
        raise ValidationError(
            message("The processing time ends after the sitting. Shorten it, or begin it earlier."), field="processing"
        )
    if processing.station_kind and processing.station_kind == service.station_kind:
        raise ValidationError(
            message("The processing time needs a station of another kind than the sitting, or none of its own."),
            field="processing",
        )


def _check_policy(policy: CancellationPolicy) -> None:
    if policy.cutoff_hours < 0 or not 0 <= policy.refund_percent <= 100:
        raise ValidationError(
            message("The cancellation policy needs hours of 0 or more and a refund of 0 to 100 percent."),
            field="policy",
        )
