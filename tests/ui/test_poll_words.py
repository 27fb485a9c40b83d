from dataclasses import replace
from datetime import UTC, datetime, timedelta

from inkdesk.application.look_result import LookResult
from inkdesk.domain.message import message
from inkdesk.ui.poll_words import banner_words, status_words

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
AWAY = LookResult(
    banner=message("Stripe cannot be reached."),
    is_trouble=True,
    trouble_since=NOW - timedelta(minutes=25),
    last_good_at=NOW - timedelta(minutes=26),
)


def test_the_status_line_says_when_payments_were_checked() -> None:
    assert status_words(LookResult(last_good_at=NOW), NOW) == "Payments checked at 14:05"
    assert status_words(LookResult(was_asked=False, last_good_at=NOW), NOW) == "Payments checked at 14:05"
    assert status_words(LookResult(), NOW) == "Payments checked at 14:05"
    days = status_words(LookResult(was_asked=False, last_good_at=NOW - timedelta(days=3)), NOW)
    assert days == "Payments checked at 2026-11-20 14:05"


def test_the_status_line_says_nothing_new_if_nobody_asked() -> None:
    assert status_words(LookResult(was_asked=False), NOW) is None
    assert status_words(LookResult(is_trouble=True), NOW) is None


def test_the_status_line_says_since_when_stripe_is_away_and_what_waits() -> None:
    assert status_words(AWAY, NOW) == "Stripe unreachable since 13:40"
    assert status_words(replace(AWAY, waiting=1), NOW) == "Stripe unreachable since 13:40, one payment waits"
    assert status_words(replace(AWAY, waiting=2), NOW) == "Stripe unreachable since 13:40, 2 payments wait"
    assert status_words(replace(AWAY, is_trouble=False, is_follower=True), NOW) == "Stripe unreachable since 13:40"


def test_the_banner_stands_still_while_the_trouble_lasts() -> None:
    later = replace(AWAY, waiting=3)
    assert banner_words(AWAY, NOW) == "Stripe cannot be reached. Since 13:40."
    assert banner_words(later, NOW + timedelta(minutes=9)) == banner_words(AWAY, NOW)
    assert banner_words(LookResult(banner=message("Set your clock.")), NOW) == "Set your clock."
    assert banner_words(LookResult(last_good_at=NOW), NOW) == ""
