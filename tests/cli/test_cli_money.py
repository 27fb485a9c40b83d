"""The money of a booking on the command line: what is printed, the exit codes, and each request done once."""

from typing import Any

import pytest
from support.commands import Run

from inkdesk.practice import PracticeServer

SERVICE = "Small tattoo, 1 hour"


def booked(run: Run, start: str, deposit: str = "cash", *more: str) -> dict[str, Any]:
    who = ["--artist", "Maya Lindqvist", "--service", SERVICE, "--client-name", "Kim", "--client-phone", "0612345678"]
    done = run("book", *who, "--start", start, "--deposit", deposit, *more, "--json")
    assert done.code == 0, done.out
    data: dict[str, Any] = done.data
    return data


def starts(run: Run) -> list[str]:
    """Free starts in a month, after what the sample books."""
    proposed = run(
        *["series", "propose", "--service", SERVICE, "--artist", "Maya Lindqvist", "--count", "3", "--gap", "7"],
        "--json",
    ).data
    return [one["start"] for one in proposed]


def minor(data: dict[str, Any], name: str) -> int:
    amount: int = data[name]["amount_minor"]
    return amount


def parts(data: dict[str, Any]) -> dict[str, int]:
    return {name: part["amount_minor"] for name, part in data["balance"].items() if part["amount_minor"]}


def test_the_rest_and_a_tip_are_taken_once(sample: Run) -> None:
    booking = str(booked(sample, starts(sample)[0])["id"])
    before = sample("payments", booking, "--json").data
    paid, due = parts(before)["paid"], minor(before, "rest")
    words = ["rest", booking, "--method", "terminal", "--tip", "5", "--request-key", "k", "--json"]
    first, second = sample(*words).data, sample(*words).data
    assert first["request_key"] == "k"
    assert parts(first) == parts(second) == {"paid": paid + due, "tips": 500}
    assert minor(second, "rest") == 0
    assert [(one["purpose"], one["method"]) for one in second["payments"]] == [
        ("deposit", "cash"),
        ("rest", "terminal"),
        ("tip", "terminal"),
    ]
    told = sample("payments", booking).out
    assert "Card terminal" in told
    assert "Tip" in told
    assert "Rest of the price" in told
    assert "still to pay €0.00" in told
    assert "PAID" not in told


def test_a_part_goes_back_and_the_rest_of_it_becomes_credit(sample: Run) -> None:
    first, second, _ = starts(sample)
    one = booked(sample, first)
    booking, other = str(one["id"]), str(booked(sample, second, "none")["id"])
    after = sample("refund", booking, "--amount", "10", "--reason", "kind", "--json").data
    assert parts(after)["returned"] == 1000
    assert after["ledger"][-1]["why"] == "kind"
    [told] = [line for line in sample("payments", booking).out.splitlines() if line.endswith(" · kind")]
    assert told.split("  ")[1:3] == ["Refunded", "-€10.00"]
    left = minor(after, "left")
    assert parts(sample("credit", booking, "--json").data)["credited"] == left
    assert minor(sample("payments", other, "--json").data, "credit") == left
    assert parts(sample("credit", other, "--use", "--json").data) == {"credit_used": left}


def test_a_deposit_is_rolled_over(sample: Run) -> None:
    first, second, _ = starts(sample)
    booking, other = str(booked(sample, first)["id"]), str(booked(sample, second, "none")["id"])
    rolled = sample("roll", booking, "--to", other, "--json").data
    assert minor(rolled, "left") == 0
    assert parts(sample("payments", other, "--json").data)["rolled_in"] == parts(rolled)["rolled_out"]
    asked = sample("cancel", other, "--json")
    assert asked.error == (2, "VALIDATION", "fate")
    assert sample("cancel", other, "--fate", "refund", "--json").code == 0
    assert parts(sample("payments", booking, "--json").data)["returned"] == parts(rolled)["paid"]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["refund", "--amount", "99999"], (2, "VALIDATION", "amount")),
        (["refund", "--amount", "much"], (2, "VALIDATION", "amount")),
        (["credit", "--amount", "0"], (2, "VALIDATION", "amount")),
        (["credit", "--use"], (2, "VALIDATION", "amount")),
        (["rest", "--method", "link"], (2, "VALIDATION", "method")),
        (["rest", "--method", "cash", "--amount", "99999"], (2, "VALIDATION", "amount")),
        (["rest", "--method", "cash", "--tip", "-1"], (2, "VALIDATION", "tip")),
        (["link"], (5, "STRIPE_NOT_CONFIGURED", None)),
        (["link", "--extend", "10"], (7, "STALE_RECORD", None)),
        (["release", "--reason", " "], (2, "VALIDATION", "reason")),
        (["release", "--reason", "why"], (7, "STALE_RECORD", None)),
    ],
)
def test_what_cannot_be_is_told_with_its_code(
    sample: Run, words: list[str], error: tuple[int, str, str | None]
) -> None:
    booking = str(booked(sample, starts(sample)[0])["id"])
    assert sample(words[0], booking, *words[1:], "--json").error == error


