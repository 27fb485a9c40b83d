"""Free starts and the finder's offers, for programs and for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from inkdesk.application.availability_service import FreeSlot
from inkdesk.application.finder_service import FindCommand, Found, FoundOffer
from inkdesk.application.services import Services
from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import render, tr
from inkdesk.cli.inputs import ANY, one_named, read_clock, read_date, read_start, read_weekdays
from inkdesk.cli.output import Answer, columns, instant
from inkdesk.cli.views import short
from inkdesk.domain.availability import Cause
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.finder import OfferKind, SlotKey, Wish
from inkdesk.domain.hours import MINUTES_A_DAY, WallSpan
from inkdesk.domain.message import message
from inkdesk.domain.spans import to_instant, to_seconds

_RULES: Mapping[str, Cause] = {"notice": Cause.TOO_SOON, "horizon": Cause.TOO_FAR}
"""The rules that may be looked beyond, as they are typed and told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoTyped:
    """Service, length, artists and style as they were typed."""

    service: str
    artist: str
    also: Sequence[str]
    style: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhenTyped:
    """Time of day and weekdays as they were typed; empty for any."""

    after: str
    before: str
    weekdays: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindTyped:
    """A question to the finder as it was typed."""

    who: WhoTyped
    when: WhenTyped
    earliest: str
    near: str
    prefer: str
    override: str
    declined: Sequence[str]


def slots(services: Services, who: WhoTyped, when: WhenTyped, first: str, last: str) -> Answer:
    """List free starts between two dates, both included."""
    settings = services.studio.settings(services.clock.now().date())
    start, end = read_date(first, "from"), read_date(last, "to")
    command = _command(settings, who, _wish(when))
    found = services.availability.slots(
        command.artist_id,
        command.service_id,
        start,
        end,
        with_artist_ids=command.with_artist_ids,
        sitting_s=command.sitting_s,
        style=command.style,
    )
    fitting = [one for one in found if command.wish.is_met_at(one.starts_at)]
    stations = stations_of(settings)
    heads = [tr("Artist"), tr("Start"), tr("End")]
    lines = columns(heads, map(slot_cells, fitting)) if fitting else [_nothing_free()]
    return Answer([slot_data(one, stations) for one in fitting], lines)


def find(services: Services, typed: FindTyped) -> Answer:
    """Tell the three offers, with the tokens that decline them."""
    settings = services.studio.settings(services.clock.now().date())
    active = [one for one in settings.artists if one.is_active]
    near = to_seconds(read_start(typed.near, settings.studio.zone_info, "near")) if typed.near else None
    prefer = one_named(typed.prefer, active, "prefer").id if typed.prefer else None
    command = replace(
        _command(settings, typed.who, _wish(typed.when, near_s=near, preferred_artist_id=prefer)),
        earliest=read_date(typed.earliest, "from") if typed.earliest else None,
        overrides=frozenset(map(_rule, _words([typed.override]))),
    )
    declined = [_key(token) for token in _words(typed.declined)]
    return _answer(services.finder.find_next(command, declined), declined, stations_of(settings))


def _command(settings: StudioSettings, who: WhoTyped, wish: Wish) -> FindCommand:
    artists = [one for one in settings.artists if one.is_active]
    services = [one for one in settings.services if one.is_active]
    is_any = who.artist.strip().casefold() == ANY
    return FindCommand(
        artist_id=None if is_any else one_named(who.artist, artists, "artist").id,
        service_id=one_named(who.service, services, "service").id,
        with_artist_ids=tuple(one_named(name, artists, "with").id for name in who.also),
        sitting_s=who.minutes * 60 if who.minutes else None,
        style=who.style,
        wish=wish,
    )


def _wish(when: WhenTyped, *, near_s: int | None = None, preferred_artist_id: int | None = None) -> Wish:
    return Wish(
        window=_window(when.after, when.before),
        weekdays=read_weekdays(when.weekdays, "weekdays"),
        near_s=near_s,
        preferred_artist_id=preferred_artist_id,
    )


