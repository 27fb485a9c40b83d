"""Whatever goes wrong: one sentence, a code, and nothing is lost."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import keyring
import keyring.backends.fail
import keyring.backends.null
import pytest
from support.commands import Run
from support.keyrings import MemoryKeyring
from support.postgres import WITH_PASSWORD, PostgresServer

from inkdesk.bootstrap import open_studio, stripe_secret
from inkdesk.cli.output import EXIT_CODES
from inkdesk.domain.errors import ErrorCode
from inkdesk.domain.studio import Studio

NAMES = [
    "D'Artagnan \"Bo\" O'Neil; DROP TABLE client;--",
    "<b>Bold</b> & <script>alert(1)</script>",
    "\u202eمحمد علي‎",
    "👩🏽‍🎨 Ana 🖤",
    "%s %(x)d {name} {0} \\n",
    "=cmd|' /C calc'!A0",
]


def wish(name: str = "Zoé", start: str = "2031-03-04T12:00", deposit: str = "none") -> list[str]:
    who = ["--client-name", name, "--client-phone", "06 12 34 56 78"]
    return ["book", "--artist", "1", "--service", "1", "--start", start, *who, "--deposit", deposit]


def a_start(days: int = 1) -> str:
    """Some noon; with a reason it can be booked though nobody works then."""
    return f"{datetime.now(ZoneInfo('Europe/Paris')).date() + timedelta(days=days)}T03:00"


@pytest.fixture
def live(run: Run, tmp_path: Path) -> str:
    """A studio that takes real money and has a page to return to, but no key."""
    url = f"sqlite:///{tmp_path / 'live.db'}"
    made = ["--name", "Nadel", "--zone", "Europe/Paris", "--currency", "EUR", "--artist", "Ana", "--mode", "live"]
    assert run("init", *made, "--database", url).code == 0
    opened = open_studio(url)
    studio = _found(opened.services.studio.find())
    opened.services.studio.save_studio(replace(studio, success_url="https://nadel.example/thanks"))
    opened.close()
    return url


def _found(studio: Studio | None) -> Studio:
    assert studio is not None
    return studio


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# Databases


def test_a_folder_in_place_of_the_file(run: Run, tmp_path: Path) -> None:
    seen = run("artists", "--database", f"sqlite:///{tmp_path}", "--json")
    assert seen.error == (8, "DATABASE_UNREACHABLE", None)


def test_a_file_in_a_folder_that_is_not_there(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}"
    assert run("artists", "--database", url, "--json").error[:2] == (8, "DATABASE_UNREACHABLE")
    assert run("init", "--sample", "--database", url, "--json").error[:2] == (8, "DATABASE_UNREACHABLE")


def test_no_file_is_made_by_a_slip_of_the_finger(run: Run, tmp_path: Path) -> None:
    seen = run("artists", "--database", f"sqlite:///{tmp_path / 'stduio.db'}")
    assert (seen.code, seen.out) == (8, "")
    assert "inkdesk init" in seen.err
    assert not (tmp_path / "stduio.db").exists()


def test_a_file_that_can_only_be_read(run: Run, sample_file: Path) -> None:
    with closing(sqlite3.connect(sample_file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    url = f"sqlite:///file:{sample_file}?mode=ro&uri=true"
    seen = run(*wish(start=a_start()), "--override", "x", "--database", url, "--json")
    assert seen.error == (8, "DATABASE_UNREACHABLE", None)


def test_a_file_that_is_no_database_is_left_as_it_was(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear client, " * 500, encoding="utf-8")
    before = file.read_bytes()
    assert run("artists", "--database", f"sqlite:///{file}", "--json").error == (8, "DATABASE_UNREACHABLE", None)
    assert file.read_bytes() == before


def test_somebody_elses_database(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE photos (id)")
    assert run("init", "--sample", "--database", f"sqlite:///{file}", "--json").error[:2] == (8, "DATABASE_UNREACHABLE")


def test_a_database_of_a_newer_version(run: Run, sample_file: Path) -> None:
    with closing(sqlite3.connect(sample_file)) as connection:
        connection.execute("UPDATE schema_info SET min_client_version = 99")
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
        connection.commit()
    seen = run("artists", "--database", f"sqlite:///{sample_file}")
    assert seen.code == 8
    assert "newer InkDesk" in seen.err


def test_a_full_disk_loses_nothing(run: Run, sample_file: Path) -> None:
    """No file may grow any more: every write fails as on a full disk, the log's too."""
    resource = pytest.importorskip("resource", reason="only Unix can limit the size of files")
    url = f"sqlite:///{sample_file}"
    before = run("bookings", "--from", "2025-01-01", "--to", "2040-01-01", "--database", url, "--json").data
    command = [*wish(start=a_start()), "--override", "x", "--note", "x" * 100_000, "--database", url, "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "inkdesk", *command],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)),
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 8, done.stderr
    assert json.loads(done.stdout)["error"]["code"] == "DATABASE_UNREACHABLE"
    assert run("bookings", "--from", "2025-01-01", "--to", "2040-01-01", "--database", url, "--json").data == before


def test_a_server_that_does_not_answer(run: Run) -> None:
    url = f"postgresql+psycopg://desk@127.0.0.1:{free_port()}/studio"
    seen = run("artists", "--database", url, "--json")
    assert seen.error == (8, "DATABASE_UNREACHABLE", None)
    assert "cannot be reached" in seen.data["error"]["message"]


@pytest.mark.parametrize("url", ["mysql://x/y", "x.db", "", "sqlite:", "postgresql+psycopg://", "://", "inkdesk"])
def test_an_address_that_is_none(run: Run, url: str) -> None:
    seen = run("artists", "--database", url, "--json")
    assert seen.error[0] in {2, 8}


def test_a_password_in_the_address_is_refused_and_not_repeated(run: Run, own_folders: Path) -> None:
    seen = run("artists", "--database", "postgresql+psycopg://desk:hunter2@db.example/studio", "--json")
    assert seen.error == (2, "VALIDATION", "database")
    query = run("artists", "--database", "postgresql+psycopg://desk@db.example/studio?password=hunter2", "--json")
    assert query.error == (2, "VALIDATION", "database")
    logs = "".join(file.read_text() for file in own_folders.rglob("*.log"))
    assert "hunter2" not in seen.out + query.out + logs


def test_the_password_of_a_server_is_asked_for_once_and_kept_in_the_keyring(
    run: Run, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch, secrets: MemoryKeyring
) -> None:
    postgres_server.execute(
        f"DROP ROLE IF EXISTS {WITH_PASSWORD}",
        f"CREATE ROLE {WITH_PASSWORD} LOGIN PASSWORD 'ink-and-needles' SUPERUSER",
        "CREATE DATABASE asked_for",
    )
    url = postgres_server.url("asked_for").replace("postgres@", f"{WITH_PASSWORD}@")
    try:
        assert run("init", "--sample", "--database", url, "--json").error == (8, "DATABASE_UNREACHABLE", None)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("getpass.getpass", lambda _: "wrong")
        assert run("init", "--sample", "--database", url).code == 8
        assert not secrets.kept
        monkeypatch.setattr("getpass.getpass", lambda _: "ink-and-needles")
        assert run("init", "--sample", "--database", url).code == 0
        assert list(secrets.kept.values()) == ["ink-and-needles"]
        monkeypatch.delattr("getpass.getpass")
        assert len(run("artists", "--database", url, "--json").data) == 3
    finally:
        postgres_server.execute("DROP DATABASE asked_for WITH (FORCE)", f"DROP ROLE {WITH_PASSWORD}")


# Keys and keyring


@pytest.mark.parametrize("backend", [keyring.backends.fail.Keyring, keyring.backends.null.Keyring])
def test_no_keyring_that_keeps_secrets(run: Run, live: str, backend: Callable[[], MemoryKeyring]) -> None:
    keyring.set_keyring(backend())
    seen = run(*wish(start=a_start(), deposit="link"), "--override", "x", "--database", live, "--json")
    assert seen.error == (9, "SECRET_STORE_UNAVAILABLE", None)
    assert run("doctor", "--database", live).code == 1


def test_no_key_yet(run: Run, live: str) -> None:
    seen = run(*wish(start=a_start(), deposit="link"), "--override", "x", "--database", live, "--json")
    assert seen.error == (5, "STRIPE_NOT_CONFIGURED", None)
    grades = {one["check"]: one["grade"] for one in run("doctor", "--database", live, "--json").data}
    assert grades["stripe"] == "warn"


@pytest.mark.parametrize("key", ["sk_live_4eC39HqLyjWDarjtT1zdp7dc", "pk_live_1", "rk_test_practice0000", "hello"])
def test_a_refused_key(run: Run, live: str, key: str, secrets: MemoryKeyring) -> None:
    opened = open_studio(live)
    secrets.kept["InkDesk", stripe_secret(_found(opened.services.studio.find()))] = key
    opened.close()
    seen = run(*wish(start=a_start(), deposit="link"), "--override", "x", "--database", live, "--json")
    assert seen.error == (2, "VALIDATION", "stripe_key")
    assert key not in seen.out
    assert run("bookings", "--from", "2025-01-01", "--to", "2040-01-01", "--database", live, "--json").data == []


# What is typed


@pytest.mark.parametrize("zone", ["Mars/Olympus", "europe/paris ", "../../etc/passwd", "CEST", "\x00", ""])
def test_a_zone_that_does_not_exist_makes_no_file(run: Run, tmp_path: Path, zone: str) -> None:
    file = tmp_path / "new.db"
    made = ["--name", "N", "--currency", "EUR", "--artist", "A", "--database", f"sqlite:///{file}"]
    assert run("init", "--zone", zone, *made, "--json").error == (2, "VALIDATION", "zone")
    assert not file.exists()


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_come_back_as_they_were(run: Run, sample_file: Path, name: str) -> None:
    url = f"sqlite:///{sample_file}"
    booked = run(*wish(name, a_start(20)), "--override", "x", "--database", url, "--json")
    assert booked.data["client"] == name
    shown = run("bookings", "--from", "2025-01-01", "--to", "2040-01-01", "--database", url)
    assert shown.code == 0
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", shown.out)


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_client_without_a_usable_name(run: Run, sample_file: Path, name: str) -> None:
    seen = run(*wish(name, a_start()), "--override", "x", "--database", f"sqlite:///{sample_file}", "--json")
    assert seen.error == (2, "VALIDATION", "client_name")


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("2027-03-28T02:30", "does not exist"),
        ("2026-10-25T02:30", "2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00"),
        ("2026-11-24", "is not a start"),
        ("tomorrow", "is not a start"),
        ("0001-01-01T00:00", "is not a start"),
        ("9999-12-31T23:59+00:00", "is not a start"),
        ("2026-11-24T25:00", "is not a start"),
    ],
)
def test_a_start_that_is_none(run: Run, sample_file: Path, start: str, said: str) -> None:
    seen = run(*wish(start=start), "--database", f"sqlite:///{sample_file}", "--json")
    assert seen.error == (2, "VALIDATION", "starts_at")
    assert said in seen.data["error"]["message"]


