"""How names and numbers are found again: words without case and accents, digits from the last one."""

import re
import unicodedata

from inkdesk.domain.folding import fold

_WORD = re.compile(r"[^\W_]+")
LAST_SIGN = "\U0010ffff"
"""Sorts after every other sign: ``prefix`` to ``prefix + LAST_SIGN`` is the range of what starts with it."""


def name_tokens(name: str) -> list[str]:
    """The words of a name, folded, in order, each once; a piece without any letter or digit stays whole."""
    tokens = [token for piece in name.split() for token in _WORD.findall(fold(piece)) or [fold(piece)]]
    return list(dict.fromkeys(token for token in tokens if token))


def digits_reversed(phone: str) -> str:
    """The digits of a number in any script, as 0 to 9, last one first."""
    return "".join(str(unicodedata.digit(sign)) for sign in reversed(phone) if sign.isdecimal())


def typed_digits(typed: str) -> str:
    """The digits of a typed number, last one first, without its leading zeros (national or 00) if others follow."""
    digits = digits_reversed(typed)
    return digits.rstrip("0") or digits
