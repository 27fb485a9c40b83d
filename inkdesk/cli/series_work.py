"""What the commands of a series, and of a move, do with an opened studio; pure of terminals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inkdesk.application.booking_commands import DepositChoice, MoveCommand, NewClient
from inkdesk.application.series_commands import (
    BookSeriesCommand,
    CancelSeriesCommand,
    MoveSeriesCommand,
    PlannedDate,
    PlanSeries,
    ProposeSittings,
)
from inkdesk.application.series_plan import does_not_exist
from inkdesk.application.services import Services
from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import ntr, render, tr
from inkdesk.cli.finding import WhoTyped, slot_cells, slot_data, stations_of
from inkdesk.cli.inputs import ANY, one_named, read_date, read_start
from inkdesk.cli.output import Answer, columns, instant
from inkdesk.cli.views import booking_data, booking_row, short
from inkdesk.cli.work import active_artists, active_services, held_lines, link_of, names_of, settings_of
from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.errors import SlotUnavailable, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.series import Repeat, RepeatUnit, Scope, SeriesKind, series_starts


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTyped:
    """How a series repeats, as it was typed; ``every`` None: it does not repeat by a rule."""

    every: int | None
    unit: RepeatUnit
    count: int | None
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesWish:
    """A series as it was typed."""

    who: WhoTyped
    starts: Sequence[str]
    rule: RuleTyped
    client_name: str
    client_phone: str
    client_email: str
    deposit: DepositChoice
    note: str
    override: str
    request_key: str


def plan(services: Services, who: WhoTyped, start: str, rule: RuleTyped) -> Answer:
    """Tell of every date whether it is free."""
    settings = settings_of(services)
    planned = services.series.plan(
        PlanSeries(
            artist_id=_artist(settings, who.artist),
            with_artist_ids=_also(settings, who),
            service_id=_service(settings, who),
            sitting_s=_sitting_s(who),
            first=read_start(start, settings.studio.zone_info),
            repeat=_repeat(rule),
        )
    )
    rows = [[short(one.wall.isoformat()), *_verdict(one)] for one in planned]
    return Answer(
        [_planned(one, stations_of(settings)) for one in planned],
        columns([tr("Date"), tr("Verdict"), tr("Instead")], rows),
    )


def propose(services: Services, who: WhoTyped, count: int, gap_days: int, earliest: str) -> Answer:
    """Tell free starts for the sittings of a project."""
    settings = settings_of(services)
    is_any = who.artist.strip().casefold() == ANY
    today = services.clock.now().astimezone(settings.studio.zone_info).date()
    found = services.series.propose(
        ProposeSittings(
            artist_id=None if is_any else _artist(settings, who.artist),
            with_artist_ids=_also(settings, who),
            service_id=_service(settings, who),
            sitting_s=_sitting_s(who),
            count=count,
            gap_days=gap_days,
            from_date=read_date(earliest, "from") if earliest else today,
            style=who.style,
        )
    )
    lines = columns([tr("Artist"), tr("Start"), tr("End")], map(slot_cells, found)) if found else []
    if len(found) < count:
        lines.append(tr("The year ahead has no room for more. Try another artist, or a shorter time to heal."))
    return Answer([slot_data(one, stations_of(settings)) for one in found], lines)


def book(services: Services, wish: SeriesWish) -> Answer:
    """Book all sittings or none, and make the link if the deposit is taken by one."""
    settings = settings_of(services)
    starts, kind, rule = _starts(settings, wish)
    booked = services.series.book(
        BookSeriesCommand(
            request_key=wish.request_key,
            kind=kind,
            rule=rule,
            artist_id=_artist(settings, wish.who.artist),
            with_artist_ids=_also(settings, wish.who),
            service_id=_service(settings, wish.who),
            sitting_s=_sitting_s(wish.who),
            starts=starts,
            client=NewClient(name=wish.client_name, phone=wish.client_phone, email=wish.client_email),
            choice=wish.deposit,
            note=wish.note,
            override_reason=wish.override,
        )
    )
    link, failure = link_of(services, booked.payment_id)
    sittings, lines = _bookings(services, settings, [one.id for one in booked.bookings])
    data = {"series": booked.series_id, "bookings": sittings, "link": link, "request_key": wish.request_key}
    if link is not None:
        lines += [tr("The client pays here:"), link]
    return Answer(data, lines, failure)


def move_one(services: Services, booking_id: int, start: str, artist: str, override: str) -> Answer:
    """Move one booking to another start, and to another artist if one is named."""
    settings = settings_of(services)
    services.moves.move(
        MoveCommand(
            booking_id=booking_id,
            version=services.queries.booking(booking_id).card.version,
            starts_at=read_start(start, settings.studio.zone_info),
            artist_id=_artist(settings, artist) if artist else None,
            override_reason=override,
        )
    )
    (data,), lines = _bookings(services, settings, [booking_id])
    return Answer(data, lines)


def move(services: Services, booking_id: int, start: str, scope: Scope, override: str) -> Answer:
    """Move a booking and its series with it."""
    settings = settings_of(services)
    changes = services.series.move(
        MoveSeriesCommand(
            booking_id=booking_id,
            version=services.queries.booking(booking_id).card.version,
            starts_at=read_start(start, settings.studio.zone_info),
            scope=scope,
            override_reason=override,
        )
    )
    line = ntr("One sitting moved.", "{n} sittings moved.", len(changes.bookings))
    return _changed(services, settings, changes.bookings, [line])


def cancel(services: Services, booking_id: int, scope: Scope, fate: DepositFate, reason: str) -> Answer:
    """Cancel a booking and its series with it."""
    settings = settings_of(services)
    changes = services.series.cancel(
        CancelSeriesCommand(
            booking_id=booking_id,
            version=services.queries.booking(booking_id).card.version,
            scope=scope,
            fate=fate,
            reason=reason,
        )
    )
    line = ntr("One sitting is cancelled.", "{n} sittings are cancelled.", len(changes.bookings))
    told = [line, *held_lines(services, changes.bookings)]
    return _changed(services, settings, changes.bookings, told)


def _artist(settings: StudioSettings, typed: str) -> int:
    return one_named(typed, active_artists(settings), "artist").id


def _also(settings: StudioSettings, who: WhoTyped) -> tuple[int, ...]:
    return tuple(one_named(name, active_artists(settings), "with").id for name in who.also)


def _service(settings: StudioSettings, who: WhoTyped) -> int:
    return one_named(who.service, active_services(settings), "service").id


def _sitting_s(who: WhoTyped) -> int | None:
    return who.minutes * 60 if who.minutes else None


def _repeat(rule: RuleTyped) -> Repeat:
    until = read_date(rule.until, "until") if rule.until else None
    return Repeat(every=1 if rule.every is None else rule.every, unit=rule.unit, count=rule.count, until=until)


def _starts(settings: StudioSettings, wish: SeriesWish) -> tuple[tuple[datetime, ...], SeriesKind, str]:
    """The starts with their kind and rule: of a rule with one start, or as many as were typed for a project."""
    zone = settings.studio.zone_info
    typed = [read_start(one, zone) for one in wish.starts]
    if wish.rule.every is None:
        return tuple(typed), SeriesKind.PROJECT, f"COUNT={len(typed)}"
    if len(typed) != 1:
        raise ValidationError(message("A series that repeats has one first start. Give --start once."), field="start")
    repeat = _repeat(wish.rule)
    dates = series_starts(typed[0], repeat, zone)
    missing = next((one.wall for one in dates if one.starts_at is None), None)
    if missing is not None:
        raise SlotUnavailable(does_not_exist(missing))
    return tuple(one.starts_at for one in dates if one.starts_at is not None), SeriesKind.REPEAT, repeat.rule


def _changed(services: Services, settings: StudioSettings, booking_ids: Iterable[int], told: Sequence[str]) -> Answer:
    data, lines = _bookings(services, settings, booking_ids)
    return Answer(data, [*told, *lines])


def _bookings(
    services: Services, settings: StudioSettings, booking_ids: Iterable[int]
) -> tuple[list[dict[str, object]], list[str]]:
    """Bookings for programs and for people, by start."""
    names, zone = names_of(settings), settings.studio.zone_info
    cards = sorted(
        (services.queries.booking(one).card for one in booking_ids), key=lambda card: (card.starts_at, card.booking_id)
    )
    heads = [tr("Id"), tr("Start"), tr("Artist"), tr("Client"), tr("Service"), tr("Status"), tr("Paid")]
    lines = columns(heads, [booking_row(card, names, zone) for card in cards])
    return [booking_data(card, names, zone) for card in cards], lines


def _planned(planned: PlannedDate, stations: Mapping[int, str]) -> dict[str, object]:
    return {
        "date": planned.wall.isoformat(timespec="minutes"),
        "start": instant(planned.starts_at) if planned.starts_at else None,
        "is_free": planned.is_free,
        "can_override": planned.can_override,
        "reason": render(planned.sentence) if planned.sentence else None,
        "alternatives": [slot_data(one, stations) for one in planned.alternatives],
    }


def _verdict(planned: PlannedDate) -> list[str]:
    instead = ", ".join(short(one.starts_at.isoformat()) for one in planned.alternatives)
    return [render(planned.sentence) if planned.sentence else tr("free"), instead]
