"""From rows to what the calendar shows, whoever read them: the engine, or the first look before there is one."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from inkdesk.application.calendar import BookingCard, GroupCard
from inkdesk.domain.artists import Artist, DateOverride, Leave
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.capacity import Party
from inkdesk.domain.hours import Plans, WallSpan, WeeklyPlan
from inkdesk.domain.money import Money
from inkdesk.domain.slot_rules import Alignment, Limits
from inkdesk.domain.spans import Span, to_instant, to_seconds
from inkdesk.domain.studio import HoldPolicy, Mode, Studio

OVERRIDE_MARGIN = timedelta(days=3)
"""Overrides of so many days beside a range reach into it: nights, and artists who work by another zone."""


Record: TypeAlias = Any
"""A row, by whomever it was read: its columns are its attributes, of the types that the columns declare."""


def to_studio(row: Record) -> Studio:
    """A row of ``studio``."""
    return Studio(
        id=row.id,
        uid=row.uid,
        name=row.name,
        zone=row.zone,
        currency=row.currency,
        mode=Mode(row.mode),
        hold_policy=HoldPolicy(row.hold_policy),
        hold_s=row.hold_s,
        slot_step_s=row.slot_step_s,
        alignment=Alignment(row.alignment),
        minimum_notice_s=row.minimum_notice_s,
        horizon_days=row.horizon_days,
        first_date=row.first_date,
        last_date=row.last_date,
        open_days=row.open_days,
        success_url=row.success_url,
        phone_region=row.phone_region,
        receipt_header=row.receipt_header,
        version=row.version,
    )


def to_card(row: Record, with_artist_ids: tuple[int, ...] = ()) -> BookingCard:
    """A row of ``CARDS``."""
    return BookingCard(
        booking_id=row.id,
        artist_id=row.artist_id,
        client_id=row.client_id,
        client_name=row.client_name,
        service_name=row.service_name,
        starts_at=row.starts_at,
        ends_at=to_instant(row.starts_s + row.sitting_s),
        occupied=Span(row.occupied_from_s, row.occupied_until_s),
        status=BookingStatus(row.status),
        hold_until=row.hold_until,
        price=Money(row.price_minor, row.currency),
        deposit=Money(row.deposit_minor, row.currency),
        paid_minor=int(row.paid_minor),
        note=row.note,
        checked_in_at=row.checked_in_at,
        version=row.version,
        with_artist_ids=with_artist_ids,
        series_id=row.series_id,
        series_number=row.series_number,
        series_count=row.series_count,
        group_id=row.group_id,
    )


def to_cards(rows: Iterable[Record], further: Iterable[Record]) -> list[BookingCard]:
    """Rows of ``CARDS`` with those of ``booking_artist`` (by booking, artist)."""
    others = artists_by_booking(further)
    return [to_card(row, others.get(row.id, ())) for row in rows]


def artists_by_booking(further: Iterable[Record]) -> dict[int, tuple[int, ...]]:
    """Rows of ``booking_artist``, by booking and artist, as the artists of each booking."""
    groups = groupby(further, key=lambda row: row.booking_id)
    return {booking_id: tuple(row.artist_id for row in rows) for booking_id, rows in groups}


def to_groups(rows: Iterable[Record], units: Iterable[Record], claims: Iterable[Record]) -> list[GroupCard]:
    """Rows of ``groups_within`` with their seats (by group, seat) and who has them (by group, booking, seat)."""
    seats, parties = units_by_group(units), to_parties(claims)
    return [
        GroupCard(
            group_id=row.id,
            artist_id=row.artist_id,
            title=row.title,
            service_name=row.service_name,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            occupied=Span(
                row.starts_s if row.kept_from_s is None else row.kept_from_s,
                row.ends_s if row.kept_until_s is None else row.kept_until_s,
            ),
            seats=row.seats,
            unit_ids=seats.get(row.id, ()),
            parties=tuple(parties.get(row.id, ())),
            is_cancelled=row.is_cancelled,
            note=row.note,
            version=row.version,
        )
        for row in rows
    ]


def units_by_group(units: Iterable[Record]) -> dict[int, tuple[int, ...]]:
    """Rows of ``group_seat``, by group and seat, as the seats of each group."""
    groups = groupby(units, key=lambda row: row.group_id)
    return {group_id: tuple(row.resource_id for row in rows) for group_id, rows in groups}


def to_parties(claims: Iterable[Record]) -> dict[int, list[Party]]:
    """Rows of ``seats_taken`` by group; all claims of a booking have the same span."""
    parties: dict[int, list[Party]] = {}
    for (group_id, booking_id), rows in groupby(claims, key=lambda row: (row.group_id, row.booking_id)):
        own = list(rows)
        units = tuple(row.resource_id for row in own)
        party = Party(booking_id, Span(own[0].start_s, own[0].end_s), len(units), units)
        parties.setdefault(group_id, []).append(party)
    return parties


def to_artists(rows: Iterable[Record], hours: Iterable[Record], styles: Iterable[Record]) -> list[Artist]:
    """Rows of ``artist`` with the hours of their plans (by artist, plan, week, weekday, start) and their styles.

    A plan without any hours has one row without a week.
    """
    plans = _plans(hours)
    words: dict[int, tuple[str, ...]] = {}
    for row in styles:
        words[row.artist_id] = (*words.get(row.artist_id, ()), row.style)
    return [
        Artist(
            id=row.id,
            resource_id=row.resource_id,
            name=row.name,
            colour=row.colour,
            zone=row.zone,
            is_guest=row.is_guest,
            stays_from=row.stays_from,
            stays_until=row.stays_until,
            pause_s=row.pause_s,
            is_active=row.is_active,
            plans=plans.get(row.id, ()),
            limits=Limits(per_day=row.per_day, per_week=row.per_week, long_sitting_s=row.long_sitting_s),
            styles=words.get(row.id, ()),
            version=row.version,
        )
        for row in rows
    ]


def _plans(hours: Iterable[Record]) -> dict[int, Plans]:
    """Each artist's plans, the one from ever first."""
    heads: dict[int, Record] = {}
    days: dict[int, dict[tuple[int, int], list[WallSpan]]] = {}
    for row in hours:
        plan_id = row.plan_id
        if plan_id not in heads:
            heads[plan_id], days[plan_id] = row, {}
        if row.week is not None:
            days[plan_id].setdefault((row.week, row.weekday), []).append(WallSpan(row.start_min, row.end_min))
    found: dict[int, Plans] = {}
    for plan_id, head in sorted(heads.items(), key=lambda one: one[1].starts_on or date.min):
        spans = days[plan_id]
        weeks = tuple(
            tuple(tuple(spans.get((week, weekday), ())) for weekday in range(7)) for week in range(head.weeks)
        )
        plan = WeeklyPlan(weeks, head.starts_on, head.week_a)
        found[head.artist_id] = (*found.get(head.artist_id, ()), plan)
    return found


