"""Series and moves on the command line: what is printed, and the exit codes."""

from datetime import datetime, timedelta
from typing import Any

from support.commands import Run

SERVICE = "Small tattoo, 1 hour"
PHONE = "06 12 34 56 78"


def proposed(sample: Run, count: int, gap: int = 7, *more: str) -> list[dict[str, Any]]:
    """Free starts of one artist, a month from now, after what the sample books."""
    later = datetime.now().astimezone().date() + timedelta(days=40)
    found: list[dict[str, Any]] = sample(
        *["series", "propose", "--service", SERVICE, "--artist", "Maya Lindqvist", "--count", str(count)],
        *["--gap", str(gap), "--from", str(later), *more, "--json"],
    ).data
    return found


def project(sample: Run, *more: str, count: int = 3, deposit: str = "cash") -> list[str]:
    """The words that book the proposed sittings."""
    starts = [word for one in proposed(sample, count) for word in ("--start", one["start"])]
    who = ["--artist", "Maya Lindqvist", "--service", SERVICE, "--client-name", "Kim", "--client-phone", PHONE]
    return ["series", "book", *who, *starts, "--deposit", deposit, *more, "--json"]


def starts(sittings: list[dict[str, Any]]) -> list[datetime]:
    return [datetime.fromisoformat(one["start"]) for one in sittings]


def wall(starts_at: datetime) -> str:
    return starts_at.strftime("%Y-%m-%dT%H:%M")


def test_sittings_of_a_project_are_proposed_with_time_to_heal(sample: Run) -> None:
    found = proposed(sample, 3, 14)
    assert [one["artist"] for one in found] == ["Maya Lindqvist"] * 3
    days = [one.date() for one in starts(found)]
    assert days[1] - days[0] >= timedelta(days=14)
    assert days[2] - days[1] >= timedelta(days=14)
    listed = sample("series", "propose", "--service", SERVICE, "--count", "2", "--gap", "14").out.splitlines()
    assert listed[0].split() == ["Artist", "Start", "End"]
    assert len(listed) == 3
    few = sample("series", "propose", "--service", SERVICE, "--count", "9", "--gap", "100").out
    assert "no room for more" in few


def test_a_project_is_booked_once_with_one_deposit(sample: Run) -> None:
    words = project(sample, "--request-key", "k1")
    booked = sample(*words)
    assert booked.code == 0
    assert [one["paid_minor"] > 0 for one in booked.data["bookings"]] == [True, False, False]
    assert {one["series"] for one in booked.data["bookings"]} == {booked.data["series"]}
    assert sample(*words).data["series"] == booked.data["series"]
    taken = sample(*[word if word != "k1" else "k2" for word in words])
    assert taken.error == (4, "SLOT_TAKEN", "starts_at")


def test_a_rule_is_planned_and_booked(sample: Run) -> None:
    first = proposed(sample, 1)[0]["start"]
    who = ["--artist", "Maya Lindqvist", "--service", SERVICE, "--start", first]
    rule = ["--every", "2", "--unit", "weeks", "--count", "3"]
    client = ["--client-name", "Kim", "--client-phone", PHONE, "--deposit", "none"]
    planned = sample("series", "plan", *who, *rule, "--json").data
    assert [(one["is_free"], one["reason"], one["alternatives"]) for one in planned] == [(True, None, [])] * 3
    booked = sample("series", "book", *who, *rule, *client, "--json").data
    assert [one["start"] for one in booked["bookings"]] == [one["start"] for one in planned]
    again = sample("series", "plan", *who, *rule, "--json").data
    assert [one["is_free"] for one in again] == [False] * 3
    assert "Kim" in again[0]["reason"]
    assert len(again[0]["alternatives"]) == 3
    listed = sample("series", "plan", *who, *rule)
    assert listed.code == 0
    assert listed.out.splitlines()[0].split() == ["Date", "Verdict", "Instead"]


def test_a_rule_needs_an_end_and_one_start(sample: Run) -> None:
    words = ["--artist", "Maya Lindqvist", "--service", SERVICE, "--start", "2026-11-24T10:00", "--json"]
    assert sample("series", "plan", *words).error == (2, "VALIDATION", "count")
    both = [*project(sample), "--every", "1", "--count", "2"]
    assert sample(*both).error == (2, "VALIDATION", "start")


