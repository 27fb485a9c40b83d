"""Find a time: what is sought, and three offers on the keys 1, 2 and 3."""

from collections.abc import Sequence
from datetime import date, datetime, time

from PySide6.QtCore import QLocale, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from inkdesk.application.background import Background
from inkdesk.application.services import Services
from inkdesk.application.text import formats, tr
from inkdesk.domain.artists import Artist
from inkdesk.ui.booking.offer_button import OfferButton
from inkdesk.ui.booking.presenter.finder import PARTS, Criteria, FinderPresenter, OfferWords, PartOfDay
from inkdesk.ui.booking.presenter.verdicts import Wish
from inkdesk.ui.common.forms import ENTER, DateEdit, Form, PushButton, plain_label, reader_locale
from inkdesk.ui.common.time_edit import TimeEdit

OFFERS = 3
LEAST_LETTERS, ARROWS_WIDTH = 8, 42
NARROW = "QToolButton { padding: 6px 3px; } QToolButton:focus { padding: 5px 2px; }"
"""Seven days in a row of a small window."""
KEYS = {"1": 0, "2": 1, "3": 2, "&": 0, "é": 1, '"': 2}
"""By symbol; the last three are what the same keys type without Shift on a French keyboard."""
MORE_KEYS = frozenset("nN")
Seeker = tuple[int | None, str]
"""Whose time is sought: an artist, or anyone who has a style ("" = anyone at all)."""


