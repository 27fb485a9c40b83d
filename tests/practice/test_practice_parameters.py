from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest
import requests
import stripe
import typing_extensions

from inkdesk.practice import PracticeServer
from inkdesk.practice.endpoints import ENDPOINTS
from inkdesk.practice.parameters import check, endpoint_parameters, parse
from inkdesk.practice.shapes import templates

SESSIONS = "/v1/checkout/sessions"
LIBRARY_PARAMS = {
    f"POST {SESSIONS}": stripe.params.checkout.SessionCreateParams,
    f"GET {SESSIONS}": stripe.params.checkout.SessionListParams,
    f"GET {SESSIONS}/{{session}}": stripe.params.checkout.SessionRetrieveParams,
    f"POST {SESSIONS}/{{session}}/expire": stripe.params.checkout.SessionExpireParams,
    f"GET {SESSIONS}/{{session}}/line_items": stripe.params.checkout.SessionListLineItemsParams,
    "GET /v1/payment_intents": stripe.params.PaymentIntentListParams,
    "GET /v1/payment_intents/{intent}": stripe.params.PaymentIntentRetrieveParams,
    "GET /v1/charges": stripe.params.ChargeListParams,
    "GET /v1/charges/{charge}": stripe.params.ChargeRetrieveParams,
    "POST /v1/charges/{charge}": stripe.params.ChargeUpdateParams,
    "POST /v1/refunds": stripe.params.RefundCreateParams,
    "GET /v1/refunds": stripe.params.RefundListParams,
    "GET /v1/refunds/{refund}": stripe.params.RefundRetrieveParams,
    "GET /v1/events": stripe.params.EventListParams,
    "GET /v1/events/{id}": stripe.params.EventRetrieveParams,
    "GET /v1/disputes": stripe.params.DisputeListParams,
    "GET /v1/disputes/{dispute}": stripe.params.DisputeRetrieveParams,
    "GET /v1/balance": stripe.params.BalanceRetrieveParams,
    "GET /v1/balance_transactions": stripe.params.BalanceTransactionListParams,
    "GET /v1/balance_transactions/{id}": stripe.params.BalanceTransactionRetrieveParams,
    "GET /v1/account": stripe.params.AccountRetrieveCurrentParams,
    "GET /v1/accounts/{account}": stripe.params.AccountRetrieveParams,
}
# Names in the inherited request options, which the library imports elsewhere or for type checkers only.
INHERITED: dict[str, Any] = {"StripeContext": str, "Mapping": Mapping}
OPTIONS = set(stripe.RequestOptions.__annotations__)


def _typed_dicts(hint: object) -> list[type]:
    if typing_extensions.is_typeddict(hint):
        return [cast("type", hint)]
    return [found for part in typing.get_args(hint) for found in _typed_dicts(part)]


def _objects(spec: object) -> list[dict[str, Any]]:
    """The object trees that a parameter may hold, lists and unsettable values looked through."""
    if isinstance(spec, list):
        return _objects(spec[0])
    if isinstance(spec, dict) and "?" in spec:
        return _objects(spec["?"])
    return [spec] if isinstance(spec, dict) and "*" not in spec else []


def _compare(spec: dict[str, Any], typed: type, where: str) -> None:
    hints = typing_extensions.get_type_hints(typed, localns=INHERITED, include_extras=True)
    names = set(hints) - OPTIONS
    assert {name.removesuffix("!") for name in spec} == names, where
    optional: object = typing_extensions.NotRequired
    required = {name for name in names if typing_extensions.get_origin(hints[name]) is not optional}
    assert {name[:-1] for name in spec if name.endswith("!")} == required, where
    for name, child in spec.items():
        plain = name.removesuffix("!")
        for tree in _objects(child):
            (inner,) = _typed_dicts(hints[plain])
            _compare(tree, inner, f"{where}.{plain}")


def test_every_endpoint_has_its_parameter_list() -> None:
    assert {endpoint.name for endpoint in ENDPOINTS} == set(endpoint_parameters()) == set(LIBRARY_PARAMS)


@pytest.mark.parametrize("name", sorted(LIBRARY_PARAMS))
def test_accepted_parameters_are_the_librarys_own(name: str) -> None:
    _compare(endpoint_parameters()[name], LIBRARY_PARAMS[name], name)


@pytest.mark.parametrize(
    "shown",
    [
        stripe.checkout.Session,
        stripe.PaymentIntent,
        stripe.Charge,
        stripe.Refund,
        stripe.Dispute,
        stripe.BalanceTransaction,
        stripe.Event,
        stripe.Account,
        stripe.LineItem,
        stripe.Price,
    ],
)
def test_objects_have_the_librarys_fields(shown: type[stripe.StripeObject]) -> None:
    name = str(getattr(shown, "OBJECT_NAME"))  # noqa: B009 -- StripeObject itself declares none
    fields = set(shown.__annotations__) - {"OBJECT_NAME"}
    assert set(templates()[name]) <= fields


