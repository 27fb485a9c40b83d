"""Bring the translations up to date: ``python tests/tools/catalogues.py update`` or ``... compile``.

``update`` collects every sentence of inkdesk/, merges it into each catalogue (English is filled by itself) and
compiles; it prints the French sentences that wait for a translator and ends with 1 if there are any.
``compile`` only turns the .po files into .mo files.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "resources" / "translations"
LANGUAGES = ("en", "fr")
KEYWORDS: dict[str, tuple[int, ...] | None] = {"tr": None, "ntr": (1, 2), "message": None}
FOREIGN = frozenset({"practice"})
"""Folders of inkdesk/ that speak for somebody else: the practice Stripe is English, as Stripe's errors are."""
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""One fixed date for every header: a file changes only if a sentence does."""
_HEADER: dict[str, Any] = {
    "project": "InkDesk",
    "version": "1",
    "msgid_bugs_address": "InkDesk",
    "last_translator": "InkDesk",
    "language_team": "InkDesk",
    "creation_date": NO_DATE,
    "revision_date": NO_DATE,
    "fuzzy": False,
}


def extracted() -> Catalog:
    """Every sentence of the program, with the files it stands in."""
    catalogue = Catalog(**_HEADER)
    found = extract_from_dir(ROOT / "inkdesk", [("**.py", "python")], keywords=KEYWORDS, comment_tags=())
    for file, _line, sentence, _comments, context in found:
        if Path(file).parts[0] in FOREIGN:
            continue
        catalogue.add(sentence, locations=[(f"inkdesk/{file}", 0)], context=context)
    return catalogue


def sources() -> list[Path]:
    """Every module whose sentences are collected."""
    package = ROOT / "inkdesk"
    return [path for path in sorted(package.rglob("*.py")) if path.relative_to(package).parts[0] not in FOREIGN]


def po_path(language: str) -> Path:
    """The catalogue people edit."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "inkdesk.po"


def read(language: str) -> Catalog:
    """The stored catalogue; an empty one if there is none yet."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, header_comment="# InkDesk's sentences.", **_HEADER)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(language: str) -> bytes:
    """What the .mo file must hold."""
    buffer = BytesIO()
    write_mo(buffer, read(language))
    return buffer.getvalue()


def sentences(catalogue: Catalog) -> Iterator[Message]:
    """All entries but the header."""
    return (one for one in catalogue if one.id)


def is_translated(entry: Message) -> bool:
    """Whether every form of the sentence has its words, checked by a person."""
    forms = entry.string if isinstance(entry.string, (list, tuple)) else (entry.string,)
    return all(forms) and not entry.fuzzy


def compile_all() -> None:
    """Write each .mo file."""
    for language in LANGUAGES:
        po_path(language).with_suffix(".mo").write_bytes(compiled(language))


def update() -> list[str]:
    """Merge and compile; the French sentences that wait for a translator."""
    for language in LANGUAGES:
        catalogue = read(language)
        catalogue.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        if language == "en":
            _fill_english(catalogue)
        _write(language, catalogue)
    compile_all()
    return [str(entry.id) for entry in sentences(read("fr")) if not is_translated(entry)]


def _fill_english(catalogue: Catalog) -> None:
    for entry in sentences(catalogue):
        entry.string = entry.id


def _write(language: str, catalogue: Catalog) -> None:
    catalogue.creation_date = catalogue.revision_date = NO_DATE
    catalogue.msgid_bugs_address = catalogue.last_translator = "InkDesk"
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, sort_output=True, include_lineno=False)


def main(argv: list[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("update", "compile"))
    if parser.parse_args(argv).what == "compile":
        compile_all()
        return 0
    waiting = update()
    for sentence in waiting:
        print(sentence)
    return 1 if waiting else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
