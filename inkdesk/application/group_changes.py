"""Planning a group sitting and changing it, within one unit of work: its host, its time, its seats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from inkdesk.application.availability_service import judge_in
from inkdesk.application.group_commands import ChangeGroup
from inkdesk.application.move_service import moved_words
from inkdesk.application.ports import Claim, UnitOfWork
from inkdesk.application.seating import cancelled, has_begun, lock_group, move_parties
from inkdesk.domain.artists import Artist
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.capacity import Party, assign, loads_of, peak
from inkdesk.domain.catalogue import Service
from inkdesk.domain.errors import SlotTaken, SlotUnavailable, StaleRecord, ValidationError
from inkdesk.domain.groups import GroupSitting, check_group
from inkdesk.domain.message import Message, message
from inkdesk.domain.sitting import Sitting, occupied_by_artist
from inkdesk.domain.slot_rules import NO_LIMITS
from inkdesk.domain.spans import Span, to_instant, to_seconds, to_seconds_up


def take_host(uow: UnitOfWork, group: GroupSitting, now: datetime, old: Span | None = None) -> None:
    """Make the group keep its host for its time; ``old`` is what it kept so far, and that is never judged again.

    The host must work then and be free; a group is the studio's own plan, so notice, horizon and the host's limits
    do not bind it. Raises SlotTaken or SlotUnavailable with the cause, ValidationError if the host may not do it.
    """
    host, service = uow.artists.get(group.artist_id), uow.catalogue.service(group.service_id)
    kept = kept_of_host(group, service, host)
    if old is not None:
        uow.groups.let_host_go(group.id)
    if old is None or not (old.start_s <= kept.start_s and kept.end_s <= old.end_s):
        _judge_host(uow, group, host, service, now, is_under_way=old is not None)
    uow.groups.keep_host(group.id, host.resource_id, kept)


def kept_of_host(group: GroupSitting, service: Service, host: Artist) -> Span:
    """What the host is kept for: preparation, the group's time, clean-up and the host's pause."""
    return occupied_by_artist(group.span.start_s, group.host_sitting(service.sitting), host.pause_s)


def change_in(uow: UnitOfWork, command: ChangeGroup, now: datetime) -> tuple[GroupSitting, frozenset[int]]:
    """Change a group; the answer is what it became, and the bookings that moved with it."""
    old = fresh_group(lock_group(uow, command.group_id), command.version)
    new = replace(
        old,
        title=command.title.strip(),
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        seats=command.seats,
        note=command.note.strip(),
    )
    check_group(new)
    change = _Change(old, new, uow.groups.parties([old.id])[old.id], now, uow.studio.get().zone_info)
    change.check()
    if new.span != old.span:
        service = uow.catalogue.service(old.service_id)
        take_host(uow, new, now, kept_of_host(old, service, uow.artists.get(old.artist_id)))
    kept = change.kept_units()
    stored = uow.groups.save(replace(new, unit_ids=kept))
    move_parties(uow, change.parties, change.seated(kept), change.by_s)
    return stored, _move_bookings(uow, change) if change.by_s else frozenset()


def fresh_group(group: GroupSitting, version: int) -> GroupSitting:
    """The group as the form saw it; StaleRecord if it was changed since, ValidationError if it is cancelled."""
    if group.version != version:
        raise StaleRecord(
            message("{group} was changed meanwhile. Look at it again, then repeat your change.", group=group.title)
        )
    if group.is_cancelled:
        raise ValidationError(cancelled(group))
    return group


@dataclass(frozen=True, slots=True)
class _Change:
    """From an old to a new group, and who has seats."""

    old: GroupSitting
    new: GroupSitting
    parties: Sequence[Party]
    now: datetime
    zone: ZoneInfo

    @property
    def by_s(self) -> int:
        """How much later everybody sits: a group that lasts as long as before is moved, any other is stretched."""
        (start, end), (new_start, new_end) = self.old.span, self.new.span
        return new_start - start if new_end - new_start == end - start else 0

    def check(self) -> None:
        """ValidationError if the change cannot be made whoever is free."""
        begun = self.old.span.start_s <= to_seconds(self.now)
        if begun and self.new.span.start_s != self.old.span.start_s:
            raise ValidationError(
                message("{group} has begun, so its start stays.", group=self.old.title), field="starts_at"
            )
        start, end = self.new.span
        outside = sum(one.span.start_s < start or one.span.end_s > end for one in self.parties)
        if outside and not self.by_s:
            raise ValidationError(self._left_outside(outside), field="ends_at")
        most = peak(loads_of(self.parties))
        if self.new.seats < most:
            raise ValidationError(
                message("{taken} seats are taken at the same time. Keep at least {taken}.", taken=most), field="seats"
            )

    def _left_outside(self, count: int) -> Message:
        """Why those who have seats do not go along: it is no move, or one onto a night in which the clock changes."""
        if not self._is_as_long_by_the_clock():
            return message(
                "{count} bookings lie outside the new times. Cancel them first, or choose other times.", count=count
            )
        was, would = (f"{(end - start) / 3600:g}" for start, end in (self.old.span, self.new.span))
        return message(
            "The clock changes in that night, so {group} would last {would} hours instead of {was}, and its {count} "
            "bookings cannot move with it. Choose an end {was} hours after the start, or another day.",
            group=self.old.title,
            would=would,
            was=was,
            count=count,
        )

    def _is_as_long_by_the_clock(self) -> bool:
        old, new = (
            [at.astimezone(self.zone).replace(tzinfo=None) for at in (one.starts_at, one.ends_at)]
            for one in (self.old, self.new)
        )
        return new[1] - new[0] == old[1] - old[0]

    def kept_units(self) -> tuple[int, ...]:
        """The units that stay when there are fewer seats: above all those on which somebody sits, and longest."""
        by_end = sorted(self._begun, key=lambda one: one.span.end_s)
        until = {unit: one.span.end_s for one in by_end for unit in one.units}
        longest = sorted(self.old.unit_ids, key=lambda unit: (-until.get(unit, 0), unit))
        return tuple(sorted(longest[: self.new.seats]))

    def seated(self, kept: Sequence[int]) -> Mapping[int, tuple[int, ...]]:
        """Where everybody sits afterwards; who has begun stays."""
        stay = {one.key: one.units for one in self.parties}
        if len(kept) == len(self.old.unit_ids):
            return stay
        others = [one for one in self.parties if one not in self._begun]
        seated = assign(kept, others, self._begun)
        if seated is None:
            raise AssertionError("the peak was checked, and who has begun began first")
        return {**stay, **seated}

    @property
    def _begun(self) -> list[Party]:
        return [one for one in self.parties if has_begun(one, self.now)]


def _judge_host(
    uow: UnitOfWork, group: GroupSitting, host: Artist, service: Service, now: datetime, *, is_under_way: bool
) -> None:
    studio = replace(
        uow.studio.get(), minimum_notice_s=0, horizon_days=None, first_date=None, last_date=None, open_days=None
    )
    sitting = group.host_sitting(service.sitting)
    starts_at = group.starts_at
    now_s = to_seconds_up(now)
    if is_under_way and group.span.start_s < now_s:  # what is over needs nobody any more
        starts_at = to_instant(min(now_s, group.span.end_s - 1))
        sitting = Sitting(0, group.span.end_s - to_seconds(starts_at), sitting.clean_up_s)
    bare = replace(service, sitting=sitting, is_active=True, station_kind="", processing=None)
    artist = replace(host, limits=NO_LIMITS)
    judged = judge_in(uow, studio, [artist], bare, starts_at, now)
    if judged.is_free:
        return
    sentence = judged.sentence or message("The host is not free at that time. Choose another time.")
    raise SlotTaken(sentence) if judged.is_taken else SlotUnavailable(sentence)


_STAYS = frozenset({BookingStatus.CANCELLED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW})


def _move_bookings(uow: UnitOfWork, change: _Change) -> frozenset[int]:
    """Move every booking that can still take place, with what it claims; a lapsed one may be paid late."""
    by = timedelta(seconds=change.by_s)
    keeping = {one.key for one in change.parties}
    moved = [one for one in uow.groups.bookings(change.old.id) if one.status not in _STAYS]
    for booking in moved:
        starts_at = booking.starts_at + by
        uow.bookings.save(replace(booking, starts_at=starts_at))
        uow.bookings.note_history(booking.id, moved_words(booking.starts_at, starts_at), "")
        if booking.id not in keeping:
            claims = [
                Claim(one.resource_id, Span(one.span.start_s + change.by_s, one.span.end_s + change.by_s))
                for one in uow.bookings.claims_of(booking.id)
            ]
            uow.bookings.claim(booking.id, claims, blocks=False)
    return frozenset(one.id for one in moved)
