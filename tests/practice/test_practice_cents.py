"""Whatever people do in whatever order: the practice Stripe loses no cent and makes none."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkdesk.practice import ApiError, Controls, WrongStateError
from inkdesk.practice.bank import PLATFORM_ID, Bank
from inkdesk.practice.book import Book
from inkdesk.practice.checkout import create
from inkdesk.practice.errors import JsonObject
from inkdesk.practice.refunds import create as refund

ARTIST = "acct_1Artist"
DAY_S = 24 * 3600
ACTS: dict[str, Callable[[Controls, str], object]] = {
    "pay": Controls.pay,
    "pay_less": lambda controls, session_id: controls.pay(session_id, amount=3333),
    "pay_later": Controls.pay_later,
    "decline": Controls.decline,
    "arrive": Controls.arrive,
    "go_wrong": Controls.go_wrong,
    "refund": Controls.refund_payment,
    "refund_half": lambda controls, session_id: controls.refund_payment(session_id, half=True),
    "dispute": Controls.dispute_payment,
    "win": lambda controls, session_id: controls.decide(session_id, won=True),
    "lose": lambda controls, session_id: controls.decide(session_id, won=False),
    "wait": lambda controls, _: controls.refund_next_as("pending"),
    "ask_payer": lambda controls, _: controls.refund_next_as("requires_action"),
    "at_once": lambda controls, _: controls.refund_next_as("succeeded"),
    "need_funds": lambda controls, _: controls.refunds_without_funds("pending"),
    "pay_out": lambda controls, _: controls.pay_out(),
    "withhold": lambda controls, _: controls.withhold_balance_transactions(),
    "release": lambda controls, _: controls.release_balance_transactions(),
    "days": lambda controls, _: controls.jump(5 * DAY_S),
}
SHARES: tuple[JsonObject, ...] = (
    {},
    {"transfer_data": {"destination": ARTIST}, "application_fee_amount": 1001},
    {"transfer_data": {"destination": ARTIST, "amount": 4567}},
)
_BANK_MONEY = frozenset({"payout", "topup"})


def ask(bank: Bank, share: JsonObject) -> str:
    """An open session of the studio."""
    item = {"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 6001, "product_data": {"name": "Deposit"}}}
    params = {"mode": "payment", "success_url": "https://example.org/", "line_items": [item]}
    return str(create(bank.books[PLATFORM_ID], params | {"payment_intent_data": share}, "http://127.0.0.1")["id"])


def every(bank: Bank, kind: str) -> Iterator[JsonObject]:
    for book in bank.books.values():
        yield from book.every(kind)


def received(book: Book) -> Iterator[JsonObject]:
    """Charges of payers; a payment that came by transfer is a share of one."""
    return (charge for charge in book.every("charge") if charge["paid"] and charge["source_transfer"] is None)


@settings(max_examples=150)
@given(
    steps=st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 2)), max_size=40),
    returns_shares=st.booleans(),
)
def test_no_cent_is_lost_or_made(steps: list[tuple[str, int]], *, returns_shares: bool) -> None:
    bank = Bank()
    bank.clock.freeze()
    bank.connect(ARTIST)
    controls = Controls(bank)
    sessions = [ask(bank, share) for share in SHARES]
    for act, number in steps:
        with contextlib.suppress(WrongStateError, ApiError):
            ACTS[act](controls, sessions[number])
    if returns_shares:
        _refund_with_shares(bank)
    controls.release_balance_transactions()
    controls.sessions()
    _check_sums(bank)


def _refund_with_shares(bank: Bank) -> None:
    """The studio's program refunds what is left, and the artist and the studio give their shares back."""
    book = bank.books[PLATFORM_ID]
    for charge in received(book):
        if charge["transfer_data"] is not None:
            params = {"charge": charge["id"], "reverse_transfer": True}
            params |= {"refund_application_fee": True} if charge["application_fee"] else {}
            with contextlib.suppress(ApiError):
                refund(book, params)


def _check_sums(bank: Bank) -> None:
    rows = [row for row in every(bank, "balance_transaction") if row["type"] not in _BANK_MONEY]
    assert all(row["net"] == row["amount"] - row["fee"] for row in rows)
    came = sum(charge["amount"] for book in bank.books.values() for charge in received(book))
    refunds = list(every(bank, "refund"))
    went = sum(made["amount"] for made in refunds if made["status"] == "succeeded")
    stripe_fees = sum(part["amount"] for row in rows for part in row["fee_details"] if part["type"] == "stripe_fee")
    taken = sum(made["amount"] for made in every(bank, "dispute") if made["status"] != "won")
    assert sum(row["net"] for row in rows) == came - went - stripe_fees - taken
    for charge in every(bank, "charge"):
        own = [made for made in refunds if made["charge"] == charge["id"]]
        counted = sum(made["amount"] for made in own if made["status"] not in {"failed", "canceled"})
        assert charge["amount_refunded"] == counted <= charge["amount"]
        assert charge["refunded"] == (counted == charge["amount"])


@pytest.mark.parametrize("act", sorted(ACTS))
def test_every_act_is_possible_somewhere(act: str) -> None:
    bank = Bank()
    bank.clock.freeze()
    controls = Controls(bank)
    ways = {
        "arrive": ["pay_later"],
        "go_wrong": ["pay_later"],
        "refund": ["pay"],
        "refund_half": ["pay"],
        "dispute": ["pay"],
        "win": ["pay", "dispute"],
        "lose": ["pay", "dispute"],
    }
    session_id = ask(bank, {})
    for step in [*ways.get(act, []), act]:
        ACTS[step](controls, session_id)
    assert len(controls.sessions()) == 1
