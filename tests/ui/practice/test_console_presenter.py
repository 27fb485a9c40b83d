"""What the console asks of a practice Stripe, one that runs elsewhere and is slow or gone included."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from support.held import HeldBackground
from typing_extensions import override

from inkdesk.application.calendar import BookQueries
from inkdesk.application.practice_controls import (
    PracticeAct,
    PracticeControls,
    PracticeRefunds,
    PracticeSession,
    PracticeStanding,
)
from inkdesk.domain.errors import InkDeskError, ValidationError
from inkdesk.domain.message import message
from inkdesk.ui.practice.presenter import ConsolePresenter, ConsoleRow


class Switches(PracticeControls):
    """A practice Stripe without payments; while it is ``gone`` it does not answer."""

    def __init__(self) -> None:
        self.is_gone = False
        self.delay_s = 0

    @override
    def sessions(self) -> Sequence[PracticeSession]:
        if self.is_gone:
            raise ValidationError(message("gone"))
        return []

    @override
    def standing(self) -> PracticeStanding:
        now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        return PracticeStanding(
            now=now, reads=0, is_offline=False, delay_s=self.delay_s, refunds=PracticeRefunds.AT_ONCE
        )

    @override
    def set_delay(self, seconds: int) -> None:
        self.delay_s = seconds

    @override
    def act(self, session_id: str, act: PracticeAct) -> None:
        raise AssertionError

    @override
    def set_offline(self, *, is_offline: bool) -> None:
        raise AssertionError

    @override
    def set_refunds(self, refunds: PracticeRefunds) -> None:
        raise AssertionError

    @override
    def jump(self, by: timedelta) -> None:
        raise AssertionError


class Shown:
    """What the console shows."""

    def __init__(self) -> None:
        self.delays: list[int] = []
        self.errors: list[str] = []

    def show_rows(self, rows: Sequence[ConsoleRow]) -> None:
        assert not rows

    def show_acts(self, acts: frozenset[PracticeAct]) -> None:
        assert not acts

    def show_standing(self, standing: PracticeStanding) -> None:
        self.delays.append(standing.delay_s)

    def tell(self, words: str) -> None:
        raise AssertionError(words)

    def show_error(self, error: InkDeskError) -> None:
        self.errors.append(error.message.template)


class Console:
    """A console on a practice Stripe, whose answers wait for the test."""

    def __init__(self) -> None:
        self.controls, self.shown, self.background = Switches(), Shown(), HeldBackground()
        queries = cast("BookQueries", None)  # no payment, so nobody's name is asked for
        self.presenter = ConsolePresenter(self.shown, self.controls, queries, self.background, lambda: None)


@pytest.fixture
def console() -> Console:
    return Console()


def test_the_window_does_not_wait_for_a_switch_and_the_last_one_counts(console: Console) -> None:
    console.presenter.reload()
    console.presenter.set_delay(5)
    console.presenter.set_delay(10)
    assert console.controls.delay_s == 0
    console.background.answer_all()
    assert (console.controls.delay_s, console.shown.delays) == (10, [10])


def test_a_practice_stripe_that_is_started_again_is_found_again(console: Console) -> None:
    console.controls.is_gone = True
    console.presenter.reload()
    console.background.answer_all()
    console.controls.is_gone = False
    console.presenter.tick()
    console.background.answer_all()
    assert (console.shown.errors, console.shown.delays) == (["gone"], [0])
