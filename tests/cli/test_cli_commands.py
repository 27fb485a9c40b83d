"""Every command on a real studio: what it prints, and its exit code."""

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.commands import Ran, Run

from inkdesk.practice import PracticeServer

PHONE = "06 12 34 56 78"


def days(first: int, last: int) -> list[str]:
    """``--from`` and ``--to`` so many days from today."""
    today = datetime.now().astimezone().date()
    return ["--from", str(today + timedelta(days=first)), "--to", str(today + timedelta(days=last))]


def first_slot(sample: Run, service: str = "Small tattoo, 1 hour") -> dict[str, str]:
    slots = sample("slots", "--artist", "any", "--service", service, *days(1, 10), "--json").data
    found: dict[str, str] = slots[0]
    return found


def book(slot: dict[str, str], *more: str, deposit: str = "cash", name: str = "Zoé Müller") -> list[str]:
    wanted = ["book", "--artist", slot["artist"], "--service", "Small tattoo, 1 hour", "--start", slot["start"]]
    return [*wanted, "--client-name", name, "--client-phone", PHONE, "--deposit", deposit, *more]


def test_artists(sample: Run) -> None:
    listed = sample("artists", "--json")
    assert listed.code == 0
    assert [(one["name"], one["is_guest"]) for one in listed.data] == [
        ("Maya Lindqvist", False),
        ("Jonas Okafor", False),
        ("Sakura Ito", True),
    ]
    assert "Sakura Ito" in sample("artists").out


def test_services(sample: Run) -> None:
    listed = sample("services", "--json").data
    full_day = next(one for one in listed if one["name"] == "Full day")
    assert full_day["artists"] == ["Jonas Okafor"]
    assert full_day["deposit"] == {"amount_minor": 25000, "currency": "EUR", "amount": "250.00"}
    assert "900.00 EUR" in sample("services").out


def test_slots_are_a_list_of_artist_start_and_end(sample: Run) -> None:
    slots = sample("slots", "--artist", "any", "--service", "small TATTOO, 1 hour", *days(1, 7), "--json").data
    assert slots
    for slot in slots:
        assert slot.keys() == {"artist", "artists", "stations", "start", "end"}
        assert [one["name"] for one in slot["artists"]] == [slot["artist"]]
        assert [one["name"] for one in slot["stations"]] == ["Chair"]
        start, end = datetime.fromisoformat(slot["start"]), datetime.fromisoformat(slot["end"])
        assert start.utcoffset() is not None
        assert end - start == timedelta(hours=1)
    assert {slot["artist"] for slot in slots} == {"Maya Lindqvist", "Jonas Okafor", "Sakura Ito"}


def test_slots_of_one_artist(sample: Run) -> None:
    slots = sample("slots", "--artist", "sakura  ITO", "--service", "2", *days(1, 7), "--json").data
    assert {slot["artist"] for slot in slots} == {"Sakura Ito"}


def test_what_is_offered_can_be_booked_and_then_is_not_offered(sample: Run) -> None:
    slot = first_slot(sample)
    booked = sample(*book(slot), "--json")
    assert booked.code == 0
    assert booked.data["status"] == "CONFIRMED"
    assert booked.data["start"] == slot["start"]
    assert booked.data["paid_minor"] == 3000
    assert booked.data["link"] is None
    assert slot not in sample("slots", "--artist", "any", "--service", "2", *days(1, 10), "--json").data
    again = sample(*book(slot), "--json")
    assert again.error == (4, "SLOT_TAKEN", "starts_at")
    free = sample("slots", "--artist", slot["artist"], "--service", "2", *days(0, 10), "--json").data
    asked = datetime.fromisoformat(slot["start"])
    free.sort(key=lambda one: (abs(datetime.fromisoformat(one["start"]) - asked), one["start"]))
    assert again.data["alternatives"] == free[:3]
    listed = sample("bookings", *days(1, 10), "--json").data
    assert [one["client"] for one in listed if one["id"] == booked.data["id"]] == ["Zoé Müller"]


def test_one_request_key_books_once(sample: Run) -> None:
    slot = first_slot(sample)
    first = sample(*book(slot, "--request-key", "form-1"), "--json").data
    second = sample(*book(slot, "--request-key", "form-1"), "--json").data
    assert second["id"] == first["id"]
    assert second["request_key"] == "form-1"


def test_global_options_go_before_the_command_too(run: Run, sample_file: Path) -> None:
    listed = run("--json", "--database", f"sqlite:///{sample_file}", "artists")
    assert len(listed.data) == 3


def test_another_length_is_found_booked_and_kept(sample: Run) -> None:
    asked = ("--artist", "any", "--service", "2")
    slot = sample("slots", *asked, *days(1, 10), "--minutes", "137", "--json").data[0]
    lasts = datetime.fromisoformat(slot["end"]) - datetime.fromisoformat(slot["start"])
    assert lasts == timedelta(minutes=137)
    assert sample("find", *asked, "--minutes", "137", "--from", slot["start"][:10], "--json").data["offers"]
    booked = sample(*book(slot), "--minutes", "137", "--json")
    assert (booked.data["start"], booked.data["end"]) == (slot["start"], slot["end"])


def test_outside_hours_is_refused_and_a_reason_overrides_it(sample: Run) -> None:
    slot = first_slot(sample)
    night = {**slot, "start": slot["start"][:10] + "T03:00"}
    assert sample(*book(night), "--json").error == (3, "SLOT_UNAVAILABLE", "starts_at")
    assert sample(*book(night, "--override", "Night shift"), "--json").data["status"] == "CONFIRMED"


