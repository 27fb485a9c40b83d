"""Several artists at once, every reason against a time, and the nearest free times instead, by real keys."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt, QTime
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from support.booking_form import TEN, Opened, book
from support.desk import Desk

from inkdesk.application.booking_commands import DepositChoice
from inkdesk.domain.artists import Artist

KEY = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
LOW = 430
"""Pixels: lower than the dialog opens, and than the smallest screen has."""


def instead(opened: Opened) -> list[QPushButton]:
    """The offered times, once they are there."""

    def shown() -> list[QPushButton]:
        return [one for one in opened.dialog.when.alternatives.findChildren(QPushButton) if one.isVisible()]

    opened.until(lambda: len(shown()) == 3)
    return shown()


def spoken(opened: Opened) -> list[str]:
    return [QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name) for one in instead(opened)]


def take(opened: Opened, key: Qt.Key) -> None:
    instead(opened)
    opened.dialog.activateWindow()
    QTest.keyClick(opened.dialog.focusWidget(), key, ALT)


def slots(opened: Opened) -> list[str]:
    shown = opened.dialog.when.slots
    return [shown.item(row).text() for row in range(shown.count())]


def test_the_nearest_times_follow_a_refusal_by_alt_and_number(qtbot: QtBot, desk: Desk) -> None:
    book(desk, TEN)
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    assert [one.text() for one in instead(opened)] == ["&1  09:00", "&2  09:15", "&3  12:45"]
    assert spoken(opened)[0] == "Take 2026-11-24 09:00 instead"
    take(opened, KEY.Key_3)
    opened.until(lambda: opened.verdict == "✓ Free: Ana, 2026-11-24 12:45 to 13:45.")
    assert opened.dialog.when.clock.time() == QTime(12, 45)
    assert opened.dialog.artist.currentText() == "Ana"


def test_who_asked_for_anyone_gets_the_artist_with_the_time(qtbot: QtBot, desk: Desk) -> None:
    book(desk, TEN)
    book(desk, TEN, "other", desk.book.bo.id)
    opened = Opened(qtbot, desk, starts_at=TEN)
    assert opened.verdict == "✕ No artist is free at 2026-11-24 11:00. Choose another time."
    assert spoken(opened) == [
        "Take 2026-11-24 09:15 with Ana instead",
        "Take 2026-11-24 09:30 with Bo instead",
        "Take 2026-11-24 12:30 with Bo instead",
    ]
    take(opened, KEY.Key_2)
    opened.until(lambda: opened.verdict.startswith("✓ Free: Bo, 2026-11-24 09:30"))
    assert opened.dialog.artist.currentText() == "Bo"


def test_a_refused_save_is_followed_by_the_nearest_times(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    opened.find("zo")
    opened.key(KEY.Key_Return)
    opened.dialog.choices[DepositChoice.NONE].click()
    book(desk, TEN)
    opened.dialog.save_button.click()
    opened.until(lambda: opened.verdict.startswith("✕") and opened.dialog.save_button.isEnabled())
    take(opened, KEY.Key_1)
    opened.until(lambda: opened.verdict.startswith("✓"))
    assert opened.dialog.notice.isHidden()
    opened.key(KEY.Key_Return)
    opened.until(opened.is_booked)
    assert opened.booked[0].booking.starts_at == TEN - timedelta(hours=2)


def test_the_missing_hour_has_times_instead_as_well(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=datetime.fromisoformat("2027-03-28T05:30+02:00"))
    opened.dialog.when.clock.setTime(QTime(2, 30))
    opened.until(lambda: "does not exist" in opened.verdict)
    assert spoken(opened)[0].startswith("Take 2027-03-29 09:00")


def test_every_reason_is_told_the_weightiest_first(qtbot: QtBot, desk: Desk) -> None:
    with desk.database.write() as uow:
        uow.studio.save(replace(uow.studio.get(), minimum_notice_s=3 * 86400))
        uow.commit()
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN.replace(hour=19))
    lines = opened.verdict.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("✕ ") for line in lines)
    assert "only 09:00-17:00" in lines[0]
    assert "72 hours of notice" in lines[1]
    opened.until(opened.dialog.reason.isVisible)


def test_what_stands_against_everybody_is_told_to_who_asks_for_anyone(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, starts_at=desk.clock.now() - timedelta(hours=1))
    assert opened.verdict == "✕ 2026-11-23 09:00 is in the past. Choose a later time."


def test_a_second_artist_is_ticked_by_keys_and_booked(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    assert not opened.dialog.others.artists.isVisible(), "the simple case stays as it is"
    opened.find("zo")
    opened.key(KEY.Key_Return)
    opened.dialog.activateWindow()
    QTest.keyClick(opened.dialog.focusWidget(), KEY.Key_M, ALT)
    opened.until(opened.dialog.others.artists.hasFocus)
    shown = opened.dialog.others.artists
    assert [shown.item(row).text() for row in range(shown.count()) if not shown.item(row).isHidden()] == ["Bo"]
    opened.key(KEY.Key_Space)
    opened.until(lambda: opened.verdict == "✓ Free: Ana with Bo, 2026-11-24 11:00 to 12:00.")
    opened.dialog.choices[DepositChoice.NONE].click()
    opened.dialog.client.line.setFocus()
    opened.key(KEY.Key_Return)
    opened.until(opened.is_booked)
    assert opened.booked[0].booking.artist_id == desk.book.ana.id
    assert opened.booked[0].booking.with_artist_ids == (desk.book.bo.id,)


def test_who_else_is_taken_refuses_the_time_and_thins_the_list(qtbot: QtBot, desk: Desk) -> None:
    book(desk, TEN, artist_id=desk.book.bo.id)
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    opened.until(lambda: "11:00" in slots(opened))
    assert opened.verdict.startswith("✓")
    opened.dialog.others.box.click()
    opened.key(KEY.Key_Space)
    opened.until(lambda: "Bo is taken by Zoé Müller" in opened.verdict)
    opened.until(lambda: "11:00" not in slots(opened))
    take(opened, KEY.Key_1)
    opened.until(lambda: opened.verdict.startswith("✓ Free: Ana with Bo, 2026-11-24 09:15"))
    opened.dialog.others.box.click()
    opened.until(lambda: opened.verdict.startswith("✓ Free: Ana, 2026-11-24 09:15"))
    opened.until(lambda: "11:00" in slots(opened))


def test_anyone_with_a_second_artist_is_whoever_is_free_besides(qtbot: QtBot, desk: Desk) -> None:
    with desk.database.write() as uow:
        cleo = uow.artists.add(Artist(name="Cleo", plans=desk.book.ana.plans))
        uow.commit()
    book(desk, TEN)
    opened = Opened(qtbot, desk, starts_at=TEN)
    opened.find("zo")
    opened.key(KEY.Key_Return)
    opened.until(lambda: opened.dialog.artist.currentText() == "Ana")
    opened.dialog.artist.setCurrentIndex(0)
    opened.dialog.others.box.click()
    opened.key(KEY.Key_Down, KEY.Key_Down, KEY.Key_Return)
    assert opened.dialog.others.ids() == (cleo.id,)
    assert opened.dialog.save_button.isEnabled(), "Enter ticks, too, and saves nothing"
    assert opened.dialog.notice.isHidden()
    opened.until(lambda: opened.verdict == "✓ Free: Bo with Cleo, 2026-11-24 11:00 to 12:00.")
    opened.dialog.choices[DepositChoice.NONE].click()
    opened.dialog.save_button.click()
    opened.until(opened.is_booked)
    booking = opened.booked[0].booking
    assert (booking.artist_id, booking.with_artist_ids) == (desk.book.bo.id, (cleo.id,))


def test_the_artist_of_the_form_is_not_among_the_others(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN)
    opened.dialog.others.box.click()
    opened.key(KEY.Key_Space)
    assert opened.dialog.others.ids() == (desk.book.bo.id,)
    opened.dialog.artist.setCurrentIndex(opened.dialog.artist.findText("Bo"))
    assert opened.dialog.others.ids() == ()
    opened.until(lambda: opened.verdict.startswith("✓ Free: Bo, "))


def test_a_studio_of_one_artist_is_not_asked(qtbot: QtBot, desk: Desk) -> None:
    with desk.database.write() as uow:
        uow.artists.save(replace(uow.artists.get(desk.book.bo.id), is_active=False))
        uow.commit()
    opened = Opened(qtbot, desk, starts_at=TEN)
    assert opened.dialog.others.isHidden()
    opened.until(lambda: bool(slots(opened)))


@pytest.mark.usefixtures("french")
def test_long_names_do_not_widen_the_form(qtbot: QtBot, desk: Desk) -> None:
    with desk.database.write() as uow:
        for number in range(3):
            uow.artists.add(Artist(name=f"Maximiliane-Charlotte von und zu {number}", plans=desk.book.ana.plans))
        uow.commit()
    opened = Opened(qtbot, desk, starts_at=TEN.replace(hour=22))
    opened.dialog.others.box.click()
    opened.key(KEY.Key_Down, KEY.Key_Down, KEY.Key_Space)
    opened.until(lambda: "avec Maximiliane" in instead(opened)[0].toolTip())
    assert opened.dialog.minimumSizeHint().width() <= 900
    assert opened.dialog.minimumSizeHint().height() <= 600
    assert opened.dialog.when.start() == (date(2026, 11, 24), 23 * 60)


def test_a_low_window_takes_room_from_the_slots_and_not_from_the_reasons(qtbot: QtBot, desk: Desk) -> None:
    opened = Opened(qtbot, desk, artist_id=desk.book.ana.id, starts_at=TEN.replace(hour=19))
    when = opened.dialog.when
    opened.dialog.others.box.click()
    opened.key(KEY.Key_Space)
    opened.until(lambda: len(opened.verdict.splitlines()) == 2 and when.slots.isVisible())
    last = instead(opened)[-1]
    usual = when.slots.height()
    opened.dialog.resize(opened.dialog.minimumSizeHint().width(), LOW)

    def is_stacked() -> bool:
        rows = [when.slots, when.clock, when.verdict, when.alternatives]
        return all(above.geometry().bottom() < below.geometry().top() for above, below in pairwise(rows))

    opened.until(lambda: is_stacked() and when.slots.height() < usual)
    assert when.verdict.height() >= when.verdict.heightForWidth(when.verdict.width())
    assert last.visibleRegion().boundingRect() == last.rect()
