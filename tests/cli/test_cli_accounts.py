"""Artists' accounts on the command line: what is printed, and the exit codes."""

from collections.abc import Iterator

import pytest
from support.commands import Ran, Run

from inkdesk.practice import PracticeServer

ARTIST = "Maya Lindqvist"
OURS = "acct_maya"


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer() as started:
        started.connect(OURS)
        yield started


@pytest.fixture
def asking(sample: Run, server: PracticeServer) -> Run:
    """Run ``inkdesk`` on the practice studio, with its practice Stripe."""

    def run_there(*arguments: str) -> Ran:
        return sample("--practice-port", server.url.rpartition(":")[2], *arguments)

    return run_there


def test_nobody_has_an_account_at_first(sample: Run) -> None:
    listed = sample("accounts", "list", "--json").data
    assert listed[0]["artist_id"] is None
    assert {one["way"] for one in listed} == {"own"}
    assert f"{ARTIST}: the studio's account" in sample("accounts", "list").out


def test_an_account_is_set_and_asked_about(asking: Run) -> None:
    made = asking("accounts", "set", ARTIST, "--way", "direct", "--account", OURS, "--fee", "12.5", "--json")
    assert made.code == 0
    data = made.data
    assert (data["name"], data["way"], data["account"]) == (ARTIST, "direct", OURS)
    assert (data["fee_basis_points"], data["ready"], data["problem"]) == (1250, True, "")
    assert data["checked_at"]
    assert data in asking("accounts", "list", "--json").data
    assert "the studio keeps 12.5 %" in asking("accounts", "list").out


def test_the_way_back_keeps_the_account(asking: Run) -> None:
    asking("accounts", "set", ARTIST, "--way", "direct", "--account", OURS)
    back = asking("accounts", "set", ARTIST, "--way", "own", "--json").data
    assert (back["way"], back["account"]) == ("own", OURS)


def test_what_is_missing_is_named_by_check(asking: Run, server: PracticeServer) -> None:
    asking("accounts", "set", ARTIST, "--way", "destination", "--account", OURS)
    server.set_capability("transfers", "inactive", OURS)
    asked = asking("accounts", "check", ARTIST, "--json").data
    assert (asked["ready"], asked["problem"]) == (False, "transfers:inactive")
    assert f"{ARTIST}'s Stripe account lacks the capability transfers" in asking("accounts", "check").out


def test_everybody_is_asked_about(asking: Run, server: PracticeServer) -> None:
    own, *_ = asking("accounts", "check", "--json").data
    assert (own["account"], own["ready"]) == (server.account_id, True)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        (("--account", "maya"), "account_id"),
        (("--account", OURS, "--fee", "101"), "fee"),
        (("--account", OURS, "--fee", "much"), "fee"),
        ((), "account_id"),
    ],
)
def test_what_cannot_be_is_refused(sample: Run, more: tuple[str, ...], field: str) -> None:
    refused = sample("accounts", "set", ARTIST, "--way", "direct", *more, "--json")
    assert refused.error == (2, "VALIDATION", field)


def test_an_unknown_artist_and_one_without_an_account(sample: Run) -> None:
    assert sample("accounts", "check", "Nobody", "--json").error == (2, "VALIDATION", "artist")
    assert sample("accounts", "check", ARTIST, "--json").error == (2, "VALIDATION", "account_id")


def test_without_stripe_the_account_is_stored_and_the_trouble_told(sample: Run) -> None:
    made = sample("accounts", "set", ARTIST, "--way", "direct", "--account", OURS, "--json")
    assert made.error == (5, "STRIPE_NOT_CONFIGURED", None)
    assert made.data["account"] == OURS
    assert made.data["ready"] is False