def test_a_start_may_name_its_offset(run: Run, sample_file: Path) -> None:
    start = f"{a_start()}:00+00:00"
    seen = run(*wish(start=start), "--override", "x", "--database", f"sqlite:///{sample_file}", "--json")
    assert datetime.fromisoformat(seen.data["start"]) == datetime.fromisoformat(start)
    assert seen.data["start"].endswith(("+01:00", "+02:00"))


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["slots", "--artist", "Nobody", "--service", "1", "--from", "2026-11-24", "--to", "2026-11-24"], "artist"),
        (["slots", "--artist", "any", "--service", "Nothing", "--from", "2026-11-24", "--to", "2026-11-24"], "service"),
        (["slots", "--artist", "any", "--service", "1", "--from", "24.11.2026", "--to", "2026-11-24"], "from"),
        (["slots", "--artist", "any", "--service", "1", "--from", "2026-11-24", "--to", "2026-11-23"], "last"),
        (["bookings", "--from", "2026-11-24", "--to", "2026-11-23"], "to"),
        (["bookings", "--from", "2026-11-24"], "last"),
        (["book"], "artist"),
        (["cancel", "soon"], "booking"),
        (["cancel", "1", "--fate", "burn"], "fate"),
        (["init", "--name", "N"], "zone"),
    ],
)
def test_wrong_usage_is_validation(run: Run, sample_file: Path, arguments: list[str], field: str) -> None:
    seen = run(*arguments, "--database", f"sqlite:///{sample_file}", "--json")
    assert seen.error == (2, "VALIDATION", field)