def _window(after: str, before: str) -> WallSpan | None:
    """From one time of day to the other, over midnight if need be; without the one or the other, to midnight."""
    if not after and not before:
        return None
    start = read_clock(after, "after") % MINUTES_A_DAY if after else 0
    end = read_clock(before, "before") if before else MINUTES_A_DAY
    return WallSpan(start, end if end > start else end + MINUTES_A_DAY)


def _words(typed: Sequence[str]) -> list[str]:
    """Words parted by commas."""
    return [word for text in typed for one in text.split(",") if (word := one.strip())]


def _rule(word: str) -> Cause:
    if word not in _RULES:
        raise ValidationError(
            message("{typed} is no rule to look beyond. Write notice, horizon or both.", typed=word), field="override"
        )
    return _RULES[word]


def _token(key: SlotKey) -> str:
    """A start (UTC) and its artists as one word."""
    return f"{to_instant(key.start_s):%Y-%m-%dT%H:%M:%SZ}@{'+'.join(map(str, key.artist_ids))}"


def _key(token: str) -> SlotKey:
    start, _, ids = token.partition("@")
    try:
        return SlotKey(
            to_seconds(datetime.strptime(start, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)),
            tuple(int(one) for one in ids.split("+")),
        )
    except ValueError:
        raise ValidationError(
            message("{typed} is no token of an offer. Copy it as it was printed.", typed=token), field="declined"
        ) from None


def stations_of(settings: StudioSettings) -> dict[int, str]:
    """Names of the stations by unit."""
    return {unit: station.name for station in settings.stations for unit in station.unit_ids}


def slot_data(slot: FreeSlot, stations: Mapping[int, str]) -> dict[str, object]:
    """One free start for programs; ``stations`` are names by unit."""
    return {
        "artist": slot.artist_name,
        "artists": [{"id": one, "name": name} for one, name in zip(slot.artist_ids, slot.artist_names, strict=True)],
        "stations": [{"unit": unit, "name": stations.get(unit, "")} for unit in slot.station_ids],
        "start": instant(slot.starts_at),
        "end": instant(slot.ends_at),
    }


def slot_cells(slot: FreeSlot) -> list[str]:
    """One free start as the cells of a line."""
    return [", ".join(slot.artist_names), short(slot.starts_at.isoformat()), f"{slot.ends_at:%H:%M}"]


def _answer(found: Found, declined: Sequence[SlotKey], stations: Mapping[int, str]) -> Answer:
    next_declined = [_token(key) for key in (*declined, *(one.key for one in found.offers))]
    data = {
        "offers": [_offer(one, stations) for one in found.offers],
        "declined": next_declined,
        "searched_until": found.searched_until.isoformat(),
        "is_exhausted": found.is_exhausted,
        "message": render(found.sentence) if found.sentence else None,
    }
    if found.sentence is not None:
        return Answer(data, [render(found.sentence)])
    heads = ["", tr("Artist"), tr("Start"), tr("End"), tr("Why")]
    rows = [[str(n), *slot_cells(one.slot), _why(one)] for n, one in enumerate(found.offers, start=1)]
    more = tr("None of these? Ask again with --declined {tokens}", tokens=",".join(next_declined))
    return Answer(data, [*columns(heads, rows), tr("That is all that fits.") if found.is_exhausted else more])


def _offer(offer: FoundOffer, stations: Mapping[int, str]) -> dict[str, object]:
    names = {cause: rule for rule, cause in _RULES.items()}
    return {
        "token": _token(offer.key),
        "kind": offer.kind.value,
        **slot_data(offer.slot, stations),
        "overrode": [names[cause] for cause in offer.overrode],
    }


def _why(offer: FoundOffer) -> str:
    whys = {
        OfferKind.EARLIEST: tr("the earliest"),
        OfferKind.NEAREST: tr("the nearest to the asked time"),
        OfferKind.OTHER: tr("another artist or day"),
    }
    rules = {
        Cause.TOO_SOON: tr("sooner than the minimum notice"),
        Cause.TOO_FAR: tr("further than the studio books"),
    }
    return "; ".join([whys[offer.kind], *(rules[cause] for cause in offer.overrode)])


def _nothing_free() -> str:
    return tr("Nothing is free. Try other dates or another artist.")
