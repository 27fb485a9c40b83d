"""How far a long piece of work is, and whether it may go on: told in one thread, looked at and stopped in another."""

from dataclasses import dataclass, field
from threading import Event


@dataclass(slots=True)
class Progress:
    """One piece of work. ``done`` and ``total`` count its steps; ``total`` is 0 while nobody knows it."""

    done: int = 0
    total: int = 0
    _stopped: Event = field(default_factory=Event)

    def tell(self, done: int, total: int) -> bool:
        """Say how far the work is; False: leave it."""
        self.done, self.total = done, total
        return not self._stopped.is_set()

    def stop(self) -> None:
        """Ask the work to end without a result."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        """Whether it was asked to end."""
        return self._stopped.is_set()

    @property
    def percent(self) -> int | None:
        """How much is done, None while the total is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None
