"""The hosted checkout page: what the payer sees in the browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from inkdesk.practice import payments
from inkdesk.practice.bank import Bank
from inkdesk.practice.book import Book
from inkdesk.practice.errors import JsonObject
from inkdesk.practice.money import written
from inkdesk.practice.words import ENGLISH, FRENCH

PAID_PATH = "/c/paid"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",  # with "no-referrer" a browser hides the origin of our own form too
    "X-Content-Type-Options": "nosniff",
}


def blueprint(bank: Bank) -> Blueprint:
    """Return the routes of the hosted page."""
    routes = Blueprint("page", __name__, template_folder="templates")

    @routes.get(PAID_PATH)
    def paid() -> Response:
        return _Page(None).message("paid")

    @routes.get("/c/pay/<session_id>")
    def show(session_id: str) -> Response:
        with bank.lock:
            found = _find(bank, session_id)
            return _Page(None).message("unknown", 404) if found is None else _state(*found)

    @routes.post("/c/pay/<session_id>")
    def act(session_id: str) -> WerkzeugResponse:
        if request.headers.get("Origin", bank.base_url) != bank.base_url:
            return _Page(None).message("unknown", 403)
        with bank.lock:
            found = _find(bank, session_id)
            if found is None:
                return _Page(None).message("unknown", 404)
            book, session = found
            if session["status"] != "open":
                return _state(book, session)
            return _act(book, session, request.form.get("action", ""))

    return routes


def _find(bank: Bank, session_id: str) -> tuple[Book, JsonObject] | None:
    try:
        book = bank.book_of(session_id)
    except LookupError:
        return None
    session = book.objects[session_id]
    return (book, session) if session["object"] == "checkout.session" else None


def _state(book: Book, session: JsonObject) -> Response:
    page = _Page(session)
    if session["status"] == "open":
        return page.choices(_product(book, session))
    if session["status"] == "expired":
        return page.message("expired", 410)
    return page.message("paid" if session["payment_status"] == "paid" else "later")


def _product(book: Book, session: JsonObject) -> str:
    items = book.secrets[session["id"]]["items"]
    return ", ".join(str(item["description"]) for item in items)


def _act(book: Book, session: JsonObject, action: str) -> WerkzeugResponse:
    page, product = _Page(session), _product(book, session)
    match action:
        case "pay" | "challenge-complete":
            payments.pay(book, session, three_d_secure=action != "pay")
        case "pay-later":
            payments.pay_later(book, session)
        case "pay-3ds":
            payments.challenge(book, session)
            return page.show("challenge.html", product=product)
        case "decline" | "challenge-fail":
            payments.decline(book, session)
            return page.choices(product, error=page.words["declined"])
        case "close":
            return _leave(session["cancel_url"]) or page.message("closed", back=True)
        case _:
            return page.choices(product)
    return _leave(_with_id(session)) or redirect(request.path, 303)


def _with_id(session: JsonObject) -> str | None:
    url = session["success_url"]
    return None if url is None else str(url).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _leave(url: str | None) -> WerkzeugResponse | None:
    """Return a redirect to a web page; any other scheme is not followed."""
    if url is None or urlsplit(url).scheme not in {"http", "https"}:
        return None
    return redirect(url, 303)


class _Page:
    """Renders one session's pages in the payer's language."""

    def __init__(self, session: JsonObject | None) -> None:
        self._session = session
        wanted = (session or {}).get("locale")
        if wanted in {None, "auto"}:
            wanted = request.accept_languages.best_match(["en", "fr"], "en")
        self._is_french = str(wanted).startswith("fr")
        self.words = FRENCH if self._is_french else ENGLISH

    def choices(self, product: str, *, error: str | None = None) -> Response:
        """Show the ways to pay."""
        return self.show("pay.html", product=product, error=error)

    def message(self, name: str, status: int = 200, *, back: bool = False) -> Response:
        """Show a title and a sentence."""
        title, text = self.words[f"{name}_title"], self.words[f"{name}_text"]
        return self.show("message.html", status, title=title, text=text, name=name, back=back)

    def show(self, template: str, status: int = 200, **values: object) -> Response:
        """Render a template; values are escaped by it."""
        session = self._session or {"amount_total": 0, "currency": "eur", "id": ""}
        amount = written(session["amount_total"], session["currency"], french=self._is_french)
        language = "fr" if self._is_french else "en"
        text = render_template(template, w=self.words, amount=amount, language=language, action=request.path, **values)
        return Response(text, status, headers=_HEADERS, content_type="text/html; charset=utf-8")
