"""`expand[]`: ids replaced by the objects they name, up to four levels."""

from __future__ import annotations

from inkdesk.practice.book import Book
from inkdesk.practice.checkout import line_items
from inkdesk.practice.errors import JsonObject, invalid
from inkdesk.practice.shapes import listing

EXPANDABLE: dict[str, dict[str, str]] = {
    "checkout.session": {"payment_intent": "payment_intent"},
    "payment_intent": {"latest_charge": "charge"},
    "charge": {"balance_transaction": "balance_transaction", "payment_intent": "payment_intent"},
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
    },
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
}
_ALWAYS_EMPTY: dict[str, frozenset[str]] = {
    "checkout.session": frozenset({"customer", "invoice", "subscription", "setup_intent", "payment_link"}),
    "payment_intent": frozenset({"customer", "review", "application", "source"}),
    "charge": frozenset({"customer", "review", "application", "failure_balance_transaction", "source_transfer"}),
}
_SOURCES = ("charge", "refund", "dispute")


class Expansion:
    """Expands the paths of one request, and remembers which kinds of object were shown."""

    def __init__(self, book: Book, paths: list[str]) -> None:
        self._book = book
        self._paths = paths
        self.kinds: set[str] = set()

    def apply(self, answer: JsonObject) -> JsonObject:
        """Return a copy of `answer` with every path expanded.

        Raises:
            ApiError: a path cannot be expanded.
        """
        for path in self._paths:
            steps = path.split(".")
            if answer.get("object") == "list":
                if steps[0] != "data" or len(steps) < 2:
                    raise _refused(path)
                steps = steps[1:]
                rows = [self._along(row, steps, path) for row in answer["data"]]
                answer = answer | {"data": rows}
            else:
                answer = self._along(answer, steps, path)
        return answer

    def _along(self, about: JsonObject, steps: list[str], path: str) -> JsonObject:
        if len(steps) > 4:
            raise invalid("You cannot expand more than 4 levels of a property.", param="expand")
        value = self._value(about, steps[0], path)
        if isinstance(value, dict) and len(steps) > 1:
            value = self._along(value, steps[1:], path)
        return about | {steps[0]: value}

    def _value(self, about: JsonObject, name: str, path: str) -> JsonObject | str | None:
        kind = str(about["object"])
        if (kind, name) == ("checkout.session", "line_items"):
            return line_items(self._book, about)
        if (kind, name) == ("charge", "refunds"):
            return self._refunds(about)
        if name in _ALWAYS_EMPTY.get(kind, ()):
            return None
        if (kind, name) == ("balance_transaction", "source"):
            wanted: tuple[str, ...] = _SOURCES
        elif name in EXPANDABLE.get(kind, {}):
            wanted = (EXPANDABLE[kind][name],)
        else:
            raise _refused(path)
        value = about.get(name)
        if isinstance(value, str):
            if value not in self._book.objects:
                return value  # transfers, fees and payouts have no endpoint here: their id stays
            value = self._book.objects[value]
            self.kinds.add(value["object"])
        return value if isinstance(value, dict) and value["object"] in wanted else None

    def _refunds(self, charge: JsonObject) -> JsonObject:
        rows = [refund for refund in self._book.newest_first("refund") if refund["charge"] == charge["id"]]
        self.kinds.add("refund")
        return listing(f"/v1/charges/{charge['id']}/refunds", rows[:10], has_more=len(rows) > 10)


def kinds_along(kind: str, path: str) -> set[str]:
    """Return the kinds of object that a path from one `kind` would show.

    Raises:
        ApiError: it cannot be expanded.
    """
    kinds: set[str] = set()
    for name in path.split("."):
        if name in _ALWAYS_EMPTY.get(kind, ()) or (kind, name) == ("checkout.session", "line_items"):
            break
        if name not in EXPANDABLE.get(kind, {}):
            raise _refused(path)
        kind = EXPANDABLE[kind][name]
        kinds.add(kind)
    return kinds


def _refused(path: str) -> Exception:
    return invalid(f"This property cannot be expanded ({path}).", param="expand")
