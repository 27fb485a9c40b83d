"""A booking in the hand: it is carried by keys or by the pointer, and put down, or left where it was. No Qt.

Mouse and keys end in the same ``Change`` and ask the same ``Proposal``; until that has been read the ghost has no
verdict, and putting it down asks the book alone.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from inkdesk.application.calendar import BookingCard
from inkdesk.application.proposed import Change, Proposed, Proposes
from inkdesk.application.text import formats, render, tr
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.ui.calendar.board import STEP_MIN, Cursor
from inkdesk.ui.calendar.presenter import CalendarPresenter
from inkdesk.ui.calendar.wallclock import WallPiece, day_slots, wall_pieces

SHORTEST_S = STEP_MIN * 60


@dataclass(frozen=True, slots=True)
class Ghost:
    """Where a booking would be: its ``cursor`` is a lane and a start, ``sitting_s`` its length in seconds."""

    card: BookingCard
    cursor: Cursor
    sitting_s: int


class Carrying:
    """At most one booking in the hand; the presenter is the calendar's."""

    def __init__(self, presenter: CalendarPresenter) -> None:
        self._presenter = presenter
        self._proposal: Proposes | None = None
        self.ghost: Ghost | None = None

    def begin(self, card: BookingCard) -> bool:
        """Take a booking into the hand where it stands; False if it is not shown by itself."""
        place = self._presenter.board.places.get(card.booking_id)
        lane = self._presenter.cursor.lane if self._presenter.cursor else -1
        own = self._presenter.board.start_in(lane, card.booking_id, self._presenter.data.zone) if lane >= 0 else None
        start = own or place
        if start is None:
            return False
        sitting_s = int((card.ends_at - card.starts_at).total_seconds())
        self.ghost, self._proposal = Ghost(card, start, sitting_s), None
        return True

    def know(self, proposal: Proposes) -> None:
        """Judge from now on by what was read for the booking in the hand; what was read for another is dropped."""
        if self.ghost is not None and self.ghost.card.booking_id == proposal.booking_id:
            self._proposal = proposal

    def leave(self) -> None:
        """Put it back where it was."""
        self.ghost = self._proposal = None

    # Carrying

    def step_slots(self, slots: int) -> None:
        """Carry it down by ``slots``, up if negative, within its day."""
        if self.ghost:
            lane = self._presenter.board.lanes[self.ghost.cursor.lane]
            run = day_slots(lane.day, self._presenter.data.zone, STEP_MIN)
            at = run.index(self.ghost.cursor.slot) if self.ghost.cursor.slot in run else 0
            slot = run[min(max(at + slots, 0), len(run) - 1)]
            self.to(Cursor(self.ghost.cursor.lane, slot))

    def step_lanes(self, lanes: int) -> None:
        """Carry it sideways to another artist or day, as far as the view reaches."""
        if self.ghost:
            lane = self.ghost.cursor.lane + lanes
            slot = self.ghost.cursor.slot
            found = self._presenter.slot(lane, slot.minute, float(slot.fold))
            if found:
                self.to(found)

    def to(self, cursor: Cursor) -> None:
        """Carry it there."""
        if self.ghost:
            self.ghost = replace(self.ghost, cursor=cursor)

    def stretch(self, steps: int) -> None:
        """Make it longer by so many slots, shorter if negative, but never shorter than one."""
        if self.ghost:
            self.last(self.ghost.sitting_s + steps * STEP_MIN * 60)

    def last(self, seconds: int) -> None:
        """Let it last so long."""
        if self.ghost:
            self.ghost = replace(self.ghost, sitting_s=max(SHORTEST_S, seconds))

    # What it comes to

    def change(self) -> Change | None:
        """What putting it down would do; None if nothing is in the hand."""
        if self.ghost is None:
            return None
        lane = self._presenter.board.lanes[self.ghost.cursor.lane]
        card, first = self.ghost.card, self.ghost.card.artist_id
        artist_id = first if lane.artist_id in card.with_artist_ids and self._is_at_home() else lane.artist_id
        return Change(artist_id, self.ghost.cursor.slot.starts_at, self.ghost.sitting_s)

    def is_changed(self) -> bool:
        """Whether it would be anywhere else, or of another length, than it is."""
        change = self.change()
        if change is None or self.ghost is None:
            return False
        card = self.ghost.card
        stands = Change(card.artist_id, card.starts_at, int((card.ends_at - card.starts_at).total_seconds()))
        return (change.artist_id, to_seconds(change.starts_at), change.sitting_s) != (
            stands.artist_id,
            to_seconds(stands.starts_at),
            stands.sitting_s,
        )

    def proposed(self) -> Proposed | None:
        """The verdict; None while it is not known."""
        change = self.change()
        return self._proposal.propose(change) if change and self._proposal else None

    def pieces(self) -> list[WallPiece]:
        """The clock minutes of its lane that it would cover."""
        if self.ghost is None:
            return []
        start_s = to_seconds(self.ghost.cursor.slot.starts_at)
        day = self._presenter.board.lanes[self.ghost.cursor.lane].day
        return wall_pieces(Span(start_s, start_s + self.ghost.sitting_s), day, self._presenter.data.zone)

    def words(self) -> str:
        """When and with whom it would be, and what stands in the way."""
        change = self.change()
        if change is None or self.ghost is None:
            return ""
        verdict = self.proposed()
        times = tr(
            "{start} – {end}",
            start=formats().time(change.starts_at),
            end=formats().time(change.starts_at + timedelta(seconds=change.sitting_s)),
        )
        where = tr("{times} with {artist}", times=times, artist=self._presenter.artist_name(change.artist_id))
        refusal = render(verdict.sentence) if verdict and verdict.sentence else ""
        return " · ".join(filter(None, (where, refusal)))

    def _is_at_home(self) -> bool:
        """Whether the ghost is in the lane of one who works along, on the day it stands on: there it was picked up."""
        ghost = self.ghost
        return (
            ghost is not None
            and self._presenter.day_of(ghost.card.starts_at) == self._presenter.board.lanes[ghost.cursor.lane].day
        )
