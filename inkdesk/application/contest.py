"""From fetched truth to the book, when several may have paid for one slot.

Who paid first is told by Stripe's charges, never by when a desk noticed. So before money confirms a booking, every
other link that could pay for the same slot or booking is ended at Stripe and read once more: what is unpaid then
can only have been paid later, and who paid is served in the order of the charges.
"""

from collections.abc import Iterable

from inkdesk.application.links import LinkService
from inkdesk.application.payment_gateway import PaymentGateway
from inkdesk.application.ports import ReadUnit, UnitOfWork
from inkdesk.application.settlement import Settled, Settlement
from inkdesk.domain.availability import occupied_by_artist, occupied_on_station
from inkdesk.domain.bookings import SETTLED, Booking
from inkdesk.domain.payments import ASKING, Payment, PaymentStatus
from inkdesk.domain.reconciling import Finding, SessionFacts, by_charge, collide, read_session
from inkdesk.domain.spans import to_seconds
from inkdesk.domain.studio import Mode

_Truth = dict[int, tuple[Payment, SessionFacts]]


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
        if payment_id in self._done:
            return Settled()
        with self._read() as uow:
            payment = uow.payments.get(payment_id)
        facts = self._gateway.session(payment.session_id, payment.account)
        if payment.status in ASKING and self._links.is_over(payment, facts):
            facts = self._links.end_at_stripe(self._gateway, payment, facts)
        truth: _Truth = {payment.id: (payment, facts)}
        settled = self._add_rivals(truth, payment) if self._is_new_money(payment, facts) else Settled()
        settled |= self._write(truth)
        self._done |= truth.keys()
        return settled

    def _is_new_money(self, payment: Payment, facts: SessionFacts) -> bool:
        finding = read_session(payment, facts, is_live=self._is_live)
        return payment.status in ASKING and finding is Finding.PAID

    def _add_rivals(self, truth: _Truth, first: Payment) -> Settled:
        settled = Settled()
        queue = [first]
        while queue:
            for rival in self._rivals(queue.pop()):
                if rival.id in truth:
                    continue
                if rival.status is PaymentStatus.CREATING:
                    settled |= self._links.close(rival.id)
                    continue
                facts = self._links.end_at_stripe(self._gateway, rival)
                truth[rival.id] = (rival, facts)
                if self._is_new_money(rival, facts):
                    queue.append(rival)
        return settled

    def _rivals(self, payment: Payment) -> list[Payment]:
        with self._read() as uow:
            booking = uow.bookings.get(payment.booking_id)
            asking = [one for one in uow.payments.unfinished() if one.status in ASKING and one.id != payment.id]
            if _is_lost(uow, booking):
                return [one for one in asking if one.booking_id == booking.id]
            return [
                one
                for one in asking
                if one.booking_id == booking.id or collide(booking, uow.bookings.get(one.booking_id))
            ]

    def _write(self, truth: _Truth) -> Settled:
        settled = Settled()
        ordered = sorted(truth.values(), key=lambda one: by_charge(one[1]))
        first, facts = ordered[0]
        if self._is_new_money(first, facts):
            unpaid = [one for one in ordered if not one[1].is_paid]
            for payment, known in unpaid:
                settled |= self._settle(payment, known, lapse=False)
            settled |= self._make_way(first, (payment for payment, _ in ordered[1:]))
            ordered = [one for one in ordered if one[1].is_paid]
        for payment, known in ordered:
            settled |= self._settle(payment, known, lapse=True)
        return settled

    def _settle(self, payment: Payment, facts: SessionFacts, *, lapse: bool) -> Settled:
        return self._settlement.settle(payment.id, facts, is_live=self._is_live, lapse=lapse)

    def _make_way(self, first: Payment, others: Iterable[Payment]) -> Settled:
        settled = Settled()
        for booking_id in sorted({other.booking_id for other in others} - {first.booking_id}):
            settled |= self._settlement.stand_aside(booking_id)
        return settled


def _is_lost(uow: UnitOfWork, booking: Booking) -> bool:
    """Whether a booking that stands for good has the slot: then no rival needs to make way."""
    start = to_seconds(booking.starts_at)
    artist = uow.artists.get(booking.artist_id)
    there = uow.bookings.blocking_bookings(
        [artist.resource_id], occupied_by_artist(start, booking.sitting, booking.pause_s)
    )
    if booking.station_id is not None:
        there += uow.bookings.blocking_bookings([booking.station_id], occupied_on_station(start, booking.sitting))
    return any(other.id != booking.id and other.status in SETTLED for other in there)