def test_an_unknown_booking_is_told(sample: Run) -> None:
    for words in (["payments"], ["refund"], ["rest", "--method", "cash"], ["credit"]):
        refused = sample(words[0], "999999", *words[1:], "--json")
        assert refused.error[:2] == (2, "VALIDATION")


def test_a_fee_is_told_with_its_currency(sample: Run) -> None:
    with PracticeServer() as server:
        port = ("--practice-port", server.url.rpartition(":")[2])
        held = booked(lambda *words: sample(*port, *words), starts(sample)[0], "link")
        server.pay(held["link"].partition("#")[0].rpartition("/")[2])
        assert sample(*port, "reconcile", "--once", "--json").data["paid"] == [held["id"]]
        [one] = sample("payments", str(held["id"]), "--json").data["payments"]
        [fee] = [line for line in sample("payments", str(held["id"])).out.splitlines() if "Link" in line][:1]
    assert (one["fee"]["currency"], one["net"]["currency"]) == ("EUR", "EUR")
    assert one["fee"]["amount_minor"] + one["net"]["amount_minor"] == one["amount"]["amount_minor"]
    assert fee.endswith(f"€{one['fee']['amount']}")


def test_a_hold_gets_more_time_and_a_new_link(sample: Run) -> None:
    with PracticeServer() as server:
        port = ("--practice-port", server.url.rpartition(":")[2])

        def there(*words: str) -> Any:  # noqa: ANN401 - JSON
            return sample(*port, *words, "--json").data

        held = booked(lambda *words: sample(*port, *words), starts(sample)[0], "link")
        booking = str(held["id"])
        more = there("link", booking, "--extend", "1")
        assert (more["link"], more["status"]) == (None, "PENDING_PAYMENT")
        assert more["hold_until"] > held["hold_until"]
        first = there("link", booking, "--request-key", "k")
        assert first["link"].startswith(server.url)
        assert there("link", booking, "--request-key", "k")["link"] == first["link"]
        assert [one["status"] for one in first["payments"]] == ["EXPIRED", "OPEN"]
        longer = there("link", booking, "--extend", "120")
        assert longer["link"] != first["link"]
        assert there("release", booking, "--reason", "phoned off")["status"] == "LAPSED"


def test_a_cancel_says_that_a_bank_holds_the_money_and_that_the_answer_counts(sample: Run) -> None:
    with PracticeServer() as server:
        port = ("--practice-port", server.url.rpartition(":")[2])
        made = booked(lambda *words: sample(*port, *words), starts(sample)[0], "link")
        booking = str(made["id"])
        session_id = made["link"].partition("/c/pay/")[2].partition("#")[0]
        charge_id = server.pay(session_id)
        sample(*port, "reconcile", "--once")
        assert "The bank holds" not in sample(*port, "cancel", booking).err
        server.dispute(charge_id)
        sample(*port, "reconcile", "--once")

        asked = sample(*port, "cancel", booking)
        assert asked.code == 2
        assert "The bank holds €" in asked.err
        assert "your answer counts if the bank gives it back" in asked.err
        gone = sample(*port, "cancel", booking, "--fate", "keep").out.splitlines()
        assert gone[0].endswith("is cancelled.")
        assert gone[1].startswith("The bank holds €")
