"""The help's pages of keys, as the program has them."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

from inkdesk.application.text import tr
from inkdesk.infrastructure.language import LANGUAGES, install_language
from inkdesk.ui.common.actions import ACTIONS, FIXED, Group, group_words

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
HELP = RESOURCES / "help"
LOCALES = {"en": "en_GB", "fr": "fr_FR"}
FIRST_WORDS = {
    "en": "F1 shows them in the program, where each can be changed.",
    "fr": "F1 les montre dans le programme, où chacune peut être changée.",
}
NATIVE = {
    "fr": {
        "Up": "Haut",
        "Down": "Bas",
        "Left": "Gauche",
        "Right": "Droite",
        "PgUp": "Page préc",
        "PgDown": "Page suiv",
        "Home": "Début",
        "Return": "Retour",
        "Enter": "Entrée",
        "Esc": "Échap",
        "Shift": "Maj",
    }
}
"""What Qt calls keys in the reader's language, where it is not the portable name."""


def page(language: str) -> str:
    """The page in the installed ``language``, keys as the program shows them there."""
    lines = [f"# {tr('Keys')}", "", FIRST_WORDS[language], ""]
    for group in Group:
        rows = [(one.keys, one.words()) for one in ACTIONS if one.group is group and one.keys]
        rows += [(keys, words()) for chapter, keys, words in FIXED if chapter is group]
        lines += [f"## {group_words(group)}", "", f"| {tr('Key')} | {tr('Action')} |", "|---|---|"]
        lines += [f"| {', '.join(_native(key, language) for key in keys)} | {words} |" for keys, words in rows]
        lines.append("")
    return "\n".join(lines)


def _native(key: str, language: str) -> str:
    names = NATIVE.get(language, {})
    return "+".join(names.get(part, part) for part in re.split(r"(?<=.)\+(?=.)", key))


def pages() -> dict[Path, str]:
    """Every page with its file."""
    found = {}
    for language in LANGUAGES:
        install_language(language, LOCALES[language], ZoneInfo("UTC"), RESOURCES / "translations")
        found[HELP / f"keys.{language}.md"] = page(language)
    return found
