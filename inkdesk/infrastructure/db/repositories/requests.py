"""Answers to user actions that were already done."""

from sqlalchemy import select

from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.session import Session


class SqlRequestRepository:
    """Request key to result: a retry after a lost acknowledgement finds what it did."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def result_of(self, request_key: str) -> str | None:
        """What the action with this key answered, None if it was never done."""
        mine = (t.request.c.studio_id == self._session.studio_id) & (t.request.c.request_key == request_key)
        found: str | None = self._session.connection.execute(
            select(t.request.c.result).where(mine)
        ).scalar_one_or_none()
        return found

    def note(self, request_key: str, result: str) -> bool:
        """Remember the answer; False if the key was used already."""
        values = {"request_key": request_key, "result": result, "at": self._session.now()}
        return self._session.insert_once(t.request, values)
