"""From fetched truth to the book, when several may have paid for one slot.

Who paid first is told by Stripe's charges, never by when a desk noticed. So before money confirms a booking, every
other link that could pay for the same slot or booking is ended at Stripe and read once more: what is unpaid then
can only have been paid later, and who paid is served in the order of the charges. Where units are alike and there is
room for some, links are only read: they may still be paid. Worker and desk go this one way.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TypeVar

from inkdesk.application.contention import Contested, contention
from inkdesk.application.links import LinkService
from inkdesk.application.payment_gateway import GatewayMissing, GatewayRefused, PaymentGateway
from inkdesk.application.ports import ReadUnit, UnitOfWork
from inkdesk.application.settlement import Settled, Settlement
from inkdesk.domain.payments import ASKING, COLLECTED, Payment
from inkdesk.domain.reconciling import Finding, SessionFacts, by_charge, forgotten, read_session
from inkdesk.domain.studio import Mode

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Cleared:
    """What ending the links for one slot wrote, and the bookings whose holds may be moved aside for who pays now."""

    settled: Settled = field(default_factory=Settled)
    rivals: frozenset[int] = frozenset()

    def __or__(self, other: "Cleared") -> "Cleared":
        """Both together."""
        return Cleared(self.settled | other.settled, self.rivals | other.rivals)


def with_room(clear: Callable[[Collection[int]], Cleared], take: Callable[[Cleared], Result]) -> Result:
    """Do ``take`` once ``clear`` has ended the links of who is in the way; those that came in between are ended, too.

    SlotTaken if the slot is not to be had, or a hold in the way could not be cleared.
    """
    cleared = clear(())
    while True:
        try:
            return take(cleared)
        except Contested as contested:
            cleared |= clear(contested.booking_ids)
            if not contested.booking_ids <= cleared.rivals:
                raise


@dataclass(frozen=True, slots=True)
class Rivals:
    """Who may pay for a booking's slot: ``links`` are ended for it, ``others`` only read; ``holds`` make way for it."""

    holds: frozenset[int]
    links: tuple[Payment, ...]
    others: tuple[Payment, ...] = ()


def rivals_of(uow: UnitOfWork, booking_id: int) -> Rivals:
    """Who may pay for a booking's slot, as the book knows it."""
    asking = [one for one in uow.payments.unfinished() if one.status in ASKING]
    mine = tuple(one for one in asking if one.booking_id == booking_id)
    # Seats of a group are alike: who pays for one takes none from another, so nobody's link is ended for it.
    if uow.bookings.get(booking_id).group_id is not None:
        return Rivals(frozenset(), mine)
    ground = contention(uow, booking_id)
    if ground.is_lost:  # then nobody needs to make way
        return Rivals(frozenset(), mine)
    return Rivals(
        ground.rivals,
        (*mine, *(one for one in asking if one.booking_id in ground.rivals)),
        tuple(one for one in asking if one.booking_id in ground.competitors),
    )


@dataclass(slots=True)
class _Round:
    """Payments with their truth, by id; bookings that were looked at; what was written on the way."""

    truth: dict[int, tuple[Payment, SessionFacts]] = field(default_factory=dict)
    rivals: set[int] = field(default_factory=set)
    settled: Settled = field(default_factory=Settled)