def test_unknown_parameters_are_named(client: stripe.StripeClient, session_params: dict[str, Any]) -> None:
    session_params["payment_method_types"] = ["card"]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.checkout.sessions.create(session_params)  # type: ignore[arg-type]
    assert caught.value.user_message == "Received unknown parameter: payment_method_types"
    assert (caught.value.code, caught.value.param) == ("parameter_unknown", "payment_method_types")
    session_params["line_items"][0]["colour"] = "black"
    with pytest.raises(stripe.InvalidRequestError, match=r"parameters: line_items.0..colour., payment_method_types"):
        client.v1.checkout.sessions.create(session_params)  # type: ignore[arg-type]
    with pytest.raises(stripe.InvalidRequestError, match="Received unknown parameter: status"):
        client.v1.refunds.list({"status": "failed"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mode": None}, "Missing required param: mode."),
        ({"success_url": None}, "Missing required param: success_url."),
        ({"line_items": None}, "Missing required param: line_items."),
        ({"mode": "donation"}, "Invalid mode: must be one of payment, setup, or subscription"),
        ({"mode": "subscription"}, "payment mode only"),
        ({"expires_at": "soon"}, "Invalid integer: soon"),
        ({"adaptive_pricing": {"enabled": "maybe"}}, "Invalid boolean: maybe"),
        ({"adaptive_pricing": "no"}, "Invalid object"),
        ({"line_items": {"first": {"quantity": 1}}}, "Invalid array"),
        ({"success_url": "thanks"}, "Not a valid URL"),
        ({"customer_email": "nobody"}, "Invalid email address: nobody"),
        ({"customer_email": ""}, "You passed an empty string for 'customer_email'."),
        ({"client_reference_id": "x" * 201}, "must be at most 200 characters"),
        ({"metadata": {"k" * 41: "v"}}, "at most 40 characters"),
        ({"metadata": {"k": "v" * 501}}, "up to 500 characters"),
        ({"metadata": {f"k{i}": "v" for i in range(51)}}, "up to 50 keys"),
        ({"discounts": [{"coupon": "free"}]}, "does not play this parameter: discounts"),
        ({"line_items": [{"quantity": 1, "price_data": {"unit_amount": 5}}]}, r"price_data\]\[currency\]\."),
        ({"line_items": [{"quantity": 1, "price": "price_x"}]}, "No such price: 'price_x'"),
        ({"payment_intent_data": {"application_fee_amount": 5}}, "Can only apply an application_fee_amount"),
        ({"payment_intent_data": {"transfer_data": {"destination": "acct_x"}}}, "No such destination: 'acct_x'"),
    ],
)
def test_wrong_parameters_are_refused(
    client: stripe.StripeClient, session_params: dict[str, Any], changes: dict[str, Any], message: str
) -> None:
    params = {name: value for name, value in (session_params | changes).items() if value is not None}
    with pytest.raises(stripe.InvalidRequestError, match=message):
        client.v1.checkout.sessions.create(params)  # type: ignore[arg-type]
    assert client.v1.checkout.sessions.list().data == []


@pytest.mark.parametrize(
    ("currency", "amount", "quantity", "message"),
    [
        ("eur", 49, 1, "at least €0.50 eur"),
        ("eur", 99_999_999, 2, "no more than"),
        ("eur", -1, 1, "Invalid non-negative integer"),
        ("eur", 100, 0, "Invalid positive integer"),
        ("xyz", 100, 1, "Invalid currency: xyz."),
        ("kwd", 1005, 1, "divisible by 10"),
        ("isk", 12345, 1, "divisible by 100"),
    ],
)
def test_amounts_are_checked(
    open_session: Callable[..., Any], currency: str, amount: int, quantity: int, message: str
) -> None:
    data = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Deposit"}}
    with pytest.raises(stripe.InvalidRequestError, match=message):
        open_session(line_items=[{"quantity": quantity, "price_data": data}])


def test_bodies_that_are_no_forms_are_refused(server: PracticeServer, http: requests.Session) -> None:
    headers = {"Authorization": f"Bearer {server.key}"}
    answer = http.post(f"{server.url}/v1/refunds", json={"charge": "ch_1"}, headers=headers)
    assert answer.status_code == 400
    assert "form-encoded" in answer.json()["error"]["message"]
    answer = http.post(f"{server.url}/v1/refunds", data={"]": "1"}, headers=headers)
    assert "well formed" in answer.json()["error"]["message"]
    answer = http.post(f"{server.url}/v1/refunds", data=[("charge", "a"), ("charge[x]", "b")], headers=headers)
    assert "Invalid object" in answer.json()["error"]["message"]


def test_lists_are_read_with_and_without_indexes() -> None:
    spec = {"types": ["string"], "created": "range", "unset": {"?": "integer"}}
    for key in ("types[0]", "types[]"):
        tree = parse([(key, "a"), (key.replace("0", "1"), "b"), ("created[gte]", "5"), ("unset", "")])
        assert check(spec, tree) == {"types": ["a", "b"], "created": {"gte": 5}, "unset": ""}
    assert check(spec, parse([("created", "7"), ("unset", "3")])) == {"created": 7, "unset": 3}
