"""Work about single payments that went wrong, each with a back-off of its own, so that one never holds up the rest."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

FIRST_S: Final = 30
LONGEST_S: Final = 6 * 3600


class Step(StrEnum):
    """What is done with one payment (or, to let it lapse, one booking)."""

    SEE = "see"
    LEARN = "learn"
    SEND = "send"
    LAPSE = "lapse"
    PAY = "pay"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class Retry:
    """How often it failed in a row, and when it is tried again in POSIX seconds."""

    failures: int
    due_s: int


@dataclass(frozen=True, slots=True)
class Retries:
    """Never changed: each method that notes something answers a new one."""

    waiting: Mapping[tuple[Step, int], Retry] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read back what ``text`` wrote."""
        stored: dict[str, list[int]] = json.loads(text)
        return cls({_key(name): Retry(failures, due_s) for name, (failures, due_s) in stored.items()})

    def text(self) -> str:
        """As JSON, to be remembered."""
        rows = {f"{step}:{of}": [retry.failures, retry.due_s] for (step, of), retry in sorted(self.waiting.items())}
        return json.dumps(rows)

    def failed(self, step: Step, of: int, now_s: int) -> "Retries":
        """It went wrong: the wait doubles from half a minute to six hours."""
        known = self.waiting.get((step, of))
        failures = known.failures + 1 if known else 1
        wait_s = min(LONGEST_S, FIRST_S * 2 ** min(failures - 1, 16))
        return Retries({**self.waiting, (step, of): Retry(failures, now_s + wait_s)})

    def done(self, step: Step, of: int) -> "Retries":
        """It went well, or is tried afresh."""
        if (step, of) not in self.waiting:
            return self
        return Retries({key: retry for key, retry in self.waiting.items() if key != (step, of)})

    def only(self, step: Step, ids: Collection[int]) -> "Retries":
        """Without those of this step that are no business any more; ``ids`` are all that are."""
        kept = {key: retry for key, retry in self.waiting.items() if key[0] is not step or key[1] in ids}
        return self if len(kept) == len(self.waiting) else Retries(kept)

    def failures(self, step: Step, of: int) -> int:
        """How often this failed in a row."""
        known = self.waiting.get((step, of))
        return known.failures if known else 0

    def at_once(self) -> "Retries":
        """Somebody wants to know now: everything is due, and how often it failed stays known."""
        return Retries({key: Retry(retry.failures, 0) for key, retry in self.waiting.items()})

    def must_wait(self, step: Step, of: int, now_s: int) -> bool:
        """Whether it is too early to try this again."""
        known = self.waiting.get((step, of))
        return known is not None and now_s < known.due_s

    def due(self, step: Step, now_s: int) -> list[int]:
        """What is to be tried again now."""
        return sorted(of for (kind, of), retry in self.waiting.items() if kind is step and now_s >= retry.due_s)


def _key(name: str) -> tuple[Step, int]:
    step, _, of = name.partition(":")
    return Step(step), int(of)
