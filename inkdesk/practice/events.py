"""The event feed, with everything that makes real feeds hard: late, doubled, out of order, old format."""

from __future__ import annotations

import copy
from fnmatch import fnmatchcase

from inkdesk.practice.errors import JsonObject, missing
from inkdesk.practice.shapes import new_id

KEPT_S = 30 * 24 * 3600
OLD_API_VERSION = "2024-06-20"


class EventFeed:
    """Events of all accounts; payloads carry the account's API version, which is an older one."""

    def __init__(self) -> None:
        self.api_version = OLD_API_VERSION
        """The version and format of new events."""
        self._rows: list[tuple[str, JsonObject]] = []
        self._held: set[str] = set()
        self._is_holding = False
        self._dropped: tuple[str, ...] = ()

    def append(self, account_id: str, event: JsonObject) -> None:
        """Add an event, unless its type is dropped; while the feed is held it stays invisible."""
        if any(fnmatchcase(event["type"], pattern) for pattern in self._dropped):
            return
        event["api_version"] = self.api_version
        if self.api_version == OLD_API_VERSION:
            _age(event["data"]["object"])
        self._rows.append((account_id, event))
        if self._is_holding:
            self._held.add(event["id"])

    def visible(self, account_id: str, now: int) -> list[JsonObject]:
        """Return an account's events of the last 30 days, newest first."""
        rows = [
            event
            for owner, event in reversed(self._rows)
            if owner == account_id and event["id"] not in self._held and event["created"] > now - KEPT_S
        ]
        return sorted(rows, key=lambda event: -int(event["created"]))

    def get(self, account_id: str, event_id: str, now: int) -> JsonObject:
        """Return one visible event.

        Raises:
            ApiError: there is none, or it is older than 30 days.
        """
        for event in self.visible(account_id, now):
            if event["id"] == event_id:
                return event
        raise missing("event", event_id, "id")

    def hold(self) -> None:
        """Keep new events back, as a late feed does."""
        self._is_holding = True

    def release(self, *patterns: str) -> None:
        """Show what was held; it appears at its old place, behind cursors taken meanwhile.

        With shell patterns only the types that match one are shown, and the rest and what is new stay held.
        """
        self._is_holding = bool(patterns)
        shown = patterns or ("*",)
        self._held -= {
            event["id"] for _, event in self._rows if any(fnmatchcase(event["type"], pattern) for pattern in shown)
        }

    def drop(self, *patterns: str) -> None:
        """Let new events whose type matches one of these shell patterns vanish for good; none ends it."""
        self._dropped = patterns

    def lose(self, last: int) -> None:
        """Let the last events vanish, as if they had never been written."""
        del self._rows[max(0, len(self._rows) - last) :]

    def duplicate(self, event_type: str) -> None:
        """Write the newest event of a type once more, under another id.

        Raises:
            LookupError: there is no such event.
        """
        for owner, event in reversed(self._rows):
            if event["type"] == event_type:
                self._rows.append((owner, copy.deepcopy(event) | {"id": new_id("evt_1", 23)}))
                return
        raise LookupError(event_type)

    def reverse(self, last: int) -> None:
        """Turn the order of the last events round: causes come after their effects."""
        rows = self._rows[-last:]
        times = [event["created"] for _, event in rows]
        self._rows[-last:] = rows[::-1]
        for (_, event), created in zip(self._rows[-last:], times, strict=True):
            event["created"] = created


def _age(about: JsonObject) -> None:
    """Rewrite a payload as API version 2024-06-20 showed it."""
    if about["object"] == "checkout.session":
        about["ui_mode"] = "hosted"
        about.pop("allowed_payment_method_types", None)
    if about["object"] == "charge":
        about["invoice"] = None
        about["order"] = None