def test_a_series_is_moved_and_cancelled_from_here_on(sample: Run) -> None:
    booked = sample(*project(sample)).data["bookings"]
    before = starts(booked)
    target = before[1] + timedelta(days=1)
    moved = sample("series", "move", str(booked[1]["id"]), "--start", wall(target), "--scope", "from_here", "--json")
    assert moved.code == 0
    assert [(one["id"], datetime.fromisoformat(one["start"]).date()) for one in moved.data] == [
        (one["id"], (start + timedelta(days=1)).date()) for one, start in zip(booked[1:], before[1:], strict=True)
    ]
    gone = sample("series", "cancel", str(booked[0]["id"]), "--scope", "all", "--fate", "refund", "--json")
    assert gone.code == 0
    assert [one["status"] for one in gone.data] == ["CANCELLED"] * 3
    assert "One sitting is cancelled." in sample(*_one_cancelled(sample)).out


def _one_cancelled(sample: Run) -> list[str]:
    booked = sample(*project(sample, count=1)).data["bookings"]
    return ["series", "cancel", str(booked[0]["id"]), "--scope", "one", "--fate", "keep"]


def test_one_booking_is_moved_and_keeps_its_deposit(sample: Run) -> None:
    *_, first = proposed(sample, 3)
    (second,) = proposed(sample, 1, 7, "--with", "Jonas Okafor")
    who = ["--artist", "Maya Lindqvist", "--service", SERVICE, "--client-name", "Kim", "--client-phone", PHONE]
    made = sample("book", *who, "--start", first["start"], "--deposit", "cash", "--json").data
    moved = sample("move", str(made["id"]), "--start", second["start"], "--json").data
    assert (moved["id"], moved["start"], moved["paid_minor"]) == (made["id"], second["start"], made["paid_minor"])
    to_jonas = sample("move", str(made["id"]), "--start", second["start"], "--artist", "Jonas Okafor", "--json")
    assert to_jonas.data["artist"] == "Jonas Okafor"
    night = sample("move", str(made["id"]), "--start", second["start"][:11] + "03:00", "--json")
    assert night.error == (3, "SLOT_UNAVAILABLE", "starts_at")
    assert sample("move", str(made["id"]), "--start", second["start"][:11] + "03:00", "--override", "party").code == 0
    assert sample("move", "999999", "--start", first["start"], "--json").error[:2] == (2, "VALIDATION")


def test_two_artists_are_booked_at_once(sample: Run) -> None:
    (free,) = proposed(sample, 1, 7, "--with", "Jonas Okafor")
    assert [one["name"] for one in free["artists"]] == ["Maya Lindqvist", "Jonas Okafor"]
    who = ["--service", SERVICE, "--start", free["start"], "--client-name", "Kim", "--client-phone", PHONE]
    made = sample("book", *who, "--artist", "Maya Lindqvist", "--with", "Jonas Okafor", "--deposit", "none", "--json")
    assert made.data["with"] == ["Jonas Okafor"]
    other = sample("book", *who, "--artist", "Jonas Okafor", "--deposit", "none", "--json")
    assert other.error == (4, "SLOT_TAKEN", "starts_at")


def test_a_series_that_never_goes_on_is_refused(sample: Run) -> None:
    who = ["--artist", "Maya Lindqvist", "--service", SERVICE, "--start", "2026-12-01T10:00", "--count", "2"]
    refused = sample("series", "plan", *who, "--every", "0", "--json")
    assert refused.error == (2, "VALIDATION", "every")


def test_a_series_of_another_length_is_proposed_planned_and_booked(sample: Run) -> None:
    first = proposed(sample, 2, 7, "--minutes", "150")
    assert {end - start for start, end in spans(first)} == {timedelta(minutes=150)}
    who = ["--artist", "Maya Lindqvist", "--service", SERVICE, "--start", first[0]["start"], "--minutes", "150"]
    rule = ["--every", "1", "--unit", "weeks", "--count", "2"]
    planned = sample("series", "plan", *who, *rule, "--json").data
    assert planned[0]["is_free"]
    client = ["--client-name", "Kim", "--client-phone", PHONE, "--deposit", "none"]
    starts_of = ["--start", first[1]["start"]]
    booked = sample("series", "book", *who, *starts_of, *client, "--json").data["bookings"]
    assert [end - start for start, end in spans(booked)] == [timedelta(minutes=150)] * 2


def test_sittings_are_proposed_with_whoever_has_the_style(sample: Run) -> None:
    words = ["series", "propose", "--service", SERVICE, "--count", "2", "--gap", "7", "--json"]
    assert sample(*words, "--style", "cubism").error == (2, "VALIDATION", "style")
    with_style = sample(*words, "--style", "realism").data
    assert len({one["artist"] for one in with_style}) == 1


def spans(sittings: list[dict[str, Any]]) -> list[tuple[datetime, datetime]]:
    return [(datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"])) for one in sittings]
