"""Fees that Stripe did not tell with the payment: its balance transaction is made a little later at times."""

import logging

from inkdesk.application.changes import Changes
from inkdesk.application.payment_gateway import GatewayBroken, GatewayOf, GatewayRefused
from inkdesk.application.ports import ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.units import afresh
from inkdesk.domain.payments import Payment
from inkdesk.domain.reconciling import ChargeFacts, with_charge

_log = logging.getLogger(__name__)


class Fees:
    """Asks for them again. No call is made inside a unit of work."""

    def __init__(self, write: WriteUnit, read: ReadUnit, gateway: GatewayOf) -> None:
        self._write = write
        self._read = read
        self._gateway = gateway

    def fill(self, limit: int) -> Changes:
        """Fill in fee and net where they are missing, the latest payments first; one read each, at most ``limit``.

        One that Stripe does not know or cannot tell is passed over; any other GatewayFailure ends it.
        """
        with self._read() as uow:
            waiting = uow.payments.without_fee()
        changes, gateway = Changes(), self._gateway()
        for payment in waiting[::-1][:limit]:
            try:
                charge = gateway.charge(payment.charge_id, payment.account)
            except (GatewayRefused, GatewayBroken) as failure:
                _log.info("fee of payment %s: %s", payment.id, type(failure).__name__)
                continue
            if charge.fee is not None:
                changes |= self._store(payment, charge)
        return changes

    def _store(self, payment: Payment, charge: ChargeFacts) -> Changes:
        def work(uow: UnitOfWork) -> Changes:
            stored = uow.payments.get(payment.id)
            known = with_charge(stored, charge)
            if known == stored:
                return Changes()
            uow.payments.save(known)
            return Changes(bookings=frozenset({stored.booking_id}), payments=frozenset({stored.id}))

        return afresh(self._write, work)
