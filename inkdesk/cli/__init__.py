"""The command line: the same use cases as the window, without a window."""

from inkdesk.cli.commands import main, refuse

__all__ = ["main", "refuse"]
