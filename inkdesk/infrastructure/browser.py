"""Opening a page in the person's own browser."""

import logging
import subprocess
import sys
import webbrowser
from collections.abc import Mapping
from shutil import which

_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment as it was before a frozen build put its own libraries in front.

    PyInstaller keeps the old value beside it: https://pyinstaller.org/en/stable/runtime-information.html
    """
    clean = dict(environment)
    for name in _LIBRARY_PATHS:
        before = clean.pop(f"{name}_ORIG", None)
        if before is not None:
            clean[name] = before
        elif getattr(sys, "frozen", False):
            clean.pop(name, None)
    return clean


def open_url(url: str, environment: Mapping[str, str]) -> bool:
    """Show ``url`` in the browser; False if none could be started, then the link must be shown.

    Only http and https addresses are opened, and mailto ones in the person's e-mail program.
    """
    if not url.startswith(("https://", "http://", "mailto:")):
        return False
    opener = which("xdg-open", path=environment.get("PATH")) if sys.platform == "linux" else None
    try:
        if opener is not None and _has_display(environment):
            return _start([opener, url], clean_environment(environment))
        return _is_graphical(environment) and webbrowser.open(url)  # noqa: TID251 - this is the port
    except (OSError, webbrowser.Error):
        logging.getLogger(__name__).warning("no browser could be started", exc_info=True)
        return False


def _start(command: list[str], environment: Mapping[str, str]) -> bool:
    """Run the opener and believe it once it ends well or goes on running."""
    opener = subprocess.Popen(  # noqa: S603 - a program of the platform and an http address, no shell
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return opener.wait(timeout=5) == 0
    except subprocess.TimeoutExpired:
        # It has become the browser itself and lives on without us; its end is nobody's business here.
        opener.returncode = 0
        return True


def _has_display(environment: Mapping[str, str]) -> bool:
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def _is_graphical(environment: Mapping[str, str]) -> bool:
    """A browser of the terminal would take the terminal over, so without a screen there is none."""
    return sys.platform in {"win32", "darwin"} or _has_display(environment)