@pytest.mark.parametrize(
    "arguments", [["bok"], ["--typo"], ["artists", "--typo"], ["artists", "--database"], ["x", "y"]]
)
def test_a_typo_is_json_too(run: Run, arguments: list[str]) -> None:
    assert run("--json", *arguments).error[:2] == (2, "VALIDATION")
    plain = run(*arguments)
    assert (plain.code, plain.out) == (2, "")
    assert plain.err.startswith("inkdesk: ")


def test_an_unknown_name_lists_the_known_ones(run: Run, sample_file: Path) -> None:
    command = ["slots", "--artist", "Maja", "--service", "1", "--from", "2026-11-24", "--to", "2026-11-24"]
    seen = run(*command, "--database", f"sqlite:///{sample_file}")
    assert "Maya Lindqvist, Jonas Okafor, Sakura Ito" in seen.err


def test_two_of_one_name_need_an_id(run: Run, sample_file: Path) -> None:
    with closing(sqlite3.connect(sample_file)) as connection:
        connection.execute("UPDATE artist SET name = 'MAYA lindqvist' WHERE id = 2")
        connection.commit()
    there = ["--service", "2", "--from", "2026-11-24", "--to", "2026-11-24", "--database", f"sqlite:///{sample_file}"]
    seen = run("slots", "--artist", "Maya Lindqvist", *there)
    assert "1, 2" in seen.err
    assert run("slots", "--artist", "2", *there).code == 0


def test_a_bug_is_told_logged_and_never_shown_raw(
    run: Run, sample_file: Path, monkeypatch: pytest.MonkeyPatch, own_folders: Path
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("card of mia@example.org, key rk_live_51Habcdefgh")

    monkeypatch.setattr("inkdesk.cli.work.artists", broken)
    seen = run("artists", "--database", f"sqlite:///{sample_file}", "--json")
    assert seen.error == (1, "INTERNAL_ERROR", None)
    log = next(own_folders.rglob("inkdesk.log")).read_text()
    assert "RuntimeError" in log
    assert "mia@" not in log
    assert "rk_live_51" not in log


# The contract of exit codes


def test_every_error_code_has_an_exit_code_that_help_tells(run: Run) -> None:
    assert EXIT_CODES.keys() == set(ErrorCode)
    assert len(set(EXIT_CODES.values())) == len(EXIT_CODES)
    shown = run("--help").out
    told = dict(reversed(pair) for pair in re.findall(r"^ +(\d)  (\w+)", shown, re.MULTILINE))
    assert told.pop("done") == "0"
    assert {ErrorCode(code): int(number) for code, number in told.items()} == EXIT_CODES
    assert run("--help").code == run("book", "--help").code == 0
