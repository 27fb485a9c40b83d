"""``inkdesk doctor``: one line for each check."""

from collections.abc import Callable

from inkdesk.bootstrap import OpenStudio
from inkdesk.cli.output import Answer, columns
from inkdesk.doctor import Grade, examine


def answer(open_studio: Callable[[], OpenStudio]) -> Answer:
    """Look at everything; the exit code is 1 if anything fails, 0 if there are only warnings."""
    checks = list(examine(open_studio))
    has_failed = any(check.grade is Grade.FAIL for check in checks)
    return Answer(
        [{"check": one.subject, "grade": one.grade.value, "message": one.sentence} for one in checks],
        columns(("", "", ""), [(one.grade.value, one.subject, one.sentence) for one in checks])[1:],
        exit_code=int(has_failed),
    )
