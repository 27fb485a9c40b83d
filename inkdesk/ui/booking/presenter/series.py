"""A series before it is booked: its dates with their verdicts, each to be kept, changed or left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from inkdesk.application.availability_service import FreeSlot
from inkdesk.application.background import Background
from inkdesk.application.booking_commands import DepositChoice, NewClient
from inkdesk.application.calendar import BookingDetail, ClientMatch
from inkdesk.application.changes import EVERYTHING, Changes
from inkdesk.application.series_commands import (
    BookedSeries,
    BookSeriesCommand,
    PlannedDate,
    PlanSeries,
    ProposeSittings,
)
from inkdesk.application.series_plan import does_not_exist
from inkdesk.application.services import Services
from inkdesk.application.studio_service import StudioSettings
from inkdesk.application.text import render, tr
from inkdesk.domain.errors import ErrorCode, InkDeskError, SlotUnavailable, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.series import Repeat, SeriesKind, at_wall

SUGGESTED_WITHIN = timedelta(weeks=4)
"""How far ahead a first day is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesWish:
    """What the form asks for. ``artist_id`` None is whoever is free first, for a project only.

    A repetition begins on ``first`` (a naive wall-clock time) and follows ``repeat``; a project has ``sittings``, the
    first on the date of ``first`` or later, ``gap_days`` apart. ``sitting_s`` None is the service's own length.
    """

    kind: SeriesKind
    artist_id: int | None
    service_id: int
    first: datetime
    repeat: Repeat
    sittings: int
    gap_days: int
    with_artist_ids: tuple[int, ...] = ()
    sitting_s: int | None = None

    @property
    def rule(self) -> str:
        """How the dates were found."""
        if self.kind is SeriesKind.REPEAT:
            return self.repeat.rule
        return f"COUNT={self.sittings};GAP-DAYS={self.gap_days}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesForm:
    """What else the form holds when the series is booked."""

    client: int | NewClient
    choice: DepositChoice
    note: str
    override_reason: str


class SeriesView(Protocol):
    """The dialog."""

    def show_catalogue(self, settings: StudioSettings, today: date) -> None:
        """Fill the choices."""
        ...

    def show_pattern(self, detail: BookingDetail, first: datetime) -> None:
        """Fill in what is repeated; ``first`` is the first new date, in the studio's zone."""
        ...

    def show_last_visit(self, artist_id: int | None, service_id: int) -> None:
        """Choose what the client had last."""
        ...

    def show_first_day(self, day: date) -> None:
        """Begin on this day, unless the desk chose one itself or has seen dates."""
        ...

    def show_planning(self, *, is_planning: bool) -> None:
        """Say that dates are looked for, or no more."""
        ...

    def show_dates(self, dates: Sequence[PlannedDate], remark: str) -> None:
        """Show the dates with their verdicts, and a remark about them ("" for none)."""
        ...

    def show_date(self, row: int, planned: PlannedDate) -> None:
        """Show another verdict for one date."""
        ...

    def show_error(self, error: InkDeskError) -> None:
        """Say what went wrong; everything typed stays."""
        ...

    def show_saving(self, *, is_saving: bool) -> None:
        """Keep still while it is being saved."""
        ...

    def show_link_trouble(self, sentence: str) -> None:
        """Say why no link can be made; "" if one can."""
        ...

    def close_with(self, booked: BookedSeries) -> None:
        """The series is stored."""
        ...