class FinderPanel(QWidget):
    """Takes the place of the day and its slots. ``taken`` carries the ``FoundOffer``, ``closed`` leaves all as it was.

    Figures choose an offer and ``n`` asks for three others wherever the focus is in the panel, but for an input, which
    takes its own letters and figures before the panel hears of them. ``moving`` is the booking that a time is sought
    for, None for a new one.
    """

    taken = Signal(object)
    closed = Signal()

    def __init__(
        self,
        services: Services,
        background: Background,
        *,
        moving: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._presenter = FinderPresenter(self, services.finder, background, moving)
        self._wish = Wish(None, 0)
        self._near: datetime | None = None
        self._artists: dict[int, Artist] = {}
        self._seekers: list[Seeker] = []
        self.setAccessibleName(tr("Find a time"))
        self._make_criteria()
        self._make_offers()
        self._arrange()

    def show_artists(self, artists: Sequence[Artist], today: date) -> None:
        """Everybody, and from which date on there is something to find."""
        self._artists = {artist.id: artist for artist in artists}
        with QSignalBlocker(self.earliest):
            self.earliest.set_day(today)

    def look(self, wish: Wish, near: datetime | None) -> None:
        """Search for this wish; ``near`` is the instant asked for, None for as soon as possible."""
        self._wish, self._near = wish, near
        self._offer_seekers()
        self._search()

    def stop(self) -> None:
        """Search no more."""
        self._presenter.stop()

    def show_looking(self) -> None:
        """Say that other offers are on their way; the buttons stay as they are, a disabled one would lose the focus."""
        self.status.setText(tr("Looking…"))

    def show_offers(self, offers: Sequence[OfferWords], sentence: str, *, has_more: bool, can_start_over: bool) -> None:
        """Show the offers; whoever was at the offers, or nowhere yet, is at the first one then."""
        was_at_offers = any(one.hasFocus() for one in (self, self.more, self.again, *self.offers))
        self.status.setText(sentence)
        self.more.setEnabled(has_more)
        self.more.setVisible(bool(offers) and not can_start_over)
        self.again.setVisible(can_start_over)
        for button, offer in zip(self.offers, offers, strict=False):
            button.show_offer(offer)
        for number, button in enumerate(self.offers):
            button.setVisible(number < len(offers))
        if was_at_offers:
            self.go_to_offers()
        if sentence:
            QAccessible.updateAccessibility(QAccessibleEvent(self.status, QAccessible.Event.Alert))

    def go_to_offers(self) -> None:
        """Take the keys: 1, 2, 3 and n work at once. With nothing to choose from, Enter starts over if that helps."""
        place = next((one for one in (self.offers[0], self.again) if not one.isHidden()), self)
        place.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._key(event):
            super().keyPressEvent(event)

    def _key(self, event: QKeyEvent) -> bool:
        """Whether the key means something here."""
        key, text = Qt.Key(event.key()), event.text()
        if key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif key in ENTER:
            self.go_to_offers()
        elif _is_command(event):
            return False
        elif text in KEYS:
            self._take(KEYS[text])
        elif text in MORE_KEYS and text:
            self._presenter.more()
        else:
            return False
        return True

    def criteria(self) -> Criteria:
        """What stands in the panel now."""
        artist_id, style = self._seekers[max(self.who.currentIndex(), 0)]
        return Criteria(
            artist_id=artist_id,
            style=style,
            part=PartOfDay(self.part.currentData()),
            between=(self.first.minute(), self.end.minute()),
            weekdays=frozenset(day for day, button in self.weekdays.items() if button.isChecked()),
            earliest=self.earliest.day(),
            is_beyond=self.beyond.isChecked(),
        )

    def _search(self) -> None:
        is_between = self.part.currentData() == PartOfDay.BETWEEN
        for edit in (self.first, self.end):
            edit.setVisible(is_between)
        self._presenter.find(self._wish, self.criteria(), self._near)

    def _take(self, number: int) -> None:
        offer = self._presenter.offer(number)
        if offer is not None:
            self.taken.emit(offer)

    def _offer_seekers(self) -> None:
        """List whose time can be sought; the same choice stays, or the same kind of it."""
        before = self._seekers[self.who.currentIndex()] if self._seekers else None
        artist = self._artists.get(self._wish.artist_id or 0)
        own: list[Seeker] = [] if artist is None else [(artist.id, "")]
        styles = {style.casefold(): style for one in self._artists.values() for style in one.styles}
        self._seekers = [*own, (None, ""), *((None, styles[one]) for one in sorted(styles))]
        with QSignalBlocker(self.who):
            self.who.clear()
            self.who.addItems([self._seeker_words(one) for one in self._seekers])
            self.who.setCurrentIndex(self._seekers.index(before) if before in self._seekers else 0)

    def _seeker_words(self, seeker: Seeker) -> str:
        artist_id, style = seeker
        if artist_id is not None:
            return self._artists[artist_id].name
        return tr("Anyone who does {style}", style=style) if style else tr("Anyone")

    def _make_criteria(self) -> None:
        self.who, self.part = QComboBox(), QComboBox()
        for part, words in _part_words():
            self.part.addItem(words, part.value)
        self.first, self.end = TimeEdit(), TimeEdit()
        self.first.setAccessibleName(tr("Starts at the earliest"))
        self.end.setAccessibleName(tr("Starts before"))
        for edit, hour in ((self.first, 14), (self.end, 18)):
            edit.set_clock(time(hour))
            edit.setFixedWidth(edit.fontMetrics().horizontalAdvance(formats().clock(22 * 60 + 30)) + ARROWS_WIDTH)
            edit.timeChanged.connect(self._search)
            edit.hide()
        self.weekdays = {day: _weekday(day) for day in _days_of_week()}
        for button in self.weekdays.values():
            button.toggled.connect(self._search)
        self.earliest = DateEdit()
        self.earliest.dateChanged.connect(self._search)
        self.beyond = QCheckBox(tr("Also sooner or f&urther than the studio books"))
        self.beyond.toggled.connect(self._search)
        for combo in (self.who, self.part):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(LEAST_LETTERS)
            combo.currentIndexChanged.connect(self._search)

    def _make_offers(self) -> None:
        self.offers = [OfferButton(number + 1) for number in range(OFFERS)]
        for number, button in enumerate(self.offers):
            button.clicked.connect(lambda _checked, number=number: self._take(number))
            button.hide()
        self.status = plain_label(role="muted")
        self.status.setMinimumHeight(2 * self.status.fontMetrics().lineSpacing())  # wrapped text asks for one line only
        self.more = PushButton(tr("Th&ree more") + "   N")
        self.more.setAccessibleName(tr("Three more"))
        self.more.clicked.connect(self._presenter.more)
        self.again = PushButton(tr("Sta&rt over"))
        self.again.clicked.connect(self._presenter.start_over)
        self.again.hide()
        escape = QKeySequence(Qt.Key.Key_Escape).toString(QKeySequence.SequenceFormat.NativeText)
        self.back = PushButton(tr("Back") + f"   {escape}")
        self.back.setAccessibleName(tr("Back"))
        self.back.clicked.connect(self.closed)

    def _arrange(self) -> None:
        form = Form()
        form.add_row("who", tr("&By whom"), self.who)
        form.add_row("part", tr("Time of da&y"), _row(self.part, self.first, self.end), focus=self.part)
        form.add_row("earliest", tr("Not be&fore"), self.earliest)
        week = _row(*self.weekdays.values(), spacing=3)
        week.setStyleSheet(NARROW)
        form.add_wide(week, is_over_labels=True)
        form.add_wide(self.beyond, is_over_labels=True)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(plain_label(tr("Find a time"), "heading"), 1)
        head.addWidget(self.back)
        foot.addWidget(self.more)
        foot.addWidget(self.again)
        foot.addWidget(self.status, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(form)
        for button in self.offers:
            layout.addWidget(button)
        layout.addLayout(foot)
        layout.addStretch(1)


def _part_words() -> list[tuple[PartOfDay, str]]:
    clock = formats().clock
    noon, five = (clock(PARTS[part].end_min) for part in (PartOfDay.MORNING, PartOfDay.AFTERNOON))
    return [
        (PartOfDay.ANY, tr("Any time")),
        (PartOfDay.MORNING, tr("Morning, before {time}", time=noon)),
        (PartOfDay.AFTERNOON, tr("Afternoon, {start} to {end}", start=noon, end=five)),
        (PartOfDay.EVENING, tr("Evening, from {time}", time=five)),
        (PartOfDay.BETWEEN, tr("From … to …")),
    ]


def _days_of_week() -> list[int]:
    """The weekdays (0 = Monday) in the reader's order."""
    return [(formats().first_weekday + number) % 7 for number in range(7)]


def _weekday(day: int) -> QToolButton:
    button = QToolButton()
    button.setText(reader_locale().standaloneDayName(day + 1, QLocale.FormatType.ShortFormat).rstrip("."))
    button.setAccessibleName(formats().weekday(day))
    button.setToolTip(formats().weekday(day))
    button.setCheckable(True)
    button.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _row(*widgets: QWidget, spacing: int = 6) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget, 1 if isinstance(widget, QComboBox | QToolButton) else 0)
    return row


def _is_command(event: QKeyEvent) -> bool:
    held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    return held != Qt.KeyboardModifier.NoModifier
