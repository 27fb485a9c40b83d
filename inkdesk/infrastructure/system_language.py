"""Which language and territory the person's system is set to, asked in each system's own way."""

import subprocess
import sys
from collections.abc import Mapping
from locale import getlocale, windows_locale

NAMELESS = frozenset({"", "C", "POSIX", "C.UTF-8", "C.utf8"})
"""What a system says that was not told where it is."""
ASK_S = 2.0


def system_locale(environment: Mapping[str, str]) -> str:
    """The locale as the system names it, e.g. ``fr_CH.UTF-8`` or ``fr_FR``; "" if it has none."""
    named = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name for name in named if name not in NAMELESS), "") or _platform_locale()


def _platform_locale() -> str:
    """Windows and macOS keep it elsewhere than in the environment."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - the call exists there only

        return windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    if sys.platform == "darwin":
        return _answer_of(["/usr/bin/defaults", "read", "-g", "AppleLocale"])
    found = getlocale()[0] or ""
    return "" if found in NAMELESS else found


def _answer_of(command: list[str]) -> str:
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=ASK_S, check=True)  # noqa: S603 - fixed
    except (OSError, subprocess.SubprocessError):
        return ""
    return run.stdout.strip()
