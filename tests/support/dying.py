"""A program that is cut off in the middle of what it does, within the process of the test.

``support.killed`` ends a whole process and is the truth; this is for thousands of deaths in one story. Unlike there
``finally`` clauses still run.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import requests

from inkdesk.infrastructure.db.unit import SqlUnitOfWork


class Killed(BaseException):
    """The process is gone: nobody may catch this but who plays the operating system."""


@contextmanager
def dying_after(steps: int) -> Iterator[None]:
    """Cut whatever runs off after so many commits and calls that reached Stripe."""
    left = iter(range(steps - 1))
    commit, send = SqlUnitOfWork.commit, requests.Session.send

    def step() -> None:
        if next(left, None) is None:
            raise Killed

    def committing(self: SqlUnitOfWork) -> None:
        commit(self)
        step()

    def sending(self: requests.Session, request: requests.PreparedRequest, **how: Any) -> requests.Response:  # noqa: ANN401
        answer = send(self, request, **how)
        if request.method == "POST":
            step()
        return answer

    with pytest.MonkeyPatch.context() as patch, suppress(Killed):
        patch.setattr(SqlUnitOfWork, "commit", committing)
        patch.setattr(requests.Session, "send", sending)
        yield
