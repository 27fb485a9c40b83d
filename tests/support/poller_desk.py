"""Desks that share a database and elect who asks Stripe."""

from collections.abc import Callable

from sqlalchemy import text

from inkdesk.application.payment_service import PaymentService
from inkdesk.application.poller_service import PollerService
from inkdesk.application.ports import WriteUnit
from inkdesk.application.reconcile_service import ReconcileService
from inkdesk.domain.errors import StripeNotConfigured
from inkdesk.domain.message import message
from inkdesk.infrastructure.db.database import Database
from support.payment_desk import PaymentDesk


def pass_database_time(database: Database, seconds: int) -> None:
    """Let so much time pass by the database's clock for the lease: what it was last told is so much older."""
    step = f"{seconds}" if database.kind == "sqlite" else f"interval '{seconds} seconds'"
    with database._engine.begin() as connection:
        connection.execute(text(f"UPDATE poller SET beat_at = beat_at - {step}"))


def a_poller(
    desk: PaymentDesk,
    name: str,
    *,
    has_key: Callable[[], bool] = lambda: True,
    meanwhile: Callable[[], None] = lambda: None,
) -> PollerService:
    """One desk's poller; ``meanwhile`` happens between two payments of its looks."""
    database, clock = desk.database, desk.clock

    def make(write: WriteUnit, pulse: Callable[[], None]) -> ReconcileService:
        def both() -> None:
            meanwhile()
            pulse()

        payments = PaymentService(write, database.read, lambda: desk.gateway, clock, desk.server.success_url)
        return ReconcileService(payments, write, database.read, clock, pulse=both)

    def check() -> None:
        if not has_key():
            raise StripeNotConfigured(message("There is no key."))

    return PollerService(
        database.read,
        database.write,
        name,
        desk=desk.reconcile,
        make=make,
        check_ready=check,
        monotonic=desk.monotonic,
    )
