"""The help's pages of keys say what the program does."""

from collections.abc import Iterator
from gettext import NullTranslations

import pytest
from support.key_pages import pages

from inkdesk.application import text


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    text.install(NullTranslations(), text.PlainFormats(), "en")


def test_the_pages_are_those_the_tool_writes() -> None:
    for file, written in pages().items():
        assert file.read_text(encoding="utf-8") == written, "run python tests/tools/key_pages.py"
