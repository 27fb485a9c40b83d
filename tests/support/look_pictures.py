"""Pictures of the ways to look and to find: a month, four weeks as a list, every key, the line that finds anything."""

from collections.abc import Iterator

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from inkdesk.ui.keys.dialog import KeysDialog
from inkdesk.ui.main_window import MainWindow
from inkdesk.ui.palette.dialog import PaletteDialog
from inkdesk.ui.palette.kinds import DATES, EVERYTHING
from support.plan_pictures import wait

SIZES = {"": (1360, 840), "-small": (900, 600)}


def looking(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    """The further views in both sizes, the map of keys, and what a few typed letters find."""
    for mark, size in SIZES.items():
        window.resize(*size)
        window.calendar.month.click()
        yield f"month{mark}", window
        window.calendar.agenda.click()
        yield f"agenda{mark}", window
    window.resize(*SIZES[""])
    window.calendar.week.click()
    window.show_keys()
    (keys,) = [one for one in window.findChildren(KeysDialog) if one.isVisible()]
    yield "keys", keys
    keys.close()
    for name, kinds, typed in (("palette", EVERYTHING, "ma"), ("palette-dates", DATES, "+10")):
        palette = window.open_palette(kinds)
        assert isinstance(palette, PaletteDialog)
        QTest.keyClicks(palette.line, typed)
        wait(lambda palette=palette: palette.list.topLevelItemCount() > 0, "what was found")  # type: ignore[misc]
        yield name, palette
        palette.close()
