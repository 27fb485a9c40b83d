from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
import requests
import stripe
from typing_extensions import override

from inkdesk.practice import PracticeServer
from inkdesk.practice.money import written
from inkdesk.practice.words import ENGLISH, FRENCH


class _Parsed(HTMLParser):
    """Ids, buttons and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: dict[str, str] = {}
        self.addresses: list[str] = []
        self.language = ""
        self.feed(text)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "html":
            self.language = values.get("lang") or ""
        if values.get("id"):
            self.tags[str(values["id"])] = tag
        self.addresses += [str(values[name]) for name in ("src", "href") if values.get(name)]


def _press(http: requests.Session, url: str, action: str) -> requests.Response:
    return http.post(url.partition("#")[0], data={"action": action}, allow_redirects=False)


def test_the_page_shows_what_is_paid_and_all_ways_to_end(
    http: requests.Session, open_session: Callable[..., Any]
) -> None:
    answer = http.get(open_session().url)
    page = _Parsed(answer.text)
    assert answer.status_code == 200
    assert "Practice payment: no real money" in answer.text
    assert "€60.00" in answer.text
    for name in ("pay", "pay-3ds", "decline", "pay-later", "close"):
        assert page.tags[name] == "button"
    assert page.language == "en"
    assert page.addresses == ["data:,"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_a_client_wrote_is_escaped(http: requests.Session, open_session: Callable[..., Any]) -> None:
    text = http.get(open_session().url).text
    assert "Sleeve, first sitting &lt;b&gt;&amp; co&lt;/b&gt;" in text
    assert "<b>" not in text


@pytest.mark.parametrize("name", ["{amount.__class__} {product} {0}", 'Ünïcode "quoted" עברית 🦋'])
def test_a_product_name_is_never_a_format(http: requests.Session, open_session: Callable[..., Any], name: str) -> None:
    data = {"currency": "eur", "unit_amount": 6000, "product_data": {"name": name}}
    answer = http.get(open_session(line_items=[{"quantity": 1, "price_data": data}]).url)
    assert answer.status_code == 200
    assert name.replace('"', "&#34;") in answer.text


@pytest.mark.parametrize(
    ("locale", "accepts", "language"),
    [
        ("fr", "en", "fr"),
        ("fr-CA", "en", "fr"),
        ("en", "fr", "en"),
        ("auto", "fr-FR,fr;q=0.9", "fr"),
        (None, "en", "en"),
    ],
)
def test_the_page_speaks_the_payers_language(
    http: requests.Session, open_session: Callable[..., Any], locale: str | None, accepts: str, language: str
) -> None:
    session = open_session(**({"locale": locale} if locale else {}))
    text = http.get(session.url, headers={"Accept-Language": accepts}).text
    assert _Parsed(text).language == language
    assert ("Paiement d’entraînement" in text) is (language == "fr")
    assert ("60,00\u00a0€" in text) is (language == "fr")


def test_both_languages_have_the_same_words_and_places() -> None:
    assert ENGLISH.keys() == FRENCH.keys()
    for name, text in ENGLISH.items():
        assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", FRENCH[name])


@pytest.mark.parametrize(
    ("amount", "currency", "english", "french"),
    [
        (6000, "eur", "€60.00", "60,00\u00a0€"),
        (1234567, "usd", "$12,345.67", "12\u202f345,67\u00a0$"),
        (5000, "jpy", "¥5,000", "5\u202f000\u00a0¥"),
        (12340, "kwd", "KWD\u00a012.340", "12,340\u00a0KWD"),
        (5, "chf", "CHF\u00a00.05", "0,05\u00a0CHF"),
    ],
)
def test_amounts_are_written_for_people(amount: int, currency: str, english: str, french: str) -> None:
    assert written(amount, currency) == english
    assert written(amount, currency, french=True) == french


def test_paying_leads_to_the_success_page_with_the_sessions_id(
    server: PracticeServer, http: requests.Session, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    session = open_session(success_url=server.success_url + "?session={CHECKOUT_SESSION_ID}")
    answer = _press(http, session.url, "pay")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{server.success_url}?session={session.id}")
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert 'data-result="paid"' in http.get(answer.headers["Location"]).text
    assert 'data-result="paid"' in http.get(session.url).text
    again = _press(http, session.url, "pay")
    assert 'data-result="paid"' in again.text
    assert len(client.v1.charges.list().data) == 1


def test_a_success_address_that_is_no_web_page_is_not_followed(
    http: requests.Session, open_session: Callable[..., Any]
) -> None:
    session = open_session(success_url="ftp://studio.example/thanks")
    answer = _press(http, session.url, "pay")
    assert answer.headers["Location"].endswith(f"/c/pay/{session.id}")
    assert 'data-result="paid"' in http.get(session.url).text


def test_a_declined_card_says_so_and_can_be_tried_again(
    http: requests.Session, open_session: Callable[..., Any]
) -> None:
    session = open_session()
    answer = _press(http, session.url, "decline")
    assert 'role="alert"' in answer.text
    assert "pay" in _Parsed(answer.text).tags
    assert _press(http, session.url, "pay").status_code == 303


@pytest.mark.parametrize(("answer", "status"), [("challenge-complete", "complete"), ("challenge-fail", "open")])
def test_3d_secure_asks_first(
    http: requests.Session, client: stripe.StripeClient, open_session: Callable[..., Any], answer: str, status: str
) -> None:
    session = open_session()
    page = _Parsed(_press(http, session.url, "pay-3ds").text)
    assert {page.tags["challenge-complete"], page.tags["challenge-fail"]} == {"button"}
    asked: Any = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (asked.status, asked.payment_intent.status) == ("open", "requires_action")
    _press(http, session.url, answer)
    assert client.v1.checkout.sessions.retrieve(session.id).status == status


def test_paying_later_and_closing(
    server: PracticeServer, http: requests.Session, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    session = open_session()
    closed = _press(http, session.url, "close")
    assert 'data-result="closed"' in closed.text
    assert _Parsed(closed.text).tags["back"] == "a"
    assert client.v1.checkout.sessions.retrieve(session.id).payment_intent is None
    cancelled = _press(http, open_session(cancel_url=f"{server.url}/c/paid").url, "close")
    assert cancelled.headers["Location"] == f"{server.url}/c/paid"
    _press(http, session.url, "pay-later")
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    assert 'data-result="later"' in http.get(session.url).text


def test_an_expired_or_unknown_session_has_a_clear_page(
    server: PracticeServer, http: requests.Session, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    session = open_session()
    server.expire(session.id)
    answer = http.get(session.url)
    assert answer.status_code == 410
    assert 'data-result="expired"' in answer.text
    assert 'data-result="expired"' in _press(http, session.url, "pay").text
    assert client.v1.charges.list().data == []
    for unknown in ("cs_test_nothing", server.account_id):
        answer = http.get(f"{server.url}/c/pay/{unknown}")
        assert answer.status_code == 404
        assert 'data-result="unknown"' in answer.text


def test_another_sites_form_cannot_pay(
    http: requests.Session, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    session = open_session()
    answer = http.post(session.url, data={"action": "pay"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
