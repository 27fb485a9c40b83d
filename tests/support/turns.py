"""Two desks on one PostgreSQL whose units of work cross: the second comes while the first holds its locks."""

from collections.abc import Callable
from threading import Event, Thread, current_thread

import pytest
from sqlalchemy import ExceptionContext, event, text

from inkdesk.infrastructure.db.database import Database

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
DEADLOCK = "40P01"


def crossed(
    database: Database,
    patch: pytest.MonkeyPatch,
    pause: tuple[type, str],
    first: Callable[[], object],
    second: Callable[[], object],
) -> list[object]:
    """Answers or errors of two desks. The first stops after its first call of the method ``pause`` of a repository.

    It goes on when the second waits for a lock, or has finished.
    """
    answers: list[object] = [None, None]
    holds, go = Event(), Event()

    def run(number: int, work: Callable[[], object]) -> Callable[[], None]:
        def running() -> None:
            try:
                answers[number] = work()
            except BaseException as error:  # noqa: BLE001 - handed to the test
                answers[number] = error
            finally:
                if number == 0:
                    holds.set()

        return running

    threads = [Thread(target=run(0, first)), Thread(target=run(1, second))]
    _stop_after(patch, pause, threads[0], holds, go)
    threads[0].start()
    assert holds.wait(30)
    threads[1].start()
    while threads[1].is_alive() and not _is_waiting(database):
        threads[1].join(0.01)
    go.set()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return answers


def failures(database: Database) -> list[str]:
    """The codes of all errors that PostgreSQL tells this desk from now on, as they come."""
    seen: list[str] = []

    def note(context: ExceptionContext) -> None:
        seen.append(getattr(context.original_exception, "sqlstate", None) or "")

    event.listen(database._engine, "handle_error", note, insert=True)
    return seen


def _stop_after(patch: pytest.MonkeyPatch, pause: tuple[type, str], thread: Thread, holds: Event, go: Event) -> None:
    owner, name = pause
    original = getattr(owner, name)

    def stopping(self: object, *args: object, **kwargs: object) -> object:
        answer = original(self, *args, **kwargs)
        if current_thread() is thread and not holds.is_set():
            holds.set()
            assert go.wait(30)
        return answer

    patch.setattr(owner, name, stopping)


def _is_waiting(database: Database) -> bool:
    with database._engine.connect() as connection:
        return bool(connection.execute(_WAITING).scalar_one())
