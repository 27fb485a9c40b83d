"""Another length than the service's, by real keys in the booking form."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from support.book import a_service
from support.booking_form import TEN, Opened, book
from support.desk import Desk
from support.mnemonics import clashes

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.domain.sitting import Processing, Sitting

KEY = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
NOTHING = "A sitting lasts longer than nothing."
A_WEEK = "A booking keeps its artist for at most 7 days. Book several sittings."


class Lasting(Opened):
    """A form whose length is typed."""

    def __init__(self, qtbot: QtBot, desk: Desk, **how: object) -> None:
        super().__init__(qtbot, desk, **how)
        self.length = self.dialog.length
        self.dialog.activateWindow()
        self.until(self.dialog.isActiveWindow)

    def lasts(self, hours: str, minutes: str) -> None:
        """Alt+L, the hours, Tab, the minutes."""
        QTest.keyClick(self.dialog.focusWidget(), KEY.Key_L, ALT)
        self.until(self.length.hours.hasFocus)
        self.type(hours)
        self.key(KEY.Key_Tab)
        assert self.length.minutes.hasFocus()
        self.type(minutes)

    def shown(self) -> tuple[int, int]:
        return self.length.hours.value(), self.length.minutes.value()

    def says(self, words: str) -> None:
        self.until(lambda: words in self.verdict)

    def error(self) -> str:
        return self.dialog.form._errors["sitting_s"].text()

    def slots(self) -> list[str]:
        slots = self.dialog.when.slots
        return [slots.item(row).text() for row in range(slots.count())]


def add_service(desk: Desk, name: str, sitting_s: int, **terms: object) -> None:
    with desk.database.write() as uow:
        uow.catalogue.add_service(replace(a_service(name), sitting=Sitting(0, sitting_s, 0), **terms))  # type: ignore[arg-type]
        uow.commit()


def test_everything_asks_for_the_typed_length_and_it_is_booked(qtbot: QtBot, desk: Desk) -> None:
    lasting = Lasting(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    assert lasting.shown() == (1, 0)
    lasting.says("11:00 to 12:00")
    lasting.until(lambda: lasting.slots()[-1:] == ["16:00"])
    lasting.find("zo")
    lasting.key(KEY.Key_Return)
    lasting.dialog.choices[DepositChoice.NONE].click()
    lasting.lasts("3", "30")
    lasting.says("11:00 to 14:30")
    lasting.until(lambda: lasting.slots()[-1:] == ["13:30"])
    lasting.key(KEY.Key_Return)
    lasting.until(lasting.is_booked)
    booking = lasting.booked[0].booking
    assert booking.sitting == desk.book.service.sitting._replace(sitting_s=12600)


def test_what_was_typed_a_moment_ago_is_booked(qtbot: QtBot, desk: Desk) -> None:
    lasting = Lasting(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    lasting.find("zo")
    lasting.key(KEY.Key_Return)
    lasting.dialog.choices[DepositChoice.NONE].click()
    lasting.lasts("0", "45")
    QTest.keyClick(lasting.dialog.focusWidget(), KEY.Key_S, ALT)
    lasting.until(lasting.is_booked)
    assert lasting.booked[0].booking.sitting.sitting_s == 2700


def test_a_refused_time_offers_starts_that_are_free_for_so_long(qtbot: QtBot, desk: Desk) -> None:
    book(desk, TEN + timedelta(hours=3))
    lasting = Lasting(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    lasting.says("✓")
    lasting.lasts("4", "0")
    lasting.says("✕")
    alternatives = lasting.dialog.when.alternatives

    def near() -> list[str]:
        return [one.text()[-5:] for one in alternatives.findChildren(QPushButton) if one.isVisible()]

    lasting.until(lambda: len(near()) == 3)
    QTest.keyClick(lasting.dialog.focusWidget(), KEY.Key_1, ALT)
    lasting.says("✓")
    start = lasting.dialog.when.presenter.starts_at()
    assert desk.services.availability.judge(desk.book.ana.id, desk.book.service.id, start, sitting_s=4 * 3600).is_free
    assert lasting.shown() == (4, 0)


def test_the_finder_offers_times_that_are_free_for_so_long(qtbot: QtBot, desk: Desk) -> None:
    lasting = Lasting(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    lasting.lasts("2", "30")
    lasting.says("11:00 to 13:30")
    QTest.keyClick(lasting.dialog.focusWidget(), KEY.Key_F, Qt.KeyboardModifier.ControlModifier)
    finder = lasting.dialog.finder
    lasting.until(finder.offers[1].isVisible)
    assert "11:00 to 13:30" in finder.offers[1].accessibleName()
    lasting.lasts("2", "45")
    lasting.until(lambda: "11:00 to 13:45" in finder.offers[1].accessibleName())
    finder.go_to_offers()
    lasting.key(KEY.Key_2)
    lasting.says("11:00 to 13:45")


def test_the_length_follows_the_service_until_another_one_is_typed(qtbot: QtBot, desk: Desk) -> None:
    add_service(desk, "Back piece", 5 * 3600 + 1800)
    lasting = Lasting(qtbot, desk, artist_id=desk.book.bo.id, starts_at=TEN)
    service = lasting.dialog.service
    service.setFocus()
    before = lasting.shown()
    service.setCurrentIndex(1 - service.currentIndex())
    assert {before, lasting.shown()} == {(1, 0), (5, 30)}
    lasting.lasts("2", "15")
    lasting.says("11:00 to 13:15")
    service.setCurrentIndex(1 - service.currentIndex())
    assert lasting.shown() == (2, 15)
    lasting.says("11:00 to 13:15")
    hours, minutes = before
    lasting.lasts(str(hours), str(minutes))
    lasting.until(lambda: lasting.dialog._presenter.wish().sitting_s is None)
    service.setCurrentIndex(1 - service.currentIndex())
    assert lasting.shown() != before, "the service's own length is nobody's choice"


def test_ninety_minutes_are_an_hour_and_a_half(qtbot: QtBot, desk: Desk) -> None:
    lasting = Lasting(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    lasting.lasts("0", "90")
    lasting.says("11:00 to 12:30")
    assert lasting.shown() == (0, 90), "nothing moves under the fingers"
    lasting.key(KEY.Key_Tab)
    lasting.until(lambda: lasting.shown() == (1, 30))
    assert lasting.dialog._presenter.wish().sitting_s == 5400


def test_nothing_is_no_length_once_the_keys_have_left(qtbot: QtBot, desk: Desk) -> None:
    lasting = Lasting(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    lasting.dialog.note.setText("left arm")
    lasting.lasts("0", "0")
    lasting.length._take()
    assert lasting.dialog._presenter.wish().sitting_s is None, "30 minutes begin like that"
    assert lasting.error() == ""
    lasting.key(KEY.Key_Tab)
    lasting.until(lambda: lasting.error() == NOTHING)
    assert lasting.verdict == ""
    lasting.until(lasting.dialog.when.slots.isHidden)  # the slots are another question than the verdict
    assert lasting.shown() == (0, 0)
    lasting.lasts("0", "30")
    lasting.says("11:00 to 11:30")
    assert lasting.error() == ""
    assert lasting.dialog.note.text() == "left arm"


@pytest.mark.parametrize("is_anyone", [False, True])
@pytest.mark.parametrize(("hours", "sentence"), [("0", NOTHING), ("200", A_WEEK)])
def test_save_goes_to_a_wrong_length(qtbot: QtBot, desk: Desk, hours: str, sentence: str, is_anyone: bool) -> None:
    lasting = Lasting(qtbot, desk, artist_id=None if is_anyone else desk.book.ana.id, starts_at=TEN)
    lasting.find("zo")
    lasting.key(KEY.Key_Return)
    lasting.lasts(hours, "0")
    QTest.keyClick(lasting.dialog.focusWidget(), KEY.Key_S, ALT)
    lasting.until(lambda: lasting.error() == sentence and lasting.length.hours.hasFocus())
    lasting.until(lambda: not lasting.dialog._presenter.is_saving())
    assert lasting.shown() == (int(hours), 0)
    assert lasting.dialog.notice.isHidden()
    assert not lasting.booked


def test_a_form_that_stands_at_the_first_free_time_is_judged_again(qtbot: QtBot, desk: Desk) -> None:
    lasting = Lasting(qtbot, desk, artist_id=desk.book.ana.id)
    lasting.says("✓")
    lasting.lasts("12", "0")
    lasting.says("✕")
    lasting.lasts("200", "0")
    lasting.until(lambda: lasting.error() == A_WEEK)
    lasting.lasts("1", "15")
    lasting.says("10:00 to 11:15")
    assert lasting.error() == ""


def test_a_processing_time_that_outlasts_the_sitting_is_told_at_the_length(qtbot: QtBot, desk: Desk) -> None:
    add_service(desk, "Aftercare", 7200, processing=Processing(after_s=3600, lasts_s=3600))
    lasting = Lasting(qtbot, desk, artist_id=desk.book.bo.id, starts_at=TEN)
    lasting.dialog.service.setCurrentIndex(lasting.dialog.service.findText("Aftercare"))
    lasting.says("11:00 to 13:00")
    lasting.lasts("1", "30")
    lasting.until(lambda: lasting.error().startswith("The processing time ends after the sitting."))
    assert lasting.verdict == ""


def test_arrows_step_and_a_typed_length_is_not_lost_by_escape(qtbot: QtBot, desk: Desk) -> None:
    lasting = Lasting(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    lasting.length.hours.setFocus()
    lasting.key(KEY.Key_Up)
    lasting.says("11:00 to 13:00")
    lasting.length.minutes.setFocus()
    lasting.key(KEY.Key_Up)
    lasting.says("11:00 to 13:05")
    lasting.key(KEY.Key_Escape)
    assert lasting.dialog.findChild(QMessageBox) is not None
    assert lasting.dialog.isVisible()


def test_in_a_small_window_its_letter_brings_it_into_sight(qtbot: QtBot, desk: Desk) -> None:
    lasting = Lasting(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    lasting.dialog.resize(lasting.dialog.minimumSizeHint())
    assert lasting.length.hours.visibleRegion().isEmpty()
    QTest.keyClick(lasting.dialog.focusWidget(), KEY.Key_L, ALT)
    lasting.until(lasting.length.hours.hasFocus)
    assert lasting.length.hours.visibleRegion().boundingRect() == lasting.length.hours.rect()
    lasting.lasts("2", "0")
    lasting.says("11:00 to 13:00")


def test_passing_through_types_no_length(qtbot: QtBot, desk: Desk) -> None:
    add_service(desk, "Dot", 3630)
    lasting = Lasting(qtbot, desk, artist_id=desk.book.bo.id, starts_at=TEN)
    lasting.dialog.service.setCurrentIndex(lasting.dialog.service.findText("Dot"))
    lasting.says("11:00 to 12:00")
    lasting.length.hours.setFocus()
    lasting.key(KEY.Key_Tab, KEY.Key_Tab)
    lasting.length._take()
    assert lasting.dialog._presenter.wish().sitting_s is None
    lasting.key(KEY.Key_Escape)
    assert not lasting.dialog.isVisible()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_has_a_letter_of_its_own_and_both_inputs_have_names(
    qtbot: QtBot, desk: Desk, language: str, request: pytest.FixtureRequest
) -> None:
    if language == "fr":
        request.getfixturevalue("french")
    lasting = Lasting(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    letter = KEY.Key_L if language == "en" else KEY.Key_K
    QTest.keyClick(lasting.dialog.focusWidget(), letter, ALT)
    assert lasting.length.hours.hasFocus()
    assert clashes(lasting.dialog) == {}
    for edit in (lasting.length.hours, lasting.length.minutes):
        assert QAccessible.queryAccessibleInterface(edit).text(QAccessible.Text.Name)
