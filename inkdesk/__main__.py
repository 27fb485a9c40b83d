"""Starts InkDesk: a command without a window, or the window.

The window's few options are read here by ``argparse``, which costs a tenth of what the commands' reader costs, and a
window must be there at once.
"""

import argparse
import gc
import sys
from collections.abc import Sequence
from typing import NoReturn

from typing_extensions import override


class _NotForTheWindow(Exception):
    """The arguments are a command's, a call for help, or wrong: the command line says which."""


class _WindowArguments(argparse.ArgumentParser):
    """Leaves every sentence to the command line, which knows ``--json``."""

    @override
    def error(self, message: str) -> NoReturn:
        raise _NotForTheWindow(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run InkDesk with the program's arguments; the answer is the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    wanted = _window_options(given)
    if wanted is None:
        from inkdesk.cli import main as command_line  # noqa: PLC0415 - the window does not need it

        return command_line(given)
    gc.disable()  # what imports make stays: looking through it again and again costs a tenth of the start
    from inkdesk.app import AppOptions, run  # noqa: PLC0415 - a command must not load Qt

    gc.freeze()
    gc.enable()
    return run(AppOptions(**vars(wanted)))


def _window_options(given: Sequence[str]) -> argparse.Namespace | None:
    try:
        return _window_arguments().parse_args(given)
    except _NotForTheWindow:
        return None


def _window_arguments() -> argparse.ArgumentParser:
    parser = _WindowArguments(add_help=False, allow_abbrev=False)
    parser.add_argument("--practice", action="store_true")
    parser.add_argument("--database")
    parser.add_argument("--practice-port", type=int)
    parser.add_argument("--smoke-test", action="store_true")
    parser.add_argument("--language", choices=("en", "fr"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
