"""Who else wants what a booking wants: the ground on which its slot is given, read within one unit of work.

Only unpaid holds ever make way for money. What is *firm* never does: a confirmed booking, a hold whose money a bank is
moving or whose money the desk must judge, a blocked time, a group sitting's host.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from inkdesk.application.claims import alike
from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.errors import SlotTaken
from inkdesk.domain.message import Message
from inkdesk.domain.payments import KEPT, PaymentStatus
from inkdesk.domain.reconciling import collide
from inkdesk.domain.seats import Seat, Taken, are_seated_in_turn, seated, seats_of, with_taken
from inkdesk.domain.spans import Span


class Contested(SlotTaken):
    """Unpaid holds are in the way whose links were not ended for it yet: end them, and try again with them."""

    def __init__(self, sentence: Message, booking_ids: Collection[int]) -> None:
        super().__init__(sentence)
        self.booking_ids = frozenset(booking_ids)


@dataclass(frozen=True, slots=True)
class Placed:
    """The units a booking gets, by the seats it wants, and the holds that must make way for it."""

    units: tuple[int, ...]
    leaving: frozenset[int]


@dataclass(frozen=True, slots=True)
class Contention:
    """A booking that wants ``seats``, and the unpaid ``holds`` that want some of the same at the same time.

    ``firm`` is what none of them can have. The holds in ``blocking`` keep theirs against everybody else.
    """

    seats: tuple[Seat, ...]
    holds: Mapping[int, tuple[Seat, ...]]
    blocking: frozenset[int]
    firm: Taken

    @property
    def is_lost(self) -> bool:
        """Whether the booking cannot be had, whoever makes way."""
        return seated(self.seats, self.firm) is None

    @property
    def rivals(self) -> frozenset[int]:
        """Holds that cannot be kept beside the booking."""
        return frozenset(one for one, its in self.holds.items() if seated([*self.seats, *its], self.firm) is None)

    @property
    def competitors(self) -> frozenset[int]:
        """Holds that each could be kept beside it, but not all of them together: who pays first matters to all."""
        others = {one: its for one, its in self.holds.items() if one not in self.rivals}
        return frozenset() if are_seated_in_turn([self.seats, *others.values()], self.firm) else frozenset(others)

    def place(self, ended: Collection[int]) -> Placed | None:
        """Where the booking sits, and who must leave for it: as few as possible; None if it is lost.

        Holds stay in the order of their ids, but before those whose links were ``ended`` for it.
        """
        if self.is_lost:
            return None
        taken, leaving = self.firm, set(self.blocking)
        for one in sorted(self.blocking, key=lambda one: (one in ended, one)):
            fuller = with_taken(taken, _kept(self.holds[one]))
            if seated(self.seats, fuller) is not None:
                taken = fuller
                leaving.discard(one)
        units = seated(self.seats, taken)
        return None if units is None else Placed(units, frozenset(leaving))

    def left_out(self, units: Sequence[int]) -> frozenset[int]:
        """Holds that find no seat any more once the booking has these units."""
        spans = [seat.spans for seat in self.seats]
        taken = with_taken(self.firm, zip(units, spans, strict=True))
        return frozenset(one for one, its in self.holds.items() if seated(its, taken) is None)


def contention(uow: UnitOfWork, booking_id: int) -> Contention:
    """The ground around a booking that stands alone; seats of a group sitting are given by ``seating``."""
    others = alike(uow)
    claims = uow.bookings.claims_by_booking({booking_id, *(one.id for one in uow.bookings.holds())})
    seats = seats_of(claims.pop(booking_id), others)
    wanted = {one: seats_of(claims[one], others) for one in sorted(claims)}
    near = [one for one, its in wanted.items() if collide(_would_do(seats), _would_do(its))]
    holds = {one: wanted[one] for one in near if _is_unpaid(uow, one)}
    units, within = _ground([seats, *holds.values()])
    there = uow.bookings.blocking_bookings(units, within) if holds else ()
    return Contention(
        seats,
        holds,
        frozenset(one.id for one in there if one.id in holds),
        uow.bookings.busy(units, within, without={booking_id, *holds}),
    )


def _is_unpaid(uow: UnitOfWork, booking_id: int) -> bool:
    """Whether no money is in or on its way."""
    firm = KEPT | {PaymentStatus.PROCESSING}
    return not any(one.status in firm for one in uow.payments.of_booking(booking_id))


def _would_do(seats: Sequence[Seat]) -> list[tuple[int, Span]]:
    return [(unit, span) for seat in seats for unit in seat.units for span in seat.spans]


def _kept(seats: Sequence[Seat]) -> list[tuple[int, tuple[Span, ...]]]:
    return [(seat.units[0], seat.spans) for seat in seats]


def _ground(wanted: Sequence[Sequence[Seat]]) -> tuple[list[int], Span]:
    """All units that would do for any of them, and the time they want them in."""
    pairs = [pair for seats in wanted for pair in _would_do(seats)]
    spans = [span for _, span in pairs]
    within = Span(min((one.start_s for one in spans), default=0), max((one.end_s for one in spans), default=0))
    return sorted({unit for unit, _ in pairs}), within
