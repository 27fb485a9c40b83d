"""Running one unit of work, again if the database only asks for patience."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from inkdesk.application.ports import UnitOfWork, WriteUnit
from inkdesk.domain.errors import StaleRecord

T = TypeVar("T")
ATTEMPTS = 3


class TransientConflict(Exception):
    """Two writers met (deadlock, serialisation, lock time-out). Nothing was saved; trying again is right."""


def in_unit(write: WriteUnit, work: Callable[[UnitOfWork], T]) -> T:
    """Do ``work`` in one unit of work and commit it; on a transient conflict start afresh, three times in all.

    ``work`` must touch nothing but its unit of work: it may run more than once.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with write() as uow:
                result = work(uow)
                uow.commit()
                return result
        except TransientConflict:
            if attempt == ATTEMPTS:
                raise
            time.sleep(random.uniform(0.005, 0.05) * attempt)  # noqa: S311, TID251 - jitter of milliseconds, not a secret
    raise AssertionError("unreachable")


def afresh(write: WriteUnit, work: Callable[[UnitOfWork], T]) -> T:
    """Like ``in_unit``, and once more if another desk wrote in between: it reads everything anew."""
    try:
        return in_unit(write, work)
    except StaleRecord:
        return in_unit(write, work)
