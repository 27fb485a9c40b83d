"""The style sheet of the whole program, a ``string.Template`` over the theme's colours and three text sizes.

Arrows are triangles made of borders: they take the theme's colours and need no picture files. A styled spin box drops
its left padding in Qt 6.11, so its numbers stand right, beside the arrows. A choice keeps its padding above and below
in focus: Qt leaves its open list as many pixels too low as that shrinks, and then one row and an arrow stand for two.
"""

SHEET = """
QToolTip { background: $raised; color: $text; border: 1px solid $line_strong; padding: 4px 6px; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: $title; font-weight: 600; }
QLabel[role="heading"] { font-size: $heading; font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="error"] { color: $error; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="success"] { color: $success; }
QLabel[role="code"] { font-family: monospace; background: $hover; border-radius: 4px; padding: 4px 6px; }

QFrame[panel] { border: 1px solid $line; border-radius: 8px; }
QFrame[panel="card"] { background: $surface; }
QFrame[panel="info"] { background: $accent_soft; border-color: $accent; }
QFrame[panel="error"] { background: $error_soft; border-color: $error; }
QFrame[panel="warning"] { background: $warning_soft; border-color: $warning; }
QFrame[panel="success"] { background: $success_soft; border-color: $success; }

QPushButton, QToolButton {
    background: $raised; color: $text; border: 1px solid $line_strong; border-radius: 6px;
    padding: 6px 13px; min-height: 18px; outline: none;
}
QToolButton { padding: 6px 9px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked, QPushButton:checked {
    background: $accent_soft; border-color: $accent; }
QPushButton:focus, QToolButton:focus { border: 2px solid $focus; padding: 5px 12px; }
QToolButton:focus { padding: 5px 8px; }
QPushButton:disabled, QToolButton:disabled { background: $background; color: $disabled; border-color: $line; }
QPushButton[kind="primary"], QPushButton:default {
    background: $accent; color: $accent_text; border-color: $accent; font-weight: 600; }
QPushButton[kind="primary"]:hover, QPushButton:default:hover { background: $accent_hover; }
QPushButton[kind="primary"]:focus, QPushButton:default:focus { border: 2px solid $text; }
QPushButton[kind="danger"] { color: $error; border-color: $error; }
QPushButton[kind="danger"]:default { background: $error; color: $error_text; }
QPushButton[kind="danger"]:focus { border: 2px solid $error; }
QPushButton[kind="danger"]:disabled { color: $disabled; border-color: $line; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus { border-color: $focus; }
QPushButton[kind="menu"] { padding-right: 24px; }
QPushButton[kind="menu"]:focus { padding-right: 23px; }
QPushButton::menu-indicator {
    image: none; width: 0; height: 0; border-left: 4px solid $raised; border-right: 4px solid $raised;
    border-top: 5px solid $muted; subcontrol-origin: padding; subcontrol-position: right center; right: 8px; }
QPushButton[kind="primary"]:disabled, QPushButton:default:disabled {
    background: $hover; color: $disabled; border-color: $line; }

QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QTextEdit {
    background: $surface; color: $text; border: 1px solid $line_strong; border-radius: 6px;
    selection-background-color: $accent; selection-color: $accent_text;
}
QLineEdit, QComboBox { padding: 5px 8px; min-height: 20px; }
QComboBox:!editable { padding-left: 10px; }
QAbstractSpinBox { padding: 4px 24px 3px 4px; min-height: 20px; }
QPlainTextEdit, QTextEdit { padding: 3px 5px; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border: 2px solid $focus; }
QLineEdit:focus { padding: 4px 7px; }
QComboBox:focus { padding: 5px 7px; min-height: 18px; }
QComboBox:!editable:focus { padding-left: 9px; }
QAbstractSpinBox:focus { padding: 3px 23px 2px 3px; }
QPlainTextEdit:focus, QTextEdit:focus { padding: 2px 4px; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled, QPlainTextEdit:disabled, QTextEdit:disabled {
    background: $background; color: $disabled; border-color: $line; }
QLineEdit > QToolButton { border: none; background: transparent; padding: 0; min-height: 0; }
QLineEdit:read-only { background: $background; }
QLineEdit[invalid="true"], QComboBox[invalid="true"], QAbstractSpinBox[invalid="true"],
QPlainTextEdit[invalid="true"] { border: 2px solid $error; }
QComboBox QLineEdit, QAbstractSpinBox QLineEdit {
    border: none; background: transparent; padding: 0; margin: 0; min-height: 0; }
QDateEdit { padding-left: 8px; }
QDateEdit:focus { padding-left: 7px; }
QComboBox::drop-down, QDateTimeEdit::drop-down {
    border: none; width: 22px; subcontrol-origin: padding; subcontrol-position: right center; }
QComboBox::down-arrow, QDateTimeEdit::down-arrow {
    image: none; width: 0; height: 0; border-left: 4px solid $surface; border-right: 4px solid $surface;
    border-top: 5px solid $muted; }
QSpinBox, QDoubleSpinBox, QTimeEdit { qproperty-alignment: 'AlignRight | AlignVCenter'; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QTimeEdit::up-button {
    border: none; background: transparent; width: 20px;
    subcontrol-origin: border; subcontrol-position: top right; }
QSpinBox::down-button, QDoubleSpinBox::down-button, QTimeEdit::down-button {
    border: none; background: transparent; width: 20px;
    subcontrol-origin: border; subcontrol-position: bottom right; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow, QTimeEdit::up-arrow {
    image: none; width: 0; height: 0; border-left: 4px solid $surface; border-right: 4px solid $surface;
    border-bottom: 5px solid $muted; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow, QTimeEdit::down-arrow {
    image: none; width: 0; height: 0; border-left: 4px solid $surface; border-right: 4px solid $surface;
    border-top: 5px solid $muted; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $line_strong; outline: none; padding: 2px;
    selection-background-color: $accent; selection-color: $accent_text; }

QCheckBox, QRadioButton { spacing: 7px; padding: 3px; border: 2px solid transparent; border-radius: 5px; }
QCheckBox:focus, QRadioButton:focus { border-color: $focus; }

QGroupBox { border: 1px solid $line; border-radius: 8px; margin-top: 11px; padding: 14px 10px 8px 10px; }
QGroupBox::title { subcontrol-origin: margin; left: 10px; padding: 0 4px; color: $muted; }

QTableView, QListView, QTreeView {
    background: $surface; alternate-background-color: $background;
    border: 1px solid $line; border-radius: 6px; padding: 1px;
    gridline-color: $line; outline: none; selection-background-color: $accent_soft; selection-color: $text; }
QTableView:focus, QListView:focus, QTreeView:focus { border: 2px solid $focus; padding: 0; }
QTableView::item, QListView::item { padding: 5px 7px; }
QTableView::item:selected, QListView::item:selected { background: $accent_soft; color: $text; }
QHeaderView { background: $background; }
QHeaderView::section {
    background: $background; color: $muted; border: none; border-bottom: 1px solid $line; padding: 6px 7px; }
QTableCornerButton::section { background: $background; border: none; }

QWidget#sidebar { background: $background; }
QListWidget#navigation, QListWidget#sections {
    background: $background; border: none; border-radius: 0; padding: 8px; }
QListWidget#sections { border-left: 1px solid $line; border-right: 1px solid $line; }
QListWidget#navigation:focus { border: none; padding: 8px; }
QListWidget#sections:focus { border: none; border-left: 1px solid $line; border-right: 1px solid $line; padding: 8px; }
QListWidget#navigation::item, QListWidget#sections::item {
    padding: 9px 10px; border-radius: 6px; margin: 1px 0; color: $text; }
QListWidget#navigation::item:hover, QListWidget#sections::item:hover { background: $hover; }
QListWidget#navigation::item:selected, QListWidget#sections::item:selected {
    background: $accent_soft; color: $text; font-weight: 600; }
QListWidget#navigation::item:focus, QListWidget#sections::item:focus { border: 2px solid $focus; padding: 7px 8px; }

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; padding: 8px 13px; border: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { border-color: $focus; border-radius: 4px; }

QMenuBar { background: $background; }
QMenuBar::item { padding: 5px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $raised; border: 1px solid $line_strong; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 14px; border-radius: 4px; }
QMenu::item:selected { background: $accent; color: $accent_text; }
QMenu::item:disabled { color: $disabled; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QStatusBar { color: $muted; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $line; }
QWidget#toolbar { border-bottom: 1px solid $line; }

QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollArea { border: none; background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $line_strong; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: $hover; border: none; border-radius: 4px; min-height: 8px; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
"""
