"""One desk asks Stripe for all desks of a database: who it is, and how everybody learns what it found.

The lease is a row in the database, dated by the database's clock. Its holder renews it every few seconds; when it falls
silent another desk takes it. Each taking has a new epoch, and the poller's units of work are only begun in its own
one, so that a desk that was asleep writes nothing over what its successor knows.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Final, cast

from inkdesk.application.changes import EVERYTHING
from inkdesk.application.desk_tasks import scrubbed
from inkdesk.application.look_result import LookResult, Wish
from inkdesk.application.payment_ports import Lease
from inkdesk.application.ports import ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.reconcile_service import ReconcileService
from inkdesk.application.tally import PollerLost
from inkdesk.application.units import in_unit
from inkdesk.domain.errors import DatabaseUnreachable, InkDeskError
from inkdesk.domain.message import Message

LEASE_S: Final = 20
"""A holder that was silent for so long is gone."""
BEAT_S: Final = 7.0
"""So often it says that it is there, and others look whether it is: another takes over within 28 seconds."""
HUNG_S: Final = 300.0
"""A look may wait so long for one answer; Stripe's own time-outs are far shorter. Then it is taken for dead."""
STEP_BACK_S: Final = 60.0
"""A desk without a key, or with one that Stripe refuses, leaves the lease to others for so long."""
_log = logging.getLogger(__name__)

MakeReconciler = Callable[[WriteUnit, Callable[[], None]], ReconcileService]
"""Makes one that writes by these units of work and calls this between two payments or pages."""


