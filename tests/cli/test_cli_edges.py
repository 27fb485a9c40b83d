"""The edges of the command line: the window's options, numbers, paths, zones, a Stripe that does not answer."""

import json
import socket
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from support.commands import Run
from support.folders import unwritable_folder

from inkdesk import doctor
from inkdesk.__main__ import main
from inkdesk.bootstrap import OpenStudio, open_studio
from inkdesk.infrastructure.files import sqlite_url

ODD_FOLDERS = ["a b", "100%25 ink", "why?mode=ro", "zoé 刺青", "#1 & co"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def set_zone(file: Path, zone: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE studio SET zone = ?", (zone,))
        connection.commit()


# The window's options


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--practice", "--language", "de"], "'de'"),
        (["--practice", "--practice-port", "99999"], "99999 is not a port"),
        (["--practice", "--practice-port", "0"], "0 is not a port"),
        (["--practice", "--practice-port", "9" * 5000], "is not a port"),
        (["--practice-port", "65536"], "--practice-port"),
        (["--practice", "artists"], "artists"),
        (["--smoke-test", "--typo"], "--typo"),
        (["--language"], "--language"),
    ],
)
def test_a_wrong_option_of_the_window_is_named(run: Run, arguments: list[str], said: str) -> None:
    seen = run(*arguments)
    assert (seen.code, seen.out) == (2, "")
    assert said in seen.err
    assert "No such option" not in seen.err
    assert run(*arguments, "--json").error[:2] == (2, "VALIDATION")


def test_the_windows_options_do_not_hide_help_or_a_command(run: Run, sample_file: Path) -> None:
    assert run("--practice", "--help").code == 0
    seen = run("--database", sqlite_url(sample_file), "artists", "--practice")
    assert "--practice" in seen.err


# Numbers


@pytest.mark.parametrize("number", ["9" * 19, "9" * 40, "9" * 5000, "0", "-1"])
def test_a_number_that_no_booking_can_have(sample: Run, number: str) -> None:
    assert sample("cancel", "--json", "--", number).error == (2, "VALIDATION", "booking")


@pytest.mark.parametrize("number", ["9" * 40, "9" * 5000])
def test_a_number_that_no_artist_can_have(sample: Run, number: str) -> None:
    there = ["--service", "1", "--from", "2026-11-24", "--to", "2026-11-24", "--json"]
    assert sample("slots", "--artist", number, *there).error == (2, "VALIDATION", "artist")


def test_an_id_may_have_zeros_in_front(sample: Run) -> None:
    there = ["--service", "2", "--from", "2026-11-24", "--to", "2026-11-24", "--json"]
    assert sample("slots", "--artist", "001", *there).code == 0


# Paths


@pytest.mark.parametrize("folder", ODD_FOLDERS)
def test_a_data_folder_with_odd_signs(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    if sys.platform == "win32" and "?" in folder:
        pytest.skip("Windows has no such folder")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / folder))
    made = run("init", "--sample", "--json")
    assert made.code == 0
    assert Path(made.data["database"]).exists()
    assert Path(made.data["database"]).is_relative_to(tmp_path / folder)
    assert len(run("artists", "--json").data) == 3


@pytest.mark.parametrize("command", [["artists"], ["init", "--sample"]])
def test_a_folder_that_cannot_be_written(run: Run, tmp_path: Path, command: list[str]) -> None:
    with unwritable_folder(tmp_path) as folder:
        before = set(folder.iterdir())
        seen = run(*command, "--database", sqlite_url(folder / "studio.db"), "--json")
        assert seen.error == (8, "DATABASE_UNREACHABLE", None)
        assert set(folder.iterdir()) == before


def test_a_data_folder_that_cannot_be_made(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "taken"))
    assert run("init", "--sample", "--json").error == (8, "DATABASE_UNREACHABLE", None)


# Zones


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "Europe", ""])
def test_a_stored_zone_that_this_computer_does_not_know(run: Run, sample_file: Path, zone: str) -> None:
    set_zone(sample_file, zone)
    url = sqlite_url(sample_file)
    seen = run("artists", "--database", url, "--json")
    assert seen.error == (2, "VALIDATION", "zone")
    assert "does not know" in seen.data["error"]["message"]
    grades = {one["check"]: one for one in run("doctor", "--database", url, "--json").data}
    assert grades["zone"]["grade"] == "fail"
    assert grades["zone"]["message"] == seen.data["error"]["message"]
    assert grades["database"]["grade"] == "ok"


# Stripe and the doctor


def test_reconcile_without_stripe_says_to_try_again(sample: Run) -> None:
    command = ["--practice-port", str(free_port()), "reconcile", "--once"]
    seen = sample(*command, "--json")
    assert seen.code == 1
    assert seen.data["asked"] is False
    assert "error" not in seen.data
    assert "Stripe" in seen.data["message"]
    plain = sample(*command)
    assert plain.code == 1
    assert seen.data["message"] in plain.out
    assert plain.err == ""


def broken() -> OpenStudio:
    raise RuntimeError("no driver")


def test_the_doctor_survives_whatever_breaks(sample_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = {one.subject: one.grade for one in doctor.examine(broken)}
    assert checks["database"] is doctor.Grade.FAIL
    assert "fonts" in checks

    def closes_badly(opened: OpenStudio) -> None:
        raise RuntimeError(opened.database.url_shown)

    opened = open_studio(sqlite_url(sample_file))
    with monkeypatch.context() as patch:
        patch.setattr(OpenStudio, "close", closes_badly)
        assert list(doctor.examine(lambda: opened))
    opened.close()


def test_without_a_console_nothing_is_printed_and_the_code_tells(
    sample_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A frozen program for windows has no stdout, stderr or stdin on Windows."""
    there = ["--database", sqlite_url(sample_file)]
    with monkeypatch.context() as patch, capsys.disabled():
        for name in ("stdin", "stdout", "stderr"):
            patch.setattr(sys, name, None)
        codes = [main(["artists", *there]), main(["artists", "--json", *there]), main(["--help"])]
        codes += [main(["slots", *there]), main(["cancel", "0", *there])]
    assert codes == [0, 0, 0, 2, 2]


def test_a_sample_is_the_same_every_time(run: Run, tmp_path: Path) -> None:
    """For one day; across midnight the sample moves with the date."""
    told = []
    for name in ("one.db", "two.db"):
        url = sqlite_url(tmp_path / name)
        assert run("init", "--sample", "--database", url).code == 0
        told.append(
            {
                what: run(what, *dates, "--database", url, "--json").data
                for what, dates in (
                    ("artists", ()),
                    ("services", ()),
                    ("bookings", ("--from", "2020-01-01", "--to", "2040-01-01")),
                )
            }
        )
    for one in told:
        for booking in one["bookings"]:
            booking.pop("hold_until")  # counts from the moment of the making
    assert json.dumps(told[0]) == json.dumps(told[1])
