"""Background work whose answers wait for the test."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from inkdesk.domain.errors import InkDeskError

T = TypeVar("T")


@dataclass
class HeldBackground:
    """Work that is answered when the test says so, in any order."""

    jobs: list[tuple[Callable[[], Any], Callable[[Any], None], Callable[[InkDeskError], None]]] = field(
        default_factory=list
    )

    def read(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[InkDeskError], None]) -> None:
        self.jobs.append((work, done, failed))

    def write(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[InkDeskError], None]) -> None:
        self.jobs.append((work, done, failed))

    def call(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[InkDeskError], None]) -> None:
        self.jobs.append((work, done, failed))

    def answer(self, number: int = 0) -> None:
        work, done, failed = self.jobs.pop(number)
        try:
            result = work()
        except InkDeskError as error:
            failed(error)
        else:
            done(result)

    def answer_all(self) -> None:
        while self.jobs:
            self.answer()
