"""Lists of the API: filters, newest first, cursors."""

from __future__ import annotations

from typing import Any

from inkdesk.practice.errors import ApiError, JsonObject, invalid, missing
from inkdesk.practice.shapes import listing

_PAGING = frozenset({"limit", "starting_after", "ending_before", "expand"})
MOST_TYPES = 20


def page(kind: str, url: str, rows: list[JsonObject], params: JsonObject) -> JsonObject:
    """Return one page of `rows` (newest first) that pass the filters in `params`.

    Raises:
        ApiError: a limit, cursor or filter is refused.
    """
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        bound = "greater than or equal to 1" if limit < 1 else "less than or equal to 100"
        raise invalid(f"This value must be {bound} (you passed {limit}).", param="limit")
    if "starting_after" in params and "ending_before" in params:
        raise invalid("You may only specify one of these parameters: ending_before, starting_after.")
    _check_types(params)
    wanted = [row for row in rows if _passes(row, params)]
    if "ending_before" in params:
        before = wanted[: _position(kind, rows, wanted, params["ending_before"], "ending_before")]
        return listing(url, before[-limit:], has_more=len(before) > limit)
    if "starting_after" in params:
        wanted = wanted[_position(kind, rows, wanted, params["starting_after"], "starting_after") :]
        if wanted and wanted[0]["id"] == params["starting_after"]:
            wanted = wanted[1:]
    return listing(url, wanted[:limit], has_more=len(wanted) > limit)


def _position(kind: str, rows: list[JsonObject], wanted: list[JsonObject], cursor: str, param: str) -> int:
    """Return where in `wanted` the cursor stands, which itself need not pass the filters."""
    order = {row["id"]: place for place, row in enumerate(rows)}
    if cursor not in order:
        raise missing(kind, cursor, param, 400)
    return sum(1 for row in wanted if order[row["id"]] < order[cursor])


def _check_types(params: JsonObject) -> None:
    if "type" in params and "types" in params:
        raise invalid("You may only specify one of these parameters: type, types.")
    if len(params.get("types", [])) > MOST_TYPES:
        raise ApiError(400, f"Array types exceeded maximum {MOST_TYPES} allowed elements.", param="types")


def _passes(row: JsonObject, params: JsonObject) -> bool:
    return all(_matches(row, name, value) for name, value in params.items() if name not in _PAGING)


def _matches(row: JsonObject, name: str, value: Any) -> bool:  # noqa: ANN401 -- a parameter has any shape
    match name:
        case "created":
            return _in_range(int(row["created"]), value)
        case "types":
            return row["type"] in value
        case "delivery_success":
            return bool(value)
        case "customer_details":
            return bool((row["customer_details"] or {}).get("email") == value["email"])
        case _:
            return bool(row.get(name) == value)


def _in_range(created: int, wanted: int | dict[str, int]) -> bool:
    if isinstance(wanted, int):
        return created == wanted
    tests = {
        "gt": lambda bound: created > bound,
        "gte": lambda bound: created >= bound,
        "lt": lambda bound: created < bound,
        "lte": lambda bound: created <= bound,
    }
    return all(tests[name](bound) for name, bound in wanted.items())
