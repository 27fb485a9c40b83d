"""An artist's limits, for what is booked and for what is moved. Both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.book import TUESDAY
from support.series_desk import LATER, SeriesDesk

from inkdesk.domain.errors import SlotUnavailable
from inkdesk.domain.slot_rules import Limits


def limited(desk: SeriesDesk, limits: Limits) -> None:
    with desk.front.money.database.write() as uow:
        ana = uow.artists.get(desk.front.money.book.ana.id)
        uow.artists.save(replace(ana, limits=limits))
        uow.commit()


def test_a_booking_does_not_count_against_its_own_move(desk: SeriesDesk) -> None:
    limited(desk, Limits(per_day=1, per_week=1))
    booking = desk.front.book().booking
    desk.move(booking, LATER)
    desk.move(desk.now(booking), LATER + timedelta(days=2))
    assert desk.now(booking).starts_at == LATER + timedelta(days=2)


def test_a_full_day_takes_no_moved_booking_without_a_reason(desk: SeriesDesk) -> None:
    limited(desk, Limits(per_day=1))
    desk.front.book()
    booking = desk.front.book(starts_at=TUESDAY + timedelta(days=1), request_key="next day").booking
    with pytest.raises(SlotUnavailable):
        desk.move(booking, LATER)
    desk.move(booking, LATER, override_reason="a small one")
    assert desk.now(booking).starts_at == LATER


def test_a_further_artists_limit_counts_too(desk: SeriesDesk) -> None:
    book = desk.front.money.book
    limited(desk, Limits(per_day=1))
    desk.front.book(artist_id=book.bo.id, with_artist_ids=(book.ana.id,))
    with pytest.raises(SlotUnavailable):
        desk.front.book(starts_at=LATER, request_key="second")