class PollerService:
    """Looks for this desk: at Stripe if it has the lease, else at what the desk that has it found.

    ``holder`` names this run of the program; ``check_ready`` raises InkDeskError while there is no usable key, and then
    the lease is never taken. ``desk`` looks at single bookings, and when a person asks, without the lease.
    Used by one thread at a time; only ``renew`` is called beside it.
    """

    def __init__(
        self,
        read: ReadUnit,
        write: WriteUnit,
        holder: str,
        *,
        desk: ReconcileService,
        make: MakeReconciler,
        check_ready: Callable[[], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._write = write
        self._holder = holder
        self._desk = desk
        self._make = make
        self._check_ready = check_ready
        self._monotonic = monotonic
        self._epoch: int | None = None
        self._working: tuple[int, ReconcileService] | None = None
        self._beat_at = 0.0
        self._moved_at = 0.0
        self._away_until = monotonic()
        self._leaving = threading.Lock()

    def beat(self) -> bool:
        """Renew the lease, or take it if nobody has it; whether this desk has just become the poller.

        Raises DatabaseUnreachable.
        """
        before = self._epoch
        self._take()
        return self._epoch is not None and self._epoch != before

    def renew(self) -> None:
        """Renew the lease while a look waits for Stripe: one answer may take longer than the lease lasts.

        Called by a thread of its own. A desk that does not have the lease, or whose look has hung for ``HUNG_S``, says
        nothing. Raises DatabaseUnreachable.
        """
        now = self._monotonic()
        if now - self._beat_at < BEAT_S or now - self._moved_at > HUNG_S:
            return
        with self._leaving:
            if self._epoch is not None:
                in_unit(self._write, lambda uow: uow.poller.take(self._holder, LEASE_S))

    def look(self, wish: Wish) -> LookResult:
        """See what there is to see, as this desk may. Raises DatabaseUnreachable."""
        if wish.is_asked:
            self._away_until = self._monotonic()
        lease = self._take()
        if self._epoch is None:
            return self._follow(wish, lease)
        try:
            return self._lead(wish, self._epoch)
        except PollerLost:
            _log.info("another desk asks Stripe now")
            self._epoch = None
            return replace(self._follow(replace(wish, is_asked=False), self._stand()), changes=EVERYTHING)

    def leave(self) -> None:
        """Let the lease go, so that another desk need not wait until it runs out."""
        with self._leaving:
            self._epoch = None
            in_unit(self._write, lambda uow: uow.poller.release(self._holder))

    def _take(self) -> Lease:
        if self._monotonic() < self._away_until or not self._is_ready():
            if self._epoch is not None:
                self.leave()
            return self._stand()
        lease = in_unit(self._write, lambda uow: uow.poller.take(self._holder, LEASE_S))
        self._epoch = lease.epoch if lease.is_mine else None
        self._beat_at = self._moved_at = self._monotonic()
        return lease

    def _is_ready(self) -> bool:
        try:
            self._check_ready()
        except DatabaseUnreachable:
            raise
        except InkDeskError as failure:
            _log.debug("this desk does not ask Stripe: %s", failure.code)
            self._away_until = self._monotonic() + STEP_BACK_S  # a keyring may ask a person at every try
            return False
        return True

    def _stand(self) -> Lease:
        with self._read() as uow:
            return uow.poller.look(self._holder)

    # With the lease

    def _lead(self, wish: Wish, epoch: int) -> LookResult:
        result = self._worker(epoch).look(sweep=wish.sweep, is_asked=wish.is_asked, is_watched=bool(wish.watched))
        if result.was_asked:
            self._note(epoch, result)
        if result.is_refused:
            self._away_until = self._monotonic() + STEP_BACK_S
            self.leave()
        return _with_lease(result, self._stand())

    def _worker(self, epoch: int) -> ReconcileService:
        """The same for as long as the epoch lasts: what it learned of key and accounts costs no read again."""
        if self._working is None or self._working[0] != epoch:
            self._working = epoch, self._make(self._fenced(epoch), lambda: self._pulse(epoch))
        return self._working[1]

    def _note(self, epoch: int, result: LookResult) -> None:
        trouble = _pack(result.banner) if result.is_trouble and result.banner else ""
        if not in_unit(self._write, lambda uow: uow.poller.note(epoch, self._holder, trouble)):
            raise PollerLost

    def _pulse(self, epoch: int) -> None:
        """A long look must not lose the lease by being long."""
        self._moved_at = self._monotonic()
        if self._moved_at - self._beat_at < BEAT_S:
            return
        lease = in_unit(self._write, lambda uow: uow.poller.take(self._holder, LEASE_S))
        self._beat_at = self._monotonic()
        if not lease.is_mine or lease.epoch != epoch:
            raise PollerLost

    def _fenced(self, epoch: int) -> WriteUnit:
        return cast("WriteUnit", lambda: _Fenced(self._write(), epoch, self._holder))

    # Without it

    def _follow(self, wish: Wish, lease: Lease) -> LookResult:
        """Another desk asks Stripe; this one looks at what somebody sits in front of, and when a person asks."""
        if wish.is_asked:
            result = self._desk.look(sweep=wish.sweep, is_asked=True, remembers=False)
        elif wish.watched or not lease.holder:
            result = self._desk.look_at(wish.watched)
        else:
            result = self._desk.stand()
        if lease.trouble and not result.is_trouble:
            result = replace(result, banner=_unpack(lease.trouble))
        return replace(_with_lease(result, lease), is_follower=bool(lease.holder))


class _Fenced:
    """A unit of work that begins only while its epoch lasts; nobody takes the lease before it ends."""

    def __init__(self, unit: UnitOfWork, epoch: int, holder: str) -> None:
        self._unit = unit
        self._epoch = epoch
        self._holder = holder

    def __enter__(self) -> UnitOfWork:
        with ExitStack() as stack:
            uow = stack.enter_context(self._unit)
            _check_current(uow, self._epoch, self._holder)
            self._stack = stack.pop_all()
        return uow

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)


def _check_current(uow: UnitOfWork, epoch: int, holder: str) -> None:
    if not uow.poller.is_current(epoch, holder):
        raise PollerLost


def _with_lease(result: LookResult, lease: Lease) -> LookResult:
    return replace(result, last_good_at=lease.last_ok_at, trouble_since=lease.trouble_since)


def _pack(sentence: Message) -> str:
    """A failure's sentence for the other desks; its values are numbers, and words without links and ids of Stripe's."""
    values = {name: value if isinstance(value, int) else scrubbed(str(value)) for name, value in sentence.values}
    return json.dumps({"template": sentence.template, "values": values})


def _unpack(text: str) -> Message:
    stored = json.loads(text)
    return Message(stored["template"], tuple(sorted(stored["values"].items())))
