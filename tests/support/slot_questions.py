"""Questions about free slots in words of a clock, and whole lists as one line."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from inkdesk.domain.availability import ArtistTime, SlotRequest, StationPool, free_slots
from inkdesk.domain.hours import ArtistHours, WallSpan
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.slot_rules import NO_LIMITS, Limits, SlotRules
from inkdesk.domain.spans import Span, to_instant, to_seconds

H = 3600
PARIS = ZoneInfo("Europe/Paris")
HOUR = Sitting(0, H, 0)
HALF_HOURLY = SlotRules(step_s=1800)
MONDAY = date(2026, 6, 1)


def at(text: str, zone: ZoneInfo = PARIS, *, fold: int = 0) -> int:
    """POSIX seconds of what a clock shows, in June 2026 if only day and time are given ("01.10:30")."""
    whole = text if "T" in text else f"2026-06-{text.replace('.', 'T')}"
    return to_seconds(datetime.fromisoformat(whole).replace(tzinfo=zone, fold=fold))


def span(text: str, zone: ZoneInfo = PARIS) -> Span:
    """ "01.10:00 01.11:30" as real time."""
    start, end = text.split()
    return Span(at(start, zone), at(end, zone))


def walls(text: str) -> tuple[WallSpan, ...]:
    """Hours as the desk says them: "10:00-14:00 22:00-06:00"; an end before its start is on the next day."""
    found = []
    for one in text.split():
        start, end = (60 * int(hour) + int(minute) for hour, minute in (edge.split(":") for edge in one.split("-")))
        found.append(WallSpan(start, end if end > start else end + 1440))
    return tuple(found)


def artist(
    hours: str | Mapping[date, str] = "",
    *busy: str,
    artist_id: int = 1,
    zone: ZoneInfo = PARIS,
    leave: Sequence[str] = (),
    stay: tuple[date | None, date | None] = (None, None),
    pause_s: int = 0,
    limits: Limits = NO_LIMITS,
    sittings: Sequence[Span] = (),
) -> ArtistTime:
    """An artist who works these hours on the Monday, or on the dates given."""
    by_date = {MONDAY: hours} if isinstance(hours, str) else hours
    return ArtistTime(
        hours=ArtistHours(
            artist_id=artist_id,
            zone=zone,
            overrides={day: walls(text) for day, text in by_date.items()},
            leave=tuple(span(one, zone) for one in leave),
            stays_from=stay[0],
            stays_until=stay[1],
            pause_s=pause_s,
        ),
        busy=[span(one, zone) for one in busy],
        limits=limits,
        sittings=sittings,
    )


def request(
    sitting: Sitting = HOUR,
    rules: SlotRules = HALF_HOURLY,
    *pools: StationPool,
    now_s: int = 0,
    zone: ZoneInfo = PARIS,
) -> SlotRequest:
    """What is sought."""
    return SlotRequest(sitting=sitting, zone=zone, now_s=now_s, pools=pools, rules=rules)


JUNE = Span(at("2026-05-25T00:00"), at("2026-06-22T00:00"))


def starts(
    artists: ArtistTime | Sequence[ArtistTime],
    asked: SlotRequest | None = None,
    within: Span = JUNE,
) -> str:
    """Day and time of every free start, as the first artist's clock shows them: "01.10:00 01.10:30"."""
    several = [artists] if isinstance(artists, ArtistTime) else artists
    found = free_slots(several, asked or request(), within)
    return " ".join(shown(slot.start_s, several[0].hours.zone) for slot in found)


def shown(instant_s: int, zone: ZoneInfo = PARIS) -> str:
    """Day and time on a zone's clock, seconds only if there are any."""
    local = to_instant(instant_s).astimezone(zone)
    return f"{local:%d.%H:%M:%S}" if local.second else f"{local:%d.%H:%M}"


def with_offset(instant_s: int, zone: ZoneInfo) -> str:
    """Time on a zone's clock and its hours from UTC: "02:30+1"."""
    local = to_instant(instant_s).astimezone(zone)
    return f"{local:%H:%M}{(local.utcoffset() or timedelta()) / timedelta(hours=1):+g}"
