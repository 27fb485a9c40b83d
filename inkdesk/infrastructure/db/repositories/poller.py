"""Who asks Stripe for every desk of the database. Times are the database's, so that wrong clocks elect nobody twice."""

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select, type_coerce

from inkdesk.application.payment_ports import Lease
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.session import Session
from inkdesk.infrastructure.db.types import Seconds

_P = t.poller.c
_BEAT_S = type_coerce(_P.beat_at, Seconds)


class SqlPollerRepository:
    """One row per studio. Nothing here counts as a change of the book: no page shows it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def look(self, holder: str) -> Lease:
        """Who holds it, as ``holder`` sees it; changes nothing."""
        rows = self._session.rows(select(t.poller).where(_P.studio_id == self._session.studio_id))
        return _to_lease(rows[0], holder) if rows else Lease()

    def take(self, holder: str, lease_s: int) -> Lease:
        """Keep the lease, or take it if nobody has it or its holder was silent for ``lease_s``.

        The answer says whose it is now.
        """
        now = self._now()
        mine, is_silent = _P.holder == holder, or_(_P.holder == "", self._age() >= lease_s)
        values = {"studio_id": self._session.studio_id, "epoch": 1, "holder": holder, "beat_at": now, "trouble": ""}
        made = self._session.upsert(t.poller).values(**values)
        statement = made.on_conflict_do_update(
            index_elements=["studio_id"],
            set_={"epoch": case((mine, _P.epoch), else_=_P.epoch + 1), "holder": holder, "beat_at": now},
            where=or_(mine, is_silent),
        )
        self._session.connection.execute(statement)
        return self.look(holder)

    def is_current(self, epoch: int, holder: str) -> bool:
        """Whether ``holder`` still has the lease of ``epoch``; on PostgreSQL nobody can take it before the commit."""
        query = select(_P.epoch).where(_P.studio_id == self._session.studio_id, _P.epoch == epoch, _P.holder == holder)
        return bool(self._session.rows(query.with_for_update(read=True)))

    def note(self, epoch: int, holder: str, trouble: str) -> bool:
        """Tell every desk how the last look went ("" = well, else a sentence as JSON); False if another took over."""
        now, is_well = self._now(), trouble == ""
        since: ColumnElement[Any] = func.coalesce(_P.trouble_since, now)
        went = {"last_ok_at": now, "trouble_since": None} if is_well else {"trouble_since": since}
        mine = and_(_P.studio_id == self._session.studio_id, _P.epoch == epoch, _P.holder == holder)
        statement = t.poller.update().where(mine).values(trouble=trouble, beat_at=now, **went)
        return self._session.connection.execute(statement).rowcount == 1

    def release(self, holder: str) -> None:
        """Let it go, if ``holder`` has it: another desk takes it at once."""
        mine = (_P.studio_id == self._session.studio_id) & (_P.holder == holder)
        self._session.connection.execute(t.poller.update().where(mine).values(holder="", epoch=_P.epoch + 1))

    def _now(self) -> ColumnElement[Any]:
        is_sqlite = self._session.connection.dialect.name == "sqlite"
        return func.unixepoch() if is_sqlite else func.date_trunc("second", func.clock_timestamp())

    def _age(self) -> ColumnElement[Any]:
        if self._session.connection.dialect.name == "sqlite":
            return func.unixepoch() - _BEAT_S
        return func.extract("epoch", func.clock_timestamp() - _P.beat_at)


def _to_lease(row: Row[Any], holder: str) -> Lease:
    return Lease(
        epoch=row.epoch,
        holder=row.holder,
        is_mine=row.holder == holder,
        last_ok_at=row.last_ok_at,
        trouble_since=row.trouble_since,
        trouble=row.trouble,
    )
