from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from inkdesk.application.look_result import LookResult
from inkdesk.domain.message import message
from inkdesk.infrastructure.language import install_language
from inkdesk.ui.poll_words import banner_words, own_good_look, status_words

TRANSLATIONS = Path(__file__).resolve().parents[2] / "resources" / "translations"
NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
AWAY = LookResult(
    banner=message("Stripe cannot be reached."),
    is_trouble=True,
    trouble_since=NOW - timedelta(minutes=25),
    last_good_at=NOW - timedelta(minutes=26),
)


def test_the_status_line_says_when_payments_were_checked() -> None:
    assert status_words(LookResult(last_good_at=NOW), NOW, UTC) == "Payments checked at 14:05"
    assert status_words(LookResult(was_asked=False, last_good_at=NOW), NOW, UTC) == "Payments checked at 14:05"
    assert status_words(LookResult(), NOW, UTC) == "Payments checked at 14:05"
    days = status_words(LookResult(was_asked=False, last_good_at=NOW - timedelta(days=3)), NOW, UTC)
    assert days == "Payments checked 2026-11-20 14:05"


def test_a_time_stands_alone_only_on_its_own_day_in_the_studio() -> None:
    seen = LookResult(was_asked=False, last_good_at=NOW)
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    assert status_words(seen, midnight - timedelta(seconds=1), UTC) == "Payments checked at 14:05"
    assert status_words(seen, midnight, UTC) == "Payments checked 2026-11-23 14:05"
    assert status_words(seen, midnight, ZoneInfo("America/New_York")) == "Payments checked at 14:05"


def test_a_day_has_no_preposition_in_french() -> None:
    install_language("fr", "fr_FR", ZoneInfo("UTC"), TRANSLATIONS, NOW.year)
    seen = LookResult(was_asked=False, last_good_at=NOW)
    assert status_words(seen, NOW, UTC) == "Paiements vérifiés à 14:05"
    assert status_words(seen, NOW + timedelta(days=1), UTC) == "Paiements vérifiés lun. 23 nov., 14:05"


def test_what_this_desk_saw_itself_counts_by_its_own_clock() -> None:
    """A practice clock is moved on, the database's is not."""
    behind = NOW - timedelta(days=1)
    own = own_good_look(None, LookResult(last_good_at=behind), NOW)
    quiet = LookResult(was_asked=False, last_good_at=behind)
    assert own == own_good_look(own, quiet, NOW) == own_good_look(own, replace(quiet, is_trouble=True), NOW) == NOW
    assert status_words(LookResult(last_good_at=behind), NOW, UTC) == "Payments checked at 14:05"
    assert status_words(quiet, NOW, UTC, own) == "Payments checked at 14:05"
    follower = replace(quiet, is_follower=True)
    assert own_good_look(own, follower, NOW) is None
    assert status_words(follower, NOW, UTC, own) == "Payments checked 2026-11-22 14:05"


def test_the_status_line_says_nothing_new_if_nobody_asked() -> None:
    assert status_words(LookResult(was_asked=False), NOW, UTC) is None
    assert status_words(LookResult(is_trouble=True), NOW, UTC) is None


def test_the_status_line_says_since_when_stripe_is_away_and_what_waits() -> None:
    assert status_words(AWAY, NOW, UTC) == "Stripe unreachable since 13:40"
    assert status_words(replace(AWAY, waiting=1), NOW, UTC) == "Stripe unreachable since 13:40, one payment waits"
    assert status_words(replace(AWAY, waiting=2), NOW, UTC) == "Stripe unreachable since 13:40, 2 payments wait"
    assert status_words(replace(AWAY, is_trouble=False, is_follower=True), NOW, UTC) == "Stripe unreachable since 13:40"


def test_the_banner_stands_still_while_the_trouble_lasts() -> None:
    later = replace(AWAY, waiting=3)
    assert banner_words(AWAY, NOW, UTC) == "Stripe cannot be reached. Since 13:40."
    assert banner_words(later, NOW + timedelta(minutes=9), UTC) == banner_words(AWAY, NOW, UTC)
    assert banner_words(LookResult(banner=message("Set your clock.")), NOW, UTC) == "Set your clock."
    assert banner_words(LookResult(last_good_at=NOW), NOW, UTC) == ""
