"""The look: contrast computed, both themes whole, fonts bundled, painting and prompts guarded."""

from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMessageBox, QPushButton, QTimeEdit
from pytestqt.qtbot import QtBot
from typing_extensions import override

from inkdesk.domain.bookings import BookingStatus
from inkdesk.ui.common.painting import PaintedWidget
from inkdesk.ui.common.theme import (
    DARK,
    LIGHT,
    Theme,
    apply_theme,
    contrast,
    current_theme,
    load_fonts,
    restyle,
    style_sheet,
)

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


@BOTH
def test_every_text_can_be_read_on_what_it_stands_on(theme: Theme) -> None:
    grounds = (theme.background, theme.surface, theme.raised)
    words = (theme.text, theme.muted, theme.link, theme.error, theme.warning, theme.success)
    pairs = [(word, ground) for word in words for ground in grounds]
    pairs += [(theme.text, ground) for ground in (theme.hover, theme.accent_soft, theme.off_hours, theme.away)]
    pairs += [(theme.muted, ground) for ground in (theme.away, theme.hover, theme.off_hours)]
    pairs += [(theme.text, soft) for soft in (theme.error_soft, theme.warning_soft, theme.success_soft)]
    pairs += [(theme.error, theme.error_soft), (theme.warning, theme.warning_soft), (theme.success, theme.success_soft)]
    pairs += [(theme.accent_text, theme.accent), (theme.accent_text, theme.accent_hover)]
    pairs += [(theme.error_text, theme.error), (theme.leave_text, theme.leave), (theme.now, theme.background)]
    pairs += [(colours.text, colours.fill) for colours in theme.status.values()]
    weak = [(one, other, round(contrast(one, other), 2)) for one, other in pairs if contrast(one, other) < 4.5]
    assert weak == []


@BOTH
def test_frames_marks_and_focus_can_be_seen(theme: Theme) -> None:
    pairs = [(theme.line_strong, theme.surface), (theme.focus, theme.surface), (theme.focus, theme.background)]
    marked = (BookingStatus.REQUESTED, BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW)
    pairs += [(theme.status[status].mark, theme.status[status].fill) for status in marked]
    weak = [(one, other, round(contrast(one, other), 2)) for one, other in pairs if contrast(one, other) < 3]
    assert weak == []


@BOTH
def test_every_status_has_colours_and_no_two_fills_are_alike(theme: Theme) -> None:
    assert set(theme.status) == set(BookingStatus)
    assert len({colours.fill for colours in theme.status.values()}) == len(BookingStatus)


def test_contrast_is_the_standards() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


@BOTH
def test_the_sheet_leaves_no_place_open(theme: Theme) -> None:
    sheet = style_sheet(theme, 10.0)
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    assert theme.accent in sheet


def test_every_colour_is_one_qt_knows() -> None:
    names = [field.name for field in fields(Theme) if field.type is str and field.name != "name"]
    assert all(QColor(getattr(theme, name)).isValid() for theme in (LIGHT, DARK) for name in names)
    assert len(names) > 20


def test_a_theme_is_applied_and_taken_back(qapp: QApplication) -> None:
    apply_theme(qapp, DARK)
    try:
        assert current_theme() is DARK
        assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.background)
    finally:
        apply_theme(qapp, LIGHT)
    assert current_theme() is LIGHT


def test_a_primary_button_is_filled_and_its_text_is_whole(qtbot: QtBot) -> None:
    button = QPushButton("Send the payment link")
    button.setProperty("kind", "primary")
    qtbot.addWidget(button)
    button.show()
    image = button.grab().toImage()
    assert image.pixelColor(button.width() // 2, 4) == QColor(LIGHT.accent)
    assert button.sizeHint().width() >= QFontMetrics(button.font()).horizontalAdvance(button.text()) + 20


def test_a_changed_role_shows_after_restyle(qtbot: QtBot) -> None:
    label = QLabel("The time is taken.")
    qtbot.addWidget(label)
    label.show()
    label.setProperty("role", "error")
    restyle(label)
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(LIGHT.error)


def test_a_spin_box_shows_its_whole_text(qtbot: QtBot) -> None:
    edit = QTimeEdit()
    qtbot.addWidget(edit)
    edit.show()
    line = edit.lineEdit()
    assert line is not None
    assert line.width() >= line.fontMetrics().horizontalAdvance(edit.text())


def test_the_bundled_font_is_small_licensed_and_found(qapp: QApplication) -> None:
    folder = Path(__file__).resolve().parents[3] / "resources" / "fonts"
    assert load_fonts(folder) == "Inter" == qapp.font().family()
    assert (folder / "LICENSE-Inter.txt").read_text(encoding="utf-8").find("OFL-1.1") > 0
    assert sum(path.stat().st_size for path in folder.iterdir()) < 1_500_000


def test_a_folder_without_fonts_is_refused(tmp_path: Path, qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError, match="no readable font"):
        load_fonts(tmp_path)


class _Broken(PaintedWidget):
    @override
    def paint(self, painter: QPainter, exposed: QRect) -> None:
        painter.fillRect(exposed, QColor("blue"))
        raise ZeroDivisionError


def test_a_bug_while_painting_ends_in_a_band_again_and_again(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    widget = _Broken()
    qtbot.addWidget(widget)
    widget.resize(200, 100)
    widget.show()
    for _ in range(3):
        image = widget.grab().toImage()
        assert image.pixelColor(2, 2) == QColor(LIGHT.error_soft)
        assert image.pixelColor(2, 90) == QColor(LIGHT.surface)
    assert "_Broken could not be painted" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_nested_loops_are_refused_in_tests(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    with pytest.raises(AssertionError, match="nested event loop"):
        dialog.exec()
    with pytest.raises(AssertionError, match="nested event loop"):
        QMessageBox.question(dialog, "Sure?", "Really?")
