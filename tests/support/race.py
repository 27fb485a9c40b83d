"""Several desks at once: threads that start each step together."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import TypeVar

T = TypeVar("T")


def at_once(desks: int, work: Callable[[int, Barrier], T]) -> list[T | BaseException]:
    """Run ``work(number, barrier)`` in so many threads; answers or errors by number."""
    barrier = Barrier(desks, timeout=30)
    answers: list[T | BaseException | None] = [None] * desks

    def run(number: int) -> None:
        try:
            answers[number] = work(number, barrier)
        except BaseException as error:  # noqa: BLE001 - handed to the test
            answers[number] = error

    threads = [Thread(target=run, args=(number,)) for number in range(desks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if any(thread.is_alive() for thread in threads):
        raise AssertionError("a desk hangs")
    return [answer for answer in answers if answer is not None]


def winners(answers: Sequence[object]) -> int:
    """How many desks were answered without an error."""
    return sum(not isinstance(answer, BaseException) for answer in answers)
