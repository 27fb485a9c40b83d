from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from inkdesk.practice import PracticeServer

DAY_S = 24 * 3600


def _ids(page: stripe.ListObject[Any]) -> list[str]:
    return [row.id for row in page.data]


def _updates(server: PracticeServer, number: int) -> None:
    """Write account.updated events, one second apart."""
    for step in range(number):
        server.clock.advance(1)
        server.set_charges_enabled(enabled=bool(step % 2))


def test_events_come_newest_first_in_pages(server: PracticeServer, client: stripe.StripeClient) -> None:
    _updates(server, 7)
    everything = client.v1.events.list({"limit": 100})
    assert not everything.has_more
    times = [event.created for event in everything.data]
    assert times == sorted(times, reverse=True)
    ids = _ids(everything)
    first = client.v1.events.list({"limit": 3})
    assert (_ids(first), first.has_more) == (ids[:3], True)
    second = client.v1.events.list({"limit": 3, "starting_after": ids[2]})
    assert (_ids(second), second.has_more) == (ids[3:6], True)
    last = client.v1.events.list({"limit": 3, "starting_after": ids[5]})
    assert (_ids(last), last.has_more) == (ids[6:], False)
    newer = client.v1.events.list({"limit": 3, "ending_before": ids[5]})
    assert (_ids(newer), newer.has_more) == (ids[2:5], True)
    walked = client.v1.events.list({"limit": 2, "ending_before": ids[6]}).auto_paging_iter()
    assert [event.id for event in walked] == ids[5::-1]


def test_events_are_filtered_by_type_and_time(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    server.pay(open_session().id)
    _updates(server, 2)
    wanted = ["checkout.session.completed", "account.updated"]
    found = [event.type for event in client.v1.events.list({"types": wanted}).data]
    assert found == ["account.updated", "account.updated", "checkout.session.completed"]
    assert len(client.v1.events.list({"type": "charge.succeeded"}).data) == 1
    now = server.clock.now()
    cases: list[tuple[stripe.params.EventListParamsCreated, int]] = [
        ({"gte": now}, 1),
        ({"gt": now}, 0),
        ({"gte": now - 1, "lt": now}, 1),
        ({"lte": now - 2}, 4),
    ]
    for bounds, number in cases:
        assert len(client.v1.events.list({"created": bounds}).data) == number
    assert len(client.v1.events.list({"created": now}).data) == 1


def test_a_cursor_need_not_pass_the_filter(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    server.pay(open_session().id)
    (completed,) = client.v1.events.list({"type": "checkout.session.completed"}).data
    assert len(client.v1.events.list({"type": "charge.succeeded", "starting_after": completed.id}).data) == 1
    assert client.v1.events.list({"type": "charge.succeeded", "ending_before": completed.id}).data == []


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"limit": 101}, "less than or equal to 100"),
        ({"limit": 0}, "greater than or equal to 1"),
        ({"starting_after": "evt_x"}, "No such event: 'evt_x'"),
        ({"starting_after": "evt_x", "ending_before": "evt_y"}, "only specify one"),
        ({"type": "a", "types": ["b"]}, "only specify one"),
        ({"types": ["a"] * 21}, "exceeded maximum 20"),
    ],
)
def test_wrong_questions_are_refused(client: stripe.StripeClient, params: dict[str, Any], message: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=message):
        client.v1.events.list(params)  # type: ignore[arg-type]


def test_events_are_kept_for_thirty_days(server: PracticeServer, client: stripe.StripeClient) -> None:
    _updates(server, 1)
    (event,) = client.v1.events.list().data
    server.clock.advance(30 * DAY_S - 1)
    assert client.v1.events.retrieve(event.id).id == event.id
    server.clock.advance(1)
    assert client.v1.events.list().data == []
    with pytest.raises(stripe.InvalidRequestError, match="No such event"):
        client.v1.events.retrieve(event.id)


def test_payloads_have_the_accounts_older_format(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    server.pay(open_session().id)
    (event,) = client.v1.events.list({"type": "checkout.session.completed"}).data
    shown = event.data.object
    assert event.api_version == "2024-06-20"
    assert shown["ui_mode"] == "hosted"
    assert "allowed_payment_method_types" not in shown
    server.events.api_version = "2026-10-28.endive"
    server.pay(open_session().id)
    newest = client.v1.events.list({"type": "checkout.session.completed"}).data[0]
    assert newest.data.object["ui_mode"] == "hosted_page"


def test_an_event_names_the_request_that_caused_it(
    client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    client.v1.checkout.sessions.expire(open_session().id, options={"idempotency_key": "expire-7"})
    (event,) = client.v1.events.list({"type": "checkout.session.expired"}).data
    assert event.request is not None
    assert event.request.idempotency_key == "expire-7"
    assert str(event.request.id).startswith("req_")


def test_late_events_appear_behind_the_cursor(server: PracticeServer, client: stripe.StripeClient) -> None:
    server.events.hold()
    _updates(server, 1)
    assert client.v1.events.list().data == []
    # What comes after the hold is seen first, although it is newer.
    server.events.release()
    server.events.hold()
    held_before = _ids(client.v1.events.list())
    _updates(server, 1)
    assert _ids(client.v1.events.list()) == held_before
    server.events.release()
    assert _ids(client.v1.events.list())[1:] == held_before


def test_held_events_can_be_shown_by_their_type(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    server.events.hold()
    server.pay(open_session().id)
    server.events.release("payment_intent.*")
    shown = {event.type for event in client.v1.events.list().data}
    assert shown == {"payment_intent.created", "payment_intent.succeeded"}
    server.pay(open_session().id)
    assert {event.type for event in client.v1.events.list().data} == shown
    server.events.release()
    assert len(client.v1.events.list().data) == 8


def test_events_can_come_twice_and_out_of_order(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    server.pay(open_session().id)
    before = [event.type for event in client.v1.events.list().data]
    server.events.reverse(4)
    assert [event.type for event in client.v1.events.list().data] == before[::-1]
    server.events.duplicate("charge.succeeded")
    twins = client.v1.events.list({"type": "charge.succeeded"}).data
    assert len({event.id for event in twins}) == 2
    assert twins[0].data.object["id"] == twins[1].data.object["id"]
    with pytest.raises(LookupError):
        server.events.duplicate("charge.dispute.created")


def test_lists_are_filtered(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    first, second = open_session(), open_session()
    server.pay(first.id)
    sessions = client.v1.checkout.sessions
    assert _ids(sessions.list()) == [second.id, first.id]
    assert _ids(sessions.list({"status": "open"})) == [second.id]
    assert _ids(sessions.list({"customer_details": {"email": "payer@example.com"}})) == [first.id]
    assert _ids(sessions.list({"customer": "cus_x"})) == []
    intent = sessions.retrieve(first.id).payment_intent
    assert _ids(sessions.list({"payment_intent": str(intent)})) == [first.id]
    assert len(sessions.line_items.list(first.id).data) == 1
    assert len(client.v1.events.list({"delivery_success": True}).data) == 4
