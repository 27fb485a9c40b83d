"""Running one command: open the studio, do the job, say the answer, close."""

import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass

import typer

from inkdesk.application.text import render, tr
from inkdesk.bootstrap import OpenStudio, PasswordNeeded, PracticeStripe, open_studio, running_practice, speak
from inkdesk.cli.output import Answer, say, say_error
from inkdesk.domain.errors import InkDeskError
from inkdesk.infrastructure.files import read_preferences, user_places


@dataclass(frozen=True, slots=True)
class Wanted:
    """What holds for any command, said before or after it."""

    database: str | None
    as_json: bool
    practice_port: int | None

    def practice(self) -> Callable[[], PracticeStripe] | None:
        """How to reach a practice Stripe, if one was named."""
        port = self.practice_port
        return None if port is None else lambda: running_practice(port)


def run(
    context: typer.Context,
    database: str | None,
    job: Callable[[OpenStudio], Answer],
    *,
    as_json: bool,
    must_exist: bool = True,
) -> int:
    """Open, do the job in the studio's language and zone, say the answer, close."""
    wanted = wanted_of(context, database, as_json=as_json)
    preferences = read_preferences(user_places().preferences)
    speak(preferences)
    try:
        opened = open_wanted(wanted, must_exist=must_exist)
        try:
            studio = opened.services.studio.find()
            if studio is not None:
                speak(preferences, studio.zone)
            answer = job(opened)
        finally:
            opened.close()
    except InkDeskError as failure:
        return say_error(failure, as_json=wanted.as_json)
    return say(answer, as_json=wanted.as_json)


def wanted_of(context: typer.Context, database: str | None, *, as_json: bool) -> Wanted:
    """What was said before the command and after it; after it counts."""
    before: Wanted = context.obj
    return Wanted(database or before.database, as_json or before.as_json, before.practice_port)


def open_wanted(wanted: Wanted, *, must_exist: bool) -> OpenStudio:
    """Open the studio; a database that wants a password gets the one that is typed, if somebody is there to type."""
    try:
        return open_studio(wanted.database, must_exist=must_exist, practice=wanted.practice())
    except PasswordNeeded as needed:
        if wanted.as_json or sys.stdin is None or not sys.stdin.isatty():
            raise
        typed = getpass.getpass(f"{render(needed.message)} {tr('Password:')} ")
        return open_studio(wanted.database, password=typed, must_exist=must_exist, practice=wanted.practice())
