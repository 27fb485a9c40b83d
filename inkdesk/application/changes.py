"""What a write changed: the pages that show any of it reload, the others do not."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inkdesk.domain.payments import Payment


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of what was written, by kind. ``settings`` covers the studio, artists, hours, leave, services, stations."""

    bookings: frozenset[int] = field(default_factory=frozenset)
    clients: frozenset[int] = field(default_factory=frozenset)
    payments: frozenset[int] = field(default_factory=frozenset)
    settings: bool = False
    tasks: bool = False

    def __or__(self, other: "Changes") -> "Changes":
        """Both together."""
        return Changes(
            self.bookings | other.bookings,
            self.clients | other.clients,
            self.payments | other.payments,
            self.settings or other.settings,
            self.tasks or other.tasks,
        )

    def __bool__(self) -> bool:
        """Whether anything changed at all."""
        return bool(self.bookings or self.clients or self.payments or self.settings or self.tasks)


def of_payment(payment: "Payment") -> Changes:
    """A payment was written, and so its booking shows something else."""
    return Changes(bookings=frozenset({payment.booking_id}), payments=frozenset({payment.id}))


EVERYTHING = Changes(settings=True, tasks=True)
"""Said by a feed that only knows that another desk wrote something."""
