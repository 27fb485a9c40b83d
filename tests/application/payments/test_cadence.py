from datetime import date

import pytest

from inkdesk.application.cadence import Pace, may_look, next_wait_s, stretch
from inkdesk.application.poll_state import READS_OF_A_PAYMENT, PollState, allowance_of
from inkdesk.application.retries import FIRST_S, LONGEST_S, Retries, Step

HOLD_S = 1800
"""How long a studio's hold waits unless it says otherwise."""


@pytest.mark.parametrize(
    ("pace", "wait_s"),
    [
        (Pace(), 180),
        (Pace(quiet=1), 270),
        (Pace(quiet=3), 607.5),
        (Pace(quiet=4), 900),
        (Pace(quiet=99), 900),
        (Pace(has_holds=True, quiet=9), 30),
        (Pace(has_holds=True), 30),
        (Pace(is_follower=True), 30),
        (Pace(is_follower=True, watched_s=0), 4),
        (Pace(has_holds=True, watched_s=0), 4),
        (Pace(has_holds=True, watched_s=1999), 4),
        (Pace(has_holds=True, watched_s=2000), 10),
        (Pace(has_holds=True, watched_s=3600), 30),
        (Pace(has_holds=True, watched_s=0, is_hidden=True), 30),
        (Pace(has_holds=True, deadline_s=7), 8),
        (Pace(has_holds=True, deadline_s=-100), 1),
        (Pace(failures=1), 2),
        (Pace(failures=4), 16),
        (Pace(failures=99), 60),
        (Pace(failures=99, jitter=1), 45),
        (Pace(has_holds=True, watched_s=0, reads_share=0.85), 22),
        (Pace(has_holds=True, watched_s=0, reads_share=0.95), 60),
        (Pace(has_holds=True, reads_share=0.95), 900),
        (Pace(has_holds=True, reads_share=0.95, deadline_s=7), 8),
        (Pace(reads_share=5.0), 900),
    ],
)
def test_the_wait(pace: Pace, wait_s: float) -> None:
    assert next_wait_s(pace) == pytest.approx(wait_s)


def test_a_hold_watched_to_its_end_costs_no_more_than_its_payment_is_granted() -> None:
    watched_s, looks = 0.0, 0
    while (wait_s := next_wait_s(Pace(has_holds=True, watched_s=watched_s))) <= 5:
        watched_s, looks = watched_s + wait_s, looks + 1
    assert watched_s > HOLD_S
    assert looks <= READS_OF_A_PAYMENT


def test_on_a_quiet_day_three_minutes_grow_to_a_quarter_of_an_hour() -> None:
    """Every three minutes for ten hours a day is 6,000 reads a month: the 60 percent that all else must fit in, too."""
    assert [next_wait_s(Pace(quiet=looks)) for looks in range(6)] == [180, 270, 405, 607.5, 900, 900]


def test_reads_of_the_last_thirty_days_count_and_no_others() -> None:
    today = date(2026, 11, 30)
    reads = {"2026-10-31": 1, "2026-11-01": 10, "2026-11-30": 100, "2026-12-01": 1000, "2027-11-30": 10_000}
    assert PollState(reads=reads).reads_share(today, 10_000) == pytest.approx(1110 / 10_000)


def test_counts_are_forgotten_once_no_share_reckons_with_them() -> None:
    kept = {"2026-10-30": 1, "2026-11-30": 1, "2027-11-30": 1}
    state = PollState(reads={"2026-10-29": 1, "2025-11-30": 1, **kept})
    assert state.stale_reads(date(2026, 11, 30)) == ["reads:2025-11-30", "reads:2026-10-29"]


def test_waits_are_stretched_past_seventy_percent() -> None:
    assert [stretch(share) for share in (0.0, 0.7, 0.85, 1.0, 2.0)] == pytest.approx([1, 1, 5.5, 10, 10])


@pytest.mark.parametrize(
    ("share", "is_asked", "is_due", "is_watched", "may"),
    [
        (0.94, False, False, False, True),
        (0.95, False, False, False, False),
        (0.95, False, True, False, True),
        (0.95, False, False, True, True),
        (1.0, False, True, True, False),
        (2.0, True, False, False, True),
    ],
)
def test_what_is_worth_one_of_the_last_reads(
    share: float, is_asked: bool, is_due: bool, is_watched: bool, may: bool
) -> None:
    assert may_look(share, is_asked=is_asked, is_due=is_due, is_watched=is_watched) is may


def test_the_allowance_grows_with_the_payments() -> None:
    assert [allowance_of(count) for count in (0, 20, 21, 400)] == [10_000, 10_000, 10_500, 200_000]


def test_each_failure_doubles_the_wait_of_that_payment_alone() -> None:
    once = Retries().failed(Step.SEE, 7, 1000)
    assert once.must_wait(Step.SEE, 7, 1000 + FIRST_S - 1)
    assert not once.must_wait(Step.SEE, 7, 1000 + FIRST_S)
    assert not once.must_wait(Step.SEE, 8, 1000)
    assert not once.must_wait(Step.PAY, 7, 1000)
    twice = once.failed(Step.SEE, 7, 2000)
    assert twice.due(Step.SEE, 2000 + 2 * FIRST_S - 1) == []
    assert twice.due(Step.SEE, 2000 + 2 * FIRST_S) == [7]
    for _ in range(30):
        twice = twice.failed(Step.SEE, 7, 2000)
    assert twice.due(Step.SEE, 2000 + LONGEST_S) == [7]


def test_retries_are_remembered_as_text_and_end_with_success() -> None:
    waiting = Retries().failed(Step.LEARN, 3, 50).failed(Step.SEE, 12, 50)
    again = Retries.parse(waiting.text())
    assert again == waiting
    assert again.done(Step.LEARN, 3).done(Step.SEE, 12) == Retries()
    assert again.done(Step.PAY, 3) is again


def test_a_person_who_asks_waits_for_nothing_but_the_failures_stay_known() -> None:
    waiting = Retries().failed(Step.SEE, 3, 50).failed(Step.SEE, 3, 50).at_once()
    assert waiting.due(Step.SEE, 0) == [3]
    assert waiting.failed(Step.SEE, 3, 0).due(Step.SEE, 4 * FIRST_S - 1) == []
