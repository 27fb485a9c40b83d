"""The look of the whole program: two themes, one palette and one style sheet.

Widgets stay plain Qt widgets; what they are is said by a dynamic property, set before they are first shown:

* ``QPushButton``/``QToolButton``: ``kind`` = ``primary`` (the one main action of a dialog), ``danger`` (destroys
  something), ``quiet`` (no frame until hovered). Without it: a secondary button.
* ``QLabel``: ``role`` = ``title``, ``heading``, ``muted``, ``error``, ``warning``, ``success``, ``code``.
* ``QFrame``: ``panel`` = ``card`` (raised surface), ``info``, ``error``, ``warning``, ``success`` (coloured notice).
* ``QLineEdit``, ``QComboBox``, spin and date edits, ``QPlainTextEdit``: ``invalid`` = ``True`` frames a bad field red;
  call ``restyle(widget)`` after changing any property of a visible widget.
* ``QListWidget#navigation`` is the main window's side bar, ``#sections`` that of a page (``ensurePolished()`` before
  a row is selected); ``QWidget#toolbar`` a page's tool row.

A meaning is never colour alone: a notice says it in words, a status has a mark besides its fill.
Colours are ``#rrggbb``; every text colour has a contrast of at least 4.5 on what it is shown on (tested).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from string import Template
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from inkdesk.domain.bookings import BookingStatus
from inkdesk.ui.common.sheet import SHEET


class StatusColours(NamedTuple):
    """How a booking of one status is painted; ``mark`` draws its hatch, dashes and ticks over ``fill``."""

    fill: str
    text: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Every colour the program uses, by what it means."""

    name: str
    is_dark: bool
    background: str
    surface: str
    raised: str
    hover: str
    text: str
    muted: str
    line: str
    line_strong: str
    accent: str
    accent_hover: str
    accent_text: str
    accent_soft: str
    link: str
    focus: str
    error: str
    error_soft: str
    error_text: str
    warning: str
    warning_soft: str
    success: str
    success_soft: str
    disabled: str
    off_hours: str
    away: str
    leave: str
    leave_text: str
    grid: str
    now: str
    status: Mapping[BookingStatus, StatusColours]

    @property
    def group(self) -> StatusColours:
        """How a group sitting is painted: a frame on plain ground, unlike any status."""
        return StatusColours(self.raised, self.text, self.accent)


_S = BookingStatus

# Fills are Paul Tol's "pale" and "dark" qualitative schemes, made to sit behind text and safe for colour-blind eyes.
LIGHT = Theme(
    name="light",
    is_dark=False,
    background="#f3f4f7",
    surface="#ffffff",
    raised="#ffffff",
    hover="#e9ebf0",
    text="#1c2026",
    muted="#59616d",
    line="#dcdfe5",
    line_strong="#868e9a",
    accent="#3b4cb8",
    accent_hover="#2f3d99",
    accent_text="#ffffff",
    accent_soft="#e6e9fa",
    link="#3445ad",
    focus="#3b4cb8",
    error="#b3261e",
    error_soft="#fbe9e7",
    error_text="#ffffff",
    warning="#855100",
    warning_soft="#fdf2dc",
    success="#1b6b3f",
    success_soft="#e3f4e9",
    disabled="#8d95a1",
    off_hours="#eef0f3",
    away="#e2e5ea",
    leave="#e9e4f1",
    leave_text="#54456f",
    grid="#e3e6eb",
    now="#c62f4b",
    status={
        _S.REQUESTED: StatusColours("#d3def5", "#20264f", "#4a5a9c"),
        _S.PENDING_PAYMENT: StatusColours("#f3edbd", "#3b3a14", "#a39a4b"),
        _S.CONFIRMED: StatusColours("#cfe3b4", "#1d3a1d", "#3c6b2f"),
        _S.COMPLETED: StatusColours("#d2eefa", "#16404a", "#2d7385"),
        _S.NO_SHOW: StatusColours("#fbcfcf", "#5b2323", "#a04040"),
        _S.CANCELLED: StatusColours("#e4e6e9", "#4f565f", "#6b737d"),
        _S.LAPSED: StatusColours("#eceae4", "#5a554a", "#7c7666"),
    },
)

