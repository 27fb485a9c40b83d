"""The runner: order of writes, answers in the window's thread, nothing after the page or the runner is gone."""

import logging
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from inkdesk.domain.errors import ErrorCode, InkDeskError, ValidationError
from inkdesk.domain.message import message
from inkdesk.workers.task_runner import TaskRunner


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    assert runner.stop()


def no_result(result: object) -> None:
    pytest.fail(f"answered {result!r}")


def no_error(error: InkDeskError) -> None:
    pytest.fail(f"failed: {error}")


def test_answers_arrive_in_the_asking_thread_and_work_runs_elsewhere(qtbot: QtBot, runner: TaskRunner) -> None:
    owner = QObject()
    seen: list[tuple[str, bool]] = []
    here = threading.current_thread()

    def work() -> str:
        return threading.current_thread().name

    def done(name: str) -> None:
        seen.append((name, threading.current_thread() is here))

    runner.of(owner).read(work, done, no_error)
    runner.of(owner).write(work, done, no_error)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert {name.rstrip("01") for name, _ in seen} == {"inkdesk-reader-", "inkdesk-writer"}
    assert all(is_here for _, is_here in seen)


def test_writes_run_one_after_the_other_in_order(qtbot: QtBot, runner: TaskRunner) -> None:
    owner = QObject()
    log: list[str] = []
    answers: list[int] = []

    def work(number: int) -> int:
        log.append(f"begin {number}")
        log.append(f"end {number}")
        return number

    for number in range(50):
        runner.of(owner).write(lambda number=number: work(number), answers.append, no_error)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(answers) == 50)
    assert answers == list(range(50))
    assert log == [f"{what} {number}" for number in range(50) for what in ("begin", "end")]


def test_known_errors_arrive_and_bugs_are_logged_and_hidden(
    qtbot: QtBot, runner: TaskRunner, caplog: pytest.LogCaptureFixture
) -> None:
    owner = QObject()
    errors: list[InkDeskError] = []

    def refuse() -> None:
        raise ValidationError(message("Too short."), field="name")

    def bug() -> None:
        raise KeyError("secret detail")

    with caplog.at_level(logging.ERROR):
        runner.of(owner).write(refuse, no_result, errors.append)
        runner.of(owner).write(bug, no_result, errors.append)
        qtbot.waitUntil(lambda: len(errors) == 2)
    assert [(error.code, error.field) for error in errors] == [
        (ErrorCode.VALIDATION, "name"),
        (ErrorCode.INTERNAL_ERROR, ""),
    ]
    assert "secret detail" not in str(errors[1])
    assert "secret detail" in caplog.text


def test_answers_for_a_page_that_is_gone_are_dropped(qtbot: QtBot, runner: TaskRunner) -> None:
    gone, stays = QObject(), QObject()
    release = threading.Event()
    answers: list[str] = []

    def wait() -> str:
        assert release.wait(10)
        return "late"

    runner.of(gone).write(wait, answers.append, no_error)
    runner.of(stays).write(lambda: "kept", answers.append, no_error)
    gone.deleteLater()
    del gone
    qtbot.waitUntil(lambda: True)
    release.set()
    qtbot.waitUntil(lambda: "kept" in answers)
    assert answers == ["kept"]


def test_stop_reports_a_thread_that_does_not_end(qtbot: QtBot) -> None:
    runner = TaskRunner()
    owner = QObject()
    release, began = threading.Event(), threading.Event()

    def stuck() -> None:
        began.set()
        assert release.wait(10)

    runner.of(owner).read(stuck, no_result, no_error)
    assert began.wait(10)
    assert not runner.stop(timeout_s=0.05)
    release.set()
    assert runner.stop()


def test_a_call_that_hangs_keeps_no_read_write_or_other_call_waiting(qtbot: QtBot, runner: TaskRunner) -> None:
    owner, release = QObject(), threading.Event()
    answers: list[str] = []

    def hang() -> str:
        assert release.wait(10)
        return "late"

    for _ in range(5):
        runner.of(owner).call(hang, answers.append, no_error)
    runner.of(owner).write(lambda: "written", answers.append, no_error)
    runner.of(owner).read(lambda: "read", answers.append, no_error)
    runner.of(owner).call(lambda: "called", answers.append, no_error)
    qtbot.waitUntil(lambda: len(answers) == 3)
    assert set(answers) == {"written", "read", "called"}
    release.set()
    qtbot.waitUntil(lambda: len(answers) == 8)
    assert answers[3:] == ["late"] * 5


def test_calls_one_after_the_other_share_a_thread(qtbot: QtBot, runner: TaskRunner) -> None:
    owner = QObject()
    names: list[str] = []
    for number in range(1, 6):
        runner.of(owner).call(lambda: threading.current_thread().name, names.append, no_error)
        qtbot.waitUntil(lambda number=number: len(names) == number)  # type: ignore[misc]
    assert names == ["inkdesk-caller-0"] * 5


def test_stop_leaves_a_call_that_hangs_and_begins_no_other(qtbot: QtBot) -> None:
    runner, owner = TaskRunner(), QObject()
    release, began = threading.Event(), threading.Event()

    def stuck() -> None:
        began.set()
        assert release.wait(10)

    runner.of(owner).call(stuck, no_result, no_error)
    assert began.wait(10)
    assert not runner.stop(timeout_s=0.05)
    runner.of(owner).call(lambda: pytest.fail("begun after the end"), no_result, no_error)
    release.set()
    assert runner.stop()
