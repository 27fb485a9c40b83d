"""The studio: its zone, currency and the rules it books by."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.slot_rules import Alignment, SlotRules, check_year


class HoldPolicy(StrEnum):
    """What an unpaid deposit does to its slot."""

    HOLD_WHILE_PAYING = "hold_while_paying"
    FIRST_TO_PAY_WINS = "first_to_pay_wins"


class Mode(StrEnum):
    """Which Stripe this studio's money goes through; a database keeps one mode for life."""

    PRACTICE = "practice"
    TEST = "test"
    LIVE = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """One studio and its settings; ``uid`` marks its payments at Stripe, ``version`` grows with each save.

    ``hold_s`` is how long an unpaid hold keeps its slot. What may be booked ahead is limited by all of ``horizon_days``
    (days after today), ``first_date`` to ``last_date`` (both included) and ``open_days`` (only the next so many dates
    that have a slot) that are not None. ``receipt_header`` stands on receipts: address and tax number, in lines.
    """

    id: int = 0
    uid: str
    name: str
    zone: str
    currency: str
    mode: Mode
    hold_policy: HoldPolicy = HoldPolicy.HOLD_WHILE_PAYING
    hold_s: int = 1800
    slot_step_s: int = 900
    alignment: Alignment = Alignment.CLOCK
    minimum_notice_s: int = 0
    horizon_days: int | None = 365
    first_date: date | None = None
    last_date: date | None = None
    open_days: int | None = None
    success_url: str = ""
    phone_region: str = ""
    receipt_header: str = ""
    version: int = 1

    @property
    def zone_info(self) -> ZoneInfo:
        """The zone as an object; the name was checked when it was saved."""
        return ZoneInfo(self.zone)

    @property
    def slot_rules(self) -> SlotRules:
        """The grid and limits for availability."""
        return SlotRules(
            step_s=self.slot_step_s,
            alignment=self.alignment,
            minimum_notice_s=self.minimum_notice_s,
            horizon_days=self.horizon_days,
            first_date=self.first_date,
            last_date=self.last_date,
            open_days=self.open_days,
        )


def check_studio(studio: Studio) -> None:
    """Raise ValidationError, with its field, at the first thing about ``studio`` that cannot be."""
    if not studio.name.strip():
        raise ValidationError(message("The studio needs a name."), field="name")
    check_zone(studio.zone)
    if len(studio.currency) != 3 or not (studio.currency.isascii() and studio.currency.isupper()):
        raise ValidationError(
            message("{code} is not a currency code. Use three letters, for example EUR.", code=studio.currency),
            field="currency",
        )
    if not 60 <= studio.hold_s <= 86400:
        raise ValidationError(message("A hold lasts from 1 minute to 24 hours."), field="hold_s")
    check_rules(studio)


def check_rules(studio: Studio) -> None:
    """Raise ValidationError at the first thing about the grid and the limits of ``studio`` that cannot be."""
    if not 60 <= studio.slot_step_s <= 86400:
        raise ValidationError(message("The slot step lies between 1 minute and 24 hours."), field="slot_step_s")
    if studio.minimum_notice_s < 0:
        raise ValidationError(message("The minimum notice cannot be negative."), field="minimum_notice_s")
    if studio.horizon_days is not None and studio.horizon_days < 1:
        raise ValidationError(message("The furthest date is at least one day ahead."), field="horizon_days")
    if studio.open_days is not None and studio.open_days < 1:
        raise ValidationError(message("At least one day must stay open."), field="open_days")
    for field, day in (("first_date", studio.first_date), ("last_date", studio.last_date)):
        if day is not None:
            check_year(day, field)
    if studio.first_date and studio.last_date and studio.last_date < studio.first_date:
        raise ValidationError(message("The last date lies before the first. Swap them."), field="last_date")


def check_zone(zone: str) -> None:
    """Raise ValidationError unless ``zone`` is an IANA name such as Europe/Paris."""
    if zone not in available_timezones():
        raise ValidationError(
            message("There is no time zone called {zone}. Choose one such as Europe/Paris.", zone=zone),
            field="zone",
        )
