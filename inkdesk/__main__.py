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

_WITH_VALUE = ("--database", "--practice-port", "--language")
_WINDOW_ONLY = ("--practice", "--smoke-test", "--language")


class _NotForTheWindow(Exception):
    """The arguments are a command's, a call for help, or wrong; says what is wrong if they are the window's."""


class _WindowArguments(argparse.ArgumentParser):
    """Prints nothing itself: the command line does, which knows ``--json``."""

    @override
    def error(self, message: str) -> NoReturn:
        raise _NotForTheWindow(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run InkDesk with the program's arguments; the answer is the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    wanted = _window_options(given)
    if isinstance(wanted, str):
        return _without_window(given, wanted)
    gc.disable()  # what imports make stays: looking through it again and again costs a tenth of the start
    from inkdesk.app import AppOptions, run  # noqa: PLC0415 - a command must not load Qt

    gc.freeze()
    gc.enable()
    return run(AppOptions(**vars(wanted)))


def _window_options(given: Sequence[str]) -> argparse.Namespace | str:
    """The window's options, or why the arguments are something else."""
    try:
        return _window_arguments().parse_args(given)
    except _NotForTheWindow as wrong:
        return str(wrong)


def _without_window(given: Sequence[str], wrong: str) -> int:
    """Run the command, or say what is ``wrong`` with the window's options."""
    from inkdesk import cli  # noqa: PLC0415 - the window does not need it

    if not _is_for_window(given):
        return cli.main(given)
    if {"-h", "--help"} & set(given):
        return cli.main(["--help"])
    return cli.refuse(wrong[:1].upper() + wrong[1:], as_json="--json" in given)


def _is_for_window(given: Sequence[str]) -> bool:
    """Whether an option that only the window has stands before any command."""
    words = iter(given)
    for word in words:
        if word.partition("=")[0] in _WINDOW_ONLY:
            return True
        if not word.startswith("-"):
            return False
        if word in _WITH_VALUE:
            next(words, None)
    return False


def _port(typed: str) -> int:
    if typed.isascii() and typed.isdigit() and len(typed) <= 5 and 1 <= int(typed) <= 65535:
        return int(typed)
    raise argparse.ArgumentTypeError(f"{typed} is not a port, a number from 1 to 65535")


def _window_arguments() -> argparse.ArgumentParser:
    parser = _WindowArguments(add_help=False, allow_abbrev=False)
    parser.add_argument("--practice", action="store_true")
    parser.add_argument("--database")
    parser.add_argument("--practice-port", type=_port)
    parser.add_argument("--smoke-test", action="store_true")
    parser.add_argument("--language", choices=("en", "fr"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
