"""What a booking in the hand would become, and what is said of it."""

from datetime import datetime
from typing import NamedTuple, Protocol

from inkdesk.domain.message import Message


class Change(NamedTuple):
    """What a booking would become: its first artist, its start, the length of its sitting in seconds."""

    artist_id: int
    starts_at: datetime
    sitting_s: int


class Proposed(NamedTuple):
    """The verdict: free, or why not in one sentence; ``can_override`` says that a reason on the record is enough."""

    is_free: bool
    can_override: bool = False
    sentence: Message | None = None


class Proposes(Protocol):
    """Judges changes of one booking."""

    @property
    def booking_id(self) -> int:
        """Whose changes."""
        ...

    def propose(self, change: Change) -> Proposed:
        """Judge one."""
        ...
