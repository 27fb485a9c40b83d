"""From fetched truth to the book, when several may have paid for one slot.

Who paid first is told by Stripe's charges, never by when a desk noticed. So before money confirms a booking, every
other link that could pay for the same slot or booking is ended at Stripe and read once more: what is unpaid then
can only have been paid later, and who paid is served in the order of the charges. Worker and desk go this one way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from inkdesk.application.links import LinkService
from inkdesk.application.payment_gateway import GatewayMissing, GatewayRefused, PaymentGateway
from inkdesk.application.ports import Claim, ReadUnit, UnitOfWork
from inkdesk.application.settlement import Settled, Settlement
from inkdesk.domain.bookings import SETTLED
from inkdesk.domain.payments import ASKING, Payment
from inkdesk.domain.reconciling import Finding, SessionFacts, by_charge, collide, forgotten, read_session
from inkdesk.domain.studio import Mode


@dataclass(frozen=True, slots=True)
class Cleared:
    """What ending the links for one slot wrote, and the bookings whose holds may be moved aside for who pays now."""

    settled: Settled = field(default_factory=Settled)
    rivals: frozenset[int] = frozenset()


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

    def clear(self, booking_id: int) -> Cleared:
        """End every link that could pay for a booking or its slot, before money by hand takes it."""
        this_round = _Round()
        self._gather(this_round, booking_id)
        self._write(this_round, lapse=False)
        return Cleared(this_round.settled, frozenset(this_round.rivals))

    def _one(self, payment_id: int, *, is_ending: bool) -> Settled:
        if payment_id in self._done:
            return Settled()
        payment, changes = self._links.sent(payment_id)
        if payment is None:
            return Settled(changes)
        if is_ending and payment.status not in ASKING:
            return Settled(changes)
        facts = self._look(payment)
        if payment.status in ASKING and (is_ending or self._links.is_over(payment, facts)):
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
        return payment.status in ASKING and finding is Finding.PAID

    def _gather(self, this_round: _Round, booking_id: int) -> None:
        """End and read every link that could pay for this booking's slot, and for the slots of who has paid."""
        queue = [booking_id]
        while queue:
            in_the_way, links = self._rivals(queue.pop())
            this_round.rivals |= in_the_way
            queue += [link.booking_id for link in links if self._end(this_round, link)]

    def _end(self, this_round: _Round, rival: Payment) -> bool:
        """End one link; whether it newly turned out to be paid. One unknown to Stripe must not stop who paid."""
        if rival.id in this_round.truth:
            return False
        try:
            payment, changes = self._links.sent(rival.id)
            this_round.settled |= Settled(changes)
            if payment is None:
                return False
            facts = self._links.end_at_stripe(self._gateway, payment, self._look(payment))
        except GatewayRefused as refusal:
            this_round.settled |= self._settlement.refused(rival.id, refusal)
            return False
        this_round.truth[payment.id] = (payment, facts)
        return self._is_new_money(payment, facts)

    def _rivals(self, booking_id: int) -> tuple[set[int], list[Payment]]:
        """Holds in the way of a booking, and every link that could pay for it or for one of them."""
        with self._read() as uow:
            asking = [one for one in uow.payments.unfinished() if one.status in ASKING]
            claims = uow.bookings.claims_of(booking_id)
            # Seats of a group are alike: who pays for one takes none from another, so nobody's link is ended for it.
            if uow.bookings.get(booking_id).group_id is not None or _is_lost(uow, booking_id, claims):
                return set(), [one for one in asking if one.booking_id == booking_id]
            others = uow.bookings.claims_by_booking({hold.id for hold in uow.bookings.holds()} - {booking_id})
            in_the_way = {hold_id for hold_id, theirs in others.items() if collide(claims, theirs)}
            return in_the_way, [one for one in asking if one.booking_id in {booking_id, *in_the_way}]

    def _write(self, this_round: _Round, *, lapse: bool) -> None:
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
        self._done |= this_round.truth.keys()


def _is_lost(uow: UnitOfWork, booking_id: int, claims: Sequence[Claim]) -> bool:
    """Whether a booking that stands for good has the slot: then no rival needs to make way."""
    there = (one for claim in claims for one in uow.bookings.blocking_bookings([claim.resource_id], claim.span))
    return any(other.id != booking_id and other.status in SETTLED for other in there)
