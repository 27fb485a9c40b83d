import pytest

from inkdesk.application.cadence import Pace, next_wait_s, stretch


@pytest.mark.parametrize(
    ("pace", "wait_s"),
    [
        (Pace(), 180),
        (Pace(has_holds=True), 30),
        (Pace(has_holds=True, watched_s=0), 4),
        (Pace(has_holds=True, watched_s=179), 4),
        (Pace(has_holds=True, watched_s=180), 10),
        (Pace(has_holds=True, watched_s=600), 30),
        (Pace(has_holds=True, watched_s=0, is_hidden=True), 30),
        (Pace(has_holds=True, deadline_s=7), 8),
        (Pace(has_holds=True, deadline_s=-100), 1),
        (Pace(failures=1), 2),
        (Pace(failures=4), 16),
        (Pace(failures=99), 60),
        (Pace(failures=99, jitter=1), 45),
        (Pace(has_holds=True, watched_s=0, reads_share=1.0), 40),
        (Pace(reads_share=5.0), 900),
    ],
)
def test_the_wait(pace: Pace, wait_s: float) -> None:
    assert next_wait_s(pace) == pytest.approx(wait_s)


def test_waits_are_stretched_past_seventy_percent() -> None:
    assert [stretch(share) for share in (0.0, 0.7, 0.85, 1.0, 2.0)] == pytest.approx([1, 1, 5.5, 10, 10])