def to_overrides(rows: Iterable[Record]) -> list[DateOverride]:
    """Rows of ``date_override`` with their spans, by artist, date, start; a closed date has one row without any."""
    groups = groupby(rows, key=lambda row: (row.artist_id, row.on_date))
    return [DateOverride(artist_id=artist_id, on=on, spans=_spans(spans)) for (artist_id, on), spans in groups]


def to_leave(row: Record) -> Leave:
    """A row of ``leave``."""
    return Leave(id=row.id, artist_id=row.artist_id, starts_at=row.starts_at, ends_at=row.ends_at, reason=row.reason)


def shown_artists(artists: Sequence[Artist], cards: Sequence[BookingCard], groups: Sequence[GroupCard]) -> list[Artist]:
    """Who has a lane: everybody active, and who was active when one of the bookings or group sittings was made."""
    seen = {artist_id for card in cards for artist_id in (card.artist_id, *card.with_artist_ids)}
    seen |= {group.artist_id for group in groups}
    return [one for one in artists if one.is_active or one.id in seen]


def instants(zone: ZoneInfo, first: date, last: date) -> Span:
    """Real time from the start of ``first`` to the end of ``last``."""
    start, end = (
        to_seconds(datetime(day.year, day.month, day.day, tzinfo=zone)) for day in (first, last + timedelta(days=1))
    )
    return Span(start, end)


def _spans(rows: Iterable[Record]) -> tuple[WallSpan, ...]:
    return tuple(WallSpan(row.start_min, row.end_min) for row in rows if row.start_min is not None)
