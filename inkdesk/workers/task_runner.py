"""Runs reads in parallel and writes one after the other; answers arrive in the window's thread."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from inkdesk.domain.errors import ErrorCode, InkDeskError
from inkdesk.domain.message import message

T = TypeVar("T")
log = logging.getLogger(__name__)
READERS = 2


@dataclass(frozen=True, slots=True)
class _Job:
    owner: QObject
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[InkDeskError], None]


@dataclass(frozen=True, slots=True)
class _Answer:
    job: _Job
    result: Any
    error: InkDeskError | None


class TaskRunner(QObject):
    """Owns one writer thread and a few reader threads. Lives in the window's thread.

    ``stop`` lets the job in hand finish, drops what waits, and joins within its time-out.
    """

    _answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reads: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._writes: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._threads = [
            threading.Thread(target=self._serve, args=(self._writes,), name="inkdesk-writer", daemon=True),
            *(
                threading.Thread(target=self._serve, args=(self._reads,), name=f"inkdesk-reader-{n}", daemon=True)
                for n in range(READERS)
            ),
        ]
        for thread in self._threads:
            thread.start()

    def of(self, owner: QObject) -> "OwnedRunner":
        """The runner for one page or dialog: its answers are dropped when ``owner`` is gone."""
        return OwnedRunner(self, owner)

    def submit(self, job: _Job, *, writes: bool) -> None:
        """Queue one job; after ``stop`` it is dropped."""
        (self._writes if writes else self._reads).put(job)

    def stop(self, timeout_s: float = 5.0) -> bool:
        """End all threads; False if one is still busy after ``timeout_s`` (it is a daemon and dies with us)."""
        self._stopping.set()
        self._writes.put(None)
        for _ in range(READERS):
            self._reads.put(None)
        deadline = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _serve(self, jobs: "queue.SimpleQueue[_Job | None]") -> None:
        while (job := jobs.get()) is not None:
            if self._stopping.is_set():
                return
            answer = _run(job)
            if not self._stopping.is_set():
                self._answered.emit(answer)

    @Slot(object)
    def _deliver(self, answer: _Answer) -> None:
        if not shiboken6.isValid(answer.job.owner):
            return
        if answer.error is not None:
            answer.job.failed(answer.error)
        else:
            answer.job.done(answer.result)


class OwnedRunner:
    """A ``Background`` whose answers belong to one Qt object."""

    def __init__(self, runner: TaskRunner, owner: QObject) -> None:
        self._runner = runner
        self._owner = owner

    def read(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[InkDeskError], None]) -> None:
        """Run work that only reads; several may run at once."""
        self._runner.submit(_Job(self._owner, work, done, failed), writes=False)

    def write(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[InkDeskError], None]) -> None:
        """Run work that writes; one after the other."""
        self._runner.submit(_Job(self._owner, work, done, failed), writes=True)


def _run(job: _Job) -> _Answer:
    try:
        return _Answer(job, job.work(), None)
    except InkDeskError as error:
        return _Answer(job, None, error)
    except Exception:
        log.exception("a background task failed")
        return _Answer(job, None, internal_error())


def internal_error() -> InkDeskError:
    """What a person sees of a bug."""
    return InkDeskError(
        ErrorCode.INTERNAL_ERROR,
        message("InkDesk made a mistake, and nothing was saved. Try again; inkdesk doctor shows where the log lies."),
    )