class Contest:
    """One pass over payments; each is fetched and written once per pass."""

    def __init__(self, links: LinkService, settlement: Settlement, read: ReadUnit, gateway: PaymentGateway) -> None:
        self._links = links
        self._settlement = settlement
        self._read = read
        self._gateway = gateway
        self._is_live = gateway.mode is Mode.LIVE
        self._done: set[int] = set()

    def handle(self, payment_id: int) -> Settled:
        """Fetch what Stripe says of a payment, end its link if its time is over, and write what follows."""
        return self._one(payment_id, is_ending=False)

    def close(self, payment_id: int) -> Settled:
        """End a link for good, whatever its hold's deadline; paid in the last moment, it is paid.

        A failure leaves everything as it was. The hold itself stays: the caller decides what becomes of the booking.
        """
        return self._one(payment_id, is_ending=True)

    def clear(self, booking_id: int, also: Collection[int] = ()) -> Cleared:
        """End every link that could pay for a booking or its slot, before money by hand takes it.

        So are the links of the holds ``also``, which turned out to be in the way, too.
        """
        this_round = _Round()
        self._gather(this_round, booking_id)
        self._end_holds(this_round, also)
        self._write(this_round, lapse=False)
        return Cleared(this_round.settled, frozenset(this_round.rivals))

    def _one(self, payment_id: int, *, is_ending: bool) -> Settled:
        if payment_id in self._done:
            return Settled()
        payment, changes = self._links.sent(payment_id, is_ending=is_ending)
        if payment is None:
            return Settled(changes)
        if is_ending and payment.status not in ASKING:
            return Settled(changes)
        facts = self._look(payment)
        if payment.status in ASKING and (is_ending or self._links.is_over(payment, facts.seen_at)):
            facts = self._links.end_at_stripe(self._gateway, payment, facts)
        this_round = _Round({payment.id: (payment, facts)}, {payment.booking_id}, Settled(changes))
        if self._is_new_money(payment, facts):
            self._gather(this_round, payment.booking_id)
        self._write(this_round, lapse=not is_ending)
        return this_round.settled

    def _look(self, payment: Payment) -> SessionFacts:
        try:
            return self._links.look(self._gateway, payment)
        except GatewayMissing as missing:
            mode = self._gateway.mode
            if payment.status not in ASKING or missing.seen_at is None:
                raise
            facts = forgotten(payment, missing.seen_at, mode)
            if facts is None:
                raise
            if mode is not Mode.PRACTICE:
                self._settlement.refused(payment.id, missing)
            return facts

    def _is_new_money(self, payment: Payment, facts: SessionFacts) -> bool:
        finding = read_session(payment, facts, is_live=self._is_live)
        return payment.status not in COLLECTED and finding is Finding.PAID

    def _gather(self, this_round: _Round, booking_id: int) -> None:
        """End and read every link that could pay for this booking's slot, and for the slots of who has paid."""
        queue = [booking_id]
        while queue:
            with self._read() as uow:
                rivals = rivals_of(uow, queue.pop())
            this_round.rivals |= rivals.holds
            queue += [link.booking_id for link in rivals.links if self._end(this_round, link)]
            queue += [link.booking_id for link in rivals.others if self._is_paid(this_round, link)]

    def _end_holds(self, this_round: _Round, booking_ids: Collection[int]) -> None:
        """End the links of unpaid holds that are in the way; who turns out to have paid is gathered for."""
        this_round.rivals.update(booking_ids)
        with self._read() as uow:
            links = [one for one in uow.payments.unfinished() if one.booking_id in booking_ids]
        for link in links:
            if link.status in ASKING and self._end(this_round, link):
                self._gather(this_round, link.booking_id)

    def _is_paid(self, this_round: _Round, other: Payment) -> bool:
        """Whether a link newly turned out to be paid; it is only read, for its client may still pay by it."""
        if other.id in this_round.truth or not other.session_id:
            return False
        try:
            facts = self._look(other)
        except GatewayRefused as refusal:
            this_round.settled |= self._settlement.refused(other.id, refusal)
            return False
        if not self._is_new_money(other, facts):
            return False
        this_round.truth[other.id] = (other, facts)
        return True

    def _end(self, this_round: _Round, rival: Payment) -> bool:
        """End one link; whether it newly turned out to be paid. One unknown to Stripe must not stop who paid."""
        if rival.id in this_round.truth:
            return False
        try:
            payment, changes = self._links.sent(rival.id, is_ending=True)
            this_round.settled |= Settled(changes)
            if payment is None:
                return False
            facts = self._links.end_at_stripe(self._gateway, payment, self._look(payment))
        except GatewayRefused as refusal:
            this_round.settled |= self._settlement.refused(rival.id, refusal)
            return False
        this_round.truth[payment.id] = (payment, facts)
        return self._is_new_money(payment, facts)

    def _write(self, this_round: _Round, *, lapse: bool) -> None:
        """Write what was found; if holds came in between that are in the way, end their links and write it again."""
        while True:
            try:
                self._write_in_order(this_round, lapse=lapse)
            except Contested as contested:
                self._end_holds(this_round, contested.booking_ids)
            else:
                break
        self._done |= this_round.truth.keys()

    def _write_in_order(self, this_round: _Round, *, lapse: bool) -> None:
        """First what brought nothing, then who paid, in the order of the charges."""
        ordered = sorted(this_round.truth.values(), key=lambda one: by_charge(one[1]))
        has_payer = bool(ordered) and self._is_new_money(*ordered[0])
        unpaid = [one for one in ordered if not one[1].is_paid]
        paid = [one for one in ordered if one[1].is_paid]
        for payment, facts in unpaid + paid:
            this_round.settled |= self._settlement.settle(
                payment.id,
                facts,
                is_live=self._is_live,
                lapse=lapse and not has_payer,
                rivals=this_round.rivals if facts.is_paid else (),
            )
