"""Money's first promise: nothing is called at Stripe inside a unit of work; a slow answer would lock the book."""

import threading
from typing import Any

import pytest
import requests

from inkdesk.infrastructure.db.unit import SqlUnitOfWork


class CalledInsideAUnit(BaseException):
    """A call at Stripe while this thread had a unit of work open; nothing of the program may catch it."""


def forbid_calls_inside(patch: pytest.MonkeyPatch) -> None:
    """Let every call to a server fail that is made by a thread with an open unit of work, reading ones included."""
    open_here = threading.local()
    enter, leave, send = SqlUnitOfWork.__enter__, SqlUnitOfWork.__exit__, requests.Session.send

    def entering(self: SqlUnitOfWork) -> SqlUnitOfWork:
        unit = enter(self)
        open_here.count = getattr(open_here, "count", 0) + 1
        return unit

    def leaving(self: SqlUnitOfWork, *error: Any) -> None:  # noqa: ANN401 - as contexts are left
        open_here.count -= 1
        leave(self, *error)

    def sending(self: requests.Session, request: requests.PreparedRequest, **how: Any) -> requests.Response:  # noqa: ANN401
        if getattr(open_here, "count", 0):
            raise CalledInsideAUnit(f"{request.method} {request.path_url}")
        return send(self, request, **how)

    patch.setattr(SqlUnitOfWork, "__enter__", entering)
    patch.setattr(SqlUnitOfWork, "__exit__", leaving)
    patch.setattr(requests.Session, "send", sending)
