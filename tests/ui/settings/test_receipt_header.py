"""What stands above receipts is the studio's setting."""

from datetime import date

from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot
from support.settings_desk import Desk
from support.settings_forms import errors, input_of

TODAY = date(2026, 11, 23)


def test_the_header_is_kept_in_its_lines(qtbot: QtBot, desk: Desk) -> None:
    section = desk.page.studio
    header = input_of(section, "Receipt text", QPlainTextEdit)
    header.setPlainText(" 1 rue  Verte\n75011 Paris\n\nFR 12 ")
    assert section.is_typed_in()
    with qtbot.waitSignal(desk.feed.changed):
        section.submit()
    assert desk.studio.settings(TODAY).studio.receipt_header == "1 rue Verte\n75011 Paris\n\nFR 12"


def test_a_header_that_is_too_long_is_told_beside_it(desk: Desk) -> None:
    section = desk.page.studio
    input_of(section, "Receipt text", QPlainTextEdit).setPlainText("x" * 101)
    section.submit()
    assert any("at most 10 lines of 100" in sentence for sentence in errors(section))
    assert desk.studio.settings(TODAY).studio.receipt_header == ""
