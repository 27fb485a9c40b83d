"""The person's locale, from the environment first."""

import sys

import pytest

from inkdesk.infrastructure.system_language import _answer_of, system_locale


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({"LANG": "fr_CH.UTF-8"}, "fr_CH.UTF-8"),
        ({"LC_ALL": "C.UTF-8", "LANG": "fr_FR"}, "fr_FR"),
        ({"LC_ALL": "", "LC_MESSAGES": "en_GB.UTF-8", "LANG": "fr_FR"}, "en_GB.UTF-8"),
    ],
)
def test_the_environment_says_it(environment: dict[str, str], found: str) -> None:
    assert system_locale(environment) == found


def test_a_system_that_does_not_answer_has_none() -> None:
    assert _answer_of(["/no/such/program"]) == ""
    assert _answer_of([sys.executable, "-c", "raise SystemExit(1)"]) == ""
    assert _answer_of([sys.executable, "-c", "print('fr_FR')"]) == "fr_FR"
