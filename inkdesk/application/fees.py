"""Fees that Stripe did not tell with the payment: its balance transaction is made a little later at times."""

import logging

from inkdesk.application.changes import Changes
from inkdesk.application.payment_gateway import GatewayBroken, GatewayOf, GatewayRefused, PaymentGateway
from inkdesk.application.ports import ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.retries import Retries, Step
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

    def fill(self, limit: int, retries: Retries, now_s: int) -> tuple[Changes, Retries]:
        """Fill in fee and net where they are missing; one read each, at most ``limit``. ``now_s``: Stripe's time.

        Those that failed least often come first, then the latest. One that Stripe does not know or cannot tell waits
        by itself, as ``retries`` say; any other GatewayFailure ends it.
        """
        with self._read() as uow:
            missing = {one.id: one for one in uow.payments.without_fee()}
        changes, gateway = Changes(), self._gateway()
        retries = retries.only(Step.FEE, missing)
        due = [one for one in missing if not retries.must_wait(Step.FEE, one, now_s)]
        for one in sorted(due, key=lambda one: (retries.failures(Step.FEE, one), -one))[:limit]:
            charge = _told(gateway, missing[one])
            if charge is None:
                retries = retries.failed(Step.FEE, one, now_s)
            else:
                changes |= self._store(missing[one], charge)
                retries = retries.done(Step.FEE, one)
        return changes, retries

    def _store(self, payment: Payment, charge: ChargeFacts) -> Changes:
        def work(uow: UnitOfWork) -> Changes:
            stored = uow.payments.get(payment.id)
            known = with_charge(stored, charge)
            if known == stored:
                return Changes()
            uow.payments.save(known)
            return Changes(bookings=frozenset({stored.booking_id}), payments=frozenset({stored.id}))

        return afresh(self._write, work)


def _told(gateway: PaymentGateway, payment: Payment) -> ChargeFacts | None:
    """The charge with its fee; None if Stripe does not tell it (yet)."""
    try:
        charge = gateway.charge(payment.charge_id, payment.account)
    except (GatewayRefused, GatewayBroken) as failure:
        _log.info("fee of payment %s: %s", payment.id, type(failure).__name__)
        return None
    return charge if charge.fee is not None else None
