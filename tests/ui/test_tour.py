"""The tour that takes the pictures of every screen reaches its end: no screen changes unseen by it."""

import subprocess
import sys
from pathlib import Path

TOUR = Path(__file__).resolve().parents[1] / "tools" / "screenshots.py"
NOISE = "This plugin does not support "
STOPS = (  # one picture of each part of the tour, and the last one
    "week-small",
    "ledger",
    "settings-database-small",
    "agenda-small",
    "keys",
    "palette-dates",
    "inbox-2-small",
    "form-service-unfolded",
    "settings-studio-limits",
    "finder-nothing",
    "booking-together",
    "checkout-paid",
    "detail-requested",
    "money-no-show",
    "cancel-series",
    "letter",
    "move",
    "move-series",
    "group-end",
    "day-groups",
    "practice-console-small",
    "statement-small",
    "welcome",
)


def test_the_tour_of_every_screen_reaches_its_end_without_a_warning(tmp_path: Path) -> None:
    walk = [sys.executable, str(TOUR), str(tmp_path), "--only", "fr-dark", "--quick"]
    done = subprocess.run(walk, capture_output=True, text=True, timeout=100, check=False)
    complaints = [line for line in done.stderr.splitlines() if not line.startswith(NOISE)]
    assert done.returncode == 0, complaints[-1:]
    assert complaints == []
    taken = {file.stem for file in (tmp_path / "fr-dark").iterdir() if file.stat().st_size}
    assert set(STOPS) - taken == set()
    assert len(taken) > len(STOPS)
