"""Sentences as JSON: the template and its typed values, so that a stored one is rendered in any language later."""

import json
from datetime import date, datetime
from typing import Any

from inkdesk.domain.message import Message, Value
from inkdesk.domain.money import Money
from inkdesk.domain.spans import to_instant, to_seconds


def to_json(sentence: Message) -> str:
    """The sentence as JSON text."""
    values = [[name, *_pack(value)] for name, value in sentence.values]
    return json.dumps({"template": sentence.template, "values": values}, ensure_ascii=False)


def from_json(text: str) -> Message:
    """The sentence back, equal to what was stored (instants in UTC)."""
    stored = json.loads(text)
    return Message(stored["template"], tuple((name, _unpack(kind, raw)) for name, kind, raw in stored["values"]))


def _pack(value: Value) -> tuple[str, Any]:
    match value:
        case Money(amount_minor, currency):
            return "money", [amount_minor, currency]
        case datetime():
            return "instant", to_seconds(value)
        case date():
            return "date", value.isoformat()
        case str() | int():
            return "plain", value


def _unpack(kind: str, raw: Any) -> Value:  # noqa: ANN401 - whatever the JSON holds
    match kind:
        case "money":
            return Money(*raw)
        case "instant":
            return to_instant(raw)
        case "date":
            return date.fromisoformat(raw)
        case _:
            plain: Value = raw
            return plain
