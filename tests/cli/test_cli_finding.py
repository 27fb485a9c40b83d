"""``slots`` with its filters, and ``find``."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from support.commands import Ran, Run

SERVICE = "Small tattoo, 1 hour"


def days(first: int, last: int) -> list[str]:
    today = datetime.now().astimezone().date()
    return ["--from", str(today + timedelta(days=first)), "--to", str(today + timedelta(days=last))]


def slots(sample: Run, *more: str) -> list[Any]:
    seen = sample("slots", "--service", SERVICE, *days(1, 14), *more, "--json")
    assert seen.code == 0
    found: list[Any] = seen.data
    return found


def find(sample: Run, *more: str) -> Ran:
    return sample("find", "--service", SERVICE, *more, "--json")


def starts(found: list[Any]) -> list[datetime]:
    return [datetime.fromisoformat(one["start"]) for one in found]


def test_slots_are_anyones_if_nobody_is_named(sample: Run) -> None:
    assert slots(sample) == slots(sample, "--artist", "any")
    assert "Sakura Ito" in sample("slots", "--service", SERVICE, *days(1, 7)).out


def test_slots_at_a_time_of_day_on_some_weekdays(sample: Run) -> None:
    everything = slots(sample)
    some = slots(sample, "--after", "15:00", "--before", "17:30", "--weekdays", "Thu, fri")
    assert some
    wanted = [one for one, at in zip(everything, starts(everything), strict=True) if at.weekday() in {3, 4}]
    assert some == [one for one, at in zip(wanted, starts(wanted), strict=True) if "15:00" <= f"{at:%H:%M}" < "17:30"]


def test_slots_over_midnight_or_with_one_end(sample: Run) -> None:
    late = [one for one in slots(sample) if one["start"][11:16] >= "18:00"]
    assert late
    assert slots(sample, "--after", "18:00") == late
    assert slots(sample, "--after", "18:00", "--before", "02:00") == late
    assert slots(sample, "--before", "18:00") == [one for one in slots(sample) if one not in late]


def test_slots_of_two_artists_at_once(sample: Run) -> None:
    both = slots(sample, "--artist", "Maya Lindqvist", "--with", "Jonas Okafor")
    assert both
    for one in both:
        assert [artist["name"] for artist in one["artists"]] == ["Maya Lindqvist", "Jonas Okafor"]
    assert set(starts(both)) <= set(starts(slots(sample, "--artist", "Jonas Okafor")))
    assert (
        "Maya Lindqvist, Jonas Okafor"
        in sample("slots", "--service", SERVICE, *days(1, 14), "--artist", "1", "--with", "2").out
    )


def test_slots_of_a_style_nobody_has(sample: Run) -> None:
    assert slots(sample, "--style", "cave painting") == []
    seen = sample("slots", "--service", SERVICE, *days(1, 7), "--style", "cave painting")
    assert seen.out == "Nothing is free. Try other dates or another artist.\n"


def test_find_tells_three_offers(sample: Run) -> None:
    seen = find(sample)
    assert seen.code == 0
    assert [one["kind"] for one in seen.data["offers"]] == ["earliest", "other", "other"]
    first = seen.data["offers"][0]
    assert first.keys() == {"token", "kind", "artist", "artists", "stations", "start", "end", "overrode"}
    assert first["overrode"] == []
    assert datetime.fromisoformat(first["end"]) - datetime.fromisoformat(first["start"]) == timedelta(hours=1)
    assert len(set(starts(seen.data["offers"]))) == 3
    assert seen.data["declined"] == [one["token"] for one in seen.data["offers"]]
    assert seen.data["is_exhausted"] is False
    assert seen.data["message"] is None


def test_declined_offers_do_not_come_again(sample: Run) -> None:
    told: list[str] = []
    for _ in range(4):
        seen = find(sample, "--declined", ",".join(told)) if told else find(sample)
        tokens = [one["token"] for one in seen.data["offers"]]
        assert len(tokens) == 3
        assert not set(tokens) & set(told)
        told += tokens
        assert seen.data["declined"] == told
    again = find(sample, *[part for token in told for part in ("--declined", token)])
    assert again.data["declined"][: len(told)] == told


def test_the_nearest_to_an_asked_time(sample: Run) -> None:
    asked = starts(slots(sample, "--artist", "Jonas Okafor", "--after", "14:00"))[-1]
    seen = find(sample, "--artist", "2", "--near", asked.isoformat())
    nearest = seen.data["offers"][1]
    assert nearest["kind"] == "nearest"
    assert datetime.fromisoformat(nearest["start"]) == asked


def test_whom_the_client_prefers_comes_first_at_the_same_start(sample: Run) -> None:
    both = [one for one, two in pairwise(slots(sample)) if one["start"] == two["start"]]
    asked = both[len(both) // 2]["start"]
    free = [one["artist"] for one in slots(sample) if one["start"] == asked]
    for name in free:
        offers = find(sample, "--near", asked, "--prefer", name).data["offers"]
        assert next(one["artist"] for one in offers if one["start"] == asked) == name


def test_another_length_from_a_date_on(sample: Run) -> None:
    first = days(5, 5)[1]
    seen = find(sample, "--minutes", "180", "--from", first)
    assert all(one["start"][:10] >= first for one in seen.data["offers"])
    spans = {datetime.fromisoformat(one["end"]) - datetime.fromisoformat(one["start"]) for one in seen.data["offers"]}
    assert spans == {timedelta(hours=3)}


def test_an_offer_tells_what_it_overrode(sample: Run) -> None:
    far = days(500, 500)[1]
    beyond = find(sample, "--from", far)
    assert beyond.data["offers"] == []
    assert beyond.data["message"].startswith("The studio books no further than ")
    offers = find(sample, "--from", far, "--artist", "2", "--override", "notice,horizon").data["offers"]
    assert [one["overrode"] for one in offers] == [["horizon"]] * 3
    told = sample("find", "--service", SERVICE, "--from", far, "--artist", "2", "--override", "horizon").out
    assert "the earliest; further than the studio books" in told


def test_find_in_words(sample: Run) -> None:
    lines = sample("find", "--service", SERVICE).out.splitlines()
    assert [line[0] for line in lines[1:4]] == ["1", "2", "3"]
    assert lines[1].endswith("the earliest")
    declined = lines[4].removeprefix("None of these? Ask again with --declined ")
    later = sample("find", "--service", SERVICE, "--declined", declined)
    assert later.code == 0
    assert not set(lines[1:4]) & set(later.out.splitlines())


def test_the_end_of_what_fits_is_told(sample: Run) -> None:
    alone = ["--artist", "3", "--weekdays", "sat", "--after", "13:00", "--before", "13:15"]
    found = find(sample, *alone).data
    while found["offers"] and not found["is_exhausted"]:
        found = find(sample, *alone, "--declined", ",".join(found["declined"])).data
    if found["offers"]:
        before = [token for token in found["declined"] if token not in {one["token"] for one in found["offers"]}]
        more = ["--declined", ",".join(before)] if before else []
        assert sample("find", "--service", SERVICE, *alone, *more).out.endswith("That is all that fits.\n")
    nothing = sample("find", "--service", SERVICE, *alone, "--declined", ",".join(found["declined"]))
    assert nothing.out.startswith(("Nothing else fits until ", "Nothing fits until "))


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["--after", "25:00"], "after"),
        (["--before", "noon"], "before"),
        (["--before", "12:60"], "before"),
        (["--before", "24:01"], "before"),
        (["--before", "１２:00"], "before"),
        (["--weekdays", "mon,someday"], "weekdays"),
        (["--weekdays", "mo"], "weekdays"),
        (["--artist", "Nobody"], "artist"),
        (["--with", "Nobody"], "with"),
        (["--prefer", "Nobody"], "prefer"),
        (["--style", "cave painting"], "style"),
        (["--override", "leave"], "override"),
        (["--declined", "soon"], "declined"),
        (["--declined", "2026-11-24T09:00:00Z"], "declined"),
        (["--declined", "2026-11-24T09:00:00Z@one"], "declined"),
        (["--near", "tomorrow"], "near"),
        (["--near", "2027-03-28T02:30"], "near"),
        (["--from", "soon"], "from"),
        (["--minutes", "0"], "minutes"),
    ],
)
def test_what_cannot_be_asked_is_told(sample: Run, arguments: list[str], field: str) -> None:
    assert find(sample, *arguments).error == (2, "VALIDATION", field)
