"""What the use cases of group sittings need of the database."""

from collections.abc import Sequence
from typing import Protocol

from inkdesk.domain.bookings import Booking
from inkdesk.domain.capacity import Party
from inkdesk.domain.groups import GroupSitting
from inkdesk.domain.spans import Span


class GroupRepository(Protocol):
    """Group sittings with their seats, and who has which."""

    def get(self, group_id: int) -> GroupSitting:
        """One group sitting; ValidationError if there is none."""
        ...

    def by_request_key(self, key: str) -> GroupSitting | None:
        """The group sitting that a form with this request key already made."""
        ...

    def within(self, within: Span, artist_id: int | None = None) -> list[GroupSitting]:
        """Group sittings that meet ``within``, by start, cancelled ones too; only of one host if one is named."""
        ...

    def holding(self, resource_ids: Sequence[int], within: Span) -> list[GroupSitting]:
        """The group sittings whose blocking claims on these hosts meet ``within``, by start.

        Unlike ``within`` it counts what the host is kept for before and after, and no cancelled ones.
        """
        ...

    def add(self, group: GroupSitting) -> GroupSitting:
        """Store a new one with a resource for each seat; the answer has id and ``unit_ids``."""
        ...

    def save(self, group: GroupSitting) -> GroupSitting:
        """Store changes; StaleRecord on a version conflict. Seats are made until ``unit_ids`` are ``seats`` many.

        Units that are no longer among ``unit_ids`` are taken away. Nobody may sit on one for the time to come; what
        does not block, for example a lapsed hold, is put on the units that stay.
        """
        ...

    def keep_host(self, group_id: int, resource_id: int, span: Span) -> None:
        """Claim the group's host, whom it does not keep yet; SlotTaken if the guard refuses."""
        ...

    def let_host_go(self, group_id: int) -> None:
        """Remove the group's claim on its host."""
        ...

    def parties(self, group_ids: Sequence[int]) -> dict[int, list[Party]]:
        """Who keeps seats of each group, by booking id: the blocking claims of its bookings. All have an entry."""
        ...

    def bookings(self, group_id: int) -> list[Booking]:
        """The bookings of a group in any status, by start."""
        ...

    def client_names(self, group_id: int) -> dict[int, str]:
        """Names of everybody who ever booked seats of a group, by client id."""
        ...
