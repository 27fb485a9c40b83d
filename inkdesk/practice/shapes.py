"""New API objects in the shape of API version 2026-10-28.endive.

`objects.json` holds every field of each kind with its resting value; what is not given stays as it is there.
"""

from __future__ import annotations

import copy
import json
import secrets
import string
from functools import cache
from importlib.resources import files

from inkdesk.practice.errors import JsonObject

API_VERSION = "2026-10-28.endive"
_LETTERS = string.ascii_letters + string.digits


@cache
def templates() -> dict[str, JsonObject]:
    """Return the resting object of every kind."""
    text = files(__package__).joinpath("objects.json").read_text(encoding="utf-8")
    loaded: dict[str, JsonObject] = json.loads(text)
    return loaded


def shape(kind: str, **fields: object) -> JsonObject:
    """Return a new object of `kind`; a field that its template lacks is a mistake of ours.

    Raises:
        KeyError: `kind` has no such field.
    """
    made = copy.deepcopy(templates()[kind])
    for name, value in fields.items():
        if name not in made:
            raise KeyError(f"{kind} has no field {name}")
        made[name] = value
    return made


def new_id(prefix: str, length: int = 24) -> str:
    """Return an unguessable id like `ch_...` with `length` letters and digits."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


def listing(url: str, data: list[JsonObject], *, has_more: bool = False) -> JsonObject:
    """Return Stripe's list object."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
