"""The library's HTTP client, which says how often it reads: the library repeats a call without telling anybody.

Imports ``stripe``, which is slow: import this module when a client is made.
"""

from collections.abc import Callable, Mapping
from typing import Any

import stripe
from typing_extensions import override


class CountedRequests(stripe.RequestsClient):
    """``read`` is called for every GET that Stripe may have counted; one that found no connection is none."""

    def __init__(self, read: Callable[[], None], **given: Any) -> None:  # noqa: ANN401 - the library's own arguments
        super().__init__(**given)
        self._read = read

    @override
    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        **more: Any,
    ) -> Any:
        try:
            answer = super().request(method, url, headers, post_data, **more)
        except stripe.APIConnectionError as failure:
            if method == "get" and self._was_connected(failure):
                self._read()
            raise
        if method == "get":
            self._read()
        return answer

    def _was_connected(self, failure: stripe.APIConnectionError) -> bool:
        """Whether the request went out, so that only its answer is missing."""
        known = self.requests.packages.urllib3.exceptions
        cause = failure.__cause__
        first = cause.args[0] if cause is not None and cause.args else None
        return not isinstance(getattr(first, "reason", None), (known.NewConnectionError, known.ConnectTimeoutError))
