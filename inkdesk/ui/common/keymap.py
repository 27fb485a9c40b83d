"""Which key does what: the keys as they come, and what one user of this computer changed of them. No Qt."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from inkdesk.ui.common.actions import ACTIONS, BY_NAME, FIXED, Action, Where

log = logging.getLogger(__name__)

FRENCH_DIGITS = MappingProxyType(dict(zip("&é\"'(-è_çà", "1234567890", strict=True)))
"""What the digit keys of a French keyboard type without Shift; with Ctrl or Alt they mean the digit, too."""
_SMALLEST = {"Ctrl", "Alt", "Shift", "Meta"}


@dataclass(frozen=True, slots=True)
class KeyMap:
    """``changed`` are the keys of actions whose keys a user chose, by name; ``has_letters`` lets single signs act."""

    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    has_letters: bool = True

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of an action now, the one that menus show first."""
        keys = self.changed.get(name, BY_NAME[name].keys)
        return keys if self.has_letters else tuple(key for key in keys if not is_sign(key))

    def action(self, key: str, where: Where) -> str | None:
        """The name of the action that ``key`` means there."""
        names = (one.name for one in ACTIONS if one.where is where and key in self.keys(one.name))
        return next(names, None)

    def clash(self, name: str, key: str) -> Action | None:
        """Who else has ``key``: what works in a window works in the calendar, too."""
        mine = BY_NAME[name]
        others = (one for one in ACTIONS if one is not mine)
        return next((one for one in others if key in self.changed.get(one.name, one.keys)), None)

    def with_keys(self, name: str, keys: Sequence[str]) -> "KeyMap":
        """The same with other keys for one action."""
        changed = {**self.changed, name: tuple(keys)}
        if changed[name] == BY_NAME[name].keys:
            del changed[name]
        return KeyMap(changed, self.has_letters)

    def with_letters(self, *, on: bool) -> "KeyMap":
        """The same with single letters switched on or off."""
        return KeyMap(self.changed, on)

    def to_text(self) -> str:
        """What a preference keeps; "" for the keys as they come."""
        if not self.changed and self.has_letters:
            return ""
        return json.dumps({"keys": dict(self.changed), "letters": self.has_letters}, ensure_ascii=False)


def from_text(text: str) -> KeyMap:
    """What ``to_text`` wrote. Actions that are gone are forgotten; what cannot be read is logged and left out."""
    if not text:
        return KeyMap()
    try:
        stored: Any = json.loads(text)
        keys = {str(name): tuple(map(str, keys)) for name, keys in dict(stored["keys"]).items() if name in BY_NAME}
        return KeyMap(keys, bool(stored["letters"]))
    except (ValueError, TypeError, KeyError) as failure:
        log.warning("keys not read: %s", failure)
        return KeyMap()


def is_fixed(key: str) -> bool:
    """Whether the platform or the toolkit has this key."""
    return any(key in keys for _, keys, _ in FIXED)


def is_sign(key: str) -> bool:
    """Whether a key is a single letter, figure or mark, which a text field would write."""
    return len(key) == 1 or (len(key) == len("Shift+") + 1 and key.startswith("Shift+"))


def may_have(name: str, key: str) -> bool:
    """Whether an action may have a key: a single sign only where nothing is typed, and no bare modifier."""
    if key in _SMALLEST or not key or is_fixed(key):
        return False
    return BY_NAME[name].where is Where.CALENDAR or not is_sign(key)


def with_french_digits(key: str) -> tuple[str, ...]:
    """A key, and what a French keyboard makes of it: ``Ctrl+1`` is ``Ctrl+&`` there."""
    is_command = key[:-1].endswith(("Ctrl+", "Alt+"))
    signs = [sign for sign, digit in FRENCH_DIGITS.items() if is_command and key.endswith(digit)]
    return (key, *(f"{key[:-1]}{sign.upper()}" for sign in signs))
