"""Which key does what, and what a user may change of it."""

import pytest

from inkdesk.ui.calendar.keys import DEEDS
from inkdesk.ui.common.actions import ACTIONS, BY_NAME, FIXED, Where
from inkdesk.ui.common.keymap import KeyMap, from_text, is_fixed, may_have, with_french_digits

IN_CALENDAR = [one.name for one in ACTIONS if one.where is Where.CALENDAR]


def test_every_action_has_one_name_and_no_two_meet_on_a_key() -> None:
    assert len(BY_NAME) == len(ACTIONS)
    assert [(one.name, key) for one in ACTIONS for key in one.keys if KeyMap().clash(one.name, key)] == []


def test_an_action_may_have_each_key_it_comes_with() -> None:
    assert [(one.name, key) for one in ACTIONS for key in one.keys if not may_have(one.name, key)] == []


def test_the_calendar_does_exactly_what_the_map_promises_of_it() -> None:
    assert sorted(DEEDS) == sorted(IN_CALENDAR)


def test_a_chosen_key_takes_the_place_of_the_usual_one() -> None:
    keymap = KeyMap().with_keys("today", ["Ctrl+T"])
    assert keymap.keys("today") == ("Ctrl+T",)
    assert keymap.action("Ctrl+T", Where.CALENDAR) == "today"
    assert keymap.action("T", Where.CALENDAR) is None
    assert keymap.with_keys("today", BY_NAME["today"].keys) == KeyMap()


@pytest.mark.parametrize(
    ("name", "key", "other"), [("today", "F2", "book"), ("book", "M", "move"), ("move", "T", "today")]
)
def test_a_key_that_means_something_else_there_clashes(name: str, key: str, other: str) -> None:
    clash = KeyMap().clash(name, key)
    assert clash is not None
    assert clash.name == other


def test_letters_can_be_switched_off_and_stay_taken_meanwhile() -> None:
    quiet = KeyMap().with_letters(on=False)
    assert quiet.keys("today") == ("Home",)
    assert quiet.action("M", Where.CALENDAR) is None
    assert quiet.clash("slot_up", "M") == BY_NAME["move"]


@pytest.mark.parametrize(
    ("name", "key", "may"),
    [
        ("today", "H", True),
        ("today", "Shift+H", True),
        ("book", "H", False),
        ("book", "Shift+H", False),
        ("book", "Ctrl+H", True),
        ("book", "Tab", False),
        ("today", "Shift+F10", False),
        ("today", "Shift", False),
        ("today", "", False),
    ],
)
def test_a_single_sign_acts_only_where_nothing_is_typed(name: str, key: str, may: bool) -> None:
    assert may_have(name, key) is may


def test_what_was_changed_is_kept_as_text_and_nothing_if_nothing_was() -> None:
    changed = KeyMap().with_keys("today", ["Ctrl+T"]).with_keys("quit", []).with_letters(on=False)
    assert from_text(changed.to_text()) == changed
    assert KeyMap().to_text() == ""
    assert from_text("") == KeyMap()


def test_an_action_that_is_gone_is_forgotten() -> None:
    assert from_text('{"keys": {"fly": ["F2"], "today": ["Ctrl+T"]}, "letters": true}') == KeyMap(
        {"today": ("Ctrl+T",)}
    )


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"keys": 3, "letters": true}', '{"keys": {}}', '{"keys": {"today": 3}, "letters": true}']
)
def test_an_unreadable_map_is_logged_and_the_keys_are_the_usual_ones(
    text: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert from_text(text) == KeyMap()
    assert "keys not read" in caplog.text


def test_a_french_keyboard_has_its_digits_too() -> None:
    assert with_french_digits("Ctrl+1") == ("Ctrl+1", "Ctrl+&")
    assert with_french_digits("Ctrl+2") == ("Ctrl+2", "Ctrl+É")
    assert with_french_digits("F1") == ("F1",)
    assert with_french_digits("Ctrl+Left") == ("Ctrl+Left",)


def test_what_is_fixed_belongs_to_no_action() -> None:
    assert [key for _, keys, _ in FIXED for key in keys if not is_fixed(key)] == []
    assert [one.name for one in ACTIONS if set(one.keys) & {key for _, keys, _ in FIXED for key in keys}] == []
