"""Group sittings on the command line: what is printed, and the exit codes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from support.commands import Ran, Run

ARTIST = "Maya Lindqvist"
SERVICE = "Small tattoo, 1 hour"


@pytest.fixture
def start(sample: Run) -> datetime:
    """A free start of the host, after what the sample books."""
    later = datetime.now().astimezone().date() + timedelta(days=40)
    words = ["series", "propose", "--service", SERVICE, "--artist", ARTIST, "--count", "1", "--gap", "7"]
    (found,) = sample(*words, "--from", str(later), "--json").data
    return datetime.fromisoformat(found["start"])


def at(start: datetime, minutes: int = 0) -> str:
    return (start + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")


def add(sample: Run, start: datetime, *more: str, seats: int = 2) -> Ran:
    who = ["--title", "Flash day", "--artist", ARTIST, "--service", SERVICE, "--seats", str(seats)]
    return sample("group", "add", *who, "--start", at(start), "--end", at(start, 60), *more, "--json")


def seat(sample: Run, group: int, *more: str, deposit: str = "none") -> Ran:
    client = ["--client-name", "Kim", "--client-phone", "06 12 34 56 78", "--deposit", deposit]
    return sample("group", "seat", str(group), *client, *more, "--json")


def test_a_group_is_planned_once_and_listed(sample: Run, start: datetime) -> None:
    made = add(sample, start, "--request-key", "k1", "--note", "bring tape")
    assert made.code == 0
    group: dict[str, Any] = made.data
    assert (group["title"], group["artist"], group["service"]) == ("Flash day", ARTIST, SERVICE)
    assert datetime.fromisoformat(group["end"]) - datetime.fromisoformat(group["start"]) == timedelta(hours=1)
    assert (group["seats"], group["taken_peak"], group["booked"], group["is_cancelled"]) == (2, 0, 0, False)
    assert add(sample, start, "--request-key", "k1").data["id"] == group["id"]
    assert add(sample, start).error == (4, "SLOT_TAKEN", "starts_at")

    day = ["--from", str(start.date()), "--to", str(start.date())]
    listed = sample("group", "list", *day, "--json").data
    assert listed == [{key: value for key, value in group.items() if key != "request_key"}]
    assert "Flash day" in sample("group", "list", *day).out
    early = ["--from", "2020-01-01", "--to", "2020-01-02"]
    assert sample("group", "list", *early).out == "There is no group sitting on these dates.\n"
    turned = ["--from", "2020-01-02", "--to", "2020-01-01"]
    assert sample("group", "list", *turned, "--json").error == (2, "VALIDATION", "to")


def test_seats_are_taken_for_a_part_and_shown(sample: Run, start: datetime) -> None:
    group = add(sample, start).data["id"]
    part = ["--start", at(start, 20), "--end", at(start, 40), "--seats", "2"]
    seated = seat(sample, group, *part, "--request-key", "k1", deposit="cash")
    assert seated.code == 0
    assert (seated.data["group"], seated.data["seats"], seated.data["link"]) == (group, 2, None)
    assert seated.data["paid_minor"] == seated.data["deposit"]["amount_minor"] > 0
    assert seat(sample, group, *part, "--request-key", "k1", deposit="cash").data["id"] == seated.data["id"]
    full = seat(sample, group)
    assert full.error == (4, "SLOT_TAKEN", "starts_at")
    assert "All 2 seats are taken" in full.data["error"]["message"]

    shown = sample("group", "show", str(group), "--minutes", "15", "--seats", "2", "--json").data
    assert (shown["taken_peak"], shown["booked"]) == (2, 1)
    (booked,) = shown["bookings"]
    assert (booked["client"], booked["seats"], booked["status"]) == ("Kim", 2, "CONFIRMED")
    assert [datetime.fromisoformat(one["start"]) for one in shown["room"]] == [
        start,
        start + timedelta(minutes=45),
    ]
    lines = sample("group", "show", str(group), "--minutes", "15").out
    assert "2/2" in lines
    assert "Kim" in lines
    assert "Room from" in lines


def test_a_seat_says_who_and_where(sample: Run, start: datetime) -> None:
    group = add(sample, start).data["id"]
    client = ["--client-name", "Kim", "--client-phone", "06 12 34 56 78", "--deposit", "none"]
    said = sample("group", "seat", str(group), *client)
    assert said.code == 0
    assert "Kim in Flash day, " in said.out


def test_a_booked_group_is_cancelled_with_a_fate(sample: Run, start: datetime) -> None:
    group = add(sample, start).data["id"]
    booking = seat(sample, group).data["id"]
    assert sample("group", "cancel", str(group), "--json").error == (2, "VALIDATION", "fate")
    gone = sample("group", "cancel", str(group), "--fate", "refund", "--reason", "ill")
    assert (gone.code, gone.out) == (0, "Flash day is cancelled.\n")
    shown = sample("group", "show", str(group), "--json").data
    assert (shown["is_cancelled"], shown["bookings"]) == (True, [])
    assert sample("cancel", str(booking), "--json").error[:2] == (2, "VALIDATION")
    assert "cancelled" in sample("group", "show", str(group)).out
    assert seat(sample, group).error[:2] == (3, "SLOT_UNAVAILABLE")


def test_a_group_is_changed_and_what_is_left_out_stays(sample: Run, start: datetime) -> None:
    group = add(sample, start, "--note", "bring tape").data["id"]
    booking = seat(sample, group, "--start", at(start, 20), "--end", at(start, 40)).data["id"]
    same = sample("group", "show", str(group), "--json").data

    more = sample("group", "change", str(group), "--seats", "5", "--title", "Friday the 13th", "--json").data
    told = {key: more[key] for key in ("title", "seats", "note", "start", "end", "version")}
    assert told == {
        "title": "Friday the 13th",
        "seats": 5,
        "note": "bring tape",
        "start": same["start"],
        "end": same["end"],
        "version": same["version"] + 1,
    }

    moved = sample("group", "change", str(group), "--start", at(start, 10), "--note", "", "--json").data
    assert datetime.fromisoformat(moved["start"]) == start + timedelta(minutes=10)
    assert datetime.fromisoformat(moved["end"]) == start + timedelta(minutes=70)
    assert moved["note"] == ""
    (party,) = sample("group", "show", str(group), "--json").data["bookings"]
    assert (party["id"], datetime.fromisoformat(party["start"])) == (booking, start + timedelta(minutes=30))

    assert sample("group", "change", str(group), "--end", at(start, 15), "--json").error == (2, "VALIDATION", "ends_at")
    assert sample("group", "change", str(group), "--title", " ", "--json").error == (2, "VALIDATION", "title")
    assert sample("group", "change", "999999", "--json").error[:2] == (2, "VALIDATION")
    assert "Friday the 13th" in sample("group", "change", str(group), "--seats", "4").out


def test_what_is_unknown_or_wrong_is_said(sample: Run, start: datetime) -> None:
    assert sample("group", "show", "999999", "--json").error[:2] == (2, "VALIDATION")
    assert add(sample, start, seats=0).error == (2, "VALIDATION", "seats")
    group = add(sample, start).data["id"]
    assert seat(sample, group, "--start", at(start, -5)).error == (2, "VALIDATION", "starts_at")
    assert seat(sample, group, "--end", "noon").error == (2, "VALIDATION", "ends_at")
