"""Strict reading of Stripe's bracketed parameters against the API's parameter lists.

`parameters.json` holds, for each endpoint, the tree of accepted parameters, derived from Stripe's OpenAPI
description (MIT): `name!` is required, `[T]` a list, `{"*": T}` a map, `{"?": T}` a value that an empty string
unsets, `=a|b` one of these words, `string<=200` a bounded text, `range` a time or `{gt, gte, lt, lte}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from inkdesk.practice.errors import ApiError, JsonObject, invalid

Node = str | dict[str, Any]
"""What the wire says: a text, or a tree of texts; lists have digits as keys."""
Spec = str | list[Any] | dict[str, Any]

_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_RANGE: Spec = {"gt": "integer", "gte": "integer", "lt": "integer", "lte": "integer"}


@cache
def endpoint_parameters() -> dict[str, JsonObject]:
    """Return the parameter tree of every endpoint, by `METHOD /path`."""
    text = files(__package__).joinpath("parameters.json").read_text(encoding="utf-8")
    specs: dict[str, JsonObject] = json.loads(text)
    return specs


def parse(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Turn `a[0][b]=c` pairs into a tree.

    Raises:
        ApiError: a key is malformed or used both as a value and as a tree.
    """
    tree: dict[str, Any] = {}
    for key, value in pairs:
        match = _KEY.fullmatch(key)
        if match is None:
            raise invalid(f"Invalid request (check that your POST content is well formed): {key}")
        _place(tree, [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])], value)
    return tree


def _place(tree: dict[str, Any], steps: list[str], value: str) -> None:
    for step in steps[:-1]:
        branch = tree.setdefault(step or str(len(tree)), {})
        if not isinstance(branch, dict):
            raise invalid(f"Invalid object: {step}", param=steps[0])
        tree = branch
    tree[steps[-1] or str(len(tree))] = value


def check(spec: JsonObject, tree: dict[str, Any]) -> JsonObject:
    """Return typed values for `tree`.

    Raises:
        ApiError: unknown parameters first, then the first one that is missing or invalid.
    """
    reading = _Reading()
    values: JsonObject = reading.read(spec, tree, "")
    if reading.unknown:
        names, plural = ", ".join(reading.unknown), "s" if len(reading.unknown) > 1 else ""
        message = f"Received unknown parameter{plural}: {names}"
        raise invalid(message, param=reading.unknown[0], code="parameter_unknown")
    if reading.problems:
        raise reading.problems[0]
    return values


class _Reading:
    """One walk over a tree, collecting what is wrong."""

    def __init__(self) -> None:
        self.unknown: list[str] = []
        self.problems: list[ApiError] = []

    def read(self, spec: Spec, node: Node, path: str) -> Any:  # noqa: ANN401 -- JSON has any shape
        if isinstance(spec, str):
            return self._range(node, path) if spec == "range" else self._scalar(spec, node, path)
        if isinstance(spec, list):
            return self._list(spec[0], node, path)
        if "?" in spec:
            return "" if node == "" else self.read(spec["?"], node, path)
        if not isinstance(node, dict):
            self._refuse("Invalid object", path)
            return {}
        return self._map(node, path) if "*" in spec else self._object(spec, node, path)

    def _refuse(self, message: str, path: str, code: str | None = None) -> None:
        self.problems.append(invalid(message, param=path, code=code))

    def _range(self, node: Node, path: str) -> Any:  # noqa: ANN401 -- an integer or a mapping
        return self.read(_RANGE if isinstance(node, dict) else "integer", node, path)

    def _object(self, spec: dict[str, Any], node: dict[str, Any], path: str) -> JsonObject:
        known = {name.removesuffix("!"): child for name, child in spec.items()}
        values: JsonObject = {}
        for name, child in node.items():
            where = f"{path}[{name}]" if path else name
            if name in known:
                values[name] = self.read(known[name], child, where)
            else:
                self.unknown.append(where)
        for name in spec:
            if name.endswith("!") and name[:-1] not in node:
                where = f"{path}[{name[:-1]}]" if path else name[:-1]
                self._refuse(f"Missing required param: {where}.", where, "parameter_missing")
        return values

    def _map(self, node: dict[str, Any], path: str) -> JsonObject:
        if len(node) > 50:
            self._refuse("Metadata can have up to 50 keys.", path)
        for name, value in node.items():
            where = f"{path}[{name}]"
            if not isinstance(value, str):
                self._refuse(f"Metadata values must be strings: {name}", where)
            elif len(name) > 40:
                self._refuse(f"Metadata keys must be at most 40 characters: {name}", where)
            elif len(value) > 500:
                self._refuse(_TOO_LONG.format(length=len(value)), where)
        return {name: value for name, value in node.items() if value != ""}

    def _list(self, item: Spec, node: Node, path: str) -> list[Any]:
        if not isinstance(node, dict) or not all(key.isdigit() for key in node):
            self._refuse("Invalid array", path)
            return []
        return [self.read(item, node[key], f"{path}[{key}]") for key in sorted(node, key=int)]

    def _scalar(self, spec: str, node: Node, path: str) -> Any:  # noqa: ANN401 -- text, number or boolean
        if not isinstance(node, str):
            self._refuse(f"Invalid {spec.partition('<')[0]}: {path}", path)
            return None
        if node == "":
            self._refuse(_EMPTY.format(name=path), path, "parameter_invalid_empty")
            return None
        if spec == "integer":
            return self._integer(node, path)
        if spec == "boolean":
            return self._boolean(node, path)
        return self._text(spec, node, path)

    def _integer(self, node: str, path: str) -> int | None:
        if re.fullmatch(r"-?\d{1,18}", node, re.ASCII):
            return int(node)
        self._refuse(f"Invalid integer: {node}", path, "parameter_invalid_integer")
        return None

    def _boolean(self, node: str, path: str) -> bool | None:
        if node in {"true", "false"}:
            return node == "true"
        self._refuse(f"Invalid boolean: {node}", path, "parameter_invalid_boolean")
        return None

    def _text(self, spec: str, node: str, path: str) -> str:
        if spec.startswith("="):
            words = spec[1:].split("|")
            if node not in words:
                self._refuse(f"Invalid {path}: must be one of {_either(words)}", path)
        longest = int(spec.partition("<=")[2] or 5000)
        if len(node) > longest:
            self._refuse(f"Invalid string: {node[:10]}...{node[-4:]}; must be at most {longest} characters", path)
        return node


_TOO_LONG = "Metadata values can have up to 500 characters, but you passed in a value that is {length} characters."
_EMPTY = (
    "You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; however "
    "'{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty value."
)


def _either(words: list[str]) -> str:
    if len(words) < 3:
        return " or ".join(words)
    return f"{', '.join(words[:-1])}, or {words[-1]}"
