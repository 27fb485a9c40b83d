"""Answers that arrive only while the dialog that asked is still there."""

from collections.abc import Callable
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QObject

from inkdesk.application.background import Background
from inkdesk.domain.errors import InkDeskError

T = TypeVar("T")
Failed = Callable[[InkDeskError], None]


class WhileAlive:
    """A ``Background`` whose answers are dropped once ``owner`` is destroyed: a window's runner serves its dialogs."""

    def __init__(self, background: Background, owner: QObject) -> None:
        self._background = background
        self._owner = owner

    def read(self, work: Callable[[], T], done: Callable[[T], None], failed: Failed) -> None:
        """Run work that only reads; several may run at once."""
        self._background.read(work, self._kept(done), self._kept(failed))

    def write(self, work: Callable[[], T], done: Callable[[T], None], failed: Failed) -> None:
        """Run work that writes; one after the other."""
        self._background.write(work, self._kept(done), self._kept(failed))

    def call(self, work: Callable[[], T], done: Callable[[T], None], failed: Failed) -> None:
        """Run work that may wait for somebody else, beside all other work."""
        self._background.call(work, self._kept(done), self._kept(failed))

    def _kept(self, answer: Callable[[T], None]) -> Callable[[T], None]:
        def deliver(result: T) -> None:
            if shiboken6.isValid(self._owner):
                answer(result)

        return deliver
