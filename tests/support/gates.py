"""Holding back what a desk writes, as another desk in the middle of a write does."""

import threading

import pytest

from support.desk import Desk


def hold_writes(desk: Desk) -> threading.Event:
    """Everything that writes to the database waits from now on, until the answer is set."""
    is_held, gate = threading.Event(), threading.Event()

    def hold() -> None:
        with desk.database.write():
            is_held.set()
            assert gate.wait(10)

    desk.background.write(hold, lambda _: None, lambda error: pytest.fail(str(error)))
    assert is_held.wait(10)
    return gate
