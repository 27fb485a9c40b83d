"""Folders, preferences, the log, the lock and the browser."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inkdesk.domain.errors import DatabaseUnreachable
from inkdesk.infrastructure.browser import clean_environment, open_url
from inkdesk.infrastructure.files import (
    Places,
    Preferences,
    own_database_url,
    read_preferences,
    start_log,
    stop_log,
    without_secrets,
    write_preferences,
)
from inkdesk.infrastructure.single_instance import SingleInstance
from inkdesk.infrastructure.zones import country_of_zone


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "data", tmp_path / "config", tmp_path / "logs")


@pytest.fixture
def root_level() -> Iterator[None]:
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


def test_the_own_studio_lies_in_a_folder_that_is_made(places: Places) -> None:
    assert own_database_url(places) == f"sqlite:///{places.data.as_posix()}/inkdesk.db"
    assert places.data.is_dir()


def test_a_folder_that_cannot_be_made_is_a_sentence(places: Places) -> None:
    places.data.write_text("a file in the way")
    with pytest.raises(DatabaseUnreachable, match="cannot be made"):
        own_database_url(places)


@pytest.mark.parametrize(
    "preferences",
    [
        Preferences(),
        Preferences(language="fr", theme="dark"),
        Preferences(theme='a "quoted" \\ name\nof two lines', language="zoé 😀"),
    ],
)
def test_preferences_come_back_as_they_were(places: Places, preferences: Preferences) -> None:
    write_preferences(places.preferences, preferences)
    assert read_preferences(places.preferences) == preferences


@pytest.mark.parametrize("stored", ["language = ", "language = 3\ntheme = 'dark'", "\x00\xff", "unknown = 'x'", ""])
def test_preferences_that_are_damaged_are_the_defaults(places: Places, stored: str) -> None:
    places.config.mkdir()
    places.preferences.write_text(stored, encoding="latin-1")
    found = read_preferences(places.preferences)
    assert found.language == ""


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("key rk_live_51Habc_def", "key <key>"),
        ("sk_live_x and whsec_abc, sk_org_1", "<key> and <key>, <key>"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer <secret>"),
        ("{'password': 'hunter2'}", "{'password': '<secret>'}"),
        ("postgresql+psycopg://desk:hunter2@db/studio", "postgresql+psycopg://desk:<secret>@db/studio"),
        ("https://checkout.stripe.com/c/pay/cs_test_a1#fid/x now", "<checkout link> now"),
        ("from mia.o'neil+ink@mail.example.org.", "from mia.o'<e-mail>."),
        ("[SQL: INSERT] [parameters: ('Mia', '+33612345678')]", "[SQL: INSERT] [parameters: <personal>]"),
        ("payment 12 is OPEN, cs_test_a1B2", "payment 12 is OPEN, cs_test_a1B2"),
    ],
)
def test_what_no_log_may_hold(said: str, logged: str) -> None:
    assert without_secrets(said) == logged


@pytest.mark.usefixtures("root_level")
def test_the_log_keeps_secrets_out_of_traces_too(places: Places) -> None:
    log = start_log(places.log)
    try:
        int("rk_test_51Habc of mia@example.org")
    except ValueError:
        logging.getLogger("inkdesk.test").exception("for %s", "leo@example.org")
    stop_log(log)
    written = places.log.read_text()
    assert "base 10: '<key> of <e-mail>'" in written
    assert "for <e-mail>" in written
    assert log not in logging.getLogger().handlers


def test_a_log_that_cannot_be_written_stops_nobody(places: Places) -> None:
    places.logs.write_text("a file in the way")
    log = start_log(places.log)
    assert log is None
    stop_log(log)


def test_a_second_start_finds_the_lock_of_the_first(tmp_path: Path) -> None:
    first, second = SingleInstance(tmp_path / "x.db"), SingleInstance(tmp_path / "x.db")
    assert first.take()
    assert not second.take()
    program = "import sys, pathlib; from inkdesk.infrastructure.single_instance import SingleInstance as S;"
    program += "sys.exit(int(S(pathlib.Path(sys.argv[1])).take()))"
    taken = subprocess.run([sys.executable, "-c", program, str(tmp_path / "x.db")], check=False).returncode
    assert taken == 0
    first.release()
    assert second.take()
    second.release()


def test_studios_do_not_lock_each_other(tmp_path: Path) -> None:
    one, other = SingleInstance(tmp_path / "one.db"), SingleInstance(tmp_path / "other.db")
    assert one.take()
    assert other.take()
    one.release()
    other.release()


def opener(folder: Path, script: str) -> dict[str, str]:
    """An environment with a screen and an ``xdg-open`` of our own."""
    program = folder / "xdg-open"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin", "DISPLAY": ":0", "OUT": str(folder / "out")}


@pytest.mark.skipif(sys.platform != "linux", reason="the other systems have no xdg-open")
def test_the_browser_gets_the_link_whole_and_clean_libraries(tmp_path: Path) -> None:
    environment = opener(tmp_path, 'printf "%s|%s" "$1" "$LD_LIBRARY_PATH" > "$OUT"')
    frozen = {**environment, "LD_LIBRARY_PATH": "/frozen", "LD_LIBRARY_PATH_ORIG": "/own"}
    link = "https://checkout.stripe.com/c/pay/cs_test_a1#fid'x;$(y)&z"
    assert open_url(link, frozen)
    assert (tmp_path / "out").read_text() == f"{link}|/own"


@pytest.mark.skipif(sys.platform != "linux", reason="the other systems have no xdg-open")
def test_no_browser_is_told(tmp_path: Path) -> None:
    assert not open_url("https://inkdesk.example", opener(tmp_path, "exit 3"))
    assert not open_url("https://inkdesk.example", {"PATH": str(tmp_path / "nothing")})
    assert not open_url("file:///etc/passwd", opener(tmp_path, "exit 0"))


@pytest.mark.skipif(sys.platform != "linux", reason="the other systems have no xdg-open")
def test_a_message_goes_to_the_mail_program(tmp_path: Path) -> None:
    address = "mailto:zoe@example.org?subject=Hello&body=A%20%26%20B"
    assert open_url(address, opener(tmp_path, 'printf "%s" "$1" > "$OUT"'))
    assert (tmp_path / "out").read_text() == address


def test_a_frozen_build_hands_no_library_path_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert clean_environment({"LD_LIBRARY_PATH": "/frozen", "HOME": "/h"}) == {"HOME": "/h"}


@pytest.mark.parametrize(("zone", "country"), [("Europe/Paris", "FR"), ("Asia/Tokyo", "JP"), ("UTC", ""), ("x", "")])
def test_the_country_of_a_zone(zone: str, country: str) -> None:
    assert country_of_zone(zone) == country
