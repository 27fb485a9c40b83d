"""This computer's clock."""

from datetime import UTC, datetime

from typing_extensions import override

from inkdesk.application.ports import Clock


class SystemClock(Clock):
    """The Clock port over the operating system's time."""

    @override
    def now(self) -> datetime:
        return datetime.now(UTC)
