"""What the commands of group sittings do with an opened studio; pure of terminals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from inkdesk.application.booking_commands import DepositChoice, NewClient
from inkdesk.application.booking_words import short_words
from inkdesk.application.group_commands import (
    CancelGroup,
    ChangeGroup,
    CreateGroup,
    GroupDetail,
    SeatCommand,
    SeatedBooking,
)
from inkdesk.application.services import Services
from inkdesk.application.text import tr
from inkdesk.cli.inputs import one_named, read_date, read_start
from inkdesk.cli.output import Answer, columns, instant
from inkdesk.cli.views import short
from inkdesk.cli.work import active_artists, active_services, detail_data, held_lines, link_of, settings_of
from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.groups import GroupSitting
from inkdesk.domain.message import message
from inkdesk.domain.spans import to_instant, to_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWish:
    """A group sitting as it was typed."""

    title: str
    artist: str
    service: str
    start: str
    end: str
    seats: int
    note: str
    request_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatWish:
    """Seats as they were typed; an empty time is the group's own."""

    group_id: int
    start: str
    end: str
    seats: int
    client_name: str
    client_phone: str
    client_email: str
    deposit: DepositChoice
    note: str
    request_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChange:
    """What was typed about a group sitting that is there; None and "" leave as it is."""

    group_id: int
    title: str | None
    start: str
    end: str
    seats: int | None
    note: str | None


def add(services: Services, wish: GroupWish) -> Answer:
    """Plan a group sitting."""
    settings = settings_of(services)
    zone = settings.studio.zone_info
    saved = services.groups.create(
        CreateGroup(
            request_key=wish.request_key,
            artist_id=one_named(wish.artist, active_artists(settings), "artist").id,
            service_id=one_named(wish.service, active_services(settings), "service").id,
            title=wish.title,
            starts_at=read_start(wish.start, zone),
            ends_at=read_start(wish.end, zone, "ends_at"),
            seats=wish.seats,
            note=wish.note,
        )
    )
    detail = services.groups.group(saved.group.id)
    return Answer({**_group_data(detail, zone), "request_key": wish.request_key}, _lines([detail], zone))


def list_groups(services: Services, first: str, last: str) -> Answer:
    """List the group sittings between two dates, both included."""
    start, end = read_date(first, "from"), read_date(last, "to")
    if end < start:
        raise ValidationError(message("The last date lies before the first. Swap them."), field="to")
    zone = settings_of(services).studio.zone_info
    found = services.groups.groups(start, end)
    lines = _lines(found, zone) if found else [tr("There is no group sitting on these dates.")]
    return Answer([_group_data(one, zone) for one in found], lines)


def show(services: Services, group_id: int, minutes: int | None, seats: int) -> Answer:
    """Tell one group sitting with who has seats, and where there is room if a length was given."""
    zone = settings_of(services).studio.zone_info
    detail = services.groups.group(group_id)
    seated = services.groups.seated(group_id)
    data: dict[str, object] = {
        **_group_data(detail, zone),
        "note": detail.group.note,
        "bookings": [_seated_data(one, zone) for one in seated],
    }
    lines = [*_lines([detail], zone), *_seated_lines(seated, zone)]
    if minutes is not None:
        room = [
            [to_instant(at).astimezone(zone) for at in span]
            for span in services.groups.openings(group_id, minutes * 60, seats)
        ]
        data["room"] = [{"start": instant(start), "end": instant(end)} for start, end in room]
        lines += ["", *columns([tr("Room from"), tr("End")], ([_at(start), f"{end:%H:%M}"] for start, end in room))]
    return Answer(data, lines)


def seat(services: Services, wish: SeatWish) -> Answer:
    """Take seats, and make the link if the deposit is taken by one."""
    settings = settings_of(services)
    zone = settings.studio.zone_info
    booked = services.groups.seat(
        SeatCommand(
            request_key=wish.request_key,
            group_id=wish.group_id,
            client=NewClient(name=wish.client_name, phone=wish.client_phone, email=wish.client_email),
            starts_at=read_start(wish.start, zone) if wish.start else None,
            ends_at=read_start(wish.end, zone, "ends_at") if wish.end else None,
            seats=wish.seats,
            choice=wish.deposit,
            note=wish.note,
        )
    )
    link, failure = link_of(services, booked.payment_id)
    detail = services.queries.booking(booked.booking.id)
    title = services.groups.group(wish.group_id).group.title
    line = tr(
        "Booking {id}: {client} in {group}, {start}.",
        id=detail.card.booking_id,
        client=detail.card.client_name,
        group=title,
        start=detail.card.starts_at,
    )
    data = {
        **detail_data(detail, settings),
        "group": wish.group_id,
        "seats": wish.seats,
        "link": link,
        "request_key": wish.request_key,
    }
    return Answer(data, [line, *([tr("The client pays here:"), link] if link is not None else [])], failure)