class SeriesPresenter:
    """Decides for one form. The latest plan counts; one that was given up is dropped when it arrives."""

    def __init__(
        self,
        view: SeriesView,
        services: Services,
        background: Background,
        *,
        request_key: str,
        pattern_id: int | None,
        announce: Callable[[Changes], None],
    ) -> None:
        self._view = view
        self._services = services
        self._background = background
        self._request_key = request_key
        self._pattern_id = pattern_id
        self._announce = announce
        self._settings: StudioSettings | None = None
        self._planned: SeriesWish | None = None
        self._artist_id = 0
        self._keeps_artist = self._keeps_service = pattern_id is not None
        self._asked = self._suggestions = self._links_asked = 0
        self.dates: list[PlannedDate] = []
        self.is_saving = False

    def begin(self) -> None:
        """Read what there is to choose from, what is repeated, and whether a link could be made."""
        self._background.read(self._read, self._show, self._view.show_error)
        self._ask_about_link(None)

    def keep_artist(self) -> None:
        """The desk chose the artist itself."""
        self._keeps_artist = True

    def keep_service(self) -> None:
        """The desk chose the service itself."""
        self._keeps_service = True

    def pick_client(self, match: ClientMatch, artist_id: int | None, service_id: int | None) -> None:
        """Artist and service follow the last visit where the desk chose none and they fit."""
        if self._settings is None:
            return
        services = {one.id: one for one in self._settings.services if one.is_active}
        artists = {one.id for one in self._settings.artists if one.is_active}
        last_artist = match.last_artist_id if match.last_artist_id in artists and not self._keeps_artist else artist_id
        last_service = match.last_service_id if not self._keeps_service else service_id
        for who, what in ((last_artist, last_service), (artist_id, last_service), (last_artist, service_id)):
            service = services.get(what or 0)
            if service is not None and (who is None or service.is_done_by(who)):
                self._view.show_last_visit(who, service.id)
                return

    def suggest_day(self, artist_id: int | None, service_id: int | None) -> None:
        """Look for the first free day after today; a series like a booking begins a while after that one."""
        if self._settings is None or self._pattern_id is not None or service_id is None:
            return
        self._suggestions += 1
        number, tomorrow = self._suggestions, self._today(self._settings) + timedelta(days=1)

        def look() -> list[FreeSlot]:
            return self._services.availability.slots(artist_id, service_id, tomorrow, tomorrow + SUGGESTED_WITHIN)

        def done(slots: list[FreeSlot]) -> None:
            if slots and number == self._suggestions:
                self._view.show_first_day(slots[0].starts_at.date())

        self._background.read(look, done, lambda _error: None)  # what does not go together is said with the dates

    def plan(self, wish: SeriesWish) -> None:
        """Look for the dates of a series; nothing is kept for anybody yet."""
        self._asked += 1
        number = self._asked
        self._view.show_planning(is_planning=True)

        def done(found: tuple[int, list[PlannedDate]]) -> None:
            if number == self._asked:
                if found[0] != self._artist_id:
                    self._ask_about_link(found[0])
                self._planned, (self._artist_id, self.dates) = wish, found
                self._view.show_planning(is_planning=False)
                self._view.show_dates(self.dates, _remark(wish, self.dates))

        def failed(error: InkDeskError) -> None:
            if number == self._asked:
                self._view.show_planning(is_planning=False)
                self._view.show_error(error)

        self._background.read(lambda: self._look(wish), done, failed)

    def is_planned(self, wish: SeriesWish) -> bool:
        """Whether the dates are those of this wish: a form that was changed since asks for others."""
        return wish == self._planned

    def give_up(self) -> None:
        """Stop waiting for the plan."""
        self._asked += 1
        self._view.show_planning(is_planning=False)

    def leave_out(self, row: int) -> None:
        """Drop one date."""
        del self.dates[row]
        self._view.show_dates(self.dates, "")

    def change(self, row: int, wall: datetime) -> None:
        """Put another time (a naive wall-clock time) in the place of one date, and judge it."""
        if self._settings is None or self._planned is None:
            return
        starts_at = at_wall(wall, self._settings.studio.zone_info)
        self._put(row, PlannedDate(wall=wall, starts_at=starts_at, sentence=message("Looking…")))
        number, wish, artist_id = self._asked, self._planned, self._artist_id

        def done(planned: PlannedDate) -> None:
            waits = row < len(self.dates) and self.dates[row].wall == wall
            if number == self._asked and waits:
                self._put(row, planned)

        self._background.read(lambda: self._judge(wish, artist_id, wall, starts_at), done, self._view.show_error)

    def can_override(self) -> bool:
        """Whether some dates break a rule of the house, so that a reason would be enough."""
        return any(one.can_override for one in self.dates)

    def book(self, typed: SeriesForm) -> None:
        """Book all dates or none."""
        if self.is_saving or self._planned is None:
            return
        try:
            command = self._command(self._planned, typed)
        except InkDeskError as error:
            self._view.show_error(error)
            return
        self._set_saving(is_saving=True)
        self._background.call(lambda: self._services.series.book(command), self._view.close_with, self._failed)

    def _command(self, wish: SeriesWish, typed: SeriesForm) -> BookSeriesCommand:
        missing = next((one for one in self.dates if one.starts_at is None), None)
        if missing is not None:
            raise SlotUnavailable(does_not_exist(missing.wall))
        return BookSeriesCommand(
            request_key=self._request_key,
            kind=wish.kind,
            rule=wish.rule,
            artist_id=self._artist_id,
            service_id=wish.service_id,
            starts=tuple(one.starts_at.astimezone(UTC) for one in self.dates if one.starts_at is not None),
            client=typed.client,
            with_artist_ids=wish.with_artist_ids,
            sitting_s=wish.sitting_s,
            choice=typed.choice,
            note=typed.note,
            override_reason=typed.override_reason,
        )

    def _read(self) -> tuple[StudioSettings, BookingDetail | None]:
        settings = self._services.studio.settings(self._services.clock.now().date())
        return settings, None if self._pattern_id is None else self._services.queries.booking(self._pattern_id)

    def _show(self, known: tuple[StudioSettings, BookingDetail | None]) -> None:
        self._settings, pattern = known
        zone = self._settings.studio.zone_info
        self._view.show_catalogue(self._settings, self._today(self._settings))
        if pattern is not None:
            self._view.show_pattern(pattern, pattern.card.starts_at.astimezone(zone))

    def _today(self, settings: StudioSettings) -> date:
        return self._services.clock.now().astimezone(settings.studio.zone_info).date()

    def _look(self, wish: SeriesWish) -> tuple[int, list[PlannedDate]]:
        """Whose dates, and which; it reads: in the background."""
        if wish.kind is SeriesKind.PROJECT:
            return self._propose(wish)
        if wish.artist_id is None:
            raise ValidationError(message("Choose the artist of the series."), field="artist_id")
        zone = self._services.studio.settings(wish.first.date()).studio.zone_info
        first = at_wall(wish.first, zone)
        if first is None:
            raise ValidationError(does_not_exist(wish.first), field="first")
        question = PlanSeries(
            artist_id=wish.artist_id,
            service_id=wish.service_id,
            first=first,
            repeat=wish.repeat,
            with_artist_ids=wish.with_artist_ids,
            sitting_s=wish.sitting_s,
        )
        return wish.artist_id, self._services.series.plan(question)

    def _propose(self, wish: SeriesWish) -> tuple[int, list[PlannedDate]]:
        slots = self._services.series.propose(
            ProposeSittings(
                artist_id=wish.artist_id,
                service_id=wish.service_id,
                count=wish.sittings,
                gap_days=wish.gap_days,
                from_date=wish.first.date(),
                with_artist_ids=wish.with_artist_ids,
                sitting_s=wish.sitting_s,
            )
        )
        dates = [PlannedDate(wall=one.starts_at.replace(tzinfo=None), starts_at=one.starts_at) for one in slots]
        return (slots[0].artist_id if slots else 0), dates

    def _judge(self, wish: SeriesWish, artist_id: int, wall: datetime, starts_at: datetime | None) -> PlannedDate:
        """One date; it reads: in the background."""
        found: list[FreeSlot] = []
        planned = PlannedDate(wall=wall, starts_at=starts_at, sentence=does_not_exist(wall))
        availability, others, sitting_s = self._services.availability, wish.with_artist_ids, wish.sitting_s
        if starts_at is not None:
            question = artist_id, wish.service_id, starts_at
            judged = availability.judge(*question, with_artist_ids=others, sitting_s=sitting_s)
            planned = replace(planned, sentence=judged.sentence, can_override=judged.can_override)
            if not judged.is_free:
                found = availability.alternatives(*question, with_artist_ids=others, sitting_s=sitting_s)
        return replace(planned, alternatives=tuple(found))

    def artist_name(self) -> str:
        """With whom the dates are, once they are planned."""
        artists = self._settings.artists if self._settings is not None else ()
        return next((one.name for one in artists if one.id == self._artist_id), "")

    def _ask_about_link(self, artist_id: int | None) -> None:
        """Whether a link could be made depends on the artist, who may be paid by an account of their own."""
        self._links_asked += 1
        number = self._links_asked

        def told(sentence: str) -> None:
            if number == self._links_asked:
                self._view.show_link_trouble(sentence)

        self._background.call(
            lambda: self._services.payments.check_ready(artist_id),
            lambda _ready: told(""),
            lambda error: told(render(error.message)),
        )

    def _put(self, row: int, planned: PlannedDate) -> None:
        self.dates[row] = planned
        self._view.show_date(row, planned)

    def _failed(self, error: InkDeskError) -> None:
        self._set_saving(is_saving=False)
        self._view.show_error(error)
        if error.code is not ErrorCode.VALIDATION:
            self._announce(EVERYTHING)
        if error.code in {ErrorCode.SLOT_TAKEN, ErrorCode.SLOT_UNAVAILABLE}:
            for row, one in enumerate(self.dates):
                self.change(row, one.wall)
        if error.code is ErrorCode.STRIPE_NOT_CONFIGURED:
            self._view.show_link_trouble(render(error.message))

    def _set_saving(self, *, is_saving: bool) -> None:
        self.is_saving = is_saving
        self._view.show_saving(is_saving=is_saving)


def _remark(wish: SeriesWish, dates: Sequence[PlannedDate]) -> str:
    if wish.kind is SeriesKind.PROJECT and len(dates) < wish.sittings:
        return tr("The year ahead has no room for more. Try another artist, or a shorter time to heal.")
    return ""


def verdict_words(planned: PlannedDate) -> str:
    """What is said about one date."""
    return tr("free") if planned.sentence is None else render(planned.sentence)