def test_a_link_without_stripe_is_refused_before_anything_is_stored(sample: Run) -> None:
    slot = first_slot(sample)
    assert sample(*book(slot, deposit="link"), "--json").error == (5, "STRIPE_NOT_CONFIGURED", None)
    assert first_slot(sample) == slot


def test_a_hold_is_paid_and_reconcile_confirms_it(sample: Run) -> None:
    with PracticeServer() as server:
        port = ("--practice-port", server.url.rpartition(":")[2])

        def there(*arguments: str) -> Ran:
            return sample(*port, *arguments)

        held = there(*book(first_slot(sample), deposit="link"), "--json").data
        assert held["status"] == "PENDING_PAYMENT"
        assert held["hold_until"] is not None
        assert held["link"].startswith(f"{server.url}/c/pay/cs_test_")
        session = held["link"].partition("/c/pay/")[2].partition("#")[0]
        server.pay(session)
        looked = there("reconcile", "--once", "--json")
        assert looked.code == 0
        assert looked.data["paid"] == [held["id"]]
        cancelled = there("cancel", str(held["id"]), "--fate", "refund", "--json").data
        assert cancelled["status"] == "CANCELLED"


def test_a_refused_key_leaves_the_booking_and_says_so(sample: Run) -> None:
    slot = first_slot(sample)
    with PracticeServer(key="rk_test_another0000000000000000000") as server:
        tried = sample("--practice-port", server.url.rpartition(":")[2], *book(slot, deposit="link"), "--json")
    assert tried.error == (5, "STRIPE_NOT_CONFIGURED", None)
    assert tried.data["status"] == "PENDING_PAYMENT"
    assert tried.data["link"] is None


def test_cancel_asks_what_becomes_of_a_paid_deposit(sample: Run) -> None:
    booked = sample(*book(first_slot(sample)), "--json").data["id"]
    assert sample("cancel", str(booked), "--json").error == (2, "VALIDATION", "fate")
    done = sample("cancel", str(booked), "--fate", "refund", "--reason", "ill", "--json")
    assert done.data["status"] == "CANCELLED"
    assert sample("cancel", str(booked), "--fate", "keep", "--json").code == 2


def test_cancel_without_money_asks_nothing(sample: Run) -> None:
    booked = sample(*book(first_slot(sample), deposit="none"), "--json").data["id"]
    assert "is cancelled" in sample("cancel", str(booked)).out


def test_an_unknown_booking_is_told(sample: Run) -> None:
    assert sample("cancel", "99999", "--json").error[:2] == (2, "VALIDATION")


def test_reconcile_wants_once(sample: Run) -> None:
    assert sample("reconcile", "--json").error == (2, "VALIDATION", "once")


def test_doctor_finds_a_sample_studio_well(sample: Run) -> None:
    seen = sample("doctor", "--json")
    grades = {one["check"]: one["grade"] for one in seen.data}
    assert seen.code == 0
    assert grades == dict.fromkeys(grades, "ok")
    assert {"database", "keyring", "stripe", "clock", "certificates", "fonts"} <= grades.keys()
    lines = sample("doctor").out.splitlines()
    assert len(lines) == len(grades)


def test_doctor_asks_stripe_and_compares_the_clock(sample: Run) -> None:
    with PracticeServer() as server:
        server.clock.advance(3 * 3600)
        seen = sample("--practice-port", server.url.rpartition(":")[2], "doctor", "--json")
        server.access.withdraw(server.key, "rak_refund_write")
        lacking = sample("--practice-port", server.url.rpartition(":")[2], "doctor", "--json")
    checks = {one["check"]: one for one in seen.data}
    assert checks["stripe"]["grade"] == "ok"
    assert checks["clock"]["grade"] == "warn"
    assert "seconds off" in checks["clock"]["message"]
    assert lacking.code == 1
    assert "rak_refund_write" in next(one["message"] for one in lacking.data if one["check"] == "stripe")


def test_a_command_loads_no_window(sample_file: Path) -> None:
    program = (
        "import sys; from inkdesk.__main__ import main; code = main(sys.argv[1:]);"
        "sys.exit(code or any(name.startswith(('PySide6', 'shiboken6')) for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "artists", "--json", "--database", f"sqlite:///{sample_file}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)) == 3


def test_a_reader_that_leaves_early_is_no_crash(sample_file: Path) -> None:
    command = f'"{sys.executable}" -m inkdesk bookings --from 2026-01-01 --to 2027-12-31 --json'
    done = subprocess.run(
        ["sh", "-c", f'{command} --database "sqlite:///{sample_file}" | head -c 1'],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


@pytest.mark.parametrize("engine", ["sqlite_url", "postgres_url"])
def test_a_studio_is_made_on_either_engine(run: Run, engine: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(engine)
    made = run(
        "init", "--name", "Nadel", "--zone", "Europe/Paris", "--currency", "EUR", "--artist", "Ana", "--mode", "test",
        "--database", url, "--json",
    )  # fmt: skip
    assert made.code == 0
    assert made.data["mode"] == "test"
    slots = run("slots", "--artist", "ana", "--service", "2", *days(1, 9), "--database", url, "--json").data
    command = book(slots[0], "--database", url, "--json", deposit="none")
    command[command.index("Small tattoo, 1 hour")] = "1"
    booked = run(*command)
    assert booked.data["status"] == "CONFIRMED"
    assert run("init", "--sample", "--database", url, "--json").error[:2] == (2, "VALIDATION")


def test_init_makes_the_own_studio_where_the_platform_keeps_data(run: Run, own_folders: Path) -> None:
    assert run("artists", "--json").error[:2] == (8, "DATABASE_UNREACHABLE")
    made = run("init", "--sample", "--json").data
    assert Path(made["database"]).is_file()
    assert own_folders in Path(made["database"]).parents
    assert len(run("artists", "--json").data) == 3
