"""Opens the line that finds everything, and does what was found."""

from typing import TYPE_CHECKING

from inkdesk.domain.clients import Client
from inkdesk.ui.common.actions import ACTIONS, Where
from inkdesk.ui.common.key_press import native
from inkdesk.ui.common.keymap import KeyMap
from inkdesk.ui.desk import Desk
from inkdesk.ui.palette.dialog import PaletteDialog
from inkdesk.ui.palette.kinds import Kind
from inkdesk.ui.palette.presenter import Doing, Hit

if TYPE_CHECKING:
    from inkdesk.ui.main_window import MainWindow


def open_palette(window: "MainWindow", desk: Desk, keymap: KeyMap, kinds: frozenset[Kind]) -> PaletteDialog:
    """Show the line that finds these kinds."""
    here = [one for one in ACTIONS if one.where is Where.CALENDAR or window.actions_by_name.named(one.name)]
    doings = [Doing(one.name, one.words(), ", ".join(map(native, keymap.keys(one.name)[:1]))) for one in here]
    dialog = PaletteDialog(
        desk.services.queries,
        desk.runner.of(window),
        doings,
        today=window.calendar.presenter.today,
        kinds=kinds,
        parent=window,
    )
    dialog.chosen.connect(lambda hit: do_hit(window, hit))
    dialog.show()
    return dialog


def do_hit(window: "MainWindow", hit: Hit) -> None:
    """Do the action, go to the date or the booking, or book for the client."""
    what = hit.what
    if isinstance(what, str):
        action = window.actions_by_name.named(what)
        if action is not None:
            action.trigger()
        else:
            window.show_page("calendar")
            window.calendar.do(what)
    elif isinstance(what, Client):
        window.dialogs.book(None, None, what)
    else:
        window.show_place(what)