DARK = Theme(
    name="dark",
    is_dark=True,
    background="#17191d",
    surface="#1f2227",
    raised="#282c33",
    hover="#2f343c",
    text="#e8eaee",
    muted="#a5adb9",
    line="#343941",
    line_strong="#747d8a",
    accent="#5364d6",
    accent_hover="#4456c9",
    accent_text="#ffffff",
    accent_soft="#2b3261",
    link="#a3b0ff",
    focus="#92a1ff",
    error="#ff9a92",
    error_soft="#46211f",
    error_text="#2b0a08",
    warning="#f3c06b",
    warning_soft="#40301a",
    success="#83d6a2",
    success_soft="#1c3a28",
    disabled="#6d7580",
    off_hours="#191b1f",
    away="#131417",
    leave="#2f2941",
    leave_text="#cfc2ea",
    grid="#2c3037",
    now="#ff7089",
    status={
        _S.REQUESTED: StatusColours("#2d3566", "#dfe5ff", "#8e9be0"),
        _S.PENDING_PAYMENT: StatusColours("#55522a", "#f7f1c4", "#938d4d"),
        _S.CONFIRMED: StatusColours("#2a5630", "#dff3d6", "#8cc98a"),
        _S.COMPLETED: StatusColours("#22505a", "#d3f0f7", "#7cbdcc"),
        _S.NO_SHOW: StatusColours("#6a3236", "#ffdfdf", "#e08f8f"),
        _S.CANCELLED: StatusColours("#34383e", "#b6bcc5", "#868e99"),
        _S.LAPSED: StatusColours("#38352d", "#c2bba9", "#8d8672"),
    },
)


@dataclass(slots=True)
class _Active:
    theme: Theme


_active = _Active(LIGHT)


def current_theme() -> Theme:
    """The theme applied last; painted widgets read it when they get a ``PaletteChange``."""
    return _active.theme


def system_theme(app: QApplication) -> Theme:
    """The theme that matches the desktop's light or dark setting."""
    return DARK if app.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole program ``theme``: Fusion, palette and style sheet; windows already open change at once."""
    _active.theme = theme
    app.setStyle("Fusion")
    app.setPalette(palette(theme))
    for ticked in ("QCheckBox", "QRadioButton"):
        # PySide 6.11 takes str here and nothing else; its type stub says bytes.
        app.setPalette(_tick_palette(theme), ticked)  # type: ignore[arg-type]
    app.setStyleSheet(style_sheet(theme, app.font().pointSizeF()))


def load_fonts(folder: Path) -> str:
    """Register the bundled fonts of ``folder`` (resources/fonts) and return their family.

    Raises FileNotFoundError if there is none or Qt cannot read one.
    """
    families = set[str]()
    for path in sorted(folder.glob("*.otf")):
        families.update(QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path))))
    if not families:
        raise FileNotFoundError(f"no readable font in {folder}")
    return min(families, key=len)


def use_font(app: QApplication, family: str, *, point_size: float = 10.0) -> None:
    """Show all text in ``family``; the system's fonts still serve the scripts it lacks."""
    font = QFont(family)
    font.setPointSizeF(point_size)
    app.setFont(font)


def restyle(widget: QWidget) -> None:
    """Show a changed dynamic property: Qt reads them only when a widget is polished."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two ``#rrggbb`` colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def palette(theme: Theme) -> QPalette:
    """The palette for everything the style sheet leaves to Fusion."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.background,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.background,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.error,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.accent_text,
        role.Accent: theme.accent,
        role.Link: theme.link,
        role.LinkVisited: theme.link,
        role.PlaceholderText: theme.muted,
        role.Light: theme.raised,
        role.Midlight: theme.hover,
        role.Mid: theme.line,
        role.Dark: theme.line_strong,
        role.Shadow: theme.line_strong,
    }
    made = QPalette()
    for which, colour in colours.items():
        made.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.disabled))
    return made


def _tick_palette(theme: Theme) -> QPalette:
    # Fusion outlines a tick box with the window's colour darkened by 140 %, which nobody sees on a dark window.
    made = palette(theme)
    made.setColor(QPalette.ColorRole.Window, QColor(theme.line_strong).lighter(140))
    return made


def style_sheet(theme: Theme, base_pt: float) -> str:
    """The style sheet of ``theme``; text sizes grow from ``base_pt`` (points), the program's ordinary size."""
    colours = {field.name: getattr(theme, field.name) for field in fields(theme) if field.type is str}
    sizes = {"small": base_pt * 0.9, "heading": base_pt * 1.15, "title": base_pt * 1.5}
    return Template(SHEET).substitute(colours | {name: f"{size:.1f}pt" for name, size in sizes.items()})