def change(services: Services, typed: GroupChange) -> Answer:
    """Change a group sitting, over the version that stands now."""
    zone = settings_of(services).studio.zone_info
    old = services.groups.group(typed.group_id).group
    starts_at = read_start(typed.start, zone) if typed.start else old.starts_at
    services.groups.change(
        ChangeGroup(
            group_id=old.id,
            version=old.version,
            title=old.title if typed.title is None else typed.title,
            starts_at=starts_at,
            ends_at=_end(typed, old, starts_at, zone),
            seats=old.seats if typed.seats is None else typed.seats,
            note=old.note if typed.note is None else typed.note,
        )
    )
    after = services.groups.group(old.id)
    return Answer({**_group_data(after, zone), "note": after.group.note}, _lines([after], zone))


def _end(typed: GroupChange, old: GroupSitting, starts_at: datetime, zone: ZoneInfo) -> datetime:
    """The typed end, or one that makes it last as long as before, in real time."""
    if typed.end:
        return read_start(typed.end, zone, "ends_at")
    return to_instant(to_seconds(starts_at) + old.span.end_s - old.span.start_s)


def cancel(services: Services, group_id: int, fate: DepositFate | None, reason: str) -> Answer:
    """Cancel a group sitting, with its bookings if their deposits' fate is said."""
    zone = settings_of(services).studio.zone_info
    version = services.groups.group(group_id).group.version
    changes = services.groups.cancel(CancelGroup(group_id=group_id, version=version, fate=fate, reason=reason))
    after = services.groups.group(group_id)
    lines = [tr("{group} is cancelled.", group=after.group.title), *held_lines(services, changes.bookings)]
    return Answer(_group_data(after, zone), lines)


def _group_data(detail: GroupDetail, zone: ZoneInfo) -> dict[str, object]:
    group = detail.group
    return {
        "id": group.id,
        "title": group.title,
        "artist": detail.artist_name,
        "service": detail.service_name,
        "start": instant(group.starts_at.astimezone(zone)),
        "end": instant(group.ends_at.astimezone(zone)),
        "seats": group.seats,
        "taken_peak": detail.taken_peak,
        "booked": detail.booked,
        "is_cancelled": group.is_cancelled,
        "version": group.version,
    }


def _lines(found: Sequence[GroupDetail], zone: ZoneInfo) -> list[str]:
    heads = [tr("Id"), tr("Start"), tr("End"), tr("Title"), tr("Artist"), tr("Service"), tr("Seats taken"), ""]
    rows = [
        [
            str(one.group.id),
            _at(one.group.starts_at.astimezone(zone)),
            f"{one.group.ends_at.astimezone(zone):%H:%M}",
            one.group.title,
            one.artist_name,
            one.service_name,
            f"{one.taken_peak}/{one.group.seats}",
            tr("cancelled") if one.group.is_cancelled else "",
        ]
        for one in found
    ]
    return columns(heads, rows)


def _seated_data(seated: SeatedBooking, zone: ZoneInfo) -> dict[str, object]:
    booking = seated.booking
    return {
        "id": booking.id,
        "client": seated.client_name,
        "start": instant(booking.starts_at.astimezone(zone)),
        "end": instant(booking.ends_at.astimezone(zone)),
        "seats": seated.seats,
        "status": booking.status.value,
    }


def _seated_lines(seated: Sequence[SeatedBooking], zone: ZoneInfo) -> list[str]:
    if not seated:
        return []
    heads = [tr("Id"), tr("Start"), tr("End"), tr("Client"), tr("Seats"), tr("Status")]
    rows = [
        [
            str(one.booking.id),
            _at(one.booking.starts_at.astimezone(zone)),
            f"{one.booking.ends_at.astimezone(zone):%H:%M}",
            one.client_name,
            str(one.seats),
            short_words(one.booking.status),
        ]
        for one in seated
    ]
    return ["", *columns(heads, rows)]


def _at(local: datetime) -> str:
    return short(local.isoformat())
