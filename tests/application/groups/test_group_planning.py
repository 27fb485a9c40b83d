"""Planning a group sitting, and what its host is kept from. Both engines, the practice Stripe."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.book import HOUR
from support.flash_day import FOUR, TEN, FlashDesk, at, book_ana, host_busy

from inkdesk.application.changes import Changes
from inkdesk.domain.artists import Leave
from inkdesk.domain.errors import SlotTaken, SlotUnavailable, ValidationError
from inkdesk.domain.spans import Span, to_seconds


def test_a_group_keeps_its_host_with_what_is_done_before_and_after(desk: FlashDesk) -> None:
    saved = desk.groups.create(desk.plan_command(title="  Flash day ", seats=3, note=" bring tape "))
    group = saved.group
    assert (group.title, group.note, group.seats, len(group.unit_ids)) == ("Flash day", "bring tape", 3, 3)
    assert saved.changes == Changes(settings=True)
    assert desk.group(group.id) == group
    # 10 minutes of preparation, 20 of clean-up and Ana's pause of 15
    assert host_busy(desk) == [Span(to_seconds(TEN) - 600, to_seconds(FOUR) + 1200 + 900)]


def test_one_form_plans_once(desk: FlashDesk) -> None:
    first = desk.groups.create(desk.plan_command(request_key="one form"))
    again = desk.groups.create(desk.plan_command(request_key="one form"))
    assert (again.group, again.changes) == (first.group, Changes())
    assert len(desk.groups.groups(TEN.date(), TEN.date())) == 1


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"title": "  "}, "title"),
        ({"ends_at": TEN}, "ends_at"),
        ({"ends_at": TEN + timedelta(days=7)}, "ends_at"),
        ({"seats": 0}, "seats"),
        ({"seats": 501}, "seats"),
        ({"starts_at": TEN.replace(tzinfo=None)}, "starts_at"),
    ],
)
def test_what_cannot_be_is_refused(desk: FlashDesk, how: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        desk.plan(**how)
    assert refused.value.field == field
    assert host_busy(desk) == []


def test_a_host_who_does_not_work_then_is_not_taken(desk: FlashDesk) -> None:
    with pytest.raises(SlotUnavailable, match="Ana does not work"):
        desk.plan(ends_at=at("19:00"))
    with desk.money.database.write() as uow:
        uow.artists.add_leave(
            Leave(artist_id=desk.money.book.ana.id, starts_at=at("14:00"), ends_at=at("15:00"), reason="dentist")
        )
        uow.commit()
    with pytest.raises(SlotUnavailable, match="dentist"):
        desk.plan()
    assert host_busy(desk) == []


def test_the_rules_for_clients_starts_do_not_bind_a_group(desk: FlashDesk) -> None:
    with desk.money.database.write() as uow:
        studio = uow.studio.get()
        uow.studio.save(replace(studio, minimum_notice_s=30 * 86400, horizon_days=0, open_days=1))
        uow.commit()
    assert desk.plan().id


def test_no_group_in_the_past(desk: FlashDesk) -> None:
    desk.money.clock.at = TEN + HOUR
    with pytest.raises(SlotUnavailable, match="in the past"):
        desk.plan()


def test_a_group_and_a_booking_of_its_host_exclude_each_other(desk: FlashDesk) -> None:
    book_ana(desk, "11:00")
    with pytest.raises(SlotTaken, match="Ana is taken by Zoé Müller"):
        desk.plan()
    desk.plan(starts_at=at("13:00"), ends_at=at("16:00"))
    with pytest.raises(SlotTaken, match=r'Ana holds "Flash day", .* 13:00.* to 16:00'):
        book_ana(desk, "14:00", "over it")
    with pytest.raises(SlotTaken, match='Ana holds "Flash day"'):
        desk.plan(starts_at=at("15:00"), ends_at=at("16:00"))
