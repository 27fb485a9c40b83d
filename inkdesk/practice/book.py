"""The books of one Stripe account: its objects and its events."""

from __future__ import annotations

import copy
from collections.abc import Iterator

from inkdesk.practice.clock import PracticeClock
from inkdesk.practice.errors import JsonObject, missing
from inkdesk.practice.events import EventFeed
from inkdesk.practice.knobs import Knobs
from inkdesk.practice.shapes import new_id, shape

_PREFIXES = {
    "payment_intent": "pi_3",
    "charge": "ch_3",
    "refund": "re_3",
    "dispute": "du_1",
    "balance_transaction": "txn_3",
    "item": "li_1",
    "price": "price_1",
}


class Book:
    """Everything one account holds; callers keep the server's lock while they use it."""

    def __init__(self, account: JsonObject, clock: PracticeClock, feed: EventFeed, knobs: Knobs) -> None:
        self.account = account
        self.knobs = knobs
        self.platform: Book | None = None
        """The studio's account, if this one is connected to it."""
        self.is_gone = False
        """Whether a connected account took its access back."""
        self.peers: dict[str, Book] = {}
        """The connected accounts, by id: possible destinations of a payment."""
        self.clock = clock
        self.feed = feed
        self.objects: dict[str, JsonObject] = {}
        self.secrets: dict[str, JsonObject] = {}
        """What the API never shows, by object: a session's items, a refund's wishes, a transaction's payout."""
        self.cause: JsonObject = {"id": None, "idempotency_key": None}
        """The API request that events are caused by."""

    @property
    def is_connected(self) -> bool:
        """Tell whether this is an artist's account, connected to the studio's."""
        return self.platform is not None

    @property
    def account_id(self) -> str:
        """Return the account's id."""
        return str(self.account["id"])

    def add(self, kind: str, object_id: str | None = None, **fields: object) -> JsonObject:
        """Make, keep and return a new object."""
        made = shape(kind, id=object_id or new_id(_PREFIXES[kind]), created=self.clock.now(), **fields)
        self.objects[made["id"]] = made
        return made

    def get(self, kind: str, object_id: str, param: str = "id", status: int = 404) -> JsonObject:
        """Return an object.

        Raises:
            ApiError: there is none of this kind with this id.
        """
        found = self.objects.get(object_id)
        if found is None or found["object"] != kind:
            raise missing(kind, object_id, param, status)
        return found

    def every(self, kind: str) -> Iterator[JsonObject]:
        """Yield all objects of a kind, oldest first."""
        return (found for found in list(self.objects.values()) if found["object"] == kind)

    def newest_first(self, kind: str) -> list[JsonObject]:
        """Return all objects of a kind in the order of the API's lists."""
        if kind == "event":
            return self.feed.visible(self.account_id, self.clock.now())
        rows = list(self.every(kind))
        rows.reverse()
        return sorted(rows, key=lambda found: -int(found["created"]))

    def emit(self, event_type: str, about: JsonObject, *, at: int | None = None, **before: object) -> None:
        """Write an event about an object as it is now; `before` holds what changed fields were."""
        data: JsonObject = {"object": copy.deepcopy(about)}
        if before:
            data["previous_attributes"] = before
        event = shape(
            "event",
            id=new_id("evt_1", 23),
            type=event_type,
            created=self.clock.now() if at is None else at,
            data=data,
            request=dict(self.cause),
        )
        self.feed.append(self.account_id, event)
