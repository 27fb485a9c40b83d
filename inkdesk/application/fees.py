"""Fees that Stripe did not tell with the payment: its balance transaction is made a little later at times."""

import logging

from inkdesk.application.changes import Changes, of_payment
from inkdesk.application.payment_gateway import GatewayBroken, GatewayRefused, PaymentGateway
from inkdesk.application.ports import ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.settlement import Settled
from inkdesk.application.units import afresh
from inkdesk.domain.payments import Payment
from inkdesk.domain.reconciling import ChargeFacts, with_charge

_log = logging.getLogger(__name__)


class Fees:
    """Asks for them again. No call is made inside a unit of work."""

    def __init__(self, write: WriteUnit, read: ReadUnit, gateway: PaymentGateway) -> None:
        self._write = write
        self._read = read
        self._gateway = gateway

    def missing(self) -> list[int]:
        """Payments whose fee and net are not known yet, the latest first."""
        with self._read() as uow:
            return [one.id for one in uow.payments.without_fee()][::-1]

    def fill(self, payment_id: int) -> Settled | None:
        """Fill in fee and net of one; one read. None if Stripe does not know the charge or cannot tell (yet).

        Raises any other GatewayFailure, and StaleRecord if another desk was in the way twice.
        """
        with self._read() as uow:
            payment = uow.payments.get(payment_id)
        charge = _told(self._gateway, payment)
        return None if charge is None else Settled(self._store(payment_id, charge))

    def _store(self, payment_id: int, charge: ChargeFacts) -> Changes:
        def work(uow: UnitOfWork) -> Changes:
            stored = uow.payments.get(payment_id)
            known = with_charge(stored, charge)
            return Changes() if known == stored else of_payment(uow.payments.save(known))

        return afresh(self._write, work)


def _told(gateway: PaymentGateway, payment: Payment) -> ChargeFacts | None:
    """The charge with its fee; None if Stripe does not tell it (yet)."""
    try:
        charge = gateway.charge(payment.charge_id, payment.account)
    except (GatewayRefused, GatewayBroken) as failure:
        _log.info("fee of payment %s: %s", payment.id, type(failure).__name__)
        return None
    return charge if charge.fee is not None else None
