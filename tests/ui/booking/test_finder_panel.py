"""Find a time, by real keys in the booking form."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from support.booking_form import TEN, Opened
from support.desk import Desk
from support.mnemonics import clashes

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.application.text import tr
from inkdesk.ui.booking.presenter.finder import OfferWords, PartOfDay

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


class Finding(Opened):
    """A form whose finder was opened by its shortcut."""

    def __init__(self, qtbot: QtBot, desk: Desk, **how: object) -> None:
        super().__init__(qtbot, desk, **how)
        self.finder = self.dialog.finder
        self.dialog.activateWindow()

    def open(self) -> None:
        """Ctrl+F, and wait for the offers."""
        QTest.keyClick(self.dialog.focusWidget(), KEY.Key_F, CONTROL)
        self.until(lambda: self.finder.isVisible() and self.is_answered())

    def is_answered(self) -> bool:
        return self.finder.status.text() != "Looking…"

    def answered(self) -> list[str]:
        """The offers as a screen reader says them, once they are there."""
        self.until(self.is_answered)
        return [one.accessibleName() for one in self.finder.offers if not one.isHidden()]

    def takes(self, clock: str) -> None:
        """The form shows this time, and it is free."""
        self.until(lambda: self.verdict.startswith("✓") and clock in self.verdict)


def named(spoken: list[str]) -> set[str]:
    """Time and artist of each."""
    return {one.partition(": ")[2].partition(". ")[0] for one in spoken}


def opened_finder(qtbot: QtBot, desk: Desk, **how: object) -> Finding:
    finding = Finding(qtbot, desk, **how)
    finding.open()
    return finding


def test_two_keys_find_and_take_a_time(qtbot: QtBot, desk: Desk) -> None:
    finding = Finding(qtbot, desk, starts_at=TEN)
    finding.find("zo")
    finding.key(KEY.Key_Return)
    finding.open()
    assert finding.answered() == [
        "1: 2026-11-23 10:00 to 11:00, Ana. The earliest",
        "2: 2026-11-24 11:00 to 12:00, Ana. The time asked for",
        "3: 2026-11-24 10:45 to 11:45, Bo. Another artist",
    ]
    assert finding.finder.offers[0].hasFocus()
    finding.key(KEY.Key_3)
    assert not finding.finder.isVisible()
    assert finding.dialog.client.line.hasFocus(), "the keys go where they went before"
    assert finding.dialog.artist.currentText() == "Bo"
    finding.takes("2026-11-24 10:45")
    finding.dialog.choices[DepositChoice.NONE].click()
    finding.dialog.client.line.setFocus()
    finding.key(KEY.Key_Return)
    finding.until(finding.is_booked)
    booking = finding.booked[0].booking
    assert (booking.artist_id, booking.starts_at) == (desk.book.bo.id, TEN - timedelta(minutes=15))


def test_enter_and_the_mouse_take_an_offer_too(qtbot: QtBot, desk: Desk) -> None:
    finding = opened_finder(qtbot, desk, starts_at=TEN)
    finding.key(KEY.Key_Tab, KEY.Key_Return)
    finding.takes("2026-11-24 11:00")
    finding.dialog.when.find_button.click()
    finding.until(finding.finder.offers[0].hasFocus)
    QTest.mouseClick(finding.finder.offers[0], Qt.MouseButton.LeftButton)
    finding.takes("2026-11-23 10:00")


@pytest.mark.parametrize("typed", ["1", "&"])
def test_a_french_keyboard_needs_no_shift(qtbot: QtBot, desk: Desk, typed: str) -> None:
    finding = opened_finder(qtbot, desk, starts_at=TEN)
    finding.type(typed)
    assert not finding.finder.isVisible()
    finding.takes("2026-11-23 10:00")


def test_the_button_opens_it_by_its_letter(qtbot: QtBot, desk: Desk) -> None:
    finding = Finding(qtbot, desk, starts_at=TEN)
    assert finding.dialog.when.find_button.text() == "&Find a time   Ctrl+F"
    QTest.keyClick(finding.dialog.focusWidget(), KEY.Key_F, ALT)
    finding.until(finding.finder.isVisible)
    assert finding.dialog.save_button.isEnabled() is False, "nobody saves a time that is not to be seen"


def test_n_asks_for_three_more_without_repeats(qtbot: QtBot, desk: Desk) -> None:
    finding = opened_finder(qtbot, desk)
    heard = finding.answered()
    for _round in range(4):
        finding.key(KEY.Key_N)
        fresh = finding.answered()
        assert len(fresh) == 3
        assert named(fresh).isdisjoint(named(heard))
        assert finding.finder.offers[0].hasFocus()
        heard += fresh
    finding.finder.more.click()
    assert named(finding.answered()).isdisjoint(named(heard))


def test_when_nothing_is_left_one_sentence_says_so(qtbot: QtBot, desk: Desk) -> None:
    with desk.database.write() as uow:
        uow.studio.save(replace(uow.studio.get(), horizon_days=0, slot_step_s=3600 * 3))
        uow.commit()
    finding = opened_finder(qtbot, desk, artist_id=desk.book.ana.id)
    assert len(finding.answered()) == 2
    assert finding.finder.status.text() == "Nothing else fits until 2026-11-23."
    assert not finding.finder.more.isEnabled()
    finding.key(KEY.Key_3, KEY.Key_N)
    assert len(finding.answered()) == 2
    finding.key(KEY.Key_2)
    assert not finding.finder.isVisible()


@pytest.mark.parametrize("way", ["letter", "enter"])
def test_declined_offers_come_back_by_starting_over(qtbot: QtBot, desk: Desk, way: str) -> None:
    with desk.database.write() as uow:
        uow.studio.save(replace(uow.studio.get(), horizon_days=0, slot_step_s=3600))
        uow.commit()
    finding = opened_finder(qtbot, desk, artist_id=desk.book.ana.id)
    finder = finding.finder
    first = finding.answered()
    assert finder.again.isHidden()
    while finder.again.isHidden():
        finding.key(KEY.Key_N)
        last = finding.answered()
    assert not set(first) & set(last)
    assert finder.more.isHidden()
    assert finder.status.text() == "Nothing else fits until 2026-11-23."
    assert finder.offers[0].hasFocus(), "the last ones can still be taken"
    if way == "letter":
        QTest.keyClick(finding.dialog.focusWidget(), KEY.Key_R, ALT)
    else:
        finder.again.setFocus()
        finding.key(KEY.Key_Return)
    finding.until(finder.again.isHidden)
    assert finding.answered() == first
    assert finder.offers[0].hasFocus()
    assert finder.again.isHidden()
    assert finder.more.isEnabled()
    finder.more.setFocus()
    finding.key(KEY.Key_Return)
    assert not set(finding.answered()) & set(first)
    assert finder.offers[0].hasFocus()


def test_figures_and_letters_do_not_leak_from_an_input(qtbot: QtBot, desk: Desk) -> None:
    finding = opened_finder(qtbot, desk, starts_at=TEN)
    finder = finding.finder
    finder.part.setCurrentIndex(finder.part.findData(PartOfDay.BETWEEN))
    before = finding.answered()
    for edit in (
        finding.dialog.client.line,
        finding.dialog.note,
        finder.who,
        finder.part,
        finder.first,
        finder.earliest,
    ):
        edit.setFocus()
        QTest.keyClicks(edit, "n2" if edit is not finder.first else "n")
        assert finder.isVisible(), edit
        assert finding.dialog.when.start() == (date(2026, 11, 24), 11 * 60)
    assert finding.dialog.client.line.text() == "n2"
    assert finding.dialog.note.text() == "n2"
    assert before
    finder.beyond.setFocus()
    finding.until(finding.is_answered)
    finding.key(KEY.Key_1)
    assert not finder.isVisible()


@pytest.mark.parametrize("place", ["offers", "inputs", "form"])
def test_escape_closes_the_panel_and_loses_nothing(qtbot: QtBot, desk: Desk, place: str) -> None:
    finding = Finding(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    finding.dialog.note.setText("left arm")
    finding.dialog.note.setFocus()
    finding.open()
    if place != "offers":
        (finding.finder.earliest if place == "inputs" else finding.dialog.price).setFocus()
    finding.key(KEY.Key_Escape)
    assert not finding.finder.isVisible()
    assert finding.dialog.isVisible()
    assert finding.dialog.note.hasFocus()
    assert finding.dialog.note.text() == "left arm"
    assert finding.dialog.when.start() == (date(2026, 11, 24), 11 * 60)
    assert finding.dialog.save_button.isEnabled()
    finding.key(KEY.Key_Escape)
    assert finding.dialog.findChild(QMessageBox) is not None


def test_the_keys_go_to_the_clock_if_they_came_from_a_time_that_is_gone(qtbot: QtBot, desk: Desk) -> None:
    finding = Finding(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN.replace(hour=19))
    alternatives = finding.dialog.when.alternatives
    finding.until(lambda: any(one.isVisible() for one in alternatives.findChildren(QPushButton)))
    alternatives.findChildren(QPushButton)[0].setFocus()
    assert alternatives.isAncestorOf(finding.dialog.focusWidget())
    finding.open()
    finding.dialog.artist.setCurrentIndex(0)
    finding.answered()
    finding.finder.go_to_offers()
    finding.key(KEY.Key_Escape)
    assert finding.dialog.when.clock.hasFocus()


def test_who_when_and_which_days_narrow_the_offers(qtbot: QtBot, desk: Desk) -> None:
    with desk.database.write() as uow:
        uow.artists.save(replace(uow.artists.get(desk.book.bo.id), styles=("Blackwork",)))
        uow.commit()
    finding = opened_finder(qtbot, desk, artist_id=desk.book.ana.id)
    finder = finding.finder
    assert [finder.who.itemText(row) for row in range(finder.who.count())] == [
        "Ana",
        "Anyone",
        "Anyone who does Blackwork",
    ]
    finder.who.setFocus()
    finding.key(KEY.Key_Down, KEY.Key_Down)
    assert all(", Bo. " in one for one in finding.answered())
    finder.weekdays[2].setFocus()
    finding.key(KEY.Key_Space)
    assert [one[3:13] for one in finding.answered()] == ["2026-11-25", "2026-12-02", "2026-12-09"]
    finder.part.setFocus()
    finding.key(KEY.Key_Down, KEY.Key_Down)
    assert [one[14:19] for one in finding.answered()] == ["12:00"] * 3
    finding.key(KEY.Key_End)
    assert finder.first.isVisible()
    finder.first.set_clock(time(15, 0))
    finder.end.set_clock(time(15, 15))
    assert [one[14:19] for one in finding.answered()] == ["15:00"] * 3
    finder.earliest.set_day(date(2026, 12, 10))
    assert [one[3:13] for one in finding.answered()] == ["2026-12-16", "2026-12-23", "2026-12-30"]


def test_the_form_beside_it_stays_part_of_the_question(qtbot: QtBot, desk: Desk) -> None:
    finding = opened_finder(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    finding.dialog.artist.setCurrentIndex(finding.dialog.artist.findText("Bo"))
    assert finding.finder.who.currentText() == "Bo"
    assert all(", Bo. " in one for one in finding.answered())
    finding.dialog.others.box.click()
    finding.key(KEY.Key_Space)
    assert finding.dialog.others.ids() == (desk.book.ana.id,)
    assert all(", Bo with Ana. " in one for one in finding.answered())
    finding.finder.go_to_offers()
    finding.key(KEY.Key_1)
    finding.until(lambda: "Free: Bo with Ana" in finding.verdict)


def test_an_offer_beyond_the_notice_asks_for_its_reason(qtbot: QtBot, desk: Desk) -> None:
    with desk.database.write() as uow:
        uow.studio.save(replace(uow.studio.get(), minimum_notice_s=86400))
        uow.commit()
    finding = Finding(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN.replace(day=26))
    finding.find("zo")
    finding.key(KEY.Key_Return)
    finding.dialog.choices[DepositChoice.NONE].click()
    finding.open()
    assert "needs a reason" not in "".join(finding.answered())
    finding.finder.beyond.setFocus()
    finding.key(KEY.Key_Space)
    assert finding.answered()[0].endswith("The earliest · sooner than the notice: needs a reason")
    finding.key(KEY.Key_1)
    finding.until(finding.dialog.reason.hasFocus)
    assert "too soon" in finding.verdict
    finding.type("Called at noon")
    finding.key(KEY.Key_Return)
    finding.until(finding.is_booked)
    assert finding.booked[0].booking.override_reason == "Called at noon"


def test_tab_goes_from_the_question_to_the_offers_and_every_stop_has_a_name(qtbot: QtBot, desk: Desk) -> None:
    finding = opened_finder(qtbot, desk, starts_at=TEN)
    finder = finding.finder
    finder.back.setFocus()
    stops: list[QWidget] = []
    while (stop := finding.dialog.focusWidget()) is not finding.dialog.cancel_button:
        stops.append(stop)
        QTest.keyClick(stop, KEY.Key_Tab)
    days = list(finder.weekdays.values())
    assert stops == [
        finder.back,
        finder.who,
        finder.part,
        finder.earliest,
        *days,
        finder.beyond,
        *finder.offers,
        finder.more,
    ]
    for stop in stops:
        assert QAccessible.queryAccessibleInterface(stop).text(QAccessible.Text.Name)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_letters_are_not_shared_and_nothing_is_clipped(
    qtbot: QtBot, desk: Desk, language: str, request: pytest.FixtureRequest
) -> None:
    if language == "fr":
        request.getfixturevalue("french")
    finding = opened_finder(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    finder, dialog = finding.finder, finding.dialog
    dialog.others.box.click()
    finder.part.setCurrentIndex(finder.part.findData(PartOfDay.BETWEEN))
    dialog.client._start_new()
    finding.answered()
    assert clashes(dialog) == {}
    least = dialog.minimumSizeHint()
    assert least.width() <= 900
    assert least.height() <= 600
    dialog.resize(least)
    QTest.qWait(0)
    assert [one for one in finder.findChildren(QWidget) if one.isVisible() and is_clipped(one)] == []


def is_clipped(widget: QWidget) -> bool:
    """Whether it is smaller than it needs, or reaches out of its parent."""
    parent = widget.parentWidget()
    assert parent is not None
    if widget.isWindow() or isinstance(parent, QAbstractSpinBox | QComboBox):
        return False
    own, hint = widget.minimumSize(), widget.minimumSizeHint()
    is_narrow = widget.width() < (own.width() or hint.width())
    is_low = widget.height() < (own.height() or hint.height())
    return is_narrow or is_low or not parent.rect().contains(widget.geometry())


WHYS = ("The earliest", "Next earliest", "Nearest in time", "The time asked for", "Another artist", "Another day")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_why_a_time_is_offered_is_read_whole_in_a_form_as_it_opens(
    qtbot: QtBot, desk: Desk, language: str, request: pytest.FixtureRequest
) -> None:
    if language == "fr":
        request.getfixturevalue("french")
    finding = opened_finder(qtbot, desk, starts_at=TEN)
    first = finding.finder.offers[0]
    finding.until(lambda: not first.isHidden())
    labels = first.findChildren(QLabel)
    when = next(label.text() for label in labels if "10:00" in label.text())
    for why in map(tr, WHYS):
        first.show_offer(OfferWords(when, "Ana", why, ""))
        assert why in [label.text() for label in labels]
