"""Runs reads in parallel, writes in order, calls beside both; answers arrive in the window's thread."""

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
    """Owns one writer thread, a few reader threads, and as many callers as there were calls at once.

    Lives in the window's thread. ``stop`` lets the job in hand finish, drops what waits, and joins within its time-out.
    """

    _answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reads: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._writes: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._calls: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._idle_callers = threading.Semaphore(0)
        self._stopping = threading.Event()
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._threads: list[threading.Thread] = []
        self._callers = 0
        self._start(self._writes, "inkdesk-writer")
        for number in range(READERS):
            self._start(self._reads, f"inkdesk-reader-{number}")

    def of(self, owner: QObject) -> "OwnedRunner":
        """The runner for one page or dialog: its answers are dropped when ``owner`` is gone."""
        return OwnedRunner(self, owner)

    def read(self, job: _Job) -> None:
        """Queue a job that reads; after ``stop`` it is dropped."""
        self._reads.put(job)

    def write(self, job: _Job) -> None:
        """Queue a job that writes; after ``stop`` it is dropped."""
        self._writes.put(job)

    def call(self, job: _Job) -> None:
        """Begin a job that may wait for somebody else, in a thread that has nothing to do; after ``stop`` drop it."""
        if self._stopping.is_set():
            return
        if not self._idle_callers.acquire(blocking=False):
            self._start(self._calls, f"inkdesk-caller-{self._callers}")
            self._callers += 1
        self._calls.put(job)

    def stop(self, timeout_s: float = 5.0) -> bool:
        """End all threads; False if one is still busy after ``timeout_s`` (it is a daemon and dies with us)."""
        self._stopping.set()
        self._writes.put(None)
        for _ in range(READERS):
            self._reads.put(None)
        for _ in range(self._callers):
            self._calls.put(None)
        deadline = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _start(self, jobs: "queue.SimpleQueue[_Job | None]", name: str) -> None:
        thread = threading.Thread(target=self._serve, args=(jobs,), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self, jobs: "queue.SimpleQueue[_Job | None]") -> None:
        while (job := jobs.get()) is not None:
            if self._stopping.is_set():
                return
            answer = _run(job)
            if jobs is self._calls:
                self._idle_callers.release()
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
        self._runner.read(_Job(self._owner, work, done, failed))

    def write(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[InkDeskError], None]) -> None:
        """Run work that writes; one after the other."""
        self._runner.write(_Job(self._owner, work, done, failed))

    def call(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[InkDeskError], None]) -> None:
        """Run work that may wait for somebody else, beside all other work."""
        self._runner.call(_Job(self._owner, work, done, failed))


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
