"""Idempotency keys: one key, one execution, its answer replayed for 24 hours."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from inkdesk.practice.errors import ApiError, JsonObject

KEPT_S = 24 * 3600
LONGEST_KEY = 255


@dataclass(frozen=True)
class SavedAnswer:
    """What a POST was answered."""

    status: int
    body: JsonObject
    request_id: str


@dataclass
class _Entry:
    request: tuple[str, JsonObject]
    made_at: int
    answer: SavedAnswer | None = None


class Idempotency:
    """Keys by (account, key); safe for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[tuple[str, str], _Entry] = {}

    def begin(self, owner: str, key: str, endpoint: str, params: JsonObject, now: int) -> SavedAnswer | None:
        """Claim a key, or return the saved answer of its first use.

        Raises:
            ApiError: the key is too long, was used for something else, or its first request is still running.
        """
        if len(key) > LONGEST_KEY:
            raise ApiError(400, _TOO_LONG, kind="idempotency_error")
        with self._lock:
            entry = self._entries.get((owner, key))
            if entry is None or (entry.answer is not None and now - entry.made_at >= KEPT_S):
                self._entries[owner, key] = _Entry((endpoint, params), now)
                return None
            if entry.request[0] != endpoint:
                raise ApiError(400, _OTHER_ENDPOINT.format(path=entry.request[0], key=key), kind="idempotency_error")
            if entry.request[1] != params:
                raise ApiError(400, _OTHER_PARAMETERS.format(key=key), kind="idempotency_error")
            if entry.answer is None:
                raise ApiError(409, _RUNNING.format(key=key), kind="idempotency_error", code="idempotency_key_in_use")
            return entry.answer

    def finish(self, owner: str, key: str, answer: SavedAnswer | None) -> None:
        """Save the answer of a claimed key, or give the key free."""
        with self._lock:
            if answer is None:
                self._entries.pop((owner, key), None)
            else:
                self._entries[owner, key].answer = answer


_TOO_LONG = "Idempotency keys can be up to 255 characters long."
_OTHER_PARAMETERS = (
    "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a "
    "key other than '{key}' if you meant to execute a different request."
)
_OTHER_ENDPOINT = (
    "Keys for idempotent requests can only be used for the same endpoint they were first used for ('{path}'). Try "
    "using a key other than '{key}' if you meant to execute a different request."
)
_RUNNING = (
    "There is currently another in-progress request using this Idempotent Key (that probably means you submitted "
    "twice, and the other request is still going through): {key}. Please try again later."
)
