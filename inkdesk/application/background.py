"""Work off the window's thread, as presenters see it: ask, and be answered in the window's thread."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from inkdesk.domain.errors import InkDeskError

T = TypeVar("T")


class Background(Protocol):
    """Runs work elsewhere. Exactly one of ``done`` and ``failed`` is called later, in the window's thread.

    Neither is called once the page that asked is gone. A bug in ``work`` is logged with its trace and arrives
    in ``failed`` as INTERNAL_ERROR.
    """

    def read(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[InkDeskError], None]) -> None:
        """Run work that only reads; several may run at once and answer in any order."""
        ...

    def write(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[InkDeskError], None]) -> None:
        """Run work that writes here and waits for nobody; one after the other, in the order asked."""
        ...

    def call(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[InkDeskError], None]) -> None:
        """Run work that may have to wait for somebody else, e.g. for Stripe: at once, and no other work waits for it.

        It may read and write; what else is done with the same booking meanwhile, versions and locks keep apart.
        """
        ...
