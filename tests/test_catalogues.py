"""Both catalogues hold every sentence of the program with its places, and what is compiled is what was written."""

import ast
import string

import pytest
from babel.messages.catalog import Message
from tools import catalogues

LITERAL_ARGUMENTS = {"tr": 1, "ntr": 2, "message": 1}
"""How many of the first arguments of each function must be literals."""


def forms(value: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def keys(entries: list[Message]) -> set[tuple[str, ...]]:
    return {tuple(forms(entry.id)) for entry in entries}


def non_literal_calls(source: str) -> list[int]:
    """Lines where a sentence is not written out, so that no catalogue can hold it."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        needed = LITERAL_ARGUMENTS.get(node.func.id, 0)
        literal = [isinstance(one, ast.Constant) and isinstance(one.value, str) for one in node.args[:needed]]
        if len(literal) < needed or not all(literal):
            found.append(node.lineno)
    return found


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_sentence_is_in_the_catalogue_and_nothing_else(language: str) -> None:
    wanted = keys(list(catalogues.sentences(catalogues.extracted())))
    stored = keys(list(catalogues.sentences(catalogues.read(language))))
    assert wanted, "the extraction found nothing"
    assert stored == wanted, "run: python tests/tools/catalogues.py update"


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    entries = list(catalogues.sentences(catalogues.read(language)))
    assert [entry.id for entry in entries if not catalogues.is_translated(entry)] == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_a_translation_has_the_places_of_its_sentence(language: str) -> None:
    wrong = [
        entry.id
        for entry in catalogues.sentences(catalogues.read(language))
        if set().union(*map(places, forms(entry.id))) != set().union(*map(places, forms(entry.string)))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_a_field_that_opens_by_a_letter_does_so_in_every_language(language: str) -> None:
    wrong = [
        entry.id
        for entry in catalogues.sentences(catalogues.read(language))
        if [one.count("&") for one in forms(entry.id)] != [one.count("&") for one in forms(entry.string)]
    ]
    assert wrong == []


def test_french_is_not_english_left_standing() -> None:
    same = {str(entry.id) for entry in catalogues.sentences(catalogues.read("fr")) if entry.id == entry.string}
    assert len([one for one in same if len(one.split()) > 3]) == 0


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    stored = catalogues.po_path(language).with_suffix(".mo").read_bytes()
    assert stored == catalogues.compiled(language), "run: python tests/tools/catalogues.py compile"


def test_every_sentence_is_a_literal() -> None:
    assert [
        f"{path.relative_to(catalogues.ROOT)}:{line}"
        for path in catalogues.sources()
        for line in non_literal_calls(path.read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize("call", ["tr(f'{x}')", "tr(x)", "message('a' + b)", "ntr('one', many, 2)", "tr()"])
def test_a_sentence_that_is_no_literal_is_found(call: str) -> None:
    assert non_literal_calls(call) == [1]


def test_literal_sentences_pass() -> None:
    assert non_literal_calls("tr('a {x}', x=f'{y}'); message('b' 'c'); ntr('one', 'many', n)") == []
