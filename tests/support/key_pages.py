"""The help's pages of keys, as the program has them."""

from pathlib import Path
from zoneinfo import ZoneInfo

from inkdesk.application.text import tr
from inkdesk.infrastructure.language import LANGUAGES, install_language
from inkdesk.ui.common.actions import ACTIONS, FIXED, Group, group_words

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
HELP = RESOURCES / "help"
LOCALES = {"en": "en_GB", "fr": "fr_FR"}


def page() -> str:
    """The page in the installed language, keys as Qt writes them everywhere."""
    lines = [f"# {tr('Keys')}", "", tr("F1 shows them in the program, where each can be changed."), ""]
    for group in Group:
        rows = [(one.keys, one.words()) for one in ACTIONS if one.group is group and one.keys]
        rows += [(keys, words()) for chapter, keys, words in FIXED if chapter is group]
        lines += [f"## {group_words(group)}", "", f"| {tr('Key')} | {tr('Action')} |", "|---|---|"]
        lines += [f"| {', '.join(keys)} | {words} |" for keys, words in rows]
        lines.append("")
    return "\n".join(lines)


def pages() -> dict[Path, str]:
    """Every page with its file."""
    found = {}
    for language in LANGUAGES:
        install_language(language, LOCALES[language], ZoneInfo("UTC"), RESOURCES / "translations")
        found[HELP / f"keys.{language}.md"] = page()
    return found
