"""API keys and their rights."""

from __future__ import annotations

from inkdesk.practice.errors import ApiError

KEY_RIGHTS = frozenset(
    {
        "rak_checkout_session_write",
        "rak_payment_intent_read",
        "rak_charge_write",
        "rak_refund_write",
        "rak_event_read",
        "rak_dispute_read",
        "rak_balance_read",
        "rak_connected_account_read",
    }
)
"""The rights a studio's restricted key has."""

RIGHT_TO_SEE = {
    "checkout.session": "rak_checkout_session_read",
    "payment_intent": "rak_payment_intent_read",
    "charge": "rak_charge_read",
    "refund": "rak_refund_read",
    "dispute": "rak_dispute_read",
    "balance_transaction": "rak_balance_read",
    "event": "rak_event_read",
}


class Access:
    """The keys that work; `rk_test_` keys have the rights they were given, `sk_test_` keys all."""

    def __init__(self) -> None:
        self._rights: dict[str, set[str]] = {}

    def grant(self, key: str, rights: frozenset[str] = KEY_RIGHTS) -> None:
        """Let a key work with these rights.

        Raises:
            ValueError: it is no test key.
        """
        if not key.startswith(("rk_test_", "sk_test_")):
            raise ValueError("The practice server takes rk_test_ and sk_test_ keys only.")
        self._rights[key] = set(rights)

    def withdraw(self, key: str, *rights: str) -> None:
        """Take rights from a key."""
        self._rights[key].difference_update(rights)

    def revoke(self, key: str) -> None:
        """Let a key stop working."""
        self._rights.pop(key, None)

    def authenticate(self, authorization: str | None) -> str:
        """Return the key of an `Authorization` header.

        Raises:
            ApiError: 401: there is no key, or it does not work here.
        """
        scheme, _, key = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise ApiError(401, _NO_KEY)
        key = key.strip()
        if key not in self._rights:
            raise ApiError(401, f"Invalid API Key provided: {masked(key)}")
        return key

    def require(self, key: str, right: str, account_id: str) -> None:
        """Check a right; a `_write` right includes its `_read` right.

        Raises:
            ApiError: 403: the key lacks it.
        """
        held = self._rights[key]
        if key.startswith("sk_") or right in held or right.replace("_read", "_write") in held:
            return
        raise ApiError(
            403,
            f"The provided key '{masked(key)}' does not have the required permissions for this endpoint on account "
            f"'{account_id}'. Having the '{right}' permission would allow this request to continue.",
        )


_NO_KEY = (
    "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth "
    "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or "
    "we can help at https://support.stripe.com/."
)


def masked(key: str) -> str:
    """Return a key as Stripe's messages show it: kind and last four characters."""
    kind = "_".join(key.split("_")[:2]) if key.count("_") >= 2 else key[:3]
    return f"{kind}_{'*' * max(len(key) - len(kind) - 5, 3)}{key[-4:]}"
